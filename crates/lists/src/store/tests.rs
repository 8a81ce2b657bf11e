use super::*;
use crate::Source;
use crate::guard::{Expected, Limits};
use jiff::{SignedDuration, Timestamp};
use model::entry::ListId;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io};

fn list(rows: std::ops::Range<u32>) -> String {
    let mut text = String::from("[list]\nid = \"test\"\ntitle = \"Test\"\npublisher = \"T\"\nread = 2026-01-01\n");
    for id in rows {
        text.push_str(&format!(
            "[[entry]]\nid = \"{id}\"\neffect = \"blocking\"\nname = \"Harbour {id}\"\ncitations = [\"C {id}\"]\n"
        ));
    }
    text
}

fn at(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

struct Folder {
    store: Store,
    folder: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { store: Store::open(&folder.path().join("data")).unwrap(), folder }
    }

    fn take(&self, day: &str, content: &str) -> Result<Fate, StoreError> {
        let path = self.folder.path().join("fetched");
        fs::write(&path, content).unwrap();
        let expected = Expected { lists: vec![ListId::new("test")], entries: None };
        let fetched = Fetched { at: at(day), validators: Validators::new() };
        self.store.take("test", &[("list.toml".into(), path)], &fetched, &expected, Limits::default())
    }

    fn load(&self) -> usize {
        let root = self.store.root().to_owned();
        crate::load(&[Source::Store(root)]).map_or(0, |s| s.entries().len())
    }

    fn on(&self, day: &str) -> usize {
        let root = self.store.root().to_owned();
        crate::load(&[Source::StoreOn(root, day.parse().unwrap())]).map_or(0, |s| s.entries().len())
    }
}

#[test]
fn publications_come_into_force_or_are_quarantined() {
    let f = Folder::new();
    assert_eq!(f.load(), 0);
    let first = Fate::InForce { added: 20, removed: 0, changed: 0, entries: 20, published: None };
    assert_eq!(f.take("2026-01-01", &list(0..20)).unwrap(), first);
    assert_eq!(f.take("2026-01-02", &list(0..20)).unwrap(), Fate::Unchanged);
    assert_eq!(f.store.record("test").unwrap().checked_at, Some(at("2026-01-02")));

    // Shrunken, of another list, or broken: quarantined, and what was in force stays.
    let shrunken = list(0..10);
    for (day, content, why) in [
        ("2026-01-03", shrunken.as_str(), "10 of the 20 entries of test are gone"),
        ("2026-01-04", &list(0..20).replace("\"test\"", "\"other\""), "the list other, which does not belong to this"),
        ("2026-01-05", &list(0..20)[..300], "line"),
    ] {
        let Fate::Quarantined(reasons) = f.take(day, content).unwrap() else { panic!("{day}") };
        assert!(reasons[0].contains(why), "{reasons:?}");
        assert_eq!(f.load(), 20);
    }
    let record = f.store.record("test").unwrap();
    assert_eq!((record.quarantined().count(), record.checked_at), (3, Some(at("2026-01-02"))));

    // What cannot be read cannot be accepted; what can, by a person's word.
    assert!(matches!(f.store.accept("test", "x", at("2026-01-06")), Err(StoreError::List(_))));
    f.take("2026-01-06", &list(0..5)).unwrap();
    let held = f.store.accept("test", "delisted by decree 7", at("2026-01-07")).unwrap();
    assert_eq!(held.accepted.unwrap().text, "delisted by decree 7");
    assert_eq!((f.load(), f.store.record("test").unwrap().quarantined().count()), (5, 0));
    let none = f.store.accept("test", "x", at("2026-01-08")).unwrap_err().to_string();
    assert_eq!(none, "test: no publication is quarantined; expected the id of one of: none");

    // A day of the past is answered from what was known on it.
    assert_eq!([f.on("2025-12-31"), f.on("2026-01-01"), f.on("2026-01-06"), f.on("2027-01-01")], [0, 20, 5, 5]);

    // Old ones go when their time is over, those in force never.
    let soon = f.store.prune(Retention { days: 1, at_least: 1 }, at("2026-06-01")).unwrap();
    assert_eq!(soon, 0, "fresh folders may be about to be used");
    let later = Timestamp::now() + SignedDuration::from_hours(48);
    assert!(f.store.prune(Retention { days: 1, at_least: 1 }, later).unwrap() > 0);
    assert_eq!((f.load(), f.on("2026-01-01")), (5, 0));
}

#[test]
fn what_a_person_puts_into_force_can_be_taken_back() {
    let f = Folder::new();
    f.take("2026-01-01", &list(0..20)).unwrap();
    f.take("2026-01-02", &list(0..21)).unwrap();
    let digest = |f: &Folder| f.store.record("test").unwrap().in_force.unwrap();
    let second = digest(&f);
    let stale = f.store.undo("test", Some("another"), "x", at("2026-01-03")).unwrap_err().to_string();
    assert_eq!(stale, format!("test: another publication has come since, {second}; look at it first"));
    let before = f.store.undo("test", Some(&second), "wrong file", at("2026-01-03")).unwrap().unwrap();
    assert_eq!((f.load(), before.lists[0].entries, f.on("2026-01-02")), (20, 20, 20));
    let record = f.store.record("test").unwrap();
    let undone = record.publications.iter().find(|h| h.digest == second).unwrap();
    assert_eq!(undone.undone.as_ref().unwrap().text, "wrong file");
    assert_eq!(f.store.snapshot_of("test", undone).unwrap().entries().len(), 21, "what it said is still there");
    // A step that led nowhere is taken back, too; and the same file can come again.
    f.store.redo("test", &second).unwrap();
    assert_eq!((f.load(), digest(&f)), (21, second.clone()));
    f.store.undo("test", None, "x", at("2026-01-04")).unwrap();
    assert!(matches!(f.take("2026-01-05", &list(0..21)).unwrap(), Fate::InForce { added: 1, .. }));
    f.store.undo("test", None, "x", at("2026-01-06")).unwrap();
    assert!(f.store.undo("test", None, "x", at("2026-01-07")).unwrap().is_none(), "there is none before the first");
    assert_eq!((f.load(), f.on("2026-02-01")), (0, 0));
    assert!(matches!(f.store.undo("test", None, "x", at("2026-01-08")), Err(StoreError::NothingInForce { .. })));

    // A person accepts what they have seen, and nothing that came since.
    f.take("2026-02-01", &list(0..20)).unwrap();
    f.take("2026-02-02", &list(0..10)).unwrap();
    let seen = f.store.record("test").unwrap().quarantined().last().unwrap().digest.clone();
    f.take("2026-02-03", &list(0..9)).unwrap();
    assert!(matches!(f.store.accept_seen("test", Some(&seen), "x", at("2026-02-04")), Err(StoreError::Newer { .. })));
    assert_eq!(f.load(), 20);
}

#[test]
fn a_changed_file_is_not_used() {
    let f = Folder::new();
    f.take("2026-01-01", &list(0..20)).unwrap();
    let path = f.store.current().unwrap()[0].path.clone();
    fs::write(&path, list(0..19)).unwrap();
    let error = crate::load(&[Source::Store(f.store.root().to_owned())]).unwrap_err().to_string();
    assert!(error.contains("was changed or damaged since it was fetched"), "{error}");
}

#[test]
fn a_break_at_any_step_leaves_the_old_or_the_new() {
    let mut steps = Vec::new();
    for broken in 0.. {
        let mut f = Folder::new();
        f.take("2026-01-01", &list(0..20)).unwrap();
        let (count, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(std::sync::Mutex::new("")));
        f.store.steps.before = Some({
            let (count, seen) = (Arc::clone(&count), Arc::clone(&seen));
            Arc::new(move |name| {
                if count.fetch_add(1, Ordering::SeqCst) == broken {
                    *seen.lock().unwrap() = name;
                    return Err(io::Error::other("the disk is full"));
                }
                Ok(())
            })
        });
        let taken = f.take("2026-01-02", &list(0..21));
        if count.load(Ordering::SeqCst) <= broken {
            taken.unwrap();
            break;
        }
        steps.push(*seen.lock().unwrap());
        assert!(taken.unwrap_err().to_string().contains("the disk is full"));
        // Whoever comes next finds the old state whole, and the next attempt goes through.
        let next = Store::open(f.store.root()).unwrap();
        assert_eq!((f.load(), next.records().unwrap().len()), (20, 1));
        f.store.steps.before = None;
        assert!(matches!(f.take("2026-01-03", &list(0..21)).unwrap(), Fate::InForce { added: 1, .. }));
        assert_eq!(f.load(), 21);
    }
    let expected = [
        "make the folder",
        "move a file",
        "rename the folder",
        "write the new file",
        "flush the new file",
        "rename the new file",
    ];
    assert_eq!(steps, expected);
}

#[test]
fn a_damaged_history_is_an_error_with_its_file() {
    let f = Folder::new();
    f.take("2026-01-01", &list(0..20)).unwrap();
    let path = f.store.record_path("test");
    let whole = fs::read_to_string(&path).unwrap();
    for wrong in [&whole[..whole.len() / 2], &whole.replace("\"version\": 1", "\"version\": 2"), ""] {
        fs::write(&path, wrong).unwrap();
        let error = f.store.current().unwrap_err().to_string();
        assert!(error.contains("test.json: "), "{error}");
        crate::load(&[Source::Store(f.store.root().to_owned()), Source::Curated]).unwrap_err();
    }
}

#[test]
fn readers_and_writers_of_one_directory_never_see_half() {
    let f = Folder::new();
    f.take("2026-01-01", &list(0..20)).unwrap();
    let root = f.store.root().to_owned();
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let root = root.clone();
            let folder = f.folder.path().to_owned();
            scope.spawn(move || {
                let store = Store::open(&root).unwrap();
                for turn in 0..15u32 {
                    let path = folder.join(format!("fetched-{writer}"));
                    fs::write(&path, list(0..20 + (turn + writer) % 2)).unwrap();
                    let fetched = Fetched { at: at("2026-01-02"), validators: Validators::new() };
                    let expected = Expected { lists: Vec::new(), entries: None };
                    let files = [("list.toml".to_owned(), path)];
                    store.take("test", &files, &fetched, &expected, Limits::default()).unwrap();
                    store.prune(Retention { days: 0, at_least: 1 }, at("2026-01-03")).unwrap();
                }
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..40 {
                    let rows = crate::load(&[Source::Store(root.clone())]).unwrap().entries().len();
                    assert!(rows == 20 || rows == 21, "{rows}");
                }
            });
        }
    });
    assert!(f.store.hold("test").unwrap().is_some());
    let held = f.store.hold("test").unwrap();
    assert!(held.is_some());
    assert!(f.store.hold("test").unwrap().is_none());
}
