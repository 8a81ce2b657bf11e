//! The route as a sequence of stops, and the rules that read it: detours, and places that are themselves listed.

use super::Case;
use super::draft::{Draft, Ruled, span, whole};
use super::pack::{Error, Fact, Heading, Text, cited};
use super::places::{Degrees, Gazetteer, Located, kilometres};
use super::terms::Terms;
use crate::explain::rules as explain;
use model::country::Country;
use model::finding::{Evidence, EvidenceKind, Reason, Severity, Span};
use model::shipment::{Place, Role, Shipment};
use serde::Deserialize;
use text::{Folded, Reading};
use toml::Spanned;

/// What a stop is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Leg {
    Receipt,
    Loading,
    Transshipment,
    Routing,
    Discharge,
    Delivery,
    Destination,
    /// A party that receives the goods.
    Receiver(Role),
}

/// A place that the goods touch, or a party that receives them.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) leg: Leg,
    pub(super) path: String,
    /// The place as written; empty when only a country is given.
    pub(super) text: String,
    /// The same, folded.
    pub(super) folded: Folded,
    pub(super) country: Option<Country>,
    pub(super) at: Option<Degrees>,
}

impl Stop {
    /// The span of its text.
    pub(super) fn spans(&self) -> Vec<Span> {
        whole(&self.text)
    }

    /// What it is called in a sentence: "transshipment at Almaty", "the consignee's country".
    pub(super) fn words(&self) -> String {
        let role = match self.leg {
            Leg::Receipt => "place of receipt",
            Leg::Loading => "place of loading",
            Leg::Transshipment => "place of transshipment",
            Leg::Routing => "country of the routing",
            Leg::Discharge => "place of discharge",
            Leg::Delivery => "place of delivery",
            Leg::Destination => "destination",
            Leg::Receiver(role) => return format!("{}'s country", role.as_str().replace('_', " ")),
        };
        if self.text.is_empty() { role.to_owned() } else { format!("{role} {}", explain::quoted_place(&self.text)) }
    }
}

/// The roles that receive goods, the last receiver first.
pub(super) const RECEIVERS: [Role; 7] = [
    Role::EndUser,
    Role::UltimateConsignee,
    Role::DeliveryParty,
    Role::OnBehalfOfConsignee,
    Role::Consignee,
    Role::IntermediateConsignee,
    Role::Importer,
];

/// The stops of a shipment in the order of the journey, then its receivers.
#[derive(Debug, Default)]
pub(super) struct Itinerary {
    stops: Vec<Stop>,
    /// How many of the stops are places of the route.
    places: usize,
}

impl Itinerary {
    pub(super) fn of(shipment: &Shipment, gazetteer: &Gazetteer) -> Self {
        let route = &shipment.route;
        let mut stops = Vec::new();
        let add = |stops: &mut Vec<Stop>, leg: Leg, path: String, place: &Place| {
            let (text, field) = match (place.text.as_str(), place.locode.as_str(), place.country) {
                ("", "", None) => return,
                ("", "", Some(country)) => (country.code().to_owned(), "country"),
                ("", locode, _) => (locode.to_owned(), "locode"),
                (text, ..) => (text.to_owned(), "text"),
            };
            let folded = Folded::of(&text, Reading::Plain);
            let Located { country, at } = gazetteer.locate(place, &folded);
            stops.push(Stop { leg, path: format!("{path}.{field}"), text, folded, country, at });
        };
        for (leg, key, place) in [(Leg::Receipt, "receipt", &route.receipt), (Leg::Loading, "loading", &route.loading)]
        {
            if let Some(place) = place {
                add(&mut stops, leg, format!("route.{key}"), place);
            }
        }
        for (at, place) in route.transshipment.iter().enumerate() {
            add(&mut stops, Leg::Transshipment, format!("route.transshipment[{at}]"), place);
        }
        for (at, &country) in route.routing_countries.iter().enumerate() {
            let path = format!("route.routingCountries[{at}]");
            let text = country.code().to_owned();
            let folded = Folded::default();
            stops.push(Stop { leg: Leg::Routing, path, text, folded, country: Some(country), at: None });
        }
        for (leg, key, place) in [
            (Leg::Discharge, "discharge", &route.discharge),
            (Leg::Delivery, "delivery", &route.delivery),
            (Leg::Destination, "destination", &route.destination),
        ] {
            if let Some(place) = place {
                add(&mut stops, leg, format!("route.{key}"), place);
            }
        }
        let places = stops.len();
        for (at, party) in shipment.parties.iter().enumerate() {
            let Some(role) = party.role.filter(|r| RECEIVERS.contains(r)) else { continue };
            let (path, country) = match party.country {
                Some(country) => (format!("parties[{at}].country"), Some(country)),
                None => (format!("parties[{at}].address"), gazetteer.said(&party.address)),
            };
            if country.is_some() {
                let text = party.country.map(|c| c.code().to_owned()).unwrap_or_default();
                let folded = Folded::default();
                stops.push(Stop { leg: Leg::Receiver(role), path, text, folded, country, at: None });
            }
        }
        Self { stops, places }
    }

    /// The places of the route in order.
    pub(super) fn places(&self) -> &[Stop] {
        &self.stops[..self.places]
    }

    /// Every stop behind the loading, and the receivers.
    pub(super) fn onward(&self) -> impl Iterator<Item = &Stop> {
        self.stops.iter().filter(|s| s.leg > Leg::Loading)
    }

    /// The country the journey begins in.
    pub(super) fn origin(&self) -> Option<Country> {
        let begins = |s: &&Stop| matches!(s.leg, Leg::Loading | Leg::Receipt);
        self.places().iter().rev().filter(begins).find_map(|s| s.country)
    }

    /// The country it ends in: the last place behind the loading, else the last receiver.
    pub(super) fn end(&self) -> Option<Country> {
        let last = self.places().iter().rev().find(|s| s.leg > Leg::Routing).and_then(|s| s.country);
        last.or_else(|| {
            let receivers = || self.stops[self.places..].iter();
            RECEIVERS.iter().find_map(|role| receivers().find(|s| s.leg == Leg::Receiver(*role))?.country)
        })
    }
}

/// A stop is out of the way when the journey by it is this many times the direct way, in tenths ...
const DETOUR_TIMES: u32 = 30;
/// ... and longer by this many kilometres.
const DETOUR_KM: u32 = 3_000;

/// `ROUTE_DETOUR`.
pub(super) fn detour(case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
    let places = case.itinerary.places();
    let Some(first) = places.iter().rfind(|s| s.leg <= Leg::Loading) else {
        return Some("the route does not say where it begins");
    };
    let Some(last) = places.iter().rfind(|s| s.leg >= Leg::Discharge) else {
        return Some("the route does not say where it ends");
    };
    let between = || places.iter().filter(|s| s.leg > Leg::Loading && s.path != last.path);
    let mut could_run = false;
    if let (Some(from), Some(to)) = (first.at, last.at) {
        for stop in between() {
            let Some(at) = stop.at else { continue };
            could_run = true;
            let direct = kilometres(from, to);
            let by = kilometres(from, at) + kilometres(at, to);
            if by * 10 > direct * DETOUR_TIMES && by > direct + DETOUR_KM {
                let evidence = Evidence {
                    kind: EvidenceKind::Distance,
                    points: 0,
                    detail: format!("about {by} km by this place, {direct} km straight"),
                };
                let wording = explain::detour(&first.text, &stop.text, &last.text, by, direct);
                out.push(detour_finding(stop, evidence, wording));
            }
        }
    }
    // The goods reach the country they are bound for and leave it again.
    if let (Some(origin), Some(end)) = (first.country, last.country)
        && origin != end
    {
        let countries: Vec<(&Stop, Country)> = between().filter_map(|s| Some((s, s.country?))).collect();
        could_run |= !countries.is_empty();
        let reached = countries.iter().position(|&(_, c)| c == end);
        let left = reached.and_then(|at| countries[at..].iter().find(|&&(_, c)| c != end));
        if let Some(&(stop, country)) = left {
            let evidence =
                Evidence { kind: EvidenceKind::LeavesDestination, points: 0, detail: country.code().to_owned() };
            out.push(detour_finding(stop, evidence, explain::detour_back(&stop.words(), country, end)));
        }
    }
    (!could_run).then_some("no place between loading and end is known")
}

fn detour_finding(stop: &Stop, evidence: Evidence, wording: crate::explain::Wording) -> Ruled {
    Draft {
        reason: Reason::RouteDetour,
        severity: Severity::Low,
        score: 800,
        path: stop.path.clone(),
        spans: stop.spans(),
        matched: stop.country.map(|c| c.code().to_owned()).unwrap_or_default(),
        fact: None,
        evidence: vec![evidence],
        wording,
    }
    .finish()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pack: Heading,
    place: Vec<Row>,
}

cited! {
    struct Row {
        name: String,
        what: String,
        country: Spanned<String>,
        spellings: Vec<Spanned<String>>,
        measure: String,
    }
}

#[derive(Debug)]
struct Listed {
    name: String,
    what: String,
    country: Country,
    measure: String,
    fact: Fact,
}

/// Ports, locks and airports that are themselves listed.
#[derive(Debug, Default)]
pub(super) struct ListedPlaces {
    names: Terms,
    places: Vec<Listed>,
}

impl ListedPlaces {
    #[cfg(test)]
    pub(super) fn facts(&self) -> Vec<&Fact> {
        self.places.iter().map(|l| &l.fact).collect()
    }

    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.place {
            let country = text.country(&row.country)?;
            let title = row.name.clone();
            let fact = text.fact(&file.pack, &row.name, &title, row.source())?;
            for spelling in &row.spellings {
                if !self.names.add(spelling.get_ref(), self.places.len() as u32) {
                    return Err(text.error(spelling.span(), "a spelling without letters or digits"));
                }
            }
            self.places.push(Listed { name: row.name, what: row.what, country, measure: row.measure, fact });
        }
        Ok(())
    }

    /// `ROUTE_LISTED_PLACE`.
    pub(super) fn find(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let mut has_text = false;
        for stop in case.itinerary.places() {
            if stop.text.is_empty() {
                continue;
            }
            has_text = true;
            let folded = &stop.folded;
            let Some(hit) = self.names.first(folded) else { continue };
            let listed = &self.places[hit.value as usize];
            let elsewhere = stop.country.is_some_and(|c| c != listed.country);
            if elsewhere || !listed.fact.in_force(case.shipment.as_of, case.shipment.known_on) {
                continue;
            }
            out.push(
                Draft {
                    reason: Reason::RouteListedPlace,
                    severity: Severity::Medium,
                    score: 1000,
                    path: stop.path.clone(),
                    spans: vec![span(&stop.text, folded, hit.first, hit.last)],
                    matched: listed.name.clone(),
                    fact: Some(&listed.fact),
                    evidence: Vec::new(),
                    wording: explain::listed_place(&stop.words(), &listed.name, &listed.what, &listed.measure),
                }
                .finish(),
            );
        }
        (!has_text).then_some("the route names no place")
    }
}
