//! Batch screening: files of any size in, one answer a record out, in input order and constant memory.
//!
//! ```text
//! input (cuts records) -> bounded queue -> workers (read, screen, render) -> ordered writer -> checkpoint
//! ```
//! A record that cannot be read never stops a run and never disappears: it is answered as `REFUSED` in its place,
//! with file, line and cause. The bytes written depend only on the input, the lists, the policy and the engine:
//! not on threads, on interruptions or on whether a service did the screening.

pub mod adapter;
pub mod cause;
pub mod checkpoint;
pub mod columns;
pub mod destination;
pub mod error;
pub mod input;
mod json;
pub mod options;
pub mod output;
pub mod report;
pub mod run;
pub mod screener;

pub use cause::Cause;
pub use error::Error;
