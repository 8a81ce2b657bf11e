//! A house number and its street.

use model::binary::{Binary, BytesIn, BytesOut, Malformed};
use model::binary_choice;
use std::ops::Range;

/// The numbers from `first` to `last` of a house, with its letter and its street.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rule::address) struct House {
    pub(in crate::rule::address) first: u32,
    pub(in crate::rule::address) last: u32,
    pub(in crate::rule::address) letter: u8,
    /// A word such as `No.` or a street stands beside it: it is the house's number and nothing else.
    pub(in crate::rule::address) is_marked: bool,
    /// The places that stand with the number: the street, as far as the commas tell.
    pub(in crate::rule::address) street: Range<usize>,
    pub(super) where_to_look: Side,
    /// The part of the address that it stands in.
    pub(super) part: usize,
}

/// Where the words for a number's street stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// In its own part, or around it.
    Own,
    Before,
    Behind,
}

binary_choice!(Side { Own, Before, Behind });

impl Binary for House {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        let Self { first, last, letter, is_marked, street, where_to_look, part } = self;
        (*first, *last, *letter).write_to(out);
        (*is_marked, street.start, street.end).write_to(out);
        (*where_to_look, *part).write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let (first, last, letter) = Binary::read_from(bytes)?;
        let (is_marked, start, end) = Binary::read_from(bytes)?;
        let (where_to_look, part) = Binary::read_from(bytes)?;
        Ok(Self { first, last, letter, is_marked, street: start..end, where_to_look, part })
    }
}

impl House {
    /// Whether both may be one house. A range that begins and ends even is one side of a street.
    pub(in crate::rule::address) fn meets(&self, other: &Self) -> bool {
        let parity = |house: &Self| (house.first % 2 == house.last % 2).then_some(house.first % 2);
        let one_side = match (parity(self), parity(other)) {
            (Some(own), Some(others)) => own == others,
            _ => true,
        };
        self.first <= other.last
            && other.first <= self.last
            && one_side
            && (self.letter == other.letter || self.letter == 0 || other.letter == 0)
    }
}
