//! The nearest names, however far: what a person who searches the lists wants to see, and screening never needs.
//!
//! Screening follows the words that were met to the names that may be meant, and stops there. A search also looks at
//! names that share no whole word: each name leaves a mark for every pair of neighbouring letters, and the names
//! whose marks agree best are compared. One pass over the marks is linear in the lists, a few nanoseconds a name.

use super::compile::{Index, NameRecord};
use super::find::{Field, Hit, How, Scratch};
use super::score::reading_cost;
use crate::name::{Class, Margins, View, Word, compare, parse};
use text::Reading;

/// Names that are compared for their letters alone, at most.
const MOST_BY_LETTERS: usize = 300;
/// Names that are compared because they carry a word of the query, or one near it, at most for each such word.
const MOST_BY_WORD: usize = 200;

/// A set of letter pairs, hashed to 256 places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Marks([u64; 4]);

impl Marks {
    fn of(view: &View<'_>) -> Self {
        let mut marks = Self::default();
        let tells = |w: &&Word| !matches!(w.class, Class::LegalForm(_) | Class::Title | Class::Particle);
        for word in view.words.iter().filter(tells) {
            let mut before = ' ';
            for c in view.letters(word).chars() {
                // The first letter of a word counts as a pair of its own.
                let hash = (before as u32).wrapping_mul(31).wrapping_add(c as u32).wrapping_mul(0x9e37_79b1) >> 24;
                marks.0[(hash >> 6) as usize] |= 1 << (hash & 63);
                before = c;
            }
        }
        marks
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|w| w.count_ones()).sum()
    }

    fn common(&self, other: &Self) -> u32 {
        self.0.iter().zip(other.0).map(|(a, b)| (a & b).count_ones()).sum()
    }
}

/// The marks of every name.
#[derive(Debug, Default)]
pub(super) struct AllMarks(Vec<Marks>);

impl AllMarks {
    pub(super) fn build<'v>(views: impl Iterator<Item = View<'v>>) -> Self {
        Self(views.map(|view| Marks::of(&view)).collect())
    }

    /// The names whose marks agree best with these, in no order.
    fn nearest(&self, marks: &Marks) -> Vec<u32> {
        let count = marks.count();
        // Twice the common marks in all marks of both, in thousandths; earlier names first among equals.
        let agreement = |(at, other): (usize, &Marks)| {
            let both = (count + other.count()).max(1);
            (std::cmp::Reverse(2000 * marks.common(other) / both), at as u32)
        };
        let mut all: Vec<_> = self.0.iter().enumerate().map(agreement).filter(|(agree, _)| agree.0 >= 250).collect();
        if all.len() > MOST_BY_LETTERS {
            all.select_nth_unstable(MOST_BY_LETTERS);
            all.truncate(MOST_BY_LETTERS);
        }
        all.into_iter().map(|(_, name)| name).collect()
    }
}

impl Index {
    /// Every listed name that comes into question for `text`, as hits in `scratch`: what [`Index::find`] finds in a
    /// name field, and the names nearest by their letters. `floor` is the least score kept.
    pub fn nearest(&self, text: &str, reading: Reading, floor: u16, scratch: &mut Scratch) {
        self.find(text, Field::Name, reading, floor, scratch);
        let folded = scratch.folded().clone();
        if folded.tokens().is_empty() {
            return;
        }
        let parsed = |is_person: bool| {
            let mut words = Vec::new();
            parse(&folded, folded.tokens(), is_person, self, &mut words);
            words
        };
        let (plain, person) = (parsed(false), parsed(true));
        let view = |record: &NameRecord| View {
            text: folded.squeezed(),
            words: if record.is_person { &person } else { &plain },
        };
        let mut names = self.marks.nearest(&Marks::of(&View { text: folded.squeezed(), words: &plain }));
        for token in folded.tokens() {
            self.names_with(folded.text(*token), &mut names);
        }
        self.acronyms.look_up(&View { text: folded.squeezed(), words: &plain }, |name| names.push(name));
        names.sort_unstable();
        names.dedup();
        for name in names {
            let record = self.name(name);
            let field = view(record);
            let compared = compare(field, self.view(record), Margins::Count, None);
            let score = compared.score.saturating_sub(reading_cost(record, reading));
            let (Some(first), Some(last)) = (field.words.first(), field.words.last()) else { continue };
            if score >= floor {
                let (start, end) = (first.start, last.end);
                scratch.push_hit(Hit { name, score, start, end, how: How::Near, reading, is_whole: true });
            }
        }
    }

    /// The names that hang on a word of the lists within the edit budget of this one; words that many carry are left out.
    fn names_with(&self, word: &str, names: &mut Vec<u32>) {
        let mut follow = |id| {
            let carriers = self.anchors.of(id);
            if carriers.len() <= MOST_BY_WORD {
                names.extend(carriers.iter().map(|hang| hang.name));
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
