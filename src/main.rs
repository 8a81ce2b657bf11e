//! The program; everything it does is in the library.

use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;
use tidewaiter::cli::{health, serve};

/// Screens shipments against official denied-party lists and says exactly why.
#[derive(clap::Parser)]
#[command(name = "tidewaiter", version)]
enum Line {
    Serve(serve::Args),
    Health(health::Args),
}

fn main() -> ExitCode {
    let ran = match Line::parse() {
        Line::Serve(args) => serve::run(args),
        Line::Health(args) => health::run(args),
    };
    ran.unwrap_or_else(|error| {
        // Without a standard error there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "tidewaiter: {error:#}");
        ExitCode::from(2)
    })
}
