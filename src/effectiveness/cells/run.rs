//! Screens cells, and says for each whether the right entry was reported.

use super::super::choice::Choice;
use super::Setup;
use super::draw::{Drawing, Named};
use super::forms::{Filling, Forms};
use engine::screen::{Engine, Scratch};
use model::entry::{Entry, EntryKind, Identifier};
use model::finding::{Finding, Reason, Severity};
use model::shipment::{Party, Shipment};
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

/// Screens every labelled number that is drawn.
pub(super) fn numbers(engine: &Engine, forms: &Forms, drawing: &Drawing<'_>) -> Vec<NumberCell> {
    let draw = |(at, form)| drawing.numbers(form).into_iter().map(move |drawn| (at, drawn)).collect::<Vec<_>>();
    let cases: Vec<_> = forms.numbers.iter().enumerate().flat_map(draw).collect();
    cases
        .into_par_iter()
        .map_init(Scratch::default, |scratch, (at, (entry, number))| {
            let form = &forms.numbers[at];
            let purpose = format!("{} {}/{} {}", form.id, entry.list, entry.id, number.value);
            let mut choice = Choice::new(drawing.setup.seed, &purpose);
            let cell = form.written(&number.value, &forms.invented, &mut choice);
            NumberCell {
                form: at,
                entry: (entry.list.to_string(), entry.id.clone()),
                number: number.value.clone(),
                is_found: finds_number(engine, &consignee(&cell), &number.value, scratch),
                cell,
            }
        })
        .collect()
}

/// The best score of an entry as a party, where the name stands alone.
pub(super) fn score_alone(engine: &Engine, entry: &Entry, name: &str, scratch: &mut Scratch) -> u16 {
    party_score(&engine.screen(&consignee(name), scratch).findings, entry)
}

/// A shipment that gives a number in the field for it.
pub(super) fn in_own_field(number: &Identifier) -> Shipment {
    let party = Party { identifiers: vec![number.clone()], ..Party::default() };
    Shipment { parties: vec![party], ..Shipment::default() }
}

/// Whether an entry with the number is reported for it above INFO.
pub(super) fn finds_number(engine: &Engine, shipment: &Shipment, number: &str, scratch: &mut Scratch) -> bool {
    let has_it = |list: &str, id: &str| {
        let entry = engine.snapshot().entry(Some(list), id);
        entry.is_some_and(|entry| entry.identifiers.iter().any(|identifier| identifier.value == number))
    };
    engine.screen(shipment, scratch).findings.iter().any(|f| {
        let reported = f.entry.iter().chain(f.also_listed.iter().map(|listing| &listing.entry));
        f.reason == Reason::PartyIdentifier
            && f.severity > Severity::Info
            && reported.into_iter().any(|e| has_it(e.list.as_str(), &e.id))
    })
}

fn consignee(cell: &str) -> Shipment {
    let party = Party { name: cell.to_owned(), ..Party::default() };
    Shipment { parties: vec![party], ..Shipment::default() }
}

fn party_score(findings: &[Finding], entry: &Entry) -> u16 {
    let as_party = by_name(findings, entry).filter(|f| f.reason != Reason::TextListed);
    as_party.map(|f| f.score.get()).max().unwrap_or(0)
}

/// The findings above INFO that report the entry by name.
fn by_name<'a>(findings: &'a [Finding], entry: &'a Entry) -> impl Iterator<Item = &'a Finding> {
    findings.iter().filter(move |f| {
        let by_name = [Reason::PartyListed, Reason::PartyListedWeak, Reason::PartyWatch, Reason::TextListed];
        let mut reported = f.entry.iter().chain(f.also_listed.iter().map(|listing| &listing.entry));
        f.severity > Severity::Info
            && by_name.contains(&f.reason)
            && reported.any(|e| e.list == entry.list && e.id == entry.id)
    })
}
