//! The pure crates have no clock, no files, no environment, no threads and no walk over a hash map. Clippy holds them
//! to it (`disallowed_methods`, `disallowed_types` in the `clippy.toml` of each); here stands that the rules are in
//! place, and a coarse search of the source for a run without clippy.

use super::imports::{files, is_test};
use super::root;
use super::source::{tokens, without_tests};
use std::path::PathBuf;

const PURE: [&str; 3] = ["engine", "model", "text"];

/// What `clippy.toml` has to forbid.
const FORBIDDEN: [&str; 14] = [
    "std::time::Instant",
    "std::time::Instant::now",
    "std::time::SystemTime",
    "std::time::SystemTime::now",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "std::fs::File",
    "std::fs::read_to_string",
    "std::env::var",
    "std::process::Command",
    "std::thread::spawn",
    "std::collections::HashMap::iter",
    "std::collections::HashMap::values",
    "std::collections::HashSet::iter",
];

/// Paths that no pure source may hold, one word a part.
const NOT_IN_SOURCE: [&[&str]; 13] = [
    &["std", "fs"],
    &["std", "env"],
    &["std", "net"],
    &["std", "process"],
    &["std", "thread"],
    &["Instant"],
    &["SystemTime"],
    &["Timestamp", "now"],
    &["Zoned", "now"],
    &["thread", "spawn"],
    &["println"],
    &["eprintln"],
    &["dbg"],
];

fn folder(name: &str) -> PathBuf {
    root().join("crates").join(name)
}

#[test]
fn clippy_forbids_what_is_not_pure() {
    let read = |name: &str| std::fs::read_to_string(folder(name).join("clippy.toml")).expect("it reads");
    let text = read("engine");
    for name in PURE {
        assert_eq!(read(name), text, "crates/{name}/clippy.toml and crates/engine/clippy.toml must be the same");
    }
    let table: toml::Table = text.parse().expect("clippy.toml is TOML");
    let of = |key: &str| {
        let rules = table[key].as_array().expect("a list of rules");
        rules.iter().map(|rule| rule["path"].as_str().expect("a path").to_owned()).collect::<Vec<_>>()
    };
    let forbidden = [of("disallowed-types"), of("disallowed-methods")].concat();
    let missing: Vec<_> = FORBIDDEN.iter().filter(|path| !forbidden.iter().any(|f| f == *path)).collect();
    assert!(missing.is_empty(), "clippy.toml of the pure crates must forbid {missing:?}");
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("it reads");
    assert!(manifest.contains("iter_over_hash_type ="), "the lint against walks over hash maps is on");
}

/// The forbidden paths that the source holds.
fn faults(text: &str) -> Vec<String> {
    let code = without_tests(&tokens(text));
    let words: Vec<&str> = code.iter().filter(|t| *t != "::").map(String::as_str).collect();
    let mut found: Vec<String> = NOT_IN_SOURCE
        .iter()
        .filter(|path| words.windows(path.len()).any(|w| w == **path))
        .map(|p| p.join("::"))
        .collect();
    // `use std::{fs, io}` names it too.
    let groups = code.windows(4).enumerate().filter(|(_, w)| *w == ["use", "std", "::", "{"]);
    let inside = groups.flat_map(|(at, _)| code[at + 4..].iter().take_while(|t| *t != ";"));
    let outside = |word: &String| matches!(word.as_str(), "fs" | "env" | "net" | "process" | "thread");
    found.extend(inside.filter(|word| outside(word)).map(|word| format!("std::{word}")));
    // A blanket permission would switch the rules off.
    let blanket =
        words.windows(5).any(|w| matches!(w, ["allow", "(", "clippy", "disallowed_methods" | "disallowed_types", _]));
    let is_for_tests = text.contains("cfg_attr(test, allow(clippy::disallowed_methods");
    if blanket && !is_for_tests {
        found.push("allow(clippy::disallowed_methods): use #[expect] on one statement, with a reason".to_owned());
    }
    found
}

#[test]
fn the_pure_crates_have_no_clock_and_read_no_file() {
    let mut wrong = Vec::new();
    for path in PURE.iter().flat_map(|name| files(&folder(name).join("src"))).filter(|path| !is_test(path)) {
        let text = std::fs::read_to_string(&path).expect("the file reads");
        wrong.extend(faults(&text).into_iter().map(|fault| format!("{}: {fault}", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_clock_would_be_found() {
    for (source, fault) in [
        ("fn f() { let start = std::time::Instant::now(); }", "Instant"),
        ("fn f() { let day = jiff::Zoned::now(); }", "Zoned::now"),
        ("fn f() -> String { std::fs::read_to_string(\"a\").unwrap() }", "std::fs"),
        ("use std::{fs, io};", "std::fs"),
        ("fn f() { std::thread::spawn(|| ()); }", "std::thread"),
    ] {
        assert!(faults(source).iter().any(|found| found == fault), "{source}: {:?}", faults(source));
    }
    assert_eq!(faults("// std::fs\n#[cfg(test)] mod tests { use std::fs; }\nfn f() -> &str { \"Instant\" }"), [""; 0]);
}
