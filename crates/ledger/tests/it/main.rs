//! A ledger as a whole: what is written comes back, what breaks is named, what is proven holds.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod damage;
mod dictionary;
mod keeping;
mod shared;
mod stamps;
mod work;
