//! What was found of the names searched recently: the same shippers and consignees come again and again.

use super::hit::Hit;
use rustc_hash::FxHashMap;
use text::Reading;

/// Names and hits kept before all are dropped: some megabytes a thread.
const MAX_NAMES: usize = 32_768;
const MAX_HITS: usize = 131_072;
/// Longer names are not kept, in bytes.
const LONGEST: usize = 256;

/// A search of a name field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    pub(super) name: Box<str>,
    pub(super) reading: Reading,
    pub(super) floor: u16,
}

/// What a search of a name field found.
#[derive(Clone, Copy, Debug)]
struct Found {
    floor: u16,
    is_truncated: bool,
    /// Range of [`Recent::hits`].
    hits: (u32, u32),
}

/// The name fields searched recently in one index, each with its hits. A search is a pure function of the name, its
/// reading, the floor and the index, so that what is kept is what a search would find.
#[derive(Debug, Default)]
pub(super) struct Recent {
    names: [FxHashMap<Box<str>, Found>; Reading::ALL.len()],
    hits: Vec<Hit>,
}

impl Recent {
    /// Drops all names.
    pub(super) fn clear(&mut self) {
        self.names.iter_mut().for_each(FxHashMap::clear);
        self.hits.clear();
    }

    /// The names kept, in no order.
    #[expect(clippy::disallowed_methods, reason = "which names are kept ready changes no answer")]
    pub(super) fn asked(&self) -> impl Iterator<Item = Asked> {
        Reading::ALL.into_iter().flat_map(|reading| {
            let names = self.names[reading as usize].iter();
            names.map(move |(name, found)| Asked { name: name.clone(), reading, floor: found.floor })
        })
    }

    /// Whether more names can be kept without dropping these.
    pub(super) fn has_room(&self) -> bool {
        self.names.iter().map(FxHashMap::len).sum::<usize>() < MAX_NAMES && self.hits.len() < MAX_HITS / 2
    }

    /// The hits for a name searched before, and whether that search reached a limit.
    pub(super) fn of(&self, name: &str, reading: Reading, floor: u16) -> Option<(&[Hit], bool)> {
        let found = self.names[reading as usize].get(name).filter(|found| found.floor == floor)?;
        Some((&self.hits[found.hits.0 as usize..found.hits.1 as usize], found.is_truncated))
    }

    /// Keeps what a search that ran to its end has found.
    pub(super) fn keep(&mut self, name: &str, reading: Reading, floor: u16, hits: &[Hit], is_truncated: bool) {
        if name.len() > LONGEST || hits.len() > MAX_HITS {
            return;
        }
        let count = self.names.iter().map(FxHashMap::len).sum::<usize>();
        if count >= MAX_NAMES || self.hits.len() + hits.len() > MAX_HITS {
            self.clear();
        }
        let start = self.hits.len() as u32;
        self.hits.extend_from_slice(hits);
        let found = Found { floor, is_truncated, hits: (start, self.hits.len() as u32) };
        self.names[reading as usize].insert(name.into(), found);
    }
}

#[cfg(test)]
mod tests {
    use super::super::hit::How;
    use super::*;
    use model::ids::NameId;

    #[test]
    fn what_is_kept_is_of_the_same_question_and_bounded() {
        let hit = |at| Hit {
            name: NameId::from_index(at),
            score: 900,
            start: 0,
            end: 1,
            how: How::Near,
            reading: Reading::Plain,
            is_whole: true,
        };
        let mut recent = Recent::default();
        recent.keep("a", Reading::Plain, 700, &[hit(1), hit(2)], true);
        recent.keep("b", Reading::Plain, 700, &[], false);
        let names = |found: Option<(&[Hit], bool)>| {
            found.map(|(hits, cut)| (hits.iter().map(|h| h.name.index()).collect(), cut))
        };
        assert_eq!(names(recent.of("a", Reading::Plain, 700)), Some((vec![1, 2], true)));
        assert_eq!(names(recent.of("b", Reading::Plain, 700)), Some((Vec::new(), false)));
        assert!(recent.of("a", Reading::Plain, 701).is_none() && recent.of("a", Reading::Romanised, 700).is_none());
        let long = "x".repeat(LONGEST + 1);
        recent.keep(&long, Reading::Plain, 700, &[], false);
        assert!(recent.of(&long, Reading::Plain, 700).is_none());
        for number in 0..2 * MAX_NAMES {
            recent.keep(&number.to_string(), Reading::Plain, 700, &[hit(1)], false);
        }
        assert!(recent.names[0].len() <= MAX_NAMES && recent.hits.len() <= MAX_HITS);
    }
}
