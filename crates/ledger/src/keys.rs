//! Keys: the master key, the data keys that it wraps, and what they encrypt.
//!
//! Payloads are encrypted with ChaCha20-Poly1305 under a data key, one for each class of records and each period. The nonce
//! is the beginning of the commitment, a digest over a random salt and the payload: it repeats as rarely as 96 random bits.
//! A data key stands in a file of its own, wrapped by the master key; whoever destroys that file has erased the records.

mod data;
mod master;
mod ring;

pub(crate) use data::{DataKey, KeyFile, open_seed, seal_seed};
pub use data::{KeyId, KeyInfo};
pub use master::{MasterKey, new_master_key};
pub(crate) use ring::KeyRing;
