//! A client for code that blocks: the command line against a running service.

mod error;
mod messages;
mod remote;
mod target;

pub use error::Error;
pub use remote::Remote;
pub use target::{ApiKey, Target};
