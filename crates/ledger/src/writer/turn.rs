//! Writing a ledger that other replicas write, too: turns, and what the copy takes in from the others.

use super::follower::Follower;
use super::{Append, Framed, State};
use crate::bytes::{self, hex, sha256};
use crate::error::{Error, Result};
use crate::index;
use crate::keep;
use crate::keys::{KeyFile, KeyId};
use crate::log::frame::{Kind, Sealed};
use crate::proof::head::{self, Head};
use crate::proof::{Note, tiles};
use crate::record::{self, Destroyed, KeyMade, SettingsPut};
use crate::shared::{ABOUT, Addition, Board, Chunk, KEPT, Shared, Tip, key_name};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

impl State {
    /// Follows the ledger at a place, and takes in what it has. `heads`: how many signed heads the copy has.
    pub(crate) fn follow(&mut self, mut place: Box<dyn Shared>, heads: u64, board: Board) -> Result<()> {
        let about = place.file(ABOUT)?;
        if about.as_deref() != Some(&self.about.encode()[..]) {
            let why = format!("it holds another ledger than {}", self.layout.root().display());
            return Err(Error::Database { place: place.place().to_owned(), why });
        }
        let (files, kept, pulled_at) = (0, BTreeSet::new(), Instant::now());
        self.shared = Some(Follower { place, heads, files, kept, board, pulled_at });
        self.pull()
    }

    /// Takes in what others have written.
    pub(super) fn pull(&mut self) -> Result<()> {
        if let Some(why) = &self.broken {
            return Err(Error::Stopped(why.clone()));
        }
        let Some(mut shared) = self.shared.take() else { return Ok(()) };
        let tip = shared.place.tip();
        let done = tip.and_then(|tip| self.take_in(&mut shared, &tip));
        shared.pulled_at = Instant::now();
        self.shared = Some(shared);
        done
    }

    /// The same now and then. Whoever asks or writes next hears of a fault.
    pub(super) fn pull_when_due(&mut self) {
        if self.shared.as_ref().is_some_and(|shared| shared.wait().is_zero()) {
            let _later = self.pull();
        }
    }

    /// Writes a group in a turn; gives the number of its first record.
    pub(super) fn share(&mut self, shared: &mut Follower, jobs: &mut Vec<Append>) -> Result<u64> {
        let tip = shared.place.begin()?;
        let prepared = self.take_in(shared, &tip).and_then(|()| {
            self.turn_away(jobs, |job| self.key_is_taken(job))?;
            let framed = self.framed(jobs)?;
            Ok((self.addition(shared, &framed, &tip)?, framed))
        });
        let (addition, framed) = match prepared {
            Ok(prepared) if !jobs.is_empty() => prepared,
            other => {
                shared.place.rollback();
                return other.map(|_| self.size());
            }
        };
        let first = self.size();
        let (files, kept) = (addition.tip.files, kept_in(&addition));
        self.commit(shared, addition)?;
        shared.files = files;
        shared.kept.extend(kept);
        // They are recorded. What the copy cannot take now, for example because its disk is full, it takes in the next turn.
        let mut settings = framed.notes.iter().filter(|note| note.kind == Kind::Settings);
        let heeded = settings.try_for_each(|note| self.heed(shared, note));
        let _later = heeded.and_then(|()| self.append(framed, false));
        Ok(first)
    }

    /// A key that others have made meanwhile under the same number.
    fn key_is_taken(&self, job: &Append) -> Result<Option<Error>> {
        for draft in job.drafts.iter().filter(|draft| draft.kind == Kind::KeyMade) {
            let record = Sealed {
                kind: draft.kind,
                packing: draft.packing,
                number: self.size(),
                time: 0,
                key: draft.key,
                commitment: draft.commitment,
                payload: draft.payload.clone(),
            };
            let KeyMade { info, .. } = note_of(&record)?;
            let path = KeyFile::path(&self.layout, info.key);
            if path.exists() || path.with_extension("gone").exists() {
                return Ok(Some(Error::KeyTaken { key: info.key.0 }));
            }
        }
        Ok(None)
    }

    /// What a group adds to the place: its records, and the files that they speak of.
    fn addition(&self, shared: &Follower, framed: &Framed, tip: &Tip) -> Result<Addition> {
        let (mut files, mut gone) = (Vec::new(), Vec::new());
        for note in &framed.notes {
            match note.kind {
                Kind::KeyMade => {
                    let KeyMade { info, .. } = note_of(note)?;
                    let path = KeyFile::unrecorded(&self.layout, info.key);
                    files.push((key_name(info.key), fs::read(&path).map_err(Error::io("read the key", &path))?));
                }
                Kind::KeyDestroyed => gone.push(key_name(note_of::<Destroyed>(note)?.info.key)),
                _ => {}
            }
        }
        if !framed.notes.is_empty() {
            let all = keep::all(&self.layout)?;
            for digest in all.into_iter().filter(|digest| !shared.kept.contains(digest)) {
                files.push((format!("{KEPT}{digest}"), keep::stored(&self.layout, &digest)?));
            }
        }
        let mut range = self.tree.range().clone();
        framed.leaves.iter().for_each(|leaf| range.push(*leaf));
        let chunk = Chunk { first: self.size(), count: framed.leaves.len() as u64, frames: framed.bytes.clone() };
        let (size, root) = (range.size(), range.root());
        let tip = Tip { size, root, last_time: framed.time, files: tip.files + files.len() as u64, ..*tip };
        Ok(Addition { chunk: Some(chunk), head: None, files, gone, tip })
    }

    /// Ends a turn. Where the answer to that was lost, the next turn says what became of it.
    fn commit(&self, shared: &mut Follower, addition: Addition) -> Result<()> {
        let chunk = addition.chunk.clone();
        let Err(error) = shared.place.commit(addition) else { return Ok(()) };
        let Some(chunk) = chunk else { return Err(error) };
        let Ok(tip) = shared.place.begin() else { return Err(error) };
        // Every record has salt of its own: the same bytes are these records.
        let is_there = tip.size > chunk.first
            && shared.place.chunks(chunk.first, chunk.first + 1).is_ok_and(|there| there.first() == Some(&chunk));
        shared.place.rollback();
        if is_there { Ok(()) } else { Err(error) }
    }

    /// Signs a head over all records, in a turn.
    pub(super) fn seal_shared(&mut self, shared: &mut Follower) -> Result<Head> {
        let tip = shared.place.begin()?;
        if let Err(error) = self.take_in(shared, &tip) {
            shared.place.rollback();
            return Err(error);
        }
        let head = self.head();
        let note = head.sign(&self.about.origin, &self.signer);
        let tip = Tip { heads: tip.heads + 1, ..tip };
        let (chunk, files, gone) = (None, Vec::new(), Vec::new());
        // Where the answer is lost, the copy takes the head in with the next turn.
        shared.place.commit(Addition { chunk, head: Some((head.size, note.to_string())), files, gone, tip })?;
        self.keep_head(&head, &note).inspect_err(|error| self.broken = Some(error.to_string()))?;
        shared.heads += 1;
        Ok(head)
    }

    /// Brings the copy up to a tip.
    fn take_in(&mut self, shared: &mut Follower, tip: &Tip) -> Result<()> {
        shared.board.put_index(tip.has_index);
        if tip.size < self.size() || tip.heads < shared.heads {
            let there = format!("{} records and {} signed heads", tip.size, tip.heads);
            let why = format!("it has {there}, fewer than the copy with {} and {}", self.size(), shared.heads);
            return Err(self.apart(shared, why));
        }
        self.take_files(shared, tip)?;
        while self.size() < tip.size {
            let chunks = shared.place.chunks(self.size(), tip.size)?;
            if chunks.is_empty() {
                return Err(shared.wrong(format!("the records from {} on are missing", self.size())));
            }
            chunks.into_iter().try_for_each(|chunk| self.take_chunk(shared, &chunk))?;
        }
        if self.tree.range().root() != tip.root {
            return Err(self.apart(shared, format!("their first {} records differ", tip.size)));
        }
        self.last_time = self.last_time.max(tip.last_time);
        self.take_heads(shared, tip)
    }

    /// What the copy and its place have that cannot both be right.
    fn apart(&self, shared: &Follower, why: String) -> Error {
        Error::Apart { path: self.layout.root().to_owned(), place: shared.place.place().to_owned(), why }
    }

    /// Kept files that are new.
    fn take_files(&mut self, shared: &mut Follower, tip: &Tip) -> Result<()> {
        if tip.files <= shared.files {
            return Ok(());
        }
        for name in shared.place.names(shared.files, tip.files)? {
            let Some(digest) = name.strip_prefix(KEPT) else { continue };
            if !keep::is_kept(&self.layout, digest) {
                let stored = shared.place.file(&name)?;
                let stored = stored.ok_or_else(|| shared.wrong(format!("the file {name} is missing")))?;
                keep::keep_stored(&self.layout, digest, &stored)?;
            }
            shared.kept.insert(digest.to_owned());
        }
        shared.files = tip.files;
        Ok(())
    }

    /// The records of a chunk that the copy has not.
    fn take_chunk(&mut self, shared: &mut Follower, chunk: &Chunk) -> Result<()> {
        let mut framed = Framed { time: self.last_time, ..Framed::default() };
        let (mut at, mut number) = (0, chunk.first);
        while at < chunk.frames.len() {
            let (record, taken) = Sealed::read(&chunk.frames[at..])
                .map_err(|wrong| shared.wrong(format!("record {number} is damaged: {wrong}")))?;
            if record.number != number {
                return Err(shared.wrong(format!("record {number} says that it is number {}", record.number)));
            }
            if number >= self.size() {
                // Before the record, so that a crash between the two does not leave it out.
                self.heed(shared, &record)?;
                framed.time = record.time;
                framed.add(self.end, record)?;
            }
            (at, number) = (at + taken, number + 1);
        }
        if chunk.first > self.size() || number != chunk.first + chunk.count || framed.leaves.is_empty() {
            let why = format!("the records from {} on are not {} in a row", chunk.first, chunk.count);
            return Err(shared.wrong(why));
        }
        self.append(framed, false)
    }

    /// Does to the files of the copy what a record says was done.
    fn heed(&self, shared: &mut Follower, record: &Sealed) -> Result<()> {
        match record.kind {
            Kind::KeyMade => {
                let KeyMade { info, file_sha256 } = note_of(record)?;
                let path = KeyFile::path(&self.layout, info.key);
                // Gone: destroyed since, as a later record says.
                let Some(bytes) = shared.place.file(&key_name(info.key))? else { return Ok(()) };
                if hex(&sha256(&[&bytes])) != file_sha256 {
                    return Err(shared.wrong(format!("the key {} was altered", info.key)));
                }
                bytes::write_whole(&path, &bytes, true)
            }
            Kind::KeyDestroyed => {
                self.destroy(note_of::<Destroyed>(record)?.info.key)?;
                shared.board.put_erased();
                Ok(())
            }
            Kind::Settings => {
                let SettingsPut { digest, .. } = note_of(record)?;
                let text = keep::kept(&self.layout, "the settings", &digest)?;
                bytes::write_whole(&self.layout.settings(), &text, false)?;
                shared.board.put_settings();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes away a key that another replica destroyed, and the index, which may show what it encrypted.
    fn destroy(&self, key: KeyId) -> Result<()> {
        bytes::write_whole(&KeyFile::path(&self.layout, key).with_extension("gone"), b"", false)?;
        KeyFile::destroy(&self.layout, key)?;
        index::remove(&self.layout)
    }

    /// Signed heads that are new.
    fn take_heads(&mut self, shared: &mut Follower, tip: &Tip) -> Result<()> {
        if tip.heads == shared.heads {
            return Ok(());
        }
        let key = head::key_of(&self.about)?;
        // A head speaks only of records that are on disk.
        self.sync()?;
        let mut last = self.sealed;
        for (size, text) in shared.place.heads(shared.heads, tip.heads)? {
            let wrong = |why: String| shared.wrong(format!("the signed head {}: {why}", shared.heads));
            let head = head::read_note(&self.about, &key, &text).map_err(wrong)?;
            let note = Note::parse(&text).filter(|_| head.size == size && size >= last && size <= self.size());
            let note = note.ok_or_else(|| wrong(format!("it covers {} records; expected {size}", head.size)))?;
            head::keep(&self.layout, &note).inspect_err(|error| self.broken = Some(error.to_string()))?;
            shared.heads += 1;
            last = size;
        }
        (self.sealed, self.sealed_at) = (last, Instant::now());
        tiles::write_copies(&self.layout.tiles(), last, self.size(), |number| Ok(self.log.read(number)?.leaf()))
    }
}

/// Digests of the kept files of an addition.
fn kept_in(addition: &Addition) -> Vec<String> {
    addition.files.iter().filter_map(|(name, _)| name.strip_prefix(KEPT).map(str::to_owned)).collect()
}

/// What a record in clear says.
fn note_of<T: DeserializeOwned>(record: &Sealed) -> Result<T> {
    record::note(record.number, &record::open(record, None)?.message)
}
