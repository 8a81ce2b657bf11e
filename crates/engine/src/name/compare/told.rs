//! The evidence of one pair of words, or of a word left over.

use super::super::align::{Alignment, Pair};
use super::super::parse::{View, Word};
use super::super::similar::Likeness;
use model::finding::Evidence;

pub(super) fn explain_pair(
    pair: &Pair,
    found: &Alignment<'_>,
    left: &View<'_>,
    right: &View<'_>,
    out: &mut Vec<Evidence>,
) {
    let name = match pair.how {
        Likeness::Acronym => "acronym",
        _ if pair.is_respaced() => return,
        Likeness::Equal => "same_word",
        Likeness::Nickname => "name_variant",
        Likeness::Translation => "translation",
        Likeness::Romanisation => "romanisation",
        Likeness::Initial => "initial",
        Likeness::ShortForm => "short_form",
        Likeness::Typo => "typo",
        Likeness::Blend => "blend",
        Likeness::Distant => "distant",
        Likeness::Faint => "faint",
    };
    if found.is_whole_acronym {
        let detail = format!("{} for {}", left.squeezed(), right.squeezed());
        out.push(Evidence { name, points: i32::from(pair.alike) - 1000, detail });
        return;
    }
    let (l, r) = (&found.left.words()[usize::from(pair.left.0)], &found.right.words()[usize::from(pair.right.0)]);
    let (a, b) = (left.letters(l), right.letters(r));
    let points = if pair.how == Likeness::Equal { 0 } else { i32::from(pair.alike) - 1000 };
    let detail = if a == b { a.to_owned() } else { format!("{a} for {b}") };
    out.push(Evidence { name, points, detail });
}

pub(super) fn explain_unmatched(name: &'static str, letters: &str, word: &Word, evidence: Option<&mut Vec<Evidence>>) {
    if let Some(out) = evidence {
        out.push(Evidence { name, points: -i32::from(word.weight), detail: letters.to_owned() });
    }
}
