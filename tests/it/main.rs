//! The service and its parts from the outside, on real files and over real connections, one binary.

mod cli;
mod grpc;
mod lists;
