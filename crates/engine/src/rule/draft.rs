//! A finding of a rule in the making.

use super::fact::{RuleFact, Ruled};
use super::pack::Fact;
use model::finding::{Evidence, EvidenceKind, Finding, Reason, Score, Severity, Span};

/// A finding being made.
pub(super) struct Draft<'a> {
    pub(super) reason: Reason,
    pub(super) severity: Severity,
    pub(super) score: u16,
    pub(super) path: String,
    /// The text of the field and the byte ranges in it.
    pub(super) spans: Vec<Span>,
    pub(super) matched: String,
    pub(super) fact: Option<&'a Fact>,
    pub(super) evidence: Vec<Evidence>,
    /// What it says.
    pub(super) says: RuleFact,
}

impl Draft<'_> {
    pub(super) fn finish(self) -> Ruled {
        let mut evidence = self.evidence;
        if let Some(fact) = self.fact {
            let read = if fact.read.is_empty() { String::new() } else { format!(", read {}", fact.read) };
            evidence.push(Evidence { kind: EvidenceKind::Pack, points: 0, detail: format!("{}{read}", fact.pack) });
        }
        let finding = Finding {
            score: Score::clamped(i32::from(self.score)),
            spans: self.spans,
            matched_name: self.matched,
            citations: self.fact.map(|f| f.citation.clone()).into_iter().collect(),
            effective: self.fact.and_then(|f| f.since),
            evidence,
            ..Finding::new(self.reason, self.severity, self.path)
        };
        Ruled { finding, fact: self.says }
    }
}

/// A span of the tokens `first..=last`.
pub(super) fn span(text: &str, folded: &text::Folded, first: usize, last: usize) -> Span {
    let (from, to) = (folded.tokens()[first], folded.tokens()[last]);
    let (start, end) = folded.original(from.start as usize, to.end as usize);
    Span { start, end, text: text[start as usize..end as usize].to_owned() }
}

/// The span of the whole text.
pub(super) fn whole(text: &str) -> Vec<Span> {
    if text.is_empty() { Vec::new() } else { vec![Span { start: 0, end: text.len() as u32, text: text.to_owned() }] }
}
