//! Words that are split or joined.

use super::super::alignment::{Alignment, MAX_WORDS, Pair, Places, Side, range};
use super::super::model::likeness as alike;
use super::super::similar::{Likeness, joined_likeness};
use super::super::sounds::Sounds;
use super::super::word::View;

/// Calls `each` with every pair of two to four free words of one side and one of the other that are alike.
pub(super) fn each_respaced<'a>(
    found: &mut Alignment<'a>,
    left: &View<'_>,
    right: &View<'_>,
    mut each: impl FnMut(&mut Alignment<'a>, Pair),
) {
    let single = (Lengths::of(&found.left, 1), Lengths::of(&found.right, 1));
    for count in [2, 3, 4] {
        let joined = (Lengths::of(&found.left, count), Lengths::of(&found.right, count));
        // Nearly all are given up by how long they are.
        let mut near = [(Places::default(), Places::default()); MAX_WORDS];
        let mut any = 0;
        for (l, near) in near[..found.left.len()].iter_mut().enumerate() {
            *near = (single.1.near(joined.0.at(l)), joined.1.near(single.0.at(l)));
            any |= near.0.0 | near.1.0;
        }
        if any != 0 {
            each_respaced_of(found, (left, right), count, &near, &mut each);
        }
    }
}

/// Of so many words joined. `near` gives for each left word, as the first that is joined and alone, the right words that
/// are about as long, alone and joined.
fn each_respaced_of<'a>(
    found: &mut Alignment<'a>,
    sides: (&View<'_>, &View<'_>),
    count: usize,
    near: &[(Places, Places); MAX_WORDS],
    each: &mut impl FnMut(&mut Alignment<'a>, Pair),
) {
    // The sounds of joined words, once for each that are compared.
    let mut joined_right = [None; MAX_WORDS];
    for (l, (for_joined, for_single)) in near[..found.left.len()].iter().enumerate() {
        let mut joined_left = None;
        for r in Places(for_joined.0 | for_single.0) {
            if for_joined.has(r)
                && let Some(pair) = respaced_pair(found, sides, ((l, l + count), (r, r + 1)), &mut joined_left)
            {
                each(found, pair);
            }
            if for_single.has(r)
                && let Some(pair) = respaced_pair(found, sides, ((l, l + 1), (r, r + count)), &mut joined_right[r])
            {
                each(found, pair);
            }
        }
    }
}

/// How long the words of a side are, joined with those that follow; beyond [`LONGEST_JOINED`] that is not told apart.
struct Lengths {
    bytes: [u8; MAX_WORDS],
    count: usize,
}

/// Bytes of joined words, at most, that are counted.
const LONGEST_JOINED: u32 = 250;
/// Bytes that joined words have at least.
const LEAST_JOINED: u8 = 4;
/// Bytes by which joined words and a word may differ.
const MOST_APART: u8 = 2;

impl Lengths {
    /// Of `count` words each; as many as have enough words behind them.
    fn of(side: &Side<'_>, count: usize) -> Self {
        let mut lengths = Self { bytes: [0; MAX_WORDS], count: (side.len() + 1).saturating_sub(count) };
        for (at, length) in lengths.bytes[..lengths.count].iter_mut().enumerate() {
            *length = side.bytes((at, at + count)).map_or(0, |bytes| bytes.min(LONGEST_JOINED) as u8);
        }
        lengths
    }

    /// 0 where there are too few words.
    fn at(&self, at: usize) -> u8 {
        self.bytes[at]
    }

    /// The places where words are about this long.
    fn near(&self, length: u8) -> Places {
        if length < LEAST_JOINED {
            return Places::default();
        }
        let is_near = |other: &u8| other.abs_diff(length) <= MOST_APART;
        let bits = self.bytes[..self.count].iter().enumerate().map(|(at, other)| u32::from(is_near(other)) << at);
        Places(bits.fold(0, |near, bit| near | bit))
    }
}

/// The pair of two ranges of words, one of which is a single word, if all are free and their letters are alike. `joined` are
/// the sounds of the others, if they are known.
fn respaced_pair(
    found: &Alignment<'_>,
    (left, right): (&View<'_>, &View<'_>),
    (l, r): ((usize, usize), (usize, usize)),
    joined: &mut Option<Sounds>,
) -> Option<Pair> {
    if !found.left.is_free(l) || !found.right.is_free(r) {
        return None;
    }
    let (a, b) = (found.left.letters(left.text, l)?, found.right.letters(right.text, r)?);
    // Very long ones are not told apart before.
    if a.len().abs_diff(b.len()) > usize::from(MOST_APART) {
        return None;
    }
    let (alike, how) = if a == b {
        (alike::RESPACED, Likeness::Equal)
    } else {
        let (of_left, of_right) = (found.left.sets(l), found.right.sets(r));
        if are_far_apart(of_left.0, of_right.0) {
            return None;
        }
        let is_left_joined = l.1 - l.0 > 1;
        let letters = if is_left_joined { of_left.1 } else { of_right.1 };
        let word = if is_left_joined { found.right.word(r.0) } else { found.left.word(l.0) };
        joined_likeness((a, b), is_left_joined, letters, &word.traits.of_letters(), joined)?
    };
    Some(Pair { left: range(l), right: range(r), alike, how })
}

/// Whether words of these consonants are too far apart to be worth joining.
fn are_far_apart(left: u32, right: u32) -> bool {
    (left ^ right).count_ones() > 4
}
