//! Everything against everything: records, tree, heads, keys, kept files. What is wrong is named; nothing is changed.

use crate::bytes::{Digest, hex, sha256};
use crate::error::{Error, Result};
use crate::keep;
use crate::keys::{KeyId, KeyInfo};
use crate::layout::{About, Layout};
use crate::ledger::seal_digest;
use crate::log::frame::{Kind, Sealed};
use crate::log::segment;
use crate::proof::head::{self, Head};
use crate::proof::tiles::{TileWriter, WIDTH};
use crate::record::{self, Context, Destroyed, Genesis, Kept, KeyMade, SettingsPut};
use prost::Message as _;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What was checked, and what is wrong.
#[derive(Debug, Default)]
pub struct Verified {
    /// Records that were checked.
    pub records: u64,
    /// Records that the last signed head covers.
    pub sealed: u64,
    /// Signed heads.
    pub heads: u64,
    /// Records whose key was destroyed.
    pub erased: u64,
    /// Bytes at the end of the log that a crash left, or that are being written now.
    pub torn: u64,
    /// What is wrong; empty when all holds.
    pub faults: Vec<Error>,
}

/// Checks a ledger, without its master key. `since`: only from the last head on that covers no record behind it.
///
/// # Errors
/// When there is no ledger to check. What is wrong with one is in the answer.
pub fn verify(layout: &Layout, since: Option<u64>) -> Result<Verified> {
    let (about, about_bytes) = About::read(layout)?;
    let mut verified = Verified::default();
    let heads = match head::heads(layout, &about) {
        Ok(heads) => heads,
        Err(error) => {
            verified.faults.push(error);
            return Ok(verified);
        }
    };
    verified.heads = heads.len() as u64;
    check_checkpoint(layout, heads.last().map(|(_, note)| note.as_str()), &mut verified.faults);
    let heads: Vec<Head> = heads.into_iter().map(|(head, _)| head).collect();
    verified.sealed = heads.last().map_or(0, |head| head.size);
    let start = since.map_or(0, |since| heads.iter().rev().find(|h| h.size <= since).map_or(0, |h| h.size));
    let mut seen = Seen::default();
    match walk(layout, &about, &heads, start, &mut seen, &mut verified) {
        Ok(()) if start == 0 => {
            let found = seen.check(layout, &about_bytes);
            verified.erased = found.1;
            verified.faults.extend(found.0);
        }
        Ok(()) => {}
        Err(error) => verified.faults.push(error),
    }
    Ok(verified)
}

fn check_checkpoint(layout: &Layout, last: Option<&str>, faults: &mut Vec<Error>) {
    let path = layout.checkpoint();
    let there = fs::read(&path).ok();
    if there.as_deref() != last.map(str::as_bytes) {
        faults.push(Error::damaged(&path, 0, None, "it is not the last signed head of heads.notes"));
    }
}

/// Reads every record from `start` on and builds the tree over them beside the one that is there.
fn walk(
    layout: &Layout,
    about: &About,
    heads: &[Head],
    start: u64,
    seen: &mut Seen,
    verified: &mut Verified,
) -> Result<()> {
    let folder = layout.log();
    let firsts = segment::list(&folder)?;
    let from = start - start % WIDTH as u64;
    let mut tree = TileWriter::check(&layout.tiles(), from)?;
    let mut roots = heads.iter().filter(|head| head.size >= from.max(1)).peekable();
    let sealed = verified.sealed;
    let mut faults = Vec::new();
    let mut next = 0;
    for (at, first) in firsts.iter().enumerate() {
        let path = segment::path_of(&folder, *first);
        if *first != next && !(next == 0 && from > 0) {
            return Err(Error::damaged(&path, 0, Some(next), format!("records {next} to {} are missing", first - 1)));
        }
        let is_last = at + 1 == firsts.len();
        if firsts.get(at + 1).is_some_and(|after| *after <= from) {
            next = firsts[at + 1];
            continue;
        }
        let scan = segment::scan(&path, about.id, *first, is_last, |record, _| {
            if record.number < from {
                return Ok(());
            }
            tree.push(record.leaf())?;
            while let Some(head) = roots.next_if(|head| head.size == tree.range().size()) {
                if head.root != tree.range().root() {
                    let why = format!("the records do not give the root that was signed over the first {}", head.size);
                    return Err(Error::damaged(&path, 0, Some(record.number), why));
                }
            }
            if tree.range().size() == sealed {
                tree.check_partial()?;
            }
            verified.records += u64::from(record.number >= start);
            seen.take(&record)
        })?;
        next = first + scan.offsets.len() as u64;
        let bytes = fs::metadata(&path).map_err(Error::io("read", &path))?.len();
        verified.torn = bytes - scan.end;
        if !is_last && fs::read(segment::offsets_of(&path)).ok() != Some(segment::encode_offsets(&scan.offsets)) {
            let why = "the offsets are not those of the segment; `tidewaiter ledger rebuild` makes them again";
            faults.push(Error::damaged(&segment::offsets_of(&path), 0, None, why));
        }
    }
    if next < sealed {
        faults.push(Error::Lost { path: layout.root().to_owned(), size: next, signed: sealed });
    }
    verified.faults.extend(faults);
    verified.faults.extend(tree.into_faults());
    Ok(())
}

/// What the records say about other files.
#[derive(Debug, Default)]
struct Seen {
    genesis: Option<Genesis>,
    settings: Option<String>,
    made: BTreeMap<KeyId, (KeyInfo, String)>,
    destroyed: BTreeSet<KeyId>,
    under: BTreeMap<KeyId, u64>,
    kept: BTreeSet<(&'static str, String)>,
}

impl Seen {
    fn take(&mut self, record: &Sealed) -> Result<()> {
        if record.key.0 != 0 {
            *self.under.entry(record.key).or_default() += 1;
            return Ok(());
        }
        let message = record::open(record, None)?.message;
        match record.kind {
            Kind::Genesis if self.genesis.is_none() && record.number == 0 => {
                self.genesis = Some(read(record, &message)?)
            }
            Kind::Settings => {
                let SettingsPut { digest, .. } = read(record, &message)?;
                self.kept.insert(("the settings", digest.clone()));
                self.settings = Some(digest);
            }
            Kind::KeyMade => {
                let KeyMade { info, file_sha256 } = read(record, &message)?;
                self.destroyed.remove(&info.key);
                self.made.insert(info.key, (info, file_sha256));
            }
            Kind::KeyDestroyed => {
                let Destroyed { info, .. } = read(record, &message)?;
                self.destroyed.insert(info.key);
            }
            Kind::Context => {
                let context = Context::decode(&message[..]);
                let context = context.map_err(|e| Error::Refused(format!("record {}: {e}", record.number)))?;
                let kept = [
                    ("the snapshot", context.lists),
                    ("the policy", context.policy),
                    ("the ownership file", context.ownership),
                ];
                self.kept.extend(kept.into_iter().filter(|(_, digest)| !digest.is_empty()));
            }
            Kind::Kept => {
                let Kept { digest } = read(record, &message)?;
                self.kept.insert(("the file", digest));
            }
            _ => {}
        }
        Ok(())
    }

    /// What is wrong with other files, and how many records are erased.
    fn check(&self, layout: &Layout, about: &[u8]) -> (Vec<Error>, u64) {
        let mut faults = Vec::new();
        match &self.genesis {
            None => faults.push(Error::damaged(
                &layout.log(),
                0,
                Some(0),
                "the first record does not say which ledger it is",
            )),
            Some(genesis) => {
                if hex(&sha256(&[about])) != genesis.about_sha256 {
                    faults.push(Error::damaged(
                        &layout.about(),
                        0,
                        None,
                        "it is not the file that the ledger was made with",
                    ));
                }
                let seal = seal_digest(layout).map(|digest| hex(&digest));
                if !seal.is_ok_and(|digest| digest == genesis.seal_sha256) {
                    let path = layout.keys().join("seal.key");
                    faults.push(Error::damaged(&path, 0, None, "it is not the file that the ledger was made with"));
                }
            }
        }
        let settings = fs::read(layout.settings()).ok().map(|text| hex(&sha256(&[&text])));
        if settings != self.settings {
            let why = "the settings are not those that were last put into force (`tidewaiter ledger settings`)";
            faults.push(Error::damaged(&layout.settings(), 0, None, why));
        }
        self.check_kept(layout, &mut faults);
        let erased = self.check_keys(layout, &mut faults);
        (faults, erased)
    }

    fn check_kept(&self, layout: &Layout, faults: &mut Vec<Error>) {
        match keep::all(layout) {
            Ok(digests) => {
                faults.extend(digests.iter().filter_map(|digest| keep::kept(layout, "a file", digest).err()));
                let is_missing = |digest: &String| digests.binary_search(digest).is_err();
                for (what, digest) in self.kept.iter().filter(|(_, digest)| is_missing(digest)) {
                    let why = "records rest on it, and it is missing".to_owned();
                    faults.push(Error::NotKept { what, digest: digest.clone(), why });
                }
            }
            Err(error) => faults.push(error),
        }
    }

    /// Keys that are missing, altered, or that nobody made; gives how many records are erased.
    fn check_keys(&self, layout: &Layout, faults: &mut Vec<Error>) -> u64 {
        let mut erased = 0;
        for (key, count) in &self.under {
            match (self.made.get(key), self.destroyed.contains(key)) {
                (_, true) => erased += count,
                (Some(_), false) => {}
                (None, false) => {
                    let why = format!("{count} records are under the key {key}, and no record says that it was made");
                    faults.push(Error::damaged(&layout.log(), 0, None, why));
                }
            }
        }
        let files = match fs::read_dir(layout.keys()).map_err(Error::io("read the folder", &layout.keys())) {
            Ok(files) => files,
            Err(error) => {
                faults.push(error);
                return erased;
            }
        };
        let mut there = BTreeSet::new();
        for path in files.flatten().map(|file| file.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = fs::read(&path).unwrap_or_default();
            let wrong = match name.split_once('.').map(|(stem, ending)| (stem.parse().map(KeyId), ending)) {
                _ if name == "seal.key" => None,
                Some((Ok(key), "key")) => {
                    there.insert(key);
                    self.fault_of_key(key, &sha256(&[&bytes]))
                }
                Some((Ok(key), "gone")) if self.destroyed.contains(&key) && bytes.is_empty() => None,
                // Never used; the next start takes no notice of it.
                Some((Ok(_), "made")) => None,
                _ => Some("no record of the log speaks of this file"),
            };
            faults.extend(wrong.map(|why| Error::damaged(&path, 0, None, why)));
        }
        for (key, _) in self.under.iter().filter(|(key, _)| !there.contains(key) && !self.destroyed.contains(key)) {
            let path = crate::keys::KeyFile::path(layout, *key);
            faults.push(Error::damaged(&path, 0, None, "the key is missing: the records under it cannot be read"));
        }
        erased
    }

    fn fault_of_key(&self, key: KeyId, digest: &Digest) -> Option<&'static str> {
        match self.made.get(&key) {
            _ if self.destroyed.contains(&key) => Some("the log says that the key was destroyed, and it is there"),
            Some((_, expected)) if *expected == hex(digest) => None,
            Some(_) => Some("the key was altered"),
            None => Some("no record says that the key was made"),
        }
    }
}

fn read<T: DeserializeOwned>(record: &Sealed, message: &[u8]) -> Result<T> {
    serde_json::from_slice(message).map_err(|e| Error::Refused(format!("record {}: {e}", record.number)))
}
