//! The guard over files that are read again: named on the command line or in the configuration.
//!
//! What is compared is what is in force of the lists of a file that changed. So a file that lost entries which another
//! source still holds takes nothing away, and a publication of the data directory, which had its own guard, is not judged
//! twice.

use super::{ALWAYS_ALLOWED, Limits, fields, sizes};
use crate::delta;
use crate::reading::{Origin, Reading, RememberedFile, SourceRead};
use model::entry::{Entry, ListId};
use model::snapshot::Snapshot;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// A file that may not come into force without a person's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The file.
    pub path: PathBuf,
    /// `sha256:` and 64 hexadecimal digits over its entries.
    pub content: String,
    /// What is wrong with it, in sentences.
    pub reasons: Vec<String>,
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reasons.join("; "))
    }
}

/// The files among the sources that changed more than they may, against what is in force: `before`, read from `sources`.
pub fn of_files(before: &Snapshot, sources: &[SourceRead], after: &Reading, limits: Limits) -> Vec<Objection> {
    let mut objections = Vec::new();
    for new in &after.sources {
        let Some((path, content)) = file(new) else { continue };
        let old = sources.iter().find(|s| file(s).is_some_and(|(p, _)| p == path));
        let Some(old) = old.filter(|s| file(s).is_some_and(|(_, c)| c != content)) else { continue };
        let reasons = reasons(before, &after.snapshot, old, new, limits);
        if !reasons.is_empty() {
            objections.push(Objection { path: path.to_owned(), content: content.to_owned(), reasons });
        }
    }
    objections
}

/// The files among the sources that differ too much from what `remembered` says was in force when a service last loaded
/// them. Only numbers are remembered, so that only they are compared.
///
/// # Errors
/// What `remembered` fails with.
pub fn of_remembered<E>(
    mut remembered: impl FnMut(&Path) -> Result<Option<RememberedFile>, E>,
    after: &Reading,
    limits: Limits,
) -> Result<Vec<Objection>, E> {
    let mut objections = Vec::new();
    for source in &after.sources {
        let Some((path, content)) = file(source) else { continue };
        let Some(old) = remembered(path)?.filter(|old| old.content != content) else { continue };
        let reason = |(id, was): (&String, &u32)| {
            let is = after.snapshot.entries_of(&ListId::new(id)).len() as u64;
            numbers(id, u64::from(*was), is, limits)
        };
        let reasons: Vec<String> = old.entries.iter().filter_map(reason).collect();
        if !reasons.is_empty() {
            objections.push(Objection { path: path.to_owned(), content: content.to_owned(), reasons });
        }
    }
    Ok(objections)
}

/// What is wrong with a list that had so many entries when it was last loaded, and has so many now.
fn numbers(id: &str, was: u64, is: u64, limits: Limits) -> Option<String> {
    let gone = was.saturating_sub(is);
    let growth = is.saturating_sub(was);
    if was > 0 && is == 0 {
        return Some(format!("the list {id} is missing; it had {was} entries when it was last loaded"));
    }
    if gone > 1 && gone * 100 > was * u64::from(limits.shrink_percent) {
        let (percent, allowed) = (gone * 100 / was, limits.shrink_percent);
        return Some(format!(
            "{id} has {is} entries, {was} when it was last loaded ({percent} % are gone, allowed {allowed} %)"
        ));
    }
    if was > 0 && growth > ALWAYS_ALLOWED as u64 && growth * 100 > was * u64::from(limits.grow_percent) {
        let (percent, allowed) = (growth * 100 / was, limits.grow_percent);
        return Some(format!(
            "{id} has {is} entries, {was} when it was last loaded ({percent} % more, allowed {allowed} %)"
        ));
    }
    None
}

fn file(source: &SourceRead) -> Option<(&Path, &str)> {
    match &source.origin {
        Origin::File { path, content, .. } => Some((path, content)),
        Origin::Builtin | Origin::Curated | Origin::Stored { .. } => None,
    }
}

fn reasons(before: &Snapshot, after: &Snapshot, old: &SourceRead, new: &SourceRead, limits: Limits) -> Vec<String> {
    let mut found = Vec::new();
    let lists: BTreeSet<&ListId> = old.lists.iter().chain(&new.lists).map(|l| &l.id).collect();
    for list in lists {
        let published = |source: &SourceRead| source.list(list).and_then(|l| l.published);
        if let (Some(was), Some(is)) = (published(old), published(new))
            && is < was
        {
            found.push(format!("{list} was published {is}, before the one in force ({was})"));
        }
        let (was, is): (&[Entry], &[Entry]) = (before.entries_of(list), after.entries_of(list));
        found.extend(delta::compare(was, is).iter().filter_map(|delta| sizes(delta, limits)));
        found.extend(fields(was, is));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, read_all};
    use std::fs;

    fn csv(list: &str, ids: std::ops::Range<u32>) -> String {
        let rows = ids.map(|id| format!("Name number {id};{id};{list}\n"));
        rows.fold("name;id;list\n".to_owned(), |text, row| text + &row)
    }

    #[test]
    fn a_start_is_held_to_the_numbers_of_the_last_load() {
        let limits = Limits::default();
        assert_eq!(numbers("x", 100, 90, limits), None);
        assert_eq!(numbers("x", 3, 2, limits), None);
        assert_eq!(numbers("x", 100, 150, limits), None);
        let said = |was, is| numbers("x", was, is, limits).unwrap_or_default();
        assert_eq!(said(100, 89), "x has 89 entries, 100 when it was last loaded (11 % are gone, allowed 10 %)");
        assert_eq!(said(100, 151), "x has 151 entries, 100 when it was last loaded (51 % more, allowed 50 %)");
        assert_eq!(said(1, 0), "the list x is missing; it had 1 entries when it was last loaded");
    }

    #[test]
    fn a_file_that_loses_entries_needs_a_word_and_one_that_another_source_covers_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, list: &str, ids| fs::write(path(name), csv(list, ids)).unwrap();
        let read = || read_all(&[Source::Path(path("a.csv")), Source::Path(path("b.csv"))]).unwrap();
        write("a.csv", "ours", 0..100);
        write("b.csv", "theirs", 0..50);
        let before = read();
        let said = |after: &Reading| -> Vec<String> {
            let found = of_files(&before.snapshot, &before.sources, after, Limits::default());
            found.iter().map(ToString::to_string).collect()
        };
        assert_eq!(said(&before), [""; 0]);
        write("a.csv", "ours", 0..91);
        assert_eq!(said(&read()), [""; 0]);
        write("a.csv", "ours", 0..30);
        let a = path("a.csv").display().to_string();
        let cut = format!("{a}: 70 of the 100 entries of ours are gone (70 %, allowed 10 %), 0 are new");
        assert_eq!(said(&read()), [cut]);
        write("a.csv", "other", 0..100);
        assert_eq!(said(&read()), [format!("{a}: the list ours is missing; it had 100 entries")]);
        // What the one loses, the other holds: nothing is taken away.
        write("a.csv", "ours", 0..30);
        fs::write(path("b.csv"), csv("ours", 30..100) + csv("theirs", 0..50).split_once('\n').unwrap().1).unwrap();
        assert_eq!(said(&read()), [""; 0]);
    }
}
