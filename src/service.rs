//! What others call over the network.
//!
//! Every protocol has a room that only carries, [`grpc`] and [`http`]. What they share stands beside them: who may call
//! (`guard`), whether a call is let in (`admission`), its record from the first header to the last byte (`record`), the
//! connections (`transport`), the threads that screen (`pool`), and the questions that any of them asks (`batch`,
//! `questions`, `ledger`).

mod admission;
mod ages;
mod batch;
#[cfg(feature = "console")]
pub mod console;
mod error;
pub mod grpc;
mod guard;
mod handle;
pub mod http;
#[cfg(feature = "http")]
mod keeping;
mod ledger;
pub mod mcp;
mod meters;
mod methods;
mod names;
mod pool;
mod questions;
mod record;
mod recording;
mod rescreening;
mod shared;
mod status;
mod telling;
mod tls;
mod transport;
#[cfg(feature = "http")]
mod web;
