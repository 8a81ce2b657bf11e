//! The compiled names of a snapshot.

use super::acronyms::Acronyms;
use super::anchors::Anchors;
use super::deletions::Deletions;
use super::edges::FollowedName;
use super::exact::Exact;
use super::identifiers::Identifiers;
use super::letter_pairs::AllLetterPairs;
use super::letter_runs::LetterRuns;
use super::listed_words::{ListedName, ListedWords};
use super::name_record::NameRecord;
use super::recent::Recent;
use super::sounds::Sounds;
use super::vocabulary::Vocabulary;
use crate::name::Rarity;
use model::entry::{Entry, Name};
use model::ids::NameId;
use model::snapshot::Snapshot;
use std::sync::{Arc, OnceLock};

/// The names of a snapshot, compiled. Immutable; shared between threads.
#[derive(Debug)]
pub struct Index {
    /// Tells this index from every other of the process, so that no thread's memo outlives a reload.
    pub(super) id: u64,
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) names: Vec<NameRecord>,
    /// Squeezed letters of all names.
    pub(super) letters: String,
    pub(super) words: ListedWords,
    pub(super) vocabulary: Vocabulary,
    pub(super) anchors: Anchors,
    /// The two rarest anchors of the strong names: running text reports near matches of no others, and the rarer
    /// words lead there.
    pub(super) text_anchors: Anchors,
    /// The two rarest anchors of the names that are long enough to be followed letter by letter.
    pub(super) typo_anchors: Anchors<FollowedName>,
    pub(super) deletions: Deletions,
    pub(super) sounds: Sounds,
    pub(super) acronyms: Acronyms,
    pub(super) exact: Exact,
    pub(super) identifiers: Identifiers,
    /// The runs of letters of each name, for name fields.
    pub(super) letter_runs: LetterRuns,
    /// The letter pairs of each name: made when somebody searches, as screening does not need them.
    pub(super) letter_pairs: OnceLock<AllLetterPairs>,
    /// What was found of names that are likely to be asked for.
    pub(super) expected: OnceLock<Recent>,
}

impl Index {
    /// The snapshot that was compiled.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// One name of this index.
    pub fn name(&self, id: NameId) -> &NameRecord {
        &self.names[id.index()]
    }

    /// Every name with its id, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = (NameId, &NameRecord)> {
        self.names.iter().enumerate().map(|(at, record)| (NameId::from_index(at), record))
    }

    /// How many names there are, each reading counted.
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// The entry that has a name.
    pub fn entry_of(&self, name: &NameRecord) -> &Entry {
        self.snapshot.entry_at(name.entry)
    }

    /// The spelling as listed.
    pub fn spelling(&self, name: &NameRecord) -> &Name {
        &self.entry_of(name).names[usize::from(name.name)]
    }

    /// The name with its words put together.
    pub fn listed(&self, name: &NameRecord) -> ListedName<'_> {
        self.words.name(name, &self.vocabulary, &self.letters)
    }

    /// The letter pairs of each name.
    pub(super) fn letter_pairs(&self) -> &AllLetterPairs {
        let names = || self.names.iter().map(|name| self.words.outline(name, &self.letters));
        self.letter_pairs.get_or_init(|| AllLetterPairs::build(names()))
    }

    /// The letters of a name, without looking at its words.
    pub(super) fn letters_of(&self, name: &NameRecord) -> &str {
        &self.letters[name.at as usize..name.at as usize + usize::from(name.bytes)]
    }

    /// Bytes on the heap of the exact stage.
    pub fn exact_bytes(&self) -> usize {
        self.exact.memory()
    }
}

impl Rarity for Index {
    fn rarity(&self, word: &str) -> u16 {
        self.vocabulary.rarity(word)
    }
}
