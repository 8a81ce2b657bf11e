//! The working memory of one thread: the field under search, and what is kept from field to field.

use super::bound::{AllCounterparts, FieldWord, SignedField};
use super::candidates::{Candidate, NameProgress, WordPlace};
use super::hit::Hit;
use super::index::Index;
use super::letter_runs::Overlap;
use super::memo::{KnownWords, Memo};
use super::name_record::NameRecord;
use super::recent::{Asked, Recent};
use super::signatures::Signature;
use super::stop::StopCheck;
use super::vocabulary::{WordId, is_looked_up};
use crate::name::{Class, View, Word, parse};
use model::ids::NameId;
use std::collections::VecDeque;
use text::{Folded, Reading};

/// Fields kept beside the last of each reading, and the bytes of text in them, at most. A cell has up to sixteen names.
const KEPT_FIELDS: usize = 24;
const KEPT_BYTES: usize = 320 * 1024;

/// Working memory of one thread, reused from search to search and from index to index.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The fields searched last, one for each [`Reading`].
    pub(super) fields: [ReadField; Reading::ALL.len()],
    /// Fields searched before, the latest last: what is found in parts of a cell is weighed with its part, again and again.
    before: VecDeque<(usize, ReadField)>,
    /// The reading searched last.
    last: usize,
    pub(super) memo: Memo,
    pub(super) recent: Recent,
    /// The index that all of this belongs to; 0 for none.
    index: u64,
    /// For each word of the vocabulary, where it was last found.
    pub(super) places: Vec<WordPlace>,
    /// The words found in this field.
    pub(super) found_words: Vec<WordId>,
    /// For each name, how much of it was found.
    pub(super) progress: Vec<NameProgress>,
    /// The number of the search: what was noted in another one does not count.
    pub(super) round: u32,
    pub(super) candidates: Vec<Candidate>,
    /// What the words of the lists may be in this field.
    pub(super) counterparts: AllCounterparts,
    pub(super) overlap: Overlap,
    /// Names that the letters of the field lead to, each with whether they are its initials.
    pub(super) by_letters: Vec<(NameId, bool)>,
    pub(super) hits: Vec<Hit>,
    pub(super) stop: StopCheck,
}

impl Scratch {
    /// The folded field of the last search; hits point into it.
    pub fn folded(&self) -> &Folded {
        &self.fields[self.last].folded
    }

    /// The hits of the last search.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// The names searched recently, in no order.
    pub fn asked(&self) -> impl Iterator<Item = Asked> {
        self.recent.asked()
    }

    /// Drops the names searched recently, but not their words. No answer depends on it; measurements do.
    pub fn forget_names(&mut self) {
        self.recent.clear();
    }

    /// When to stop early; the result of a search that stopped is void.
    pub fn stop_check(&mut self) -> &mut StopCheck {
        &mut self.stop
    }

    /// Makes the working memory fit an index and reads a field, unless it is still the last one of that reading.
    pub(super) fn read(&mut self, text: &str, reading: Reading, index: &Index) {
        self.fit(index);
        let reading_at = reading as usize;
        if self.fields[reading_at].holds(text) {
            return;
        }
        let known = self.before.iter().position(|(at, field)| *at == reading_at && field.holds(text));
        let mut field = match known.and_then(|at| self.before.remove(at)) {
            Some((_, field)) => field,
            None => {
                let mut field = self.make_room(text.len());
                field.read(text, reading);
                field
            }
        };
        std::mem::swap(&mut self.fields[reading_at], &mut field);
        if field.text.as_deref().is_some_and(|text| text.len() <= KEPT_BYTES) {
            self.before.push_back((reading_at, field));
        }
    }

    /// Forgets fields until there is room for one of so many bytes; the memory of one of them, to be used again.
    fn make_room(&mut self, bytes: usize) -> ReadField {
        let mut kept: usize = self.before.iter().map(|(_, field)| field.bytes()).sum();
        let mut unused = ReadField::default();
        while self.before.len() >= KEPT_FIELDS || (kept + bytes > KEPT_BYTES && !self.before.is_empty()) {
            let Some((_, field)) = self.before.pop_front() else { break };
            kept -= field.bytes();
            unused = field;
        }
        unused
    }

    /// Starts a search: reads the field and drops what was found in the last one.
    pub(super) fn start(&mut self, text: &str, reading: Reading, index: &Index) {
        self.read(text, reading, index);
        self.last = reading as usize;
        self.hits.clear();
        self.candidates.clear();
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.places.fill(WordPlace::default());
            self.progress.fill(NameProgress::default());
            self.counterparts.forget();
            self.round = 1;
        }
    }

    fn fit(&mut self, index: &Index) {
        if self.index == index.id {
            return;
        }
        self.index = index.id;
        self.fields.iter_mut().for_each(ReadField::clear);
        self.before.clear();
        self.memo.clear();
        self.recent.clear();
        self.places.clear();
        self.places.resize(index.vocabulary.len(), WordPlace::default());
        self.progress.clear();
        self.progress.resize(index.names.len(), NameProgress::default());
        self.counterparts.reset(index.vocabulary.len());
        self.round = 0;
    }
}

/// A field as it was read: folded, and parsed where its words were needed.
#[derive(Debug, Default)]
pub(super) struct ReadField {
    /// The text that was read; `None` for none.
    pub(super) text: Option<String>,
    pub(super) folded: Folded,
    pub(super) words: FieldWords,
    pub(super) known: KnownWords,
}

impl ReadField {
    fn holds(&self, text: &str) -> bool {
        self.text.as_deref() == Some(text)
    }

    fn bytes(&self) -> usize {
        self.text.as_deref().map_or(0, str::len)
    }

    fn read(&mut self, text: &str, reading: Reading) {
        let mut kept = self.text.take().unwrap_or_default();
        kept.clear();
        kept.push_str(text);
        self.text = Some(kept);
        self.words.clear();
        self.known.clear();
        self.folded.fold(text, reading);
    }

    /// The folded text, to be swapped for another buffer; the field counts as read no longer.
    pub(super) fn take(&mut self) -> &mut Folded {
        self.clear();
        &mut self.folded
    }

    fn clear(&mut self) {
        self.text = None;
        self.words.clear();
    }
}

/// The words of the field, parsed when they are first needed: as a company's name or prose, and as a person's name.
#[derive(Debug, Default)]
pub(super) struct FieldWords {
    plain: Parsed,
    person: Parsed,
}

#[derive(Debug, Default)]
struct Parsed {
    words: Vec<Word>,
    signed: SignedField,
}

impl FieldWords {
    fn clear(&mut self) {
        for parsed in [&mut self.plain, &mut self.person] {
            parsed.words.clear();
            parsed.signed.clear();
        }
    }

    fn parsed(&mut self, is_person: bool, folded: &Folded, index: &Index) -> &mut Parsed {
        let parsed = if is_person { &mut self.person } else { &mut self.plain };
        if parsed.words.is_empty() {
            parse(folded.as_text(), is_person, index, &mut parsed.words);
        }
        parsed
    }

    /// The words as they are compared with this name.
    pub(super) fn of(&mut self, record: &NameRecord, folded: &Folded, index: &Index) -> &[Word] {
        self.of_kind(record.is_person, folded, index)
    }

    /// The words of a person's name, or of any other text.
    pub(super) fn of_kind(&mut self, is_person: bool, folded: &Folded, index: &Index) -> &[Word] {
        &self.parsed(is_person, folded, index).words
    }

    /// The words, and those that are no legal forms with their signatures.
    pub(super) fn signed(
        &mut self,
        record: &NameRecord,
        folded: &Folded,
        index: &Index,
        memo: &mut Memo,
    ) -> (&[Word], &SignedField) {
        let parsed = self.parsed(record.is_person, folded, index);
        if parsed.signed.is_empty() {
            let view = View { text: folded.squeezed(), words: &parsed.words };
            let signed = view.words.iter().filter(|w| !matches!(w.class, Class::LegalForm(_))).map(|word| {
                let letters = view.letters(word);
                let is_known = is_looked_up(letters);
                let signature = if is_known { memo.signature(letters, index) } else { Signature::of(letters) };
                FieldWord { signature, class: word.class, weight: word.weight }
            });
            parsed.signed.set(signed);
        }
        (&parsed.words, &parsed.signed)
    }
}
