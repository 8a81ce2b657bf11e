//! What a measurement of agreement found: counts first, shares beside them.

use super::super::kind::Kind;
use super::super::report::ListLine;
use super::super::share::per_million;
use super::run::{Outcome, Told};
use super::setup::Setup;
use engine::screen::{ENGINE, Engine};
use serde::Serialize;
use std::collections::BTreeSet;

/// Examples kept of pairs that nothing is said of.
const EXAMPLES: usize = 1000;

/// A measurement of agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Version of this form; it grows by fields, and this number changes when one changes its meaning.
    pub version: u32,
    /// How the measurement is repeated; empty when it was made by a program.
    pub command: String,
    /// The seed of all choices.
    pub seed: u64,
    /// Names asked for of each list and script.
    pub count: u32,
    /// Fingerprint of the lists.
    pub snapshot: String,
    /// Fingerprint of the policy.
    pub policy: String,
    /// Name and version of the engine.
    pub engine: String,
    /// The policy's threshold for parties: from this score on two names are alike.
    pub threshold: u16,
    /// The lists measured.
    pub lists_measured: Vec<ListLine>,
    /// All pairs together.
    pub total: AgreementRow,
    /// By list.
    pub lists: Vec<AgreementRow>,
    /// By script of the listed name, ISO 15924.
    pub scripts: Vec<AgreementRow>,
    /// By what was done to the name; `two` is two of the ways, one after the other.
    pub kinds: Vec<AgreementRow>,
    /// Examples of pairs that screening or search say nothing of.
    pub silent: Vec<SilentPair>,
}

/// A line of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgreementRow {
    /// Stable name.
    pub name: String,
    /// Pairs compared.
    pub compared: u32,
    /// Pairs whose comparison reaches the threshold.
    pub alike: u32,
    /// Of those, pairs whose entry a screening reports.
    pub screening_reported: u32,
    /// Of those, pairs whose screening says that a limit was reached instead.
    pub screening_limited: u32,
    /// Reported and limited in a million of those alike.
    pub screening_per_million: u32,
    /// Of those, pairs whose entry a search gives.
    pub search_reported: u32,
    /// Of those, pairs whose search gives as many entries as it was asked for, and not this one.
    pub search_limited: u32,
    /// Reported and limited in a million of those alike.
    pub search_per_million: u32,
}

/// A pair that the comparison calls alike and an answer does not tell of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SilentPair {
    /// `screening`, `search` or `both`.
    pub silent: &'static str,
    /// What was done to the name.
    pub kind: String,
    /// The list.
    pub list: String,
    /// The entry.
    pub id: String,
    /// The name as listed.
    pub listed: String,
    /// The name as written.
    pub written: String,
    /// How alike the comparison calls them.
    pub score: u16,
}

impl AgreementRow {
    fn of<'o>(name: &str, outcomes: impl Iterator<Item = &'o Outcome>) -> Self {
        let mut row = Self { name: name.to_owned(), ..Self::default() };
        for outcome in outcomes {
            row.compared += 1;
            let Some((screening, search)) = outcome.told else { continue };
            row.alike += 1;
            row.screening_reported += u32::from(screening == Told::Reported);
            row.screening_limited += u32::from(screening == Told::Limited);
            row.search_reported += u32::from(search == Told::Reported);
            row.search_limited += u32::from(search == Told::Limited);
        }
        row.screening_per_million = per_million(row.screening_reported + row.screening_limited, row.alike);
        row.search_per_million = per_million(row.search_reported + row.search_limited, row.alike);
        row
    }

    /// Pairs alike that screening says nothing of.
    pub fn screening_silent(&self) -> u32 {
        self.alike - self.screening_reported - self.screening_limited
    }

    /// Pairs alike that a search says nothing of.
    pub fn search_silent(&self) -> u32 {
        self.alike - self.search_reported - self.search_limited
    }
}

/// The report of an engine's pairs.
pub(super) fn of(engine: &Engine, setup: &Setup, outcomes: &[Outcome]) -> Report {
    let snapshot = engine.snapshot();
    let list = |outcome: &Outcome| snapshot.entries()[outcome.pair.entry as usize].list.as_str();
    let lists: BTreeSet<&str> = outcomes.iter().map(list).collect();
    let scripts: BTreeSet<&str> = outcomes.iter().map(|o| o.pair.script).collect();
    let by_list = |name: &&str| AgreementRow::of(name, outcomes.iter().filter(|o| list(o) == *name));
    let by_script = |name: &&str| AgreementRow::of(name, outcomes.iter().filter(|o| o.pair.script == *name));
    let by_kind = |kind: &Kind| {
        AgreementRow::of(kind.as_str(), outcomes.iter().filter(|o| o.pair.kind == *kind && o.pair.then.is_none()))
    };
    let two = AgreementRow::of("two", outcomes.iter().filter(|o| o.pair.then.is_some()));
    Report {
        version: 1,
        command: String::new(),
        seed: setup.seed,
        count: setup.count,
        snapshot: snapshot.fingerprint().to_owned(),
        policy: engine.policy_fingerprint(),
        engine: ENGINE.to_owned(),
        threshold: engine.policy().thresholds().party_review,
        lists_measured: ListLine::all(snapshot),
        total: AgreementRow::of("all", outcomes.iter()),
        lists: lists.iter().map(by_list).collect(),
        scripts: scripts.iter().map(by_script).collect(),
        kinds: Kind::ALL.iter().map(by_kind).chain([two]).collect(),
        silent: outcomes.iter().filter_map(|o| silent(engine, o)).take(EXAMPLES).collect(),
    }
}

fn silent(engine: &Engine, outcome: &Outcome) -> Option<SilentPair> {
    let silent = match outcome.told? {
        (Told::Silent, Told::Silent) => "both",
        (Told::Silent, _) => "screening",
        (_, Told::Silent) => "search",
        _ => return None,
    };
    let pair = &outcome.pair;
    let entry = &engine.snapshot().entries()[pair.entry as usize];
    let then = pair.then.map(|kind| format!(", {}", kind.as_str())).unwrap_or_default();
    Some(SilentPair {
        silent,
        kind: format!("{}{then}", pair.kind.as_str()),
        list: entry.list.to_string(),
        id: entry.id.clone(),
        listed: entry.names[usize::from(pair.name)].text.clone(),
        written: pair.written.clone(),
        score: outcome.compared,
    })
}
