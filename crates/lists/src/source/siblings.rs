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
    for part in LegacyTable::REQUIRED.into_iter().filter(|p| *p != given) {
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
    match comments_beside(path, &name, given).filter(|_| given != LegacyTable::Comments) {
        Some(comments) => file(&comments, limits, take),
        None => Ok(()),
    }
}

/// The table of comments beside another one: `sdn_comments.csv`, `cons_comments.csv`.
fn comments_beside(path: &Path, name: &str, given: LegacyTable) -> Option<PathBuf> {
    let sdn = if given == LegacyTable::Sdn { name.to_owned() } else { sibling(name, given, LegacyTable::Sdn)? };
    let (at, length) = table_word(&sdn, &["sdn", "prim"])?;
    let is_upper = !sdn[at..at + length].bytes().any(|b| b.is_ascii_lowercase());
    let names = ["sdn_comments", "comments"].map(|word| {
        let word = if is_upper { word.to_ascii_uppercase() } else { word.to_owned() };
        path.with_file_name(format!("{}{word}{}", &sdn[..at], &sdn[at + length..]))
    });
    names.into_iter().find(|p| p.is_file())
}

/// Where the last of these words is in a name, whatever its case, and its length.
fn table_word(name: &str, words: &[&str]) -> Option<(usize, usize)> {
    words.iter().find_map(|word| Some((name.to_ascii_lowercase().rfind(word)?, word.len())))
}

/// The name with the word of one table replaced by that of another, in the same case.
fn sibling(name: &str, given: LegacyTable, part: LegacyTable) -> Option<String> {
    let words: &[&str] = match given {
        // The consolidated list calls its entries `prim`.
        LegacyTable::Sdn => &["sdn", "prim"],
        LegacyTable::Comments => &["sdn_comments", "comments"],
        LegacyTable::Addresses | LegacyTable::Aliases => &[given.word()],
    };
    let (at, length) = table_word(name, words)?;
    let found = name.get(at..at + length)?;
    let target =
        if part == LegacyTable::Sdn && name.to_ascii_lowercase().contains("cons") { "prim" } else { part.word() };
    let target =
        if !found.bytes().any(|b| b.is_ascii_lowercase()) { target.to_ascii_uppercase() } else { target.into() };
    Some(format!("{}{target}{}", &name[..at], &name[at + length..]))
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
        assert_eq!(name("sdn_comments.csv", LegacyTable::Comments, LegacyTable::Aliases), "alt.csv");
        assert_eq!(name("cons_comments.csv", LegacyTable::Comments, LegacyTable::Sdn), "cons_prim.csv");
        assert_eq!(sibling("list.csv", LegacyTable::Sdn, LegacyTable::Aliases), None);
    }
}
