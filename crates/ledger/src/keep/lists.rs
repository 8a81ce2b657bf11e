//! Snapshots, kept list by list: a list that did not change from one to the next is kept once.

use super::entries::KeptEntries;
use super::{keep, kept};
use crate::error::{Error, Result};
use crate::layout::Layout;
use jiff::civil::Date;
use model::entry::ListId;
use model::snapshot::{ListInfo, Snapshot};
use prost::Message as _;
use serde::{Deserialize, Serialize};

/// What the digest of a snapshot leads to.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    fingerprint: String,
    entries: Vec<KeptList>,
    lists: Vec<KeptInfo>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptList {
    list: String,
    digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptInfo {
    id: String,
    title: String,
    publisher: String,
    source: String,
    note: String,
    published: Option<Date>,
    read: Option<Date>,
    fresh_hours: u32,
    records: u32,
    entries: u32,
    names: u32,
}

/// Keeps a snapshot; gives the digest that leads to it.
///
/// # Errors
/// When a file cannot be written, or the entries would not come back as they are.
pub fn keep_snapshot(layout: &Layout, snapshot: &Snapshot) -> Result<String> {
    let mut entries = Vec::new();
    for of_list in snapshot.entries().chunk_by(|a, b| a.list == b.list) {
        let digest = keep(layout, &KeptEntries::of(of_list).encode_to_vec())?;
        entries.push(KeptList { list: of_list[0].list.to_string(), digest });
    }
    let info = |info: &ListInfo| {
        // Named one by one, so that a new field cannot be forgotten. Repairs say how a file was read, and no answer does.
        let ListInfo {
            id,
            title,
            publisher,
            source,
            note,
            published,
            read,
            fresh_hours,
            records,
            entries,
            names,
            repairs: _,
        } = info;
        KeptInfo {
            id: id.to_string(),
            title: title.clone(),
            publisher: publisher.clone(),
            source: source.clone(),
            note: note.clone(),
            published: *published,
            read: *read,
            fresh_hours: *fresh_hours,
            records: *records,
            entries: *entries,
            names: *names,
        }
    };
    let lists = snapshot.lists().iter().map(info).collect();
    let manifest = Manifest { fingerprint: snapshot.fingerprint().to_owned(), entries, lists };
    let text = serde_json::to_vec(&manifest).expect("texts and numbers have a JSON form");
    let digest = keep(layout, &text)?;
    // Now, not in ten years: what is kept must come back.
    kept_snapshot(layout, &digest)?;
    Ok(digest)
}

/// The snapshot that a digest leads to.
///
/// # Errors
/// When a part is missing or altered, or written by a version that knew more.
pub fn kept_snapshot(layout: &Layout, digest: &str) -> Result<Snapshot> {
    let wrong = |why: String| Error::NotKept { what: "the snapshot", digest: digest.to_owned(), why };
    let manifest = kept(layout, "the snapshot", digest)?;
    let manifest: Manifest = serde_json::from_slice(&manifest).map_err(|e| wrong(e.to_string()))?;
    let mut entries = Vec::new();
    for part in manifest.entries {
        let bytes = kept(layout, "the list", &part.digest)?;
        let read = KeptEntries::decode(&bytes[..]).map_err(|e| wrong(e.to_string()))?;
        entries.extend(read.entries(&ListId::new(&part.list)).map_err(|e| wrong(e.to_string()))?);
    }
    let info = |info: KeptInfo| ListInfo {
        id: ListId::new(&info.id),
        title: info.title,
        publisher: info.publisher,
        source: info.source,
        note: info.note,
        published: info.published,
        read: info.read,
        fresh_hours: info.fresh_hours,
        records: info.records,
        entries: info.entries,
        names: info.names,
        repairs: Vec::new(),
    };
    let lists = manifest.lists.into_iter().map(info).collect();
    let snapshot = Snapshot::from_entries(entries, lists).map_err(|e| wrong(e.to_string()))?;
    if snapshot.fingerprint() != manifest.fingerprint {
        return Err(wrong(format!("its entries give the fingerprint {}", snapshot.fingerprint())));
    }
    Ok(snapshot)
}
