//! The ways to read letters of other scripts.

/// How letters of other scripts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// As they are.
    Plain,
    /// Letters that look Latin are read as Latin.
    LookAlike,
    /// Every other script is romanised.
    Romanised,
}
