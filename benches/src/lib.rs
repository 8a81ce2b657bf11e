//! Nothing but a home for the benches and for the examples that measure; see `Cargo.toml` beside this folder.
