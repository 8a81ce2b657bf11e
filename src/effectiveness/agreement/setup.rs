//! What agreement is measured with.

/// Names of each list and script when nobody says otherwise.
pub const DEFAULT_COUNT: u32 = 200;

/// What to measure with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// The seed of all choices.
    pub seed: u64,
    /// Names of each list and script.
    pub count: u32,
}
