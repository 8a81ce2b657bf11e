//! A person's word that a list file is right although the guard objects to it.
//!
//! It is a small file beside the list, `consolidated.csv.accepted`, so that whoever keeps the list keeps the word with it.
//! It holds for one content: once the list changes, it no longer counts.

use crate::error::Error;
use crate::source::snapshot_of_path;
use jiff::Timestamp;
use model::snapshot::count;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The form of the file; a program that knows only older ones refuses it.
const VERSION: u32 = 1;

/// Who accepted what, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    version: u32,
    /// `sha256:` and 64 hexadecimal digits over the entries of the file, as `tidewaiter lists check` prints for it alone.
    pub content: String,
    /// Its entries, for people who read this.
    pub entries: u32,
    /// When.
    pub at: Timestamp,
    /// Why it is right.
    pub note: String,
}

/// Where the word about a list file is kept.
pub fn path_of(list: &Path) -> PathBuf {
    let mut name = list.file_name().unwrap_or_default().to_owned();
    name.push(".accepted");
    list.with_file_name(name)
}

/// Accepts a list file as it is now. The file must be readable as a list.
///
/// # Errors
/// When the list cannot be read, or the word cannot be written.
pub fn accept(list: &Path, note: &str, at: Timestamp) -> Result<Acceptance, Error> {
    let snapshot = snapshot_of_path(list)?;
    let accepted = Acceptance {
        version: VERSION,
        content: snapshot.fingerprint().to_owned(),
        entries: count(snapshot.entries().len()),
        at,
        note: note.to_owned(),
    };
    let path = path_of(list);
    let mut text = serde_json::to_string_pretty(&accepted).expect("it has no keys that JSON cannot have");
    text.push('\n');
    let fresh = path.with_extension("accepted.new");
    let written = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, &path));
    written.map_err(|cause| problem(&path, format!("cannot be written: {cause}")))?;
    Ok(accepted)
}

/// Whether a person accepted this content of a list file.
///
/// # Errors
/// When there is a word about the file that cannot be read.
pub fn is_accepted(list: &Path, content: &str) -> Result<bool, Error> {
    let path = path_of(list);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(cause) => return Err(problem(&path, format!("cannot be read: {cause}"))),
    };
    let accepted: Acceptance = serde_json::from_slice(&text)
        .map_err(|e| problem(&path, format!("expected what `tidewaiter lists accept` writes, as JSON: {e}")))?;
    if accepted.version != VERSION {
        let found = accepted.version;
        return Err(problem(&path, format!("expected version {VERSION} of the format, found version {found}")));
    }
    Ok(accepted.content == content)
}

fn problem(path: &Path, problem: String) -> Error {
    Error::Acceptance { file: path.display().to_string(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_holds_for_the_content_it_was_given_for() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("own.csv");
        fs::write(&list, "name;id\nBrambleton Optics;b1\n").unwrap();
        assert!(!is_accepted(&list, "sha256:x").unwrap());
        let accepted = accept(&list, "checked", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((accepted.entries, accepted.note.as_str()), (1, "checked"));
        assert!(is_accepted(&list, &accepted.content).unwrap() && !is_accepted(&list, "sha256:x").unwrap());
        assert!(path_of(&list).ends_with("own.csv.accepted"));
        fs::write(path_of(&list), "{}").unwrap();
        let damaged = is_accepted(&list, &accepted.content).unwrap_err().to_string();
        assert!(damaged.contains("own.csv.accepted: expected what `tidewaiter lists accept` writes"), "{damaged}");
        fs::write(&list, "this is no list").unwrap();
        accept(&list, "checked", Timestamp::UNIX_EPOCH).unwrap_err();
    }
}
