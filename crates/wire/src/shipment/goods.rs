//! Goods lines off the wire.

use super::code::{hs_codes, hs_problem, is_blank};
use super::date;
use super::faults::{At, Faults, Field, Need, indexed};
use super::number::{Number, number};
use crate::v1;
use model::shipment::{Currency, Decimal, Goods, Licence, LicenceKind};
use std::fmt;

const NUMBER: &str = "a number; expected for example 12, 12.5, 1,200 or 1.234,50";

pub(super) fn goods(wire: v1::Goods, at: &dyn fmt::Display, faults: &mut Faults) -> Goods {
    let (value, _) = amount(&wire.value, &Field(at, "value"), faults);
    let currency = faults.value(&wire.currency, Currency::parse, "an ISO 4217 currency code", &Field(at, "currency"));
    let (quantity, counted) = amount(&wire.quantity, &Field(at, "quantity"), faults);
    let unit = if is_blank(&wire.unit) { counted.to_owned() } else { wire.unit };
    let (hs_code, other_hs_codes) = codes(&wire.hs_code, &wire.other_hs_codes, at, faults);
    Goods {
        hs_edition: edition(wire.hs_edition, at, faults),
        quantity,
        net_weight_kg: kilograms(&wire.net_weight_kg, &Field(at, "netWeightKg"), faults),
        origin: faults.country(&wire.origin, &Field(at, "origin"), Need::Review),
        licences: indexed(wire.licences, |i, l| licence(l, &At(at, ".licences", i), faults)),
        description: wire.description,
        marks: wire.marks,
        hs_code,
        other_hs_codes,
        eccn: if is_blank(&wire.eccn) { String::new() } else { wire.eccn },
        brand: wire.brand,
        model: wire.model,
        unit,
        value,
        currency,
    }
}

/// Every code of the line, the first apart. A code that cannot be read is kept as written, because a part of it may
/// still be on a list.
fn codes(first: &str, others: &[String], at: &dyn fmt::Display, faults: &mut Faults) -> (String, Vec<String>) {
    if first.is_empty() && others.is_empty() {
        return (String::new(), Vec::new());
    }
    let mut all: Vec<String> = Vec::with_capacity(1 + others.len());
    let mut read = |cell: &str, at: &dyn fmt::Display, faults: &mut Faults| {
        for code in hs_codes(cell) {
            if let Some(problem) = hs_problem(&code) {
                faults.add(at, problem, Need::Review);
            }
            if !all.contains(&code) {
                all.push(code);
            }
        }
    };
    read(first, &Field(at, "hsCode"), faults);
    for (i, other) in others.iter().enumerate() {
        read(other, &At(at, ".otherHsCodes", i), faults);
    }
    if all.is_empty() {
        return (String::new(), all);
    }
    (all.remove(0), all)
}

fn amount<'a>(text: &'a str, at: &dyn fmt::Display, faults: &mut Faults) -> (Option<Decimal>, &'a str) {
    let read = if is_blank(text) { None } else { number(text) };
    match read {
        Some(Number { value, unit }) => (Some(value), unit),
        None => (faults.value(text, |_| None, NUMBER, at), ""),
    }
}

/// A weight in kilograms; one in another unit is not converted.
fn kilograms(text: &str, at: &dyn fmt::Display, faults: &mut Faults) -> Option<Decimal> {
    let (value, unit) = amount(text, at, faults);
    let is_kilograms = || ["", "kg", "kgs", "kgm", "kilo", "kilos", "кг"].contains(&unit.to_lowercase().as_str());
    if value.is_some() && !is_kilograms() {
        faults.add(at, format!("the weight is in `{unit}`; expected kilograms"), Need::Record);
        return None;
    }
    value
}

fn edition(given: u32, at: &dyn fmt::Display, faults: &mut Faults) -> Option<u16> {
    let edition = Goods::HS_EDITIONS.into_iter().find(|e| u32::from(*e) == given);
    if edition.is_none() && given != 0 {
        let known: Vec<String> = Goods::HS_EDITIONS.iter().map(u16::to_string).collect();
        let known = known.join(", ");
        let what = format!("{given} is not an edition of the Harmonized System; expected one of {known}");
        faults.add(&Field(at, "hsEdition"), what, Need::Record);
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
            let what = format!("{} is not a kind of licence; expected 0 to {}", wire.kind, W::Other as i32);
            faults.add(&Field(at, "kind"), what, Need::Record);
            LicenceKind::Other
        }
    };
    Licence {
        kind,
        reference: wire.reference,
        is_required: wire.is_required,
        issued: faults.date(&wire.issued, date::first_day, &Field(at, "issued"), Need::Record),
        expires: faults.date(&wire.expires, date::last_day, &Field(at, "expires"), Need::Record),
    }
}
