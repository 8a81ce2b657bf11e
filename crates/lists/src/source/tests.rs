//! Opening, telling formats apart, bounds, and joining sources.

mod bad;

use super::*;
use crate::build::SourceEntries;
use crate::error::Error;
use crate::input::UnpackLimits;
use crate::load::{Source, check};
use flate2::{Compression, write::GzEncoder};
use model::entry::{Effect, Entry, EntryKind, ListId, Name, NameKind};
use model::snapshot::Snapshot;
use std::io::{Cursor, Write};
use std::path::Path;

const CURATED: &str = "\u{feff}[list]\nid = \"test\"\ntitle = \"Test\"\npublisher = \"P\"\nread = 2026-11-22\n\
    [[entry]]\nid = \"a\"\neffect = \"watch\"\nname = \"NAME\"\ncitations = [\"c\"]\n";

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn load_within(content: &[u8], limits: UnpackLimits) -> Result<SourceEntries, Error> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    read_path(file.path(), limits)
}

fn load(content: &[u8]) -> Result<SourceEntries, Error> {
    load_within(content, LIMITS)
}

fn refusal(content: &[u8]) -> String {
    let error = load(content).err().expect("refused");
    let text = error.to_string();
    format!("{} {}", error.code(), text.split_once(": ").unwrap().1)
}

#[test]
fn the_content_tells_how_a_file_is_packed() {
    let plain = CURATED.as_bytes();
    let packed = [
        plain.to_vec(),
        gzip(plain),
        zip(&[("x.gz", plain)]),
        zip(&[("README.txt", b"read me"), ("list.toml", plain), ("__MACOSX/._list.toml", b"\0\0")]),
    ];
    for content in packed {
        assert_eq!(load(&content).map(|l| l.entries.len()).map_err(|e| e.to_string()), Ok(1));
    }
}

#[test]
fn what_is_no_list_is_named_for_what_it_is() {
    assert!(refusal(b"").starts_with("LIST-003"));
    assert!(refusal(b"\xef\xbb\xbf \n").starts_with("LIST-003"));
    assert!(refusal(&gzip(b"")).starts_with("LIST-003"));
    for (content, seen) in [
        (&b"\x7fELF\0\0"[..], "a binary file"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"<html lang=en>", "a web page"),
        (b"<?xml version='1.0'?><!-- x --><sanctions/>", "xml with the root element `sanctions`"),
        (b"title,place\nX,Y\n", "text with 2 columns, which are not those of a list"),
        (b"hello", "plain text"),
        (b"\xff\xfea\0", "text in UTF-16"),
    ] {
        let text = refusal(content);
        assert!(text.starts_with(&format!("LIST-004 unknown format: {seen}")), "{text}");
        assert!(text.contains("OFAC sdnList"), "{text}");
    }
    assert!(refusal(&gzip(&gzip(CURATED.as_bytes()))).contains("an archive inside an archive"));
    let missing = check(Path::new("no/such/file")).unwrap_err();
    assert_eq!(missing.code(), "LIST-001");
}

#[test]
fn damaged_archives_are_refused() {
    let mut whole = gzip(CURATED.repeat(50).as_bytes());
    let cut = whole.len() - 9;
    assert!(refusal(&whole[..cut]).starts_with("LIST-002 damaged gzip data"));
    whole.truncate(whole.len() - 2);
    assert!(refusal(&whole).starts_with("LIST-002 damaged gzip data"));
    let packed = zip(&[("list.toml", CURATED.as_bytes())]);
    assert!(refusal(&packed[..packed.len() / 2]).starts_with("LIST-002 damaged zip data"));
    let two = zip(&[("a.toml", CURATED.as_bytes()), ("b.toml", CURATED.as_bytes())]);
    assert!(refusal(&two).starts_with("LIST-005 2 files, 2 of them lists that we read"));
    assert!(refusal(&zip(&[])).starts_with("LIST-005 no file in it"));
}

#[test]
fn bombs_are_refused() {
    let limits = UnpackLimits { total: 1 << 20, ratio: 20, free: 100_000 };
    let comment = |n| format!("{CURATED}# {}\n", "x".repeat(n));
    assert!(load_within(&gzip(comment(90_000).as_bytes()), limits).is_ok());
    for content in [comment(400_000), comment(2 << 20)] {
        for packed in [gzip(content.as_bytes()), zip(&[("l", content.as_bytes())])] {
            let error = load_within(&packed, limits).err().expect("refused");
            assert_eq!(error.code(), "LIST-006", "{error}");
        }
    }
    // A plain file has no ratio, only a size.
    assert!(load_within(comment(400_000).as_bytes(), limits).is_ok());
    assert_eq!(load_within(comment(2 << 20).as_bytes(), limits).err().unwrap().code(), "LIST-006");
}

#[test]
fn invalid_text_in_a_curated_file_is_refused_with_its_line() {
    let mut content = CURATED.as_bytes().to_vec();
    let at = content.windows(4).position(|w| w == b"NAME").unwrap();
    content[at] = 0xff;
    assert!(refusal(&content).starts_with("LIST-008 line 9: invalid UTF-8"));
}

fn entry(list: &str, id: &str, name: &str) -> Entry {
    let mut entry = Entry::new(ListId::new(list), id, EntryKind::Company, Effect::Watch);
    entry.names.push(Name::new(name, NameKind::Primary));
    entry
}

#[test]
fn entries_made_by_hand_are_ordered_unique_and_found() {
    let rows = vec![entry("b", "2", "X"), entry("a", "1", "Y"), entry("b", "1", "Z")];
    let snapshot = Snapshot::from_entries(rows.clone(), Vec::new()).unwrap();
    let order: Vec<_> = snapshot.entries().iter().map(|e| e.names[0].text.as_str()).collect();
    assert_eq!(order, ["Y", "Z", "X"]);
    assert_eq!(snapshot.entry(Some("b"), "1").unwrap().primary_name(), "Z");
    assert_eq!(snapshot.entry(None, "1").unwrap().primary_name(), "Y");
    assert_eq!(snapshot.entry(None, "2").unwrap().primary_name(), "X");
    assert!(snapshot.entry(Some("a"), "2").is_none() && snapshot.entry(None, "3").is_none());
    assert_eq!(snapshot.lists().iter().map(|l| l.entries).collect::<Vec<_>>(), [1, 2]);
    let turned: Vec<_> = rows.iter().rev().cloned().collect();
    assert_eq!(Snapshot::from_entries(turned, Vec::new()).unwrap().fingerprint(), snapshot.fingerprint());
    let twice = vec![entry("a", "1", "X"), entry("a", "1", "X")];
    assert_eq!(Error::from(Snapshot::from_entries(twice, Vec::new()).unwrap_err()).code(), "LIST-012");
}

#[test]
fn the_later_source_wins_and_the_earlier_counts_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Source::Path(path)
    };
    let more = "[[entry]]\nid = \"b\"\neffect = \"watch\"\nname = \"BETA\"\ncitations = [\"c\"]\n";
    let one = write("1", format!("{CURATED}{more}"));
    let two = write("2", CURATED.replace("NAME", "NEWER"));
    let joined = crate::load(&[one.clone(), two.clone()]).unwrap();
    assert_eq!(joined.entries().iter().map(Entry::primary_name).collect::<Vec<_>>(), ["NEWER", "BETA"]);
    let counts: Vec<_> = joined.lists().iter().map(|l| (l.entries, l.names, l.repairs.clone())).collect();
    assert_eq!(counts, [(1, 1, vec![("superseded".into(), 1)]), (1, 1, vec![])]);
    let turned = crate::load(&[two, one.clone()]).unwrap();
    assert_eq!(turned.fingerprint(), crate::load(&[one]).unwrap().fingerprint());
    assert_ne!(turned.fingerprint(), joined.fingerprint());
    assert_eq!(crate::load(&[]).unwrap_err().code(), "LIST-015");
}

#[test]
fn the_builtin_lists_load() {
    let curated = crate::load(&[Source::Curated]).unwrap();
    assert!(curated.lists().iter().all(|l| l.source == "curated" && l.entries > 0 && l.note.is_empty()));
    assert!(curated.entries().iter().any(|e| e.list.as_str() == "us-bis-el" && e.primary_name() == "DJI"));
    assert_eq!(curated.fingerprint().len(), "sha256:".len() + 64);
    let all = crate::load(&[Source::Builtin]).unwrap();
    let whole: Vec<_> = all.lists().iter().filter(|l| l.source == "builtin").collect();
    assert_eq!(whole.len(), 10);
    for list in whole {
        assert!(list.published <= list.read && list.read.is_some() && list.fresh_hours > 0, "{list:?}");
        assert!(list.note.contains("read by a third party, not by us") && list.title != list.id.as_str(), "{list:?}");
    }
    assert!(curated.entries().iter().all(|e| all.entry(Some(e.list.as_str()), &e.id) == Some(e)));
}

/// A list that somebody gives takes the place of the one inside the program, whole, and says so; the curated entries
/// and the other lists stay.
#[test]
fn a_list_that_is_given_replaces_the_one_inside_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, CURATED.replace("id = \"test\"", "id = \"us-bis-el\"")).unwrap();
    let given = Source::Path(path.clone());
    for sources in [[Source::Builtin, given.clone()], [given, Source::Builtin]] {
        let snapshot = crate::load(&sources).unwrap();
        let of = |source: &str| {
            let found = snapshot.lists().iter().find(|l| l.id.as_str() == "us-bis-el" && l.source == source);
            found.cloned()
        };
        assert_eq!(of("builtin"), None);
        assert_eq!(
            of(path.to_str().unwrap()).unwrap().note,
            "used in place of the list inside the program of 2026-07-09"
        );
        let listed = snapshot.entries().iter().filter(|e| e.list.as_str() == "us-bis-el").count();
        assert_eq!(u32::try_from(listed).unwrap(), 1 + of("curated").unwrap().entries);
        assert!(snapshot.lists().iter().any(|l| l.id.as_str() == "us-bis-meu" && l.source == "builtin"));
    }
}
