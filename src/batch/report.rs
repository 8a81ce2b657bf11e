//! What a run amounted to: counts that add up from chunk to chunk and survive in the checkpoint.

use crate::wording::{counted, grouped};
use model::finding::Outcome;
use records::Cause;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wire::v1;

/// How many places are named for each cause.
const PLACES: usize = 5;

/// Counts of a run or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Records answered, refused ones included.
    pub rows: u64,
    /// How often each outcome occurred, in the order of [`OUTCOMES`].
    pub outcomes: [u64; 4],
    /// Findings by reason.
    pub findings: BTreeMap<String, u64>,
    /// Refused records by cause.
    pub rejected: BTreeMap<String, Rejected>,
}

/// Refused records of one cause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// How many.
    pub count: u64,
    /// The first of them, as file and line.
    pub first: Vec<String>,
}

/// Outcomes from the worst that was screened to what could not be.
pub const OUTCOMES: [Outcome; 4] = [Outcome::Hold, Outcome::Review, Outcome::NoFinding, Outcome::Refused];

impl Report {
    /// Counts one answer; `place` and `cause` are asked for only when the record was refused.
    pub fn count(&mut self, screening: &v1::Screening, cause: Option<&Cause>, place: impl Fn() -> String) {
        use v1::screening::Outcome as Wire;
        self.rows += 1;
        let slot = match screening.outcome() {
            Wire::Hold => 0,
            Wire::Review => 1,
            Wire::NoFinding => 2,
            // An answer without an outcome is no answer: it counts as refused.
            Wire::Refused | Wire::Unspecified => 3,
        };
        self.outcomes[slot] += 1;
        for finding in &screening.findings {
            match self.findings.get_mut(finding.reason().as_str_name()) {
                Some(count) => *count += 1,
                None => {
                    self.findings.insert(finding.reason().as_str_name().to_owned(), 1);
                }
            }
        }
        if slot == 3 {
            let label = cause.map_or_else(|| field_label(screening), |c| c.label().to_owned());
            let rejected = self.rejected.entry(label).or_default();
            rejected.count += 1;
            if rejected.first.len() < PLACES {
                rejected.first.push(place());
            }
        }
    }

    /// Adds what came after.
    pub fn add(&mut self, later: Self) {
        self.rows += later.rows;
        for (sum, more) in self.outcomes.iter_mut().zip(later.outcomes) {
            *sum += more;
        }
        for (reason, count) in later.findings {
            *self.findings.entry(reason).or_default() += count;
        }
        for (cause, more) in later.rejected {
            let sum = self.rejected.entry(cause).or_default();
            sum.count += more.count;
            let room = PLACES.saturating_sub(sum.first.len());
            sum.first.extend(more.first.into_iter().take(room));
        }
    }

    /// How often an outcome occurred.
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        OUTCOMES.iter().zip(self.outcomes).find(|(o, _)| **o == outcome).map_or(0, |(_, n)| n)
    }

    /// Whether `worst` or something worse occurred. A refused record is unanswered, hence as bad as any.
    pub fn reaches(&self, worst: Outcome) -> bool {
        OUTCOMES.iter().zip(self.outcomes).any(|(outcome, count)| count > 0 && *outcome >= worst)
    }

    /// `1,204 shipments: 3 HOLD, 12 REVIEW, 1,189 NO_FINDING, 0 REFUSED`.
    pub fn line(&self) -> String {
        let counts: Vec<_> =
            OUTCOMES.iter().zip(self.outcomes).map(|(o, n)| format!("{} {}", grouped(n), o.as_str())).collect();
        format!("{}: {}", counted(self.rows, "shipment", "shipments"), counts.join(", "))
    }
}

/// The field at fault without its numbers, so that a million bad countries are one cause.
fn field_label(screening: &v1::Screening) -> String {
    let Some(problem) = screening.problems.first() else { return "no cause given".to_owned() };
    if problem.field_path.is_empty() {
        return "record".to_owned();
    }
    format!("field {}", problem.field_path.chars().filter(|c| !c.is_ascii_digit()).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_counts_as_the_worst() {
        let mut report = Report::default();
        let refused = current::screener::Identity::default().refuse(String::new(), "x".to_owned());
        report.count(&refused, Some(&Cause::Encoding), || "f:2".to_owned());
        assert!(report.reaches(Outcome::Hold));
        let mut sum = Report::default();
        assert!(!sum.reaches(Outcome::Review));
        sum.add(report);
        assert_eq!(sum.rejected["not UTF-8"].first, ["f:2"]);
        assert_eq!(sum.line(), "1 shipment: 0 HOLD, 0 REVIEW, 0 NO_FINDING, 1 REFUSED");
    }
}
