//! The score of a name found in its field, before the rest of the record is looked at.

use super::exact::{ExactMatch, Part};
use super::hit::Field;
use super::name_record::{NameRecord, Strength};
use crate::name::charges::ONE_OF_SEVERAL;
use crate::name::found::{self as points, LONG, LOOK_ALIKE, ROMANISED};
use crate::name::{Class, Compared, View, Word};
use text::{Folded, Reading};

/// The score of a name found letter for letter, 0..=1000.
pub(super) fn exact_score(
    found: &ExactMatch,
    record: &NameRecord,
    reading: Reading,
    field: Field,
    (text, folded): (&str, &Folded),
) -> u16 {
    let mut score = points::WHOLE - points::respaced(found.respaced);
    if found.using.part == Part::Core {
        score -= points::WITHOUT_FORM;
        if field == Field::Text && record.strength != Strength::Strong {
            score -= points::WITHOUT_FORM_IN_TEXT;
        }
    }
    if found.is_glued {
        score -= points::GLUED;
    }
    // A word that stands split or joined in running text may be an accident of two other words.
    if found.respaced > 0 && found.end - found.start < LONG {
        score -= points::respaced_short(found.respaced);
    }
    score.saturating_sub(reading_cost(record, reading)).min(if is_beside_initial(text, folded, found) {
        points::NEARLY_CERTAIN
    } else {
        points::WHOLE
    })
}

/// Whether a single letter stands directly before or after the match, in the same line: a sign of a longer name (`DJI A`).
fn is_beside_initial(text: &str, folded: &Folded, found: &ExactMatch) -> bool {
    let tokens = folded.tokens();
    let (first, last) = (folded.token_at(found.start), folded.token_at(found.end - 1));
    let is_single = |at: usize| {
        let token = tokens[at];
        token.end - token.start == 1 && folded.text(token).as_bytes()[0].is_ascii_alphabetic()
    };
    let is_one_line = |before: usize| {
        let end = folded.original(tokens[before].start as usize, tokens[before].end as usize).1;
        let start = folded.original(tokens[before + 1].start as usize, tokens[before + 1].end as usize).0;
        !text.get(end as usize..start as usize).is_some_and(|between| between.contains(['\n', '\r']))
    };
    (first > 0 && is_single(first - 1) && is_one_line(first - 1))
        || (last + 1 < tokens.len() && is_single(last + 1) && is_one_line(last))
}

/// The points taken for letters of the name or the field that were not read as written: once, also where both are
/// romanised.
pub(crate) fn reading_cost(record: &NameRecord, reading: Reading) -> u16 {
    let of_record = if record.reading == Reading::Romanised { ROMANISED } else { 0 };
    of_record.max(match reading {
        Reading::Plain => 0,
        Reading::LookAlike | Reading::Undisguised => LOOK_ALIKE,
        Reading::Romanised => ROMANISED,
    })
}

/// The score of a name found by comparison, 0..=1000.
pub(super) fn near_score(compared: &Compared, record: &NameRecord, reading: Reading, field: Field) -> u16 {
    let mut score = compared.score.saturating_sub(reading_cost(record, reading));
    if field == Field::Text {
        // In running text one distinctive word says too little, unless every word of the name stands with it.
        let is_long = compared.is_complete && compared.letters >= LONG as u32;
        if record.strength != Strength::Strong || (compared.distinctive < 2 && !is_long) {
            score = score.min(points::TOO_LITTLE_IN_TEXT);
        }
    }
    score
}

/// The score of a name found but for edits: the longer it is, the less each of them costs. A name field names a party
/// on purpose, so there another letter may well be another name and costs more.
pub(super) fn typo_score(edits: u8, letters: u16, record: &NameRecord, reading: Reading, field: Field) -> u16 {
    let (most, each): (u16, u16) = match field {
        Field::Text => points::edited_in_text(letters),
        Field::Name => points::edited_in_name(letters),
    };
    most.saturating_sub(u16::from(edits) * each).saturating_sub(reading_cost(record, reading))
}

/// What a name field says beside the match.
#[derive(Default)]
pub(super) struct Rest {
    /// The sum of the weights of its words.
    pub(super) weight: u32,
    /// It has no distinctive word.
    is_plain: bool,
    /// The field has other words, if only a legal form.
    pub(super) is_there: bool,
}

/// The words of a name field outside the match.
pub(super) fn rest_of(words: &[Word], found: &ExactMatch) -> Rest {
    let outside = words.iter().filter(|w| w.end as usize <= found.start || w.start as usize >= found.end);
    let mut rest = Rest { weight: 0, is_plain: true, is_there: false };
    for word in outside {
        rest.is_there = true;
        rest.weight += u32::from(word.weight);
        rest.is_plain &= word.class != Class::Distinctive;
    }
    rest
}

/// The score of a listed name that is only part of a name field: the more else the field says, the lower, and at most
/// `compared`, the score of the whole field against it. A strong name stays worth a review, whatever stands around it
/// ("on behalf of ...").
pub(super) fn weigh_rest(score: u16, compared: u16, rest: &Rest, record: &NameRecord, listed: View<'_>) -> u16 {
    let own: u32 = listed.words.iter().map(|w| u32::from(w.weight)).sum::<u32>().max(1);
    // A field may be so long that its weights fill 32 bits.
    let (rest_weight, own) = (u64::from(rest.weight), u64::from(own));
    let loss = points::more_in_field(rest_weight, own);
    if record.strength != Strength::Strong && !rest.is_plain {
        return score.saturating_sub(loss).min(ONE_OF_SEVERAL as u16).min(compared);
    }
    let floor = match record.strength {
        Strength::Strong if listed.squeezed().len() >= points::LETTERS_OF_LONG => points::STRONG_AND_LONG,
        Strength::Strong => points::STAYS_IN_SIGHT,
        _ => 0,
    };
    let floor = floor.min(score.saturating_sub(loss));
    score.saturating_sub(loss).min(compared).max(floor)
}
