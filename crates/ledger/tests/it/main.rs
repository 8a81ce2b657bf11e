//! A ledger as a whole: what is written comes back, what breaks is named, what is proven holds.

mod damage;
mod keeping;
mod shared;
mod work;
