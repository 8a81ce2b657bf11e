//! Webhooks: targets of the configuration are told what happened, by a signed request.
//!
//! What happens is first written into a queue on disk and then sent, again and again with growing pauses, until the target
//! takes it or its time is over; then it is a dead letter, which stays visible until a person sends it again. A delivery
//! may come twice and deliveries may overtake each other: each has an id, and each event its own. Nothing in them is a text of
//! a shipment but its reference.

#[cfg_attr(not(feature = "fetch"), path = "webhooks/left_out.rs")]
mod client;
mod error;
mod notifier;
mod queue;
mod target;

pub use error::Error;
pub use notifier::{Board, Notifier, TargetBoard};
pub use queue::Delivery;
