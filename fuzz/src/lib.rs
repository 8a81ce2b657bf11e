//! What the fuzz targets check. `tests/it/fuzz_smoke.rs` takes in the same files.

pub mod engine;
pub mod lists;
pub mod wire;
