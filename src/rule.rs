//! Rules: findings that need no listed name.

mod address;
mod goods;
mod ownership;

pub use address::{AddressHit, Addresses, MAX_CANDIDATES, Sameness};
pub use goods::{BrandHit, Lexicon};
pub use ownership::{MAX_OWNERS, Owned, Owner, Ownership, Regime, State, TooMany};
