//! The gRPC service: screening, lists, health and reflection on one port.
//!
//! This room only carries: it admits calls, hands the work to threads of its own and puts answers on the wire. What
//! a shipment means is the engine's business. The reactor never screens: messages are decoded and encoded on it,
//! everything else runs on [`pool`].
//!
//! A call passes [`transport`] (connections, TLS, slow callers), [`guard`] (who calls, scope, quota, room, deadline)
//! and then its service. Every refusal is a status with a stable reason, see [`status`], and is counted in [`meters`].

mod access;
mod admission;
mod batch;
mod callers;
pub mod client;
mod guard;
mod lists;
mod meters;
mod methods;
mod observe;
mod pool;
mod server;
mod service;
mod status;
mod stream;
mod tls;
mod transport;

pub use callers::{CallersError, check_callers, new_key};
pub use observe::Observer;
pub use server::{Drain, Error, Handle, Server, check};
pub use tls::TlsError;
