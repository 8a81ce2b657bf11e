//! What others call over the network.
//!
//! Every protocol has a room that only carries, [`grpc`] and [`http`]. What they share stands beside them: who may call
//! (`guard`), whether a call is let in (`admission`), its record from the first header to the last byte (`record`), the
//! connections (`transport`), the threads that screen (`pool`), and the questions that any of them asks (`batch`,
//! `questions`).

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
mod tls;
mod transport;
#[cfg(feature = "http")]
mod web;
