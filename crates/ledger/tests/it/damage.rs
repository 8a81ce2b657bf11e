//! What breaks is named.

use crate::shared::{clear, init, master, open, record};
use ledger::{Basis, Error, Layout, Ledger, Options, Pace, verify};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn last_segment(root: &Path) -> PathBuf {
    let mut segments: Vec<_> = fs::read_dir(root.join("log"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "seg"))
        .collect();
    segments.sort();
    segments.pop().unwrap()
}

#[test]
fn a_torn_end_is_cut_off_and_told_wherever_it_broke() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    // With a record before, so that its key is there.
    record(&init(&root, Options::default()), 1);
    let segment = last_segment(&root);
    let whole = fs::read(&segment).unwrap();
    let size = open(&root).size();
    let ledger = open(&root);
    record(&ledger, 1);
    drop(ledger);
    let longer = fs::read(&segment).unwrap();
    // As after a crash: no head over the last records, and the file ends at any byte.
    for end in whole.len() + 1..longer.len() {
        let copy = folder.path().join("copy");
        let _none = fs::remove_dir_all(&copy);
        copy_of(&root, &copy);
        cut_heads(&copy);
        fs::write(last_segment(&copy), &longer[..end]).unwrap();
        let (opened, report) = Ledger::open(&copy, &master(), Options::default()).unwrap();
        let cut = report.cut.as_ref();
        assert!(opened.size() >= size, "{end}: {cut:?}");
        let is_boundary = cut.is_none();
        assert_eq!(is_boundary, fs::read_dir(copy.join("torn")).is_err(), "what is cut off is kept aside");
        if let Some(cut) = cut {
            assert_eq!(cut.offset + cut.bytes, end as u64);
        }
        record(&opened, 1);
        drop(opened);
        let faults = verify(&Layout::new(&copy), None).unwrap().faults;
        assert!(faults.is_empty(), "{end}: {faults:?}");
    }
}

#[test]
fn a_crash_between_a_head_and_the_checkpoint_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    record(&init(&root, Options::default()), 1);
    let faults = || verify(&Layout::new(&root), None).unwrap().faults;
    let (checkpoint, last) = (root.join("checkpoint"), fs::read(root.join("checkpoint")).unwrap());
    let heads = fs::read_to_string(root.join("heads.notes")).unwrap();
    let ends: Vec<usize> = heads.match_indices("\n\n").map(|(at, _)| at + 2).collect();
    assert!(ends.len() >= 4, "two heads, each with a blank line inside and one behind");
    let before = ends[..ends.len() - 2].chunks(2).map(|pair| pair[1]).collect::<Vec<_>>();
    let start = if before.len() > 1 { before[before.len() - 2] } else { 0 };
    // The head before the last stands in the checkpoint still.
    fs::write(&checkpoint, &heads[start..before[before.len() - 1] - 1]).unwrap();
    assert!(!faults().is_empty());
    drop(open(&root));
    assert_eq!(fs::read(&checkpoint).unwrap(), last);
    assert!(faults().is_empty());
    // What no crash leaves is found, and not mended behind anybody's back.
    fs::write(&checkpoint, "something else").unwrap();
    drop(open(&root));
    assert!(!faults().is_empty());
}

/// Takes all heads but the first away, as if the last had never been signed.
fn cut_heads(root: &Path) {
    let text = fs::read_to_string(root.join("heads.notes")).unwrap();
    let first = text.match_indices("\n\n").nth(1).map(|(at, _)| at + 2).unwrap();
    fs::write(root.join("heads.notes"), &text[..first]).unwrap();
    fs::write(root.join("checkpoint"), &text[..first - 1]).unwrap();
}

fn copy_of(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap().map(|f| f.unwrap()) {
        let target = to.join(file.file_name());
        if file.path().is_dir() {
            copy_of(&file.path(), &target);
        } else {
            fs::copy(file.path(), target).unwrap();
        }
    }
}

#[test]
fn a_damaged_record_in_the_middle_is_never_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let ledger = init(&root, Options::default());
    record(&ledger, 20);
    let before = ledger.size();
    record(&ledger, 20);
    drop(ledger);
    let segment = last_segment(&root);
    let bytes = fs::read(&segment).unwrap();
    // A byte in the middle of the file is one of a record that has others behind it.
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 1;
    fs::write(&segment, &damaged).unwrap();
    let error = Ledger::open(&root, &master(), Options::default()).unwrap_err();
    let Error::Damaged { path, offset, record: Some(number), .. } = &error else { panic!("{error}") };
    assert_eq!(path, &segment);
    assert!(*offset < bytes.len() as u64 / 2 && *number < before + 20 && *number > 10, "{error}");
    let faults = verify(&Layout::new(&root), None).unwrap().faults;
    assert_eq!(faults.len(), 1, "{faults:?}");
    // Records that were signed for and are gone are missed, too.
    fs::write(&segment, &bytes[..bytes.len() / 2]).unwrap();
    let error = Ledger::open(&root, &master(), Options::default()).unwrap_err();
    assert!(matches!(error, Error::Lost { .. }), "{error}");
}

#[test]
fn a_ledger_is_verified_while_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let ledger = init(&root, Options::default());
    let many = |from: usize| {
        let screened = (from..from + 300).map(|n| clear(&format!("R-{n}"), "Someone")).collect();
        ledger.record(screened, &Basis::default(), false).unwrap();
    };
    // Tiles that no head covers yet, copies that became longer, and a head that is signed in between.
    for round in 0..4 {
        many(round * 300);
        let verified = verify(&Layout::new(&root), None).unwrap();
        assert!(verified.faults.is_empty(), "{round}: {:?}", verified.faults);
        assert!(verified.records > round as u64 * 300);
        if round % 2 == 1 {
            ledger.seal().unwrap();
        }
    }
    let tile = root.join("tile/0/001");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[77] ^= 1;
    fs::write(&tile, &bytes).unwrap();
    let faults = verify(&Layout::new(&root), None).unwrap().faults;
    assert!(faults.len() == 1 && faults[0].to_string().contains("tile/0/001"), "{faults:?}");
}

#[test]
fn a_segment_of_another_ledger_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    drop((init(&one, Options::default()), init(&two, Options::default())));
    fs::copy(last_segment(&one), last_segment(&two)).unwrap();
    let error = Ledger::open(&two, &master(), Options::default()).unwrap_err();
    assert!(matches!(error, Error::Foreign { .. }), "{error}");
}

/// Flips a bit of every byte of every file that is evidence, one after the other.
#[test]
fn no_byte_of_any_file_changes_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let pace = Pace { segment_bytes: 2000, seal_records: 100, seal_every: Duration::from_secs(60) };
    let ledger = init(&root, Options { pace, ..Options::default() });
    record(&ledger, 14);
    ledger.keep(b"an attachment, an attachment").unwrap();
    drop(ledger);
    let layout = Layout::new(&root);
    assert!(verify(&layout, None).unwrap().faults.is_empty());
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let mut flipped = 0;
    for path in files.iter().filter(|p| p.file_name().is_some_and(|n| n != "lock")) {
        let bytes = fs::read(path).unwrap();
        // Settings and kept files are texts of some thousand bytes under one digest: some of their bytes will do.
        let step = if bytes.len() > 1500 && path.extension().is_none_or(|e| e != "seg") { 61 } else { 1 };
        for at in (0..bytes.len()).step_by(step) {
            let mut other = bytes.clone();
            other[at] ^= 1 << (at % 8);
            fs::write(path, &other).unwrap();
            let found = verify(&layout, None).map_or_else(|_| 1, |verified| verified.faults.len());
            assert!(found > 0, "{}: byte {at}", path.display());
            flipped += 1;
        }
        fs::write(path, &bytes).unwrap();
        let mut longer = fs::File::options().append(true).open(path).unwrap();
        longer.write_all(b"x").unwrap();
        let verified = verify(&layout, None);
        assert!(verified.map_or(true, |v| !v.faults.is_empty() || v.torn > 0), "{}: a byte more", path.display());
        fs::remove_file(path).unwrap();
        assert!(verify(&layout, None).map_or(true, |v| !v.faults.is_empty()), "{} taken away", path.display());
        fs::write(path, &bytes).unwrap();
    }
    assert!(flipped > 5000, "{flipped}");
    assert!(verify(&layout, None).unwrap().faults.is_empty());
}
