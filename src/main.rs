//! The program; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before any use of TLS: the only provider in this build.
    let _first = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tidewaiter::cli::main()
}
