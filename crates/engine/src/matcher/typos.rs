//! Names that stand in a field but for one or two typos, wherever in the name they are.
//!
//! Words of three letters, first letters and names of a single long word are where word-by-word comparison is at its
//! weakest. Here one word of the name that stands in the field letter for letter is the anchor; from it the rest of the
//! name is followed to both sides, letter by letter. Almost every name is given up within two letters.

mod follow;

use super::edges::{FollowedName, TextEdges};
use super::hit::{Field, Hit, How};
use super::index::Index;
use super::name_record::{NameRecord, Strength};
use super::score::{reading_cost, typo_score};
use super::scratch::{FieldWords, ReadField, Scratch};
use crate::name::found::FAMILY_AND_INITIALS;
use crate::name::likeness::LEAST_MISSPELT;
use crate::name::words::LIGHT;
use crate::name::{Class, View, Word, edits_in_name};
pub(super) use follow::follow;
use model::ids::NameId;
use text::{Folded, Reading, Token};

/// Names followed in one field, at most: a bound on hostile text that no real field reaches.
const MAX_FOLLOWED: u32 = 400_000;
/// Names followed between two checks whether the answer is still wanted.
const FOLLOWED_BETWEEN_CHECKS: u32 = 4096;

/// Given names whose initials are looked for.
const MAX_GIVEN: usize = 4;
/// How many bytes that family name needs with several initials and with one.
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
        let ReadField { folded, words, known, .. } = &mut fields[reading as usize];
        let folded = &*folded;
        let search = Search { field, reading, floor };
        let mut followed = 0;
        for (at, near) in memo.near(known) {
            let token = folded.tokens()[at];
            let edges = TextEdges::of(folded, token);
            for &(id, is_same) in near {
                let names = self.typo_anchors.of(id);
                let count = names.len() as u32;
                followed += count;
                if followed > MAX_FOLLOWED || (followed % FOLLOWED_BETWEEN_CHECKS < count && stop.is_due()) {
                    return true;
                }
                for FollowedName { anchored, edges: of_name } in names {
                    // Where the name has a second anchor, that one stands letter for letter.
                    if (is_same || anchored.is_only_one()) && of_name.may_stand(&edges, is_same) {
                        let anchor = Anchor { folded, at, token, number: anchored.anchor, is_same };
                        hits.extend(self.typo_hit(search, anchored.name, &anchor, words));
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
            let score = FAMILY_AND_INITIALS.saturating_sub(reading_cost(record, reading));
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
        if !record.may_have_initials(anchor.number) {
            return None;
        }
        let tokens = anchor.folded.tokens();
        let is_short = |token: Option<&Token>| token.is_some_and(|t| t.end - t.start <= MAX_GIVEN as u32);
        // Almost every family name of a text is dropped here.
        if !is_short(tokens.get(anchor.at + 1)) && !is_short(anchor.at.checked_sub(1).and_then(|at| tokens.get(at))) {
            return None;
        }
        let listed = self.listed(record);
        let view = listed.view();
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
        let budget = edits_in_name(letters);
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
        let listed = self.listed(record);
        let view = listed.view();
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
