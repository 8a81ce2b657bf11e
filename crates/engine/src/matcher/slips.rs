//! Names that stand in a field but for a slip of one or two letters, wherever in the name it is.
//!
//! Words of three letters, first letters and names of a single long word are where word-by-word comparison is at its
//! weakest. Here one word of the name that stands in the field letter for letter is the hold; from it the rest of the
//! name is followed to both sides, letter by letter. Almost every hold is given up within two letters.

use super::anchors::Hang;
use super::compile::{Index, NameRecord, Strength};
use super::find::{Field, Hit, How, Scratch, is_word};
use super::score::{reading_cost, slip_score};
use crate::name::{Class, View, Word};
use text::{Folded, Reading, Token};

/// Letters from which a name with one slip is no accident.
pub(super) const LEAST_LETTERS: usize = 12;
/// Letters from which two slips are not.
const TWO_SLIPS: usize = 20;

/// Holds tried in one field, at most: a bound on hostile text that no real field meets.
const MAX_TRIED: u32 = 400_000;

/// Given names whose initials are looked for.
const MAX_GIVEN: usize = 4;
/// What a family name with the right initials scores in running text.
const INITIALS: u16 = 860;
/// How rare that family name must be, and how many letters it needs with several initials and with one.
const RARE: u16 = 800;
const SHORT_FAMILY: usize = 5;
const LONG_FAMILY: usize = 7;

/// A name that stands in the field but for slips, in bytes of the squeezed text.
struct Slip {
    start: u32,
    end: u32,
    slips: u8,
    letters: u16,
}

impl Index {
    /// Adds the names that stand in the field but for a slip or two. Returns `true` when the search was cut short.
    pub(super) fn slip_hits(&self, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) -> bool {
        let (folded, memo, words, hits, halt) = scratch.for_slips();
        let mut tried = 0;
        for (at, token) in folded.tokens().iter().enumerate() {
            let word = folded.text(*token);
            if !is_word(word) {
                continue;
            }
            let known = memo.of(word, self);
            for &(id, is_same) in memo.near(known) {
                let names = self.holds.of(id);
                tried += names.len() as u32;
                if tried > MAX_TRIED || (tried % 4096 < names.len() as u32 && halt.is_due()) {
                    return true;
                }
                for hang @ &Hang { name, anchor, .. } in names {
                    // Where the name has a second word to hold on to, that one stands letter for letter.
                    if !is_same && !hang.is_only_one() {
                        continue;
                    }
                    let record = self.name(name);
                    if is_same
                        && field == Field::Text
                        && let Some((start, end)) = self.initials(record, anchor, at, folded)
                    {
                        let score = INITIALS.saturating_sub(reading_cost(record, reading));
                        if score >= floor {
                            hits.push(Hit { name, score, start, end, how: How::Near, reading, is_whole: false });
                        }
                        continue;
                    }
                    let Some(slip) = self.slip(record, anchor, *token, is_same, folded) else { continue };
                    let score = slip_score(slip.slips, slip.letters, record, reading, field);
                    let is_whole = field == Field::Name;
                    let mut covers_all = || {
                        let outside = words.of(record, folded, self).iter();
                        outside.filter(|w| w.end <= slip.start || w.start >= slip.end).all(|w| w.weight <= 60)
                    };
                    if score < floor || record.strength == Strength::Weak || (is_whole && !covers_all()) {
                        continue;
                    }
                    let how = How::Slip { slips: slip.slips };
                    hits.push(Hit { name, score, start: slip.start, end: slip.end, how, reading, is_whole });
                }
            }
        }
        false
    }

    /// A person's rare family name with the initials of all the given names directly before or behind it.
    fn initials(&self, record: &NameRecord, anchor: u8, at: usize, folded: &Folded) -> Option<(u32, u32)> {
        let rarity = record.anchors[usize::from(anchor)];
        if !record.is_person || rarity < RARE || record.strength != Strength::Strong {
            return None;
        }
        let tokens = folded.tokens();
        let is_letter = |token: &Token| token.end - token.start == 1;
        let next_to = |token: Option<&Token>| token.is_some_and(|t| t.end - t.start <= MAX_GIVEN as u32);
        // Almost every family name of a text ends here.
        if !next_to(tokens.get(at + 1)) && !next_to(at.checked_sub(1).and_then(|at| tokens.get(at))) {
            return None;
        }
        let view = self.view(record);
        let hold = view.words.first()?.start + u32::from(record.anchor_at[usize::from(anchor)]);
        let is_particle = |w: &&Word| w.class == Class::Particle;
        let mut given = [0u8; MAX_GIVEN];
        let mut count = 0;
        for word in view.words.iter().filter(|w| w.start != hold && !is_particle(w)) {
            *given.get_mut(count)? = *view.letters(word).as_bytes().first()?;
            count += 1;
        }
        let family = tokens[at];
        let least = if count == 1 { LONG_FAMILY } else { SHORT_FAMILY };
        if count == 0 || ((family.end - family.start) as usize) < least {
            return None;
        }
        let given = &given[..count];
        // `E. F.` is two words, `E.F.` is one.
        let spells = |run: &[Token]| {
            let letters = run
                .first()
                .zip(run.last())
                .map(|(first, last)| &folded.squeezed().as_bytes()[first.start as usize..last.end as usize]);
            letters == Some(given) && (run.len() == 1 || run.iter().all(is_letter))
        };
        for length in [count, 1] {
            if let Some(run) = tokens.get(at + 1..at + 1 + length).filter(|run| spells(run)) {
                return Some((family.start, run[length - 1].end));
            }
            // A particle of the name may stand between: `G. H. AL-UBAIDI`.
            for skipped in [0, 1] {
                let Some(from) = at.checked_sub(length + skipped) else { continue };
                let between = &tokens[at - skipped..at];
                let is_of_name =
                    |t: &Token| view.words.iter().filter(is_particle).any(|w| view.letters(w) == folded.text(*t));
                if between.iter().all(is_of_name) && spells(&tokens[from..from + length]) {
                    return Some((tokens[from].start, family.end));
                }
            }
        }
        None
    }

    /// Follows a name to both sides of the word it shares with the field; first without its legal form.
    fn slip(&self, record: &NameRecord, anchor: u8, token: Token, is_same: bool, folded: &Folded) -> Option<Slip> {
        let whole = (0, record.bytes);
        let core = Some(record.core).filter(|core| *core != whole);
        core.into_iter().chain([whole]).find_map(|range| self.slip_of(record, range, anchor, token, is_same, folded))
    }

    fn slip_of(
        &self,
        record: &NameRecord,
        range: (u16, u16),
        anchor: u8,
        token: Token,
        is_same: bool,
        folded: &Folded,
    ) -> Option<Slip> {
        // Bytes outside the range are of legal forms: as good as all of them are ASCII.
        let letters = record.letters_of_whole().saturating_sub(usize::from(record.bytes - (range.1 - range.0)));
        let budget = budget(letters);
        let hold = record.anchor_at[usize::from(anchor)];
        if budget == 0 || hold < range.0 || hold >= range.1 {
            return None;
        }
        let name = self.letters_of(record);
        let text = folded.squeezed();
        let begins = |bytes: u32| folded.is_boundary((token.start - bytes) as usize);
        let before = name[usize::from(range.0)..usize::from(hold)].chars().rev();
        let left = follow(before, text[..token.start as usize].chars().rev(), budget, &begins)?;
        // A word that is the same need not be followed.
        let skipped = if is_same { (token.end - token.start) as u16 } else { 0 };
        let from = token.start + u32::from(skipped);
        let ends = |bytes: u32| folded.is_boundary((from + bytes) as usize);
        let after = name[usize::from(hold + skipped)..usize::from(range.1)].chars();
        let right = follow(after, text[from as usize..].chars(), budget - left.slips, &ends)?;
        let slips = left.slips + right.slips;
        let view = self.view(record);
        let is_slip = |at: u16| is_in_a_word(&view, at);
        let lefts = left.at[..usize::from(left.slips)].iter().map(|at| hold.saturating_sub(at + 1));
        let rights = right.at[..usize::from(right.slips)].iter().map(|at| hold + skipped + at);
        (slips > 0 && lefts.chain(rights).all(is_slip)).then(|| Slip {
            start: token.start - left.bytes,
            end: from + right.bytes,
            slips,
            letters: letters.min(usize::from(u16::MAX)) as u16,
        })
    }
}

/// Whether the letter at `at` is one of a word that can be misspelt: another number or initial is another name.
fn is_in_a_word(view: &View<'_>, at: u16) -> bool {
    let Some(base) = view.words.first().map(|w| w.start) else { return false };
    let at = base + u32::from(at);
    let word: Option<&Word> = view.words.iter().find(|w| at < w.end).or(view.words.last());
    word.is_some_and(|w| !matches!(w.class, Class::Number(_) | Class::Initial))
}

/// Slips that a name of so many letters may have.
fn budget(letters: usize) -> u8 {
    match letters {
        0..LEAST_LETTERS => 0,
        LEAST_LETTERS..TWO_SLIPS => 1,
        _ => 2,
    }
}

/// How one side of the hold was followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Followed {
    /// Letters added, left out, exchanged or replaced.
    slips: u8,
    /// Bytes of the text.
    bytes: u32,
    /// Where in the pattern the slips are, in bytes from the hold.
    at: [u16; 2],
}

impl Followed {
    fn slipped(mut self, at: u16) -> Self {
        self.at[usize::from(self.slips).min(1)] = at;
        self.slips += 1;
        self
    }
}

/// Follows the whole pattern along the text with at most `budget` slips. `ends` says whether a word of the text may
/// end after so many bytes.
fn follow(
    pattern: impl Iterator<Item = char> + Clone,
    text: impl Iterator<Item = char> + Clone,
    budget: u8,
    ends: &impl Fn(u32) -> bool,
) -> Option<Followed> {
    step(pattern, text, budget, 0, 0, ends)
}

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
                return Some(Followed { slips: 0, bytes, at: [0; 2] });
            }
            // A letter too many at the end of the name.
            let given = given.filter(|c| budget > 0 && !c.is_ascii_digit() && ends(bytes + size(*c)))?;
            return Some(Followed { slips: 0, bytes: bytes + size(given), at: [0; 2] }.slipped(at));
        };
        if given == Some(wanted) {
            bytes += size(wanted);
            at += wanted.len_utf8() as u16;
            (pattern, text) = (next, ahead);
            continue;
        }
        // Another digit is another number, not a slip.
        if budget == 0 || wanted.is_ascii_digit() {
            return None;
        }
        let (budget, step_at) = (budget - 1, at + wanted.len_utf8() as u16);
        let left_out = step(next.clone(), text, budget, bytes, step_at, ends);
        let mut best = left_out;
        let mut consider = |found: Option<Followed>| {
            if let Some(found) = found
                && best.is_none_or(|b| found.slips < b.slips)
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
        return best.map(|found| found.slipped(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slips(pattern: &str, text: &str, budget: u8) -> Option<(u8, u32)> {
        let end = text.len() as u32;
        follow(pattern.chars(), text.chars(), budget, &|bytes| bytes == end).map(|f| (f.slips, f.bytes))
    }

    #[test]
    fn slips_are_counted_and_digits_are_none() {
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
            assert_eq!(slips(pattern, text, 1).map(|s| s.0), expected, "{text}");
        }
        assert_eq!(slips("oboronlogistics", "boronlogisticz", 2), Some((2, 14)));
    }

    #[test]
    fn the_text_may_go_on_behind_a_word() {
        let ends = |bytes: u32| bytes == 8;
        let found = follow("kronshta".chars(), "kronshtadtplant".chars(), 1, &ends);
        assert_eq!(found.map(|f| (f.slips, f.bytes)), Some((0, 8)));
    }
}
