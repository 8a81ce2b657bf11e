//! What a word of a text leads to in the lists, kept from field to field: the words of texts repeat.

use super::index::Index;
use super::signatures::Signature;
use super::vocabulary::{WordId, is_looked_up};
use rustc_hash::FxHashMap;
use text::Folded;

/// Words of a memo before it is emptied, but for those of one field; text tokens repeat, hostile ones do not.
const MAX_WORDS: usize = 200_000;

/// What is known of a word of a text.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Range of the memo's listed words.
    near: (u32, u32),
    signature: Signature,
}

/// The number of what is known of a word, until the memo is emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownId(u32);

impl KnownId {
    /// Of a word that is not looked up.
    const NONE: Self = Self(u32::MAX);
}

/// What is known of each word of a field, looked up once.
#[derive(Debug, Default)]
pub(super) struct KnownWords {
    words: Vec<KnownId>,
    /// How often the memo had been emptied when they were looked up; `None` for words that were not.
    age: Option<u64>,
}

impl KnownWords {
    /// Forgets the words.
    pub(super) fn clear(&mut self) {
        self.age = None;
    }
}

/// Word of a text to the words of the lists that are equal or near to it.
#[derive(Debug, Default)]
pub(super) struct Memo {
    words: FxHashMap<Box<str>, KnownId>,
    known: Vec<Known>,
    /// Listed words, each with whether it equals the word of the text.
    near: Vec<(WordId, bool)>,
    /// How often it was emptied.
    age: u64,
}

impl Memo {
    /// Drops all words.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.known.clear();
        self.near.clear();
        self.age += 1;
    }

    /// The signature of a word; looked up in the index at its first appearance.
    pub(super) fn signature(&mut self, word: &str, index: &Index) -> Signature {
        self.make_room(1);
        let id = self.of(word, index);
        self.known[id.0 as usize].signature
    }

    /// Looks up the words of a field, unless they are known still.
    pub(super) fn look_up(&mut self, folded: &Folded, index: &Index, out: &mut KnownWords) {
        if out.age == Some(self.age) {
            return;
        }
        // Not emptied on the way: what is known of the words before would be lost.
        self.make_room(folded.tokens().len());
        out.words.clear();
        out.words.extend(folded.tokens().iter().map(|token| {
            let word = folded.text(*token);
            if is_looked_up(word) { self.of(word, index) } else { KnownId::NONE }
        }));
        out.age = Some(self.age);
    }

    /// For each token of a field that is looked up, its number and the words of the lists that it leads to, each with
    /// whether it is the word itself.
    pub(super) fn near<'m>(&'m self, words: &'m KnownWords) -> impl Iterator<Item = (usize, &'m [(WordId, bool)])> {
        let looked_up = words.words.iter().enumerate().filter(|(_, id)| **id != KnownId::NONE);
        looked_up.map(|(at, id)| {
            let (from, to) = self.known[id.0 as usize].near;
            (at, &self.near[from as usize..to as usize])
        })
    }

    /// Empties the memo when so many words more would be too many.
    fn make_room(&mut self, count: usize) {
        if self.words.len() + count > MAX_WORDS {
            self.clear();
        }
    }

    fn of(&mut self, word: &str, index: &Index) -> KnownId {
        match self.words.get(word) {
            Some(known) => *known,
            None => self.remember(word, index),
        }
    }

    #[cold]
    fn remember(&mut self, word: &str, index: &Index) -> KnownId {
        let start = self.near.len();
        let same = index.vocabulary.id(word);
        self.near.extend(same.map(|id| (id, true)));
        if !word.bytes().all(|b| b.is_ascii_digit()) {
            let near = &mut self.near;
            let mut add = |id: WordId| {
                if Some(id) != same {
                    near.push((id, false));
                }
            };
            index.deletions.look_up(word, &mut add);
            index.sounds.look_up(word, &mut add);
            sort_and_dedup_from(near, start + usize::from(same.is_some()));
        }
        let id = KnownId(self.known.len() as u32);
        self.known.push(Known { near: (start as u32, self.near.len() as u32), signature: Signature::of(word) });
        self.words.insert(word.into(), id);
        id
    }
}

/// Puts what stands from `first` on in order, each once.
fn sort_and_dedup_from(near: &mut Vec<(WordId, bool)>, first: usize) {
    near[first..].sort_unstable();
    let mut kept = first;
    for from in first..near.len() {
        if kept == first || near[kept - 1] != near[from] {
            near[kept] = near[from];
            kept += 1;
        }
    }
    near.truncate(kept);
}
