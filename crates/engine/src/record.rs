//! Cells into segments: how a party cell, as documents carry it, is read.
//!
//! People write parties as documents do: name, address, contact, numbers and relations in one cell, on lines or not,
//! several parties in one. [`read`] cuts a cell into [`Segment`]s, each with its span in the original text, so that
//! each can be screened for what it is. What the grammar does not know stays a note, and is screened as running text
//! like everything else: a cut that is wrong costs a score, never a finding.
//!
//! Where a name ends is often doubtful (`MAHAN AIR AZADI AVENUE`, `SMITH, John`, `Bank of China, Shanghai Branch`). A
//! name segment therefore spans the longest reading and says from which byte on it may end, [`Segment::least_end`].
//!
//! Pure and linear in the cell; the words are data, `lists/cues.toml`.

mod cell;
mod cut;
mod marks;
mod numbers;
mod reading;
mod running;
mod words;

#[cfg(test)]
mod tests;

pub use cell::read;
pub(crate) use cell::read_folded;
pub use reading::readings;
pub(crate) use running::parties_in_folded;
pub use running::{Opened, parties_in_text};

pub use model::cell::{Relation, SegmentKind};

/// Reads the table of words that cells are cut by.
pub(crate) fn read_tables() {
    words::Words::get();
}

use model::country::Country;
use model::entry::{IdentifierType, Scheme};
use std::ops::Range;

/// Segments of one cell, at most. The rest of a longer cell is one note.
pub const MAX_SEGMENTS: usize = 96;
/// Names of one cell that are screened as names, at most; more are still screened as running text.
pub const MAX_NAMES: usize = 16;

/// How a cell was read: its segments in order. Name segments may overlap where the cut is in doubt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// In the order of their first byte.
    pub segments: Vec<Segment>,
    /// The country that the address of the cell ends in.
    pub country: Option<Country>,
    /// Labelled numbers that are too short to mean one party, label and all, as bytes of the original text.
    pub too_short: Vec<Range<u32>>,
    /// The cell has more segments or names than are read ([`MAX_SEGMENTS`], [`MAX_NAMES`]).
    pub is_cut: bool,
}

/// A part of a cell that means one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What it is.
    pub kind: SegmentKind,
    /// First byte in the original text.
    pub start: u32,
    /// One past the last byte in the original text.
    pub end: u32,
    /// For names: the least byte at which the name may end, `start < least_end <= end`. Equal to `end` elsewhere.
    pub least_end: u32,
    /// For names: the name without a legal form or prefix before it starts here.
    pub core_start: u32,
    /// How it belongs to the first party of the cell.
    pub relation: Relation,
    /// For names: whether the cell says that it is one. A doubtful name counts only when it is a listed name exactly.
    pub is_sure: bool,
    /// For numbers: the rule that the label promises.
    pub scheme: Option<Scheme>,
}

impl Segment {
    /// The bytes of the original text.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether a name found at these bytes is the whole name of this segment, as far as the cut is certain.
    pub fn is_whole_name(&self, start: u32, end: u32) -> bool {
        self.kind == SegmentKind::Name
            && (self.start..=self.core_start).contains(&start)
            && (self.least_end..=self.end).contains(&end)
    }
}

/// Whether an address begins in a text behind at most so many other words.
pub fn address_follows(text: &str, words: usize) -> bool {
    let mended = marks::mended(text);
    cut::address_follows(&marks::Marked::of(&mended, None), words)
}

impl Cell {
    /// The same cell with its parts on whole characters of the text: where that is read with other letters in the place of a
    /// sign, a part may begin or end among them.
    fn on_characters_of(mut self, text: &str) -> Self {
        let down = |byte: u32| (0..=byte).rev().find(|at| text.is_char_boundary(*at as usize)).unwrap_or(0);
        let up = |byte: u32| (byte..).find(|at| text.is_char_boundary(*at as usize) || *at as usize >= text.len());
        for part in &mut self.segments {
            (part.start, part.core_start) = (down(part.start), down(part.core_start));
            part.end = up(part.end).unwrap_or(part.end);
            part.least_end = up(part.least_end).unwrap_or(part.least_end);
        }
        for number in &mut self.too_short {
            *number = down(number.start)..up(number.end).unwrap_or(number.end);
        }
        self
    }

    /// The sure name that begins at a byte.
    pub fn name_from(&self, start: u32) -> Option<&Segment> {
        self.names().find(|name| name.is_sure && (name.start..=name.core_start).contains(&start))
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &Segment> {
        self.of(|kind| kind == SegmentKind::Name)
    }

    /// The numbers, in order, each with its kind.
    pub fn identifiers(&self) -> impl Iterator<Item = (IdentifierType, &Segment)> {
        self.segments.iter().filter_map(|segment| match segment.kind {
            SegmentKind::Identifier(kind) => Some((kind, segment)),
            _ => None,
        })
    }

    /// The addresses, in order; parts of one address that stand side by side are one.
    pub fn addresses(&self) -> impl Iterator<Item = &Segment> {
        self.of(|kind| kind == SegmentKind::Address)
    }

    /// Whether the cell is one name and nothing else.
    pub fn is_plain(&self) -> bool {
        self.segments.len() == 1 && self.segments[0].kind == SegmentKind::Name
    }

    /// The name that a name found at these bytes is the whole of. It may run over several pieces of a name
    /// (`SMITH, John`) where nothing but names and notes lies between.
    pub fn name_at(&self, start: u32, end: u32) -> Option<&Segment> {
        let whole = self.names().filter(|name| name.is_whole_name(start, end)).max_by_key(|name| name.is_sure);
        whole.or_else(|| {
            let first = self.name_from(start)?;
            let ends_there = self.names().any(|name| name.start > start && (name.least_end..=name.end).contains(&end));
            let is_between = |s: &Segment| s.start < end && s.end > start;
            let is_other = |s: &Segment| !matches!(s.kind, SegmentKind::Name | SegmentKind::Note);
            (ends_there && !self.segments.iter().any(|s| is_other(s) && is_between(s))).then_some(first)
        })
    }

    /// Whether any of these bytes lies in an address.
    pub fn touches_address(&self, start: u32, end: u32) -> bool {
        self.addresses().any(|address| address.start < end && start < address.end)
    }

    /// Whether all of these bytes lie in an address, and none in a name.
    pub fn is_only_address(&self, start: u32, end: u32) -> bool {
        self.addresses().any(|a| a.start <= start && end <= a.end)
            && !self.names().any(|name| name.is_sure && name.start < end && start < name.end)
    }

    fn of(&self, is_it: impl Fn(SegmentKind) -> bool) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(move |segment| is_it(segment.kind))
    }
}
