//! What list files held when a service last loaded them, so that a start is guarded as a reload is.

use super::directory::Store;
use super::disk;
use super::error::StoreError;
use crate::reading::{Origin, RememberedFile, SourceRead};
use model::snapshot::{Snapshot, count};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The form of the file; a program that knows only older ones refuses it.
const VERSION: u32 = 1;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Remembered {
    version: u32,
    files: BTreeMap<String, RememberedFile>,
}

/// The name of a file that does not depend on where the program was started.
fn key(path: &Path) -> String {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

impl Store {
    fn files_path(&self) -> PathBuf {
        self.root().join("files.json")
    }

    /// What was in force of a list file when a service last loaded it; `None` when none did.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn remembered(&self, path: &Path) -> Result<Option<RememberedFile>, StoreError> {
        Ok(self.all_remembered()?.files.remove(&key(path)))
    }

    /// Remembers what is in force of the files among these sources, for the next start.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn remember(&self, snapshot: &Snapshot, sources: &[SourceRead]) -> Result<(), StoreError> {
        let path = self.files_path();
        let io_error = |path: &Path| {
            let path = path.to_owned();
            move |cause| StoreError::Io { path, cause }
        };
        let lock = self.lock_file()?;
        lock.lock().map_err(io_error(&self.root().join("lock")))?;
        let mut all = self.all_remembered()?;
        let before = all.files.clone();
        for source in sources {
            let Origin::File { path, content, .. } = &source.origin else { continue };
            let in_force = |list: &crate::ListRead| count(snapshot.entries_of(&list.id).len());
            let entries = source.lists.iter().map(|l| (l.id.as_str().to_owned(), in_force(l))).collect();
            all.files.insert(key(path), RememberedFile { content: content.clone(), entries });
        }
        if all.files == before {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(&all).expect("its keys are texts");
        disk::write(&self.steps, &path, format!("{text}\n").as_bytes()).map_err(io_error(&path))
    }

    fn all_remembered(&self) -> Result<Remembered, StoreError> {
        let path = self.files_path();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Ok(Remembered { version: VERSION, ..Remembered::default() });
            }
            Err(cause) => return Err(StoreError::Io { path, cause }),
        };
        let found: Remembered = serde_json::from_slice(&bytes).map_err(|e| StoreError::Remembered {
            path: path.clone(),
            problem: format!("expected what list files held at the last load, as JSON: {e}"),
        })?;
        if found.version != VERSION {
            let problem = format!("expected version {VERSION} of the format, found version {}", found.version);
            return Err(StoreError::Remembered { path, problem });
        }
        Ok(found)
    }
}
