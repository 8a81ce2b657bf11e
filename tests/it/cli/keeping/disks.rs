//! A data directory on a disk that is full or read only: the list in force stays, and once the disk takes it, the next comes.

use super::super::{Folder, done};
use super::site::Site;
use super::{name, quiet, row_of, un};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Runs a script of the shell whose folder `data` is a file system of 512 KB that it alone sees; `$0` is the program and `$1`
/// a listed name. Where the script makes a file `ask`, `asked` is called and the file is removed. What it wrote;
/// `None` where no file system may be mounted.
fn on_a_disk_of_its_own(folder: &Folder, script: &str, asked: impl Fn()) -> Option<(String, String)> {
    let mount = "mkdir data && mount -t tmpfs -o size=512k tmpfs data || { echo no mount; exit 0; }";
    let mut command = quiet(Command::new("unshare"));
    command.args(["-rm", "sh", "-c", &format!("{mount}\n{script}")]);
    command.args([env!("CARGO_BIN_EXE_tidewaiter"), &name(700)]);
    command.current_dir(folder.path("")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(running) = command.spawn() else {
        eprintln!("skipped: there is no `unshare` here");
        return None;
    };
    let end = Instant::now() + Duration::from_secs(60);
    let ended = thread::scope(|scope| {
        let waiting = scope.spawn(|| running.wait_with_output().expect("ends"));
        while !waiting.is_finished() && Instant::now() < end {
            if folder.path("ask").exists() {
                asked();
                std::fs::remove_file(folder.path("ask")).expect("is there");
            }
            thread::sleep(Duration::from_millis(20));
        }
        waiting.join().expect("does not unwind")
    });
    let (_, out, err) = done(ended);
    if out.contains("no mount") || err.contains("unshare") {
        eprintln!("skipped: no file system may be mounted here: {err}");
        return None;
    }
    Some((out, err))
}

/// A site with a UN list of 750 entries, and a configuration that fetches it from there.
fn site(folder: &Folder) -> Site {
    let site = Site::start(None);
    folder.file(
        "t.toml",
        format!("[lists]\ndata_dir = 'data'\n[refresh.mirrors]\nun-sc = 'http://127.0.0.1:{}/un.xml'\n", site.port),
    );
    site.put("/un.xml", un("2026-01-10", 0..750));
    site
}

#[test]
fn a_full_disk_keeps_the_list_in_force() {
    let script = "\"$0\" lists fetch un-sc --config t.toml || exit 10
        dd if=/dev/zero of=data/filler bs=1k 2>/dev/null; echo full
        touch ask && while test -e ask; do sleep 0.05; done
        \"$0\" lists fetch un-sc --config t.toml; echo fetch $?
        \"$0\" screen --data-dir data --party \"$1\" >/dev/null; echo screen $?
        rm data/filler
        \"$0\" lists fetch un-sc --config t.toml; echo fetch $?
        \"$0\" lists status --data-dir data";
    let folder = Folder::new();
    let site = site(&folder);
    let larger = || {
        site.put("/un.xml", un("2026-02-10", 0..760));
    };
    let Some((out, err)) = on_a_disk_of_its_own(&folder, script, larger) else { return };
    let (before, after) = out.split_once("full\n").unwrap_or_else(|| panic!("{out}{err}"));
    assert!(before.contains("un-sc: updated: 750 entries"), "{out}{err}");
    let lines: Vec<&str> = after.lines().collect();
    assert!(lines[0].starts_with("un-sc: failed: ") && lines[0].contains("No space left on device"), "{out}{err}");
    assert!(lines[0].contains("the publication of 2026-01-10 stays in force"), "{out}");
    assert_eq!(lines[1..3], ["fetch 2", "screen 0"], "{out}{err}");
    assert!(lines[3].starts_with("un-sc: updated: 760 entries") && lines[4] == "fetch 0", "{out}{err}");
    assert!(row_of(after, "un-sc").contains(" 760  2026-02-10 "), "{out}{err}");
}

#[test]
fn a_disk_that_is_read_only_keeps_the_list_in_force_and_what_is_quarantined() {
    let script = "\"$0\" lists fetch un-sc --config t.toml || exit 10
        touch ask && while test -e ask; do sleep 0.05; done
        \"$0\" lists fetch un-sc --config t.toml; echo fetch $?
        mount -o remount,ro data || { echo no mount; exit 0; }
        echo read only
        \"$0\" lists fetch un-sc --config t.toml 2>&1; echo fetch $?
        \"$0\" lists accept un-sc --config t.toml --note 'press release 7' 2>&1; echo accept $?
        \"$0\" screen --data-dir data --party \"$1\" >/dev/null; echo screen $?
        \"$0\" lists status --data-dir data
        mount -o remount,rw data
        echo writable
        \"$0\" lists accept un-sc --config t.toml --note 'press release 7' 2>&1; echo accept $?
        \"$0\" lists status --data-dir data";
    let folder = Folder::new();
    let site = site(&folder);
    let much_shorter = || {
        site.put("/un.xml", un("2026-02-10", 0..640));
    };
    let Some((out, err)) = on_a_disk_of_its_own(&folder, script, much_shorter) else { return };
    let (before, rest) = out.split_once("read only\n").unwrap_or_else(|| panic!("{out}{err}"));
    let (during, after) = rest.split_once("writable\n").unwrap_or_else(|| panic!("{out}{err}"));
    assert!(before.contains("un-sc: quarantined: "), "{out}{err}");
    // Both say what is wrong, and neither changes what is in force.
    assert_eq!(during.matches("Read-only file system").count(), 2, "{out}{err}");
    for ended in ["fetch 2", "accept 2", "screen 0"] {
        assert!(during.lines().any(|line| line == ended), "{ended}\n{out}{err}");
    }
    assert!(row_of(during, "un-sc").contains(" 750  2026-01-10 "), "{out}{err}");
    // What was quarantined is there still.
    assert!(after.lines().any(|line| line == "accept 0"), "{out}{err}");
    assert!(row_of(after, "un-sc").contains(" 640  2026-02-10 "), "{out}{err}");
}
