//! Policy: what the operator wants made of findings, as a file with a fingerprint.
//!
//! The defaults are `src/policy/default.toml`, embedded, commented, and the reference text for every key. A
//! policy file may give any subset of it; an unknown key or a value out of range is an error.

use crate::entry::Effect;
use crate::finding::{Outcome, Reason, Severity};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The default policy file.
pub const DEFAULT_TEXT: &str = include_str!("policy/default.toml");

/// A checked policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    thresholds: Thresholds,
    effects: BTreeMap<EffectKey, Severity>,
    outcomes: [Outcome; 4],
    off: Vec<Reason>,
    fingerprint: String,
}

/// Least scores, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// A party name below this is not reported.
    pub party_review: u16,
    /// A party name from this on can hold a shipment.
    pub party_hold: u16,
    /// A name in running text below this is not reported.
    pub text_review: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct EffectKey(Effect);

/// Why a policy file was refused.
#[derive(Debug, thiserror::Error)]
#[error("{origin}: {what}")]
pub struct Error {
    origin: String,
    what: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    thresholds: ThresholdRows,
    effects: BTreeMap<String, String>,
    outcomes: OutcomeRows,
    reasons: ReasonRows,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ThresholdRows {
    party_review: Option<u16>,
    party_hold: Option<u16>,
    text_review: Option<u16>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct OutcomeRows {
    high: Option<String>,
    medium: Option<String>,
    low: Option<String>,
    info: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ReasonRows {
    off: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        let blank = Self {
            thresholds: Thresholds { party_review: 0, party_hold: 0, text_review: 0 },
            effects: BTreeMap::new(),
            outcomes: [Outcome::NoFinding; 4],
            off: Vec::new(),
            fingerprint: String::new(),
        };
        blank.with(DEFAULT_TEXT, "default policy").expect("the policy that ships is read by a test")
    }
}

impl Policy {
    /// Reads a policy file's text; `origin` names the file in errors. What the file does not say is the default.
    ///
    /// # Errors
    /// Unknown keys, unknown words and values out of range, with the line and key.
    pub fn from_toml(text: &str, origin: &str) -> Result<Self, Error> {
        Self::default().with(text, origin)
    }

    fn with(mut self, text: &str, origin: &str) -> Result<Self, Error> {
        let fail = |what: String| Error { origin: origin.to_owned(), what };
        let file: File = toml::from_str(text).map_err(|e| fail(e.to_string().trim_end().to_owned()))?;
        for (key, given, field) in [
            ("party_review", file.thresholds.party_review, &mut self.thresholds.party_review),
            ("party_hold", file.thresholds.party_hold, &mut self.thresholds.party_hold),
            ("text_review", file.thresholds.text_review, &mut self.thresholds.text_review),
        ] {
            if let Some(given) = given {
                if !(500..=1000).contains(&given) {
                    return Err(fail(format!("thresholds.{key} is {given}, expected 500 to 1000 thousandths")));
                }
                *field = given;
            }
        }
        if self.thresholds.party_hold < self.thresholds.party_review {
            return Err(fail("thresholds.party_hold is below thresholds.party_review".to_owned()));
        }
        for (word, severity) in &file.effects {
            let effect = Effect::parse(word).ok_or_else(|| {
                let known: Vec<_> = Effect::ALL.iter().map(|e| e.as_str()).collect();
                fail(format!("effects.{word} is no effect, expected one of {}", known.join(", ")))
            })?;
            let severity = severity_of(severity)
                .ok_or_else(|| fail(format!("effects.{word} is `{severity}`, expected high, medium, low or info")))?;
            self.effects.insert(EffectKey(effect), severity);
        }
        for (at, key, given) in [
            (0, "info", &file.outcomes.info),
            (1, "low", &file.outcomes.low),
            (2, "medium", &file.outcomes.medium),
            (3, "high", &file.outcomes.high),
        ] {
            let Some(word) = given else { continue };
            self.outcomes[at] = match word.as_str() {
                "no_finding" => Outcome::NoFinding,
                "review" => Outcome::Review,
                "hold" => Outcome::Hold,
                _ => return Err(fail(format!("outcomes.{key} is `{word}`, expected no_finding, review or hold"))),
            };
        }
        for word in &file.reasons.off {
            let reason = Reason::ALL
                .into_iter()
                .find(|r| r.as_str() == word)
                .ok_or_else(|| fail(format!("reasons.off names `{word}`, which is no reason")))?;
            self.off.push(reason);
        }
        self.off.sort_unstable();
        self.off.dedup();
        self.fingerprint = self.digest();
        Ok(self)
    }

    /// `sha256:` and 64 hexadecimal digits over every setting, whichever file or default it came from.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The least scores.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// Whether findings of this reason are reported.
    pub fn is_on(&self, reason: Reason) -> bool {
        !self.off.contains(&reason)
    }

    /// The most that a row of this effect can ask for.
    pub fn ceiling(&self, effect: Effect) -> Severity {
        self.effects.get(&EffectKey(effect)).copied().unwrap_or(Severity::High)
    }

    /// What findings of this severity make of a shipment.
    pub fn outcome(&self, severity: Severity) -> Outcome {
        self.outcomes[severity as usize]
    }

    fn digest(&self) -> String {
        let mut text = format!(
            "policy 1\nparty_review {}\nparty_hold {}\ntext_review {}\n",
            self.thresholds.party_review, self.thresholds.party_hold, self.thresholds.text_review
        );
        for effect in Effect::ALL {
            text.push_str(&format!("{} {:?}\n", effect.as_str(), self.ceiling(effect)));
        }
        for outcome in self.outcomes {
            text.push_str(outcome.as_str());
            text.push('\n');
        }
        for reason in &self.off {
            text.push_str(&format!("off {}\n", reason.as_str()));
        }
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().fold("sha256:".to_owned(), |mut out, byte| {
            out.push_str(&format!("{byte:02x}"));
            out
        })
    }
}

fn severity_of(word: &str) -> Option<Severity> {
    match word {
        "high" => Some(Severity::High),
        "medium" => Some(Severity::Medium),
        "low" => Some(Severity::Low),
        "info" => Some(Severity::Info),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_states_every_setting() {
        let policy = Policy::default();
        assert_eq!(policy.thresholds().party_review, 700);
        assert_eq!(policy.effects.len(), Effect::ALL.len());
        assert_eq!(policy.outcome(Severity::High), Outcome::Hold);
        assert_eq!(Policy::from_toml(DEFAULT_TEXT, "again").expect("default parses"), policy);
    }

    #[test]
    fn a_file_changes_what_it_names_and_the_fingerprint() {
        let policy = Policy::from_toml("[effects]\ninvestment = \"medium\"\n", "p.toml").expect("policy parses");
        assert_eq!(policy.ceiling(Effect::Investment), Severity::Medium);
        assert_ne!(policy.fingerprint(), Policy::default().fingerprint());
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("[thresholds]\nparty_revue = 700\n", "party_revue"),
            ("[thresholds]\nparty_hold = 1200\n", "thresholds.party_hold is 1200"),
            ("[effects]\nbanned = \"high\"\n", "effects.banned is no effect"),
            ("[outcomes]\nhigh = \"approve\"\n", "outcomes.high is `approve`"),
            ("[reasons]\noff = [\"PARTY\"]\n", "`PARTY`, which is no reason"),
        ] {
            let error = Policy::from_toml(text, "p.toml").expect_err(text).to_string();
            assert!(error.starts_with("p.toml: ") && error.contains(expected), "{error}");
        }
    }
}
