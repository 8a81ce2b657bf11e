//! What is named on the command line as files: folders and patterns too.

use crate::batch::input::Location;
use anyhow::{Context as _, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// Endings of what a run leaves beside its output while it is not whole.
const UNFINISHED: [&str; 4] = [".partial", ".checkpoint", ".next", ".parts"];

/// The inputs, in the order given; those of a folder or a pattern in the order of their paths.
pub(super) fn expand(given: &[String]) -> anyhow::Result<Vec<Location>> {
    let mut all: Vec<Location> = Vec::new();
    for one in given {
        let found = match Location::parse(one) {
            Location::Stdin => vec![Location::Stdin],
            Location::File(path) if path.is_dir() => files_below(one, &path)?,
            // A file of that very name comes first.
            Location::File(path) if path.exists() || !is_pattern(one) => vec![Location::File(path)],
            Location::File(_) => matching(one)?,
        };
        for location in found {
            // A file that a folder and a pattern name is read once.
            if location == Location::Stdin || !all.contains(&location) {
                all.push(location);
            }
        }
    }
    Ok(all)
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The files of a folder and of the folders in it; hidden ones and unfinished outputs left out.
fn files_below(name: &str, folder: &Path) -> anyhow::Result<Vec<Location>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("read the folder {}", folder.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("read the folder {}", folder.display()))?.path();
            if is_left_out(&path) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    ensure!(!files.is_empty(), "the folder {name} holds no file");
    files.sort();
    Ok(files.into_iter().map(Location::File).collect())
}

fn is_left_out(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Spark leaves `_SUCCESS` and the like.
    name.starts_with(['.', '_']) || UNFINISHED.iter().any(|end| name.ends_with(end))
}

fn matching(pattern: &str) -> anyhow::Result<Vec<Location>> {
    let paths = glob::glob(pattern).with_context(|| format!("{pattern} is not a pattern of files"))?;
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let path = path.with_context(|| format!("read what {pattern} names"))?;
        if path.is_file() && !is_left_out(&path) {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("no file is named by {pattern}");
    }
    files.sort();
    Ok(files.into_iter().map(Location::File).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_patterns_stand_for_their_files() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("more")).unwrap();
        for name in ["b.csv", "a.csv", "more/c.csv", "a.csv.partial", ".hidden", "_SUCCESS"] {
            fs::write(at(name), "x").unwrap();
        }
        let text = |name: &str| at(name).display().to_string();
        let file = |name: &str| Location::File(at(name));
        let whole = expand(&[folder.path().display().to_string()]).unwrap();
        assert_eq!(whole, [file("a.csv"), file("b.csv"), file("more/c.csv")]);
        // In the order given, each once.
        assert_eq!(expand(&[text("b.csv"), text("*.csv")]).unwrap(), [file("b.csv"), file("a.csv")]);
        let error = expand(&[text("*.parquet")]).unwrap_err().to_string();
        assert!(error.starts_with("no file is named by "), "{error}");
        fs::create_dir(at("empty")).unwrap();
        assert!(expand(&[text("empty")]).unwrap_err().to_string().ends_with("holds no file"));
        // A file that is not there is named when it is opened.
        assert_eq!(expand(&["nowhere.csv".to_owned()]).unwrap(), [Location::parse("nowhere.csv")]);
    }
}
