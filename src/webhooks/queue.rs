//! The queue on disk: a file for each delivery, written whole and flushed before it counts.

use super::error::Error;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Some events on their way to one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id, in order of time.
    pub id: String,
    /// The name of the target.
    pub target: String,
    /// When it was made.
    pub created: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next: Timestamp,
    /// What came of the last attempt.
    pub last: String,
    /// The events.
    pub events: Vec<Value>,
}

/// A folder with what is to be sent, and what could not be.
#[derive(Debug)]
pub(super) struct Queue {
    pending: PathBuf,
    dead: PathBuf,
}

impl Queue {
    /// Opens a folder, which is made where it is not there.
    pub(super) fn open(root: &Path) -> Result<Self, Error> {
        let queue = Self { pending: root.join("pending"), dead: root.join("dead") };
        for folder in [&queue.pending, &queue.dead] {
            fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.clone(), source })?;
        }
        Ok(queue)
    }

    /// Puts a delivery in, or what has changed of it; it is on disk when this returns.
    pub(super) fn put(&self, delivery: &Delivery) -> io::Result<()> {
        write(&self.pending, delivery)
    }

    /// One that is to be sent.
    pub(super) fn read(&self, id: &str) -> io::Result<Delivery> {
        read(&path_of(&self.pending, id))
    }

    /// Takes one out that has arrived.
    pub(super) fn remove(&self, id: &str) -> io::Result<()> {
        fs::remove_file(path_of(&self.pending, id))
    }

    /// Makes one a dead letter.
    pub(super) fn bury(&self, delivery: &Delivery) -> io::Result<()> {
        write(&self.dead, delivery)?;
        self.remove(&delivery.id)
    }

    /// Puts a dead letter in again.
    pub(super) fn revive(&self, id: &str, now: Timestamp) -> io::Result<Delivery> {
        let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_id {
            return Err(io::ErrorKind::NotFound.into());
        }
        let dead = read(&path_of(&self.dead, id))?;
        let again = Delivery { created: now, next: now, attempts: 0, ..dead };
        self.put(&again)?;
        fs::remove_file(path_of(&self.dead, id))?;
        Ok(again)
    }

    /// What is to be sent, the oldest first. A file that is damaged becomes a dead letter as it is.
    pub(super) fn pending(&self) -> io::Result<Vec<Delivery>> {
        let mut found = Vec::new();
        for path in files(&self.pending)? {
            match read(&path) {
                Ok(delivery) => found.push(delivery),
                Err(error) => {
                    tracing::error!(%error, "a delivery of the webhooks' queue is damaged and set aside");
                    let name = path.file_name().unwrap_or_default();
                    fs::rename(&path, self.dead.join(name).with_extension("damaged"))?;
                }
            }
        }
        Ok(found)
    }

    /// The dead letters, the latest first, at most so many; and how many there are.
    pub(super) fn dead(&self, most: usize) -> io::Result<(Vec<Delivery>, usize)> {
        let mut paths = files(&self.dead)?;
        paths.reverse();
        Ok((paths.iter().take(most).filter_map(|path| read(path).ok()).collect(), paths.len()))
    }
}

fn path_of(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.json"))
}

/// The deliveries of a folder, in order of their ids.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for item in fs::read_dir(folder)? {
        let path = item?.path();
        if path.extension().is_some_and(|e| e == "json") {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

fn read(path: &Path) -> io::Result<Delivery> {
    serde_json::from_slice(&fs::read(path)?).map_err(io::Error::other)
}

/// Written beside its place, flushed and renamed, so that a crash leaves the old or the new.
fn write(folder: &Path, delivery: &Delivery) -> io::Result<()> {
    let (path, fresh) = (path_of(folder, &delivery.id), folder.join(format!("{}.fresh", delivery.id)));
    let mut file = File::create(&fresh)?;
    file.write_all(&serde_json::to_vec(delivery)?)?;
    file.sync_all()?;
    fs::rename(&fresh, &path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_there_after_a_restart_and_what_is_damaged_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let delivery = |id: &str| Delivery {
            id: id.to_owned(),
            target: "desk".to_owned(),
            created: now,
            attempts: 0,
            next: now,
            last: String::new(),
            events: vec![serde_json::json!({ "type": "alert" })],
        };
        let queue = Queue::open(folder.path()).unwrap();
        for id in ["2", "1", "3"] {
            queue.put(&delivery(id)).unwrap();
        }
        queue.remove("2").unwrap();
        queue.bury(&Delivery { attempts: 9, last: "503".to_owned(), ..delivery("3") }).unwrap();
        fs::write(folder.path().join("pending/4.json"), "{").unwrap();
        // A crash while one is written leaves a file that is no delivery.
        fs::write(folder.path().join("pending/5.fresh"), "{").unwrap();
        let again = Queue::open(folder.path()).unwrap();
        assert_eq!(again.pending().unwrap(), [delivery("1")]);
        let (dead, all) = again.dead(9).unwrap();
        assert_eq!((dead[0].attempts, dead[0].last.as_str(), all), (9, "503", 1));
        assert!(folder.path().join("dead/4.damaged").exists());
        assert_eq!(again.revive("3", now).unwrap(), Delivery { last: "503".to_owned(), ..delivery("3") });
        assert_eq!(again.pending().unwrap().len(), 2);
        for wrong in ["3", "../pending/1", ""] {
            assert!(again.revive(wrong, now).is_err(), "{wrong}");
        }
    }
}
