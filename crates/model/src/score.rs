//! How well something matches.

/// How well something matches: 0..=1000. 1000 is the listed name itself, unmistakable; 700 is the default
/// threshold for the review of a party name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Score(u16);

impl Score {
    /// The lowest score.
    pub const ZERO: Self = Self(0);
    /// The listed name itself.
    pub const FULL: Self = Self(1000);

    /// `None` above 1000.
    pub const fn new(thousandths: u16) -> Option<Self> {
        if thousandths <= 1000 { Some(Self(thousandths)) } else { None }
    }

    /// The nearest score: below 0 is 0, above 1000 is 1000.
    pub const fn clamped(thousandths: i32) -> Self {
        if thousandths < 0 {
            Self(0)
        } else if thousandths > 1000 {
            Self(1000)
        } else {
            Self(thousandths as u16)
        }
    }

    /// Thousandths.
    pub const fn get(self) -> u16 {
        self.0
    }
}
