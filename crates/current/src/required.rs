//! Lists that the configuration requires: without them nothing is screened.

use lists::{Origin, Reading, SourceRead, catalogue};
use model::entry::ListId;
use std::collections::{BTreeMap, BTreeSet};

/// Lists that must be in force, and how many entries some must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Required {
    lists: BTreeSet<String>,
    min_entries: BTreeMap<String, u32>,
}

impl Required {
    /// Requires these lists by their ids, and of some of them at least so many entries.
    pub fn new(lists: impl IntoIterator<Item = String>, min_entries: BTreeMap<String, u32>) -> Self {
        Self { lists: lists.into_iter().collect(), min_entries }
    }

    /// What is missing, in sentences, in order of the ids; empty when nothing is.
    pub fn missing(&self, reading: &Reading) -> Vec<String> {
        let all: BTreeSet<&String> = self.lists.iter().chain(self.min_entries.keys()).collect();
        all.into_iter().filter_map(|id| self.lack(id, reading)).collect()
    }

    fn lack(&self, id: &str, reading: &Reading) -> Option<String> {
        let list = ListId::new(id);
        let holders: Vec<&SourceRead> = reading.sources.iter().filter(|s| s.list(&list).is_some()).collect();
        if !holders.iter().any(|source| is_whole(source, &list)) {
            let why = match (holders.is_empty(), catalogue().publication(id)) {
                (false, _) => "; the program itself has only an extract of it".to_owned(),
                (true, Some(publication)) if !publication.lists.contains(&list) => {
                    let lists: Vec<&str> = publication.lists.iter().map(ListId::as_str).collect();
                    format!("; it is the id of a publication, require its lists instead: {}", lists.join(", "))
                }
                (true, _) => String::new(),
            };
            return Some(format!("the required list {id} is not in force{why}"));
        }
        let entries = reading.snapshot.entries_of(&list).len();
        let least = self.min_entries.get(id).copied().unwrap_or(0);
        ((entries as u64) < u64::from(least))
            .then(|| format!("the required list {id} has {entries} entries, lists.min_entries requires {least}"))
    }
}

/// Whether a source holds a list as its publisher published it. The curated entries in the program are an extract of
/// lists that publishers offer; they say of no day of publication.
fn is_whole(source: &SourceRead, list: &ListId) -> bool {
    let is_published = || source.list(list).is_some_and(|l| l.published.is_some());
    let is_offered = || catalogue().publications().iter().any(|p| p.lists.contains(list));
    source.origin != Origin::Curated || is_published() || !is_offered()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lists::{Source, read_all};

    fn missing(sources: &[Source], lists: &[&str], min: &[(&str, u32)]) -> Vec<String> {
        let min = min.iter().map(|&(id, n)| (id.to_owned(), n)).collect();
        Required::new(lists.iter().map(|&l| l.to_owned()), min).missing(&read_all(sources).unwrap())
    }

    #[test]
    fn a_required_list_must_be_there_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.csv");
        std::fs::write(&path, "name;id;list\nBrambleton Optics;b1;un-sc\nQuayside;b2;un-sc\n").unwrap();
        let file = || Source::Path(path.clone());
        assert_eq!(missing(&[file()], &["un-sc"], &[("un-sc", 2)]), [""; 0]);
        assert_eq!(
            missing(&[file()], &["un-sc", "eu-fsf"], &[("un-sc", 3)]),
            [
                "the required list eu-fsf is not in force",
                "the required list un-sc has 2 entries, lists.min_entries requires 3"
            ]
        );
        let [publication] = &missing(&[file()], &["us-csl"], &[])[..] else { panic!() };
        assert!(publication.contains("id of a publication, require its lists instead: us-bis-dpl, us-bis-el"));
    }
}
