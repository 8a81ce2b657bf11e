//! The evidence of the words of two names: what each pair and each word without a counterpart takes from the score.

use super::super::alignment::{Alignment, Pair, words_of};
use super::super::model::charges::TOP;
use super::super::similar::Likeness;
use super::super::word::{View, Word};
use super::features::{NameFeatures, Sides, pair_weights, shortfall};
use model::finding::{Evidence, EvidenceKind};

/// Adds the evidence of the pairs and then of the words without a counterpart; `counts` is whether such a left word
/// counts at all. All points together are the score of `features`.
pub(super) fn push_words(
    features: &NameFeatures,
    found: &Alignment<'_>,
    (left, right): (&View<'_>, &View<'_>),
    counts: impl Fn(&Word) -> bool,
    out: &mut Vec<Evidence>,
) {
    let first = out.len();
    out.push(Evidence::new(EvidenceKind::Compared, TOP as i32, "of the listed name itself"));
    let total = features.weight().max(1);
    let points = |loss: i64| -(loss / total) as i32;
    for pair in found.pairs() {
        let words =
            Sides { left: words_of(found.left.words(), pair.left), right: words_of(found.right.words(), pair.right) };
        let is_respaced = pair.is_respaced() && pair.how != Likeness::Acronym;
        let (l, r) = pair_weights(&words, is_respaced);
        let lost = points(shortfall(pair, l + r));
        out.push(Evidence { points: lost, ..of_pair(pair, found, left, right) });
    }
    let (of_left, of_right) = (Rate::of(features, true), Rate::of(features, false));
    let of_word = |kind, view: &View<'_>, word: &Word, rate: &Rate| {
        Evidence::new(kind, points(rate.loss(word)), view.letters(word))
    };
    let extra = found.left.left_over().filter(|word| counts(word));
    out.extend(extra.map(|word| of_word(EvidenceKind::ExtraWord, left, word, &of_left)));
    out.extend(found.right.left_over().map(|word| of_word(EvidenceKind::MissingWord, right, word, &of_right)));
    // Fractions are lost on the way; the word that costs most takes them.
    let given: i64 = out[first..].iter().map(|e| i64::from(e.points)).sum();
    if let Some(most) = out[first + 1..].iter_mut().min_by_key(|e| e.points) {
        most.points += (features.score() - given) as i32;
    }
}

/// What a unit of weight without a counterpart costs on one side.
struct Rate {
    /// In weight times thousandths, for `unmatched` units.
    loss: i64,
    unmatched: i64,
}

impl Rate {
    /// Half of a contradiction is of each side; the rest of the side that has more is omission.
    fn of(features: &NameFeatures, is_left: bool) -> Self {
        let (least, _) = features.unmatched();
        let (contradiction, omission) = features.rates();
        let side = if is_left { &features.sides.left } else { &features.sides.right };
        let loss = least * contradiction + (side.unmatched - least) * omission;
        Self { loss, unmatched: side.unmatched.max(1) }
    }

    fn loss(&self, word: &Word) -> i64 {
        i64::from(word.weight) * self.loss / self.unmatched
    }
}

/// The evidence of a pair, without points.
fn of_pair(pair: &Pair, found: &Alignment<'_>, left: &View<'_>, right: &View<'_>) -> Evidence {
    let kind = match pair.how {
        Likeness::Acronym => EvidenceKind::Acronym,
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
        return Evidence::new(kind, 0, format!("{} for {}", left.squeezed(), right.squeezed()));
    }
    let letters =
        |view: &View<'_>, words: &[&Word]| words.iter().map(|word| view.letters(word)).collect::<Vec<_>>().join(" ");
    let a = letters(left, words_of(found.left.words(), pair.left));
    let b = letters(right, words_of(found.right.words(), pair.right));
    Evidence::new(kind, 0, if a == b { a } else { format!("{a} for {b}") })
}
