//! Lists that are built to cost: too much memory, too many names, the same name too often.

use crate::chaos::{Running, crowd_alone, folder};
use crate::cli::Folder;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// A list of one entry with so many short aliases.
fn with_aliases(count: usize) -> String {
    let mut text = "name,id,list,aliases\nZorblatt Holdings,a1,my-list,\"".to_owned();
    for at in 0..count {
        write!(text, "Qx{at} Vu;").expect("a text takes more");
    }
    text + "\"\n"
}

#[test]
fn an_entry_with_more_names_than_any_has_is_refused_at_once() {
    let folder = Folder::new();
    folder.file("aliases.csv", with_aliases(60_000));
    let began = Instant::now();
    let (code, _, err) = folder.run(&["lists", "check", "aliases.csv"]);
    assert!(code == 2 && err.contains("line 2: expected at most 20000 names of entry `a1`"), "{err}");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn many_names_of_one_entry_cost_their_number() {
    let folder = Folder::new();
    let mut took = Vec::new();
    for count in [5_000, 19_000] {
        folder.file("aliases.csv", with_aliases(count));
        let began = Instant::now();
        let (code, out, err) =
            folder.run(&["screen", "--party", "Zorblatt Holdings", "--list", "aliases.csv", "--format", "json"]);
        assert!(code == 0 && out.contains("PARTY_LISTED"), "{code}: {err}");
        took.push(began.elapsed());
    }
    println!("5,000 and 19,000 aliases: {took:?}");
    assert!(took[1] < took[0] * 8 + Duration::from_secs(2), "four times the names cost {took:?}");
}

#[test]
fn one_name_for_many_entries_costs_their_number() {
    let folder = Folder::new();
    let mut list = "name,id,list\n".to_owned();
    for at in 0..100_000 {
        writeln!(list, "Zorblatt Quuxmere Holdings,a{at},my-list").expect("a text takes more");
    }
    folder.file("same.csv", list);
    let began = Instant::now();
    let (code, out, err) =
        folder.run(&["screen", "--party", "Zorblatt Quuxmere Holdings", "--list", "same.csv", "--format", "json"]);
    assert!(
        code == 0 && out.contains("entries are similar, the 5000 most similar are weighed"),
        "{code}: {err} {out:.300}"
    );
    println!("100,000 entries of one name, read and screened: {:?}", began.elapsed());
    // Before, comparing each with all others took 10 s here, and 40 s for twice as many.
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn a_list_beyond_the_memory_is_refused_and_the_old_one_stays() {
    let _alone = crowd_alone();
    let running = Running::start_with(folder(), "", "paths = ['list.csv']\nmemory_mib = 64", "");
    let before = running.remote().status().expect("answers");
    let peak_before = running.resident();
    // 17 MB packed to less than one; its entries would take some 200 MB.
    let mut text = "name,id,list\n".to_owned();
    for at in 0..500_000 {
        writeln!(text, "Zhumadian {at} Harbour,a{at},us-bis-el").expect("a text takes more");
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, text.as_bytes()).expect("packs");
    std::fs::write(running.folder.path().join("next"), packed.finish().expect("packs")).expect("writes");
    std::fs::rename(running.folder.path().join("next"), running.folder.path().join("list.csv")).expect("renames");
    let refused = running.remote().reload().expect_err("is refused").to_string();
    assert!(refused.contains("takes more memory than"), "{refused}");
    let after = running.remote().status().expect("answers");
    assert_eq!((after.snapshot, after.entries), (before.snapshot, before.entries));
    assert!(after.last_failure.contains("memory"), "{}", after.last_failure);
    let grown = running.resident().saturating_sub(peak_before);
    println!("the refused list left {grown} kB more");
    assert!(grown < 120 * 1024, "{grown} kB more");
}

#[test]
fn formats_that_are_held_as_a_whole_are_bounded() {
    let folder = Folder::new();
    // A list of ours, 80 MB of comments: within every ratio as a plain file.
    let head = "[list]\nid = \"x\"\ntitle = \"X\"\npublisher = \"P\"\nread = 2026-11-22\n";
    folder.file("long.toml", head.to_owned() + &"# nothing\n".repeat(8 << 20));
    let (code, _, err) = folder.run(&["lists", "check", "long.toml"]);
    assert!(code == 2 && err.contains("64 MiB, the most of a file in this format"), "{err}");
}
