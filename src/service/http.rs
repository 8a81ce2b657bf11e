//! Plain HTTP: the interface of JSON, those of yente, watchman and OpenRefine, the console, and on a port of their own
//! metrics and probes.
//!
//! A request passes [`super::transport`] (connections, TLS, slow callers) and a gate (who calls, scope, quota, room,
//! deadline), the same as a call of gRPC, and only then its route. A refusal is the same failure with the same code and
//! reason; its form is the one that the callers of that interface know.

#[cfg_attr(not(feature = "http"), path = "http/left_out.rs")]
mod api;
mod error;
mod observer;

pub use api::Api;
pub use error::Error;
pub use observer::Observer;
