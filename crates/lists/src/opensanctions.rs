//! Reads the data of OpenSanctions: entities as JSON lines, and `targets.simple.csv`.
//!
//! All rows stand on the list `opensanctions`, whatever list they come from; the data sets are in the remarks. What a
//! row means is told by its topics; the simple table has none, and a row with a sanction in it blocks.

mod ftm;
mod simple;

pub(super) use ftm::read as read_ftm;
pub(super) use simple::{SHAPE as SIMPLE, read as read_simple};

use super::build::Building;
use model::entry::{EntryKind, IdentifierType};

const LIST: &str = "opensanctions";

/// What a schema is; `None` for what is no party: addresses, sanctions, links.
fn kind(schema: &str) -> Option<EntryKind> {
    Some(match schema {
        "Person" => EntryKind::Person,
        "Organization" | "Company" | "PublicBody" => EntryKind::Company,
        "Vessel" => EntryKind::Vessel,
        "Airplane" => EntryKind::Aircraft,
        "LegalEntity" | "Thing" | "Asset" | "Vehicle" => EntryKind::Unknown,
        _ => return None,
    })
}

/// Takes a number of which only its form tells what it is.
fn untyped(one: &mut Building, number: &str) {
    match number.strip_prefix("IMO") {
        Some(_) => one.imo(number),
        None => one.typed(IdentifierType::Other, number, None),
    }
}
