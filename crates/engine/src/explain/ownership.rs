//! The sentences on listed owners.

use super::{meaning, one_line, percent, row};
use crate::rule::{Owned, Regime, State};
use model::entry::{Entry, NameKind};
use model::shipment::Role;

/// What an ownership finding is worded from.
#[derive(Debug)]
pub struct OwnershipFacts<'a> {
    /// Role of the party.
    pub role: Option<Role>,
    /// The party's name as sent.
    pub name: &'a str,
    /// What is known of its owners.
    pub owned: &'a Owned,
    /// The rule.
    pub regime: &'a Regime,
    /// Whether the rule is in force.
    pub state: State,
    /// What is known about that.
    pub note: &'a str,
    /// The row that the finding rests on.
    pub entry: &'a Entry,
    /// Title of its list.
    pub list_title: &'a str,
}

/// One or two sentences on listed owners.
pub fn ownership(facts: &OwnershipFacts<'_>) -> String {
    let whose = facts.role.map_or("party".to_owned(), |r| r.as_str().replace('_', " "));
    let name = one_line(facts.name);
    let owners: Vec<String> = facts
        .owned
        .owners
        .iter()
        .take(4)
        .map(|o| {
            let share = o.share.map_or("share unknown".to_owned(), percent);
            let through = if o.through.is_empty() {
                String::new()
            } else {
                format!(", owned by {}", o.through.join(", owned by "))
            };
            format!("{} ({share}{through})", o.name)
        })
        .collect();
    let more = facts.owned.owners.len().saturating_sub(owners.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let owners = owners.join(", ");
    let title = &facts.regime.title;
    let threshold = facts.regime.threshold();
    let found = if facts.owned.is_certain {
        format!(
            "The {whose} \"{name}\" is owned {} by listed parties: {owners}{more}; {title} reaches what they own by {threshold}",
            percent(u16::try_from(facts.owned.share).unwrap_or(u16::MAX))
        )
    } else if facts.owned.is_namesake {
        format!(
            "The {whose} \"{name}\" gives no legal form, and of several companies of that name one is owned by listed \
             parties: {owners}{more}; {title} reaches what they own by {threshold}; which company this is, is not known"
        )
    } else {
        format!(
            "The {whose} \"{name}\" has listed owners whose shares are not all known: {owners}{more}; whether {title} \
             ({threshold}) reaches it is not known"
        )
    };
    let note = if facts.note.is_empty() { String::new() } else { format!(" ({})", facts.note) };
    let state = match facts.state {
        State::InForce if facts.note.is_empty() => String::new(),
        State::InForce => format!(" The rule is in force{note}."),
        State::Suspended => format!(" The rule does not apply now{note}; reported for the record."),
        State::Unknown => format!(" Whether the rule is in force is NOT KNOWN{note}: check before relying on this."),
        State::NotYet => " The rule is not in force yet.".to_owned(),
    };
    let mut owner = row(facts.entry, facts.list_title, NameKind::Primary);
    owner.insert_str(0, &format!(" {}", facts.entry.primary_name()));
    format!("{found};{owner}; {}.{state}", meaning(facts.entry.effect))
}
