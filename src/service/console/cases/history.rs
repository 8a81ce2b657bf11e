//! What happened to a case, and the record of an alert as it was sent.

use super::say;
use crate::service::console::words::shown;
use ::console::{Event, Fact, FileLink};
use ::ledger::case::Step;
use ::ledger::index;
use ::ledger::{Kind, Ledger};
use wire::v1;

/// Events of one page.
pub(super) const MOST: usize = 40;

/// What happened, the latest first.
pub(super) fn history(ledger: &Ledger, case: &str, events: &[index::Event]) -> Vec<Event> {
    events.iter().rev().take(MOST).map(|event| told(ledger, case, event)).collect()
}

/// One event: a step with who took it, or an alert.
fn told(ledger: &Ledger, case: &str, event: &index::Event) -> Event {
    let time = ledger.time_of(event.number).map(say::minute).unwrap_or_default();
    let step = match ledger.text_of(event.number) {
        Ok((Kind::Step, text)) => serde_json::from_str::<Step>(&text).ok(),
        _ => None,
    };
    let Some(step) = step else {
        let mut said = event.said.chars();
        let what = said.next().map_or_else(String::new, |first| first.to_uppercase().chain(said).collect());
        return Event { time, by: String::new(), what: shown(&what), note: String::new(), files: Vec::new() };
    };
    let lines: Vec<String> = step.note.lines().map(shown).collect();
    let files = step
        .attachments
        .iter()
        .map(|digest| FileLink { url: format!("/console/cases/{case}/files/{digest}"), digest: digest.clone() });
    Event { time, by: shown(&step.by), what: say::action(&step.action), note: lines.join("\n"), files: files.collect() }
}

/// A record as it was sent, in lines.
pub(super) fn sent(shipment: &v1::Shipment) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |label: String, parts: &[&str]| {
        let given: Vec<String> = parts.iter().filter(|part| !wire::is_blank(part)).map(|part| shown(part)).collect();
        if !given.is_empty() {
            facts.push(Fact { label, value: given.join(", ") });
        }
    };
    for party in &shipment.parties {
        let role = match party.role() {
            v1::party::Role::Unspecified => "Party".to_owned(),
            role => say::reason(&role.as_str_name().to_ascii_lowercase()),
        };
        let others = party.other_names.join(", ");
        let numbers: Vec<&str> = party.identifiers.iter().map(|i| i.value.as_str()).collect();
        add(role, &[&party.name, &others, &party.address, &party.country, &numbers.join(", ")]);
    }
    for (at, goods) in (1..).zip(&shipment.goods) {
        let code = if goods.hs_code.is_empty() { String::new() } else { format!("HS {}", goods.hs_code) };
        let parts = [&goods.description, &goods.marks, &goods.brand, &goods.model, &code, &goods.eccn, &goods.origin];
        add(format!("Goods {at}"), &parts.map(String::as_str));
    }
    for vessel in &shipment.vessels {
        let imo = if vessel.imo.is_empty() { String::new() } else { format!("IMO {}", vessel.imo) };
        add("Vessel".to_owned(), &[&vessel.name, &imo, &vessel.flag]);
    }
    if let Some(route) = &shipment.route {
        let place = |place: &Option<v1::Place>| {
            let place = place.clone().unwrap_or_default();
            [place.text, place.country].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")
        };
        let ends = [("Loading", &route.loading), ("Discharge", &route.discharge), ("Destination", &route.destination)];
        for (label, at) in ends {
            add(label.to_owned(), &[&place(at)]);
        }
    }
    add("Reference".to_owned(), &[&shipment.reference]);
    facts
}
