//! The sums a score is made of.

use super::super::align::{Alignment, Pair};
use super::super::parse::{Class, Part, Word};
use super::super::similar::Likeness;
use super::{TOP, is_telling};

/// The sums the score is made of, in weight times thousandths.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) left_weight: i64,
    pub(super) right_weight: i64,
    /// What likeness short of equality costs.
    pub(super) shortfall: i64,
    pub(super) left_unmatched: i64,
    pub(super) right_unmatched: i64,
    pub(super) left_initials: u8,
    pub(super) right_initials: u8,
    pub(super) left_titles: u8,
    pub(super) right_titles: u8,
    /// A kunya (`Abu`) that only one name has.
    pub(super) kunya_missing: bool,
    /// A kunya that both names have.
    pub(super) kunya_common: bool,
    pub(super) left_telling: u8,
    pub(super) right_telling: u8,
    /// Letters of the words that carry weight and found their like.
    pub(super) matched_letters: u32,
    /// Letters of all words that found their like.
    pub(super) all_letters: u32,
    pub(super) left_numbers: u32,
    pub(super) right_numbers: u32,
    pub(super) distinctive: u8,
    /// Pairs that carry weight, whatever their class.
    pub(super) weighty: u8,
    /// Distinctive words that only the left name has.
    pub(super) left_only: u8,
    pub(super) is_worst_pair_unequal: bool,
    /// What the least alike of them lack of equality.
    pub(super) worst_shortfall: u16,
    /// Distinctive words that are equal letter for letter, or romanised otherwise.
    pub(super) equal: u8,
    pub(super) left_places: u8,
    pub(super) right_places: u8,
    /// Trade words and everyday words that only one name has.
    pub(super) left_trade: u8,
    pub(super) right_trade: u8,
    pub(super) left_patronymics: u8,
    pub(super) right_patronymics: u8,
    /// One name is made of single syllables alone.
    pub(super) is_syllabic: bool,
}

/// What the words of one side of a pair are together.
struct Covered {
    is_telling: bool,
    is_kunya: bool,
    weight: u16,
    letters: u32,
}

impl Covered {
    fn of(words: &[&Word]) -> Self {
        Self {
            is_telling: words.iter().any(|w| is_telling(w)),
            is_kunya: words.iter().any(|w| w.traits.is_kunya),
            weight: words.iter().map(|w| w.weight).max().unwrap_or(0),
            letters: words.iter().map(|w| w.end - w.start).sum(),
        }
    }
}

impl Tally {
    pub(super) fn pair(&mut self, pair: &Pair, found: &Alignment<'_>) {
        let sum = |words: &[&Word], range: (u8, u8)| {
            words[usize::from(range.0)..usize::from(range.1)].iter().map(|w| i64::from(w.weight)).sum::<i64>()
        };
        let (mut l, mut r) = (sum(found.left.words(), pair.left), sum(found.right.words(), pair.right));
        if pair.is_respaced() && pair.how != Likeness::Acronym {
            // The side that has the word whole knows what it weighs.
            let whole = if pair.left.1 - pair.left.0 == 1 { l } else { r };
            (l, r) = (whole, whole);
        }
        self.left_weight += l;
        self.right_weight += r;
        self.shortfall += (TOP - i64::from(pair.alike)) * (l + r);
        if pair.how == Likeness::Acronym && found.is_whole_acronym {
            return self.whole_acronym(pair, found);
        }
        // A pair tells and weighs no more than the lesser of its sides, and is as unequal as the greater: whichever name is
        // asked for, the sums are the same. Initials stand for the words.
        let side = |words: &[&Word], range: (u8, u8)| Covered::of(&words[usize::from(range.0)..usize::from(range.1)]);
        let (left, right) = (side(found.left.words(), pair.left), side(found.right.words(), pair.right));
        if left.is_telling || right.is_telling {
            self.is_worst_pair_unequal |= pair.alike < 990;
            self.worst_shortfall = self.worst_shortfall.max(1000 - pair.alike);
        }
        let stands_for = matches!(pair.how, Likeness::Initial | Likeness::Acronym);
        let both = |a: bool, b: bool| if stands_for { a || b } else { a && b };
        let lesser = |a: u32, b: u32| if stands_for { a.max(b) } else { a.min(b) };
        if both(left.is_telling, right.is_telling) {
            self.distinctive = self.distinctive.saturating_add(1);
            self.equal +=
                u8::from(pair.alike >= 990 || matches!(pair.how, Likeness::Romanisation | Likeness::Translation));
        }
        self.kunya_common |= left.is_kunya || right.is_kunya;
        let is_weighty = lesser(left.weight.into(), right.weight.into()) >= 150;
        if is_weighty {
            self.matched_letters += lesser(left.letters, right.letters);
        }
        self.all_letters += right.letters;
        self.weighty += u8::from(is_weighty);
    }

    /// The initials are one telling word, whichever side has them.
    fn whole_acronym(&mut self, pair: &Pair, found: &Alignment<'_>) {
        let (side, range) = if found.is_left_acronym { (&found.left, pair.left) } else { (&found.right, pair.right) };
        let letters = &side.words()[usize::from(range.0)..usize::from(range.1)];
        let length: u32 = letters.iter().map(|w| w.end - w.start).sum();
        self.distinctive = 1;
        self.weighty = 1;
        self.is_worst_pair_unequal = true;
        self.matched_letters = length;
        self.all_letters = length;
    }

    pub(super) fn unmatched_left(&mut self, word: &Word) {
        self.left_initials += u8::from(word.class == Class::Initial);
        self.left_titles += u8::from(word.class == Class::Title);
        self.left_places += u8::from(word.class == Class::Place);
        self.left_trade += u8::from(matches!(word.class, Class::Generic | Class::Everyday));
        self.left_patronymics += u8::from(word.traits.part == Part::Patronymic);
        self.kunya_missing |= word.traits.is_kunya;
        self.left_telling += u8::from(is_telling(word));
        self.left_weight += i64::from(word.weight);
        self.left_unmatched += i64::from(word.weight);
        self.left_numbers += u32::from(matches!(word.class, Class::Number(_)));
        self.left_only += u8::from(word.class == Class::Distinctive);
    }

    pub(super) fn unmatched_right(&mut self, word: &Word) {
        self.right_initials += u8::from(word.class == Class::Initial);
        self.right_titles += u8::from(word.class == Class::Title);
        self.right_places += u8::from(word.class == Class::Place);
        self.right_trade += u8::from(matches!(word.class, Class::Generic | Class::Everyday));
        self.right_patronymics += u8::from(word.traits.part == Part::Patronymic);
        self.kunya_missing |= word.traits.is_kunya;
        self.right_telling += u8::from(is_telling(word));
        self.right_weight += i64::from(word.weight);
        self.right_unmatched += i64::from(word.weight);
        self.right_numbers += u32::from(matches!(word.class, Class::Number(_)));
    }

    /// What both sides keep for themselves contradicts and costs most; what only one side has is an omission.
    pub(super) fn score(&self) -> i64 {
        let total = self.left_weight + self.right_weight;
        if total == 0 {
            return 0;
        }
        let contradiction = self.left_unmatched.min(self.right_unmatched);
        let omission = (self.left_unmatched - self.right_unmatched).abs();
        // When all of one name stands in the other, the rest is what that writer left out.
        let is_part = self.left_unmatched.min(self.right_unmatched) <= 60;
        let omission_cost = match self.distinctive {
            // Names of single syllables are never shortened: another syllable is another name.
            _ if self.is_syllabic => 1700,
            0 | 1 => 1000,
            _ if is_part => 750,
            _ => 850,
        };
        let loss = self.shortfall + contradiction * 2 * 1400 + omission * omission_cost;
        TOP - loss / total
    }
}
