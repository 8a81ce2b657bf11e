//! One edge of the graph of owners.

use jiff::civil::Date;
use std::fmt;

/// A party of the graph: its place among the nodes, from 0. Means nothing in another graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PartyId(pub(super) u32);

impl PartyId {
    /// The place, to index with.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// One way in which a party is owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) owner: PartyId,
    pub(super) share: Option<u16>,
    pub(super) date: Option<Date>,
    pub(super) origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The lists themselves.
    List,
    /// A line of the user's file, and who says so.
    Line(u64, String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List => f.write_str("the list itself"),
            Self::Line(line, source) if source.is_empty() => write!(f, "line {line} of the ownership file"),
            Self::Line(line, source) => write!(f, "{source}, line {line} of the ownership file"),
        }
    }
}
