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
mod running;
mod words;

#[cfg(test)]
mod tests;

pub use cell::read;
pub use running::{Opened, parties_in_text};

use model::country::Country;
use model::entry::IdentifierType;
use model::shipment::Role;
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
}

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SegmentKind {
    /// A name of a party.
    Name,
    /// An address or a part of one.
    Address,
    /// A number; `Other` where neither label nor check digits say of which kind.
    Identifier(IdentifierType),
    /// A phone number, an address of electronic mail, a web page.
    Contact,
    /// The words that join the next name to the first.
    Relation,
    /// Anything else.
    Note,
}

/// How a name belongs to the first party of its cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// It is the party.
    #[default]
    Party,
    /// Another party in whose care the goods are sent.
    CareOf,
    /// Another party for which the first one acts.
    OnBehalfOf,
    /// Another party that pays.
    ForAccountOf,
    /// The party, often a bank, to whose order the document is made out.
    ToOrderOf,
    /// Another name of the party: the one it trades under.
    TradingAs,
    /// Another name of the party: an earlier one.
    Formerly,
    /// Another name of the party.
    KnownAs,
    /// The head of the party.
    BranchOf,
    /// A person or department to turn to.
    Attention,
    /// Another party that is told of the arrival.
    Notify,
    /// Another party by whose hands the goods pass.
    Through,
    /// Another party.
    And,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 13] = [
        Self::Party,
        Self::CareOf,
        Self::OnBehalfOf,
        Self::ForAccountOf,
        Self::ToOrderOf,
        Self::TradingAs,
        Self::Formerly,
        Self::KnownAs,
        Self::BranchOf,
        Self::Attention,
        Self::Notify,
        Self::Through,
        Self::And,
    ];

    /// The word for it, in files and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::CareOf => "care_of",
            Self::OnBehalfOf => "on_behalf_of",
            Self::ForAccountOf => "for_account_of",
            Self::ToOrderOf => "to_order_of",
            Self::TradingAs => "trading_as",
            Self::Formerly => "formerly",
            Self::KnownAs => "known_as",
            Self::BranchOf => "branch_of",
            Self::Attention => "attention",
            Self::Notify => "notify",
            Self::Through => "through",
            Self::And => "and",
        }
    }

    /// Whether the name is of the first party itself rather than of another one.
    pub fn is_same_party(self) -> bool {
        matches!(self, Self::Party | Self::TradingAs | Self::Formerly | Self::KnownAs)
    }

    /// The role of the named party in a shipment, where the relation gives one.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::ToOrderOf => Some(Role::Endorsee),
            Self::Notify => Some(Role::NotifyParty),
            _ => None,
        }
    }
}

impl SegmentKind {
    /// The word for it, in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Address => "address",
            Self::Identifier(_) => "identifier",
            Self::Contact => "contact",
            Self::Relation => "relation",
            Self::Note => "note",
        }
    }
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

impl Cell {
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
            let first = self.names().find(|name| name.is_sure && (name.start..=name.core_start).contains(&start))?;
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

    fn of(&self, is_it: impl Fn(SegmentKind) -> bool) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(move |segment| is_it(segment.kind))
    }
}
