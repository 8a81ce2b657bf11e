//! Reads compiled lists back, and trusts nothing that its checksum does not.

use super::{BEGINNING, END, KeptKey, KeptLists, MAGIC, NotUsed, PartPlace};
use lists::{Reading, Snapshot, SourceRead};
use model::binary::{self, Binary, BytesIn, read_entries};
use model::entry::Entry;
use model::snapshot::ListInfo;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

/// An open file whose beginning, table and end are as they were written.
#[derive(Debug)]
pub(crate) struct KeptFile {
    path: PathBuf,
    parts: BTreeMap<String, PartPlace>,
}

impl KeptFile {
    /// Opens what is kept for this key.
    pub(crate) fn open(kept: &KeptLists, key: KeptKey) -> Result<Self, NotUsed> {
        let path = kept.path();
        let mut file = match File::open(&path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(NotUsed::Missing),
            other => other.map_err(NotUsed::Damaged)?,
        };
        let size = file.metadata().map_err(NotUsed::Damaged)?.len();
        let behind = size.checked_sub(END as u64).filter(|behind| *behind >= BEGINNING as u64);
        let Some(behind) = behind else { return Err(NotUsed::damaged("it is cut short")) };
        let beginning = bytes_at(&mut file, 0, BEGINNING as u64).map_err(NotUsed::Damaged)?;
        let end = bytes_at(&mut file, behind, END as u64).map_err(NotUsed::Damaged)?;
        if !beginning.starts_with(MAGIC) || beginning[MAGIC.len()..] != key.0 {
            return Err(NotUsed::Other);
        }
        let (table_at, checksum) = binary::whole::<(u64, u32)>(&end).map_err(|e| NotUsed::Damaged(e.into()))?;
        let Some(bytes) = behind.checked_sub(table_at) else { return Err(NotUsed::damaged("it has no table")) };
        let table = bytes_at(&mut file, table_at, bytes).map_err(NotUsed::Damaged)?;
        let mut found = crc32fast::Hasher::new();
        [&beginning, &table, &end[..8]].into_iter().for_each(|bytes| found.update(bytes));
        if found.finalize() != checksum {
            return Err(NotUsed::damaged("its table has another checksum"));
        }
        let parts: Vec<(String, PartPlace)> = binary::whole(&table).map_err(|e| NotUsed::Damaged(e.into()))?;
        let is_inside = |(at, bytes, _): PartPlace| at.checked_add(bytes).is_some_and(|end| end <= table_at);
        if !parts.iter().all(|(_, place)| is_inside(*place)) {
            return Err(NotUsed::damaged("a part is not inside it"));
        }
        Ok(Self { path, parts: parts.into_iter().collect() })
    }

    /// The bytes of a part, as they were written.
    pub(crate) fn part(&self, name: &str) -> io::Result<Vec<u8>> {
        let problem = |problem| io::Error::new(io::ErrorKind::InvalidData, format!("{name}: {problem}"));
        let Some(&(at, bytes, checksum)) = self.parts.get(name) else { return Err(problem("it is not there")) };
        // Opened again, since parts are read side by side.
        let bytes = bytes_at(&mut File::open(&self.path)?, at, bytes)?;
        if crc32fast::hash(&bytes) != checksum {
            return Err(problem("it has another checksum"));
        }
        Ok(bytes)
    }

    /// The lists, and what they were read from.
    pub(crate) fn reading(&self) -> Result<Reading, NotUsed> {
        self.read().map_err(NotUsed::Damaged)
    }

    fn read(&self) -> io::Result<Reading> {
        let said = self.part("snapshot")?;
        let mut said = BytesIn::new(&said);
        let (chunks, fingerprint) = <(usize, String)>::read_from(&mut said)?;
        let (lists, sources) = <(Vec<ListInfo>, Vec<SourceRead>)>::read_from(&mut said)?;
        said.end()?;
        let chunk = |number: usize| Ok(read_entries(&self.part(&format!("entries {number}"))?)?);
        let chunks: Vec<Vec<Entry>> = (0..chunks).into_par_iter().map(chunk).collect::<io::Result<_>>()?;
        let mut entries = Vec::with_capacity(chunks.iter().map(Vec::len).sum());
        chunks.into_iter().for_each(|mut chunk| entries.append(&mut chunk));
        let snapshot = Snapshot::from_kept(entries, lists, fingerprint);
        let snapshot = snapshot.ok_or_else(|| io::Error::other("its entries are not in order"))?;
        Ok(Reading { snapshot, sources })
    }
}

/// So many bytes from there on. The file has them, as far as its size was asked for.
fn bytes_at(file: &mut File, at: u64, bytes: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut read = Vec::with_capacity(usize::try_from(bytes).map_err(io::Error::other)?);
    if file.take(bytes).read_to_end(&mut read)? as u64 != bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(read)
}
