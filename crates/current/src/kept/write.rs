//! Writes compiled lists, so that the old file or the new one is there, whole.

use super::{ENTRIES, KeptKey, KeptLists, MAGIC, PartPlace};
use crc32fast::Hasher;
use engine::screen::Engine;
use lists::SourceRead;
use model::binary::{Binary, BytesOut, write_entries};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};

/// Bytes of a part that are written before they are made durable: a ledger on the same disk waits for no more than those.
const UNSYNCED: u64 = 4 << 20;

/// What a part or the table is written through.
struct Checked<'f> {
    file: &'f mut File,
    checksum: Hasher,
    bytes: u64,
}

impl Write for Checked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all(bytes)?;
        self.checksum.update(bytes);
        let before = self.bytes;
        self.bytes += bytes.len() as u64;
        if self.bytes / UNSYNCED != before / UNSYNCED {
            self.file.sync_data()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The file under way.
struct Parts<'f> {
    file: &'f mut File,
    at: u64,
    table: Vec<(String, PartPlace)>,
}

impl Parts<'_> {
    fn add(&mut self, name: String, write: impl Fn(&mut BytesOut<'_>)) -> io::Result<()> {
        let mut checked = Checked { file: self.file, checksum: Hasher::new(), bytes: 0 };
        let mut out = BytesOut::new(&mut checked);
        write(&mut out);
        out.finish()?;
        self.table.push((name, (self.at, checked.bytes, checked.checksum.finalize())));
        self.at += checked.bytes;
        Ok(())
    }
}

impl KeptLists {
    /// Keeps an engine and what its lists were read from; whether it did, which it leaves to another process that does so now.
    pub(crate) fn write(&self, key: KeptKey, engine: &Engine, sources: &[SourceRead]) -> io::Result<bool> {
        fs::create_dir_all(&self.folder)?;
        let fresh = self.folder.join(".lists.new");
        // What a process that was killed left there is overwritten.
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&fresh)?;
        match file.try_lock() {
            Ok(()) => file.set_len(0)?,
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(cause)) => return Err(cause),
        }
        let written = write_all(&mut file, key, engine, sources).and_then(|()| file.sync_all());
        if let Err(error) = written.and_then(|()| fs::rename(&fresh, self.path())) {
            let _may_not_be_there = fs::remove_file(&fresh);
            return Err(error);
        }
        File::open(&self.folder)?.sync_all()?;
        Ok(true)
    }
}

fn write_all(file: &mut File, key: KeptKey, engine: &Engine, sources: &[SourceRead]) -> io::Result<()> {
    let beginning = [&MAGIC[..], &key.0].concat();
    file.write_all(&beginning)?;
    let mut parts = Parts { at: beginning.len() as u64, file, table: Vec::new() };
    let snapshot = engine.snapshot();
    let chunks = snapshot.entries().chunks(ENTRIES);
    let said = (chunks.len(), snapshot.fingerprint().to_owned());
    parts.add("snapshot".to_owned(), |out| {
        said.write_to(out);
        snapshot.lists().to_vec().write_to(out);
        sources.to_vec().write_to(out);
    })?;
    for (number, entries) in chunks.enumerate() {
        parts.add(format!("entries {number}"), |out| write_entries(entries, out))?;
    }
    engine.write_parts(&mut |name, write| parts.add(name.to_owned(), write))?;
    let Parts { file, at, table } = parts;
    let mut checked = Checked { file, checksum: Hasher::new(), bytes: 0 };
    checked.checksum.update(&beginning);
    let mut out = BytesOut::new(&mut checked);
    table.write_to(&mut out);
    at.write_to(&mut out);
    out.finish()?;
    let checksum = checked.checksum.finalize();
    file.write_all(&checksum.to_le_bytes())
}
