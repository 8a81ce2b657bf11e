//! A run that is killed and resumed gives the bytes of one that was not.

use super::Folder;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

fn rows(count: usize) -> String {
    let mut text = "reference,description,consignee\n".to_owned();
    for number in 0..count {
        text.push_str(&match number % 977 {
            11 => format!("{number},\"open,x\n"),
            12 => format!("{number},a,b,c\n"),
            _ => format!("{number},\"timber\nlot {number}\",Acme {number} GmbH\n"),
        });
    }
    text
}

#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let folder = Folder::new();
    folder.file("a.csv", rows(60_000)).file("b.csv", rows(2_000));
    let (code, _, err) = folder.run(&["batch", "a.csv", "b.csv", "--out", "whole.csv"]);
    assert_eq!(code, 3, "{err}");

    let args = ["batch", "a.csv", "b.csv", "--out", "cut.csv", "--checkpoint-every", "500", "--resume"];
    let checkpoint = folder.path("cut.csv.checkpoint");
    let mut kills = 0;
    for _ in 0..3 {
        let mut child = folder.command(&args).stderr(Stdio::null()).spawn().expect("starts");
        let before = fs::read(&checkpoint).ok();
        let patience = Instant::now() + Duration::from_secs(60);
        // Until it has come further than the last time.
        while child.try_wait().expect("is ours").is_none() && fs::read(&checkpoint).ok() == before {
            assert!(Instant::now() < patience, "no checkpoint in a minute");
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("is ours");
        kills += usize::from(!child.wait().expect("ends").success());
    }
    assert!(kills > 0, "every run was over before it could be killed");
    assert!(!folder.path("cut.csv").exists(), "a cut run leaves no output");

    let (code, _, err) = folder.run(&args);
    assert!(code == 3 && err.contains("continuing after"), "{err}");
    assert!(folder.read("cut.csv") == folder.read("whole.csv"), "the bytes differ");
    assert!(!checkpoint.exists());
    // What is counted survives as well.
    assert!(err.contains("62,000 shipments"), "{err}");
}

#[test]
fn a_checkpoint_of_another_job_is_refused() {
    let folder = Folder::new();
    folder.file("a.csv", rows(60_000));
    let args = ["batch", "a.csv", "--out", "o.csv", "--checkpoint-every", "100", "--resume"];
    let mut child = folder.command(&args).stderr(Stdio::null()).spawn().expect("starts");
    while !folder.path("o.csv.checkpoint").exists() {
        assert!(child.try_wait().expect("is ours").is_none(), "it was over before the first checkpoint");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("is ours");
    child.wait().expect("ends");
    folder.file("a.csv", rows(59_000));
    let (code, _, err) = folder.run(&args);
    assert!(code == 2 && err.contains("an input has changed"), "{err}");
}
