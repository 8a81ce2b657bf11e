//! From a snapshot to the index: the names are folded once, their words counted, then weighed and indexed.

use super::acronyms::Acronyms;
use super::anchors::{AnchoredName, Anchors};
use super::collect::Names;
use super::deletions::Deletions;
use super::edges::{FollowedName, NameEdges};
use super::exact::{Exact, ExactError};
use super::identifiers::Identifiers;
use super::index::Index;
use super::letter_runs::LetterRuns;
use super::name_record::{NameRecord, Strength};
use super::readings::NameReadings;
use super::sounds::Sounds;
use super::vocabulary::WordId;
use crate::name::LEAST_LETTERS;
use model::ids::NameId;
use model::snapshot::Snapshot;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Why the names could not be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// There are more names than can be numbered.
    #[error("the names have {bytes} bytes; expected at most 4 GiB")]
    TooLarge {
        /// Bytes of all names.
        bytes: usize,
    },
    /// The names begin in more ways than an automaton can hold.
    #[error("the automaton over the beginnings of the names cannot be built")]
    Automaton(#[source] aho_corasick::BuildError),
}

/// The number of the next index of the process.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// Tells an index from every other of the process.
pub(super) fn next_id() -> u64 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

impl Index {
    /// Compiles all names and identifiers of a snapshot.
    ///
    /// # Errors
    /// When the names do not fit into 32 bits, or their beginnings into an automaton.
    pub fn compile(snapshot: Arc<Snapshot>) -> Result<Self, CompileError> {
        let too_large = |bytes| CompileError::TooLarge { bytes };
        let (readings, vocabulary) = NameReadings::of(&snapshot).map_err(too_large)?;
        let Names { records, words, patterns, anchored, anchor_words } = Names::of(&snapshot, &readings, &vocabulary);
        let words = words.finish();
        let mut letters = readings.letters;
        letters.shrink_to_fit();

        let outline = |name: NameId| words.outline(&records[name.index()], &letters);
        let to_follow = || {
            let rare = anchored.iter().filter(|(_, anchored)| anchored.anchor < 2);
            let is_long = |id: NameId| records[id.index()].letter_count() >= LEAST_LETTERS;
            let long = rare.filter(|(_, anchored)| is_long(anchored.name)).copied();
            Anchors::build(vocabulary.len(), long, |anchored: AnchoredName| {
                let record = &records[anchored.name.index()];
                let edges = NameEdges::of(record, anchored.anchor, &outline(anchored.name).view());
                FollowedName { anchored, edges }
            })
        };
        let by_words = || {
            let near = || anchor_words.iter().map(|id| (vocabulary.word(*id), *id));
            let anchors = anchors_of(vocabulary.len(), &records, &anchored);
            (anchors, to_follow(), Deletions::build(near()), Sounds::build(near()))
        };
        let by_letters = || {
            let all = (0..records.len()).map(NameId::from_index);
            let acronyms = Acronyms::build(all.map(|name| (outline(name), records[name.index()].is_person)));
            (LetterRuns::build(records.len(), outline), acronyms)
        };
        let (exact, (by_words, by_letters)) =
            rayon::join(|| Exact::build(patterns), || rayon::join(by_words, by_letters));
        let ([anchors, text_anchors], typo_anchors, deletions, sounds) = by_words;
        let (letter_runs, acronyms) = by_letters;
        drop((anchored, anchor_words));
        let exact = exact.map_err(|error| match error {
            ExactError::TooLarge(bytes) => too_large(bytes),
            ExactError::Automaton(error) => CompileError::Automaton(error),
        })?;
        let identifiers = Identifiers::build(&snapshot);
        Ok(Self {
            id: next_id(),
            names: records,
            letters,
            words,
            vocabulary,
            anchors,
            text_anchors,
            typo_anchors,
            deletions,
            sounds,
            acronyms,
            exact,
            identifiers,
            letter_runs,
            letter_pairs: OnceLock::new(),
            expected: OnceLock::new(),
            snapshot,
        })
    }
}

/// The names by all their anchors, and the strong ones by the two rarest.
fn anchors_of(words: usize, records: &[NameRecord], anchored: &[(WordId, AnchoredName)]) -> [Anchors; 2] {
    let rare = anchored.iter().filter(|(_, anchored)| anchored.anchor < 2);
    let is_strong = |id: NameId| records[id.index()].strength == Strength::Strong;
    [
        Anchors::build(words, anchored.iter().copied(), |name| name),
        Anchors::build(words, rare.filter(|(_, anchored)| is_strong(anchored.name)).copied(), |name| name),
    ]
}
