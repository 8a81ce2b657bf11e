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
