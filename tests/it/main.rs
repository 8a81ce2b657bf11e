//! Integration tests, one binary: the library on real lists, the service, and the command line.

mod cli;
mod effectiveness;
mod grpc;
mod lists;
mod lists_world;
mod names;
mod recall;
mod shared;
