//! The sentences on listed owners.

use super::words::{counted, listing, meaning, one_line, party, percent};
use crate::fact::OwnersFact;
use crate::rule::{Owner, Regime, State};
use model::entry::{Entry, NameKind};
use model::shipment::Role;

/// Owners named before the rest is counted.
const MOST: usize = 4;

/// One or two sentences on listed owners.
pub(super) fn owners(role: Option<Role>, fact: &OwnersFact, entry: &Entry, list_title: &str) -> String {
    let (whose, name) = (party(role), one_line(&fact.name));
    let owned = &fact.owned;
    let mut owners: Vec<String> = owned.owners.iter().take(MOST).map(owner).collect();
    let rest = owned.owners.len().saturating_sub(MOST);
    if rest > 0 {
        owners.push(format!("and {}", counted(rest, "more owner", "more owners")));
    }
    let owners = owners.join(", ");
    let regime = &Regime::all()[owned.regime];
    let (title, threshold) = (&regime.title, regime.threshold());
    let found = if owned.is_certain {
        format!(
            "The {whose} \"{name}\" is owned {} by listed parties: {owners}; {title} reaches what they own by {threshold}",
            percent(u16::try_from(owned.share).unwrap_or(u16::MAX))
        )
    } else if owned.is_namesake {
        format!(
            "The {whose} \"{name}\" gives no legal form, and of several companies of that name one is owned by listed \
             parties: {owners}; {title} reaches what they own by {threshold}; which company this is, is not known"
        )
    } else {
        format!(
            "The {whose} \"{name}\" has listed owners whose shares are not all known: {owners}; whether {title} \
             ({threshold}) reaches it is not known"
        )
    };
    let state = state(fact.state, &fact.note);
    format!(
        "{found}; {}{}; {}.{state}",
        entry.primary_name(),
        listing(entry, list_title, NameKind::Primary),
        meaning(entry.effect)
    )
}

fn owner(owner: &Owner) -> String {
    let share = owner.share.map_or("share unknown".to_owned(), percent);
    let through = if owner.through.is_empty() {
        String::new()
    } else {
        format!(", owned by {}", owner.through.join(", owned by "))
    };
    format!("{} ({share}{through})", owner.name)
}

/// Whether the rule applies, as a sentence of its own; empty when it plainly does.
fn state(state: State, note: &str) -> String {
    let note_of = if note.is_empty() { String::new() } else { format!(" ({note})") };
    match state {
        State::InForce if note.is_empty() => String::new(),
        State::InForce => format!(" The rule is in force{note_of}."),
        State::Suspended => format!(" The rule does not apply now{note_of}; reported for the record."),
        State::Unknown => format!(" Whether the rule is in force is NOT KNOWN{note_of}: check before relying on this."),
        State::NotYet => " The rule is not in force yet.".to_owned(),
    }
}
