//! `ROUTE_TRANSSHIPMENT`: countries of the route that a published list names for diversion.

use super::case::Case;
use super::draft::Draft;
use super::fact::{RuleFact, Ruled};
use model::country::Country;
use model::finding::{Reason, Severity};

/// One finding for each country and list, at the first stop there. Where the goods come from is not where they are
/// diverted to, so places of receipt and loading do not count.
pub(super) fn find(case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
    let mut knows = false;
    let mut seen: Vec<(Country, &str)> = Vec::new();
    let origin = case.itinerary.origin();
    for stop in case.itinerary.onward() {
        let Some(country) = stop.country else { continue };
        knows = true;
        if origin == Some(country) {
            continue;
        }
        for fact in case.countries.naming(case.shipment, "transshipment", country) {
            if seen.contains(&(country, &fact.list)) {
                continue;
            }
            seen.push((country, &fact.list));
            out.push(
                Draft {
                    reason: Reason::RouteTransshipment,
                    severity: Severity::Info,
                    score: 1000,
                    path: stop.path.clone(),
                    spans: stop.spans(),
                    matched: country.code().to_owned(),
                    fact: Some(fact),
                    evidence: Vec::new(),
                    says: RuleFact::Transshipment { stop: stop.name(), country, list: fact.title.clone() },
                }
                .finish(),
            );
        }
    }
    (!knows).then_some("no country is known behind the place of loading")
}
