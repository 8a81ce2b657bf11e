//! From a snapshot to the index: two passes over the names, the first to learn how rare each word is.

use super::acronyms::Acronyms;
use super::anchors::{Anchors, Hang, MAX_ANCHORS};
use super::deletions::Deletions;
use super::exact::{Exact, Part, Patterns};
use super::identifiers::Identifiers;
use super::nearest::AllMarks;
use super::recent::Recent;
use super::signs::Sign;
use super::slips;
use super::sounds::Sounds;
use super::vocabulary::{Vocabulary, WordId};
use crate::name::{Class, Rarity, Tables, View, Word, parse};
use model::entry::{Entry, EntryKind, NameKind};
use model::snapshot::Snapshot;
use rustc_hash::FxHashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use text::{Folded, Reading, Token};

/// How much a name says on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Two or more telling words, or a long line of words: unmistakable wherever it stands.
    Strong,
    /// One telling word: good for a party, too little for running text.
    SingleWord,
    /// Up to four letters, or an acronym.
    Short,
    /// Nothing but everyday words, trade words and places.
    Everyday,
    /// The publisher calls it weak.
    Weak,
}

/// One reading of one listed name.
#[derive(Clone, Copy, Debug)]
pub struct NameRecord {
    /// Number of the entry in the snapshot.
    pub entry: u32,
    /// Which of its names.
    pub name: u16,
    /// How the letters were read.
    pub reading: Reading,
    /// How much it says on its own.
    pub strength: Strength,
    /// Whether the row lists a person.
    pub is_person: bool,
    /// Range of the index's words.
    words: (u32, u32),
    /// Letters and digits of the whole name.
    letters: u16,
    /// Where in the index's letters the name starts, and how many bytes it has.
    at: u32,
    pub(super) bytes: u16,
    /// Bytes of the name between the legal forms and titles at its ends.
    pub(super) core: (u16, u16),
    /// Where in the name the two heaviest anchors start.
    pub(super) anchor_at: [u16; 2],
    /// Weights of the anchors.
    pub(super) anchors: [u16; MAX_ANCHORS],
    /// The anchors, heaviest first, as words of the vocabulary; [`WordId::MAX`] where there are fewer.
    pub(super) anchor_words: [WordId; MAX_ANCHORS],
    /// The sum of the weights, at least 1.
    pub(super) anchor_weight: u32,
}

impl NameRecord {
    /// How many words the name has, legal forms included.
    pub fn word_count(&self) -> usize {
        (self.words.1 - self.words.0) as usize
    }

    /// Letters and digits of the whole name.
    pub(super) fn letters_of_whole(&self) -> usize {
        usize::from(self.letters)
    }
}

/// Why the names could not be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// There are more names than can be numbered.
    #[error("the names have {bytes} bytes; expected at most 4 GiB")]
    TooLarge {
        /// Bytes of all names.
        bytes: usize,
    },
}

/// The names of a snapshot, compiled. Immutable; shared between threads.
#[derive(Debug)]
pub struct Index {
    /// Tells this index from every other of the process, so that no thread's memo outlives a reload.
    id: u64,
    snapshot: Arc<Snapshot>,
    names: Vec<NameRecord>,
    /// Squeezed letters of all names.
    letters: String,
    words: Vec<Word>,
    /// The words as words of the vocabulary; [`WordId::MAX`] for legal forms and numbers of two words.
    word_ids: Vec<WordId>,
    pub(super) vocabulary: Vocabulary,
    pub(super) anchors: Anchors,
    /// The two rarest anchors of the strong names: running text reports near matches of no others, and the rarer
    /// words lead there.
    pub(super) text_anchors: Anchors,
    /// Names that may be followed letter by letter, on their two rarest words.
    pub(super) holds: Anchors,
    pub(super) deletions: Deletions,
    pub(super) sounds: Sounds,
    pub(super) acronyms: Acronyms,
    pub(super) exact: Exact,
    pub(super) identifiers: Identifiers,
    /// The letter pairs of each name, for searches.
    pub(super) marks: AllMarks,
    /// What was found of names that are likely to be asked for.
    pub(super) expected: OnceLock<Recent>,
}

impl Index {
    /// Compiles all names and identifiers of a snapshot.
    ///
    /// # Errors
    /// When the names do not fit into 32 bits.
    pub fn compile(snapshot: Arc<Snapshot>) -> Result<Self, CompileError> {
        let mut vocabulary = Vocabulary::default();
        for (number, entry) in snapshot.entries().iter().enumerate() {
            each_reading(entry, |_, _, folded| {
                for token in folded.tokens() {
                    vocabulary.count(folded.text(*token), number as u32);
                }
            });
        }
        let mut building = Building { vocabulary: &vocabulary, ..Building::new(&vocabulary) };
        for (number, entry) in snapshot.entries().iter().enumerate() {
            building.entry(number as u32, entry);
        }
        let Building { mut names, mut letters, mut words, mut word_ids, patterns, hangs, anchored, .. } = building;
        names.shrink_to_fit();
        letters.shrink_to_fit();
        words.shrink_to_fit();
        word_ids.shrink_to_fit();
        let word_count = vocabulary.len();
        let by_word = || {
            let rare = hangs.iter().filter(|(_, hang)| hang.anchor < 2);
            let is_long = |name: u32| names[name as usize].letters_of_whole() >= slips::LEAST_LETTERS;
            let is_strong = |name: u32| names[name as usize].strength == Strength::Strong;
            let anchors = Anchors::build(word_count, hangs.iter());
            let holds = Anchors::build(word_count, rare.clone().filter(|(_, hang)| is_long(hang.name)));
            let text_anchors = Anchors::build(word_count, rare.filter(|(_, hang)| is_strong(hang.name)));
            (anchors, holds, text_anchors)
        };
        let by_likeness = || {
            let anchored = || anchored.iter().map(|(word, id)| (word.as_str(), *id));
            let view = |n: &NameRecord| View { text: &letters, words: &words[n.words.0 as usize..n.words.1 as usize] };
            let marks = AllMarks::build(names.iter().map(view));
            let acronyms = Acronyms::build(names.iter().map(|n| (view(n), n.is_person)));
            (Deletions::build(anchored()), Sounds::build(anchored()), marks, acronyms)
        };
        let (exact, ((anchors, holds, text_anchors), (deletions, sounds, marks, acronyms))) =
            rayon::join(|| Exact::build(patterns), || rayon::join(by_word, by_likeness));
        drop((hangs, anchored));
        let exact = exact.map_err(|bytes| CompileError::TooLarge { bytes })?;
        let identifiers = Identifiers::build(snapshot.entries());
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        Ok(Self {
            id,
            names,
            letters,
            words,
            word_ids,
            vocabulary,
            anchors,
            text_anchors,
            holds,
            deletions,
            sounds,
            acronyms,
            exact,
            identifiers,
            marks,
            expected: OnceLock::new(),
            snapshot,
        })
    }

    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// The snapshot that was compiled.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// One name.
    pub fn name(&self, number: u32) -> &NameRecord {
        &self.names[number as usize]
    }

    /// How many readings of names there are.
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// The entry a name belongs to.
    pub fn entry_of(&self, name: &NameRecord) -> &Entry {
        &self.snapshot.entries()[name.entry as usize]
    }

    /// The spelling as listed.
    pub fn spelling(&self, name: &NameRecord) -> &model::entry::Name {
        &self.entry_of(name).names[usize::from(name.name)]
    }

    /// The name as the comparison takes it.
    pub fn view(&self, name: &NameRecord) -> View<'_> {
        View { text: &self.letters, words: &self.words[name.words.0 as usize..name.words.1 as usize] }
    }

    /// The letters of a name, without looking at its words.
    pub(super) fn letters_of(&self, name: &NameRecord) -> &str {
        &self.letters[name.at as usize..name.at as usize + usize::from(name.bytes)]
    }

    /// The signs of one word of a name.
    pub(super) fn sign(&self, name: &NameRecord, word: usize) -> Option<&Sign> {
        self.vocabulary.sign(self.word_ids[name.words.0 as usize + word])
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

struct Building<'v> {
    vocabulary: &'v Vocabulary,
    names: Vec<NameRecord>,
    letters: String,
    words: Vec<Word>,
    word_ids: Vec<WordId>,
    patterns: Patterns,
    hangs: Vec<(WordId, Hang)>,
    /// Words that are an anchor of some name.
    anchored: Vec<(String, WordId)>,
    seen_anchors: FxHashSet<WordId>,
}

impl<'v> Building<'v> {
    fn new(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            names: Vec::new(),
            letters: String::new(),
            words: Vec::new(),
            word_ids: Vec::new(),
            patterns: Patterns::default(),
            hangs: Vec::new(),
            anchored: Vec::new(),
            seen_anchors: FxHashSet::default(),
        }
    }

    fn entry(&mut self, number: u32, entry: &Entry) {
        let mut seen: Vec<String> = Vec::new();
        each_reading(entry, |name, reading, folded| {
            // Two spellings of one entry that fold alike are one name; the first stands.
            if folded.squeezed().is_empty() || seen.iter().any(|s| s == folded.squeezed()) {
                return;
            }
            seen.push(folded.squeezed().to_owned());
            self.name(number, entry, name, reading, folded);
        });
    }

    fn name(&mut self, number: u32, entry: &Entry, name: usize, reading: Reading, folded: &Folded) {
        let id = self.names.len() as u32;
        let base = self.letters.len() as u32;
        let first = self.words.len();
        let is_person = entry.kind == EntryKind::Person;
        parse(folded, folded.tokens(), is_person, self.vocabulary, &mut self.words);
        self.letters.push_str(folded.squeezed());
        for word in &mut self.words[first..] {
            word.start += base;
            word.end += base;
        }
        let words = &self.words[first..];
        let view = View { text: &self.letters, words };
        let vocabulary = self.vocabulary;
        self.word_ids.extend(words.iter().map(|w| match w.class {
            Class::LegalForm(_) => WordId::MAX,
            _ => vocabulary.id(view.letters(w)).unwrap_or(WordId::MAX),
        }));
        let spelling = &entry.names[name];
        let strength = strength(spelling.weak, spelling.kind, &view);

        let mut by_weight: Vec<&Word> = words
            .iter()
            .filter(|w| {
                !matches!(w.class, Class::LegalForm(_) | Class::Initial) && w.weight > 60 && w.end - w.start >= 2
            })
            .collect();
        by_weight.sort_by_key(|w| (std::cmp::Reverse(w.weight), w.start));
        // A trade word leads to a thousand names: it is an anchor only where there is little else to hang on.
        if by_weight.iter().filter(|w| w.class != Class::Generic).count() >= 2 {
            by_weight.retain(|w| w.class != Class::Generic);
        }
        let mut anchors = [0; MAX_ANCHORS];
        let mut anchor_words = [WordId::MAX; MAX_ANCHORS];
        let mut anchor_at = [0; 2];
        // A number written in two words is no word of the vocabulary.
        let known = by_weight.iter().filter_map(|w| Some((w, view.letters(w), self.vocabulary.id(view.letters(w))?)));
        for (at, (word, letters, word_id)) in known.take(MAX_ANCHORS).enumerate() {
            anchors[at] = word.weight;
            anchor_words[at] = word_id;
            if let Some(slot) = anchor_at.get_mut(at) {
                *slot = (word.start - base).min(u32::from(u16::MAX)) as u16;
            }
            if self.seen_anchors.insert(word_id) {
                self.anchored.push((letters.to_owned(), word_id));
            }
        }

        let anchor_weight = anchors.iter().map(|w| u32::from(*w)).sum::<u32>().max(1);
        for (at, (word, weight)) in
            anchor_words.iter().zip(anchors).enumerate().filter(|(_, (w, _))| **w != WordId::MAX)
        {
            let share = (u32::from(weight) * 1000).div_ceil(anchor_weight) as u16;
            self.hangs.push((*word, Hang { name: id, anchor: at as u8, share }));
        }

        self.patterns.add(folded.squeezed(), id, Part::Whole, folded.tokens().len());
        let core: String = words
            .iter()
            .filter(|w| !matches!(w.class, Class::LegalForm(_) | Class::Title))
            .map(|w| view.letters(w))
            .collect();
        if core.len() != folded.squeezed().len() && core.len() >= 5 && strength != Strength::Everyday {
            let tokens = tokens_within(folded, words, base);
            self.patterns.add(&core, id, Part::Core, tokens);
        }
        if entry.kind == EntryKind::Person
            && let Some((last, rest)) = spelling.text.split_once(',')
        {
            let (last, rest) = (Folded::of(last, reading), Folded::of(rest, reading));
            let turned = format!("{}{}", rest.squeezed(), last.squeezed());
            self.patterns.add(&turned, id, Part::Whole, last.tokens().len() + rest.tokens().len());
        }
        let bytes = u16::try_from(folded.squeezed().len()).unwrap_or(0);
        self.names.push(NameRecord {
            entry: number,
            name: name as u16,
            reading,
            strength,
            is_person,
            words: (first as u32, self.words.len() as u32),
            // A name too long to count is not followed letter by letter.
            letters: if bytes == 0 { 0 } else { folded.squeezed().chars().count() as u16 },
            at: base,
            bytes,
            core: core_of(words, base),
            anchor_at,
            anchors,
            anchor_words,
            anchor_weight,
        });
    }
}

/// Bytes of the name between the legal forms and titles at its ends.
fn core_of(words: &[Word], base: u32) -> (u16, u16) {
    let is_core = |w: &&Word| !matches!(w.class, Class::LegalForm(_) | Class::Title);
    let short = |at: u32| (at - base).min(u32::from(u16::MAX)) as u16;
    let start = words.iter().find(is_core).map_or(0, |w| short(w.start));
    (start, words.iter().rfind(is_core).map_or(start, |w| short(w.end)))
}

/// Tokens of the words that are neither legal form nor title.
fn tokens_within(folded: &Folded, words: &[Word], base: u32) -> usize {
    let is_core = |token: &Token| {
        words.iter().any(|w| {
            !matches!(w.class, Class::LegalForm(_) | Class::Title)
                && w.start <= token.start + base
                && token.end + base <= w.end
        })
    };
    folded.tokens().iter().filter(|t| is_core(t)).count()
}

/// Every reading of every name of an entry: as listed, without what stands in brackets, the parts
/// between strokes, and romanised.
fn each_reading(entry: &Entry, mut found: impl FnMut(usize, Reading, &Folded)) {
    let mut folded = Folded::default();
    for (at, name) in entry.names.iter().enumerate() {
        folded.fold(&name.text, Reading::Plain);
        let is_foreign = folded.is_foreign();
        found(at, Reading::Plain, &folded);
        if let Some(bare) = without_brackets(&name.text) {
            folded.fold(&bare, Reading::Plain);
            if folded.squeezed().len() >= 6 {
                found(at, Reading::Plain, &folded);
            }
        }
        for part in alternatives(&name.text) {
            folded.fold(part, Reading::Plain);
            found(at, Reading::Plain, &folded);
        }
        if is_foreign {
            folded.fold(&name.text, Reading::Romanised);
            found(at, Reading::Romanised, &folded);
        }
    }
}

/// The parts of a name that gives several with a stroke between: `Al-Qa'ida/Islamic Army`. None when a part is
/// too short to be a name (`S/A`, `M/V X`) or the stroke stands inside a number.
pub(crate) fn alternatives(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() >= 6;
    let several = text.contains('/') && text.split('/').all(is_name);
    text.split('/').filter(move |_| several).map(str::trim)
}

fn without_brackets(text: &str) -> Option<String> {
    if !text.contains(['(', '[', '（']) {
        return None;
    }
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' | '（' => {
                depth += 1;
                out.push(' ');
            }
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    Some(out)
}

fn strength(weak: bool, kind: NameKind, view: &View<'_>) -> Strength {
    if weak {
        return Strength::Weak;
    }
    let core: Vec<&Word> = view
        .words
        .iter()
        .filter(|w| !matches!(w.class, Class::LegalForm(_) | Class::Title | Class::Particle))
        .collect();
    let letters: usize = core.iter().map(|w| view.letters(w).chars().count()).sum();
    let ideographs = core.iter().filter(|w| !view.letters(w).is_ascii()).count();
    // Listed under its initials, or so short that letters alone cannot tell it from a word or a code.
    if kind == NameKind::Acronym || (letters <= 4 && ideographs == 0) || letters <= 1 {
        return if core.len() <= 1 && core.iter().any(|w| Tables::get().is_everyday(view.letters(w))) {
            Strength::Everyday
        } else {
            Strength::Short
        };
    }
    let distinctive = core.iter().filter(|w| w.class == Class::Distinctive).count();
    match (core.len(), distinctive) {
        (0, _) => Strength::Everyday,
        (1, 1) => Strength::SingleWord,
        (_, 0) if core.len() <= 2 => Strength::Everyday,
        (_, 0) if core.len() == 3 && letters < 16 => Strength::Everyday,
        _ => Strength::Strong,
    }
}
