//! What is taken off the score of two compared names, in thousandths of the listed name itself, and why.

/// The score of names that are alike in all.
pub(crate) const TOP: i64 = 1000;
/// No pair of names that differ in any letter scores more.
pub(crate) const MOST_FOR_UNEQUAL: i64 = 990;
/// Below, scores are drawn together.
pub(crate) const LOW: i64 = 500;
/// The most that a single word in common scores beside other distinctive words: no match.
pub(crate) const ONE_OF_SEVERAL: i64 = 650;

/// Two names with different numbers: `Fund II`, `Fund III`.
pub(crate) const NUMBER_DIFFERS: i64 = -250;
/// Only one name has a number.
pub(crate) const NUMBER_MISSING: i64 = -180;
/// Another sign in a code, beside words that agree.
pub(crate) const CODE_DIFFERS: i64 = -180;
/// The words stand in another order.
pub(crate) const WORD_ORDER: i64 = -20;
/// One word differs by more than a typo.
pub(crate) const DISTANT_WORD: i64 = -60;
/// One word is hardly alike.
pub(crate) const FAINT_WORD: i64 = -220;
/// The initials differ: two people of one family.
pub(crate) const INITIAL_DIFFERS: i64 = -150;
/// No distinctive word is equal letter for letter, and others are left over.
pub(crate) const NONE_EQUAL: i64 = -100;
/// What must be left over for that.
pub(crate) const NONE_EQUAL_OVER: i64 = 150;
/// Plants and branches of one name in two places.
pub(crate) const PLACE_DIFFERS: i64 = -150;
/// A place is left out as often as written.
pub(crate) const PLACE_MISSING: i64 = -30;
/// Nothing in common but an abbreviated trade word.
pub(crate) const SHORT_FORM_ALONE: i64 = -250;
/// The fathers' names differ.
pub(crate) const PATRONYMIC_DIFFERS: i64 = -150;
/// Father and child change places.
pub(crate) const PATRONYMIC_TURNED: i64 = -320;
/// Nothing in common but that both are a parent's name.
pub(crate) const KUNYA_ALONE: i64 = -130;
/// The first given names, by which people are called, differ.
pub(crate) const FIRST_NAME_DIFFERS: i64 = -110;
/// The first given name of one is missing in the other.
pub(crate) const FIRST_NAME_MISSING: i64 = -110;
/// One name in common, under different titles.
pub(crate) const TITLE_DIFFERS: i64 = -130;
/// Both names have a distinctive word that the other lacks.
pub(crate) const CONTRADICTION: i64 = -60;
/// Few letters agree and other words differ.
pub(crate) const LITTLE_IN_COMMON: i64 = -200;
/// Letters that are few, and what must be left over beside them.
pub(crate) const FEW_LETTERS: u32 = 4;
pub(crate) const FEW_LETTERS_OVER: i64 = 100;
/// The family names have nothing in common.
pub(crate) const FAMILY_DIFFERS: i64 = -100;
/// The family name is missing.
pub(crate) const FAMILY_MISSING: i64 = -100;
/// A family name of one is a given name of the other, with words left over; the same beside family names that agree.
pub(crate) const NAMES_CROSSED: i64 = -120;
pub(crate) const NAMES_CROSSED_BESIDE: i64 = -60;
/// Family and given names change places, and all of them are there.
pub(crate) const NAMES_SWAPPED: i64 = -40;
/// The words of a person's name stand in another order, and not all of them.
pub(crate) const TURNED_AND_LEFT_OUT: i64 = -50;
/// What must be left over for a person's name to be only partly there.
pub(crate) const PARTIAL_OVER: i64 = 100;

/// Legal forms written differently; left out; of another body, such as a foundation; different.
pub(crate) const FORM_ALIKE: i64 = -5;
pub(crate) const FORM_MISSING: i64 = -15;
pub(crate) const FORM_OF_OTHER_BODY: i64 = -80;
pub(crate) const FORM_DIFFERS: i64 = -40;

/// A charge of half of what the score has above a floor: it separates sure matches from others, and leaves those near
/// the floor in their order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HalfAbove {
    /// At and below this score nothing is charged.
    pub(crate) floor: i64,
    most: i64,
}

impl HalfAbove {
    /// The points for a score.
    pub(crate) fn points(self, score: i64) -> i64 {
        -((score - self.floor) / 2).clamp(0, self.most)
    }
}

/// Few distinctive words in common, and only one name has others.
pub(crate) const FEW_IN_COMMON: HalfAbove = HalfAbove { floor: 740, most: 60 };
/// Nothing agrees but names that many people bear.
pub(crate) const USUAL_NAMES: HalfAbove = HalfAbove { floor: 740, most: 80 };
/// What agrees then says less than this, in tenths of a bit: one in 32,000 people of a region bears the like.
pub(crate) const LEAST_TELLING: i32 = 150;
/// Only two distinctive words in common, and one of them is merely similar.
pub(crate) const UNCERTAIN_WORD: HalfAbove = HalfAbove { floor: 720, most: 60 };
/// What the similar word must lack of equality.
pub(crate) const UNCERTAIN_SHORTFALL: u16 = 130;
/// Two words in common, and only one name has a trade word beside them.
const TRADE_MISSING_BESIDE: HalfAbove = HalfAbove { floor: 720, most: 40 };
/// One word in common, and only one name has a trade word.
const TRADE_MISSING: i64 = -120;

/// Only one name has a trade word, beside so many heavy words in common.
pub(crate) fn trade_missing(heavy_pairs: u8, score: i64) -> i64 {
    if heavy_pairs <= 1 { TRADE_MISSING } else { TRADE_MISSING_BESIDE.points(score) }
}

/// The names have different trade words; beside a single word in common it is another company: `Pioneer Logistics`,
/// `Pioneer Aviation`.
pub(crate) fn trade_differs(identifying_pairs: u8) -> i64 {
    if identifying_pairs <= 1 { -150 } else { -70 }
}

/// Only one name is a parent's name (Abu, Umm).
pub(crate) fn kunya_missing(identifying_pairs: u8) -> i64 {
    if identifying_pairs <= 1 { -120 } else { -70 }
}

/// Words split or joined so many times.
pub(crate) fn respaced(count: i64) -> i64 {
    -10 * count.min(4)
}

/// Words split or joined in names of the same letters.
pub(crate) fn respaced_same(count: usize) -> i64 {
    -((count * 10).min(50) as i64)
}

/// Only one distinctive word is alike, and not letter for letter; `letters` are those that agree.
pub(crate) fn lone_word(letters: u32, is_whole_acronym: bool, score: i64) -> i64 {
    match letters {
        6.. => LONE_LONG_WORD + HalfAbove { floor: 740, most: 30 }.points(score + LONE_LONG_WORD),
        5 => -120,
        // In three or four letters another letter is another name, unless they are the initials of the other.
        4 if is_whole_acronym => -120,
        _ if is_whole_acronym => -240,
        _ => -200,
    }
}

/// The same for a word of six letters and more, before what its score adds.
const LONE_LONG_WORD: i64 = -80;

/// What a unit of weight without a counterpart costs that contradicts, in thousandths: both names keep it for themselves.
pub(crate) const CONTRADICTS: i64 = 1400;

/// What a unit of weight costs that only one name has, in thousandths; `is_part` says that all of one name stands in the
/// other: then the rest is what that writer left out.
pub(crate) fn omission(identifying_pairs: u32, is_part: bool, is_syllabic: bool) -> i64 {
    match identifying_pairs {
        // Names of single syllables are never shortened: another syllable is another name.
        _ if is_syllabic => 1700,
        0 | 1 => 1000,
        _ if is_part => LEAST_OMISSION,
        _ => 850,
    }
}

/// The least that an omission costs beside several words in common.
pub(crate) const LEAST_OMISSION: i64 = 750;
