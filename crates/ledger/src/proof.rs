//! Proof: the tree over the records, its tiles, signed heads, and proofs that others can check.

pub(crate) mod head;
pub(crate) mod note;
pub(crate) mod paper;
pub(crate) mod tiles;
pub mod tree;

pub use head::{Head, heads};
pub use note::{Note, SigningKey, VerifyingKey};
pub use paper::{Paper, Verdict, consistency, verify_paper};
