//! What a measurement found: counts first, shares in thousandths beside them. Integers and text in a defined order.

use super::kind::{Field, Kind, Length, Reach, TYPES, type_name};
use super::outcome::Outcome;
use super::share::{per_million, thousandths, wilson};
use model::snapshot::{ListInfo, Snapshot};
use serde::Serialize;

/// Examples kept of the misses of a kind in a field, and of the alerts on clean records.
const EXAMPLES: usize = 5;
/// Thresholds of the sweep.
const SWEEP: std::ops::RangeInclusive<u16> = 650..=950;
const SWEEP_STEP: usize = 50;

/// A measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Version of this form; it grows by fields, and this number changes when one changes its meaning.
    pub version: u32,
    /// How the measurement is repeated; empty when it was made by a program.
    pub command: String,
    /// The seed of all choices.
    pub seed: u64,
    /// Names asked for of each kind and field.
    pub count: u32,
    /// Fingerprint of the lists.
    pub snapshot: String,
    /// Fingerprint of the policy.
    pub policy: String,
    /// Name and version of the engine.
    pub engine: String,
    /// The lists measured.
    pub lists: Vec<ListLine>,
    /// The texts measured with.
    pub inputs: Vec<InputLine>,
    /// One a field.
    pub fields: Vec<FieldReport>,
}

/// A list that names were drawn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListLine {
    /// List id.
    pub id: String,
    /// Entries.
    pub entries: u32,
    /// Names of those entries.
    pub names: u32,
}

impl ListLine {
    /// Every list of a snapshot, in its order.
    pub(super) fn all(snapshot: &Snapshot) -> Vec<Self> {
        let line = |list: &ListInfo| Self { id: list.id.to_string(), entries: list.entries, names: list.names };
        snapshot.lists().iter().map(line).collect()
    }
}

/// A set of texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputLine {
    /// What it is for: `goods`, `clean` or `clean_names`.
    pub what: &'static str,
    /// How many texts.
    pub records: usize,
    /// `sha256:` and 64 hexadecimal digits over the texts.
    pub fingerprint: String,
}

/// What was found in one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldReport {
    /// `party` or `text`.
    pub field: &'static str,
    /// The policy's threshold: the least score that is reported.
    pub threshold: u16,
    /// Names that are meant to alert, by what was done to them.
    pub kinds: Vec<Row>,
    /// The same as listed and manipulated.
    pub totals: Vec<Row>,
    /// The same by the type of the entry.
    pub types: Vec<Row>,
    /// The same by the letters of the name.
    pub lengths: Vec<Row>,
    /// The same by kind and letters: the set is the length.
    pub kinds_by_length: Vec<Row>,
    /// Names that lists or policy keep from alerting on their own, by cause.
    pub by_design: Vec<Row>,
    /// Recall and alerts by threshold, from the policy's own on.
    pub sweep: Vec<SweepRow>,
    /// What the clean records raised; `None` when there are none.
    pub clean: Option<Clean>,
    /// Examples of names that did not alert.
    pub misses: Vec<Miss>,
}

/// A line of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Stable name.
    pub name: &'static str,
    /// `control` or `manipulated`; in the table by kind and letters, the letters.
    pub set: &'static str,
    /// The counts.
    #[serde(flatten)]
    pub tally: Tally,
}

/// Counts of names screened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Screened.
    pub drawn: u32,
    /// The right entry is reported above INFO.
    pub found: u32,
    /// Share of those, rounded down, in thousandths.
    pub recall: u32,
    /// Lower end of its 95 % Wilson interval, in thousandths.
    pub recall_low: u32,
    /// Upper end.
    pub recall_high: u32,
    /// The right entry is reported at any severity.
    pub seen: u32,
    /// The right entry stands first.
    pub first: u32,
    /// The right entry stands among the first ten.
    pub first_ten: u32,
}

/// One threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SweepRow {
    /// Threshold.
    pub threshold: u16,
    /// Recall of names as listed, thousandths.
    pub control: u32,
    /// Recall of manipulated names, thousandths.
    pub manipulated: u32,
    /// Clean records that alert, in a million.
    pub clean_per_million: Option<u32>,
}

/// What clean records raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clean {
    /// Screened.
    pub records: u32,
    /// With a finding above INFO.
    pub alerts: u32,
    /// Those in a million.
    pub alerts_per_million: u32,
    /// With a HIGH finding.
    pub high: u32,
    /// With a MEDIUM finding as the strongest.
    pub medium: u32,
    /// With a LOW finding as the strongest.
    pub low: u32,
    /// With findings for the record only.
    pub info: u32,
    /// The first alerts.
    pub examples: Vec<CleanAlert>,
}

/// An alert on a clean record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CleanAlert {
    /// The record.
    pub text: String,
    /// The listed name.
    pub listed: String,
    /// Its score.
    pub score: u16,
}

/// A name that did not alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// What was done to it.
    pub kind: &'static str,
    /// The list.
    pub list: String,
    /// The entry.
    pub id: String,
    /// What is listed.
    pub r#type: &'static str,
    /// As listed.
    pub listed: String,
    /// As written.
    pub written: String,
    /// The whole field.
    pub text: String,
    /// Whether the entry is reported for the record.
    pub is_seen: bool,
}

impl Tally {
    pub(super) fn of<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Self {
        let mut tally = Self::default();
        for outcome in outcomes {
            tally.drawn += 1;
            tally.found += u32::from(outcome.alert.is_some());
            tally.seen += u32::from(outcome.rank.is_some());
            tally.first += u32::from(outcome.rank == Some(1));
            tally.first_ten += u32::from(outcome.rank.is_some_and(|rank| rank <= 10));
        }
        tally.recall = thousandths(tally.found, tally.drawn);
        (tally.recall_low, tally.recall_high) = wilson(tally.found, tally.drawn);
        tally
    }
}

/// The tables of one field.
pub(super) fn field(
    field: Field,
    threshold: u16,
    outcomes: &[Outcome],
    clean: Option<Clean>,
    scores: &[u16],
) -> FieldReport {
    let of_field: Vec<&Outcome> = outcomes.iter().filter(|o| o.case.field == field).collect();
    let in_table = |is_in: fn(&Outcome) -> bool| of_field.iter().copied().filter(|o| is_in(o)).collect::<Vec<_>>();
    let all = in_table(|o| o.case.counts.overall);
    let meant = in_table(|o| o.case.counts.overall && o.reach == Reach::Alert);
    let by_type = in_table(|o| o.case.counts.by_type && o.reach == Reach::Alert);
    let by_length = in_table(|o| o.case.counts.by_length && o.reach == Reach::Alert);
    let row = |name, set, among: &[&Outcome], is_in: &dyn Fn(&Outcome) -> bool| Row {
        name,
        set,
        tally: Tally::of(among.iter().copied().filter(|o| is_in(o))),
    };
    let sets = |name, among: &[&Outcome], is_in: &dyn Fn(&Outcome) -> bool| {
        [("control", true), ("manipulated", false)]
            .map(|(set, control)| row(name, set, among, &|o| o.case.kind.is_control() == control && is_in(o)))
    };
    let kinds = Kind::ALL.iter().map(|&kind| {
        let set = if kind.is_control() { "control" } else { "manipulated" };
        row(kind.as_str(), set, &meant, &|o| o.case.kind == kind)
    });
    let types = TYPES.iter().flat_map(|&of| sets(type_name(of), &by_type, &|o| o.entry_kind == of));
    let lengths = Length::ALL.iter().flat_map(|&of| sets(of.as_str(), &by_length, &|o| o.length == of));
    let kinds_by_length = Kind::ALL.iter().flat_map(|&kind| {
        let cell = |length: &Length| {
            row(kind.as_str(), length.as_str(), &by_length, &|o| o.case.kind == kind && o.length == *length)
        };
        Length::ALL.iter().map(cell).collect::<Vec<_>>()
    });
    let causes = Reach::ALL.iter().filter(|reach| **reach != Reach::Alert);
    let by_design = causes.flat_map(|&reach| sets(reach.as_str(), &all, &|o| o.reach == reach));
    FieldReport {
        field: field.as_str(),
        threshold,
        kinds: kinds.collect(),
        totals: sets("all", &meant, &|_| true).to_vec(),
        types: types.collect(),
        lengths: lengths.collect(),
        kinds_by_length: kinds_by_length.collect(),
        by_design: by_design.collect(),
        sweep: sweep(threshold, &meant, clean.as_ref(), scores),
        clean,
        misses: misses(&meant),
    }
}

/// What higher thresholds would find and raise. Lower ones cannot be measured: what is below is not reported.
fn sweep(threshold: u16, meant: &[&Outcome], clean: Option<&Clean>, scores: &[u16]) -> Vec<SweepRow> {
    let recall = |control: bool, least: u16| {
        let among: Vec<_> = meant.iter().filter(|o| o.case.kind.is_control() == control).collect();
        let found = among.iter().filter(|o| o.alert.is_some_and(|score| score >= least)).count();
        thousandths(found as u32, among.len() as u32)
    };
    SWEEP
        .step_by(SWEEP_STEP)
        .filter(|&least| least >= threshold)
        .map(|least| SweepRow {
            threshold: least,
            control: recall(true, least),
            manipulated: recall(false, least),
            clean_per_million: clean.map(|clean| {
                let alerts = scores.iter().filter(|score| **score >= least).count();
                per_million(alerts as u32, clean.records)
            }),
        })
        .collect()
}

fn misses(meant: &[&Outcome]) -> Vec<Miss> {
    let of_kind = |kind: Kind| meant.iter().filter(move |o| o.case.kind == kind && o.alert.is_none()).take(EXAMPLES);
    Kind::ALL
        .iter()
        .flat_map(|&kind| of_kind(kind))
        .map(|outcome| Miss {
            kind: outcome.case.kind.as_str(),
            list: outcome.list.clone(),
            id: outcome.id.clone(),
            r#type: type_name(outcome.entry_kind),
            listed: outcome.listed.clone(),
            written: outcome.case.written.clone(),
            text: outcome.case.text.clone(),
            is_seen: outcome.rank.is_some(),
        })
        .collect()
}

/// Keeps the first examples.
pub(super) fn examples(alerts: impl Iterator<Item = CleanAlert>) -> Vec<CleanAlert> {
    alerts.take(EXAMPLES).collect()
}
