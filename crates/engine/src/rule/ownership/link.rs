//! One edge of the graph of owners.

use jiff::civil::Date;

/// One way in which a party is owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) owner: u32,
    pub(super) share: Option<u16>,
    pub(super) date: Option<Date>,
    /// Row of the lists, or line of the file.
    pub(super) origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Row(u32),
    Line(u64, String),
}
