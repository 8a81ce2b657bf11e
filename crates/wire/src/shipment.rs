//! Wire to house: the shipment record. Every fault is reported with its place, not only the first.

mod faults;
mod goods;
mod party;

use super::v1;
use faults::{At, Faults, Field};
use model::shipment::{Attestation, AttestationKind, Place, Problem, Route, Shipment, ShipmentDates, Vessel};
use std::fmt;

/// How many problems of one shipment are reported at most; a last one counts the rest.
pub const MAX_PROBLEMS: usize = 50;

/// Takes a shipment off the wire, moving its texts.
///
/// Countries must be ISO 3166-1 alpha-2 codes in either case, dates exactly `YYYY-MM-DD`, UN/LOCODEs five characters;
/// empty means not given. Size limits are the engine's business.
///
/// # Errors
/// Every field that cannot be read, with its path as in the JSON form, for example `parties[0].country`.
pub fn shipment_from_wire(wire: v1::Shipment) -> Result<Shipment, Vec<Problem>> {
    let mut faults = Faults::default();
    let shipment = Shipment {
        reference: wire.reference,
        as_of: faults.date(&wire.as_of, &"asOf"),
        known_on: faults.date(&wire.known_on, &"knownOn"),
        parties: indexed(wire.parties, |i, p| party::party(p, &At(&"", "parties", i), &mut faults)),
        goods: indexed(wire.goods, |i, g| goods::goods(g, &At(&"", "goods", i), &mut faults)),
        route: wire.route.map(|r| route(r, &mut faults)).unwrap_or_default(),
        vessels: indexed(wire.vessels, |i, v| Vessel {
            name: v.name,
            imo: v.imo,
            flag: faults.country(&v.flag, &Field(&At(&"", "vessels", i), "flag")),
        }),
        dates: wire.dates.map(|d| dates(&d, &mut faults)).unwrap_or_default(),
        attestations: attestations(wire.attestations, &mut faults),
    };
    faults.into_result(shipment)
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
                    faults
                        .add(&at, "a country of the routing is empty; expected an ISO 3166-1 alpha-2 code".to_owned());
                }
                faults.country(code, &at)
            })
            .collect(),
    }
}

fn place(wire: v1::Place, at: &dyn fmt::Display, faults: &mut Faults) -> Place {
    Place {
        text: wire.text,
        country: faults.country(&wire.country, &Field(at, "country")),
        locode: faults.locode(wire.locode, &Field(at, "locode")),
    }
}

fn dates(wire: &v1::ShipmentDates, faults: &mut Faults) -> ShipmentDates {
    ShipmentDates {
        issued: faults.date(&wire.issued, &"dates.issued"),
        departure: faults.date(&wire.departure, &"dates.departure"),
        arrival: faults.date(&wire.arrival, &"dates.arrival"),
    }
}

fn attestations(wire: Vec<v1::Attestation>, faults: &mut Faults) -> Vec<Attestation> {
    let mut read = Vec::with_capacity(wire.len());
    for (i, attestation) in wire.into_iter().enumerate() {
        let at = At(&"", "attestations", i);
        // The protocol counts from 1; 0 is "not set", and a statement of nothing is a mistake.
        let kind = usize::try_from(attestation.kind).ok().and_then(|n| AttestationKind::ALL.get(n.checked_sub(1)?));
        let date = faults.date(&attestation.date, &Field(&at, "date"));
        match kind {
            Some(&kind) => read.push(Attestation { kind, by: attestation.by, date, note: attestation.note }),
            None => {
                let last = AttestationKind::ALL.len();
                faults.add(&Field(&at, "kind"), format!("{} is not a kind; expected 1..={last}", attestation.kind));
            }
        }
    }
    read
}

fn indexed<A, B>(items: Vec<A>, mut convert: impl FnMut(usize, A) -> B) -> Vec<B> {
    items.into_iter().enumerate().map(|(i, item)| convert(i, item)).collect()
}

#[cfg(test)]
mod tests;
