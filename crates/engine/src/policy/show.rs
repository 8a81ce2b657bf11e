//! A policy written out whole: what `policy show` prints and what the fingerprint covers.

use super::suppress::Suppressor;
use super::words::severity_word;
use super::{Policy, sha256};
use model::entry::Effect;
use model::finding::{Outcome, Reason, Severity};
use std::fmt::Write as _;

impl Policy {
    /// Every setting in force as a policy file, suppressors included. Reading it gives this policy again.
    pub fn to_toml(&self) -> String {
        self.written(Suppressor::block)
    }

    /// The settings with a block for each suppressor.
    fn written(&self, block: impl Fn(&Suppressor) -> String) -> String {
        let blocks = self.suppressors.iter().map(|suppressor| format!("\n{}", block(suppressor)));
        self.settings() + &blocks.collect::<String>()
    }

    fn settings(&self) -> String {
        // What is not set is not written, so that it changes no fingerprint.
        let evidence = self.evidence.map_or_else(String::new, |mode| format!("evidence = {:?}\n\n", mode.as_str()));
        let mut out = format!(
            "{evidence}[thresholds]\nparty_review = {}\nparty_hold = {}\ntext_review = {}\n",
            self.thresholds.party_review, self.thresholds.party_hold, self.thresholds.text_review
        );
        for near in &self.overrides {
            let _ = write!(out, "\n[[threshold]]\n{}", near.scope.line());
            for (key, value) in [("review", near.review), ("hold", near.hold)] {
                if let Some(value) = value {
                    let _ = writeln!(out, "{key} = {value}");
                }
            }
        }
        out.push_str("\n[effects]\n");
        for effect in Effect::ALL {
            let _ = writeln!(out, "{} = {:?}", effect.as_str(), severity_word(self.ceiling(effect)));
        }
        out.push_str("\n[outcomes]\n");
        for severity in Severity::ALL {
            let _ = writeln!(out, "{} = {:?}", severity_word(severity), outcome_word(self.outcome(severity)));
        }
        for effect in Effect::ALL {
            let rows = self.effect_outcomes[effect as usize];
            if rows.iter().any(Option::is_some) {
                let _ = writeln!(out, "\n[outcomes.{}]", effect.as_str());
            }
            for severity in Severity::ALL {
                if let Some(outcome) = rows[severity as usize] {
                    let _ = writeln!(out, "{} = {:?}", severity_word(severity), outcome_word(outcome));
                }
            }
        }
        out.push_str("\n[rules]\n");
        for reason in Reason::ALL {
            let _ = writeln!(out, "{} = {:?}", reason.as_str(), self.mode(reason).as_str());
        }
        let _ = write!(out, "\n[switches]\nbis_affiliates = {:?}\n", self.bis_affiliates.as_str());
        out
    }

    /// Takes the fingerprints once everything is read.
    pub(super) fn seal(&mut self) {
        let suppressors: String = self.suppressors.iter().map(Suppressor::sealed).collect();
        self.suppressors_fingerprint = if suppressors.is_empty() { String::new() } else { sha256(&suppressors) };
        let settings = self.written(Suppressor::sealed);
        self.fingerprint = sha256(&format!("policy 2\n{settings}ownership {}\n", self.ownership.fingerprint()));
    }
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NoFinding => "no_finding",
        Outcome::Review => "review",
        Outcome::Hold | Outcome::Refused => "hold",
    }
}
