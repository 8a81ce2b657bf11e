//! The route of a shipment as a drawing: the stops that we know, in order, over dots where places are.

use super::words::shown;
use ::console::{MapStop, RouteMap, drawn, ways};
use engine::screen::Engine;
use model::shipment::Place;
use wire::v1;

/// Below so many units two labels would cover each other.
const NEAR: (i32, i32) = (90, 12);

/// Characters of a label.
const LONGEST: usize = 24;

/// The map of a shipment; `None` where fewer than two stops are given, or none of them is known.
pub(super) fn map(engine: &Engine, shipment: &v1::Shipment) -> Option<RouteMap> {
    let route = wire::shipment_from_wire(shipment.clone()).route;
    let ends = [route.discharge, route.delivery, route.destination];
    let stops = [route.receipt, route.loading].into_iter().flatten().chain(route.transshipment);
    let stops: Vec<Place> = stops.chain(ends.into_iter().flatten()).collect();
    let rules = engine.rules();
    let (mut known, mut unknown): (Vec<MapStop>, Vec<String>) = (Vec::new(), Vec::new());
    let mut words = Vec::new();
    for place in &stops {
        let Some(name) = name(place) else { continue };
        if words.last() != Some(&name) {
            words.push(name.clone());
        }
        let Some(at) = rules.locate(place).map(drawn) else {
            unknown.push(name);
            continue;
        };
        if known.last().is_some_and(|last| last.at == at) {
            continue;
        }
        let is_near =
            |other: &&MapStop| (other.at.0 - at.0).abs() < NEAR.0 && (other.at.1 + other.below - at.1).abs() < NEAR.1;
        let below = if known.iter().any(|other| is_near(&other)) { NEAR.1 } else { 0 };
        let label = if known.iter().any(|other| other.label == name) { String::new() } else { name };
        known.push(MapStop { at, label, is_before: at.0 > 560, below });
    }
    if words.len() < 2 || known.is_empty() {
        return None;
    }
    let dots = rules.places().map(drawn).map(|(x, y)| format!("M{x} {y}h0"));
    let points: Vec<(i32, i32)> = known.iter().map(|stop| stop.at).collect();
    Some(RouteMap {
        places: dots.collect(),
        ways: ways(&points),
        stops: known,
        words: words.join(", "),
        unknown: unknown.join(", "),
    })
}

/// What a stop is called: what the record says of it.
fn name(place: &Place) -> Option<String> {
    let country = place.country.map(|country| country.name().to_owned());
    let text = [&place.text, &place.locode].into_iter().find(|text| !wire::is_blank(text)).cloned();
    text.or(country).map(|text| shown(&text).chars().take(LONGEST).collect())
}
