//! Goods lines off the wire.

use super::faults::{At, Faults, Field};
use super::indexed;
use crate::v1;
use model::shipment::{Currency, Decimal, Goods, Licence, LicenceKind};
use std::fmt;

const DECIMAL: &str = "a number; expected digits, with a point and up to nine digits where there is a fraction";

pub(super) fn goods(wire: v1::Goods, at: &dyn fmt::Display, faults: &mut Faults) -> Goods {
    let value = faults.value(&wire.value, Decimal::parse, DECIMAL, &Field(at, "value"));
    let currency = faults.value(&wire.currency, Currency::parse, "an ISO 4217 currency code", &Field(at, "currency"));
    Goods {
        hs_edition: edition(wire.hs_edition, at, faults),
        quantity: faults.value(&wire.quantity, Decimal::parse, DECIMAL, &Field(at, "quantity")),
        net_weight_kg: faults.value(&wire.net_weight_kg, Decimal::parse, DECIMAL, &Field(at, "netWeightKg")),
        origin: faults.country(&wire.origin, &Field(at, "origin")),
        licences: indexed(wire.licences, |i, l| licence(l, &At(at, ".licences", i), faults)),
        description: wire.description,
        marks: wire.marks,
        hs_code: wire.hs_code,
        other_hs_codes: wire.other_hs_codes,
        eccn: wire.eccn,
        brand: wire.brand,
        model: wire.model,
        unit: wire.unit,
        value,
        currency,
    }
}

fn edition(given: u32, at: &dyn fmt::Display, faults: &mut Faults) -> Option<u16> {
    let edition = Goods::HS_EDITIONS.into_iter().find(|e| u32::from(*e) == given);
    if edition.is_none() && given != 0 {
        let known: Vec<String> = Goods::HS_EDITIONS.iter().map(u16::to_string).collect();
        faults.add(
            &Field(at, "hsEdition"),
            format!("{given} is no edition of the Harmonized System; expected one of {}", known.join(", ")),
        );
    }
    edition
}

fn licence(wire: v1::Licence, at: &dyn fmt::Display, faults: &mut Faults) -> Licence {
    use v1::licence::Kind as W;
    let kind = match W::try_from(wire.kind) {
        Ok(W::Export) => LicenceKind::Export,
        Ok(W::Import) => LicenceKind::Import,
        Ok(W::Other | W::Unspecified) => LicenceKind::Other,
        Err(_) => {
            faults.add(&Field(at, "kind"), format!("{} is not a kind; expected 0..={}", wire.kind, W::Other as i32));
            LicenceKind::Other
        }
    };
    Licence {
        kind,
        reference: wire.reference,
        is_required: wire.is_required,
        issued: faults.date(&wire.issued, &Field(at, "issued")),
        expires: faults.date(&wire.expires, &Field(at, "expires")),
    }
}
