//! What others call over the network.

pub mod grpc;
