//! The last stage of a screening: it words what rules and names found, in one place, from facts alone.

use super::clause::{self, Clause};
use super::summary::{Worded, summary};
use super::words::{severity, the};
use super::{address, names, owners, rules, stale};
use crate::fact::{Fact, Found};
use crate::place::Place;
use crate::rule::RuleFact;
use model::entry::{Effect, Entry};
use model::finding::{Finding, Listing, Outcome, Reason};
use model::ids::EntryId;
use model::shipment::{Problem, Shipment};
use model::snapshot::Snapshot;
use std::cmp::Reverse;

/// What the last stage words.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The shipment.
    pub shipment: &'a Shipment,
    /// The lists.
    pub snapshot: &'a Snapshot,
    /// What was found, in the order in which it was found: [`crate::rule::Part`] counts in it.
    pub found: Vec<Found>,
    /// What the policy makes of it.
    pub outcome: Outcome,
    /// Whether a limit was reached, so that something was not looked at to the end.
    pub is_truncated: bool,
}

/// The findings in words.
#[derive(Debug)]
pub struct Words {
    /// Strongest first, each with its explanation.
    pub findings: Vec<Finding>,
    /// One sentence on the shipment.
    pub summary: String,
}

/// Words every finding and the shipment.
pub fn explain(facts: Facts<'_>) -> Words {
    let Facts { shipment, snapshot, found, outcome, is_truncated } = facts;
    let clauses: Vec<Clause> = found.iter().map(clause::clause).collect();
    let mut worded: Vec<(Place, Worded)> = Vec::with_capacity(found.len());
    for (number, found) in found.into_iter().enumerate() {
        let (place, said) = (found.place, said(&found, number, &clauses));
        let explanation = explanation(&found, shipment, snapshot, &clauses);
        let finding = Finding { explanation, ..found.finding };
        worded.push((place, Worded { finding, clauses: said }));
    }
    worded.sort_by(|(a_place, a), (b_place, b)| order(*a_place, &a.finding, *b_place, &b.finding));
    let worded: Vec<Worded> = worded.into_iter().map(|(_, worded)| worded).collect();
    let summary = summary(outcome, &worded, &shipment.unread, is_truncated);
    Words { findings: worded.into_iter().map(|w| w.finding).collect(), summary }
}

/// The sentence on a shipment that could not be screened.
pub fn refused(problems: &[Problem]) -> String {
    super::summary::refused(problems)
}

/// What a finding says in the summary: a combination says what its parts say.
fn said(found: &Found, number: usize, clauses: &[Clause]) -> Vec<(Reason, Clause)> {
    match &found.fact {
        Fact::Rule(RuleFact::Combination { parts, route, means, .. }) => {
            let parts = parts.iter().map(|p| (p.reason, clauses[p.number].clone()));
            let route = route.iter().map(|(stop, country)| (Reason::RouteTransshipment, clause::route(stop, *country)));
            let means = Some(means).filter(|means| !means.is_empty());
            let means = means.map(|means| (Reason::Combination, Clause::Plain(means.clone())));
            parts.chain(route).chain(means).collect()
        }
        _ => vec![(found.finding.reason, clauses[number].clone())],
    }
}

fn explanation(found: &Found, shipment: &Shipment, snapshot: &Snapshot, clauses: &[Clause]) -> String {
    let Found { place, finding, fact } = found;
    let entry = |id: EntryId| -> (&Entry, &str) {
        let entry = snapshot.entry_at(id);
        (entry, snapshot.title(&entry.list))
    };
    let role = place.party().and_then(|at| shipment.parties[at].role);
    let mut out = match fact {
        Fact::Name(fact) => {
            let (entry, title) = entry(fact.entry);
            names::name(*place, shipment, finding, fact, entry, title)
        }
        Fact::Number(fact) => {
            let (entry, title) = entry(fact.entry);
            names::number(*place, shipment, fact, entry, title)
        }
        Fact::Address(fact) => {
            let (entry, title) = entry(fact.entry);
            address::address(role, finding, fact, entry, title)
        }
        Fact::Owners(fact) => {
            let (entry, title) = entry(fact.owned.entry);
            owners::owners(role, fact, entry, title)
        }
        Fact::Brand(fact) => names::brand(*place, shipment, fact),
        Fact::Rule(RuleFact::Combination { title, parts, route, because, .. }) => {
            let parts = parts.iter().map(|p| clauses[p.number].words());
            let route = route.iter().map(|(stop, country)| clause::route(stop, *country).words());
            rules::combination(title, &parts.chain(route).collect::<Vec<_>>(), because)
        }
        Fact::Rule(fact) => rules::rule(fact, finding.severity),
        Fact::Stale(list) => stale::sentence(list),
    };
    if !finding.also_listed.is_empty() {
        out.push(' ');
        out.push_str(&also_listed(&finding.also_listed));
    }
    out.push_str(&settled(finding));
    out
}

/// One sentence on the further listings of a party.
fn also_listed(listings: &[Listing]) -> String {
    let titles: Vec<String> = listings
        .iter()
        .map(|l| {
            let title = if l.entry.list_title.is_empty() { l.entry.list.as_str() } else { l.entry.list_title.as_str() };
            let since = l.effective.or(l.published).map_or_else(String::new, |day| format!(", {day}"));
            let effect = l.entry.effect.as_str().replace('_', " ");
            let no_ban = match l.entry.effect {
                Effect::Investment | Effect::Procurement | Effect::Equipment => ", not a shipping ban",
                Effect::Watch => ", not an official listing",
                Effect::Blocking | Effect::Licence | Effect::ForcedLabour => "",
            };
            format!("{} ({effect}{since}{no_ban})", the(title))
        })
        .collect();
    format!("The same party is also listed on {}.", titles.join(", "))
}

/// What the policy made of the finding, as sentences of their own.
fn settled(finding: &Finding) -> String {
    let mut out = String::new();
    for s in &finding.suppressions {
        let day = s.as_of.map_or_else(String::new, |day| format!(", as of {day}"));
        match s.lowered_from {
            Some(from) => out.push_str(&format!(
                " Lowered from {} to {} by suppressor {} until {}{day}: {}.",
                severity(from),
                severity(finding.severity),
                s.id,
                s.expires,
                s.reason.trim_end_matches('.')
            )),
            None => out.push_str(&format!(" Suppressor {} was not applied{day}: {}.", s.id, s.not_applied)),
        }
    }
    if finding.is_shadow {
        out.push_str(" Recorded in shadow mode: the outcome does not depend on it.");
    }
    out
}

/// Strongest first: severity, score, place, span, list, entry. What runs in shadow mode stands behind the rest, and what
/// is about the lists behind what is about the shipment.
fn order(a_place: Place, a: &Finding, b_place: Place, b: &Finding) -> std::cmp::Ordering {
    let key = |place: Place, f: &Finding| {
        let is_of_lists = place == Place::Lists;
        let span = f.spans.first().map(|s| (s.start, s.end));
        (f.is_shadow, Reverse(f.severity), is_of_lists, Reverse(f.score), place, span)
    };
    let entry = |f: &Finding| f.entry.as_ref().map(|e| (e.list.clone(), e.id.clone()));
    key(a_place, a)
        .cmp(&key(b_place, b))
        .then_with(|| entry(a).cmp(&entry(b)))
        .then_with(|| (a.reason, &a.matched_name).cmp(&(b.reason, &b.matched_name)))
}
