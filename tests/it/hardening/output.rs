//! Where `batch` writes: devices, FIFOs and links are not replaced by files.

use crate::cli::Folder;
use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::process::{Command, Stdio};

const ROWS: &str = "reference,description\nR1,timber\nR2,SZ DJI Technology drones\n";

fn batch(folder: &Folder, out: &str) -> (i32, String, String) {
    folder.run(&["batch", "in.csv", "--out", out, "--format", "csv"])
}

#[test]
fn devices_stay_devices() {
    let folder = Folder::new();
    folder.file("in.csv", ROWS);
    for device in ["/dev/null", "/dev/full"] {
        if !fs::metadata(device).is_ok_and(|about| about.file_type().is_char_device()) {
            eprintln!("skipped: there is no {device} here");
            continue;
        }
        let (code, _, err) = batch(&folder, device);
        assert_eq!(code, if device == "/dev/null" { 0 } else { 2 }, "{device}: {err}");
        assert!(fs::metadata(device).unwrap().file_type().is_char_device(), "{device} was replaced");
        assert!(
            !fs::exists(format!("{device}.partial")).unwrap() && !fs::exists(format!("{device}.checkpoint")).unwrap()
        );
    }
    let (code, _, err) = folder.run(&["batch", "in.csv", "--out", "/dev/null", "--resume"]);
    assert!(code == 2 && err.contains("not a regular file"), "{err}");
    let (code, _, err) = batch(&folder, ".");
    assert!(code == 2 && err.contains("directory"), "{err}");
}

#[test]
fn a_fifo_is_written_to() {
    let folder = Folder::new();
    folder.file("in.csv", ROWS);
    let fifo = folder.path("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no mkfifo here");
        return;
    }
    let reader = {
        let fifo = fifo.clone();
        std::thread::spawn(move || fs::read_to_string(fifo))
    };
    let (code, _, err) = batch(&folder, "fifo");
    assert_eq!(code, 0, "{err}");
    assert!(fs::symlink_metadata(&fifo).unwrap().file_type().is_fifo());
    let (_, plain, _) = batch(&folder, "-");
    assert_eq!(reader.join().unwrap().unwrap(), plain);
}

#[test]
fn links_are_followed_and_stay_links() {
    let folder = Folder::new();
    folder.file("in.csv", ROWS).file("real.csv", "old\n");
    fs::set_permissions(folder.path("real.csv"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("real.csv", folder.path("link.csv")).unwrap();
    symlink("new.csv", folder.path("dangling.csv")).unwrap();
    symlink("link.csv", folder.path("link of link.csv")).unwrap();
    for (link, real) in [("link.csv", "real.csv"), ("dangling.csv", "new.csv"), ("link of link.csv", "real.csv")] {
        let (code, _, err) = batch(&folder, link);
        assert_eq!(code, 0, "{err}");
        assert!(fs::symlink_metadata(folder.path(link)).unwrap().is_symlink(), "{link}");
        assert!(folder.read(real).starts_with("reference,"), "{real}");
        assert!(!folder.path(&format!("{real}.partial")).exists());
    }
    let mode = fs::metadata(folder.path("real.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "who could not read the old answers cannot read the new ones");
    symlink("loop", folder.path("loop")).unwrap();
    let (code, _, err) = batch(&folder, "loop");
    assert!(code == 2 && err.contains("links"), "{err}");
    // A link planted where the partial file goes is not followed.
    folder.file("victim", "precious");
    symlink("victim", folder.path("planted.csv.partial")).unwrap();
    let (code, _, err) = batch(&folder, "planted.csv");
    assert!(code == 2 && err.contains("not a regular file"), "{err}");
    assert_eq!(folder.read("victim"), "precious");
}

#[test]
fn standard_output_has_the_same_bytes_by_every_name() {
    let folder = Folder::new();
    folder.file("in.csv", ROWS);
    assert_eq!(batch(&folder, "o.csv").0, 0);
    let whole = folder.read("o.csv");
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let (code, out, err) = batch(&folder, name);
        assert_eq!((code, out.as_str()), (0, whole.as_str()), "{name}: {err}");
        // As `>> log` has it: what is there stays.
        folder.file("log", "before\n");
        let log = fs::OpenOptions::new().append(true).open(folder.path("log")).unwrap();
        let args = ["batch", "in.csv", "--out", name, "--format", "csv"];
        let status = folder.command(&args).stdout(log).stderr(Stdio::null()).status().unwrap();
        assert!(status.success());
        assert_eq!(folder.read("log"), format!("before\n{whole}"), "{name}");
    }
}

#[test]
fn errors_do_not_quote_files_that_are_not_lists() {
    let folder = Folder::new();
    for secret in ["root:$6$hushhush:19000:0\n", "hushhush,b,c\n1,2,3\n", "{\"hushhush\": 1}\n", "hushhush = 'x'\n"] {
        folder.file("secret", secret);
        for args in [&["lists", "check", "secret"][..], &["screen", "in.csv", "--list", "secret"]] {
            folder.file("in.csv", ROWS);
            let (code, out, err) = folder.run(args);
            assert_eq!(code, 2, "{args:?}: {err}");
            assert!(!err.contains("hushhush") && !out.contains("hushhush"), "{args:?}: {err}");
        }
    }
}

#[test]
fn a_check_of_the_configuration_judges_mirrors() {
    let folder = Folder::new();
    let check = |id: &str, url: &str| {
        folder.file("t.toml", format!("[refresh.mirrors]\n{id} = '{url}'\n"));
        folder.run(&["config", "check", "t.toml"])
    };
    for (id, url, why) in [
        ("un-sc", "ftp://mirror.example/un.xml", "expected https"),
        ("un-sc", "file:///etc/passwd", "no host"),
        ("un-sc", "http://mirror.example/un.xml", "expected https"),
        ("un-sc", "https://user:secret@mirror.example/un.xml", "no user or password"),
        ("un-sc", "mirror.example/un.xml", "invalid address"),
        ("un-sk", "https://mirror.example/un.xml", "unknown publication"),
    ] {
        let (code, _, err) = check(id, url);
        assert!(code == 2 && err.contains(why), "{url}: {err}");
    }
    for url in ["https://mirror.example/un.xml", "http://127.0.0.1:8080/un.xml", "http://localhost/un.xml"] {
        let (code, _, err) = check("un-sc", url);
        assert_eq!(code, 0, "{url}: {err}");
    }
}
