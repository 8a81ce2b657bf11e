//! The floors of the house: an arrow only ever points down, and the engine knows no async, gRPC or store.

use std::path::{Path, PathBuf};

/// Each floor may use the floors below it, and modules of its own floor.
const FLOORS: [&[&str]; 6] = [
    &["cli", "grpc", "batch"],
    &["current", "refresh", "wire", "config", "telemetry", "shutdown", "effectiveness"],
    &["screen"],
    &["matcher", "list", "rule", "policy", "explain"],
    &["name"],
    &["entry", "shipment", "finding", "text", "country"],
];

/// What the pure engine must not import.
const OUTSIDE: [&str; 7] = ["tokio", "tonic", "prost", "pbjson", "clap", "indicatif", "rusqlite"];

fn floor(module: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&module)).unwrap_or_else(|| panic!("{module} stands on no floor"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder reads") {
        let path = entry.expect("the entry reads").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn arrows_point_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&src, &mut found);
    let mut wrong = Vec::new();
    for path in found {
        let inside = path.strip_prefix(&src).expect("it is inside");
        let module = inside.iter().next().and_then(|m| m.to_str()).expect("it has a name").trim_end_matches(".rs");
        if matches!(module, "main" | "lib") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("the file reads");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if !used.is_empty() && floor(&used) < floor(module) {
                    wrong.push(format!("{}: {}", inside.display(), line.trim()));
                }
            }
            let is_pure = floor(module) >= floor("screen");
            if is_pure && OUTSIDE.iter().any(|outside| line.contains(&format!("{outside}::"))) {
                wrong.push(format!("{}: {}", inside.display(), line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
