//! The words of the listed names, as small as they can be kept: what of a word its letters tell is kept once for each word of
//! the vocabulary, and put together again for the few names that a field is compared with.

use super::name_record::NameRecord;
use super::vocabulary::{Vocabulary, WordId};
use crate::name::{AsView, Class, InName, Traits, View, Word};
use model::binary_fields;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Words of a name that are put together without asking for memory.
const FEW: usize = 6;

/// A word of a listed name.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListedWord {
    /// What it is in the name.
    pub(super) is: InName,
    /// Which word of the vocabulary it is, or behind those which of [`ListedWords::others`].
    pub(super) id: WordId,
    bytes: u32,
}

/// The words of all names, one name after the other.
#[derive(Debug, Default)]
pub(super) struct ListedWords {
    words: Vec<ListedWord>,
    /// Of words of several tokens, which the vocabulary does not have: legal forms and numbers.
    others: Vec<Traits>,
}

binary_fields!(ListedWord { is, id, bytes });
binary_fields!(ListedWords { words, others });

/// Collects words.
#[derive(Debug, Default)]
pub(super) struct Collected {
    words: Vec<ListedWord>,
    /// Words that are not of the vocabulary, by their first use.
    others: Vec<Box<str>>,
    ids: FxHashMap<Box<str>, WordId>,
}

impl Collected {
    pub(super) fn len(&self) -> u32 {
        self.words.len() as u32
    }

    /// Adds a word of a name; whether it is one of the vocabulary, and which.
    pub(super) fn add(&mut self, word: &Word, letters: &str, vocabulary: &Vocabulary) {
        let id = vocabulary.id(letters).unwrap_or_else(|| vocabulary.len() as WordId + self.other(letters));
        self.words.push(ListedWord { is: InName::of(word), id, bytes: word.end - word.start });
    }

    fn other(&mut self, letters: &str) -> WordId {
        match self.ids.get(letters) {
            Some(id) => *id,
            None => {
                let id = self.others.len() as WordId;
                self.others.push(letters.into());
                self.ids.insert(letters.into(), id);
                id
            }
        }
    }

    /// Adds all words of another collection behind these.
    pub(super) fn append(&mut self, more: Self, vocabulary: &Vocabulary) {
        let known = vocabulary.len() as WordId;
        let others: Vec<WordId> = more.others.iter().map(|letters| known + self.other(letters)).collect();
        self.words.extend(more.words.into_iter().map(|word| match word.id.checked_sub(known) {
            Some(other) => ListedWord { id: others[other as usize], ..word },
            None => word,
        }));
    }

    pub(super) fn finish(self) -> ListedWords {
        let mut words = self.words;
        words.shrink_to_fit();
        ListedWords { words, others: self.others.iter().map(|letters| Traits::of(letters)).collect() }
    }
}

impl ListedWords {
    /// The words of a name, as they are kept.
    pub(super) fn of(&self, name: &NameRecord) -> &[ListedWord] {
        &self.words[range(name)]
    }

    /// A name as the comparison takes it; `letters` are those of all names.
    pub(super) fn name<'l>(&self, name: &NameRecord, vocabulary: &Vocabulary, letters: &'l str) -> ListedName<'l> {
        self.name_with(name, letters, |id| match id.checked_sub(vocabulary.len() as WordId) {
            Some(other) => self.others[other as usize],
            None => vocabulary.traits(id),
        })
    }

    /// A name whose words do not have the traits that their letters tell: enough to index it by its letters, and quicker.
    pub(super) fn outline<'l>(&self, name: &NameRecord, letters: &'l str) -> ListedName<'l> {
        self.name_with(name, letters, |_| Traits::NONE)
    }

    fn name_with<'l>(&self, name: &NameRecord, letters: &'l str, traits: impl Fn(WordId) -> Traits) -> ListedName<'l> {
        let kept = self.of(name);
        let mut listed = ListedName { letters, few: [Word::NONE; FEW], count: kept.len(), many: Vec::new() };
        if kept.len() > FEW {
            listed.many.resize(kept.len(), Word::NONE);
        }
        let words = if kept.len() > FEW { &mut listed.many[..] } else { &mut listed.few[..kept.len()] };
        let mut start = name.at;
        for (word, kept) in words.iter_mut().zip(kept) {
            let end = start + kept.bytes;
            *word = kept.is.word(start, end, traits(kept.id));
            start = end;
        }
        listed
    }
}

impl ListedWord {
    /// Whether it is a legal form.
    pub(super) fn is_form(&self) -> bool {
        matches!(self.is.class, Class::LegalForm(_))
    }
}

fn range(name: &NameRecord) -> Range<usize> {
    name.words.0 as usize..name.words.1 as usize
}

/// A listed name with its words put together.
#[derive(Debug)]
pub struct ListedName<'l> {
    /// Those of all names.
    letters: &'l str,
    few: [Word; FEW],
    count: usize,
    /// All of them where they are more than a few.
    many: Vec<Word>,
}

impl ListedName<'_> {
    /// The name as the comparison takes it.
    pub fn view(&self) -> View<'_> {
        let words = if self.count > FEW { &self.many[..] } else { &self.few[..self.count] };
        View { text: self.letters, words }
    }
}

impl AsView for ListedName<'_> {
    fn view(&self) -> View<'_> {
        Self::view(self)
    }
}
