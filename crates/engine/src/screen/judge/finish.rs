//! The shipment as a whole: what fields say of each other, what the policy makes of it, and the rules.

use super::brands::{drop_brands_of_listed_names, is_brand};
use super::state::{Judge, Judged, MAX_FINDINGS};
use crate::fact::{Fact, Found};
use crate::matcher::StopCheck;
use crate::place::Place;
use crate::policy::Mode;
use crate::rule::{Known, Part};
use crate::screen::engine::Engine;
use crate::screen::{addresses, listings, owners};
use model::finding::{EntryReference, Evidence, EvidenceKind, Finding, Reason, Severity};
use model::ids::EntryId;
use model::snapshot::Snapshot;
use std::collections::BTreeMap;

impl Judge<'_> {
    /// What was found in all. What runs in shadow mode neither raises nor hides another finding.
    ///
    /// When `stop` is due on the way, the result is void.
    pub(in crate::screen) fn finish(mut self, stop: &mut StopCheck) -> Judged {
        for (found, truncated) in [
            addresses::judge(self.engine, self.shipment, self.prepared, &self.found, stop),
            owners::judge(self.engine, self.shipment, self.prepared, stop),
        ] {
            self.found.extend(found);
            self.truncated.extend(truncated);
        }
        self.keep_strongest(MAX_FINDINGS);
        self.say_left_out();
        raise_what_is_corroborated(&mut self.found, self.engine);
        listings::one_a_number(self.engine, self.shipment, &mut self.found);
        drop_brands_of_listed_names(&mut self.found, self.engine);
        for found in &mut self.found {
            let entry_now = |entry: &EntryReference| entry_now(self.engine, entry);
            self.engine.policy().settle(&mut found.finding, self.shipment, self.today, entry_now);
        }
        let ran = self.rules(stop);
        Judged { found: self.found, problems: self.problems, truncated: self.truncated, ran }
    }

    /// The findings of rules that need no name; they may combine with what names and brands have brought. What runs in
    /// shadow mode or is suppressed takes no part in a combination.
    fn rules(&mut self, stop: &mut StopCheck) -> Vec<(Reason, Option<&'static str>)> {
        let (engine, policy, shipment, today) = (self.engine, self.engine.policy(), self.shipment, self.today);
        let settle = |finding: &mut Finding| {
            policy.settle(finding, shipment, today, |entry| entry_now(engine, entry));
            may_combine(finding)
        };
        let parts: Vec<Part> = self
            .found
            .iter()
            .map(|found| &found.finding)
            .enumerate()
            .filter(|(_, f)| may_combine(f) && (f.entry.is_none() || f.severity > Severity::Info))
            .map(|(number, f)| Part { reason: f.reason, number })
            .collect();
        let known = Known { findings: self.found.len(), parts: &parts };
        let report =
            engine.rules().screen_until(shipment, self.prepared, |reason| policy.is_on(reason), settle, known, stop);
        let ruled = report.findings.into_iter().enumerate();
        self.found.extend(ruled.map(|(number, ruled)| Found {
            place: Place::Rule(number as u32),
            finding: ruled.finding,
            fact: Fact::Rule(ruled.fact),
        }));
        report.ran
    }
}

/// The fingerprint of an entry as it is in the loaded lists.
fn entry_now(engine: &Engine, entry: &EntryReference) -> Option<String> {
    engine.snapshot().entry(Some(entry.list.as_str()), &entry.id).map(Snapshot::entry_fingerprint)
}

/// A weak name of an entry that another field of the record names firmly is no longer weak.
fn raise_what_is_corroborated(all: &mut [Found], engine: &Engine) {
    let firm = all
        .iter()
        .filter(|Found { finding, .. }| {
            finding.severity >= Severity::Medium
                && finding.reason != Reason::PartyOwnership
                && engine.policy().mode(finding.reason) == Mode::On
        })
        .filter_map(|found| Some((listings::party(engine, found.entry()?), found.place)));
    // Of each party the first place that names it, and whether another one does.
    let mut named: BTreeMap<EntryId, (Place, bool)> = BTreeMap::new();
    for (party, place) in firm {
        let (first, is_in_others) = named.entry(party).or_insert((place, false));
        *is_in_others |= *first != place;
    }
    for found in all {
        let Some(entry) = found.entry() else { continue };
        let (place, finding) = (found.place, &mut found.finding);
        // An address or an owner that points to an entry is not a name of it.
        let is_weak = finding.severity <= Severity::Low
            && !is_brand(finding.reason)
            && !matches!(finding.reason, Reason::PartyAddress | Reason::PartyOwnership);
        let is_named_elsewhere = |(first, is_in_others): &(Place, bool)| *is_in_others || *first != place;
        if is_weak && named.get(&listings::party(engine, entry)).is_some_and(is_named_elsewhere) {
            let effect = engine.snapshot().entry_at(entry).effect;
            finding.severity = Severity::Medium.min(engine.policy().ceiling(effect));
            let detail = "another field of the record names the same entry";
            finding.evidence.push(Evidence::new(EvidenceKind::Corroborated, 0, detail));
        }
    }
}

/// Whether a finding may take part in a combination.
fn may_combine(finding: &Finding) -> bool {
    !finding.is_shadow && finding.suppressions.iter().all(|s| s.lowered_from.is_none())
}
