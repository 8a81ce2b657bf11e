//! The listed names under way: parsed, weighed and anchored, many side by side, and put together in their order.

use super::anchors::{AnchoredName, MAX_ANCHORS};
use super::exact::{Part, Patterns};
use super::listed_words::Collected;
use super::name_record::{NameRecord, Strength};
use super::readings::{NameReading, NameReadings};
use super::vocabulary::{Vocabulary, WordId};
use crate::name::words::LIGHT;
use crate::name::{Class, Tables, View, Word, parse};
use model::entry::{EntryKind, NameKind};
use model::ids::NameId;
use model::snapshot::Snapshot;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::cmp::Reverse;
use text::{FoldedText, Token};

/// Letters that a name needs to be found without its legal form.
const LEAST_CORE: usize = 5;
/// Names that are taken at a time, and how many times as many are under way before they are put together: together they are
/// a small part of all names, so that hardly any of them is there twice.
const AT_A_TIME: usize = 4096;
const UNDER_WAY: usize = 8;

/// What is known of the names before they are indexed.
pub(super) struct Names {
    pub(super) records: Vec<NameRecord>,
    pub(super) words: Collected,
    pub(super) patterns: Patterns,
    pub(super) anchored: Vec<(WordId, AnchoredName)>,
    /// Words that are an anchor of some name, in the order of the names.
    pub(super) anchor_words: Vec<WordId>,
}

/// What all names rest on.
#[derive(Clone, Copy)]
struct Given<'g> {
    snapshot: &'g Snapshot,
    readings: &'g NameReadings,
    vocabulary: &'g Vocabulary,
}

/// Some names, one after the other.
struct Chunk<'g> {
    given: Given<'g>,
    names: Names,
    seen_anchors: FxHashSet<WordId>,
    /// The number of the first of them.
    first: usize,
    /// The words of the name under way.
    parsed: Vec<Word>,
}

/// The heaviest words of a name.
struct NameAnchors {
    words: [WordId; MAX_ANCHORS],
    weights: [u16; MAX_ANCHORS],
    /// Where in the name the first two start.
    at: [u16; 2],
    /// The sum of the weights, at least 1.
    weight: u32,
}

impl Names {
    /// Of every reading.
    pub(super) fn of(snapshot: &Snapshot, readings: &NameReadings, vocabulary: &Vocabulary) -> Self {
        let given = Given { snapshot, readings, vocabulary };
        let mut all = Self::with_room_for(readings.all.len());
        let mut is_anchor = vec![false; vocabulary.len()];
        for chunks in readings.all.chunks(AT_A_TIME * UNDER_WAY) {
            let first = all.records.len();
            let parts = chunks.par_chunks(AT_A_TIME).enumerate().map(|(at, part)| {
                let mut names = Chunk::new(given, first + at * AT_A_TIME, part.len());
                part.iter().for_each(|reading| names.add(reading));
                names.names
            });
            let parts: Vec<Self> = parts.collect();
            parts.into_iter().for_each(|part| all.append(part, vocabulary, &mut is_anchor));
        }
        all
    }

    fn with_room_for(count: usize) -> Self {
        Self {
            records: Vec::with_capacity(count),
            words: Collected::default(),
            patterns: Patterns::default(),
            anchored: Vec::new(),
            anchor_words: Vec::new(),
        }
    }

    /// Adds the names of another part behind these.
    fn append(&mut self, more: Self, vocabulary: &Vocabulary, is_anchor: &mut [bool]) {
        let before = self.words.len();
        self.records.extend(more.records.into_iter().map(|mut record| {
            record.words = (record.words.0 + before, record.words.1 + before);
            record
        }));
        self.words.append(more.words, vocabulary);
        self.patterns.append(more.patterns);
        self.anchored.extend(more.anchored);
        let new = more.anchor_words.into_iter().filter(|id| !std::mem::replace(&mut is_anchor[*id as usize], true));
        self.anchor_words.extend(new);
    }
}

impl<'g> Chunk<'g> {
    fn new(given: Given<'g>, first: usize, count: usize) -> Self {
        let names = Names::with_room_for(count);
        Self { given, names, seen_anchors: FxHashSet::default(), first, parsed: Vec::new() }
    }

    fn add(&mut self, reading: &NameReading) {
        let Given { snapshot, readings, vocabulary } = self.given;
        let entry = snapshot.entry_at(reading.entry);
        let spelling = &entry.names[usize::from(reading.name)];
        let is_person = entry.kind == EntryKind::Person;
        let id = NameId::from_index(self.first + self.names.records.len());
        let text = readings.text(reading);
        let base = reading.letters.0;
        self.parsed.clear();
        parse(text, is_person, vocabulary, &mut self.parsed);
        for word in &mut self.parsed {
            word.start += base;
            word.end += base;
        }
        let view = View { text: &readings.letters, words: &self.parsed };
        // Where a word begins is not kept: the one before it ends there.
        debug_assert!(view.words.iter().try_fold(base, |end, w| (w.start == end).then_some(w.end)).is_some());
        let first = self.names.words.len();
        view.words.iter().for_each(|word| self.names.words.add(word, view.letters(word), vocabulary));
        let strength = strength(spelling.weak, spelling.kind, &view);
        let core = core_of(view.words, base);

        let patterns = &mut self.names.patterns;
        patterns.add(text.squeezed(), id, Part::Whole, text.tokens().len());
        if strength != Strength::Everyday {
            add_core(patterns, id, text, &view, base);
        }
        if let Some((turned, tokens)) = readings.turned(reading) {
            patterns.add(turned, id, Part::Whole, tokens);
        }
        let anchors = self.anchors(id, base);
        let bytes = u16::try_from(text.squeezed().len()).unwrap_or(0);
        self.names.records.push(NameRecord {
            entry: reading.entry,
            name: reading.name,
            reading: reading.reading,
            strength,
            is_person,
            words: (first, self.names.words.len()),
            letters: if bytes == 0 { 0 } else { text.squeezed().chars().count() as u16 },
            at: base,
            bytes,
            core,
            anchor_at: anchors.at,
            anchors: anchors.weights,
            anchor_words: anchors.words,
            anchor_weight: anchors.weight,
        });
    }

    /// Chooses the anchors of the name under way, and notes that they lead to it.
    fn anchors(&mut self, id: NameId, base: u32) -> NameAnchors {
        let Given { readings, vocabulary, .. } = self.given;
        let view = View { text: &readings.letters, words: &self.parsed };
        let mut chosen =
            NameAnchors { words: [WordId::MAX; MAX_ANCHORS], weights: [0; MAX_ANCHORS], at: [0; 2], weight: 1 };
        let by_weight = by_weight(view.words);
        // A number written in two words is no word of the vocabulary.
        let known = by_weight.iter().filter_map(|w| Some((w, vocabulary.id(view.letters(w))?)));
        for (at, (word, word_id)) in known.take(MAX_ANCHORS).enumerate() {
            chosen.weights[at] = word.weight;
            chosen.words[at] = word_id;
            if let Some(start) = chosen.at.get_mut(at) {
                *start = (word.start - base).min(u32::from(u16::MAX)) as u16;
            }
            if self.seen_anchors.insert(word_id) {
                self.names.anchor_words.push(word_id);
            }
        }
        chosen.weight = chosen.weights.iter().map(|w| u32::from(*w)).sum::<u32>().max(1);
        let anchors =
            chosen.words.iter().zip(chosen.weights).enumerate().filter(|(_, (word, _))| **word != WordId::MAX);
        for (at, (word, weight)) in anchors {
            let share = (u32::from(weight) * 1000).div_ceil(chosen.weight) as u16;
            self.names.anchored.push((*word, AnchoredName { name: id, anchor: at as u8, share }));
        }
        chosen
    }
}

/// The words that may be anchors, heaviest first.
fn by_weight(words: &[Word]) -> Vec<&Word> {
    let may_lead = |word: &&Word| {
        !matches!(word.class, Class::LegalForm(_) | Class::Initial) && word.weight > LIGHT && word.end - word.start >= 2
    };
    let mut by_weight: Vec<&Word> = words.iter().filter(may_lead).collect();
    by_weight.sort_by_key(|word| (Reverse(word.weight), word.start));
    // A trade word leads to a thousand names: it is an anchor only where there are hardly any others.
    if by_weight.iter().filter(|word| word.class != Class::Generic).count() >= 2 {
        by_weight.retain(|word| word.class != Class::Generic);
    }
    by_weight
}

/// Adds the name without its legal forms and titles, where that is another name and long enough.
fn add_core(patterns: &mut Patterns, id: NameId, text: FoldedText<'_>, view: &View<'_>, base: u32) {
    let core: String = view.words.iter().filter(|word| is_core(word)).map(|word| view.letters(word)).collect();
    if core.len() == text.squeezed().len() || core.len() < LEAST_CORE {
        return;
    }
    let within = |token: &&Token| {
        let holds = |word: &Word| word.start <= token.start + base && token.end + base <= word.end;
        view.words.iter().any(|word| is_core(word) && holds(word))
    };
    patterns.add(&core, id, Part::Core, text.tokens().iter().filter(within).count());
}

/// Whether a word is neither legal form nor title.
fn is_core(word: &Word) -> bool {
    !matches!(word.class, Class::LegalForm(_) | Class::Title)
}

/// Bytes of the name between the legal forms and titles at its ends.
fn core_of(words: &[Word], base: u32) -> (u16, u16) {
    let short = |at: u32| (at - base).min(u32::from(u16::MAX)) as u16;
    let start = words.iter().find(|w| is_core(w)).map_or(0, |w| short(w.start));
    (start, words.iter().rfind(|w| is_core(w)).map_or(start, |w| short(w.end)))
}

fn strength(is_weak: bool, kind: NameKind, view: &View<'_>) -> Strength {
    if is_weak {
        return Strength::Weak;
    }
    let core: Vec<&Word> = view.words.iter().filter(|w| is_core(w) && w.class != Class::Particle).collect();
    let letters: usize = core.iter().map(|w| view.letters(w).chars().count()).sum();
    let ideographs = core.iter().filter(|w| !view.letters(w).is_ascii()).count();
    // Listed under its initials, or so short that its letters may well be a word or a code.
    if kind == NameKind::Acronym || (letters <= 4 && ideographs == 0) || letters <= 1 {
        let is_everyday = |word: &&Word| Tables::get().is_everyday(view.letters(word));
        return if core.len() <= 1 && core.iter().any(is_everyday) { Strength::Everyday } else { Strength::Short };
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
