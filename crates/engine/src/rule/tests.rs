//! Each rule with a positive case, a negative one and a near miss.

mod cases;
mod goods;
mod packs;
mod parties;
mod route;

use super::rules::BUILTIN;
use super::*;
use jiff::civil::date;
use model::country::Country;
use model::finding::{Reason, Severity};
use model::shipment::{Goods, Party, Place, Role, Shipment};

fn goods(description: &str, hs_code: &str) -> Shipment {
    let line = Goods { description: description.to_owned(), hs_code: hs_code.to_owned(), ..Goods::default() };
    Shipment { goods: vec![line], ..Shipment::default() }
}

fn place(text: &str, country: &str) -> Place {
    Place { text: text.to_owned(), country: Country::from_code(country), ..Place::default() }
}

fn party(role: Role, name: &str, address: &str, country: &str) -> Party {
    Party {
        role: Some(role),
        name: name.to_owned(),
        address: address.to_owned(),
        country: Country::from_code(country),
        ..Party::default()
    }
}

fn receiver(name: &str) -> Shipment {
    let parties = vec![party(Role::Shipper, "Fictive Works", "", ""), party(Role::Consignee, name, "", "")];
    Shipment { parties, ..Shipment::default() }
}

fn route(loading: &str, by: &[&str], destination: &str) -> Shipment {
    let mut shipment = Shipment::default();
    shipment.route.loading = Some(place(loading, ""));
    shipment.route.transshipment = by.iter().map(|p| place(p, "")).collect();
    shipment.route.destination = Some(place(destination, ""));
    shipment
}

fn screen(shipment: &Shipment) -> Report {
    screen_with(shipment, |_| true, &[])
}

fn screen_with(shipment: &Shipment, is_on: impl Fn(Reason) -> bool, parts: &[Part]) -> Report {
    let rules = Rules::builtin();
    rules.screen(
        shipment,
        &Prepared::of(shipment, rules.lexicon()),
        is_on,
        |_| true,
        Known { findings: parts.len(), parts },
    )
}

fn severities(shipment: &Shipment, reason: Reason) -> Vec<Severity> {
    let of_reason = |r: &&Ruled| r.finding.reason == reason;
    screen(shipment).findings.iter().filter(of_reason).map(|r| r.finding.severity).collect()
}

fn fires(shipment: &Shipment, reason: Reason) -> bool {
    !severities(shipment, reason).is_empty()
}

fn skipped(shipment: &Shipment, reason: Reason) -> bool {
    screen(shipment).ran.iter().any(|(r, cause)| *r == reason && cause.is_some())
}
