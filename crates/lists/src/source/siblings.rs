//! The three tables of OFAC's legacy files where they lie in a folder, or side by side with the names of the publisher.

use super::recognise::Found;
use super::unpack::{Take, file};
use crate::error::Error;
use crate::format::ofac::LegacyTable;
use crate::input::UnpackLimits;
use std::path::{Path, PathBuf};

/// Reads a folder, which must hold the three tables and no other list.
pub(super) fn folder(path: &Path, limits: UnpackLimits, take: Take<'_>) -> Result<(), Error> {
    let name = path.display().to_string();
    let io_error = |cause| Error::Io { file: name.clone(), cause };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(io_error)? {
        let entry = entry.map_err(io_error)?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !is_hidden && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    let mut parts = Vec::new();
    for path in files {
        let found = look(&path, limits);
        match found {
            Ok(Found::Legacy(_)) => parts.push(path),
            Ok(Found::Format(format)) => {
                let problem = format!(
                    "the folder holds `{}`, a list of its own ({}); a folder is read for the three files of OFAC's \
                     legacy format, give other files one by one",
                    path.file_name().unwrap_or_default().to_string_lossy(),
                    format.as_str()
                );
                return Err(Error::Archive { file: name, problem });
            }
            Err(_) => {}
        }
    }
    if parts.is_empty() {
        let problem = "a folder without the three files of OFAC's legacy format (sdn, add, alt)".into();
        return Err(Error::Archive { file: name, problem });
    }
    for path in parts {
        file(&path, limits, take)?;
    }
    Ok(())
}

/// Reads the two tables that belong to one given alone: `sdn` in its file name, or the word of the table it is,
/// replaced by theirs.
pub(super) fn beside(path: &Path, given: LegacyTable, limits: UnpackLimits, take: Take<'_>) -> Result<(), Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for part in LegacyTable::ALL.into_iter().filter(|p| *p != given) {
        let other = sibling(&name, given, part).map(|n| path.with_file_name(n));
        let Some(other) = other.filter(|o| o.is_file()) else {
            let problem = format!(
                "the table `{}` of OFAC's legacy format alone; expected `{}` beside it, named alike",
                given.word(),
                part.word()
            );
            return Err(Error::Archive { file: path.display().to_string(), problem });
        };
        file(&other, limits, take)?;
    }
    Ok(())
}

/// The name with the word of one table replaced by that of another, in the same case.
fn sibling(name: &str, given: LegacyTable, part: LegacyTable) -> Option<String> {
    // The consolidated list calls its entries `prim`.
    let words: &[&str] = if given == LegacyTable::Sdn { &["sdn", "prim"] } else { &[given.word()] };
    let (at, word) = words.iter().find_map(|w| Some((name.to_ascii_lowercase().rfind(w)?, *w)))?;
    let found = name.get(at..at + word.len())?;
    let target =
        if part == LegacyTable::Sdn && name.to_ascii_lowercase().contains("cons") { "prim" } else { part.word() };
    let target =
        if found.bytes().all(|b| b.is_ascii_uppercase()) { target.to_ascii_uppercase() } else { target.into() };
    Some(format!("{}{target}{}", &name[..at], &name[at + word.len()..]))
}

fn look(path: &Path, limits: UnpackLimits) -> Result<Found, Error> {
    let mut seen = None;
    file(path, limits, &mut |_, found, _| {
        seen = Some(found);
        Ok(())
    })?;
    seen.ok_or_else(|| Error::Empty { file: path.display().to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_knows_the_names_of_the_others() {
        let name = |n, a, b| sibling(n, a, b).unwrap_or_default();
        assert_eq!(name("ofac_legacy_sdn.csv.gz", LegacyTable::Sdn, LegacyTable::Addresses), "ofac_legacy_add.csv.gz");
        assert_eq!(name("ALT.CSV", LegacyTable::Aliases, LegacyTable::Sdn), "SDN.CSV");
        assert_eq!(name("cons_prim.csv", LegacyTable::Sdn, LegacyTable::Aliases), "cons_alt.csv");
        assert_eq!(name("cons_alt.csv", LegacyTable::Aliases, LegacyTable::Sdn), "cons_prim.csv");
        assert_eq!(sibling("list.csv", LegacyTable::Sdn, LegacyTable::Aliases), None);
    }
}
