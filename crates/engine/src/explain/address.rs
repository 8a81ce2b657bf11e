//! The sentence on a listed address.

use super::words::{listing, meaning, one_line, party};
use crate::fact::AddressFact;
use crate::rule::Sameness;
use model::entry::{Entry, EntryKind, NameKind};
use model::finding::{Finding, Severity};
use model::shipment::Role;

/// One sentence on a listed address.
pub(super) fn address(role: Option<Role>, finding: &Finding, fact: &AddressFact, entry: &Entry, title: &str) -> String {
    let listed = one_line(&finding.matched_name);
    let (is, but) = match fact.sameness {
        Sameness::Unit => ("is", ""),
        Sameness::House => ("is in the same house as", ", and one of the two names no unit"),
        Sameness::Building if finding.severity == Severity::Info => {
            ("is in the same building as", ", which many share: weak evidence, kept for the record")
        }
        Sameness::Building => ("is in the same building as", ", which many share: weak evidence"),
    };
    let what = if entry.kind == EntryKind::Address {
        format!("the listed address \"{listed}\"{but}")
    } else {
        format!("\"{listed}\", an address of {}{but}", entry.primary_name())
    };
    format!(
        "The {}'s address \"{}\" {is} {what}{}; {}.",
        party(role),
        one_line(&fact.text),
        listing(entry, title, NameKind::Primary),
        match entry.kind {
            EntryKind::Address => meaning(entry.effect),
            _ => "an address in common does not make the party the listed one",
        }
    )
}
