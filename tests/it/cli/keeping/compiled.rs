//! Compiled lists in the data directory: the same output whatever became of them, and another publication in force at once.

use super::super::Folder;
use super::site::Site;
use super::{name, quiet, run_with, un};
use std::fs;
use std::time::{Duration, Instant, SystemTime};

const IN: &str = "data/compiled/lists";

struct Ground {
    folder: Folder,
    site: Site,
}

impl Ground {
    fn new() -> Self {
        let (folder, site) = (Folder::new(), Site::start(None));
        let ground = Self { folder, site };
        let records: String = (0..40).map(|id| format!("R{id},pumps,{}\n", name(id * 19))).collect();
        ground.folder.file("in.csv", format!("reference,description,consignee\n{records}"));
        ground.configure("");
        ground.fetch("2026-01-10", 700);
        ground
    }

    fn configure(&self, more: &str) {
        let port = self.site.port;
        let text = format!(
            "[lists]\ndata_dir = 'data'\n{more}[refresh]\nenabled = false\n[refresh.mirrors]\n\
             un-sc = 'http://127.0.0.1:{port}/un.xml'\n"
        );
        self.folder.file("t.toml", text);
    }

    fn fetch(&self, day: &str, rows: usize) {
        self.site.put("/un.xml", un(day, 0..rows));
        let fetched = run_with(&self.folder, &[], &["lists", "fetch", "un-sc", "--config", "t.toml"]);
        assert_eq!(fetched.0, 0, "{fetched:?}");
    }

    /// What a batch writes.
    fn batch(&self) -> String {
        let _old = fs::remove_file(self.folder.path("out.jsonl"));
        let mut command = quiet(self.folder.command(&["batch", "in.csv", "--out", "out.jsonl", "--config", "t.toml"]));
        let output = command.output().expect("it runs");
        assert!(output.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&output.stderr));
        self.folder.read("out.jsonl")
    }

    /// When the file was written.
    fn written(&self) -> Option<SystemTime> {
        fs::metadata(self.folder.path(IN)).and_then(|kept| kept.modified()).ok()
    }
}

#[test]
fn a_batch_says_the_same_with_what_is_kept_without_it_and_when_it_is_damaged() {
    let ground = Ground::new();
    ground.configure("keep_compiled = false\n");
    let without = ground.batch();
    assert!(without.matches("LISTED").count() >= 20 && ground.written().is_none(), "{without}");
    ground.configure("");
    assert_eq!(ground.batch(), without);
    let first = ground.written().expect("it is kept");
    assert_eq!(ground.batch(), without);
    assert_eq!(ground.written(), Some(first), "the second reads what the first kept");
    let whole = fs::read(ground.folder.path(IN)).expect("it reads");
    for at in [0, 20, whole.len() / 3, whole.len() / 2, whole.len() - 30, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        fs::write(ground.folder.path(IN), bytes).expect("it is written");
        assert_eq!(ground.batch(), without, "byte {at}");
        assert!(fs::read(ground.folder.path(IN)).expect("it reads") == whole, "byte {at}: it is written anew");
    }
}

#[test]
fn another_publication_is_in_force_at_once() {
    let ground = Ground::new();
    let before = ground.batch();
    let first = ground.written();
    ground.fetch("2026-01-11", 720);
    let after = ground.batch();
    assert!(after != before && ground.written() != first);
    ground.configure("keep_compiled = false\n");
    assert_eq!(ground.batch(), after);
}

#[test]
fn a_service_keeps_what_it_compiled_and_the_next_reads_it_back() {
    let ground = Ground::new();
    let serve = ["serve", "--config", "t.toml", "--listen", "127.0.0.1:0"];
    let start = || super::Service::with(&ground.folder, quiet, &[], &serve);
    let service = start();
    let end = Instant::now() + Duration::from_secs(60);
    while ground.written().is_none() {
        assert!(Instant::now() < end, "it is kept");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(service);
    let first = ground.written();
    let service = start();
    let here = ground.folder.run(&["screen", "in.csv", "--format", "json", "--config", "t.toml"]);
    let there = ground.folder.run(&["screen", "in.csv", "--format", "json", "--server", &service.url]);
    assert_eq!(here, there);
    assert_eq!(ground.written(), first);
}
