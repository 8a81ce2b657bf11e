//! Screens cells, and says for each whether the right entry was reported.

use super::super::choice::Choice;
use super::draw::{Named, Numbered};
use super::forms::{Filling, Forms};
use super::probe::{by_name, consignee, finds_number, party_score};
use super::setup::Setup;
use engine::screen::{Engine, Scratch};
use model::entry::EntryKind;
use model::finding::{Finding, Reason, Severity};
use rayon::prelude::*;

/// What became of a name in a cell.
#[derive(Clone, Debug)]
pub(super) struct NameCell {
    /// Number of the form.
    pub(super) form: usize,
    /// What is listed.
    pub(super) kind: EntryKind,
    /// List and id of the entry.
    pub(super) entry: (String, String),
    /// The name as listed.
    pub(super) listed: String,
    /// The cell.
    pub(super) cell: String,
    /// Whether the entry is reported by name above INFO, as a party or in running text.
    pub(super) is_found: bool,
    /// The best score of the entry as a party; 0 where it is not reported as one.
    pub(super) party_score: u16,
}

/// What became of a cell that names nobody listed.
#[derive(Clone, Debug)]
pub(super) struct UnlistedCell {
    /// Number of the form.
    pub(super) form: usize,
    /// The cell.
    pub(super) cell: String,
    /// The strongest alert: its reason, what matched and the score.
    pub(super) alert: Option<(&'static str, String, u16)>,
}

/// What became of a labelled number.
#[derive(Clone, Debug)]
pub(super) struct NumberCell {
    /// Number of the form.
    pub(super) form: usize,
    /// List and id of the entry.
    pub(super) entry: (String, String),
    /// The number as listed.
    pub(super) number: String,
    /// The cell.
    pub(super) cell: String,
    /// Whether an entry with the number is reported for it above INFO.
    pub(super) is_found: bool,
}

/// Screens every name in every form, on all cores; in the order of the forms.
pub(super) fn names(engine: &Engine, forms: &Forms, setup: &Setup, named: &[Named<'_>]) -> Vec<NameCell> {
    let cases: Vec<_> = (0..forms.names.len()).flat_map(|form| named.iter().map(move |named| (form, named))).collect();
    cases
        .into_par_iter()
        .map_init(Scratch::default, |scratch, (at, named)| {
            let form = &forms.names[at];
            // A stream for each name: what one takes from it disturbs no other.
            let purpose = format!("{} {}/{} {}", form.id, named.entry.list, named.entry.id, named.name);
            let mut choice = Choice::new(setup.seed, &purpose);
            let filling = Filling { name: named.name, address: &named.address, number: "" };
            let cell = form.written(filling, &forms.invented, &mut choice);
            let findings = engine.screen(&consignee(&cell), scratch).findings;
            NameCell {
                form: at,
                kind: named.entry.kind,
                entry: (named.entry.list.to_string(), named.entry.id.clone()),
                listed: named.name.to_owned(),
                is_found: by_name(&findings, named.entry).next().is_some(),
                party_score: party_score(&findings, named.entry),
                cell,
            }
        })
        .collect()
}

/// Screens every form with parties that nobody lists.
pub(super) fn clean(engine: &Engine, forms: &Forms, setup: &Setup) -> Vec<UnlistedCell> {
    let cases: Vec<_> = (0..forms.names.len()).flat_map(|form| (0..setup.count).map(move |at| (form, at))).collect();
    cases
        .into_par_iter()
        .map_init(Scratch::default, |scratch, (at, number)| {
            let form = &forms.names[at];
            let mut choice = Choice::new(setup.seed, &format!("clean {} {number}", form.id));
            let name = match choice.of(&setup.clean_names) {
                Some(name) => name.clone(),
                None => forms.invented.company(&mut choice),
            };
            let address = forms.invented.address(&mut choice);
            let filling = Filling { name: &name, address: &address, number: "" };
            let cell = form.written(filling, &forms.invented, &mut choice);
            let findings = engine.screen(&consignee(&cell), scratch).findings;
            let is_alert =
                |f: &&Finding| f.severity > Severity::Info && (f.entry.is_some() || f.reason == Reason::RouteEmbargo);
            let strongest = findings.iter().filter(is_alert).max_by_key(|f| (f.severity, f.score));
            let alert = strongest.map(|f| (f.reason.as_str(), f.matched_name.clone(), f.score.get()));
            UnlistedCell { form: at, cell, alert }
        })
        .collect()
}

/// Screens every labelled number that was drawn.
pub(super) fn numbers(engine: &Engine, forms: &Forms, setup: &Setup, drawn: &[Numbered<'_>]) -> Vec<NumberCell> {
    drawn
        .par_iter()
        .map_init(Scratch::default, |scratch, Numbered { form: at, entry, number }| {
            let form = &forms.numbers[*at];
            let purpose = format!("{} {}/{} {}", form.id, entry.list, entry.id, number.value);
            let mut choice = Choice::new(setup.seed, &purpose);
            let cell = form.written(&number.value, &forms.invented, &mut choice);
            NumberCell {
                form: *at,
                entry: (entry.list.to_string(), entry.id.clone()),
                number: number.value.clone(),
                is_found: finds_number(engine, &consignee(&cell), &number.value, scratch),
                cell,
            }
        })
        .collect()
}
