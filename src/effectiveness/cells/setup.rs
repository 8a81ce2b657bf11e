//! What cells are measured with.

/// The score that a party finding has where the name stands alone, and that it should keep in a cell.
pub const PARTY_SCORE: u16 = 900;

/// Names of each form when nobody says otherwise.
pub const DEFAULT_COUNT: u32 = 200;

/// What to measure with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// The seed of all choices.
    pub seed: u64,
    /// Names of each form, and numbers of each label.
    pub count: u32,
    /// Parties that are not listed, for the clean cells; without any, companies are invented.
    pub clean_names: Vec<String>,
}
