//! Lists: from a publisher's file to the immutable [`Snapshot`] that everything is screened against.
//!
//! `source` opens and recognises a file, `format` has a reader for each publisher's format, and `build` makes entries of
//! what they read. `store` keeps what was fetched, `guard` and `delta` compare two publications. The format is recognised
//! by content, never by file name. Reading is all or nothing: an error names file, line and field, and leaves no half-read
//! list behind. Repairs of known damage are counted per list and shown; what cannot be repaired is an error.

pub mod accepted;
mod build;
mod catalogue;
mod content;
mod delta;
mod error;
mod format;
mod freshness;
pub mod guard;
mod input;
mod load;
mod memory;
mod reading;
mod source;
pub mod store;

pub use catalogue::{Catalogue, Format, KnownList, Publication, RemoteFile, Terms, Token, catalogue};
pub use content::content_of;
pub use delta::{Change, Delta, FieldChange, ListDelta};
pub use error::{Error, FORMATS, Unrecognised};
pub use freshness::{AgeBasis, Freshness, ListAge, StaleAfter};
pub use load::{Source, check, known_on, load, read_all};
pub use memory::set_memory_budget;
pub use model::snapshot::{ListInfo, Snapshot};
pub use reading::{ListRead, Origin, Reading, RememberedFile, SourceRead};
pub use source::{format_of, probe};
