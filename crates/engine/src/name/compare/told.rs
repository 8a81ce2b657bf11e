//! The evidence of one pair of words, or of a word left over.

use super::super::align::{Alignment, Pair};
use super::super::parse::{View, Word};
use super::super::similar::Likeness;
use model::finding::{Evidence, EvidenceKind};

pub(super) fn explain_pair(
    pair: &Pair,
    found: &Alignment<'_>,
    left: &View<'_>,
    right: &View<'_>,
    out: &mut Vec<Evidence>,
) {
    let kind = match pair.how {
        Likeness::Acronym => EvidenceKind::Acronym,
        _ if pair.is_respaced() => return,
        Likeness::Equal => EvidenceKind::SameWord,
        Likeness::Nickname => EvidenceKind::NameVariant,
        Likeness::Translation => EvidenceKind::Translation,
        Likeness::Romanisation => EvidenceKind::Romanisation,
        Likeness::Initial => EvidenceKind::Initial,
        Likeness::ShortForm => EvidenceKind::ShortForm,
        Likeness::Typo => EvidenceKind::Typo,
        Likeness::Blend => EvidenceKind::Blend,
        Likeness::Distant => EvidenceKind::Distant,
        Likeness::Faint => EvidenceKind::Faint,
    };
    if found.is_whole_acronym {
        let detail = format!("{} for {}", left.squeezed(), right.squeezed());
        out.push(Evidence { kind, points: i32::from(pair.alike) - 1000, detail });
        return;
    }
    let (l, r) = (&found.left.words()[usize::from(pair.left.0)], &found.right.words()[usize::from(pair.right.0)]);
    let (a, b) = (left.letters(l), right.letters(r));
    let points = if pair.how == Likeness::Equal { 0 } else { i32::from(pair.alike) - 1000 };
    let detail = if a == b { a.to_owned() } else { format!("{a} for {b}") };
    out.push(Evidence { kind, points, detail });
}

pub(super) fn explain_unmatched(kind: EvidenceKind, letters: &str, word: &Word, evidence: Option<&mut Vec<Evidence>>) {
    if let Some(out) = evidence {
        out.push(Evidence { kind, points: -i32::from(word.weight), detail: letters.to_owned() });
    }
}
