//! What a schema of OpenSanctions is.

use crate::build::EntryBuilder;
use model::entry::{EntryKind, IdentifierType};

pub(super) const LIST: &str = "opensanctions";

/// What a schema is; `None` for what is not a party: addresses, sanctions, links.
pub(super) fn kind(schema: &str) -> Option<EntryKind> {
    Some(match schema {
        "Person" => EntryKind::Person,
        "Organization" | "Company" | "PublicBody" => EntryKind::Company,
        "Vessel" => EntryKind::Vessel,
        "Airplane" => EntryKind::Aircraft,
        "LegalEntity" | "Thing" | "Asset" | "Vehicle" => EntryKind::Unknown,
        _ => return None,
    })
}

/// Adds a number whose type only its form shows.
pub(super) fn untyped(one: &mut EntryBuilder, number: &str) {
    match number.strip_prefix("IMO") {
        Some(_) => one.imo(number),
        None => one.typed(IdentifierType::Other, number, None),
    }
}
