//! The gRPC service: screening, lists, health and reflection on one port.
//!
//! This room only carries: it admits calls, hands the work to threads of its own and puts answers on the wire. What
//! a shipment means is the engine's business. The reactor never screens: messages are decoded and encoded on it,
//! everything else runs on [`pool`]. Bounds: calls in flight, open streams, messages of one stream, bytes of one
//! message, shipments of one message. A message beyond the byte limit is answered by tonic with OUT_OF_RANGE; over
//! the other bounds the answer is RESOURCE_EXHAUSTED or INVALID_ARGUMENT with a stable reason, see [`status`].

mod admission;
mod batch;
pub mod client;
mod lists;
mod pool;
mod server;
mod service;
mod status;
mod stream;

pub use server::{Drain, Error, Handle, Server};
