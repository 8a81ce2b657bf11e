//! Lists: from a publisher's file to the immutable [`Snapshot`] that everything is screened against.
//!
//! One adapter per publisher format lives in `list/`; the format is recognised by content, never by file name.
//! Reading is all or nothing: an error names file, line and field, and leaves no half-read list behind.
//! Repairs of known damage are counted per list and shown; what cannot be repaired is an error.

mod build;
mod builtin;
mod catalogue;
mod csl;
mod curated;
mod delta;
mod details;
mod dfat;
mod dpl;
mod draft;
mod error;
mod eu;
mod format;
mod freshness;
pub mod guard;
mod identifiers;
mod load;
mod markers;
mod names;
mod nationality;
mod ofac;
mod open;
mod opensanctions;
mod own;
mod phrases;
mod seco;
mod sema;
mod spelling;
pub mod store;
mod table;
mod uk;
mod un;
mod xml;

pub use catalogue::{Catalogue, KnownList, Publication, RemoteFile, Terms, Token, catalogue};
pub use delta::{Change, Delta, FieldChange, ListDelta};
pub use error::{Error, FORMATS};
pub use format::Format;
pub use freshness::{Freshness, ListAge, StaleAfter};
pub use load::{known_on, load};
pub use model::snapshot::{ListInfo, Snapshot};

use draft::{Draft, Loaded};
use jiff::civil::Date;
use rayon::prelude::*;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// Where a list is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The curated lists that ship inside the binary.
    Builtin,
    /// A file, plain, `.gz` or `.zip`, in any known format; or a folder with the three files of OFAC's legacy format.
    Path(PathBuf),
    /// A data directory: every publication that is in force in it. An empty one holds no list.
    Store(PathBuf),
    /// A data directory as it was known on a day.
    StoreOn(PathBuf, Date),
}

/// Reads one file and says what is in it: each list with its rows, names and repairs.
///
/// # Errors
/// As [`load`].
pub fn check(path: &Path) -> Result<Vec<ListInfo>, Error> {
    Ok(read_path(path, open::LIMITS)?.infos)
}

/// What a file is, from its content.
///
/// # Errors
/// When it cannot be opened, is damaged, or is no format that we read.
pub fn format_of(path: &Path) -> Result<Format, Error> {
    let mut told = None;
    // Nothing is read but the first bytes.
    open::pieces(path, open::LIMITS, &mut |_, found, _| {
        told = Some(match found {
            open::Found::Legacy(_) => Format::OfacLegacyCsv,
            open::Found::Format(format) => format,
        });
        Ok(())
    })?;
    told.ok_or_else(|| Error::Empty { file: path.display().to_string() })
}

/// Reads content as this format, whatever it looks like, and says how many rows it has; for fuzzing each reader.
///
/// # Errors
/// As [`check`].
#[doc(hidden)]
pub fn probe(format: Format, content: &[u8]) -> Result<usize, Error> {
    let draft = match format {
        // The three tables one after the other, each behind a byte 0.
        Format::OfacLegacyCsv => {
            let mut legacy = ofac::Legacy::default();
            let tables = content.split(|b| *b == 0).chain(std::iter::repeat(&[][..]));
            for (part, table) in ofac::Part::ALL.into_iter().zip(tables) {
                legacy.take("content", part, table)?;
            }
            legacy.finish("content")?
        }
        other => read_format(other, "content", &mut { content })?,
    };
    Ok(draft.finish()?.entries.len())
}

fn read(source: &Source) -> Result<Vec<Loaded>, Error> {
    match source {
        Source::Path(path) => Ok(vec![read_path(path, open::LIMITS)?]),
        Source::Builtin => read_builtin(builtin::FILES),
        Source::Store(root) => read_store(root, None),
        Source::StoreOn(root, day) => read_store(root, Some(*day)),
    }
}

/// The publications of a data directory, read side by side.
fn read_store(root: &Path, day: Option<Date>) -> Result<Vec<Loaded>, Error> {
    let store_error = |error: store::Error| match error {
        store::Error::List(error) => error,
        other => Error::Store { problem: other.to_string() },
    };
    let store = store::Store::existing(root).map_err(store_error)?;
    let read = |store: &store::Store| {
        let chosen = match day {
            None => store.current()?,
            Some(day) => store.known_on(day)?,
        };
        let loaded: Result<Vec<Loaded>, store::Error> = chosen
            .par_iter()
            .map(|stored| {
                store.verify(stored)?;
                let mut loaded = read_path(&stored.path, open::LIMITS)?;
                for info in &mut loaded.infos {
                    info.source = stored.source();
                }
                Ok(loaded)
            })
            .collect();
        loaded
    };
    store.reading(read).map_err(store_error)
}

/// The built-in files as one source: a list may stand in several of them, a row in one only.
fn read_builtin(files: &[(&str, &str)]) -> Result<Vec<Loaded>, Error> {
    let mut all = Draft::new("builtin");
    for (name, text) in files {
        all.absorb(curated::read_text(name, text)?);
    }
    Ok(vec![all.finish()?])
}

fn read_path(path: &Path, limits: open::Limits) -> Result<Loaded, Error> {
    let file = path.display().to_string();
    let mut draft = None;
    let mut legacy: Option<ofac::Legacy> = None;
    open::pieces(path, limits, &mut |name, found, content| {
        match found {
            open::Found::Legacy(part) => legacy.get_or_insert_default().take(name, part, content)?,
            open::Found::Format(format) => draft = Some(read_format(format, &file, content)?),
        }
        Ok(())
    })?;
    match (draft, legacy) {
        (_, Some(legacy)) => legacy.finish(&file)?.finish(),
        (Some(draft), None) => draft.finish(),
        (None, None) => Err(Error::NoRows { file }),
    }
}

fn read_format(format: Format, file: &str, content: &mut dyn BufRead) -> Result<Draft, Error> {
    match format {
        Format::UsCslCsv => csl::read(file, content),
        Format::UsCslJson => csl::read_json(file, content),
        Format::OfacXml => ofac::read(file, content),
        Format::OfacEnhancedXml => ofac::read_enhanced(file, content),
        Format::OfacAdvancedXml => ofac::read_advanced(file, content),
        Format::BisDpl => dpl::read(file, content),
        Format::UnXml => un::read(file, content),
        Format::EuFsfXml => eu::read_xml(file, content),
        Format::EuFsfCsv => eu::read_csv(file, content),
        Format::UkOfsiCsv => uk::read_ofsi(file, content),
        Format::UkFcdoCsv => uk::read_fcdo(file, content),
        Format::UkFcdoXml => uk::read_xml(file, content),
        Format::AuDfatXlsx => {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes).map_err(|e| open::from_io(file, e))?;
            dfat::read(file, bytes)
        }
        Format::ChSecoXml => seco::read(file, content),
        Format::CaSemaXml => sema::read(file, content),
        Format::OpenSanctionsFtm => opensanctions::read_ftm(file, content),
        Format::OpenSanctionsCsv => opensanctions::read_simple(file, content),
        Format::OwnCsv => own::read(file, content),
        Format::Curated => curated::read(file, content),
        Format::OfacLegacyCsv => Err(Error::NoRows { file: file.into() }),
    }
}

#[cfg(test)]
mod tests;
