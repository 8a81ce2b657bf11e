//! The index as bytes and back: reading it takes a fraction of the time that compiling does.
//!
//! It is kept in parts, each on its own, so that they are read side by side and none is in memory twice for long. What cannot
//! be kept, the automaton and the tables of hashes, is built again.

use super::compile::next_id;
use super::exact::Exact;
use super::index::Index;
use model::binary::{self, Binary, BytesOut};
use model::snapshot::Snapshot;
use std::io;
use std::sync::{Arc, OnceLock};

/// Takes a part by its name, with what writes it.
pub type WritePart<'w> = dyn FnMut(&'static str, &dyn Fn(&mut BytesOut<'_>)) -> io::Result<()> + 'w;
/// Gives the bytes of a part.
pub type ReadPart<'r> = dyn Fn(&'static str) -> io::Result<Vec<u8>> + Sync + 'r;

/// Reads one part.
pub(crate) fn part<T: Binary>(read: &ReadPart<'_>, name: &'static str) -> io::Result<T> {
    let bytes = read(name)?;
    binary::whole(&bytes).map_err(|malformed| io::Error::other(format!("{name}: {malformed}")))
}

impl Index {
    /// Writes every part, those that take longest to read first.
    pub(crate) fn write_parts(&self, write: &mut WritePart<'_>) -> io::Result<()> {
        // Named one by one, so that a new field cannot be forgotten.
        let Self {
            id: _,
            snapshot: _,
            names,
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
            letter_pairs: _,
            expected: _,
        } = self;
        write("patterns", &|out| exact.write_to(out))?;
        write("names", &|out| names.write_to(out))?;
        write("letters", &|out| letters.write_to(out))?;
        write("words", &|out| words.write_to(out))?;
        write("vocabulary", &|out| vocabulary.write_to(out))?;
        write("anchors", &|out| anchors.write_to(out))?;
        write("text anchors", &|out| text_anchors.write_to(out))?;
        write("typo anchors", &|out| typo_anchors.write_to(out))?;
        write("deletions", &|out| deletions.write_to(out))?;
        write("sounds", &|out| sounds.write_to(out))?;
        write("acronyms", &|out| acronyms.write_to(out))?;
        write("identifiers", &|out| identifiers.write_to(out))?;
        write("letter runs", &|out| letter_runs.write_to(out))
    }

    /// Reads what [`Index::write_parts`] wrote of the index of this snapshot.
    ///
    /// # Errors
    /// What `read` says, and when the bytes are something else.
    pub(crate) fn read_parts(snapshot: Arc<Snapshot>, read: &ReadPart<'_>) -> io::Result<Self> {
        let exact = || Exact::read_from(&read("patterns")?);
        let names = || Ok::<_, io::Error>((part(read, "names")?, part(read, "letters")?, part(read, "words")?));
        let anchors = || {
            let to_follow = part(read, "typo anchors")?;
            Ok::<_, io::Error>((part(read, "anchors")?, part(read, "text anchors")?, to_follow))
        };
        let by_words =
            || Ok::<_, io::Error>((part(read, "vocabulary")?, part(read, "deletions")?, part(read, "sounds")?));
        let others =
            || Ok::<_, io::Error>((part(read, "letter runs")?, part(read, "acronyms")?, part(read, "identifiers")?));
        let (exact, ((names, anchors), (by_words, others))) =
            rayon::join(exact, || rayon::join(|| rayon::join(names, anchors), || rayon::join(by_words, others)));
        let (names, letters, words) = names?;
        let (anchors, text_anchors, typo_anchors) = anchors?;
        let (vocabulary, deletions, sounds) = by_words?;
        let (letter_runs, acronyms, identifiers) = others?;
        Ok(Self {
            id: next_id(),
            snapshot,
            names,
            letters,
            words,
            vocabulary,
            anchors,
            text_anchors,
            typo_anchors,
            deletions,
            sounds,
            acronyms,
            exact: exact?,
            identifiers,
            letter_runs,
            letter_pairs: OnceLock::new(),
            expected: OnceLock::new(),
        })
    }
}
