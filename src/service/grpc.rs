//! The gRPC service: screening, lists, health and reflection on one port.
//!
//! This room only carries: it admits calls, hands the work to threads of its own and puts answers on the wire. What
//! a shipment means is decided by the engine. The reactor never screens: messages are decoded and encoded on it,
//! everything else runs on [`super::pool`].
//!
//! A call passes [`super::transport`] (connections, TLS, slow callers), [`gate`] (who calls, scope, quota, room, deadline) and
//! then its service. Every refusal is a status with a stable reason, see [`super::status`], and is counted in [`super::meters`].

mod call;
pub mod client;
mod gate;
mod intake;
mod ledger;
mod lists;
mod others;
mod screening;
mod server;
mod stream;
mod watch;
#[cfg(feature = "http")]
mod web;

pub use super::error::Error;
pub use super::guard::callers::{check_callers, new_key};
pub use super::guard::roster::RosterError;
pub use super::handle::Handle;
pub use super::tls::TlsError;
#[cfg(feature = "http")]
pub(super) use ledger::{Decisions, Records};
pub use server::{Drain, Server, check};
#[cfg(feature = "http")]
pub(super) use web::Calls;
