//! What a measurement of cells found: counts first, shares in thousandths beside them.

use super::super::kind::{TYPES, type_name};
use super::super::report::ListLine;
use super::super::share::{per_million, thousandths, wilson};
use super::forms::Forms;
use super::run::{NameCell, NumberCell, UnlistedCell};
use super::setup::PARTY_SCORE;
use serde::Serialize;
use std::collections::BTreeSet;

/// Examples kept of what a form misses.
const EXAMPLES: usize = 2;
/// Examples kept of alerts on clean cells.
const ALERTS: usize = 20;

/// A measurement of party cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Version of this form; it grows by fields, and this number changes when one changes its meaning.
    pub version: u32,
    /// How the measurement is repeated; empty when it was made by a program.
    pub command: String,
    /// What was measured.
    #[serde(flatten)]
    pub about: About,
    /// One a form, in the order of the forms.
    pub forms: Vec<FormRow>,
    /// All forms together.
    pub total: GroupRow,
    /// All forms of a language together.
    pub languages: Vec<GroupRow>,
    /// All forms by what is listed.
    pub types: Vec<GroupRow>,
    /// One a label, in the order of the forms.
    pub numbers: Vec<NumberRow>,
    /// All labels together.
    pub all_numbers: CellTally,
    /// Examples of names and numbers that were not found.
    pub misses: Vec<MissedCell>,
    /// Examples of alerts on clean cells.
    pub clean_alerts: Vec<CleanCell>,
}

/// What was measured, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// The seed of all choices.
    pub seed: u64,
    /// Names asked for of each form, and numbers of each label.
    pub count: u32,
    /// Fingerprint of the lists.
    pub snapshot: String,
    /// Fingerprint of the policy.
    pub policy: String,
    /// Name and version of the engine.
    pub engine: String,
    /// The lists measured.
    pub lists: Vec<ListLine>,
    /// Names drawn.
    pub names: u32,
    /// Names looked at that do not score as a party when they stand alone, and were not drawn for it.
    pub left_out: u32,
}

/// One form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormRow {
    /// Stable name.
    pub form: String,
    /// Language, ISO 639-1.
    pub language: String,
    /// The form itself.
    pub cell: String,
    /// Cells with a listed name.
    #[serde(flatten)]
    pub tally: CellTally,
    /// Reported as a party with at least the score of a name that stands alone.
    pub as_party: u32,
    /// Share of those, in thousandths.
    pub as_party_share: u32,
    /// Cells that name nobody listed.
    #[serde(flatten)]
    pub clean: CleanTally,
}

/// Several forms, or one type, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupRow {
    /// Stable name: `all`, a language or a type.
    pub name: String,
    /// Cells with a listed name.
    #[serde(flatten)]
    pub tally: CellTally,
    /// Reported as a party with at least the score of a name that stands alone.
    pub as_party: u32,
    /// Share of those, in thousandths.
    pub as_party_share: u32,
    /// Cells that name nobody listed; none by type.
    #[serde(flatten)]
    pub clean: CleanTally,
}

/// One label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NumberRow {
    /// Stable name.
    pub form: String,
    /// Language, ISO 639-1.
    pub language: String,
    /// The form itself.
    pub cell: String,
    /// Cells with a listed number.
    #[serde(flatten)]
    pub tally: CellTally,
}

/// Counts of cells with something listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CellTally {
    /// Screened.
    pub drawn: u32,
    /// The entry is reported above INFO.
    pub found: u32,
    /// Share of those, rounded down, in thousandths.
    pub recall: u32,
    /// Lower end of its 95 % Wilson interval, in thousandths.
    pub recall_low: u32,
    /// Upper end.
    pub recall_high: u32,
}

/// Counts of cells with nothing listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CleanTally {
    /// Screened.
    pub clean_records: u32,
    /// With a finding above INFO that names an entry or an embargo.
    pub clean_alerts: u32,
    /// Those in a million.
    pub clean_alerts_per_million: u32,
}

/// A cell whose entry was not reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissedCell {
    /// The form.
    pub form: String,
    /// The list.
    pub list: String,
    /// The entry.
    pub id: String,
    /// The name or number as listed.
    pub listed: String,
    /// The cell.
    pub cell: String,
}

/// An alert on a cell that names nobody listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CleanCell {
    /// The form.
    pub form: String,
    /// The cell.
    pub cell: String,
    /// Why it was reported.
    pub reason: &'static str,
    /// What matched.
    pub listed: String,
    /// Its score.
    pub score: u16,
}

impl CellTally {
    fn of(are_found: impl Iterator<Item = bool>) -> Self {
        let (drawn, found) = are_found.fold((0, 0), |(drawn, found), is| (drawn + 1, found + u32::from(is)));
        let (recall_low, recall_high) = wilson(found, drawn);
        Self { drawn, found, recall: thousandths(found, drawn), recall_low, recall_high }
    }
}

impl CleanTally {
    fn of<'a>(cells: impl Iterator<Item = &'a UnlistedCell>) -> Self {
        let count =
            |(all, alerts): (u32, u32), cell: &UnlistedCell| (all + 1, alerts + u32::from(cell.alert.is_some()));
        let (clean_records, clean_alerts) = cells.fold((0, 0), count);
        Self { clean_records, clean_alerts, clean_alerts_per_million: per_million(clean_alerts, clean_records) }
    }
}

impl GroupRow {
    fn of(name: &str, cells: &[&NameCell], clean: CleanTally) -> Self {
        let tally = CellTally::of(cells.iter().map(|c| c.is_found));
        let as_party = cells.iter().filter(|c| c.party_score >= PARTY_SCORE).count() as u32;
        Self { name: name.to_owned(), tally, as_party, as_party_share: thousandths(as_party, tally.drawn), clean }
    }
}

/// The report of what was screened.
pub(super) fn of(
    about: About,
    forms: &Forms,
    cells: &[NameCell],
    clean: &[UnlistedCell],
    numbers: &[NumberCell],
) -> Report {
    let group = |name: &str, is_in: &dyn Fn(usize) -> bool| {
        let among: Vec<_> = cells.iter().filter(|c| is_in(c.form)).collect();
        GroupRow::of(name, &among, CleanTally::of(clean.iter().filter(|c| is_in(c.form))))
    };
    let rows = forms.names.iter().enumerate().map(|(at, form)| {
        let GroupRow { name, tally, as_party, as_party_share, clean } = group(&form.id, &|number| number == at);
        let (language, cell) = (form.language.clone(), form.cell.clone());
        FormRow { form: name, language, cell, tally, as_party, as_party_share, clean }
    });
    let languages: BTreeSet<&str> = forms.names.iter().map(|form| form.language.as_str()).collect();
    let of_language = |language: &&str| group(language, &|number| forms.names[number].language == **language);
    let of_type = |kind: &_| {
        let among: Vec<_> = cells.iter().filter(|c| c.kind == *kind).collect();
        (!among.is_empty()).then(|| GroupRow::of(type_name(*kind), &among, CleanTally::default()))
    };
    Report {
        version: 1,
        command: String::new(),
        about,
        forms: rows.collect(),
        total: group("all", &|_| true),
        languages: languages.iter().map(of_language).collect(),
        types: TYPES.iter().filter_map(of_type).collect(),
        numbers: number_rows(forms, numbers),
        all_numbers: CellTally::of(numbers.iter().map(|c| c.is_found)),
        misses: misses(forms, cells, numbers),
        clean_alerts: clean_alerts(forms, clean),
    }
}

fn number_rows(forms: &Forms, numbers: &[NumberCell]) -> Vec<NumberRow> {
    let row = |(at, form): (usize, &super::forms::NumberForm)| NumberRow {
        form: form.id.clone(),
        language: form.language.clone(),
        cell: form.cell.clone(),
        tally: CellTally::of(numbers.iter().filter(|c| c.form == at).map(|c| c.is_found)),
    };
    forms.numbers.iter().enumerate().map(row).collect()
}

fn misses(forms: &Forms, cells: &[NameCell], numbers: &[NumberCell]) -> Vec<MissedCell> {
    let missed = |form: &str, (list, id): &(String, String), listed: &str, cell: &str| MissedCell {
        form: form.to_owned(),
        list: list.clone(),
        id: id.clone(),
        listed: listed.to_owned(),
        cell: cell.to_owned(),
    };
    let mut misses = Vec::new();
    for (at, form) in forms.names.iter().enumerate() {
        let of_form = cells.iter().filter(|c| c.form == at && !c.is_found).take(EXAMPLES);
        misses.extend(of_form.map(|c| missed(&form.id, &c.entry, &c.listed, &c.cell)));
    }
    for (at, form) in forms.numbers.iter().enumerate() {
        let of_form = numbers.iter().filter(|c| c.form == at && !c.is_found).take(EXAMPLES);
        misses.extend(of_form.map(|c| missed(&form.id, &c.entry, &c.number, &c.cell)));
    }
    misses
}

fn clean_alerts(forms: &Forms, clean: &[UnlistedCell]) -> Vec<CleanCell> {
    let alert = |cell: &UnlistedCell| {
        let (reason, listed, score) = cell.alert.clone()?;
        Some(CleanCell { form: forms.names[cell.form].id.clone(), cell: cell.cell.clone(), reason, listed, score })
    };
    clean.iter().filter_map(alert).take(ALERTS).collect()
}
