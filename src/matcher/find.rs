//! Finding listed names in a field: candidates from both stages, each decided by the comparison.

use super::candidates::{Candidate, Place, Shape, share};
use super::compile::{Index, NameRecord, Strength};
use super::exact::{ExactMatch, Part};
use super::identifiers::IdentifierHit;
use super::vocabulary::WordId;
use crate::finding::Evidence;
use crate::name::{Class, Compared, Margins, View, Word, compare, parse};
use crate::text::{Folded, Reading};
use rustc_hash::FxHashMap;

/// What kind of field is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A name: the whole field is one.
    Name,
    /// Running text: names may stand anywhere in it.
    Text,
}

/// How a name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Letter for letter on token boundaries.
    Exact {
        /// The legal form was left out.
        without_form: bool,
        /// Blanks added or taken out.
        respaced: u8,
        /// One end is glued to a neighbouring word.
        is_glued: bool,
    },
    /// By comparison.
    Near,
}

/// A listed name found in a field; positions are bytes of the squeezed text of the reading.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// Number of the name in the index.
    pub name: u32,
    /// 0..=1000.
    pub score: u16,
    /// First squeezed byte.
    pub start: u32,
    /// One past the last squeezed byte.
    pub end: u32,
    /// How it was found.
    pub how: How,
    /// How the field's letters were read.
    pub reading: Reading,
    /// Whether the field says nothing else: for a name, nothing but legal forms outside the match.
    pub is_whole: bool,
}

/// Names that come into question in one field, at most; a bound on memory that no real field meets.
const MAX_CANDIDATES: usize = 8192;
/// Names that are compared in one field, at most: those whose words are met best.
const MAX_COMPARED: usize = 384;
/// Words of a memo before it is emptied; text tokens repeat, hostile ones do not.
const MAX_MEMO: usize = 200_000;
/// Letters from which a name with all its words is no accident in running text.
const LONG: u32 = 12;
/// A name of one telling word among other telling words is no match.
const ONE_OF_SEVERAL: u16 = 650;
/// What reading letters otherwise than written costs.
const ROMANISED: u16 = 40;
const LOOK_ALIKE: u16 = 30;

/// Working memory of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    folded: Folded,
    words: FieldWords,
    /// Word of text to the vocabulary words near it, with whether each is the word itself.
    memo: FxHashMap<Box<str>, (u32, u32)>,
    memo_rows: Vec<(WordId, bool)>,
    /// The index that all of this belongs to; 0 for none.
    memo_of: u64,
    /// For each word of the vocabulary, where it was met.
    places: Vec<Place>,
    /// The words met in this field.
    met_words: Vec<WordId>,
    /// For each name, the round in which it became a candidate.
    seen_names: Vec<u32>,
    round: u32,
    candidates: Vec<Candidate>,
    hits: Vec<Hit>,
}

/// The words of the field, parsed when first asked for: as a company's name or prose, and as a person's name.
#[derive(Debug, Default)]
struct FieldWords {
    plain: Vec<Word>,
    person: Vec<Word>,
}

impl FieldWords {
    fn clear(&mut self) {
        self.plain.clear();
        self.person.clear();
    }

    fn of(&mut self, record: &NameRecord, folded: &Folded, index: &Index) -> &[Word] {
        let words = if record.is_person { &mut self.person } else { &mut self.plain };
        if words.is_empty() {
            parse(folded, folded.tokens(), record.is_person, index, words);
        }
        words
    }
}

impl Scratch {
    /// The folded field of the last search; hits point into it.
    pub fn folded(&self) -> &Folded {
        &self.folded
    }

    pub(super) fn push_hit(&mut self, hit: Hit) {
        self.hits.push(hit);
    }

    /// The hits of the last search.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }
}

impl Index {
    /// Searches `text`, read as `reading`; the hits, the best of each name and place, are left in `scratch`. `floor` is the
    /// least score worth reporting. Returns `true` when some names that came into question were left out.
    pub fn find(&self, text: &str, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) -> bool {
        scratch.hits.clear();
        scratch.candidates.clear();
        scratch.words.clear();
        scratch.folded.fold(text, reading);
        if scratch.folded.tokens().is_empty() {
            return false;
        }
        self.exact_hits(field, reading, floor, scratch);
        let was_cut = self.gather(field, scratch);
        self.near_hits(field, reading, floor, scratch);
        best_of_each_place(&mut scratch.hits);
        was_cut
    }

    /// What spoke for and against a near hit in `text`, the field it was found in.
    pub fn evidence(&self, text: &str, hit: &Hit) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        let folded = Folded::of(text, hit.reading);
        let mut words = Vec::new();
        let is_person = self.name(hit.name).is_person;
        parse(&folded, folded.tokens(), is_person, self, &mut words);
        // A legal form beside the match was part of the comparison.
        let is_form = |w: &Word| matches!(w.class, Class::LegalForm(_));
        let mut begin = words.partition_point(|w| w.start < hit.start);
        let mut end = words.partition_point(|w| w.end <= hit.end).max(begin);
        begin -= usize::from(begin > 0 && is_form(&words[begin - 1]));
        end += usize::from(words.get(end).is_some_and(is_form));
        let margins = if hit.is_whole { Margins::Count } else { Margins::Free };
        let listed = self.view(self.name(hit.name));
        compare(View { text: folded.squeezed(), words: &words[begin..end] }, listed, margins, Some(&mut evidence));
        evidence
    }

    /// Listed numbers in running text folded last.
    pub fn identifiers_in_text(&self, scratch: &Scratch, found: impl FnMut(IdentifierHit)) {
        self.identifiers.in_text(&scratch.folded, self.snapshot().entries(), found);
    }

    /// Entries that list this number.
    pub fn identifiers_of(&self, given: &crate::entry::Identifier, found: impl FnMut(u32, u16)) {
        self.identifiers.of_party(given, self.snapshot().entries(), found);
    }

    fn exact_hits(&self, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) {
        let Scratch { folded, words, hits, .. } = scratch;
        let folded = &*folded;
        self.exact.find(folded, |found| {
            let record = self.name(found.using.name);
            let score = exact_score(&found, record, reading, field, folded);
            let rest = match field {
                Field::Name => rest_of(words.of(record, folded, self), &found),
                Field::Text => Rest::default(),
            };
            let score = match field {
                Field::Text => score,
                Field::Name => weigh_rest(score, &rest, record, self.view(record)),
            };
            if score >= floor {
                hits.push(Hit {
                    name: found.using.name,
                    score,
                    start: found.start as u32,
                    end: found.end as u32,
                    how: How::Exact {
                        without_form: found.using.part == Part::Core,
                        respaced: found.respaced,
                        is_glued: found.is_glued,
                    },
                    reading,
                    is_whole: field == Field::Name && rest.weight == 0,
                });
            }
        });
    }

    /// Notes which words of the lists stand in the field, and follows the rare ones to the names that may be meant.
    fn gather(&self, field: Field, scratch: &mut Scratch) -> bool {
        self.start_round(scratch);
        let Scratch { folded, memo, memo_rows, met_words, places, seen_names, round, candidates, .. } = scratch;
        met_words.clear();
        for (at, token) in folded.tokens().iter().enumerate() {
            let word = folded.text(*token);
            if word.len() < 2 || word.len() > 64 {
                continue;
            }
            let range = match memo.get(word) {
                Some(&range) => range,
                None => self.remember(word, memo, memo_rows),
            };
            // A short word is one edit from too many others to be misread in running text.
            let exact_only = field == Field::Text && word.len() < 5;
            for &(id, is_same) in &memo_rows[range.0 as usize..range.1 as usize] {
                if exact_only && !is_same {
                    continue;
                }
                let place = &mut places[id as usize];
                if place.round != *round {
                    met_words.push(id);
                } else if place.is_same && !is_same {
                    continue;
                }
                *place = Place { round: *round, at: at as u32, is_same };
            }
        }
        let shape = Shape::of(folded, field);
        let anchors = match field {
            Field::Name => &self.anchors,
            Field::Text => &self.text_anchors,
        };
        let mut was_cut = false;
        for &word in met_words.iter() {
            let here = places[word as usize];
            for &(name, _) in anchors.of(word) {
                if seen_names[name as usize] == *round {
                    continue;
                }
                let record = self.name(name);
                let Some(candidate) = shape.candidate(name, record, here, places) else { continue };
                seen_names[name as usize] = *round;
                if candidates.len() == MAX_CANDIDATES {
                    was_cut = true;
                    continue;
                }
                candidates.push(candidate);
            }
        }
        if candidates.len() > MAX_COMPARED {
            // The order of equal ones is theirs in the list, so that the choice is the same on every run.
            candidates.sort_unstable_by_key(|c| (std::cmp::Reverse(share(self.name(c.name), c.mask)), c.name));
            candidates.truncate(MAX_COMPARED);
            was_cut = true;
        }
        was_cut
    }

    /// Makes the working memory fit this index and forgets the last field.
    fn start_round(&self, scratch: &mut Scratch) {
        if scratch.memo_of != self.id() {
            scratch.memo_of = self.id();
            scratch.memo.clear();
            scratch.memo_rows.clear();
            scratch.places.clear();
            scratch.places.resize(self.vocabulary.len(), Place::default());
            scratch.seen_names.clear();
            scratch.seen_names.resize(self.name_count(), 0);
            scratch.round = 0;
        }
        scratch.round = scratch.round.wrapping_add(1);
        if scratch.round == 0 {
            scratch.places.fill(Place::default());
            scratch.seen_names.fill(0);
            scratch.round = 1;
        }
    }

    /// Looks a word up and keeps the answer: the words of texts repeat.
    #[cold]
    fn remember(
        &self,
        word: &str,
        memo: &mut FxHashMap<Box<str>, (u32, u32)>,
        rows: &mut Vec<(WordId, bool)>,
    ) -> (u32, u32) {
        if memo.len() >= MAX_MEMO {
            memo.clear();
            rows.clear();
        }
        let start = rows.len();
        let same = self.vocabulary.id(word);
        if !word.bytes().all(|b| b.is_ascii_digit()) {
            self.deletions.look_up(word, |id| {
                if !rows[start..].iter().any(|row| row.0 == id) {
                    rows.push((id, Some(id) == same));
                }
            });
        }
        if let Some(id) = same
            && !rows[start..].iter().any(|row| row.0 == id)
        {
            rows.push((id, true));
        }
        let range = (start as u32, rows.len() as u32);
        memo.insert(word.into(), range);
        range
    }

    fn near_hits(&self, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) {
        let Scratch { folded, words, candidates, hits, .. } = scratch;
        if candidates.is_empty() {
            return;
        }
        for candidate in candidates.iter() {
            let record = self.name(candidate.name);
            let listed = self.view(record);
            let words = words.of(record, folded, self);
            let (window, margins) = match field {
                Field::Name => (words, Margins::Count),
                Field::Text => (window(folded, words, candidate, record.word_count()), Margins::Free),
            };
            let field_view = View { text: folded.squeezed(), words: window };
            let compared = compare(field_view, listed, margins, None);
            let score = near_score(&compared, record, reading, field);
            if score < floor || window.is_empty() {
                continue;
            }
            let (first, last) = compared.covered;
            if first >= last {
                continue;
            }
            hits.push(Hit {
                name: candidate.name,
                score,
                start: window[first].start,
                end: window[last - 1].end,
                how: How::Near,
                reading,
                is_whole: field == Field::Name,
            });
        }
    }
}

fn exact_score(found: &ExactMatch, record: &NameRecord, reading: Reading, field: Field, folded: &Folded) -> u16 {
    let mut score = 1000 - 10 * u16::from(found.respaced.min(8));
    if found.using.part == Part::Core {
        score -= 20;
        if field == Field::Text && record.strength != Strength::Strong {
            score -= 40;
        }
    }
    if found.is_glued {
        score -= 60;
    }
    // A word that stands split or joined in running text may be an accident of two other words.
    if found.respaced > 0 && found.end - found.start < 12 {
        score -= 40 * u16::from(found.respaced.min(4));
    }
    score.saturating_sub(reading_cost(record, reading)).min(if is_cut_short(folded, found) { 990 } else { 1000 })
}

/// A single letter directly before or after the match speaks for a longer name: `DJI A`.
fn is_cut_short(folded: &Folded, found: &ExactMatch) -> bool {
    let tokens = folded.tokens();
    let (first, last) = (folded.token_at(found.start), folded.token_at(found.end - 1));
    let single = |at: usize| {
        tokens.get(at).is_some_and(|t| t.end - t.start == 1 && folded.text(*t).as_bytes()[0].is_ascii_alphabetic())
    };
    (first > 0 && single(first - 1)) || single(last + 1)
}

pub(super) fn reading_cost(record: &NameRecord, reading: Reading) -> u16 {
    let of_record = if record.reading == Reading::Romanised { ROMANISED } else { 0 };
    of_record
        + match reading {
            Reading::Plain => 0,
            Reading::LookAlike => LOOK_ALIKE,
            Reading::Romanised => ROMANISED,
        }
}

fn near_score(compared: &Compared, record: &NameRecord, reading: Reading, field: Field) -> u16 {
    let mut score = compared.score.saturating_sub(reading_cost(record, reading));
    if field == Field::Text {
        // In running text one telling word says too little, unless every word of the name stands with it.
        let is_long = compared.is_complete && compared.letters >= LONG;
        if record.strength != Strength::Strong || (compared.distinctive < 2 && !is_long) {
            score = score.min(690);
        }
    }
    score
}

/// What a name field says beside the match.
#[derive(Default)]
struct Rest {
    weight: u32,
    /// The rest is trade words, places and numbers only.
    is_plain: bool,
}

fn rest_of(words: &[Word], found: &ExactMatch) -> Rest {
    let outside = words.iter().filter(|w| w.end as usize <= found.start || w.start as usize >= found.end);
    let mut rest = Rest { weight: 0, is_plain: true };
    for word in outside {
        rest.weight += u32::from(word.weight);
        rest.is_plain &= word.class != Class::Distinctive;
    }
    rest
}

/// A listed name that is only part of the field: the more else the field says, the less it is the listed party.
/// A strong name stays worth a review, whatever stands around it ("on behalf of ...").
fn weigh_rest(score: u16, rest: &Rest, record: &NameRecord, listed: View<'_>) -> u16 {
    if rest.weight == 0 {
        return score;
    }
    let own: u32 = listed.words.iter().map(|w| u32::from(w.weight)).sum::<u32>().max(1);
    let loss = (rest.weight * 850 / (2 * own + rest.weight)) as u16;
    if record.strength != Strength::Strong && !rest.is_plain {
        return score.saturating_sub(loss).min(ONE_OF_SEVERAL);
    }
    let floor = if record.strength == Strength::Strong && listed.squeezed().len() >= 14 { 730 } else { 0 };
    score.saturating_sub(loss).max(floor.min(score))
}

/// The words around the anchors met, with room for the words of the name on both sides.
fn window<'w>(folded: &Folded, words: &'w [Word], candidate: &Candidate, length: usize) -> &'w [Word] {
    let tokens = folded.tokens();
    let missing = length.saturating_sub(candidate.mask.count_ones() as usize) + 1;
    let first = (candidate.first as usize).saturating_sub(missing);
    let last = (candidate.last as usize + missing).min(tokens.len() - 1);
    let (from, to) = (tokens[first].start, tokens[last].end);
    let begin = words.partition_point(|w| w.start < from);
    let end = words.partition_point(|w| w.end <= to);
    &words[begin..end.max(begin)]
}

fn best_of_each_place(hits: &mut Vec<Hit>) {
    hits.sort_unstable_by_key(|h| (h.name, h.start, std::cmp::Reverse((h.score, h.end))));
    hits.dedup_by_key(|h| (h.name, h.start));
}
