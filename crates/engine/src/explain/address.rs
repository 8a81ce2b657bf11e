//! The sentence on a listed address.

use super::{meaning, one_line, row};
use crate::rule::Sameness;
use model::entry::{Entry, EntryKind, NameKind};
use model::shipment::Role;

/// What an address finding is worded from.
#[derive(Debug)]
pub struct AddressFacts<'a> {
    /// Role of the party.
    pub role: Option<Role>,
    /// The address as sent.
    pub text: &'a str,
    /// The listed address.
    pub listed: &'a str,
    /// The row.
    pub entry: &'a Entry,
    /// Title of its list.
    pub list_title: &'a str,
    /// How far they are the same.
    pub sameness: Sameness,
    /// 0..=1000.
    pub score: u16,
}

/// One sentence on a listed address.
pub fn address(facts: &AddressFacts<'_>) -> String {
    let whose = facts.role.map_or("party".to_owned(), |r| r.as_str().replace('_', " "));
    let listed = one_line(facts.listed);
    let (is, but) = match facts.sameness {
        Sameness::Unit => ("is", ""),
        Sameness::House => ("is in the same house as", ", and one of the two names no unit"),
        Sameness::Building => ("is in the same building as", ", which many share: weak evidence, kept for the record"),
    };
    let what = if facts.entry.kind == EntryKind::Address {
        format!("the listed address \"{listed}\"{but}")
    } else {
        format!("\"{listed}\", an address of {}{but}", facts.entry.primary_name())
    };
    format!(
        "The {whose}'s address \"{}\" {is} {what}{}; {}.",
        one_line(facts.text),
        row(facts.entry, facts.list_title, NameKind::Primary),
        match facts.entry.kind {
            EntryKind::Address => meaning(facts.entry.effect),
            _ => "an address in common does not make the party the listed one",
        }
    )
}
