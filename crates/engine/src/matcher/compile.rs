//! From a snapshot to the index: the names are folded once, their words counted, then weighed and indexed.

use super::acronyms::Acronyms;
use super::anchors::{AnchoredName, Anchors, MAX_ANCHORS};
use super::deletions::Deletions;
use super::edges::{FollowedName, NameEdges};
use super::exact::{Exact, ExactError, Part, Patterns};
use super::identifiers::Identifiers;
use super::index::Index;
use super::letter_pairs::AllLetterPairs;
use super::letter_runs::LetterRuns;
use super::name_record::{NameRecord, Strength};
use super::readings::{NameReading, NameReadings};
use super::sounds::Sounds;
use super::vocabulary::{Vocabulary, WordId};
use crate::name::words::LIGHT;
use crate::name::{Class, LEAST_LETTERS, Tables, View, Word, parse};
use model::entry::{EntryKind, NameKind};
use model::ids::NameId;
use model::snapshot::Snapshot;
use rustc_hash::FxHashSet;
use std::cmp::Reverse;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use text::{FoldedText, Token};

/// Letters that a name needs to be found without its legal form.
const LEAST_CORE: usize = 5;

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

impl Index {
    /// Compiles all names and identifiers of a snapshot.
    ///
    /// # Errors
    /// When the names do not fit into 32 bits, or their beginnings into an automaton.
    pub fn compile(snapshot: Arc<Snapshot>) -> Result<Self, CompileError> {
        let too_large = |bytes| CompileError::TooLarge { bytes };
        let (readings, vocabulary) = NameReadings::of(&snapshot).map_err(too_large)?;
        let mut names = Names::new(&vocabulary, readings.all.len());
        for reading in &readings.all {
            let entry = snapshot.entry_at(reading.entry);
            let spelling = &entry.names[usize::from(reading.name)];
            let is_person = entry.kind == EntryKind::Person;
            names.add(&readings, reading, is_person, (spelling.weak, spelling.kind));
        }
        let Names { records, mut words, mut word_ids, patterns, anchored, anchor_words, .. } = names;
        let mut letters = readings.letters;
        letters.shrink_to_fit();
        words.shrink_to_fit();
        word_ids.shrink_to_fit();

        let view = |n: &NameRecord| View { text: &letters, words: &words[n.words.0 as usize..n.words.1 as usize] };
        let to_follow = || {
            let rare = anchored.iter().filter(|(_, anchored)| anchored.anchor < 2);
            let is_long = |id: NameId| records[id.index()].letter_count() >= LEAST_LETTERS;
            let long = rare.filter(|(_, anchored)| is_long(anchored.name));
            let with_edges = |&(word, anchored): &(WordId, AnchoredName)| {
                let record = &records[anchored.name.index()];
                (word, FollowedName { anchored, edges: NameEdges::of(record, anchored.anchor, &view(record)) })
            };
            Anchors::build(vocabulary.len(), long.map(with_edges))
        };
        let by_words = || {
            let near = || anchor_words.iter().map(|(word, id)| (word.as_str(), *id));
            let anchors = anchors_of(vocabulary.len(), &records, &anchored);
            (anchors, to_follow(), Deletions::build(near()), Sounds::build(near()))
        };
        let by_letters = || {
            let letter_pairs = AllLetterPairs::build(records.iter().map(view));
            let acronyms = Acronyms::build(records.iter().map(|n| (view(n), n.is_person)));
            let letter_runs = LetterRuns::build(records.len(), |id| view(&records[id.index()]));
            (letter_runs, letter_pairs, acronyms)
        };
        let (exact, (by_words, by_letters)) =
            rayon::join(|| Exact::build(patterns), || rayon::join(by_words, by_letters));
        let ([anchors, text_anchors], typo_anchors, deletions, sounds) = by_words;
        let (letter_runs, letter_pairs, acronyms) = by_letters;
        drop((anchored, anchor_words));
        let exact = exact.map_err(|error| match error {
            ExactError::TooLarge(bytes) => too_large(bytes),
            ExactError::Automaton(error) => CompileError::Automaton(error),
        })?;
        let identifiers = Identifiers::build(&snapshot);
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        Ok(Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            names: records,
            letters,
            words,
            word_ids,
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
            letter_pairs,
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
        Anchors::build(words, anchored.iter().copied()),
        Anchors::build(words, rare.filter(|(_, anchored)| is_strong(anchored.name)).copied()),
    ]
}

/// The names under way.
struct Names<'v> {
    vocabulary: &'v Vocabulary,
    records: Vec<NameRecord>,
    words: Vec<Word>,
    word_ids: Vec<WordId>,
    patterns: Patterns,
    anchored: Vec<(WordId, AnchoredName)>,
    /// Words that are an anchor of some name.
    anchor_words: Vec<(String, WordId)>,
    seen_anchors: FxHashSet<WordId>,
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

impl<'v> Names<'v> {
    fn new(vocabulary: &'v Vocabulary, count: usize) -> Self {
        Self {
            vocabulary,
            records: Vec::with_capacity(count),
            words: Vec::new(),
            word_ids: Vec::new(),
            patterns: Patterns::default(),
            anchored: Vec::new(),
            anchor_words: Vec::new(),
            seen_anchors: FxHashSet::default(),
        }
    }

    fn add(
        &mut self,
        readings: &NameReadings,
        reading: &NameReading,
        is_person: bool,
        (is_weak, kind): (bool, NameKind),
    ) {
        let id = NameId::from_index(self.records.len());
        let text = readings.text(reading);
        let base = reading.letters.0;
        let first = self.words.len();
        parse(text, is_person, self.vocabulary, &mut self.words);
        for word in &mut self.words[first..] {
            word.start += base;
            word.end += base;
        }
        let view = View { text: &readings.letters, words: &self.words[first..] };
        let vocabulary = self.vocabulary;
        self.word_ids.extend(view.words.iter().map(|word| match word.class {
            Class::LegalForm(_) => WordId::MAX,
            _ => vocabulary.id(view.letters(word)).unwrap_or(WordId::MAX),
        }));
        let strength = strength(is_weak, kind, &view);
        let core = core_of(view.words, base);

        self.patterns.add(text.squeezed(), id, Part::Whole, text.tokens().len());
        if strength != Strength::Everyday {
            add_core(&mut self.patterns, id, text, &view, base);
        }
        if let Some((turned, tokens)) = readings.turned(reading) {
            self.patterns.add(turned, id, Part::Whole, tokens);
        }
        let anchors = self.anchors(id, first, base, &readings.letters);
        let bytes = u16::try_from(text.squeezed().len()).unwrap_or(0);
        self.records.push(NameRecord {
            entry: reading.entry,
            name: reading.name,
            reading: reading.reading,
            strength,
            is_person,
            words: (first as u32, self.words.len() as u32),
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

    /// Chooses the anchors of the name whose words start at `first`, and notes that they lead to it.
    fn anchors(&mut self, id: NameId, first: usize, base: u32, letters: &str) -> NameAnchors {
        let view = View { text: letters, words: &self.words[first..] };
        let mut chosen =
            NameAnchors { words: [WordId::MAX; MAX_ANCHORS], weights: [0; MAX_ANCHORS], at: [0; 2], weight: 1 };
        let by_weight = by_weight(view.words);
        // A number written in two words is no word of the vocabulary.
        let known = by_weight
            .iter()
            .filter_map(|w| Some((w, view.letters(w), self.vocabulary.id(view.letters(w))?)))
            .take(MAX_ANCHORS);
        for (at, (word, letters, word_id)) in known.enumerate() {
            chosen.weights[at] = word.weight;
            chosen.words[at] = word_id;
            if let Some(start) = chosen.at.get_mut(at) {
                *start = (word.start - base).min(u32::from(u16::MAX)) as u16;
            }
            if self.seen_anchors.insert(word_id) {
                self.anchor_words.push((letters.to_owned(), word_id));
            }
        }
        chosen.weight = chosen.weights.iter().map(|w| u32::from(*w)).sum::<u32>().max(1);
        let anchors =
            chosen.words.iter().zip(chosen.weights).enumerate().filter(|(_, (word, _))| **word != WordId::MAX);
        for (at, (word, weight)) in anchors {
            let share = (u32::from(weight) * 1000).div_ceil(chosen.weight) as u16;
            self.anchored.push((*word, AnchoredName { name: id, anchor: at as u8, share }));
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
