//! From the text of a policy file to a checked policy.

use super::error::Error;
use super::source::{EffectOutcomeRows, File, Source};
use super::suppress::Suppressor;
use super::words::Mode;
use super::{Override, Policy, Switch, Thresholds};
use model::EvidenceMode;
use model::entry::Effect;
use model::finding::{Outcome, Reason, Severity};
use std::sync::Arc;

impl Policy {
    /// Before any file is read; the default file sets everything.
    pub(super) fn blank() -> Self {
        Self {
            thresholds: Thresholds { party_review: 0, party_hold: 0, text_review: 0 },
            overrides: Vec::new(),
            ceilings: [Severity::High; Effect::ALL.len()],
            outcomes: [Outcome::NoFinding; 4],
            effect_outcomes: [[None; 4]; Effect::ALL.len()],
            modes: [Mode::On; Reason::ALL.len()],
            bis_affiliates: Switch::Dated,
            evidence: None,
            suppressors: Vec::new(),
            ownership: Arc::default(),
            fingerprint: String::new(),
            suppressors_fingerprint: String::new(),
        }
    }

    /// This policy with what the text says instead.
    pub(super) fn with(mut self, text: &str, origin: &str) -> Result<Self, Error> {
        let source = Source { origin, text };
        let file = source.parse()?;
        self.read_thresholds(&source, &file)?;
        for (word, severity) in &file.effects {
            let key = format!("effects.{}", word.get_ref());
            let effect = source.effect(word, "effects")?;
            self.ceilings[effect as usize] = source.severity(severity, &key)?;
        }
        self.read_outcomes(&source, &file)?;
        for (word, mode) in &file.rules {
            let reason = source.reason(word, "rules")?;
            self.modes[reason as usize] = source.mode(mode, &format!("rules.{}", word.get_ref()))?;
        }
        if let Some(word) = &file.switches.bis_affiliates {
            let all = [Switch::Dated, Switch::InForce, Switch::Suspended];
            self.bis_affiliates = source.word(word, "switches.bis_affiliates", &all, Switch::as_str)?;
        }
        if let Some(word) = &file.evidence {
            self.evidence = Some(source.word(word, "evidence", &EvidenceMode::ALL, EvidenceMode::as_str)?);
        }
        for row in &file.suppressor {
            let suppressor = Suppressor::read(&source, row)?;
            if self.suppressors.iter().any(|s| s.id == suppressor.id) {
                let what = format!("is `{}`, which another suppressor has already", suppressor.id);
                return Err(source.wrong(&row.get_ref().id, "suppressor.id", &what));
            }
            self.suppressors.push(suppressor);
        }
        self.seal();
        Ok(self)
    }

    fn read_thresholds(&mut self, source: &Source<'_>, file: &File) -> Result<(), Error> {
        for (key, given, field) in [
            ("thresholds.party_review", &file.thresholds.party_review, &mut self.thresholds.party_review),
            ("thresholds.party_hold", &file.thresholds.party_hold, &mut self.thresholds.party_hold),
            ("thresholds.text_review", &file.thresholds.text_review, &mut self.thresholds.text_review),
        ] {
            if let Some(given) = given {
                *field = source.thousandths(given, key)?;
            }
        }
        if self.thresholds.party_hold < self.thresholds.party_review {
            let what = format!("is below thresholds.party_review, which is {}", self.thresholds.party_review);
            let at = file.thresholds.party_hold.as_ref().or(file.thresholds.party_review.as_ref());
            return Err(at.map_or_else(
                || Error { origin: source.origin.to_owned(), line: 1, key: String::new(), what: what.clone() },
                |at| source.wrong(at, "thresholds.party_hold", &what),
            ));
        }
        for row in &file.threshold {
            let given = row.get_ref();
            let scope = source.scope("threshold", &given.list, &given.effect, &given.role, &given.field)?;
            if scope.nearness() == 0 {
                let what = "names no list, effect, role or field; [thresholds] is for all of them";
                return Err(source.wrong(row, "threshold", what));
            }
            let read = |value: &Option<_>, key| value.as_ref().map(|v| source.thousandths(v, key)).transpose();
            let (review, hold) = (read(&given.review, "threshold.review")?, read(&given.hold, "threshold.hold")?);
            match (review, hold) {
                (None, None) => return Err(source.wrong(row, "threshold", "sets neither review nor hold")),
                (Some(review), Some(hold)) if hold < review => {
                    return Err(source.wrong(row, "threshold.hold", "is below threshold.review"));
                }
                _ => self.overrides.push(Override { scope, review, hold }),
            }
        }
        Ok(())
    }

    fn read_outcomes(&mut self, source: &Source<'_>, file: &File) -> Result<(), Error> {
        let rows = &file.outcomes;
        let of_severity = [
            (Severity::Info, "info", &rows.info),
            (Severity::Low, "low", &rows.low),
            (Severity::Medium, "medium", &rows.medium),
            (Severity::High, "high", &rows.high),
        ];
        for (severity, word, given) in of_severity {
            if let Some(given) = given {
                self.outcomes[severity as usize] = source.outcome(given, &format!("outcomes.{word}"))?;
            }
        }
        let of_effect: [(Effect, &Option<EffectOutcomeRows>); Effect::ALL.len()] = [
            (Effect::Blocking, &rows.blocking),
            (Effect::Licence, &rows.licence),
            (Effect::Investment, &rows.investment),
            (Effect::Procurement, &rows.procurement),
            (Effect::Equipment, &rows.equipment),
            (Effect::ForcedLabour, &rows.forced_labour),
            (Effect::Watch, &rows.watch),
        ];
        for (effect, rows) in of_effect {
            let Some(rows) = rows else { continue };
            for (severity, word, given) in [
                (Severity::Info, "info", &rows.info),
                (Severity::Low, "low", &rows.low),
                (Severity::Medium, "medium", &rows.medium),
                (Severity::High, "high", &rows.high),
            ] {
                if let Some(given) = given {
                    let key = format!("outcomes.{}.{word}", effect.as_str());
                    self.effect_outcomes[effect as usize][severity as usize] = Some(source.outcome(given, &key)?);
                }
            }
        }
        Ok(())
    }
}
