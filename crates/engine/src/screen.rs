//! The pure function that ties the house together: compiled lists, policy and shipment in, [`Screening`] out.
//!
//! No clock, no I/O, no async; the same input gives the same bytes. [`Engine`] is immutable and shared; each
//! thread brings its own [`Scratch`].

mod addresses;
mod corroborate;
mod fields;
mod judge;
mod limits;
mod listings;
mod meaning;
mod owners;
mod stale;

pub use fields::Place;
pub use limits::Limits;

use crate::explain;
use crate::link::Parties;
pub use crate::matcher::{Asked, Stop};
use crate::matcher::{CompileError, Index, Scratch as MatcherScratch, alternatives};
use crate::name::{Margins, View, compare, parse, several};
use crate::policy::Policy;
use crate::rule::{Addresses, Ownership, Prepared, Regime, Rules};
use model::entry::{Entry, EntryKind};
use model::finding::{Evidence, Finding, Outcome, Reason, Score, Screening, Severity, SkippedRule};
use model::shipment::{Problem, Shipment};
use model::snapshot::Snapshot;
use std::collections::BTreeMap;
use std::sync::Arc;
use text::{Folded, Reading};

/// Name and version of the engine, as every screening carries it.
pub const ENGINE: &str = concat!("tidewaiter ", env!("CARGO_PKG_VERSION"));

/// The reasons that names, numbers and brands report; the others are those of [`Rules`]. A reason without a rule is
/// neither run nor skipped: the answer does not speak of it.
const BY_NAME: [Reason; 9] = [
    Reason::PartyListed,
    Reason::PartyListedWeak,
    Reason::PartyIdentifier,
    Reason::PartyWatch,
    Reason::TextListed,
    Reason::GoodsBrand,
    Reason::GoodsModel,
    Reason::PartyAddress,
    Reason::PartyOwnership,
];

/// Everything a screening needs, compiled and immutable; share it between threads in an `Arc`.
#[derive(Debug)]
pub struct Engine {
    index: Arc<Index>,
    parties: Arc<Parties>,
    addresses: Arc<Addresses>,
    ownership: Ownership,
    policy: Arc<Policy>,
    limits: Limits,
    rules: Arc<Rules>,
}

/// Working memory of one thread, reused from shipment to shipment.
#[derive(Debug, Default)]
pub struct Scratch {
    matcher: MatcherScratch,
    prepared: Prepared,
}

impl Scratch {
    /// The names searched lately, in no order.
    pub fn asked(&self) -> impl Iterator<Item = Asked> {
        self.matcher.asked()
    }

    /// Forgets the names searched lately. No answer depends on it: it is for measuring what a new name costs.
    pub fn forget_names(&mut self) {
        self.matcher.forget_names();
    }
}

/// How alike two names are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameComparison {
    /// How alike.
    pub score: Score,
    /// Whether the score reaches the policy's review threshold for party names.
    pub is_match: bool,
    /// What spoke for and against, strongest first.
    pub evidence: Vec<Evidence>,
    /// One sentence.
    pub explanation: String,
}

/// One row found by name.
#[derive(Clone, Debug)]
pub struct SearchHit<'a> {
    /// The row.
    pub entry: &'a Entry,
    /// How well it matches.
    pub score: Score,
    /// The spelling that matched.
    pub matched_name: &'a str,
}

/// What a search shows at the least: below, names only look alike.
const LEAST_FOUND: u16 = 300;

/// A screening was given up; nothing is known about the shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the screening was given up")]
pub struct Stopped;

/// Why an engine could not be built.
#[derive(Debug, thiserror::Error)]
#[error("compile the lists")]
pub struct BuildError(#[source] CompileError);

impl Engine {
    /// Compiles a snapshot.
    ///
    /// # Errors
    /// When the names do not fit into the matcher.
    pub fn build(snapshot: Arc<Snapshot>, policy: Arc<Policy>, limits: Limits) -> Result<Self, BuildError> {
        Self::build_with(snapshot, policy, limits, Rules::builtin())
    }

    /// Compiles a snapshot, with rules of other packs than those that ship.
    ///
    /// # Errors
    /// When the names do not fit into the matcher.
    pub fn build_with(
        snapshot: Arc<Snapshot>,
        policy: Arc<Policy>,
        limits: Limits,
        rules: Arc<Rules>,
    ) -> Result<Self, BuildError> {
        // The tables are read now rather than while the first shipment waits.
        Regime::all();
        let (index, (parties, addresses)) = rayon::join(
            || Index::compile(Arc::clone(&snapshot)),
            || rayon::join(|| Parties::link(snapshot.entries()), || Addresses::build(snapshot.entries())),
        );
        let index = index.map_err(BuildError)?;
        let ownership = owners::compile(&index, &parties, &policy);
        Ok(Self {
            index: Arc::new(index),
            parties: Arc::new(parties),
            addresses: Arc::new(addresses),
            ownership,
            policy,
            limits,
            rules,
        })
    }

    /// The same lists and rules under another policy; nothing but the owners is compiled again.
    pub fn with_policy(&self, policy: Arc<Policy>) -> Self {
        Self {
            index: Arc::clone(&self.index),
            parties: Arc::clone(&self.parties),
            addresses: Arc::clone(&self.addresses),
            ownership: owners::compile(&self.index, &self.parties, &policy),
            policy,
            limits: self.limits,
            rules: Arc::clone(&self.rules),
        }
    }

    /// Searches names that are likely to be asked for, so that every thread finds them searched, for as long as
    /// `go_on` says. No answer depends on it. Once for an engine; what is expected later is ignored.
    pub fn expect_names(&self, asked: &[Asked], go_on: impl FnMut() -> bool) {
        self.index.expect_names(asked, go_on);
    }

    /// The addresses of the lists.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The owners that the lists and the policy's ownership file name.
    pub fn ownership(&self) -> &Ownership {
        &self.ownership
    }

    /// Which rows list the same party.
    pub fn parties(&self) -> &Parties {
        &self.parties
    }

    /// The lists in force.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        self.index.snapshot()
    }

    /// The compiled names.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The policy in force.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The rules in force.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// The fingerprint of the policy and, where packs were added or switched off, of those: what the answers carry.
    pub fn policy_fingerprint(&self) -> String {
        match self.rules.digest() {
            None => self.policy.fingerprint().to_owned(),
            Some(packs) => format!("{}+packs:{packs}", self.policy.fingerprint()),
        }
    }

    /// The bounds in force.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Screens one shipment. A shipment that is empty or beyond a limit is answered with [`Outcome::Refused`].
    pub fn screen(&self, shipment: &Shipment, scratch: &mut Scratch) -> Screening {
        scratch.matcher.halt().set(None);
        self.screen_to_the_end(shipment, scratch)
    }

    /// Screens one shipment, unless `stop` says on the way that nobody waits for the answer any more.
    ///
    /// # Errors
    /// [`Stopped`]: then nothing is known about the shipment.
    pub fn screen_until(
        &self,
        shipment: &Shipment,
        stop: Arc<dyn Stop>,
        scratch: &mut Scratch,
    ) -> Result<Screening, Stopped> {
        scratch.matcher.halt().set(Some(stop));
        let screening = self.screen_to_the_end(shipment, scratch);
        if scratch.matcher.halt().take() { Err(Stopped) } else { Ok(screening) }
    }

    /// The answer, void when the halt fell due on the way.
    fn screen_to_the_end(&self, shipment: &Shipment, scratch: &mut Scratch) -> Screening {
        let mut problems = self.limits.problems(shipment);
        if !problems.is_empty() {
            problems.extend(shipment.unread.iter().map(|field| field.problem.clone()));
            return self.refuse(shipment.reference.clone(), problems);
        }
        let mut screening = self.answer(shipment.reference.clone());
        let Scratch { matcher, prepared } = scratch;
        let mut judge = judge::Judge::new(self, shipment, prepared);
        fields::each(shipment, |place, text| {
            if !matcher.halt().is_due() {
                judge.field(place, text, matcher);
            }
        });
        judge.numbers();
        let judged = judge.finish();
        let (findings, cut) = (judged.findings, judged.cut);
        screening.outcome = findings.iter().map(|f| self.policy.outcome_of(f)).max().unwrap_or(Outcome::NoFinding);
        if !cut.is_empty() {
            // What was not looked at to the end is never "no finding".
            screening.outcome = screening.outcome.max(Outcome::Review);
        }
        if shipment.unread.iter().any(|field| field.needs_review) {
            // A rule did without what it needed: that is never "no finding".
            screening.outcome = screening.outcome.max(Outcome::Review);
        }
        screening.problems = shipment.unread.iter().map(|field| field.problem.clone()).collect();
        screening.findings = findings;
        screening.limits_reached = cut;
        self.state_rules(shipment, judged.ran, &mut screening);
        screening.summary = explain::summary(&screening, &judged.clauses);
        screening
    }

    /// The answer to a record that could not even be read.
    pub fn refuse(&self, reference: String, problems: Vec<Problem>) -> Screening {
        let mut screening = Screening { outcome: Outcome::Refused, problems, ..self.answer(reference) };
        screening.summary = explain::summary(&screening, &[]);
        screening
    }

    /// Compares two names as screening does, whole against whole.
    pub fn compare(&self, left: &str, right: &str, kind: EntryKind) -> NameComparison {
        let best = self.compare_readings(left, right, kind);
        let is_match = best.0 >= self.policy.thresholds().party_review;
        let mut evidence = best.1;
        evidence.sort_by_key(|e| std::cmp::Reverse(e.points.abs()));
        let explanation = explain::comparison(best.0, is_match, &evidence);
        NameComparison { score: Score::clamped(i32::from(best.0)), is_match, evidence, explanation }
    }

    /// The best over the names either side gives and the ways their letters can be read.
    fn compare_readings(&self, left: &str, right: &str, kind: EntryKind) -> (u16, Vec<Evidence>) {
        let mut best = self.compare_pair(left, right, kind);
        for l in names_given(left) {
            for r in names_given(right) {
                if (l, r) == (left, right) {
                    continue;
                }
                let found = self.compare_pair(l, r, kind);
                // A part of a name is a little less than the name.
                let score = found.0.saturating_sub(30);
                if score > best.0 {
                    best = (score, found.1);
                    let detail = format!("one of several names given: {l} for {r}");
                    best.1.push(Evidence { name: "one_of_alternatives", points: -30, detail });
                }
            }
        }
        best
    }

    fn compare_pair(&self, left: &str, right: &str, kind: EntryKind) -> (u16, Vec<Evidence>) {
        let is_person = kind == EntryKind::Person;
        let plain = (Folded::of(left, Reading::Plain), Folded::of(right, Reading::Plain));
        let mut readings = vec![(Reading::Plain, 0)];
        if plain.0.has_look_alikes() || plain.1.has_look_alikes() {
            readings.push((Reading::LookAlike, 30));
        }
        if plain.0.is_foreign() || plain.1.is_foreign() {
            readings.push((Reading::Romanised, 40));
        }
        let mut best: Option<(u16, Vec<Evidence>)> = None;
        for (reading, cost) in readings {
            let (l, r) = (Folded::of(left, reading), Folded::of(right, reading));
            let (mut l_words, mut r_words) = (Vec::new(), Vec::new());
            parse(&l, l.tokens(), is_person, &*self.index, &mut l_words);
            parse(&r, r.tokens(), is_person, &*self.index, &mut r_words);
            let mut evidence = Vec::new();
            let (l, r) = (View { text: l.squeezed(), words: &l_words }, View { text: r.squeezed(), words: &r_words });
            let score = compare(l, r, Margins::Count, Some(&mut evidence)).score.saturating_sub(cost);
            if reading != Reading::Plain {
                evidence.push(Evidence {
                    name: if reading == Reading::LookAlike { "look_alike" } else { "romanised" },
                    points: -i32::from(cost),
                    detail: "letters of another script are read as Latin".to_owned(),
                });
            }
            if best.as_ref().is_none_or(|b| score > b.0) {
                best = Some((score, evidence));
            }
        }
        best.unwrap_or_default()
    }

    /// Finds rows by name, best first; at most `limit`.
    pub fn search(&self, name: &str, limit: usize, scratch: &mut Scratch) -> Vec<SearchHit<'_>> {
        let mut best: BTreeMap<u32, (u16, u32)> = BTreeMap::new();
        for (name, reading) in names_given(name).flat_map(|n| judge::readings(n).map(move |reading| (n, reading))) {
            self.index.nearest(name, reading, LEAST_FOUND, &mut scratch.matcher);
            for hit in scratch.matcher.hits() {
                let entry = self.index.name(hit.name).entry;
                let known = best.entry(entry).or_default();
                *known = (*known).max((hit.score, hit.name));
            }
        }
        let mut found: Vec<_> = best.into_iter().collect();
        found.sort_by_key(|&(entry, (score, _))| (std::cmp::Reverse(score), entry));
        found.truncate(limit);
        found
            .into_iter()
            .map(|(_, (score, name))| {
                let record = self.index.name(name);
                SearchHit {
                    entry: self.index.entry_of(record),
                    score: Score::clamped(i32::from(score)),
                    matched_name: &self.index.spelling(record).text,
                }
            })
            .collect()
    }

    fn state_rules(&self, shipment: &Shipment, ran: Vec<(Reason, Option<&'static str>)>, screening: &mut Screening) {
        let has_party = shipment.parties.iter().any(|p| !p.name.is_empty() || !p.other_names.is_empty())
            || shipment.vessels.iter().any(|v| !v.name.is_empty());
        let has_number = !shipment.parties.iter().all(|p| p.identifiers.is_empty())
            || shipment.vessels.iter().any(|v| !v.imo.is_empty());
        let has_goods = !shipment.goods.is_empty();
        let has_address = shipment.parties.iter().any(|p| !p.whole_address().is_empty());
        let has_text = has_goods || has_address;
        let mut stated = ran;
        for reason in BY_NAME {
            let cause = match reason {
                _ if !self.policy.is_on(reason) => Some("switched off by the policy"),
                Reason::PartyListed | Reason::PartyListedWeak | Reason::PartyWatch if !has_party => {
                    Some("the record names no party")
                }
                Reason::PartyIdentifier if !has_number && !has_text => Some("the record has no number and no text"),
                Reason::TextListed if !has_text => Some("the record has no text"),
                Reason::PartyAddress if !has_address => Some("the record gives no address of a party"),
                Reason::PartyAddress if self.addresses.is_empty() => Some("the lists have no address to compare with"),
                Reason::PartyOwnership if !has_party => Some("the record names no party"),
                Reason::PartyOwnership if self.ownership.is_empty() => {
                    Some("no owners are known: neither the lists nor an ownership file name any")
                }
                Reason::GoodsBrand | Reason::GoodsModel if !has_goods => Some("the record has no goods line"),
                _ => None,
            };
            stated.push((reason, cause));
        }
        for reason in Rules::REASONS.into_iter().filter(|r| !self.policy.is_on(*r)) {
            stated.push((reason, Some("switched off by the policy")));
        }
        stated.sort_unstable_by_key(|(reason, _)| *reason);
        for (reason, cause) in stated {
            match cause {
                Some(cause) => screening.rules_skipped.push(SkippedRule { rule: reason, cause }),
                None => screening.rules_run.push(reason),
            }
        }
    }

    fn answer(&self, reference: String) -> Screening {
        Screening {
            reference,
            outcome: Outcome::NoFinding,
            findings: Vec::new(),
            problems: Vec::new(),
            rules_run: Vec::new(),
            rules_skipped: Vec::new(),
            limits_reached: Vec::new(),
            snapshot: self.snapshot().fingerprint().to_owned(),
            policy: self.policy_fingerprint(),
            suppressors: self.policy.suppressors_fingerprint().to_owned(),
            ownership: self.ownership.fingerprint().to_owned(),
            engine: ENGINE.to_owned(),
            summary: String::new(),
            lists_used: Vec::new(),
        }
    }
}

/// The text itself, and the names in it where it says that it gives several.
fn names_given(text: &str) -> impl Iterator<Item = &str> {
    let announced = several(text).into_iter().map(move |at| &text[at]);
    std::iter::once(text).chain(alternatives(text)).chain(announced)
}

/// Strongest first: severity, score, place, span, list, entry; what is in the shadow stands behind the rest.
fn order(findings: &mut [(Place, Finding)]) {
    findings.sort_by(|(a_place, a), (b_place, b)| {
        let key = |place: &Place, f: &Finding| {
            (
                f.is_shadow,
                std::cmp::Reverse((f.severity as u8, f.score)),
                *place,
                f.spans.first().map(|s| (s.start, s.end)),
            )
        };
        let row = |f: &Finding| f.entry.as_ref().map(|e| (e.list.clone(), e.id.clone()));
        key(a_place, a)
            .cmp(&key(b_place, b))
            .then_with(|| row(a).cmp(&row(b)))
            .then_with(|| (a.reason, &a.matched_name).cmp(&(b.reason, &b.matched_name)))
    });
}

const _: () = assert!(Severity::Info as u8 == 0, "the policy's outcomes are indexed by severity");
