//! How many letters may differ, for words and for whole names. The one place for these numbers.

/// Letters from which a name with one edit is no accident.
pub(crate) const LEAST_LETTERS: usize = 12;

/// Letters from which two edits are no accident.
const TWO_EDITS: usize = 20;

/// Edits that a name of so many letters may have where it is followed letter by letter.
pub(crate) fn edits_in_name(letters: usize) -> u8 {
    match letters {
        0..LEAST_LETTERS => 0,
        LEAST_LETTERS..TWO_EDITS => 1,
        _ => 2,
    }
}

/// Edits that a typo explains, by the letters of the shorter of two words.
pub(crate) fn edits_in_word(letters: u8) -> u8 {
    match letters {
        0..=2 => 0,
        3..=7 => 1,
        8..=13 => 2,
        _ => 3,
    }
}

/// The part of a name's anchor weight that a name field must hold for a comparison, in hundredths.
pub(crate) const NEEDED: u32 = 45;
/// The same where one word near an anchor is all that was found.
pub(crate) const NEEDED_OF_ONE: u32 = 60;
/// The same in a field with initials, which may stand for the others; and where the word leads to few names.
pub(crate) const BESIDE_INITIALS: u32 = 25;
pub(crate) const RARE_BESIDE_INITIALS: u32 = 15;
/// The same in running text: a near match there reports from a high threshold on, which the rest could not reach.
pub(crate) const NEEDED_IN_TEXT: u32 = 68;
/// Letter pairs that two names must share for a search to compare them, in thousandths.
pub(crate) const SHARED_PAIRS: u32 = 250;
/// The least score that a search tells of.
pub(crate) const LEAST_FOUND: u16 = 300;
/// From this score on, two parties of an ownership table are one.
pub(crate) const SAME_PARTY: u16 = 900;
