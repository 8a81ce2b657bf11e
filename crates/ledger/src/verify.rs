//! Everything against everything: records, tree, heads, keys, kept files. What is wrong is named; nothing is changed.

use crate::bytes::{Digest, base64, hex, sha256};
use crate::error::{Error, Result};
use crate::keep;
use crate::keys::{KeyId, KeyInfo};
use crate::layout::{About, Layout};
use crate::ledger::seal_digest;
use crate::log::frame::{Kind, Sealed};
use crate::log::{segment, store};
use crate::proof::head::{self, Head};
use crate::proof::tiles::{TileWriter, WIDTH};
use crate::record::{self, Context, Destroyed, Genesis, Kept, KeyMade, SettingsPut, Stamped};
use crate::stamp::Stamp;
use crate::vault::time_of;
use prost::Message as _;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

/// How often, and how long apart, heads and checkpoint are compared before they count as different.
const SETTLED: u32 = 5;
const SETTLE: Duration = Duration::from_millis(20);
/// Records between two looks at whether anybody still waits.
const WATCHED: u64 = 1024;

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
    /// Time stamps by other houses, the oldest first.
    pub stamps: Vec<Stamp>,
    /// What is wrong; empty when all holds.
    pub faults: Vec<Error>,
}

/// Checks a ledger, without its master key; somebody may write it meanwhile. `since`: only from the last head on that covers no record behind it.
///
/// # Errors
/// When there is no ledger to check. What is wrong with one is in the answer.
pub fn verify(layout: &Layout, since: Option<u64>) -> Result<Verified> {
    verify_watched(layout, since, &mut |_| true)
}

/// As [`verify`]; `goes_on` hears now and then how many records are checked, and says whether anybody still waits.
///
/// # Errors
/// As [`verify`], and [`Error::Cancelled`] when nobody waits any more.
pub fn verify_watched(layout: &Layout, since: Option<u64>, goes_on: &mut dyn FnMut(u64) -> bool) -> Result<Verified> {
    let (about, about_bytes) = About::read(layout)?;
    let mut verified = Verified::default();
    let heads = match settled_heads(layout, &about, &mut verified.faults) {
        Ok(heads) => heads,
        Err(error) => {
            verified.faults.push(error);
            return Ok(verified);
        }
    };
    verified.heads = heads.len() as u64;
    verified.sealed = heads.last().map_or(0, |head| head.size);
    let start = since.map_or(0, |since| heads.iter().rev().find(|h| h.size <= since).map_or(0, |h| h.size));
    let mut seen = Seen::default();
    match walk(layout, &about, &heads, start, &mut seen, &mut verified, goes_on) {
        Err(Error::Cancelled) => return Err(Error::Cancelled),
        Ok(()) if start == 0 => {
            verified.faults.extend(seen.check_stamps(layout, &heads));
            let found = seen.check(layout, &about_bytes);
            verified.erased = found.1;
            verified.faults.extend(found.0);
        }
        Ok(()) => {}
        Err(error) => verified.faults.push(error),
    }
    verified.stamps = seen.stamps;
    Ok(verified)
}

/// The signed heads, and whether the last of them is the checkpoint. A head that is being signed now stands in one of the two
/// files for a moment, which is no fault.
fn settled_heads(layout: &Layout, about: &About, faults: &mut Vec<Error>) -> Result<Vec<Head>> {
    let path = layout.checkpoint();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let heads = head::heads(layout, about)?;
        let there = fs::read(&path).ok();
        let is_last = there.as_deref() == heads.last().map(|(_, note)| note.as_bytes());
        if !is_last && attempt < SETTLED {
            std::thread::sleep(SETTLE);
            continue;
        }
        if !is_last {
            faults.push(Error::damaged(&path, 0, None, "it is not the last signed head of heads.notes"));
        }
        return Ok(heads.into_iter().map(|(head, _)| head).collect());
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
    goes_on: &mut dyn FnMut(u64) -> bool,
) -> Result<()> {
    let folder = layout.log();
    let firsts = segment::list(&folder)?;
    let from = start - start % WIDTH as u64;
    let sealed = verified.sealed;
    let beside = store::is_written(layout).then_some(sealed);
    let mut tree = TileWriter::check(&layout.tiles(), from, beside)?;
    let mut roots = heads.iter().filter(|head| head.size >= from.max(1)).peekable();
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
                tree.check_partial();
            }
            verified.records += u64::from(record.number >= start);
            if record.number.is_multiple_of(WATCHED) && !goes_on(verified.records) {
                return Err(Error::Cancelled);
            }
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
    tree.check_files()?;
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
    stamps: Vec<Stamp>,
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
                self.genesis = Some(record::note(record.number, &message)?)
            }
            Kind::Settings => {
                let SettingsPut { digest, .. } = record::note(record.number, &message)?;
                self.kept.insert(("the settings", digest.clone()));
                self.settings = Some(digest);
            }
            Kind::KeyMade => {
                let KeyMade { info, file_sha256 } = record::note(record.number, &message)?;
                self.destroyed.remove(&info.key);
                self.made.insert(info.key, (info, file_sha256));
            }
            Kind::KeyDestroyed => {
                let Destroyed { info, .. } = record::note(record.number, &message)?;
                self.destroyed.insert(info.key);
            }
            Kind::Context => {
                let context = Context::decode(&message[..]);
                let context = context.map_err(|e| Error::Refused(format!("record {}: {e}", record.number)))?;
                let kept = [
                    ("the snapshot", context.lists),
                    ("the policy", context.policy),
                    ("the ownership file", context.ownership),
                    ("the rule packs", context.kept_packs),
                ];
                self.kept.extend(kept.into_iter().filter(|(_, digest)| !digest.is_empty()));
            }
            Kind::Stamped => {
                let stamped: Stamped = record::note(record.number, &message)?;
                self.kept.insert(("the time stamp", stamped.token.clone()));
                self.stamps.push(Stamp { number: record.number, time: time_of(record), stamped });
            }
            Kind::Kept => {
                let Kept { digest } = record::note(record.number, &message)?;
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

    /// Stamps of heads that were never signed.
    fn check_stamps(&self, layout: &Layout, heads: &[Head]) -> Vec<Error> {
        let is_signed = |stamped: &Stamped| {
            heads.iter().any(|head| head.size == stamped.head && base64(&head.root) == stamped.root)
        };
        let others = self.stamps.iter().filter(|stamp| !is_signed(&stamp.stamped));
        let fault = |stamp: &Stamp| {
            let why = format!("it speaks of a stamped head over {} records that was never signed", stamp.stamped.head);
            Error::damaged(&layout.log(), 0, Some(stamp.number), why)
        };
        others.map(fault).collect()
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
