//! Packs the compact lists of `lists/us` into one compressed file, which the program holds.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::{Error, Write as _};
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Error> {
    let folder = Path::new("../../lists/us");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut tables = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|e| e == "tsv") {
            tables.push(path);
        }
    }
    // Whatever the order of the folder: the same lists give the same program.
    tables.sort();
    let out = env::var_os("OUT_DIR").ok_or_else(|| Error::other("cargo sets OUT_DIR"))?;
    let mut packed = DeflateEncoder::new(fs::File::create(Path::new(&out).join("us.deflate"))?, Compression::best());
    for path in tables {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_stem().and_then(|n| n.to_str()).ok_or_else(|| Error::other("a name that is not text"))?;
        // A line that begins with this sign begins a list.
        writeln!(packed, "\u{1e}{name}")?;
        packed.write_all(&fs::read(&path)?)?;
    }
    packed.finish()?.sync_all()
}
