//! Choices that are the same on every machine for the same seed.
//!
//! SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): 64 bits of
//! state, integers only. Written out here because a measurement is repeated years later, when a crate's generator
//! of the same name may have changed.

/// A stream of choices.
#[derive(Clone, Debug)]
pub(super) struct Choice(u64);

impl Choice {
    /// The stream of a seed and a purpose; streams of different purposes do not disturb one another.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a over the purpose, so that the streams do not depend on the order of an enum.
        let purpose = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut choice = Self(seed ^ purpose);
        choice.next();
        choice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0. The high half of a product: the bias is below 2^-32 here.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.next()) * bound as u128;
        (product >> 64) as usize
    }

    /// True `part` times in `whole`.
    pub(super) fn one_in(&mut self, part: usize, whole: usize) -> bool {
        self.below(whole) < part
    }

    /// One of them, or none when there is none.
    pub(super) fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { all.get(self.below(all.len())) }
    }

    /// Puts them in a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_paper() {
        // The first outputs of the reference implementation for the state 1234567.
        let mut choice = Choice(1_234_567);
        assert_eq!(choice.next(), 6_457_827_717_110_365_317);
        assert_eq!(choice.next(), 3_203_168_211_198_807_973);
        assert_eq!(choice.next(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn every_number_below_the_bound_comes_up() {
        let mut choice = Choice::new(1, "test");
        let mut seen = [0; 7];
        for _ in 0..700 {
            seen[choice.below(7)] += 1;
        }
        assert!(seen.iter().all(|n| (60..140).contains(n)), "{seen:?}");
    }
}
