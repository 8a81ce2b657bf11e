//! The order of the house: which crate may use which, no circles inside a crate, and nothing in the pure crates that
//! would let an answer depend on more than its input.

mod imports;
mod pure;
mod scoring;
mod source;

pub(crate) use imports::files;
use imports::{Crate, Module, Uses};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The crates of the house, each with those that it may use. Tests may use more.
const ARROWS: [(&str, &[&str]); 11] = [
    ("console", &[]),
    ("current", &["engine", "lists", "model", "wire"]),
    ("evidence", &["current", "engine", "ledger", "lists", "model", "wire"]),
    ("ledger", &["lists", "model", "text", "wire"]),
    ("ledger-postgres", &["ledger"]),
    ("model", &[]),
    ("text", &[]),
    ("engine", &["model", "text"]),
    ("lists", &["model", "text"]),
    ("records", &["model", "wire"]),
    ("wire", &["lists", "model"]),
];

/// What serves, fetches or talks to a terminal; an engine that holds any of it cannot be built into something else.
const NOT_IN_THE_ENGINE: [&str; 8] = ["tokio", "tonic", "hyper", "reqwest", "clap", "axum", "prost", "rustls"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<PathBuf> {
    let crates = ARROWS.iter().map(|(name, _)| root().join("crates").join(name).join("src"));
    crates.chain([root().join("src")]).collect()
}

#[test]
fn every_crate_uses_only_crates_below_it() {
    let folders = std::fs::read_dir(root().join("crates")).expect("the crates are there");
    let found: BTreeSet<String> =
        folders.map(|f| f.expect("it reads").file_name().to_string_lossy().into_owned()).collect();
    let expected: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, expected, "give the new crate its place in ARROWS");
    for (name, may_use) in ARROWS {
        let file = root().join("crates").join(name).join("Cargo.toml");
        let text = std::fs::read_to_string(&file).expect("the manifest reads");
        let manifest: toml::Table = text.parse().expect("the manifest is TOML");
        let uses = |section: &str| {
            let table = manifest.get(section).and_then(|s| s.as_table());
            table.into_iter().flat_map(|t| t.keys()).filter(|k| expected.contains(*k)).cloned().collect::<Vec<_>>()
        };
        for section in ["dependencies", "build-dependencies"] {
            let wrong: Vec<_> = uses(section).into_iter().filter(|used| !may_use.contains(&used.as_str())).collect();
            assert!(wrong.is_empty(), "{}: [{section}]: `{name}` must not use {wrong:?}", file.display());
        }
    }
}

#[test]
fn the_engine_builds_without_service_and_command_line() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--package", "tidewaiter-engine", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{lib}", "--offline", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let held: BTreeSet<&str> = text.lines().collect();
    assert!(held.contains("model") && held.contains("aho_corasick"), "{text}");
    let wrong: Vec<_> = NOT_IN_THE_ENGINE.iter().filter(|name| held.contains(**name)).collect();
    assert!(wrong.is_empty(), "the engine must build without {wrong:?}: `cargo tree -p tidewaiter-engine -i NAME`");
}

/// The modules of a circle, and the uses that make it.
type Circle<'u> = (BTreeSet<Module>, Vec<(&'u (Module, Module), &'u String)>);

/// The circles of a graph: each set of nodes of which every one leads to every other.
fn circles<N: Ord + Clone>(edges: &BTreeSet<(N, N)>) -> Vec<BTreeSet<N>> {
    let mut next: BTreeMap<&N, Vec<&N>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    let reached = |start: &N| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(node) = open.pop() {
            for to in next.get(node).into_iter().flatten() {
                if seen.insert((*to).clone()) {
                    open.push(to);
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&N, BTreeSet<N>> = next.keys().map(|node| (*node, reached(node))).collect();
    let in_circle = reach.iter().filter(|(node, to)| to.contains(**node));
    let sets: BTreeSet<BTreeSet<N>> = in_circle
        .map(|(node, to)| {
            to.iter().filter(|t| reach.get(t).is_some_and(|back| back.contains(*node))).cloned().collect()
        })
        .collect();
    sets.into_iter().collect()
}

fn file_name(module: &Module) -> String {
    if module.is_empty() { "lib.rs".to_owned() } else { format!("{}.rs", module.join("/")) }
}

/// Says of each circle which uses it is made of.
fn describe(src: &Path, found: Vec<Circle<'_>>, wrong: &mut Vec<String>) {
    let src = src.strip_prefix(root()).expect("it is inside").display();
    for (members, uses) in found {
        let names: Vec<String> = members.iter().map(file_name).collect();
        let lines = uses.iter().map(|((a, b), path)| format!("\n    {} -> {}  ({path})", file_name(a), file_name(b)));
        wrong.push(format!("{src}: {}{}", names.join(", "), lines.collect::<String>()));
    }
}

/// Circles of files: a file that uses, over however many others, itself.
fn circles_of_files(uses: &Uses) -> Vec<Circle<'_>> {
    let found = circles(&uses.keys().cloned().collect());
    let inside = |members: &BTreeSet<Module>| {
        uses.iter().filter(|((a, b), _)| members.contains(a) && members.contains(b)).collect()
    };
    found.into_iter().map(|members| (members.clone(), inside(&members))).collect()
}

/// Circles of neighbours: modules of one folder, each with all below it, that use each other in a ring.
fn circles_of_neighbours<'u>(modules: &[&Module], uses: &'u Uses) -> Vec<Circle<'u>> {
    let mut found = Vec::new();
    for folder in modules {
        let neighbour = |module: &Module| {
            (module.len() > folder.len() && module.starts_with(folder)).then(|| module[..=folder.len()].to_vec())
        };
        let between: Vec<_> = uses
            .iter()
            .filter_map(|(edge, path)| Some(((neighbour(&edge.0)?, neighbour(&edge.1)?), (edge, path))))
            .filter(|((a, b), _)| a != b)
            .collect();
        for members in circles(&between.iter().map(|(pair, _)| pair.clone()).collect()) {
            let inside = between.iter().filter(|((a, b), _)| members.contains(a) && members.contains(b));
            let inside = inside.map(|(_, shown)| *shown).collect();
            found.push((members, inside));
        }
    }
    found
}

#[test]
fn no_file_uses_itself_over_others() {
    let mut wrong = Vec::new();
    for src in sources() {
        let uses = Crate::read(&src).uses();
        describe(&src, circles_of_files(&uses), &mut wrong);
    }
    assert!(wrong.is_empty(), "{} circles of files:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_module_uses_itself_over_its_neighbours() {
    let mut wrong = Vec::new();
    for src in sources() {
        let read = Crate::read(&src);
        let uses = read.uses();
        let modules: Vec<&Module> = read.modules().collect();
        describe(&src, circles_of_neighbours(&modules, &uses), &mut wrong);
    }
    assert!(wrong.is_empty(), "{} circles of modules:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn circles_are_found() {
    let read = Crate::of(&[
        ("a", ""),
        ("a::one", "use crate::b::Two;"),
        ("a::other", "pub struct Other;"),
        ("b", "pub struct Two; fn f(two: Two) { super::c::g() }"),
        ("b::low", "use crate::a::other::Other; fn f(o: Other) {}"),
        ("c", "use crate::b; pub fn g() { b::f() }"),
    ]);
    let read_uses = read.uses();
    let names = |found: Vec<Circle<'_>>| {
        found.into_iter().map(|(m, _)| m.iter().map(file_name).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(names(circles_of_files(&read_uses)), ["b.rs c.rs"]);
    let with_root = Module::new();
    let modules: Vec<&Module> = read.modules().chain([&with_root]).collect();
    // `a::one` uses `b`, and `b::low` uses `a::other`: no circle of files, but one of their folders.
    assert_eq!(names(circles_of_neighbours(&modules, &read_uses)), ["a.rs b.rs c.rs"]);
}
