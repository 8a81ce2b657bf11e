//! What the fuzz targets check. `tests/it/fuzz_smoke.rs` takes in the same files.

pub mod engine_laws;
pub mod list_laws;
pub mod wire_laws;
