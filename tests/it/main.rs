//! Integration tests, one binary: the library on real lists, the service, and the command line.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test says what it measured or why it skips")]

mod cli;
mod corroboration;
mod effectiveness;
mod fuzz_smoke;
mod grpc;
mod house;
mod lists;
mod lists_world;
mod monotone;
mod names;
mod noise;
mod parties;
mod recall;
mod shared;
mod story;
mod vague;
