//! Finding listed names in a field: candidates from both stages, each decided by the comparison.

use super::anchors::AnchoredName;
use super::bound::{Bound, Reach};
use super::candidates::{Candidate, FieldShape, Leads, WordPlace, found_share};
use super::exact::{ExactMatch, Part};
use super::hit::{Field, Hit, How};
use super::identifiers::IdentifierHit;
use super::index::Index;
use super::name_record::NameRecord;
use super::recent::Asked;
use super::score::{Rest, exact_score, near_score, reading_cost, rest_of, weigh_rest};
use super::scratch::{FieldWords, ReadField, Scratch};
use crate::name::{Bearer, Class, Features, Margins, Tables, View, Word, compare, may_align_otherwise};
use model::country::Country;
use model::entry::Identifier;
use model::finding::Evidence;
use model::ids::EntryId;
use std::cmp::Reverse;
use text::{Folded, Reading};

/// Candidates of one field, at most; a bound on memory that no real field reaches.
const MAX_CANDIDATES: usize = 8192;
/// Names that are compared in one field, at most: those of which most was found.
const MAX_COMPARED: usize = 1024;
/// Comparisons between two checks whether the answer is still wanted; some microseconds each.
const COMPARED_BETWEEN_CHECKS: usize = 16;
/// Words of running text under this many letters are not taken for typos of a listed word.
const LEAST_LETTERS_MISREAD: usize = 5;

impl Index {
    /// Searches `text`, read as `reading`; the hits, the best of each name and place, are left in `scratch`. `floor` is the
    /// least score worth reporting, 0..=1000. Returns `true` when a limit was reached and some names were not compared.
    pub fn find(&self, text: &str, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) -> bool {
        scratch.start(text, reading, self);
        if scratch.folded().tokens().is_empty() {
            return false;
        }
        if field == Field::Name
            && let Some(is_truncated) = self.known_hits(text, reading, floor, scratch)
        {
            return is_truncated;
        }
        self.exact_hits(field, reading, floor, scratch);
        let Scratch { fields, memo, .. } = scratch;
        let ReadField { folded, known, .. } = &mut fields[reading as usize];
        memo.look_up(folded, self, known);
        let is_truncated = self.typo_hits(field, reading, floor, scratch) | self.gather(field, reading, floor, scratch);
        self.near_hits(field, reading, floor, scratch);
        best_of_each_place(&mut scratch.hits);
        if field == Field::Name && !scratch.stop.is_due() {
            scratch.recent.keep(text, reading, floor, &scratch.hits, is_truncated);
        }
        is_truncated
    }

    /// The hits of a name that was searched recently, or searched in advance; with whether that search reached a limit.
    fn known_hits(&self, text: &str, reading: Reading, floor: u16, scratch: &mut Scratch) -> Option<bool> {
        if let Some((hits, is_truncated)) = scratch.recent.of(text, reading, floor) {
            scratch.hits.extend_from_slice(hits);
            return Some(is_truncated);
        }
        let (hits, is_truncated) = self.expected.get()?.of(text, reading, floor)?;
        scratch.hits.extend_from_slice(hits);
        // Kept as this thread's own too, so that it is among the names that the thread reports as asked.
        scratch.recent.keep(text, reading, floor, hits, is_truncated);
        Some(is_truncated)
    }

    /// Searches names that are likely to be asked for, so that every thread finds them searched, for as long as
    /// `go_on` returns `true`. No answer depends on it. Once for an index; later calls have no effect.
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

    /// The evidence for a near hit in `text`, the field it was found in. The field is folded and parsed again only when
    /// `scratch` holds another one of the hit's reading.
    pub fn evidence(&self, text: &str, hit: &Hit, scratch: &mut Scratch) -> Vec<Evidence> {
        let record = self.name(hit.name);
        let margins = if hit.is_whole { Margins::Count } else { Margins::Free };
        let mut evidence = Vec::new();
        compare(self.matched(text, hit, scratch), self.listed(record).view(), margins, Some(&mut evidence));
        evidence
    }

    /// What agrees and differs between a hit in `text` and its name; the field is read as in [`Index::evidence`].
    /// `counts_beside` says that words of the field beside the hit speak for another name, rather than being an address.
    /// `country` is the party's, where it is known.
    pub fn features(
        &self,
        text: &str,
        hit: &Hit,
        country: Option<Country>,
        counts_beside: bool,
        scratch: &mut Scratch,
    ) -> Features {
        let record = self.name(hit.name);
        let of = if record.is_person { Bearer::Person(country) } else { Bearer::Company };
        let listed = self.listed(record);
        let listed = listed.view();
        let mut features = match hit.how {
            How::Exact { respaced, is_glued, .. } => Features::of_exact(listed, of, respaced, is_glued),
            How::Typo { edits, .. } => {
                let field = self.matched(text, hit, scratch);
                let by_words = Features::of_names(field, listed, of, |_| hit.is_whole);
                // Letters that run across words, and a legal form misspelt, do not show in a comparison word by word.
                if has_core(field, listed) {
                    Features::of_form_misspelt(listed, of)
                } else if by_words.is_aligned() {
                    by_words
                } else {
                    Features::of_edited(field, listed, of, edits)
                }
            }
            How::Near => {
                let field = self.matched(text, hit, scratch);
                return Features::of_names(field, listed, of, |_| hit.is_whole);
            }
        };
        if counts_beside && !hit.is_whole && of == Bearer::Company {
            let ReadField { folded, words, .. } = self.read_field(text, hit, scratch);
            let is_outside = |w: &&Word| w.end <= hit.start || w.start >= hit.end;
            features.add_beside(words.of(record, folded, self).iter().filter(is_outside).copied());
        }
        features
    }

    /// The field of a hit, read in the way that the hit was found.
    fn read_field<'s>(&self, text: &str, hit: &Hit, scratch: &'s mut Scratch) -> &'s mut ReadField {
        scratch.read(text, hit.reading, self);
        &mut scratch.fields[hit.reading as usize]
    }

    /// The words of the field that a hit stands on.
    fn matched<'s>(&self, text: &str, hit: &Hit, scratch: &'s mut Scratch) -> View<'s> {
        let ReadField { folded, words, .. } = self.read_field(text, hit, scratch);
        let words = words.of(self.name(hit.name), folded, self);
        // A legal form beside the match was part of the comparison.
        let is_form = |w: &Word| matches!(w.class, Class::LegalForm(_));
        let mut begin = words.partition_point(|w| w.start < hit.start);
        let mut end = words.partition_point(|w| w.end <= hit.end).max(begin);
        begin -= usize::from(begin > 0 && is_form(&words[begin - 1]));
        end += usize::from(words.get(end).is_some_and(is_form));
        View { text: folded.squeezed(), words: &words[begin..end] }
    }

    /// The folding of `text` as written. It is folded again only when `scratch` holds another text.
    pub(crate) fn folded<'s>(&self, text: &str, scratch: &'s mut Scratch) -> &'s Folded {
        scratch.read(text, Reading::Plain, self);
        &scratch.fields[Reading::Plain as usize].folded
    }

    /// The folding of `text` as written, to be taken away. It is folded again only when `scratch` holds another text.
    pub fn take_folded<'s>(&self, text: &str, scratch: &'s mut Scratch) -> &'s mut Folded {
        scratch.read(text, Reading::Plain, self);
        scratch.fields[Reading::Plain as usize].take()
    }

    /// Listed numbers in the running text searched last.
    pub fn identifiers_in_text(&self, scratch: &Scratch, found: impl FnMut(IdentifierHit)) {
        self.identifiers.in_text(scratch.folded(), &self.snapshot, found);
    }

    /// Calls `found` with the entries that list this number, each with which of its identifiers it is.
    pub fn identifiers_of(&self, given: &Identifier, found: impl FnMut(EntryId, u16)) {
        self.identifiers.of_party(given, &self.snapshot, found);
    }

    fn exact_hits(&self, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) {
        let Scratch { fields, hits, .. } = scratch;
        let ReadField { text, folded, words, .. } = &mut fields[reading as usize];
        let (text, folded) = (text.as_deref().unwrap_or_default(), &*folded);
        self.exact.find(folded, |found| {
            let (score, is_whole) = match field {
                Field::Name => self.exact_in_name(&found, reading, (text, folded), words),
                Field::Text => {
                    (exact_score(&found, self.name(found.using.name), reading, field, (text, folded)), false)
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
                    is_whole,
                });
            }
        });
    }

    /// The score of a name found letter for letter in a name field, and whether the field says nothing else.
    fn exact_in_name(
        &self,
        found: &ExactMatch,
        reading: Reading,
        (text, folded): (&str, &Folded),
        words: &mut FieldWords,
    ) -> (u16, bool) {
        let record = self.name(found.using.name);
        let score = exact_score(found, record, reading, Field::Name, (text, folded));
        let words = words.of(record, folded, self);
        let rest: Rest = rest_of(words, found);
        if !rest.is_there {
            return (score, rest.weight == 0);
        }
        let listed = self.listed(record);
        let listed = listed.view();
        let compared = compare(View { text: folded.squeezed(), words }, listed, Margins::Count, None).score;
        let most = compared.saturating_sub(reading_cost(record, reading));
        (weigh_rest(score, most, &rest, record, listed), rest.weight == 0)
    }

    /// Notes which words of the lists stand in the field.
    fn note_words(&self, field: Field, reading: Reading, scratch: &mut Scratch) {
        let Scratch { fields, memo, found_words, places, round, .. } = scratch;
        let ReadField { folded, known, .. } = &fields[reading as usize];
        found_words.clear();
        for (at, near) in memo.near(known) {
            let exact_only = field == Field::Text && folded.text(folded.tokens()[at]).len() < LEAST_LETTERS_MISREAD;
            for &(id, is_same) in near {
                if exact_only && !is_same {
                    continue;
                }
                let place = &mut places[id as usize];
                if place.round != *round {
                    found_words.push(id);
                } else if place.is_same && !is_same {
                    continue;
                }
                *place = WordPlace { round: *round, at: at as u32, is_same };
            }
        }
    }

    /// Follows the words of the field to the names that may be meant. Returns `true` when there were too many.
    fn gather(&self, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) -> bool {
        self.note_words(field, reading, scratch);
        let Scratch { fields, memo, found_words, places, progress, round, candidates, counterparts, .. } = scratch;
        let ReadField { folded, words, .. } = &mut fields[reading as usize];
        let shape = FieldShape::of(folded, field);
        let anchors = match field {
            Field::Name => &self.anchors,
            Field::Text => &self.text_anchors,
        };
        let mut is_truncated = false;
        for &word in found_words.iter() {
            let (here, names) = (places[word as usize], anchors.of(word));
            let leads = Leads::to(names.len());
            for &AnchoredName { name, share, .. } in names {
                // Almost every name that a common word leads to is dropped here, before its record is looked at.
                let progress = &mut progress[name.index()];
                if !progress.note_anchor(share, *round, &shape, leads) {
                    continue;
                }
                let record = self.name(name);
                let Some(candidate) = shape.candidate(name, record, (here, leads), places) else { continue };
                progress.is_candidate = true;
                if field == Field::Name {
                    let (words, field) = words.signed(record, folded, self, memo);
                    let bound = Bound { field, is_person: record.is_person, known: counterparts, round: *round, floor };
                    if !self.may_reach(bound, View { text: folded.squeezed(), words }, record) {
                        continue;
                    }
                }
                if candidates.len() == MAX_CANDIDATES {
                    is_truncated = true;
                    continue;
                }
                candidates.push(candidate);
            }
        }
        if field == Field::Name {
            is_truncated |= self.gather_by_letters(reading, floor, scratch);
        }
        self.keep_most_promising(&mut scratch.candidates) | is_truncated
    }

    /// Whether a comparison of the field with the name could reach what the bound asks for.
    pub(super) fn may_reach(&self, mut bound: Bound<'_>, field: View<'_>, record: &NameRecord) -> bool {
        match bound.reach(self.words.of(record), self.vocabulary.signatures()) {
            Reach::No => false,
            Reach::IfOtherwise => may_align_otherwise(&field, &self.listed(record).view()),
            Reach::May => true,
        }
    }

    /// Adds the names that share most runs of letters with a name field, and those that it may be the initials of or has
    /// for its initials. Returns `true` when there were too many.
    fn gather_by_letters(&self, reading: Reading, floor: u16, scratch: &mut Scratch) -> bool {
        let Scratch { fields, memo, progress, round, candidates, counterparts, overlap, by_letters, .. } = scratch;
        let ReadField { folded, words, .. } = &mut fields[reading as usize];
        let folded = &*folded;
        by_letters.clear();
        if may_be_abbreviated(folded) {
            let plain = View { text: folded.squeezed(), words: words.of_kind(false, folded, self) };
            self.acronyms.look_up(&plain, |name| by_letters.push((name, true)));
        }
        let mut is_truncated = self.letter_runs.likely(folded, overlap, |name| by_letters.push((name, false)));
        for (name, are_initials) in by_letters.drain(..) {
            if !progress[name.index()].note_letters(*round) {
                continue;
            }
            let record = self.name(name);
            // Signatures do not show what initials stand for.
            if !are_initials {
                let (words, field) = words.signed(record, folded, self, memo);
                let bound = Bound { field, is_person: record.is_person, known: counterparts, round: *round, floor };
                if !self.may_reach(bound, View { text: folded.squeezed(), words }, record) {
                    continue;
                }
            }
            if candidates.len() == MAX_CANDIDATES {
                is_truncated = true;
                break;
            }
            candidates.push(Candidate::of_whole_field(name));
        }
        is_truncated
    }

    /// Keeps as many candidates as are compared. Returns `true` when others were dropped.
    fn keep_most_promising(&self, candidates: &mut Vec<Candidate>) -> bool {
        if candidates.len() <= MAX_COMPARED {
            return false;
        }
        // Equal ones stay in the order of the index, so that the choice is the same on every run.
        candidates.sort_unstable_by_key(|c| (Reverse(found_share(self.name(c.name), c.mask)), c.name));
        candidates.truncate(MAX_COMPARED);
        true
    }

    fn near_hits(&self, field: Field, reading: Reading, floor: u16, scratch: &mut Scratch) {
        let Scratch { fields, candidates, hits, stop, .. } = scratch;
        let ReadField { folded, words, .. } = &mut fields[reading as usize];
        for (at, candidate) in candidates.iter().enumerate() {
            if at % COMPARED_BETWEEN_CHECKS == 0 && stop.is_due() {
                return;
            }
            let record = self.name(candidate.name);
            let words = words.of(record, folded, self);
            let (window, margins) = match field {
                Field::Name => (words, Margins::Count),
                Field::Text => (window(folded, words, candidate, record.word_count()), Margins::Free),
            };
            let field_view = View { text: folded.squeezed(), words: window };
            let compared = compare(field_view, self.listed(record).view(), margins, None);
            let score = near_score(&compared, record, reading, field);
            let (first, last) = compared.covered;
            if score < floor || window.is_empty() || first >= last {
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

/// Whether the field may be initials, or a name that has some: single letters, one word, or words of which one is a trade
/// word, a place, an everyday word or a legal form. Persons have no acronyms, and their names need not be parsed again.
fn may_be_abbreviated(folded: &Folded) -> bool {
    let tables = Tables::get();
    let tells = |word: &str| {
        tables.is_trade_word(word) || tables.is_everyday(word) || tables.is_place(word) || tables.is_legal_form(word)
    };
    let tokens = folded.tokens();
    tokens.len() == 1
        || tokens.iter().all(|token| token.end - token.start == 1)
        || tokens.iter().any(|token| tells(folded.text(*token)))
}

/// Whether all letters of a name but those of its legal forms stand in the field as they are listed.
fn has_core(field: View<'_>, listed: View<'_>) -> bool {
    let is_form = |word: &&Word| matches!(word.class, Class::LegalForm(_));
    let core: String = listed.words.iter().filter(|word| !is_form(word)).map(|word| listed.letters(word)).collect();
    let has_form = listed.words.iter().any(|word| is_form(&word));
    has_form && (field.squeezed().starts_with(&core) || field.squeezed().ends_with(&core))
}

/// The words around the anchors found, with room for the other words of the name on both sides.
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
    // Of equal scores the plainer explanation is kept: letter for letter, then a typo, then a comparison.
    hits.sort_unstable_by_key(|h| (h.name, h.start, Reverse((h.score, h.end)), h.how));
    hits.dedup_by_key(|h| (h.name, h.start));
}
