//! Policy: what the operator wants made of findings, as a file with a fingerprint.
//!
//! The defaults are `default.toml` beside this module's files, embedded, commented, and the reference text for every key. A
//! policy file may give any subset of it; an unknown key or a value out of range is an error that names the line and
//! the key. `docs/policy.md` is the text for compliance officers.

mod error;
mod ownership;
mod read;
mod scope;
mod show;
mod source;
mod suppress;
mod words;

pub use error::Error;
pub use ownership::{Edge, FileError, OwnershipFile};
pub use scope::FieldKind;
pub use words::Mode;

use jiff::civil::Date;
use model::EvidenceMode;
use model::entry::Effect;
use model::finding::{EntryReference, Finding, Outcome, Reason, Severity};
use model::shipment::{Role, Shipment};
use model::snapshot::Snapshot;
use scope::{About, Scope};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use suppress::Suppressor;

/// The default policy file.
pub const DEFAULT_TEXT: &str = include_str!("policy/default.toml");

/// A checked policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    thresholds: Thresholds,
    overrides: Vec<Override>,
    ceilings: [Severity; Effect::ALL.len()],
    outcomes: [Outcome; 4],
    effect_outcomes: [[Option<Outcome>; 4]; Effect::ALL.len()],
    modes: [Mode; Reason::ALL.len()],
    bis_affiliates: Switch,
    evidence: Option<EvidenceMode>,
    suppressors: Vec<Suppressor>,
    ownership: Arc<OwnershipFile>,
    fingerprint: String,
    suppressors_fingerprint: String,
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

/// The least scores that apply to one entry in one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Below this nothing is reported.
    pub review: u16,
    /// From this on it can hold.
    pub hold: u16,
}

/// Least scores for some lists, effects, roles or fields.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Override {
    scope: Scope,
    review: Option<u16>,
    hold: Option<u16>,
}

/// How the state of a dated rule is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// From the dated facts that ship, by the date of the screening.
    Dated,
    /// Set by the operator: in force.
    InForce,
    /// Set by the operator: suspended.
    Suspended,
}

impl Switch {
    /// The word in policy files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dated => "dated",
            Self::InForce => "in_force",
            Self::Suspended => "suspended",
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::blank().with(DEFAULT_TEXT, "default policy").expect("the policy that ships is read by a test")
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

    /// This policy with the owners that a user's file names.
    pub fn with_ownership(mut self, file: OwnershipFile) -> Self {
        self.ownership = Arc::new(file);
        self.seal();
        self
    }

    /// This policy with the rules behind these reasons off.
    pub fn without(mut self, reasons: &[Reason]) -> Self {
        for reason in reasons {
            self.modes[*reason as usize] = Mode::Off;
        }
        self.seal();
        self
    }

    /// The owners that the user's file names; empty when there is none.
    pub fn ownership(&self) -> &OwnershipFile {
        &self.ownership
    }

    /// `sha256:` and 64 hexadecimal digits over every setting, whichever file or default it came from, and over the
    /// ownership file.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The same over the suppressors alone; empty when there are none.
    pub fn suppressors_fingerprint(&self) -> &str {
        &self.suppressors_fingerprint
    }

    /// The least scores, where nothing nearer is set.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// The least score that any setting asks of a name in a name field or, `in_text`, in running text: below it nothing
    /// needs to be looked for.
    pub fn floor(&self, in_text: bool) -> u16 {
        let base = if in_text { self.thresholds.text_review } else { self.thresholds.party_review };
        self.overrides.iter().filter_map(|o| o.review).fold(base, u16::min)
    }

    /// The least scores for an entry of this list and effect in this field: the nearest setting wins, of equally near ones
    /// the last.
    pub fn limits(&self, list: &str, effect: Effect, role: Option<Role>, field: FieldKind) -> Limits {
        let in_text = !matches!(field, FieldKind::PartyName | FieldKind::VesselName);
        let review = if in_text { self.thresholds.text_review } else { self.thresholds.party_review };
        let mut limits = Limits { review, hold: self.thresholds.party_hold };
        if self.overrides.is_empty() {
            return limits;
        }
        let about = About { list: Some(list), effect: Some(effect), role, field };
        let (mut review_at, mut hold_at) = (0, 0);
        for near in self.overrides.iter().filter(|o| o.scope.takes(about)) {
            let nearness = near.scope.nearness();
            if let Some(review) = near.review.filter(|_| nearness >= review_at) {
                (limits.review, review_at) = (review, nearness);
            }
            if let Some(hold) = near.hold.filter(|_| nearness >= hold_at) {
                (limits.hold, hold_at) = (hold, nearness);
            }
        }
        limits
    }

    /// What becomes of the rule behind a reason.
    pub fn mode(&self, reason: Reason) -> Mode {
        self.modes[reason as usize]
    }

    /// Whether the rule behind a reason runs, be it in shadow mode.
    pub fn is_on(&self, reason: Reason) -> bool {
        self.mode(reason) != Mode::Off
    }

    /// How the state of the BIS affiliates rule is found.
    pub fn bis_affiliates(&self) -> Switch {
        self.bis_affiliates
    }

    /// When an answer may leave, as far as this policy says it; the engine only carries it.
    pub fn evidence(&self) -> Option<EvidenceMode> {
        self.evidence
    }

    /// The most that an entry of this effect can ask for.
    pub fn ceiling(&self, effect: Effect) -> Severity {
        self.ceilings[effect as usize]
    }

    /// What findings of this severity make of a shipment, where no effect says otherwise.
    pub fn outcome(&self, severity: Severity) -> Outcome {
        self.outcomes[severity as usize]
    }

    /// What one finding makes of a shipment; nothing when its rule runs in shadow mode.
    pub fn outcome_of(&self, finding: &Finding) -> Outcome {
        if finding.is_shadow {
            return Outcome::NoFinding;
        }
        let of_effect =
            finding.entry.as_ref().and_then(|e| self.effect_outcomes[e.effect as usize][finding.severity as usize]);
        of_effect.unwrap_or_else(|| self.outcome(finding.severity))
    }

    /// Marks a finding of a rule in shadow mode, lowers one that is suppressed, and leaves the trace on it.
    ///
    /// To be called once for each finding, when its severity is settled and before the findings are combined: what
    /// runs in shadow mode or is suppressed must not raise others.
    /// `today` is the caller's day; it decides whether a suppressor has expired where the record gives no `as_of`.
    /// `entry_now` gives the fingerprint of an entry in the loaded lists ([`Snapshot::entry_fingerprint`]); it is asked for where a
    /// suppressor is bound to an entry.
    pub fn settle(
        &self,
        finding: &mut Finding,
        shipment: &Shipment,
        today: Option<Date>,
        entry_now: impl Fn(&EntryReference) -> Option<String>,
    ) {
        finding.is_shadow = self.mode(finding.reason) == Mode::Shadow;
        for suppressor in &self.suppressors {
            suppressor.apply(finding, shipment, today, &entry_now);
        }
    }

    /// Whether a suppressor names an entry, so that it can be void for some lists.
    pub fn names_rows(&self) -> bool {
        self.suppressors.iter().any(|s| s.entry.is_some())
    }

    /// Suppressors that are void for these lists, or not bound to the entry they name; empty when there is none.
    pub fn void_suppressors(&self, lists: &Snapshot) -> Vec<String> {
        let void = |s: &Suppressor| s.void_for(lists).map(|why| format!("suppressor {}: {why}", s.id));
        self.suppressors.iter().filter_map(void).collect()
    }

    /// What a person should know about this policy before it goes live; empty when there is nothing.
    pub fn warnings(&self, as_of: Option<Date>) -> Vec<String> {
        let mut warnings = Vec::new();
        for suppressor in &self.suppressors {
            if suppressor.is_broad() {
                warnings.push(format!(
                    "suppressor {}: it names neither a text nor an entry, so it applies to everything of its lists, fields and roles",
                    suppressor.id
                ));
            }
            if as_of.is_some_and(|day| suppressor.expires < day) {
                warnings.push(format!("suppressor {}: it expired on {}", suppressor.id, suppressor.expires));
            }
        }
        for reason in Reason::ALL.into_iter().filter(|r| self.mode(*r) != Mode::On) {
            warnings.push(format!("rule {}: it is {}", reason.as_str(), self.mode(reason).as_str()));
        }
        for effect in [Effect::Blocking, Effect::Licence] {
            let strongest = self.effect_outcomes[effect as usize][Severity::High as usize];
            if self.ceiling(effect) < Severity::High
                || strongest.unwrap_or(self.outcome(Severity::High)) < Outcome::Hold
            {
                warnings.push(format!("effect {}: no entry of it can hold a shipment", effect.as_str()));
            }
        }
        warnings
    }
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold("sha256:".to_owned(), |mut out, byte| {
        out.push_str(&format!("{byte:02x}"));
        out
    })
}

#[cfg(test)]
mod tests;
