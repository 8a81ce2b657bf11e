//! Rules: findings that need no listed name.

mod goods;

pub use goods::{BrandHit, Lexicon};
