//! What others call over the network.

pub mod grpc;
mod guard;
pub mod http;
mod pool;
