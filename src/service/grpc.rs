//! The gRPC service: screening, lists, health and reflection on one port.
//!
//! This room only carries: it admits calls, hands the work to threads of its own and puts answers on the wire. What
//! a shipment means is decided by the engine. The reactor never screens: messages are decoded and encoded on it,
//! everything else runs on [`super::pool`].
//!
//! A call passes [`transport`] (connections, TLS, slow callers), [`gate`] (who calls, scope, quota, room, deadline) and
//! then its service. Every refusal is a status with a stable reason, see [`status`], and is counted in [`meters`].

mod ages;
mod batch;
mod call;
pub mod client;
mod error;
mod gate;
mod handle;
mod ledger;
mod lists;
mod meters;
mod methods;
mod names;
mod others;
mod record;
mod recording;
mod screening;
mod server;
mod shared;
mod status;
mod stream;
mod tls;
mod transport;
mod watch;

pub use super::guard::callers::{CallersError, check_callers, new_key};
pub use error::Error;
pub use handle::Handle;
pub use server::{Drain, Server, check};
pub use tls::TlsError;
