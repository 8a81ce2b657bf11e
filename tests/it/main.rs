//! The service and its parts from the outside, on real files and over real connections.

mod grpc;
mod lists;
