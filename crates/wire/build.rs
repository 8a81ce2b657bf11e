//! Compiles `proto/` without protoc: protox reads it, prost writes the types, pbjson their proto3 JSON form.

use prost::Message as _;
use std::{env, error::Error, fs, path::PathBuf};

const PROTOS: [&str; 5] = [
    "tidewaiter/v1/shipment.proto",
    "tidewaiter/v1/screening.proto",
    "tidewaiter/v1/lists.proto",
    "tidewaiter/v1/ledger.proto",
    "tidewaiter/v1/decisions.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../../proto");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let descriptors = protox::compile(PROTOS, ["../../proto"])?;
    let encoded = descriptors.encode_to_vec();
    // tonic's builder ignores `file_descriptor_set_path` when handed compiled descriptors; reflection needs the file.
    fs::write(out.join("tidewaiter.v1.bin"), &encoded)?;
    // The types are needed everywhere, clients and servers only where tonic is.
    let has_service = env::var_os("CARGO_FEATURE_SERVICE").is_some();
    tonic_prost_build::configure()
        .build_client(has_service)
        .build_server(has_service)
        .codec_path("crate::codec::Bounded")
        .compile_fds(descriptors)?;
    // Every field is written, so that a reader of `findings` or `spans` never has to ask whether it is there.
    pbjson_build::Builder::new().register_descriptors(&encoded)?.emit_fields().build(&[".tidewaiter.v1"])?;
    Ok(())
}
