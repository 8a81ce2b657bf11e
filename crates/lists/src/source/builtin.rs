//! What ships inside the program: whole US lists in the compact form of `format::compact`, and the curated entries.

use crate::build::{ParsedFile, SourceEntries};
use crate::error::Error;
use crate::format::compact::{self, Headings, Wording};
use crate::format::curated;
use flate2::read::DeflateDecoder;
use rayon::prelude::*;
use std::io::Read as _;

/// What the whole lists give as their source.
pub(crate) const BUILTIN: &str = "builtin";
/// What the curated entries give as their source.
pub(crate) const CURATED: &str = "curated";

/// The tables of `lists/us`, packed by the build script, each behind a line with its list's id.
const TABLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/us.deflate"));
const HEADINGS: (&str, &str) = ("lists/us/lists.toml", include_str!("../../../../lists/us/lists.toml"));
const WORDING: (&str, &str) = ("lists/us/wording.toml", include_str!("../../../../lists/us/wording.toml"));

/// File name and content of each curated list.
const FILES: &[(&str, &str)] = &[("lists/uas.toml", include_str!("../../../../lists/uas.toml"))];

/// The whole US lists, as one source.
///
/// # Errors
/// When the program was built of tables that can't be read; a test reads them.
pub(crate) fn read_builtin() -> Result<SourceEntries, Error> {
    let damaged =
        |e: std::io::Error| Error::Damaged { file: BUILTIN.into(), container: "deflate", cause: e.to_string() };
    let mut text = String::new();
    DeflateDecoder::new(TABLES).read_to_string(&mut text).map_err(damaged)?;
    let headings = Headings::read(HEADINGS.0, HEADINGS.1)?;
    let wording = Wording::read(WORDING.0, WORDING.1)?;
    let tables = text.split('\u{1e}').filter(|t| !t.is_empty());
    let pieces: Vec<compact::Piece<'_>> = tables
        .flat_map(|table| {
            let (list, rows) = table.split_once('\n').unwrap_or((table, ""));
            compact::pieces(list, rows)
        })
        .collect();
    // Side by side, as a start waits for them; in the order of the tables.
    let read = pieces.par_iter().map(|piece| {
        let mut parsed = ParsedFile::new(BUILTIN);
        compact::read(piece, &headings, &wording, &mut parsed)?;
        Ok(parsed)
    });
    let mut all = ParsedFile::new(BUILTIN);
    for one in read.collect::<Vec<Result<ParsedFile, Error>>>() {
        all.absorb(one?);
    }
    all.finish()
}

/// The curated files as one source: a list may be in several of them, an entry in one only.
///
/// # Errors
/// When a file is not well-formed.
pub(crate) fn read_curated() -> Result<SourceEntries, Error> {
    let mut all = ParsedFile::new(CURATED);
    for (name, text) in FILES {
        all.absorb(curated::read_text(name, text)?);
    }
    all.finish()
}
