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
/// The bits of the letters that stand before.
const BEFORE: u64 = u32::MAX as u64;

/// A name that is followed from one of its anchors.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FollowedName {
    pub(super) anchored: AnchoredName,
    pub(super) edges: NameEdges,
}

/// What of a name is next to an anchor.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NameEdges {
    /// The letters before, and those behind, a bit each: which one, five bits of its code say.
    letters: [u32; 2],
    /// Edits that the whole name may have.
    budget: u8,
    /// The anchor is looked for with initials too, whatever stands beside it.
    has_initials: bool,
}

/// Which letters of a text are next to one of its words: the bits of [`NameEdges`], those behind above those before.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextEdges(u64);

model::binary_fields!(FollowedName { anchored, edges });
model::binary_fields!(NameEdges { letters, budget, has_initials });

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
            letters: [
                set(view.text[first.min(start)..start].chars().rev(), KEPT),
                set(view.text[end..last].chars(), KEPT),
            ],
            budget: edits_in_name(record.letter_count()),
            has_initials: record.may_have_initials(anchor),
        }
    }

    /// Whether the name may stand around a word of a text with no more edits than it may have. Never wrongly `false`.
    pub(super) fn may_stand(&self, text: &TextEdges, is_same: bool) -> bool {
        // What is near the anchor may be longer or shorter than it: what stands behind it says nothing.
        let counted = if is_same { u64::MAX } else { BEFORE };
        let [before, behind] = self.letters;
        let missing = (u64::from(behind) << 32 | u64::from(before)) & counted & !text.0;
        are_at_most(missing, self.budget) || (is_same && self.has_initials)
    }
}

impl TextEdges {
    pub(super) fn of(folded: &Folded, token: Token) -> Self {
        let text = folded.squeezed();
        let before = set(text[..token.start as usize].chars().rev(), SEEN);
        let behind = set(text[token.end as usize..].chars(), SEEN);
        Self(u64::from(behind) << 32 | u64::from(before))
    }
}

fn set(letters: impl Iterator<Item = char>, most: usize) -> u32 {
    letters.take(most).fold(0, |set, letter| set | 1 << (letter as u32 & 31))
}

/// Whether no more letters than so many are missing: each is replaced or left out, by an edit of its own.
fn are_at_most(mut missing: u64, edits: u8) -> bool {
    for _ in 0..edits {
        // Takes one away.
        missing &= missing.wrapping_sub(1);
    }
    missing == 0
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
            let missing = set(name.chars(), KEPT) & !set(text.chars(), SEEN);
            prop_assert!(are_at_most(u64::from(missing), found.edits));
        }
    }
}
