//! The comparison itself: alignment, weights, contradictions, order, numbers and legal forms, in integers.
//!
//! Two names are aligned word by word; [`NameFeatures`] sums up what agrees and what does not; a [`Scorecard`] takes
//! off what else counts against a match, step by step.

mod charges;
mod evidence;
mod features;
mod forms;
mod order;
mod persons;

use super::align::align;
use super::alignment::{Alignment, Pair, words_of};
use super::model::charges::{LOW, MOST_FOR_UNEQUAL, TOP, respaced_same};
use super::model::words::LIGHT;
use super::word::{View, Word};
use charges::Scorecard;
use features::NameFeatures;
pub(super) use forms::{Forms, legal_forms};
use model::finding::{Evidence, EvidenceKind};
use persons::{PersonFeatures, usual_worth};

/// How alike two names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// 0..=1000; 1000 only for names that are equal letter for letter once folded.
    pub score: u16,
    /// In [`Margins::Free`], the words of the left side that the name covers, as a range; the whole side otherwise.
    pub covered: (usize, usize),
    /// Distinctive or everyday words that have a counterpart.
    pub distinctive: u8,
    /// No word of the right name that carries weight is without a counterpart.
    pub is_complete: bool,
    /// Letters of the words that have a counterpart.
    pub letters: u32,
}

/// Whether left words outside the matched part count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Margins {
    /// Both sides are whole names.
    Count,
    /// The left side is running text that may go on at both ends.
    Free,
}

/// Compares two parsed names. With `evidence`, adds the evidence for and against.
pub fn compare(
    left: View<'_>,
    right: View<'_>,
    margins: Margins,
    mut evidence: Option<&mut Vec<Evidence>>,
) -> Compared {
    if margins == Margins::Count && left.squeezed() == right.squeezed() && !left.squeezed().is_empty() {
        return identical(left, right, evidence);
    }
    let found = align(&left, &right);
    let covered = covered(&left, &found, margins);
    let inside = |word: &Word| margins == Margins::Count || (word.start >= covered.0 && word.end <= covered.1);
    let features = NameFeatures::of(&found, inside);
    if let Some(out) = evidence.as_deref_mut() {
        evidence::push_words(&features, &found, (&left, &right), inside, out);
    }
    let mut card = Scorecard { score: features.score(), evidence };
    let person = PersonFeatures::of(&left, &right, &found);
    card.charge_all(&features, legal_forms(&left, &right, inside), &person);
    card.charge_usual_names(&features, || usual_worth(&left, &right, &found));
    let (raw, score) = (card.score, if found.is_empty() { 0 } else { settled(card.score) });
    if i64::from(score) != raw
        && let Some(out) = card.evidence
    {
        let detail =
            if raw > LOW { "two names that differ are never more alike" } else { "low scores are drawn together" };
        out.push(Evidence::new(EvidenceKind::Limit, i32::from(score) - raw as i32, detail));
    }
    Compared {
        score,
        covered: word_range(&left, covered),
        distinctive: features.identifying_pairs,
        is_complete: features.sides.right.unmatched <= i64::from(LIGHT),
        letters: features.all_letters,
    }
}

/// The final score. The lower half is compressed rather than cut off, so that names that are hardly alike keep their
/// order.
fn settled(score: i64) -> u16 {
    let score = if score >= LOW { score } else { LOW * (score + TOP) / (LOW + TOP) };
    score.clamp(0, MOST_FOR_UNEQUAL) as u16
}

/// How many words of the one name end where none of the other does; both have the same letters.
fn ends_lacking(one: &View<'_>, other: &View<'_>) -> usize {
    let base = |view: &View<'_>| view.words.first().map_or(0, |w| w.start);
    // Ends come in order on both sides: one walk, however many words there are.
    let mut ends = other.words.iter().map(|w| w.end - base(other)).peekable();
    let mut is_end = |end: u32| {
        while ends.next_if(|e| *e < end).is_some() {}
        ends.peek() == Some(&end)
    };
    one.words.iter().filter(|w| !is_end(w.end - base(one))).count()
}

/// Equal letters; the words may be split otherwise.
fn identical(left: View<'_>, right: View<'_>, evidence: Option<&mut Vec<Evidence>>) -> Compared {
    // The side with more words has the more ends that the other lacks: asked either way, the same.
    let differing = ends_lacking(&left, &right).max(ends_lacking(&right, &left));
    let respaced = respaced_same(differing) as i32;
    if let Some(out) = evidence {
        out.push(Evidence {
            kind: EvidenceKind::Identical,
            points: TOP as i32,
            detail: "the names are equal once folded".to_owned(),
        });
        if respaced < 0 {
            out.push(Evidence {
                kind: EvidenceKind::Respaced,
                points: respaced,
                detail: "words are split or joined".to_owned(),
            });
        }
    }
    let distinctive = right.words.iter().filter(|w| w.class.is_identifying()).count().min(255) as u8;
    Compared {
        score: (TOP as i32 + respaced) as u16,
        covered: (0, left.words.len()),
        distinctive,
        is_complete: true,
        letters: right.squeezed().len() as u32,
    }
}

/// The bytes of the left text between the first and the last matched word.
fn covered(left: &View<'_>, found: &Alignment<'_>, margins: Margins) -> (u32, u32) {
    if margins == Margins::Count {
        return (left.words.first().map_or(0, |w| w.start), left.words.last().map_or(0, |w| w.end));
    }
    let words = found.left.words();
    // A word that says nothing does not stretch the match.
    let counts = |p: &&Pair| words_of(words, p.left).iter().any(|w| w.weight > LIGHT);
    let start = found.pairs().filter(counts).map(|p| words[usize::from(p.left.0)].start).min();
    let end = found.pairs().filter(counts).map(|p| words[usize::from(p.left.1) - 1].end).max();
    (start.unwrap_or(0), end.unwrap_or(0))
}

/// The left words within these bytes.
fn word_range(left: &View<'_>, covered: (u32, u32)) -> (usize, usize) {
    let first = left.words.iter().position(|w| w.start >= covered.0).unwrap_or(0);
    let last = left.words.iter().rposition(|w| w.end <= covered.1).map_or(first, |at| at + 1);
    (first, last.max(first))
}
