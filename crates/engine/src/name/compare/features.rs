//! What an alignment says of two names: the sums and counts that the score is made of.

use super::super::alignment::{Alignment, Pair, words_of};
use super::super::model::charges::{CONTRADICTS, TOP, omission};
use super::super::model::likeness::{EQUAL, LEAST_MISSPELT, SAME};
use super::super::model::words::{HEAVY, LIGHT};
use super::super::similar::Likeness;
use super::super::word::{Class, Part, Word};
use super::order::Order;

/// One value for each of the two names.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sides<T> {
    pub(super) left: T,
    pub(super) right: T,
}

impl<T> Sides<T> {
    /// Whether both names have it.
    pub(super) fn both(&self, has: impl Fn(&T) -> bool) -> bool {
        has(&self.left) && has(&self.right)
    }

    /// Whether just one of the names has it.
    pub(super) fn just_one(&self, has: impl Fn(&T) -> bool) -> bool {
        has(&self.left) != has(&self.right)
    }
}

/// The words of one name: what they weigh, and which of them have no counterpart in the other name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SideFeatures {
    /// The weight of all words that take part.
    pub(super) weight: i64,
    /// The weight of the words without a counterpart; the counts below are of those words.
    pub(super) unmatched: i64,
    pub(super) initials: u8,
    pub(super) titles: u8,
    pub(super) places: u8,
    /// Trade words and everyday words.
    pub(super) trade_words: u8,
    pub(super) patronymics: u8,
    /// Distinctive and everyday words.
    pub(super) identifying: u8,
    pub(super) distinctive: u8,
    pub(super) numbers: u8,
    /// `Abu` or `Umm`.
    pub(super) has_kunya: bool,
}

impl SideFeatures {
    fn add_unmatched(&mut self, word: &Word) {
        self.weight += i64::from(word.weight);
        self.unmatched += i64::from(word.weight);
        self.initials += u8::from(word.class == Class::Initial);
        self.titles += u8::from(word.class == Class::Title);
        self.places += u8::from(word.class == Class::Place);
        self.trade_words += u8::from(matches!(word.class, Class::Generic | Class::Everyday));
        self.patronymics += u8::from(word.traits.part == Part::Patronymic);
        self.identifying += u8::from(word.class.is_identifying());
        self.distinctive += u8::from(word.class == Class::Distinctive);
        self.numbers += u8::from(matches!(word.class, Class::Number(_)));
        self.has_kunya |= word.traits.is_kunya;
    }
}

/// What an alignment says of two names. Weights are sums of the words' weights, 0..=1000 each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NameFeatures {
    pub(super) sides: Sides<SideFeatures>,
    /// What likeness short of equality costs, in weight times thousandths.
    shortfall: i64,
    /// Letters of the heavy words that have a counterpart, and of all words that have one.
    pub(super) matched_letters: u32,
    pub(super) all_letters: u32,
    /// Pairs of distinctive or everyday words, and those of them that are equal letter for letter or only romanised or
    /// translated otherwise.
    pub(super) identifying_pairs: u8,
    pub(super) equal_pairs: u8,
    /// Pairs of heavy words, whatever their class.
    pub(super) heavy_pairs: u8,
    /// Of the pairs with a distinctive or everyday word: whether one is not equal letter for letter, and what the least
    /// alike lacks of equality, in thousandths.
    pub(super) has_unequal_pair: bool,
    pub(super) worst_shortfall: u16,
    /// Both names have `Abu` or `Umm`.
    pub(super) has_common_kunya: bool,
    /// One name is made of single syllables alone.
    is_syllabic: bool,
    /// The pairs stand in another order.
    pub(super) is_order_broken: bool,
    /// One name is nothing but the initials of the other.
    pub(super) is_whole_acronym: bool,
    pub(super) has_distant_pair: bool,
    pub(super) has_faint_pair: bool,
    pub(super) has_short_form: bool,
    /// A distinctive word of under [`LEAST_MISSPELT`] letters has another letter, and is no given name.
    pub(super) has_short_typo: bool,
    /// A code, a word with a digit in it, has another sign.
    pub(super) has_code_typo: bool,
    /// Letters of the distinctive words that are equal or only romanised or translated otherwise.
    pub(super) equal_letters: u32,
    /// Pairs of words split or joined.
    pub(super) respaced_pairs: u8,
}

impl NameFeatures {
    /// Of two aligned names; `counts` is whether a left word without a counterpart counts at all.
    pub(super) fn of(found: &Alignment<'_>, counts: impl Fn(&Word) -> bool) -> Self {
        let mut features = Self { is_whole_acronym: found.is_whole_acronym, ..Self::default() };
        let mut order = Order::default();
        for pair in found.pairs() {
            features.add_pair(pair, found);
            order.see(pair);
        }
        features.is_order_broken = order.is_broken();
        for word in found.left.left_over().filter(|word| counts(word)) {
            features.sides.left.add_unmatched(word);
        }
        for word in found.right.left_over() {
            features.sides.right.add_unmatched(word);
        }
        let is_syllabic = |words: &[&Word]| words.len() >= 2 && words.iter().all(|w| w.traits.is_syllable);
        features.is_syllabic = is_syllabic(found.left.words()) || is_syllabic(found.right.words());
        features
    }

    fn add_pair(&mut self, pair: &Pair, found: &Alignment<'_>) {
        self.has_distant_pair |= pair.how == Likeness::Distant;
        self.has_faint_pair |= pair.how == Likeness::Faint;
        self.has_short_form |= pair.how == Likeness::ShortForm;
        let is_acronym = pair.how == Likeness::Acronym;
        let is_respaced = pair.is_respaced() && !is_acronym;
        self.respaced_pairs += u8::from(is_respaced);
        let words =
            Sides { left: words_of(found.left.words(), pair.left), right: words_of(found.right.words(), pair.right) };
        self.add_weights(pair, &words, is_respaced);
        if is_acronym && found.is_whole_acronym {
            self.set_whole_acronym(if found.is_left_acronym { words.left } else { words.right });
        } else {
            self.add_counterparts(pair, &words);
        }
    }

    fn add_weights(&mut self, pair: &Pair, words: &Sides<&[&Word]>, is_respaced: bool) {
        let (left, right) = pair_weights(words, is_respaced);
        self.sides.left.weight += left;
        self.sides.right.weight += right;
        self.shortfall += shortfall(pair, left + right);
    }

    /// A pair is as identifying and as heavy as the lesser of its sides, and as unequal as the greater: whichever name
    /// is on the left, the sums are the same. Initials stand for the words.
    fn add_counterparts(&mut self, pair: &Pair, words: &Sides<&[&Word]>) {
        let (left, right) = (Counterpart::of(words.left), Counterpart::of(words.right));
        if left.is_identifying || right.is_identifying {
            self.has_unequal_pair |= pair.alike < EQUAL;
            self.worst_shortfall = self.worst_shortfall.max(SAME - pair.alike);
        }
        let stands_for = matches!(pair.how, Likeness::Initial | Likeness::Acronym);
        let both = |a: bool, b: bool| if stands_for { a || b } else { a && b };
        let lesser = |a: u32, b: u32| if stands_for { a.max(b) } else { a.min(b) };
        if both(left.is_identifying, right.is_identifying) {
            let is_same = matches!(pair.how, Likeness::Romanisation | Likeness::Translation) || pair.alike >= EQUAL;
            self.identifying_pairs += 1;
            self.equal_pairs += u8::from(is_same);
            if is_same && left.is_distinctive && right.is_distinctive {
                self.equal_letters += left.letters.min(right.letters);
            }
            let is_short = left.letters.max(right.letters) < LEAST_MISSPELT as u32;
            let tells = left.is_distinctive && right.is_distinctive && !left.is_given_name && !right.is_given_name;
            self.has_code_typo |= pair.how == Likeness::Typo && left.has_digit && right.has_digit;
            self.has_short_typo |= pair.how == Likeness::Typo && is_short && tells;
        }
        self.has_common_kunya |= left.has_kunya || right.has_kunya;
        if lesser(left.weight, right.weight) >= u32::from(HEAVY) {
            self.matched_letters += lesser(left.letters, right.letters);
            self.heavy_pairs += 1;
        }
        self.all_letters += right.letters;
    }

    /// The initials are one distinctive word, whichever side has them.
    fn set_whole_acronym(&mut self, initials: &[&Word]) {
        let letters = initials.iter().map(|w| w.end - w.start).sum();
        self.identifying_pairs = 1;
        self.heavy_pairs = 1;
        self.has_unequal_pair = true;
        self.matched_letters = letters;
        self.all_letters = letters;
    }

    /// The weight of the words without a counterpart, of the side that has less of it and of the one that has more.
    pub(super) fn unmatched(&self) -> (i64, i64) {
        let (left, right) = (self.sides.left.unmatched, self.sides.right.unmatched);
        (left.min(right), left.max(right))
    }

    /// What a unit of weight without a counterpart costs, in thousandths: of a word that contradicts, and of an omission.
    /// What both sides keep for themselves contradicts and costs most; what only one side has is an omission.
    pub(super) fn rates(&self) -> (i64, i64) {
        let is_part = self.unmatched().0 <= i64::from(LIGHT);
        (CONTRADICTS, omission(u32::from(self.identifying_pairs), is_part, self.is_syllabic))
    }

    /// The weight of the words of both names.
    pub(super) fn weight(&self) -> i64 {
        self.sides.left.weight + self.sides.right.weight
    }

    /// The score before the charges.
    pub(super) fn score(&self) -> i64 {
        let total = self.weight();
        if total == 0 {
            return 0;
        }
        let (contradiction, most) = self.unmatched();
        let (contradicts, omission) = self.rates();
        let loss = self.shortfall + contradiction * 2 * contradicts + (most - contradiction) * omission;
        TOP - loss / total
    }
}

/// What the words of a pair weigh on each side.
pub(super) fn pair_weights(words: &Sides<&[&Word]>, is_respaced: bool) -> (i64, i64) {
    let weight = |words: &[&Word]| words.iter().map(|w| i64::from(w.weight)).sum::<i64>();
    let (left, right) = (weight(words.left), weight(words.right));
    // The side that has the word whole has the right weight for it.
    let whole = if words.left.len() == 1 { left } else { right };
    if is_respaced { (whole, whole) } else { (left, right) }
}

/// What a pair of this weight loses by being less than equal, in weight times thousandths.
pub(super) fn shortfall(pair: &Pair, weight: i64) -> i64 {
    (TOP - i64::from(pair.alike)) * weight
}

/// The words of one side of a pair, taken together.
struct Counterpart {
    is_identifying: bool,
    is_distinctive: bool,
    is_given_name: bool,
    has_digit: bool,
    has_kunya: bool,
    /// Of the heaviest.
    weight: u32,
    letters: u32,
}

impl Counterpart {
    fn of(words: &[&Word]) -> Self {
        Self {
            is_identifying: words.iter().any(|w| w.class.is_identifying()),
            is_distinctive: words.iter().any(|w| w.class == Class::Distinctive),
            is_given_name: words.iter().any(|w| w.traits.is_given_name),
            has_digit: words.iter().any(|w| w.traits.has_digit),
            has_kunya: words.iter().any(|w| w.traits.is_kunya),
            weight: words.iter().map(|w| u32::from(w.weight)).max().unwrap_or(0),
            letters: words.iter().map(|w| w.end - w.start).sum(),
        }
    }
}
