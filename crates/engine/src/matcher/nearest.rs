//! The nearest names, however far: what somebody who searches the lists wants to see, and screening does not need.
//!
//! Screening follows the words of a field to the names that may be meant, and no further. A search also compares the
//! names whose letter pairs agree best, though they share no whole word. One pass over the letter pairs is linear in
//! the lists, a few nanoseconds a name.

use super::candidates::MOST_BY_WORD;
use super::hit::{Field, Hit, How};
use super::index::Index;
use super::letter_pairs::LetterPairs;
use super::score::reading_cost;
use super::scratch::{ReadField, Scratch};
use crate::name::{Margins, View, compare};
use model::ids::NameId;
use text::Reading;

impl Index {
    /// Every listed name that `text` may mean, as hits in `scratch`: what [`Index::find`] finds in a
    /// name field, and the names nearest by their letters. `floor` is the least score kept.
    pub fn nearest(&self, text: &str, reading: Reading, floor: u16, scratch: &mut Scratch) {
        self.find(text, Field::Name, reading, floor, scratch);
        let Scratch { fields, hits, .. } = scratch;
        let ReadField { folded, words, .. } = &mut fields[reading as usize];
        let folded = &*folded;
        if folded.tokens().is_empty() {
            return;
        }
        let plain = View { text: folded.squeezed(), words: words.of_kind(false, folded, self) };
        let mut names = self.letter_pairs().nearest(&LetterPairs::of(&plain));
        for token in folded.tokens() {
            self.names_with(folded.text(*token), &mut names);
        }
        self.acronyms.look_up(&plain, |name| names.push(name));
        names.sort_unstable();
        names.dedup();
        for name in names {
            let record = self.name(name);
            let field = View { text: folded.squeezed(), words: words.of(record, folded, self) };
            let compared = compare(field, self.listed(record).view(), Margins::Count, None);
            let score = compared.score.saturating_sub(reading_cost(record, reading));
            let (Some(first), Some(last)) = (field.words.first(), field.words.last()) else { continue };
            if score >= floor {
                let (start, end) = (first.start, last.end);
                hits.push(Hit { name, score, start, end, how: How::Near, reading, is_whole: true });
            }
        }
    }

    /// Adds the names that have this word, or one within its edit budget, as an anchor; words of many names are left out.
    fn names_with(&self, word: &str, names: &mut Vec<NameId>) {
        let mut follow = |id| {
            let anchored = self.anchors.of(id);
            if anchored.len() <= MOST_BY_WORD {
                names.extend(anchored.iter().map(|anchored| anchored.name));
            }
        };
        if let Some(id) = self.vocabulary.id(word) {
            follow(id);
        }
        if word.len() > 2 && word.len() <= 64 {
            self.deletions.look_up(word, follow);
        }
    }
}
