//! What the order of the words says: of the words themselves, of family and given names, of father and child.

use super::super::align::{Alignment, MAX_WORDS, Pair};
use super::super::parse::{Class, Part, View, Word};
use super::super::similar::Likeness;
use super::super::tables::Tables;
use super::tally::Tally;
use model::finding::EvidenceKind;

/// Whether the pairs come in the same order on both sides.
#[derive(Default)]
pub(super) struct Order {
    seen: Starts,
    pub(super) is_broken: bool,
}

/// Pairs seen so far as (left, right) starts.
#[derive(Default)]
struct Starts {
    items: [(u8, u8); MAX_WORDS],
    len: usize,
}

impl Order {
    pub(super) fn see(&mut self, pair: &Pair) {
        let (l, r) = (pair.left.0, pair.right.0);
        self.is_broken |= self.seen.items[..self.seen.len].iter().any(|&(ol, or)| (ol < l) != (or < r));
        if self.seen.len < self.seen.items.len() {
            self.seen.items[self.seen.len] = (l, r);
            self.seen.len += 1;
        }
    }
}

/// What the family and given names of two persons say, where a comma tells them apart.
#[derive(Default)]
pub(super) struct Parts {
    left_known: bool,
    right_known: bool,
    /// Pairs of a family name with a given name.
    crossed: u8,
    /// Pairs of two family names, or of a family name with a name of unknown part.
    family_pairs: u8,
}

impl Parts {
    pub(super) fn of(found: &Alignment<'_>) -> Self {
        let known = |words: &[&Word]| words.iter().any(|w| w.traits.part == Part::Family);
        let mut parts =
            Self { left_known: known(found.left.words()), right_known: known(found.right.words()), ..Self::default() };
        if !parts.left_known && !parts.right_known {
            return parts;
        }
        for pair in found.pairs().filter(|p| p.how != Likeness::Initial) {
            let of = |words: &[&Word], range: (u8, u8)| {
                let words = &words[usize::from(range.0)..usize::from(range.1)];
                // A particle (`al-`) says nothing of the name it stands in.
                words.iter().find(|w| w.weight > 60).map(|w| w.traits.part)
            };
            let (Some(l), Some(r)) = (of(found.left.words(), pair.left), of(found.right.words(), pair.right)) else {
                continue;
            };
            match (l, r) {
                (Part::Family, Part::Given) | (Part::Given, Part::Family) => parts.crossed += 1,
                (Part::Family, _) | (_, Part::Family) => parts.family_pairs += 1,
                _ => {}
            }
        }
        parts
    }

    pub(super) fn weigh(&self, tally: &Tally, is_order_broken: bool) -> Option<(EvidenceKind, i64, &'static str)> {
        let is_partial = tally.left_unmatched.max(tally.right_unmatched) > 100;
        if self.left_known && self.right_known {
            return match (self.family_pairs, self.crossed) {
                (0, 0) => Some((EvidenceKind::FamilyDiffers, -100, "the family names have nothing in common")),
                (0, _) if is_partial => Some((EvidenceKind::NamesCrossed, -120, "family names stand for given names")),
                (0, _) => Some((EvidenceKind::NamesSwapped, -40, "family and given names change places")),
                (_, 1..) if is_partial => {
                    Some((EvidenceKind::NamesCrossed, -60, "a family name stands for a given name"))
                }
                _ => None,
            };
        }
        if self.left_known || self.right_known {
            return (self.family_pairs == 0).then_some((
                EvidenceKind::FamilyMissing,
                -100,
                "the family name is missing",
            ));
        }
        (is_order_broken
            && tally.left_unmatched.min(tally.right_unmatched) <= 60
            && is_partial
            && tally.distinctive <= 2)
            .then_some((EvidenceKind::TurnedAndLeftOut, -50, "the words stand in another order, and not all of them"))
    }
}

/// `Hussein, Udai Saddam` against `Hussein, Saddam`: the family name and the father's name are alike, and the first
/// given name, by which a person is called, is not. Muhammad is borne before the name by which many are called, and
/// left out as often as written.
pub(super) fn has_other_first_name(left: &View<'_>, right: &View<'_>, found: &Alignment<'_>) -> bool {
    let first = |words: &[&Word]| {
        let tells = |at: usize| {
            let word = words[at];
            word.traits.part == Part::Given && word.class == Class::Distinctive && word.weight > 60
        };
        let of_kunya = |at: usize| at > 0 && words[at - 1].traits.is_kunya;
        (0..words.len()).find(|&at| tells(at) && !of_kunya(at))
    };
    let (l_words, r_words) = (found.left.words(), found.right.words());
    let (Some(l), Some(r)) = (first(l_words), first(r_words)) else { return false };
    let covers = |range: (u8, u8), at: usize| (usize::from(range.0)..usize::from(range.1)).contains(&at);
    let is_called_alike = found.pairs().any(|p| covers(p.left, l) && covers(p.right, r));
    let (l_free, r_free) = (!found.left.is_taken(l), !found.right.is_taken(r));
    if is_called_alike || l_free == r_free {
        return false;
    }
    let left_out = if l_free { left.letters(l_words[l]) } else { right.letters(r_words[r]) };
    !Tables::get().share_a_group(left_out, "muhammad")
}

/// `X bin Y` against `Y bin X`: the same words, another person.
pub(super) fn has_turned_patronymic(left: &View<'_>, right: &View<'_>, found: &Alignment<'_>) -> bool {
    let around = |side: &[&Word], view: &View<'_>| {
        (1..side.len().saturating_sub(1)).find(|&at| matches!(view.letters(side[at]), "bin" | "ben" | "ibn" | "bint"))
    };
    let (l_words, r_words) = (found.left.words(), found.right.words());
    let (Some(l), Some(r)) = (around(l_words, left), around(r_words, right)) else { return false };
    let pairs = |a: usize, b: usize| found.pairs().any(|p| usize::from(p.left.0) == a && usize::from(p.right.0) == b);
    pairs(l - 1, r + 1) && pairs(l + 1, r - 1)
}
