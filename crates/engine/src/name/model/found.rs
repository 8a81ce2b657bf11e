//! What the score of a name found in a field is made of, beside the comparison of names: how its letters stand there, and
//! what the rest of the record adds. In thousandths of the listed name itself.

use super::charges::MOST_FOR_UNEQUAL;
use super::likeness::SAME;

/// Letters from which a name with all its words is no accident in running text.
pub(crate) const LONG: usize = 12;
/// Twice as many words or letters, and edits are no accident either.
pub(crate) const TWICE_LONG: usize = 2 * LONG;

/// The score of the listed name itself.
pub(crate) const WHOLE: u16 = SAME;
/// Beside a single letter the name may be a longer one (`DJI A`); what else a record says never makes a name that differs
/// the listed name itself.
pub(crate) const NEARLY_CERTAIN: u16 = MOST_FOR_UNEQUAL as u16;
/// From this score on a doubtful cut of a cell is believed.
pub(crate) const SURE_OF_CUT: u16 = 940;
/// A name that romanised ideographs resemble asks for attention from this score on.
pub(crate) const FIRM_HOMOPHONE: i32 = 800;
/// The most that a name in other ideographs of the same sound scores: another name.
pub(crate) const HOMOPHONE: u16 = 650;
/// The score of a family name with the right initials in running text; up to it, a person's near name rests on one word.
pub(crate) const FAMILY_AND_INITIALS: u16 = 860;
/// A name in running text that says too little scores at most this, below every threshold.
pub(crate) const TOO_LITTLE_IN_TEXT: u16 = 690;
/// What a weak or short name keeps when its place lowers it: the threshold at which a person looks.
pub(crate) const STAYS_IN_SIGHT: u16 = 700;
/// What a strong and long name keeps, whatever stands around it in its field.
pub(crate) const STRONG_AND_LONG: u16 = 730;
/// Letters from which a strong name is a long one.
pub(crate) const LETTERS_OF_LONG: usize = 14;

/// Letters of another script read as Latin ones.
pub(crate) const ROMANISED: u16 = 40;
/// Letters read as those that they look like.
pub(crate) const LOOK_ALIKE: u16 = 30;
/// One of several names that a field gives.
pub(crate) const ONE_OF_ALTERNATIVES: u16 = 30;
/// The listed legal form is left out.
pub(crate) const WITHOUT_FORM: u16 = 20;
/// The same in running text, for a name that says little.
pub(crate) const WITHOUT_FORM_IN_TEXT: u16 = 40;
/// An end of the name is glued to a neighbouring word.
pub(crate) const GLUED: u16 = 60;

/// Blanks added or taken out, so many.
pub(crate) fn respaced(count: u8) -> u16 {
    10 * u16::from(count.min(8))
}

/// The same in a short name, which may be an accident of two other words.
pub(crate) fn respaced_short(count: u8) -> u16 {
    40 * u16::from(count.min(4))
}

/// A name in running text but for edits: the most it scores, and what each edit takes. The longer the name, the less.
pub(crate) fn edited_in_text(letters: u16) -> (u16, u16) {
    (970, 1000 / letters.max(1) + 10)
}

/// The same in a name field: it names a party on purpose, so there another letter may well be another name.
pub(crate) fn edited_in_name(letters: u16) -> (u16, u16) {
    (940, 1300 / letters.max(1) + 10)
}

/// What the words of a field beside a listed name take, by the weights of both.
pub(crate) fn more_in_field(rest: u64, own: u64) -> u16 {
    (rest * 850 / (2 * own + rest)) as u16
}

/// The entry is of another kind than the field: a company where a ship is named.
pub(crate) const KIND_DIFFERS: i32 = -150;
/// The listed name is very short.
pub(crate) const SHORT_NAME: i32 = -50;
/// The listed name says little on its own: all of the field; part of it; in running text.
pub(crate) const WEAK_NAME: i32 = -150;
pub(crate) const WEAK_NAME_IN_PART: i32 = -250;
pub(crate) const WEAK_NAME_IN_TEXT: i32 = -300;

/// What agrees beside the name adds, and what differs takes.
pub(crate) const NUMBER_AGREES: i32 = 40;
pub(crate) const NUMBER_DIFFERS: i32 = -80;
pub(crate) const SAME_DAY: i32 = 40;
pub(crate) const DATE_AGREES: i32 = 20;
pub(crate) const DATE_NEAR: i32 = -10;
pub(crate) const DATE_DIFFERS: i32 = -60;
pub(crate) const ADDRESS_AGREES: i32 = 20;
pub(crate) const NAME_AGREES: i32 = 20;
pub(crate) const FORM_AGREES: i32 = 10;
pub(crate) const COUNTRY_AGREES: i32 = 10;
pub(crate) const COUNTRY_DIFFERS: i32 = -20;
pub(crate) const ROLE_AGREES: i32 = 10;
pub(crate) const ROLE_DIFFERS: i32 = -10;
