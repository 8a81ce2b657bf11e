//! Integration tests, one binary: the library on real lists, the service, and the command line.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test says what it measured or why it skips")]

mod accuracy;
mod adapters;
mod answers;
mod chaos;
mod cli;
mod columns;
mod corroboration;
mod deploy;
mod effectiveness;
mod evidence;
mod frozen;
mod fuzz_smoke;
mod grpc;
mod hardening;
mod house;
mod http;
mod input;
mod kept;
mod lists;
mod lists_fuzz;
mod lists_meaning;
mod lists_world;
mod monotone;
mod names;
mod noise;
mod operate;
mod own_lists;
mod packs;
mod parties;
mod policy;
mod recall;
mod refresh;
mod replicas;
mod shared;
mod story;
mod timeline;
mod us_lists;
mod vague;
mod webhooks;
