//! Family and given names, father and child.

use super::super::alignment::{Alignment, words_of};
use super::super::model::People;
use super::super::model::words::LIGHT;
use super::super::similar::Likeness;
use super::super::tables::Tables;
use super::super::word::{Class, Part, View, Word};
use super::features::Sides;

/// What two names say as names of persons.
pub(super) struct PersonFeatures {
    pub(super) parts: PersonParts,
    /// The first given name of one is missing in the other.
    pub(super) has_other_first_name: bool,
    /// The first given names have nothing in common.
    pub(super) has_two_first_names: bool,
    /// Father and child change places.
    pub(super) has_turned_patronymic: bool,
}

impl PersonFeatures {
    /// Of two aligned names.
    pub(super) fn of(left: &View<'_>, right: &View<'_>, found: &Alignment<'_>) -> Self {
        let (has_other_first_name, has_two_first_names) = first_names(left, right, found);
        Self {
            parts: PersonParts::of(found),
            has_other_first_name,
            has_two_first_names,
            has_turned_patronymic: has_turned_patronymic(left, right, found),
        }
    }
}

/// How much the words that agree say, in tenths of a bit, where they are nothing but names that many people bear; a name
/// and a word spelt like it are as usual as the name.
pub(super) fn usual_worth(left: &View<'_>, right: &View<'_>, found: &Alignment<'_>) -> Option<i32> {
    let people = People::get();
    let of = |view: &View<'_>, words: &[&Word]| {
        let names = words.iter().filter(|word| word.class == Class::Distinctive);
        names.map(|word| people.rarity(view.letters(word))).sum::<Option<i32>>()
    };
    let may_be_name = |word: &&Word| matches!(word.class, Class::Distinctive | Class::Particle | Class::Title);
    let mut worth = 0;
    for pair in found.pairs() {
        let (l, r) = (words_of(found.left.words(), pair.left), words_of(found.right.words(), pair.right));
        if !l.iter().chain(r).all(may_be_name) {
            return None;
        }
        worth += match (of(left, l), of(right, r)) {
            (Some(l), Some(r)) => l.min(r),
            (one, other) => one.or(other)?,
        };
    }
    Some(worth)
}

/// How the family and given names of two persons pair up, where a comma separates them.
#[derive(Default)]
pub(super) struct PersonParts {
    /// Whether a comma shows the family name.
    pub(super) known: Sides<bool>,
    /// Pairs of a family name with a given name.
    pub(super) crossed: u8,
    /// Pairs of two family names, or of a family name with a name of unknown part.
    pub(super) family_pairs: u8,
}

impl PersonParts {
    fn of(found: &Alignment<'_>) -> Self {
        let is_known = |words: &[&Word]| words.iter().any(|w| w.traits.part == Part::Family);
        let known = Sides { left: is_known(found.left.words()), right: is_known(found.right.words()) };
        let mut parts = Self { known, ..Self::default() };
        if !known.left && !known.right {
            return parts;
        }
        for pair in found.pairs().filter(|p| p.how != Likeness::Initial) {
            let of = |words: &[&Word], range: (u8, u8)| {
                // A particle (`al-`) says nothing of the name it stands in.
                words_of(words, range).iter().find(|w| w.weight > LIGHT).map(|w| w.traits.part)
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
}

/// `Hussein, Udai Saddam` against `Hussein, Saddam`: the family name and the father's name are alike, and the first
/// given name, by which a person is called, is not. Muhammad often stands before the name by which a person is called,
/// and is left out as often as written.
///
/// Whether it is missing in one of the names, and whether each has another.
fn first_names(left: &View<'_>, right: &View<'_>, found: &Alignment<'_>) -> (bool, bool) {
    let first = |words: &[&Word]| {
        let may_be = |at: usize| {
            let word = words[at];
            word.traits.part == Part::Given && word.class == Class::Distinctive && word.weight > LIGHT
        };
        let of_kunya = |at: usize| at > 0 && words[at - 1].traits.is_kunya;
        (0..words.len()).find(|&at| may_be(at) && !of_kunya(at))
    };
    let (l_words, r_words) = (found.left.words(), found.right.words());
    let (Some(l), Some(r)) = (first(l_words), first(r_words)) else { return (false, false) };
    let covers = |range: (u8, u8), at: usize| (usize::from(range.0)..usize::from(range.1)).contains(&at);
    let is_called_alike = found.pairs().any(|p| covers(p.left, l) && covers(p.right, r));
    let (l_free, r_free) = (!found.left.is_taken(l), !found.right.is_taken(r));
    let is_muhammad = |letters: &str| Tables::get().share_a_group(letters, "muhammad");
    let (l_name, r_name) = (left.letters(l_words[l]), right.letters(r_words[r]));
    match (l_free, r_free) {
        _ if is_called_alike => (false, false),
        (true, false) => (!is_muhammad(l_name), false),
        (false, true) => (!is_muhammad(r_name), false),
        (true, true) => (false, !is_muhammad(l_name) && !is_muhammad(r_name)),
        (false, false) => (false, false),
    }
}

/// `X bin Y` against `Y bin X`: the same words, another person.
fn has_turned_patronymic(left: &View<'_>, right: &View<'_>, found: &Alignment<'_>) -> bool {
    let around = |side: &[&Word], view: &View<'_>| {
        (1..side.len().saturating_sub(1)).find(|&at| matches!(view.letters(side[at]), "bin" | "ben" | "ibn" | "bint"))
    };
    let (l_words, r_words) = (found.left.words(), found.right.words());
    let (Some(l), Some(r)) = (around(l_words, left), around(r_words, right)) else { return false };
    let pairs = |a: usize, b: usize| found.pairs().any(|p| usize::from(p.left.0) == a && usize::from(p.right.0) == b);
    pairs(l - 1, r + 1) && pairs(l + 1, r - 1)
}
