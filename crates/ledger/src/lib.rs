//! The ledger: the stored evidence of screenings, and what people decide about them.
//!
//! # What is where
//! | file | what it holds | made again from |
//! |---|---|---|
//! | `ledger.json` | which ledger it is, and the public key of its signed heads | nothing |
//! | `log/N.seg` | records, append-only | nothing |
//! | `log/N.off` | where the records of a closed segment start | the segment |
//! | `tile/` | the Merkle tree over the records, as C2SP tiles | the log |
//! | `heads.notes`, `checkpoint` | every signed tree head; the last one | nothing |
//! | `keys/` | the signing key and the data keys, wrapped by the master key | nothing |
//! | `kept/` | lists, policies, packs, attachments and time stamps, by digest | nothing |
//! | `index.sqlite` | what records are found by, and the state of cases; with [`shared`] it may be at the place instead | the log |
//! | `shared` | where the ledger is that this folder is a copy of; only with [`shared`] | nothing |
//! | `torn/` | what a crash left at the end of the log | nothing; nobody needs it |
//!
//! # Words
//! A *record* has a number, its place in the log from 0. It is *sealed*: its *payload* is encrypted under a *data key* of
//! its *class* and *period*, and its *commitment*, a digest over a random salt and the payload, stands beside it in clear. The
//! *leaf* of the tree covers all of it. A *head* is the root over so many records, signed. A *paper* is a proof that others
//! can check without this program. Erasing is destroying a data key: log, tree and heads stay as they are.
//!
//! # Types
//! [`Ledger`] is the door: opened by one writer, or by any number of readers. A writer gives [`record::Screened`] and gets
//! numbers back; [`EvidenceMode`] says when. [`Ledger::show`] gives a [`Shown`] back. [`verify()`] checks everything against
//! everything. `index` answers questions, `cases` follows decisions, `retention` says what is due.
//!
//! # Guarantees
//! - A durable record is on disk before its number is given. A record is whole or not there.
//! - What was signed cannot change or go without [`verify()`] naming the file and the record.
//! - No clock, list or policy is asked here: what a screening rests on comes with it.

pub mod bytes;
pub mod case;
mod error;
pub mod index;
pub mod keep;
mod keys;
mod layout;
mod ledger;
mod log;
pub mod proof;
pub mod record;
pub mod rescreen;
pub mod retention;
pub mod settings;
pub mod shared;
mod stamp;
mod vault;
mod verify;
mod writer;

pub use error::{Error, Result};
pub use keys::{KeyId, KeyInfo, MasterKey, new_master_key};
pub use layout::{About, Layout, LedgerId};
pub use ledger::{Basis, Ledger, Options, Report, Ruling, rebuild};
pub use log::frame::{Kind, Packing, Sealed};
pub use log::store::Cut;
pub use model::EvidenceMode;
pub use stamp::Stamp;
pub use vault::{Shown, Unread};
pub use verify::{Verified, verify, verify_watched};
pub use writer::Pace;
