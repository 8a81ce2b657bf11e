//! The names that have each run of letters, and which of them have enough of those asked for.
//!
//! Names are numbered anew by how many runs they have, so that names that must share as many with a field stand side by
//! side. The lists of the runs are read into counters, a byte a name, all but the longest few; what a name still lacks
//! is then looked up in those. Counters are compared many at a time, and a name is looked at only when its counter says
//! that it may have enough.

use super::runs::{Letters, MOST_RUNS, runs_of_name};
use crate::name::{AsView, View, Word};
use model::ids::NameId;
use rayon::prelude::*;
use wide::u8x16;

/// Entries of the lists that are read for one field, at most: a bound on hostile text that no real field reaches.
const MOST_READ: usize = 4_000_000;
/// Places for the hashes of runs.
const PLACES: usize = 1 << 16;
/// Names of one block; their numbers within it have two bytes.
const BLOCK: usize = 1 << 16;
/// Counters that are compared at a time.
const AT_A_TIME: usize = 128;

/// The names that have each run.
#[derive(Debug, Default)]
pub(super) struct Postings {
    /// The names in the order of their numbers here: by how many runs they have.
    names: Vec<NameId>,
    /// The number of the first name of so many runs or more; one more than a name can have.
    sizes: Vec<u32>,
    blocks: Vec<Block>,
}

/// The lists of the runs of so many names as two bytes number.
#[derive(Debug)]
struct Block {
    /// Where the list of each run starts; one more than there are places.
    starts: Vec<u32>,
    /// The numbers of the names within the block, in order within a run.
    names: Vec<u16>,
}

model::binary_fields!(Postings { names, sizes, blocks });
model::binary_fields!(Block { starts, names });

/// Working memory of a look-up.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// How many runs names share with the field; 0 between look-ups. As many as two bytes can number, so that none is out
    /// of bounds.
    shared: Option<Box<[u8; BLOCK]>>,
    /// The runs asked for with how many names have each, the rarest first.
    by_names: Vec<(u32, u16)>,
}

impl Counters {
    /// Whether they are as they must be between look-ups.
    #[cfg(test)]
    pub(super) fn are_zero(&self) -> bool {
        self.shared.iter().flat_map(|shared| shared.iter()).all(|shared| *shared == 0)
    }
}

/// How many runs a name must share with a field of `count` runs, of which twice the runs shared, in all runs of both,
/// must be `least` hundredths or more.
#[derive(Clone, Copy)]
struct Wanted {
    least: usize,
    count: usize,
}

impl Wanted {
    /// Of a name of so many runs.
    fn of(self, size: usize) -> usize {
        (self.least * (self.count + size)).div_ceil(200)
    }

    /// Of any name that can share enough: as many runs as the smallest of them has.
    fn fewest(self) -> usize {
        (self.least * self.count).div_ceil(200 - self.least).max(1)
    }

    /// The most runs that a name can have which shares enough: it shares all runs of the field.
    fn largest(self) -> usize {
        ((200 - self.least) * self.count / self.least).min(MOST_RUNS)
    }
}

impl Postings {
    /// Indexes so many names by some of their letters.
    pub(super) fn build<V: AsView>(count: usize, name: impl Fn(NameId) -> V + Sync, letters: Letters) -> Self {
        let is_indexed = |view: &View<'_>| letters == Letters::All || view.words.iter().any(Word::lacks_vowels);
        let sized = (0..count).into_par_iter().map_init(Vec::new, |runs, at| {
            let id = NameId::from_index(at);
            let name = name(id);
            let view = Some(name.view()).filter(is_indexed)?;
            runs_of_name(&view, letters, runs);
            (1..=MOST_RUNS).contains(&runs.len()).then_some((runs.len() as u8, id))
        });
        let mut sized: Vec<(u8, NameId)> = sized.flatten_iter().collect();
        sized.sort_unstable();
        let sizes = (0..=MOST_RUNS + 1).map(|size| sized.partition_point(|name| usize::from(name.0) < size) as u32);
        let sizes = sizes.collect();
        let names: Vec<NameId> = sized.iter().map(|name| name.1).collect();
        // The runs are made again rather than kept: of two million names they are more than all else.
        let blocks = names.par_chunks(BLOCK).map(|names| Block::build(names, &name, letters)).collect();
        Self { names, sizes, blocks }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Calls `found` with the names of which twice the runs shared with these, in all runs of both, are `least` hundredths or
    /// more. A run may come again.
    pub(super) fn likely(
        &self,
        least: usize,
        runs: &[u16],
        counters: &mut Counters,
        found: &mut impl FnMut(NameId),
    ) -> bool {
        let Counters { shared, by_names } = counters;
        by_names.clear();
        by_names.extend(runs.iter().map(|run| (self.blocks.iter().map(|b| b.of(*run).len() as u32).sum(), *run)));
        by_names.sort_unstable();
        by_names.dedup();
        let count = by_names.len();
        if count == 0 || count > MOST_RUNS {
            return false;
        }
        let wanted = Wanted { least, count };
        // No name shares enough that shares fewer than this, not even one of as few runs: it has one of the rarest.
        let fewest = wanted.fewest();
        let least_read = &by_names[..count + 1 - fewest];
        if least_read.iter().map(|(names, _)| *names as usize).sum::<usize>() > MOST_READ {
            return true;
        }
        // Of the others half are read too: reading them is cheaper than to look up each name that has one rare run.
        let (read, asked) = by_names.split_at(count - fewest / 2);
        let shared = shared.get_or_insert_with(|| Box::new([0; BLOCK]));
        for (number, block) in self.blocks.iter().enumerate() {
            read.iter().for_each(|(_, run)| block.count(*run, shared));
            let counters = &mut shared[..self.names.len().saturating_sub(number * BLOCK).min(BLOCK)];
            let mut size = fewest;
            while size <= wanted.largest() {
                let enough = wanted.of(size);
                // Several sizes want as much.
                let mut end = size + 1;
                while end <= wanted.largest() && wanted.of(end) == enough {
                    end += 1;
                }
                let range = self.within(number, size, end);
                // At least one: those asked about are fewer than any name must share.
                let needed = (enough - asked.len()) as u8;
                each_from(&mut counters[range.clone()], needed, |at, have| {
                    let name = range.start + at;
                    if block.has_enough(name as u16, asked, usize::from(have), enough) {
                        found(self.names[number * BLOCK + name]);
                    }
                });
                size = end;
            }
            // Those of names of too few or too many runs; the others were looked at.
            let looked_at = self.within(number, fewest, wanted.largest() + 1);
            counters[..looked_at.start].fill(0);
            counters[looked_at.end..].fill(0);
        }
        false
    }

    /// The numbers within a block of the names of `from..to` runs.
    fn within(&self, block: usize, from: usize, to: usize) -> std::ops::Range<usize> {
        let number =
            |size: usize| (self.sizes[size] as usize).clamp(block * BLOCK, (block + 1) * BLOCK) - block * BLOCK;
        number(from)..number(to)
    }
}

impl Block {
    fn build<V: AsView>(names: &[NameId], name: impl Fn(NameId) -> V, letters: Letters) -> Self {
        let (mut all, mut ends, mut runs) = (Vec::new(), Vec::with_capacity(names.len()), Vec::new());
        let mut starts = vec![0u32; PLACES + 1];
        for id in names {
            runs_of_name(&name(*id).view(), letters, &mut runs);
            runs.iter().for_each(|run| starts[usize::from(*run) + 1] += 1);
            all.extend_from_slice(&runs);
            ends.push(all.len());
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut in_lists = vec![0u16; all.len()];
        let mut from = 0;
        for (number, end) in ends.into_iter().enumerate() {
            for run in &all[from..end] {
                let slot = &mut next[usize::from(*run)];
                in_lists[*slot as usize] = number as u16;
                *slot += 1;
            }
            from = end;
        }
        Self { starts, names: in_lists }
    }

    fn of(&self, run: u16) -> &[u16] {
        let at = usize::from(run);
        &self.names[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// Adds one to the counter of each name that has a run.
    fn count(&self, run: u16, counters: &mut [u8; BLOCK]) {
        self.of(run).iter().for_each(|name| counters[usize::from(*name)] += 1);
    }

    /// Whether a name that has so many runs of the field already has enough with those asked for.
    fn has_enough(&self, name: u16, asked: &[(u32, u16)], mut have: usize, enough: usize) -> bool {
        for (at, (_, run)) in asked.iter().enumerate() {
            if have >= enough || have + asked.len() - at < enough {
                break;
            }
            have += usize::from(self.of(*run).binary_search(&name).is_ok());
        }
        have >= enough
    }
}

/// Calls `found` with the place and the value of each counter that is `least` or more, and sets all of them to 0.
fn each_from(counters: &mut [u8], least: u8, mut found: impl FnMut(usize, u8)) {
    let (blocks, rest) = counters.as_chunks_mut::<AT_A_TIME>();
    let rest_at = blocks.len() * AT_A_TIME;
    let mut tell = |from: usize, counters: &[u8]| {
        let enough = counters.iter().enumerate().filter(|(_, counter)| **counter >= least);
        enough.for_each(|(place, counter)| found(from + place, *counter));
    };
    for (at, block) in blocks.iter_mut().enumerate() {
        // Nearly all are given up here.
        if any_from(block, least) {
            tell(at * AT_A_TIME, block);
        }
        block.fill(0);
    }
    tell(rest_at, rest);
    rest.fill(0);
}

/// Whether one of so many counters is `least` or more. Sixteen are compared at a time, and not as the compiler sees fit: in a
/// build for size it compares them one by one, which takes a fifth more instructions a record.
fn any_from(counters: &[u8; AT_A_TIME], least: u8) -> bool {
    let (sixteens, _) = counters.as_chunks::<16>();
    let most = sixteens.iter().fold(u8x16::ZERO, |most, sixteen| most.max(u8x16::new(*sixteen)));
    most.simd_ge(u8x16::splat(least)).any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counter_that_is_large_enough_is_found_and_all_are_cleared() {
        for (count, value) in (0..300).flat_map(|count| [0, 1, 2, 126, 127, 128, 129, 254, 255].map(|v| (count, v))) {
            for least in [1, 2, 127, 128, 129, 255] {
                // One counter after the other has the value, the others have less than is asked for, or as much.
                let at = count / 2;
                for other in [0, least - 1, least] {
                    let mut counters = vec![other; count];
                    counters.get_mut(at).into_iter().for_each(|counter| *counter = value);
                    let expected: Vec<_> = counters.iter().copied().enumerate().filter(|(_, c)| *c >= least).collect();
                    let mut found = Vec::new();
                    each_from(&mut counters, least, |place, value| found.push((place, value)));
                    assert_eq!(found, expected);
                    assert!(counters.iter().all(|counter| *counter == 0));
                }
            }
        }
    }
}
