//! The evidence of a pair of words, and of a word without a counterpart.

use super::super::alignment::{Alignment, Pair};
use super::super::similar::Likeness;
use super::super::word::{View, Word};
use model::finding::{Evidence, EvidenceKind};

/// Adds the evidence of the pairs and then of the words without a counterpart; `counts` is whether such a left word
/// counts at all.
pub(super) fn push_words(
    found: &Alignment<'_>,
    left: &View<'_>,
    right: &View<'_>,
    counts: impl Fn(&Word) -> bool,
    out: &mut Vec<Evidence>,
) {
    out.extend(found.pairs().filter_map(|pair| of_pair(pair, found, left, right)));
    let of_word = |kind, view: &View<'_>, word: &Word| Evidence {
        kind,
        points: -i32::from(word.weight),
        detail: view.letters(word).to_owned(),
    };
    let extra = found.left.left_over().filter(|word| counts(word));
    out.extend(extra.map(|word| of_word(EvidenceKind::ExtraWord, left, word)));
    out.extend(found.right.left_over().map(|word| of_word(EvidenceKind::MissingWord, right, word)));
}

/// The evidence of a pair; none for words that are only split or joined.
fn of_pair(pair: &Pair, found: &Alignment<'_>, left: &View<'_>, right: &View<'_>) -> Option<Evidence> {
    let kind = match pair.how {
        Likeness::Acronym => EvidenceKind::Acronym,
        _ if pair.is_respaced() => return None,
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
    let lost = i32::from(pair.alike) - 1000;
    if found.is_whole_acronym {
        return Some(Evidence { kind, points: lost, detail: format!("{} for {}", left.squeezed(), right.squeezed()) });
    }
    let a = left.letters(found.left.word(usize::from(pair.left.0)));
    let b = right.letters(found.right.word(usize::from(pair.right.0)));
    let points = if pair.how == Likeness::Equal { 0 } else { lost };
    let detail = if a == b { a.to_owned() } else { format!("{a} for {b}") };
    Some(Evidence { kind, points, detail })
}
