//! Wire to house: the shipment record. What cannot be read is reported with its place; the rest is screened.

mod code;
mod date;
mod faults;
mod goods;
mod number;
mod party;

use super::v1;
pub use code::is_blank;
pub use faults::MAX_PROBLEMS;
use faults::{At, Faults, Field, Need, indexed};
use model::shipment::{Attestation, AttestationKind, Place, Route, Shipment, ShipmentDates, Vessel};
pub use party::role_from_wire;
pub(crate) use party::role_to_wire;
use std::fmt;

/// Takes a shipment off the wire, moving its texts.
///
/// Countries are ISO 3166-1 codes or English names, dates and numbers as exports write them, UN/LOCODEs five characters.
/// Empty, dashes and words such as `N/A` mean not given. A field that cannot be read stands in [`Shipment::unread`]
/// with its path as in the JSON form, for example `parties[0].country`. Size limits are the engine's business.
pub fn shipment_from_wire(wire: v1::Shipment) -> Shipment {
    let mut faults = Faults::of(wire.unread);
    let mut shipment = Shipment {
        reference: wire.reference,
        // A month alone stands for its last day: by then all of its listings were known.
        as_of: faults.date(&wire.as_of, date::last_day, &"asOf", Need::Review),
        known_on: faults.date(&wire.known_on, date::last_day, &"knownOn", Need::Review),
        parties: indexed(wire.parties, |i, p| party::party(p, &At(&"", "parties", i), &mut faults)),
        goods: indexed(wire.goods, |i, g| goods::goods(g, &At(&"", "goods", i), &mut faults)),
        route: wire.route.map(|r| route(r, &mut faults)).unwrap_or_default(),
        vessels: indexed(wire.vessels, |i, v| Vessel {
            name: v.name,
            imo: v.imo,
            flag: faults.country(&v.flag, &Field(&At(&"", "vessels", i), "flag"), Need::Review),
        }),
        dates: wire.dates.map(|d| dates(&d, &mut faults)).unwrap_or_default(),
        attestations: attestations(wire.attestations, &mut faults),
        unread: Vec::new(),
    };
    shipment.unread = faults.finish();
    shipment
}

fn route(wire: v1::Route, faults: &mut Faults) -> Route {
    Route {
        receipt: wire.receipt.map(|p| place(p, &"route.receipt", faults)),
        loading: wire.loading.map(|p| place(p, &"route.loading", faults)),
        transshipment: indexed(wire.transshipment, |i, p| place(p, &At(&"", "route.transshipment", i), faults)),
        discharge: wire.discharge.map(|p| place(p, &"route.discharge", faults)),
        delivery: wire.delivery.map(|p| place(p, &"route.delivery", faults)),
        destination: wire.destination.map(|p| place(p, &"route.destination", faults)),
        routing_countries: (0..)
            .zip(&wire.routing_countries)
            .filter_map(|(i, code)| {
                let at = At(&"", "route.routingCountries", i);
                if code.is_empty() {
                    let what = "a country of the routing is empty; expected an ISO 3166-1 code".to_owned();
                    faults.add(&at, what, Need::Review);
                }
                faults.country(code, &at, Need::Review)
            })
            .collect(),
    }
}

fn place(wire: v1::Place, at: &dyn fmt::Display, faults: &mut Faults) -> Place {
    Place {
        text: wire.text,
        country: faults.country(&wire.country, &Field(at, "country"), Need::Review),
        locode: faults.locode(wire.locode, &Field(at, "locode")),
    }
}

fn dates(wire: &v1::ShipmentDates, faults: &mut Faults) -> ShipmentDates {
    ShipmentDates {
        issued: faults.date(&wire.issued, date::first_day, &"dates.issued", Need::Record),
        departure: faults.date(&wire.departure, date::first_day, &"dates.departure", Need::Record),
        arrival: faults.date(&wire.arrival, date::first_day, &"dates.arrival", Need::Record),
    }
}

fn attestations(wire: Vec<v1::Attestation>, faults: &mut Faults) -> Vec<Attestation> {
    let mut read = Vec::with_capacity(wire.len());
    for (i, attestation) in wire.into_iter().enumerate() {
        let at = At(&"", "attestations", i);
        // The protocol counts from 1; 0 is "not set", and a statement of nothing is a mistake.
        let kind = usize::try_from(attestation.kind).ok().and_then(|n| AttestationKind::ALL.get(n.checked_sub(1)?));
        let date = faults.date(&attestation.date, date::first_day, &Field(&at, "date"), Need::Record);
        match kind {
            Some(&kind) => read.push(Attestation { kind, by: attestation.by, date, note: attestation.note }),
            None => {
                let last = AttestationKind::ALL.len();
                let what = format!("{} is not a kind of attestation; expected 1 to {last}", attestation.kind);
                faults.add(&Field(&at, "kind"), what, Need::Review);
            }
        }
    }
    read
}

#[cfg(test)]
mod tests;
