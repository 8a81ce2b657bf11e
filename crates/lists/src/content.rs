//! What sources hold, told by the digests of their files, without reading them as lists.

use crate::catalogue::Format;
use crate::load::Source;
use crate::memory;
use crate::reading::modified;
use crate::source::format_of;
use crate::store::{Store, StoreError, sha256_of};
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// A digest over everything outside the program that reading these sources rests on: which they are, every byte of their files,
/// and when those were changed or fetched. Two readings of one digest, by one build of the program, give the same.
///
/// `None` where that cannot be told: a file cannot be read, was changed since it was fetched, or is one of several that belong
/// together. Then only reading says more.
pub fn content_of(sources: &[Source]) -> Option<[u8; 32]> {
    let of_sources: Vec<Option<Vec<String>>> = sources.par_iter().map(of_source).collect();
    let mut hash = Sha256::new();
    let mut put = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    // A list that is too large under one budget is read under another.
    put(&memory::of_all().to_string());
    for texts in of_sources {
        let texts = texts?;
        put(&texts.len().to_string());
        texts.iter().for_each(|text| put(text));
    }
    Some(hash.finalize().into())
}

/// What tells a source from every other.
fn of_source(source: &Source) -> Option<Vec<String>> {
    match source {
        Source::Builtin => Some(vec!["builtin".to_owned()]),
        Source::Curated => Some(vec!["curated".to_owned()]),
        Source::Path(path) => of_file(path),
        Source::Store(root) => of_store(root).ok(),
        // Asked once, for a few answers.
        Source::StoreOn(..) => None,
    }
}

fn of_file(path: &Path) -> Option<Vec<String>> {
    let changed = modified(path)?;
    // The files beside it belong to it.
    let is_whole = path.is_file() && format_of(path).ok()? != Format::OfacLegacyCsv;
    let digest = sha256_of(path).ok().filter(|_| is_whole)?;
    Some(vec!["file".to_owned(), path.to_str()?.to_owned(), changed.to_string(), digest])
}

fn of_store(root: &Path) -> Result<Vec<String>, StoreError> {
    Store::existing(root)?.reading(|store| {
        let current = store.current()?;
        current.par_iter().try_for_each(|stored| store.verify(stored))?;
        let mut texts = vec!["store".to_owned()];
        for stored in current {
            texts.extend([stored.publication, stored.held.digest, stored.held.fetched_at.to_string()]);
        }
        Ok(texts)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn another_byte_name_time_or_order_is_another_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.csv"), "name;id\nHarbour Dynamics;1\n").unwrap();
        fs::copy(path("a.csv"), path("b.csv")).unwrap();
        let of = |names: &[&str]| {
            let files = names.iter().map(|name| Source::Path(path(name)));
            content_of(&[Source::Builtin].into_iter().chain(files).collect::<Vec<_>>())
        };
        let before = of(&["a.csv"]).unwrap();
        assert_eq!(of(&["a.csv"]), Some(before));
        let others = [of(&["b.csv"]), of(&[]), of(&["a.csv", "b.csv"]), of(&["b.csv", "a.csv"])];
        for (at, other) in others.iter().enumerate() {
            assert!(other.is_some_and(|other| other != before && !others[..at].contains(&Some(other))));
        }
        let file = fs::File::options().write(true).open(path("a.csv")).unwrap();
        let changed = file.metadata().unwrap().modified().unwrap();
        file.set_modified(changed + std::time::Duration::from_secs(1)).unwrap();
        assert!(of(&["a.csv"]).is_some_and(|other| other != before));
        file.set_modified(changed).unwrap();
        assert_eq!(of(&["a.csv"]), Some(before));
        fs::write(path("a.csv"), "name;id\nHarbour Dynamicz;1\n").unwrap();
        file.set_modified(changed).unwrap();
        assert!(of(&["a.csv"]).is_some_and(|other| other != before));
    }

    #[test]
    fn what_cannot_be_told_has_no_content() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.csv");
        for source in [Source::Path(missing.clone()), Source::Path(folder.path().to_owned()), Source::Store(missing)] {
            assert_eq!(content_of(&[source]), None);
        }
    }
}
