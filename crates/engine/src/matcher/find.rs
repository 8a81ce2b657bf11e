//! Finding listed names in a field: candidates from both stages, each decided by the comparison.

use super::anchors::Hang;
use super::candidates::{Candidate, Mark, Place, Shape, share};
use super::compile::{Index, NameRecord};
use super::exact::Part;
use super::halt::Halt;
use super::identifiers::IdentifierHit;
use super::memo::Memo;
use super::recent::{Asked, Recent};
use super::score::{Rest, exact_score, near_score, reading_cost, rest_of, weigh_rest};
use super::signs::{Bound, Cue, Sign};
use super::vocabulary::WordId;
use crate::name::{Class, Margins, View, Word, compare, parse};
use model::finding::Evidence;
use text::{Folded, Reading};

/// What kind of field is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A name: the whole field is one.
    Name,
    /// Running text: names may stand anywhere in it.
    Text,
}

/// How a name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Letter for letter but for a slip or two.
    Slip {
        /// Letters added, left out, exchanged or replaced.
        slips: u8,
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
const MAX_COMPARED: usize = 1024;
/// Comparisons between two questions whether the answer is still wanted; some microseconds each.
const COMPARED_AT_A_STRETCH: usize = 16;
/// Working memory of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    folded: Folded,
    words: FieldWords,
    memo: Memo,
    recent: Recent,
    /// The index that all of this belongs to; 0 for none.
    memo_of: u64,
    /// For each word of the vocabulary, where it was met.
    places: Vec<Place>,
    /// The words met in this field.
    met_words: Vec<WordId>,
    /// For each name, what of it was met.
    marks: Vec<Mark>,
    round: u32,
    candidates: Vec<Candidate>,
    hits: Vec<Hit>,
    halt: Halt,
}

/// The words of the field, parsed when first asked for: as a company's name or prose, and as a person's name.
#[derive(Debug, Default)]
pub(super) struct FieldWords {
    plain: Parsed,
    person: Parsed,
}

#[derive(Debug, Default)]
struct Parsed {
    words: Vec<Word>,
    cues: Vec<Cue>,
}

impl FieldWords {
    fn clear(&mut self) {
        for parsed in [&mut self.plain, &mut self.person] {
            parsed.words.clear();
            parsed.cues.clear();
        }
    }

    fn parsed(&mut self, record: &NameRecord, folded: &Folded, index: &Index) -> &mut Parsed {
        let parsed = if record.is_person { &mut self.person } else { &mut self.plain };
        if parsed.words.is_empty() {
            parse(folded, folded.tokens(), record.is_person, index, &mut parsed.words);
        }
        parsed
    }

    pub(super) fn of(&mut self, record: &NameRecord, folded: &Folded, index: &Index) -> &[Word] {
        &self.parsed(record, folded, index).words
    }

    /// The words with their signs, but for legal forms.
    fn cues(&mut self, record: &NameRecord, folded: &Folded, index: &Index, memo: &mut Memo) -> &[Cue] {
        let parsed = self.parsed(record, folded, index);
        if parsed.cues.is_empty() {
            let view = View { text: folded.squeezed(), words: &parsed.words };
            let telling = view.words.iter().filter(|w| !matches!(w.class, Class::LegalForm(_)));
            parsed.cues.extend(telling.map(|word| {
                let letters = view.letters(word);
                let sign = if is_word(letters) { memo.of(letters, index).sign } else { Sign::of(letters) };
                Cue { sign, class: word.class, weight: word.weight }
            }));
        }
        &parsed.cues
    }
}

/// Whether the letters are looked up as a word of the lists.
pub(super) fn is_word(letters: &str) -> bool {
    (2..=64).contains(&letters.len())
}

impl Scratch {
    /// The folded field of the last search; hits point into it.
    pub fn folded(&self) -> &Folded {
        &self.folded
    }

    /// The folded field of the last search, to be taken away when its hits have been read.
    pub fn folded_mut(&mut self) -> &mut Folded {
        &mut self.folded
    }

    pub(super) fn push_hit(&mut self, hit: Hit) {
        self.hits.push(hit);
    }

    /// The hits of the last search.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// The names searched lately, in no order.
    pub fn asked(&self) -> impl Iterator<Item = Asked> {
        self.recent.asked()
    }

    /// Forgets which names were searched lately, but not their words. No answer depends on it; measurements do.
    pub fn forget_names(&mut self) {
        self.recent.clear();
    }

    /// The parts that [`super::slips`] works with.
    pub(super) fn for_slips(&mut self) -> (&Folded, &mut Memo, &mut FieldWords, &mut Vec<Hit>, &mut Halt) {
        (&self.folded, &mut self.memo, &mut self.words, &mut self.hits, &mut self.halt)
    }

    /// When to give up; a search that was is void.
    pub fn halt(&mut self) -> &mut Halt {
        &mut self.halt
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
        self.start_round(scratch);
        if field == Field::Name {
            if let Some((hits, was_cut)) = scratch.recent.of(text, reading, floor) {
                scratch.hits.extend_from_slice(hits);
                return was_cut;
            }
            if let Some((hits, was_cut)) = self.expected.get().and_then(|e| e.of(text, reading, floor)) {
                scratch.hits.extend_from_slice(hits);
                // So that this thread, asked for its names, tells of it.
                scratch.recent.keep(text, reading, floor, hits, was_cut);
                return was_cut;
            }
        }
        self.exact_hits(field, reading, floor, scratch);
        let was_cut = self.slip_hits(field, reading, floor, scratch) | self.gather(field, floor, scratch);
        self.near_hits(field, reading, floor, scratch);
        best_of_each_place(&mut scratch.hits);
        if field == Field::Name && !scratch.halt.is_due() {
            scratch.recent.keep(text, reading, floor, &scratch.hits, was_cut);
        }
        was_cut
    }

    /// Searches names that are likely to be asked for, so that every thread finds them searched, for as long as
    /// `go_on` says. No answer depends on it. Once for an index; what is expected later is ignored.
    pub fn expect_names(&self, asked: &[Asked], mut go_on: impl FnMut() -> bool) {
        let mut scratch = Scratch::default();
        for Asked { name, reading, floor } in asked {
            if !scratch.recent.has_room() || !go_on() {
                break;
            }
            self.find(name, Field::Name, *reading, *floor, &mut scratch);
        }
        let _is_first = self.expected.set(scratch.recent);
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
    pub fn identifiers_of(&self, given: &model::entry::Identifier, found: impl FnMut(u32, u16)) {
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
                Field::Name if !rest.is_there => score,
                Field::Name => {
                    let listed = self.view(record);
                    let whole = View { text: folded.squeezed(), words: words.of(record, folded, self) };
                    let compared = compare(whole, listed, Margins::Count, None).score;
                    weigh_rest(score, compared.saturating_sub(reading_cost(record, reading)), &rest, record, listed)
                }
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
    fn gather(&self, field: Field, floor: u16, scratch: &mut Scratch) -> bool {
        let Scratch { folded, words, memo, met_words, places, marks, round, candidates, .. } = scratch;
        met_words.clear();
        for (at, token) in folded.tokens().iter().enumerate() {
            let word = folded.text(*token);
            if !is_word(word) {
                continue;
            }
            let known = memo.of(word, self);
            // A short word is one edit from too many others to be misread in running text.
            let exact_only = field == Field::Text && word.len() < 5;
            for &(id, is_same) in memo.near(known) {
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
            for &Hang { name, share, .. } in anchors.of(word) {
                // Almost every name that a common word leads to is left here, before its record is looked at.
                let mark = &mut marks[name as usize];
                if !mark.meets(share, *round, &shape) {
                    continue;
                }
                let record = self.name(name);
                let Some(candidate) = shape.candidate(name, record, here, places) else { continue };
                mark.is_candidate = true;
                if field == Field::Name {
                    let bound = Bound { field: words.cues(record, folded, self, memo), floor };
                    if !bound.may_reach(self.view(record).words, |at| self.sign(record, at)) {
                        continue;
                    }
                }
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
            scratch.recent.clear();
            scratch.places.clear();
            scratch.places.resize(self.vocabulary.len(), Place::default());
            scratch.marks.clear();
            scratch.marks.resize(self.name_count(), Mark::default());
            scratch.round = 0;
        }
        scratch.round = scratch.round.wrapping_add(1);
        if scratch.round == 0 {
            scratch.places.fill(Place::default());
            scratch.marks.fill(Mark::default());
            scratch.round = 1;
        }
    }

    fn near_hits(&self, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) {
        let Scratch { folded, words, candidates, hits, halt, .. } = scratch;
        if candidates.is_empty() {
            return;
        }
        for (at, candidate) in candidates.iter().enumerate() {
            if at % COMPARED_AT_A_STRETCH == 0 && halt.is_due() {
                return;
            }
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
    // Of equally good ones the plainer explanation stands: letter for letter, then a slip, then a comparison.
    hits.sort_unstable_by_key(|h| (h.name, h.start, std::cmp::Reverse((h.score, h.end)), h.how));
    hits.dedup_by_key(|h| (h.name, h.start));
}
