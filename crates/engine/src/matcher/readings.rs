//! The listed names as they are read: each spelling folded once, in every way it may be written.

use super::vocabulary::{Vocabulary, WordCount};
use crate::name::Tables;
use model::entry::{Entry, EntryKind, Name};
use model::ids::EntryId;
use model::snapshot::Snapshot;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use text::{Folded, FoldedText, Reading, Token};

/// Letters that a name needs when what stands in brackets is left out.
const LEAST_WITHOUT_BRACKETS: usize = 6;
/// Readings of an entry up to which one look at each is quicker than a table.
const FEW: usize = 24;
/// Letters that each part of a name with strokes needs to be a name.
const LEAST_BETWEEN_STROKES: usize = 6;

/// Entries that are taken at a time, and how many times as many are under way before they are put together: together they are
/// a small part of all, so that hardly any name is there twice.
const AT_A_TIME: usize = 2048;
const UNDER_WAY: usize = 8;

/// One reading of one spelling of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameReading {
    pub(super) entry: EntryId,
    /// Which of the entry's names.
    pub(super) name: u16,
    pub(super) reading: Reading,
    /// Where its letters are, in all letters.
    pub(super) letters: (u32, u32),
    tokens: (u32, u32),
    lacks_vowels: bool,
    before_comma: u32,
    /// The name with the given names first; its parts have that of the whole spelling.
    turned: Option<Turned>,
}

/// A person's name with the given names first.
#[derive(Clone, Copy, Debug)]
struct Turned {
    /// Where its letters are, in all turned letters.
    letters: (u32, u32),
    tokens: u32,
}

/// Every reading of every name of a snapshot, in order. Two spellings of one entry that fold to the same words are one
/// name; the first is kept.
#[derive(Debug, Default)]
pub(super) struct NameReadings {
    /// Squeezed letters, one reading after the other.
    pub(super) letters: String,
    pub(super) all: Vec<NameReading>,
    tokens: Vec<Token>,
    turned: String,
}

impl NameReadings {
    /// Folds the names of a snapshot, many entries side by side, and counts their words; the bytes of the names when they
    /// are more than can be numbered.
    pub(super) fn of(snapshot: &Snapshot) -> Result<(Self, Vocabulary), usize> {
        let (mut readings, mut words) = (Self::default(), WordCount::default());
        let entries: Vec<(EntryId, &Entry)> = snapshot.numbered().collect();
        for some in entries.chunks(AT_A_TIME * UNDER_WAY) {
            let parts: Vec<(Self, WordCount)> = some.par_chunks(AT_A_TIME).map(Self::of_entries).collect();
            for (part, counted) in parts {
                words.append(counted);
                readings.append(part)?;
            }
        }
        Ok((readings, words.finish()))
    }

    fn of_entries(entries: &[(EntryId, &Entry)]) -> (Self, WordCount) {
        let (mut readings, mut words, mut folded) = (Self::default(), WordCount::default(), Folded::default());
        for (id, entry) in entries {
            let mut of_entry = OfEntry {
                first: readings.all.len(),
                readings: &mut readings,
                words: &mut words,
                known: FxHashSet::default(),
            };
            for (at, name) in entry.names.iter().enumerate() {
                of_entry.spelling(*id, entry.kind == EntryKind::Person, (at, name), &mut folded);
            }
        }
        (readings, words)
    }

    /// Adds the readings of other entries behind these; the bytes of all when they are more than can be numbered.
    fn append(&mut self, more: Self) -> Result<(), usize> {
        let bytes = self.letters.len() + more.letters.len() + self.turned.len() + more.turned.len();
        if u32::try_from(bytes).is_err() {
            return Err(bytes);
        }
        let moved = |(from, to): (u32, u32), by: usize| (from + by as u32, to + by as u32);
        let (letters, tokens, turned) = (self.letters.len(), self.tokens.len(), self.turned.len());
        self.all.extend(more.all.into_iter().map(|reading| NameReading {
            letters: moved(reading.letters, letters),
            tokens: moved(reading.tokens, tokens),
            turned: reading.turned.map(|its| Turned { letters: moved(its.letters, turned), ..its }),
            ..reading
        }));
        self.letters.push_str(&more.letters);
        self.tokens.extend(more.tokens);
        self.turned.push_str(&more.turned);
        Ok(())
    }

    /// The folded text of a reading.
    pub(super) fn text(&self, reading: &NameReading) -> FoldedText<'_> {
        let (start, end) = reading.letters;
        let (first, last) = reading.tokens;
        FoldedText::new(
            &self.letters[start as usize..end as usize],
            &self.tokens[first as usize..last as usize],
            reading.before_comma,
            reading.lacks_vowels,
        )
    }

    /// The letters of a person's name with the given names first, and how many tokens they are; where a comma parts
    /// the names.
    pub(super) fn turned(&self, reading: &NameReading) -> Option<(&str, usize)> {
        let Turned { letters: (start, end), tokens } = reading.turned?;
        Some((&self.turned[start as usize..end as usize], tokens as usize))
    }
}

/// The readings of one entry under way.
struct OfEntry<'r> {
    readings: &'r mut NameReadings,
    words: &'r mut WordCount,
    /// Where the readings of the entry start.
    first: usize,
    /// Their words, once there are more than [`FEW`].
    known: FxHashSet<Box<str>>,
}

impl OfEntry<'_> {
    /// Adds every reading of a spelling: as listed, without what stands in brackets, the parts between strokes, and
    /// romanised.
    fn spelling(&mut self, entry: EntryId, is_person: bool, (at, name): (usize, &Name), folded: &mut Folded) {
        folded.fold(&name.text, Reading::Plain);
        let is_foreign = folded.is_foreign();
        let mut written = NameReading {
            entry,
            name: at as u16,
            reading: Reading::Plain,
            letters: (0, 0),
            tokens: (0, 0),
            lacks_vowels: false,
            before_comma: 0,
            turned: None,
        };
        if is_person {
            written.turned = self.turn(&name.text, folded);
        }
        self.add(written, folded);
        if let Some(bare) = without_brackets(&name.text) {
            folded.fold(&bare, Reading::Plain);
            if folded.squeezed().len() >= LEAST_WITHOUT_BRACKETS {
                self.add(written, folded);
            }
        }
        for part in alternatives(&name.text) {
            folded.fold(part, Reading::Plain);
            self.add(written, folded);
        }
        if is_foreign {
            folded.fold(&name.text, Reading::Romanised);
            let turned = if is_person { self.turn(&name.text, folded) } else { None };
            self.add(NameReading { reading: Reading::Romanised, turned, ..written }, folded);
        }
    }

    /// Counts the words of a reading and adds it, unless the entry has one of the same words.
    fn add(&mut self, reading: NameReading, folded: &Folded) {
        folded.tokens().iter().for_each(|token| self.words.count(folded.text(*token), reading.entry));
        let letters = folded.squeezed();
        if letters.is_empty() || self.is_known(folded) {
            return;
        }
        let all = &mut *self.readings;
        let (from, first_token) = (all.letters.len() as u32, all.tokens.len() as u32);
        all.letters.push_str(letters);
        all.tokens.extend_from_slice(folded.tokens());
        all.all.push(NameReading {
            letters: (from, all.letters.len() as u32),
            tokens: (first_token, all.tokens.len() as u32),
            lacks_vowels: folded.lacks_vowels(),
            before_comma: folded.tokens_before_comma().map_or(0, |count| count as u32),
            ..reading
        });
    }

    /// Whether a reading of the entry has these words already. `San Yong` and `Sanyong` are two: a word misspelt is not
    /// misspelt in the same place.
    fn is_known(&mut self, folded: &Folded) -> bool {
        let all = &*self.readings;
        let of_entry = &all.all[self.first..];
        let known = |known: &NameReading| {
            let (letters, tokens) = (known.letters, known.tokens);
            let tokens = &all.tokens[tokens.0 as usize..tokens.1 as usize];
            (&all.letters[letters.0 as usize..letters.1 as usize], tokens)
        };
        if of_entry.len() <= FEW {
            return of_entry.iter().any(|reading| known(reading) == (folded.squeezed(), folded.tokens()));
        }
        for reading in &of_entry[self.known.len()..] {
            let (letters, tokens) = known(reading);
            self.known.insert(spaced(letters, tokens));
        }
        self.known.contains(&spaced(folded.squeezed(), folded.tokens()))
    }

    /// The letters of the name with what stands behind the first comma of `text` first: `KIM, Jong Un` is Jong Un Kim.
    fn turn(&mut self, text: &str, folded: &Folded) -> Option<Turned> {
        let comma = text.find(',')? as u32;
        let tokens = folded.tokens();
        let is_behind = |token: &&Token| folded.original(token.start as usize, token.end as usize).0 > comma;
        let given_at = tokens.iter().find(is_behind)?.start;
        if given_at == 0 {
            return None;
        }
        let (family, given) = folded.squeezed().split_at(given_at as usize);
        let turned = &mut self.readings.turned;
        let start = turned.len() as u32;
        turned.push_str(given);
        turned.push_str(family);
        Some(Turned { letters: (start, turned.len() as u32), tokens: tokens.len() as u32 })
    }
}

/// The words with blanks between them.
fn spaced(letters: &str, tokens: &[Token]) -> Box<str> {
    let words: Vec<&str> = tokens.iter().map(|token| &letters[token.start as usize..token.end as usize]).collect();
    words.join(" ").into()
}

/// The parts of a name that gives several with a stroke between: `Al-Qa'ida/Islamic Army`. None when a part is
/// too short to be a name (`S/A`, `M/V X`) or the stroke stands inside a number.
pub(crate) fn alternatives(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_BETWEEN_STROKES;
    let several = text.contains('/') && text.split('/').all(is_name);
    text.split('/').filter(move |part| several && !is_generic(part)).map(str::trim)
}

/// Whether a part of a name is nothing but generic words and legal forms (`.../Information Technologies`): cut out of
/// its name, it is nobody's.
fn is_generic(part: &str) -> bool {
    let tables = Tables::get();
    let is_one = |word: &str| {
        tables.is_trade_word(word) || tables.is_everyday(word) || tables.is_place(word) || tables.is_legal_form(word)
    };
    let folded = Folded::of(part, Reading::Plain);
    // `OFF-SHORE`: one word written as two.
    is_one(folded.squeezed()) || folded.tokens().iter().all(|token| is_one(folded.text(*token)))
}

/// The text without what stands in brackets; `None` when there are none.
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
