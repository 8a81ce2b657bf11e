//! The Merkle tree of RFC 6962: roots, inclusion and consistency, over any source of hashes.

use crate::bytes::{Digest, sha256};

/// The root of the empty tree.
pub fn empty_root() -> Digest {
    sha256(&[])
}

/// The hash of two neighbours.
pub fn node(left: &Digest, right: &Digest) -> Digest {
    sha256(&[&[1], left, right])
}

/// The roots of the perfect trees that the leaves so far make up, largest first: enough to append and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    size: u64,
    peaks: Vec<Digest>,
}

impl Range {
    /// Of `size` leaves, whose perfect trees have these roots, largest first.
    pub fn new(size: u64, peaks: Vec<Digest>) -> Self {
        debug_assert_eq!(peaks.len(), size.count_ones() as usize);
        Self { size, peaks }
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the hash of a leaf.
    pub fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        // Each trailing one is a perfect tree of the size that was just made whole beside it.
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("there is a peak for each one of the size");
            hash = node(&left, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root.
    pub fn root(&self) -> Digest {
        let Some((last, rest)) = self.peaks.split_last() else { return empty_root() };
        rest.iter().rev().fold(*last, |right, left| node(left, &right))
    }
}

/// Hashes of perfect subtrees: `at(height, index)` covers the leaves from `index << height` on.
pub trait Hashes {
    /// Why a hash could not be had.
    type Error;

    /// The hash of a perfect subtree.
    ///
    /// # Errors
    /// When it is not there.
    fn at(&self, height: u32, index: u64) -> Result<Digest, Self::Error>;
}

/// The perfect trees of `size` leaves, as (height, index), largest first.
pub fn peaks_of(size: u64) -> impl Iterator<Item = (u32, u64)> {
    (0..64).rev().filter(move |height| size >> height & 1 == 1).map(move |height| (height, (size >> height) - 1))
}

/// The range of the first `size` leaves.
///
/// # Errors
/// When a hash is not there.
pub fn range<H: Hashes>(hashes: &H, size: u64) -> Result<Range, H::Error> {
    let peaks = peaks_of(size).map(|(height, index)| hashes.at(height, index)).collect::<Result<_, _>>()?;
    Ok(Range::new(size, peaks))
}

/// The root over the leaves `start..end`, where `start` is the first leaf of a subtree of the whole.
fn root_of<H: Hashes>(hashes: &H, start: u64, end: u64) -> Result<Digest, H::Error> {
    let size = end - start;
    if size.is_power_of_two() {
        let height = size.trailing_zeros();
        return hashes.at(height, start >> height);
    }
    let split = start + largest_power_below(size);
    Ok(node(&root_of(hashes, start, split)?, &root_of(hashes, split, end)?))
}

/// The largest power of two below `size`, which is at least 2.
fn largest_power_below(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The inclusion proof of the leaf `index` among the first `size`, lowest first.
///
/// # Errors
/// When a hash is not there.
pub fn inclusion<H: Hashes>(hashes: &H, index: u64, size: u64) -> Result<Vec<Digest>, H::Error> {
    let (mut start, mut end) = (0, size);
    let mut proof = Vec::new();
    while end - start > 1 {
        let split = start + largest_power_below(end - start);
        if index < split {
            proof.push(root_of(hashes, split, end)?);
            end = split;
        } else {
            proof.push(root_of(hashes, start, split)?);
            start = split;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `new` leaves begins with that of `old`; empty when `old` is 0 or `new`.
///
/// # Errors
/// When a hash is not there.
pub fn consistency<H: Hashes>(hashes: &H, old: u64, new: u64) -> Result<Vec<Digest>, H::Error> {
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, new);
    let mut proof = Vec::new();
    let mut is_whole = true;
    while old != end {
        let split = start + largest_power_below(end - start);
        if old <= split {
            proof.push(root_of(hashes, split, end)?);
            end = split;
        } else {
            proof.push(root_of(hashes, start, split)?);
            start = split;
            is_whole = false;
        }
    }
    if !is_whole {
        proof.push(root_of(hashes, start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); `None` when it has the wrong length.
pub fn root_by_inclusion(leaf: Digest, index: u64, size: u64, proof: &[Digest]) -> Option<Digest> {
    if index >= size {
        return None;
    }
    let (mut number, mut last, mut hash) = (index, size - 1, leaf);
    for step in proof {
        if last == 0 {
            return None;
        }
        if number & 1 == 1 || number == last {
            hash = node(step, &hash);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, step);
        }
        number >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// Whether a consistency proof leads from one root to the other (RFC 9162, 2.1.4.2).
pub fn is_consistent(old: u64, old_root: Digest, new: u64, new_root: Digest, proof: &[Digest]) -> bool {
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty();
    }
    if old > new {
        return false;
    }
    let mut steps = proof.iter();
    let first = if old.is_power_of_two() { Some(&old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut number, mut last) = (old - 1, new - 1);
    while number & 1 == 1 {
        number >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if number & 1 == 1 || number == last {
            old_hash = node(step, &old_hash);
            new_hash = node(step, &new_hash);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node(&new_hash, step);
        }
        number >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == old_root && new_hash == new_root
}

#[cfg(test)]
mod tests;
