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
    /// Disguised words are read as they are meant: markup inside words, text shown backwards, digits for letters, letters
    /// doubled or set apart. Look-alikes too.
    Undisguised,
}

impl Reading {
    /// Every reading.
    pub const ALL: [Self; 4] = [Self::Plain, Self::LookAlike, Self::Romanised, Self::Undisguised];
}
