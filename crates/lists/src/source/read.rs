//! From a path to its entries.

use super::open::{LIMITS, pieces};
use super::recognise::Found;
use crate::build::SourceEntries;
use crate::catalogue::Format;
use crate::error::Error;
use crate::format::{self, ofac};
use crate::input::UnpackLimits;
use model::snapshot::Snapshot;
use std::path::Path;

/// What a file is, from its content. Only the first bytes are read.
///
/// # Errors
/// When it cannot be opened, is damaged, or is in a format that cannot be read.
pub fn format_of(path: &Path) -> Result<Format, Error> {
    let mut recognised = None;
    pieces(path, LIMITS, &mut |_, found, _| {
        recognised = Some(match found {
            Found::Legacy(_) => Format::OfacLegacyCsv,
            Found::Format(format) => format,
        });
        Ok(())
    })?;
    recognised.ok_or_else(|| Error::Empty { file: path.display().to_string() })
}

/// Reads a path, whole or not at all.
///
/// # Errors
/// When it cannot be opened, is damaged or not a list, or the list breaks the rules of its format.
pub(crate) fn read_path(path: &Path, limits: UnpackLimits) -> Result<SourceEntries, Error> {
    let file = path.display().to_string();
    let mut parsed = None;
    let mut legacy: Option<ofac::Legacy> = None;
    pieces(path, limits, &mut |name, found, content| {
        match found {
            Found::Legacy(table) => legacy.get_or_insert_default().take(name, table, content)?,
            Found::Format(format) => parsed = Some(format::read(format, &file, content)?),
        }
        Ok(())
    })?;
    match (parsed, legacy) {
        (_, Some(legacy)) => legacy.finish(&file)?.finish(),
        (Some(parsed), None) => parsed.finish(),
        (None, None) => Err(Error::NoEntries { file }),
    }
}

/// The entries of one path as a snapshot of their own.
///
/// # Errors
/// As [`read_path`].
pub(crate) fn snapshot_of_path(path: &Path) -> Result<Snapshot, Error> {
    let read = read_path(path, LIMITS)?;
    Snapshot::from_entries(read.entries, read.infos).map_err(Error::from)
}

/// Reads content as this format, whatever it looks like, and gives its number of entries; for fuzzing each reader.
///
/// # Errors
/// When the content is not a list in this format.
#[doc(hidden)]
pub fn probe(format: Format, content: &[u8]) -> Result<usize, Error> {
    let parsed = match format {
        // The three tables one after the other, with a byte 0 between them.
        Format::OfacLegacyCsv => {
            let mut legacy = ofac::Legacy::default();
            let tables = content.split(|b| *b == 0).chain(std::iter::repeat(&[][..]));
            for (table, content) in ofac::LegacyTable::REQUIRED.into_iter().zip(tables) {
                legacy.take("content", table, content)?;
            }
            legacy.finish("content")?
        }
        other => format::read(other, "content", &mut { content })?,
    };
    Ok(parsed.finish()?.entries.len())
}
