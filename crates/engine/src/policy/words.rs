//! Words of policy files.

use model::finding::Severity;

/// What becomes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It runs and counts.
    On,
    /// It does not run.
    Off,
    /// Shadow mode: it runs, its findings are recorded as such, and the outcome does not depend on them.
    Shadow,
}

impl Mode {
    /// The word in policy files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Shadow => "shadow",
        }
    }
}

/// The word for a severity in policy files.
pub(super) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "info",
    }
}
