//! Files that are there whole or not at all.

use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The steps that change the disk, so that a test can make each one fail.
#[derive(Clone, Default)]
pub(super) struct Steps {
    #[cfg(test)]
    pub(super) before: Option<std::sync::Arc<dyn Fn(&'static str) -> io::Result<()> + Send + Sync>>,
}

impl std::fmt::Debug for Steps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Steps")
    }
}

impl Steps {
    #[cfg_attr(not(test), expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "tests put faults here"))]
    fn step(&self, _name: &'static str) -> io::Result<()> {
        #[cfg(test)]
        if let Some(before) = &self.before {
            return before(_name);
        }
        Ok(())
    }
}

/// Opens or makes a lock file.
pub(super) fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// A name beside `path` that nothing else uses.
fn beside(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".{name}.{}.{number}.new", std::process::id()))
}

/// Writes a file so that after a crash the old one or the new one is there.
pub(super) fn write(steps: &Steps, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = beside(path);
    let written = (|| {
        steps.step("write the new file")?;
        let mut file = File::create(&fresh)?;
        file.write_all(bytes)?;
        steps.step("flush the new file")?;
        file.sync_all()?;
        steps.step("rename the new file")?;
        fs::rename(&fresh, path)
    })();
    if written.is_err() {
        let _may_not_be_there = fs::remove_file(&fresh);
        return written;
    }
    // From here on the new one is there; a crash before the folder is flushed may bring the old one back.
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Moves files into a folder that is there with all of them or not at all; it may be there already.
pub(super) fn move_in(steps: &Steps, files: &[(String, PathBuf)], folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        // The same content, by its name; a crash may have come between this and the history.
        for (_, path) in files {
            let _leftover = fs::remove_file(path);
        }
        return Ok(());
    }
    let fresh = beside(folder);
    let moved = (|| {
        steps.step("make the folder")?;
        fs::create_dir(&fresh)?;
        for (name, path) in files {
            steps.step("move a file")?;
            let to = fresh.join(name);
            if fs::rename(path, &to).is_err() {
                // From another file system.
                fs::copy(path, &to)?;
            }
            File::open(&to)?.sync_all()?;
        }
        sync_folder(&fresh)?;
        steps.step("rename the folder")?;
        match fs::rename(&fresh, folder) {
            // Another process was faster, with the same content.
            Err(_) if folder.is_dir() => fs::remove_dir_all(&fresh),
            other => other,
        }
    })();
    if let Err(error) = moved {
        let _may_not_be_there = fs::remove_dir_all(&fresh);
        return Err(error);
    }
    sync_folder(folder.parent().unwrap_or(Path::new(".")))
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Removes the folders in `folder` that are not used and older than `before`. Gives the bytes freed.
pub(super) fn remove_others(steps: &Steps, folder: &Path, used: &BTreeSet<&str>, before: Timestamp) -> io::Result<u64> {
    let mut freed = 0;
    for item in fs::read_dir(folder)? {
        let item = item?;
        if used.contains(item.file_name().to_string_lossy().as_ref()) {
            continue;
        }
        let changed = item.metadata()?.modified()?;
        if Timestamp::try_from(changed).is_ok_and(|at| at >= before) {
            continue;
        }
        steps.step("remove a folder")?;
        for file in fs::read_dir(item.path())? {
            freed += file?.metadata()?.len();
        }
        fs::remove_dir_all(item.path())?;
    }
    Ok(freed)
}
