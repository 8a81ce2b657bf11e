//! The letters beside an anchor, kept with the anchor: almost every name is given up by them, before anything else of it
//! is looked up.

use super::anchors::AnchoredName;
use super::name_record::NameRecord;
use crate::name::{View, edits_in_name};
use text::{Folded, Token};

/// Letters of a name that are kept on each side.
const KEPT: usize = 6;
/// Letters of a text among which they stand: with two edits, no letter moves by more than two places.
const SEEN: usize = KEPT + 2;
/// Any letter: the name has none there. It is in every set.
const ANY: u8 = 32;

/// A name that is followed from one of its anchors.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FollowedName {
    pub(super) anchored: AnchoredName,
    pub(super) edges: NameEdges,
}

/// What of a name is next to an anchor: five bits of the code of each letter.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameEdges {
    before: [u8; KEPT],
    after: [u8; KEPT],
    /// Edits that the whole name may have.
    budget: u8,
    /// The anchor is looked for with initials too, whatever stands beside it.
    has_initials: bool,
}

impl Default for NameEdges {
    fn default() -> Self {
        Self { before: [ANY; KEPT], after: [ANY; KEPT], budget: 0, has_initials: false }
    }
}

/// Which letters of a text are next to one of its words: sets of what [`NameEdges`] keeps of a letter.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextEdges {
    before: u64,
    after: u64,
}

impl NameEdges {
    /// Of the name without its title and legal form where the anchor is not one of them: both that and the whole name
    /// are followed.
    pub(super) fn of(record: &NameRecord, anchor: u8, view: &View<'_>) -> Self {
        let at = record.anchor_at[usize::from(anchor)];
        let (from, to) = if (record.core.0..record.core.1).contains(&at) { record.core } else { (0, record.bytes) };
        let base = record.at as usize;
        let start = base + usize::from(at);
        let end = view.words.iter().find(|w| w.start as usize == start).map_or(start, |w| w.end as usize);
        let (first, last) = (base + usize::from(from), (base + usize::from(to)).max(end));
        Self {
            before: kept(view.text[first.min(start)..start].chars().rev()),
            after: kept(view.text[end..last].chars()),
            budget: edits_in_name(record.letter_count()),
            has_initials: record.may_have_initials(anchor),
        }
    }

    /// Whether the name may stand around a word of a text with no more edits than it may have. Never wrongly `false`.
    pub(super) fn may_stand(&self, text: &TextEdges, is_same: bool) -> bool {
        // What is near the anchor may be longer or shorter than it: what stands behind it says nothing.
        let right = if is_same { least_edits(self.after, text.after) } else { 0 };
        least_edits(self.before, text.before) + right <= self.budget || (is_same && self.has_initials)
    }
}

impl TextEdges {
    pub(super) fn of(folded: &Folded, token: Token) -> Self {
        let text = folded.squeezed();
        Self { before: set(text[..token.start as usize].chars().rev()), after: set(text[token.end as usize..].chars()) }
    }
}

fn bits(letter: char) -> u8 {
    (letter as u32 & 31) as u8
}

fn kept(mut letters: impl Iterator<Item = char>) -> [u8; KEPT] {
    std::array::from_fn(|_| letters.next().map_or(ANY, bits))
}

fn set(letters: impl Iterator<Item = char>) -> u64 {
    letters.take(SEEN).fold(1 << ANY, |set, letter| set | 1 << bits(letter))
}

/// Edits at the least that the start of a name needs to stand in a text: a letter that is not there is replaced or left
/// out, each by an edit of its own.
fn least_edits(name: [u8; KEPT], text: u64) -> u8 {
    name.iter().map(|&letter| u8::from(text >> letter & 1 == 0)).sum()
}

#[cfg(test)]
mod tests {
    use super::super::typos::follow;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What is followed with so many edits is never given up by its first letters.
        #[test]
        fn gives_up_no_name_that_can_be_followed(name in "[a-h1é]{0,9}", edits in prop::collection::vec((0usize..9, "[a-h]{0,2}"), 0..3)) {
            let mut text: Vec<char> = name.chars().collect();
            for (at, letters) in edits {
                let at = at.min(text.len());
                text.splice(at..(at + 1).min(text.len()), letters.chars());
            }
            let text: String = text.into_iter().collect();
            let size = text.len() as u32;
            let Some(found) = follow(name.chars(), text.chars(), 2, &|bytes| bytes <= size) else { return Ok(()) };
            prop_assert!(least_edits(kept(name.chars()), set(text.chars())) <= found.edits);
        }
    }
}
