//! One entry as OFAC writes it, in any of its forms.

use crate::build::Repairs;
use jiff::civil::Date;
use model::entry::{Relation, RelationKind};

/// One entry as OFAC writes it in any of its forms, before its list is known.
#[derive(Default)]
pub(super) struct OfacEntry {
    pub(super) line: u64,
    pub(super) uid: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) remarks: String,
    pub(super) programmes: Vec<String>,
    pub(super) akas: Vec<Aka>,
    pub(super) addresses: Vec<OfacAddress>,
    pub(super) ids: Vec<OfacNumber>,
    pub(super) births: Vec<String>,
    pub(super) birth_places: Vec<String>,
    pub(super) countries: Vec<String>,
    pub(super) vessel: Vec<(&'static str, String)>,
    /// What only the enhanced and advanced forms give: the list itself, relations with ids, legal bases, the day of
    /// publication, notes on the listing, and repairs made before the entry is known.
    pub(super) list: Option<&'static str>,
    pub(super) relations: Vec<Relation>,
    pub(super) citations: Vec<String>,
    pub(super) published: Option<Date>,
    pub(super) notes: Vec<String>,
    pub(super) repairs: Repairs,
}

#[derive(Default)]
pub(super) struct Aka {
    pub(super) kind: String,
    pub(super) category: String,
    pub(super) first: String,
    pub(super) last: String,
}

#[derive(Clone, Default)]
pub(super) struct OfacAddress {
    pub(super) parts: Vec<String>,
    pub(super) country: String,
}

#[derive(Default)]
pub(super) struct OfacNumber {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) country: String,
}

impl OfacEntry {
    /// Takes what the enhanced and advanced forms call a feature.
    pub(super) fn feature(&mut self, label: &str, value: String) {
        if value.is_empty() {
            return;
        }
        match label {
            "Birthdate" => self.births.push(value),
            "Place of Birth" => self.birth_places.push(value),
            "Nationality Country" | "Citizenship Country" | "Nationality of Registration" | "Vessel Flag" => {
                self.countries.push(value);
            }
            "Vessel Owner" => self.vessel.push(("Vessel owner", value)),
            "Vessel Call Sign" => self.vessel.push(("Call sign", value)),
            "VESSEL TYPE" | "Vessel Type" => self.vessel.push(("Vessel type", value)),
            "Title" => self.title = if self.title.is_empty() { value } else { format!("{}; {value}", self.title) },
            _ => self.ids.push(OfacNumber { label: label.to_owned(), value, country: String::new() }),
        }
    }
}

/// What a link between two entries means, by the publisher's word for it and the type of the entry that has it.
pub(super) fn relation_kind(word: &str, kind: &str) -> RelationKind {
    let is_craft = matches!(kind, "Vessel" | "Aircraft");
    match word {
        "Owned or Controlled By" | "Property in the interest of" if is_craft => RelationKind::VesselOwner,
        "Owned or Controlled By" => RelationKind::SubsidiaryOf,
        "Owns, controls, or operates" => RelationKind::OwnerOf,
        _ => RelationKind::LinkedTo,
    }
}
