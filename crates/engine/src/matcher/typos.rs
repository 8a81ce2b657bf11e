//! Names that stand in a field but for one or two typos, wherever in the name they are.
//!
//! Words of three letters, first letters and names of a single long word are where word-by-word comparison is at its
//! weakest. Here one word of the name that stands in the field letter for letter is the anchor; from it the rest of the
//! name is followed to both sides, letter by letter. Almost every name is given up within two letters.

use super::anchors::AnchoredName;
use super::hit::{Field, Hit, How};
use super::index::Index;
use super::name_record::{NameRecord, Strength};
use super::score::{reading_cost, typo_score};
use super::scratch::{FieldWords, ReadField, Scratch};
use super::vocabulary::is_looked_up;
use crate::name::{Class, View, Word};
use model::ids::NameId;
use text::{Folded, Reading, Token};

/// Letters from which a name with one edit is no accident.
pub(super) const LEAST_LETTERS: usize = 12;
/// Letters from which two edits are no accident.
const TWO_EDITS: usize = 20;

/// Letters of a word from which another letter is a typo rather than another word.
const LEAST_MISSPELT: usize = 5;

/// Names followed in one field, at most: a bound on hostile text that no real field reaches.
const MAX_FOLLOWED: u32 = 400_000;
/// Names followed between two checks whether the answer is still wanted.
const FOLLOWED_BETWEEN_CHECKS: u32 = 4096;
/// Words up to this weight may stand beside a name that covers a name field.
const LIGHT: u16 = 60;

/// Given names whose initials are looked for.
const MAX_GIVEN: usize = 4;
/// The score of a family name with the right initials in running text.
const INITIALS: u16 = 860;
/// How rare that family name must be, 0..=1000, and how many bytes it needs with several initials and with one.
const RARE: u16 = 800;
const SHORT_FAMILY: usize = 5;
const LONG_FAMILY: usize = 7;

/// A name that stands in the field but for edits, in bytes of the squeezed text.
struct TypoMatch {
    start: u32,
    end: u32,
    edits: u8,
    /// The edit is in a short word that alone tells the company.
    is_doubtful: bool,
    letters: u16,
}

/// A word of the field that is an anchor of a name, or near one.
#[derive(Clone, Copy)]
struct Anchor<'f> {
    folded: &'f Folded,
    /// Which token of the field it is.
    at: usize,
    token: Token,
    /// Which anchor of the name it is.
    number: u8,
    /// The word equals the anchor letter for letter.
    is_same: bool,
}

/// How the field is searched.
#[derive(Clone, Copy)]
struct Search {
    field: Field,
    reading: Reading,
    floor: u16,
}

impl Index {
    /// Adds the names that stand in the field but for one or two edits. Returns `true` when the search stopped early or
    /// reached its limit.
    pub(super) fn typo_hits(&self, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) -> bool {
        let Scratch { fields, memo, hits, stop, .. } = scratch;
        let ReadField { folded, words, .. } = &mut fields[reading as usize];
        let folded = &*folded;
        let search = Search { field, reading, floor };
        let mut followed = 0;
        for (at, token) in folded.tokens().iter().enumerate() {
            let word = folded.text(*token);
            if !is_looked_up(word) {
                continue;
            }
            let known = memo.of(word, self);
            for &(id, is_same) in memo.near(known) {
                let names = self.typo_anchors.of(id);
                let count = names.len() as u32;
                followed += count;
                if followed > MAX_FOLLOWED || (followed % FOLLOWED_BETWEEN_CHECKS < count && stop.is_due()) {
                    return true;
                }
                for anchored @ &AnchoredName { name, anchor, .. } in names {
                    // Where the name has a second anchor, that one stands letter for letter.
                    if is_same || anchored.is_only_one() {
                        let anchor = Anchor { folded, at, token: *token, number: anchor, is_same };
                        hits.extend(self.typo_hit(search, name, &anchor, words));
                    }
                }
            }
        }
        false
    }

    /// The hit of one name, if it stands around the anchor with initials or with edits.
    fn typo_hit(&self, search: Search, name: NameId, anchor: &Anchor<'_>, words: &mut FieldWords) -> Option<Hit> {
        let Search { field, reading, floor } = search;
        let record = self.name(name);
        if anchor.is_same
            && field == Field::Text
            && let Some((start, end)) = self.initials(record, anchor)
        {
            let score = INITIALS.saturating_sub(reading_cost(record, reading));
            return (score >= floor).then_some(Hit {
                name,
                score,
                start,
                end,
                how: How::Near,
                reading,
                is_whole: false,
            });
        }
        let TypoMatch { start, end, edits, is_doubtful, letters } = self.typo_match(record, anchor, field)?;
        let score = typo_score(edits, letters, record, reading, field);
        let is_whole = field == Field::Name;
        let mut covers_all = || {
            let outside = words.of(record, anchor.folded, self).iter().filter(|w| w.end <= start || w.start >= end);
            outside.into_iter().all(|w| w.weight <= LIGHT)
        };
        if score < floor || record.strength == Strength::Weak || (is_whole && !covers_all()) {
            return None;
        }
        Some(Hit { name, score, start, end, how: How::Typo { edits, is_doubtful }, reading, is_whole })
    }

    /// A person's rare family name with the initials of all the given names directly before or behind it: where both
    /// stand, in bytes.
    fn initials(&self, record: &NameRecord, anchor: &Anchor<'_>) -> Option<(u32, u32)> {
        let rarity = record.anchors[usize::from(anchor.number)];
        if !record.is_person || rarity < RARE || record.strength != Strength::Strong {
            return None;
        }
        let tokens = anchor.folded.tokens();
        let is_short = |token: Option<&Token>| token.is_some_and(|t| t.end - t.start <= MAX_GIVEN as u32);
        // Almost every family name of a text is dropped here.
        if !is_short(tokens.get(anchor.at + 1)) && !is_short(anchor.at.checked_sub(1).and_then(|at| tokens.get(at))) {
            return None;
        }
        let view = self.view(record);
        let mut given = [0u8; MAX_GIVEN];
        let count = given_initials(record, &view, anchor.number, &mut given)?;
        let least = if count == 1 { LONG_FAMILY } else { SHORT_FAMILY };
        if count == 0 || ((anchor.token.end - anchor.token.start) as usize) < least {
            return None;
        }
        initials_beside(anchor, &given[..count], &view)
    }

    /// Follows a name to both sides of its anchor; first without its legal form.
    fn typo_match(&self, record: &NameRecord, anchor: &Anchor<'_>, field: Field) -> Option<TypoMatch> {
        let whole = (0, record.bytes);
        let core = Some(record.core).filter(|core| *core != whole);
        core.into_iter().chain([whole]).find_map(|range| self.typo_match_of(record, range, anchor, field))
    }

    /// The same for one range of the name, in bytes.
    fn typo_match_of(
        &self,
        record: &NameRecord,
        range: (u16, u16),
        anchor: &Anchor<'_>,
        field: Field,
    ) -> Option<TypoMatch> {
        let Anchor { folded, token, is_same, .. } = *anchor;
        // Bytes outside the range are of legal forms: nearly all of them are ASCII.
        let letters = record.letter_count().saturating_sub(usize::from(record.bytes - (range.1 - range.0)));
        let budget = budget(letters);
        let anchor_at = record.anchor_at[usize::from(anchor.number)];
        if budget == 0 || anchor_at < range.0 || anchor_at >= range.1 {
            return None;
        }
        let name = self.letters_of(record);
        let text = folded.squeezed();
        let begins = |bytes: u32| folded.is_boundary((token.start - bytes) as usize);
        let before = name[usize::from(range.0)..usize::from(anchor_at)].chars().rev();
        let left = follow(before, text[..token.start as usize].chars().rev(), budget, &begins)?;
        // A word that is the same need not be followed.
        let skipped = if is_same { (token.end - token.start) as u16 } else { 0 };
        let from = token.start + u32::from(skipped);
        let ends = |bytes: u32| folded.is_boundary((from + bytes) as usize);
        let after = name[usize::from(anchor_at + skipped)..usize::from(range.1)].chars();
        let right = follow(after, text[from as usize..].chars(), budget - left.edits, &ends)?;
        let edits = left.edits + right.edits;
        let view = self.view(record);
        let lefts = left.at[..usize::from(left.edits)].iter().map(|at| anchor_at.saturating_sub(at + 1));
        let rights = right.at[..usize::from(right.edits)].iter().map(|at| anchor_at + skipped + at);
        let edited = lefts.chain(rights);
        let is_whole = range == (0, record.bytes);
        let is_another =
            !edited.clone().all(|at| is_in_a_word(&view, at)) || !(is_whole || tells_a_party(&view, range));
        let is_doubtful = !record.is_person && is_other_short_word(&view, edited);
        (edits > 0 && !is_another && !(is_doubtful && field == Field::Name)).then(|| TypoMatch {
            start: token.start - left.bytes,
            end: from + right.bytes,
            edits,
            is_doubtful,
            letters: letters.min(usize::from(u16::MAX)) as u16,
        })
    }
}

fn is_particle(word: &&Word) -> bool {
    word.class == Class::Particle
}

/// Writes the first bytes of the words of a name other than its anchor, particles left out; how many they are, `None`
/// for too many.
fn given_initials(record: &NameRecord, view: &View<'_>, anchor: u8, given: &mut [u8; MAX_GIVEN]) -> Option<usize> {
    let family = view.words.first()?.start + u32::from(record.anchor_at[usize::from(anchor)]);
    let mut count = 0;
    for word in view.words.iter().filter(|w| w.start != family && !is_particle(w)) {
        *given.get_mut(count)? = *view.letters(word).as_bytes().first()?;
        count += 1;
    }
    Some(count)
}

/// Where the family name stands together with these initials, in bytes.
fn initials_beside(anchor: &Anchor<'_>, given: &[u8], view: &View<'_>) -> Option<(u32, u32)> {
    let Anchor { folded, at, token: family, .. } = *anchor;
    let tokens = folded.tokens();
    let is_letter = |token: &Token| token.end - token.start == 1;
    // `E. F.` is two words, `E.F.` is one.
    let spells = |run: &[Token]| {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
        let letters = &folded.squeezed().as_bytes()[first.start as usize..last.end as usize];
        letters == given && (run.len() == 1 || run.iter().all(is_letter))
    };
    let is_of_name = |t: &Token| view.words.iter().filter(is_particle).any(|w| view.letters(w) == folded.text(*t));
    for length in [given.len(), 1] {
        if let Some(run) = tokens.get(at + 1..at + 1 + length).filter(|run| spells(run)) {
            return Some((family.start, run[length - 1].end));
        }
        // A particle of the name may stand between: `G. H. AL-UBAIDI`.
        for skipped in [0, 1] {
            let Some(from) = at.checked_sub(length + skipped) else { continue };
            let between = &tokens[at - skipped..at];
            if between.iter().all(is_of_name) && spells(&tokens[from..from + length]) {
                return Some((tokens[from].start, family.end));
            }
        }
    }
    None
}

/// The word that the letter at byte `at` of a name is in.
fn word_at<'v>(view: &View<'v>, at: u16) -> Option<&'v Word> {
    let at = view.words.first()?.start + u32::from(at);
    view.words.iter().find(|w| at < w.end).or(view.words.last())
}

/// Whether the letter at `at` is one of a word that can be misspelt: another number or initial is another name.
fn is_in_a_word(view: &View<'_>, at: u16) -> bool {
    word_at(view, at).is_some_and(|w| !matches!(w.class, Class::Number(_) | Class::Initial))
}

/// Whether these bytes of a name hold a word that tells parties apart: the name without its title and legal form may
/// be generic words alone (`MRS International`, `KK International Traders`), which are not a name.
fn tells_a_party(view: &View<'_>, range: (u16, u16)) -> bool {
    let Some(base) = view.words.first().map(|w| w.start) else { return false };
    let (start, end) = (base + u32::from(range.0), base + u32::from(range.1));
    let mut inside = view.words.iter().filter(|w| w.start >= start && w.end <= end);
    inside.any(|w| matches!(w.class, Class::Distinctive | Class::Everyday | Class::Place))
}

/// Whether one of the edits at these bytes is in a short word that alone tells a company from others: another letter
/// there is another name (`MSN International`, `MS International`).
fn is_other_short_word(view: &View<'_>, mut edited: impl Iterator<Item = u16>) -> bool {
    let distinctive = |word: &&Word| word.class == Class::Distinctive;
    edited.any(|at| {
        word_at(view, at).filter(distinctive).is_some_and(|word| {
            let others = view.words.iter().filter(distinctive).filter(|w| w.start != word.start);
            word.letter_count() < LEAST_MISSPELT && others.map(Word::letter_count).sum::<usize>() < LEAST_MISSPELT
        })
    })
}

/// Edits that a name of so many letters may have.
fn budget(letters: usize) -> u8 {
    match letters {
        0..LEAST_LETTERS => 0,
        LEAST_LETTERS..TWO_EDITS => 1,
        _ => 2,
    }
}

/// How one side of the anchor was followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Followed {
    /// Letters added, left out, exchanged or replaced.
    edits: u8,
    /// Bytes of the text.
    bytes: u32,
    /// Where in the pattern the first two edits are, in bytes from the anchor.
    at: [u16; 2],
}

impl Followed {
    fn with_edit(mut self, at: u16) -> Self {
        self.at[usize::from(self.edits).min(1)] = at;
        self.edits += 1;
        self
    }
}

/// Follows the whole pattern along the text with at most `budget` edits. `ends` says whether a word of the text may
/// end after so many bytes.
fn follow(
    pattern: impl Iterator<Item = char> + Clone,
    text: impl Iterator<Item = char> + Clone,
    budget: u8,
    ends: &impl Fn(u32) -> bool,
) -> Option<Followed> {
    step(pattern, text, budget, 0, 0, ends)
}

/// The same from `bytes` bytes of the text and `at` bytes of the pattern on.
fn step(
    mut pattern: impl Iterator<Item = char> + Clone,
    mut text: impl Iterator<Item = char> + Clone,
    budget: u8,
    mut bytes: u32,
    mut at: u16,
    ends: &impl Fn(u32) -> bool,
) -> Option<Followed> {
    loop {
        let (mut next, mut ahead) = (pattern.clone(), text.clone());
        let (wanted, given) = (next.next(), ahead.next());
        let size = |c: char| c.len_utf8() as u32;
        let Some(wanted) = wanted else {
            if ends(bytes) {
                return Some(Followed { edits: 0, bytes, at: [0; 2] });
            }
            // A letter too many at the end of the name.
            let given = given.filter(|c| budget > 0 && !c.is_ascii_digit() && ends(bytes + size(*c)))?;
            return Some(Followed { edits: 0, bytes: bytes + size(given), at: [0; 2] }.with_edit(at));
        };
        if given == Some(wanted) {
            bytes += size(wanted);
            at += wanted.len_utf8() as u16;
            (pattern, text) = (next, ahead);
            continue;
        }
        // Another digit is another number, not a typo.
        if budget == 0 || wanted.is_ascii_digit() {
            return None;
        }
        let (budget, step_at) = (budget - 1, at + wanted.len_utf8() as u16);
        let left_out = step(next.clone(), text, budget, bytes, step_at, ends);
        let mut best = left_out;
        let mut consider = |found: Option<Followed>| {
            if let Some(found) = found
                && best.is_none_or(|b| found.edits < b.edits)
            {
                best = Some(found);
            }
        };
        if let Some(given) = given {
            let used = bytes + size(given);
            consider(step(next.clone(), ahead.clone(), budget, used, step_at, ends));
            if !given.is_ascii_digit() {
                consider(step(pattern, ahead.clone(), budget, used, at, ends));
            }
            let (mut over, mut under) = (next, ahead);
            if over.next() == Some(given) && under.next() == Some(wanted) {
                let turned = step(over, under, budget, used + size(wanted), step_at + given.len_utf8() as u16, ends);
                consider(turned);
            }
        }
        return best.map(|found| found.with_edit(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(pattern: &str, text: &str, budget: u8) -> Option<(u8, u32)> {
        let end = text.len() as u32;
        follow(pattern.chars(), text.chars(), budget, &|bytes| bytes == end).map(|f| (f.edits, f.bytes))
    }

    #[test]
    fn edits_are_counted_and_digits_are_never_edited() {
        for (pattern, text, expected) in [
            ("oboronlogistics", "oboronlogistics", Some(0)),
            ("oboronlogistics", "oboroncogistics", Some(1)),
            ("oboronlogistics", "oboronlogistic", Some(1)),
            ("oboronlogistics", "oboronlogisticss", Some(1)),
            ("oboronlogistics", "oborolnogistics", Some(1)),
            ("oboronlogistics", "boronlogistics", Some(1)),
            ("oboronlogistics", "boronlogisticz", None),
            ("калашников", "калошников", Some(1)),
            ("yard1221", "yard1222", None),
            ("yard1221", "yard12211", None),
        ] {
            assert_eq!(edits(pattern, text, 1).map(|s| s.0), expected, "{text}");
        }
        assert_eq!(edits("oboronlogistics", "boronlogisticz", 2), Some((2, 14)));
    }

    #[test]
    fn the_text_may_go_on_behind_a_word() {
        let ends = |bytes: u32| bytes == 8;
        let found = follow("kronshta".chars(), "kronshtadtplant".chars(), 1, &ends);
        assert_eq!(found.map(|f| (f.edits, f.bytes)), Some((0, 8)));
    }
}
