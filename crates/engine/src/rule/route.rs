//! The rules that read the route: detours, and places that are themselves listed.

use super::case::Case;
use super::draft::{Draft, span};
use super::fact::{Leg, RuleFact, Ruled};
use super::itinerary::Stop;
use super::pack::{Error, Fact, Heading, Text, cited};
use super::places::kilometres;
use super::terms::Terms;
use model::country::Country;
use model::finding::{Evidence, EvidenceKind, Reason, Severity};
use serde::Deserialize;
use toml::Spanned;

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
                let says = RuleFact::Detour {
                    first: first.text.clone(),
                    by: stop.text.clone(),
                    last: last.text.clone(),
                    by_km: by,
                    direct_km: direct,
                };
                out.push(detour_finding(stop, evidence, says));
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
            out.push(detour_finding(stop, evidence, RuleFact::LeavesDestination { stop: stop.name(), country, end }));
        }
    }
    (!could_run).then_some("no place between loading and end is known")
}

fn detour_finding(stop: &Stop, evidence: Evidence, says: RuleFact) -> Ruled {
    Draft {
        reason: Reason::RouteDetour,
        severity: Severity::Low,
        score: 800,
        path: stop.path.clone(),
        spans: stop.spans(),
        matched: stop.country.map(|c| c.code().to_owned()).unwrap_or_default(),
        fact: None,
        evidence: vec![evidence],
        says,
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
            if case.stop.is_due() {
                break;
            }
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
                    says: RuleFact::ListedPlace {
                        stop: stop.name(),
                        name: listed.name.clone(),
                        what: listed.what.clone(),
                        measure: listed.measure.clone(),
                    },
                }
                .finish(),
            );
        }
        (!has_text).then_some("the route names no place")
    }
}
