//! Party cells, and parties inside running text: each name for itself, and the whole as running text.

use super::state::{Judge, PlacedHit, ReadAs};
use crate::matcher::{Field, How, Scratch, Strength};
use crate::name::found::SURE_OF_CUT;
use crate::place::Place;
use crate::record::{self, Cell, Relation, Segment, SegmentKind};
use crate::screen::readings::other_readings;
use model::entry::{Identifier, IdentifierType};
use model::shipment::Role;
use text::{Reading, beginning};

/// Words of a street between a name and the word or number that tells of an address, at most.
const MOST_OF_STREET: usize = 3;
/// Bytes behind a name in which those words are looked for.
const LOOKED_BEHIND: usize = 512;
/// Words of a cell that is searched as one name too, at most.
const SHORT_CELL: usize = 6;
/// Letters and digits of a number from which its label need not agree with the kind that the list says.
const LONG_NUMBER: usize = 8;
/// Words behind a number that may be a part of it, at most.
const MOST_WORDS: usize = 5;

impl<'a> Judge<'a> {
    /// Searches a party cell: the whole as running text, so that nothing in it is found less than in a goods line, and
    /// each of its names as a name, so that an address or another party beside it takes nothing from it.
    pub(super) fn cell(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        let cell = record::read_folded(text, Some(self.engine.index().folded(text, scratch)));
        self.cell_as_text(place, text, &cell, scratch);
        self.names_of_cell(place, text, &cell, None, scratch);
        self.numbers_of_cell(place, text, &cell);
        if cell.is_cut {
            self.truncated
                .push(format!("{place}: more parts than are read as names; the rest is read as running text"));
        }
        if let Place::PartyName(at) = place {
            self.prepared.keep_cell(at as usize, cell);
        }
    }

    /// Searches the parties that running text names with their role: `made by ...`, `SHIPPER: ...`.
    pub(super) fn opened_parties(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        let opened = record::parties_in_folded(text, Some(self.engine.index().folded(text, scratch)));
        for opened in opened {
            if scratch.stop_check().is_due() {
                return;
            }
            self.names_of_cell(place, text, &opened.cell, Some(opened.role), scratch);
            self.numbers_of_cell(place, text, &opened.cell);
        }
    }

    fn cell_as_text(&mut self, place: Place, text: &str, cell: &Cell, scratch: &mut Scratch) {
        let (floor, index) = (self.engine.policy().floor(true), self.engine.index());
        let read = |placed: &mut PlacedHit| {
            let (start, end) = placed.span;
            // Another letter in the word that tells a company is another company.
            let is_doubtful = matches!(placed.hit.how, How::Typo { is_doubtful: true, .. });
            if is_doubtful && cell.names().any(|name| name.is_sure && name.start <= start && end <= name.end) {
                placed.reads = ReadAs::PartOfName;
                return true;
            }
            let is_exact = matches!(placed.hit.how, How::Exact { .. }) && placed.hit.score >= SURE_OF_CUT;
            let name =
                cell.name_at(start, end).filter(|name| name.is_sure || placed.hit.score >= SURE_OF_CUT).or_else(|| {
                    // The cut is the grammar's guess; a listed name and an address behind it are no accident.
                    let is_strong = index.name(placed.hit.name).strength == Strength::Strong;
                    let words = if is_strong { MOST_OF_STREET } else { 1 };
                    let rest = beginning(&text[end as usize..], LOOKED_BEHIND);
                    let behind = || record::address_follows(rest, words);
                    cell.name_from(start).filter(|_| is_exact && behind())
                });
            placed.hit.is_whole = name.is_some();
            (placed.reads, placed.relation) = match name {
                Some(name) => (ReadAs::Name, name.relation),
                None if cell.touches_address(start, end) => (ReadAs::Address, record::Relation::Party),
                None => (ReadAs::Text, record::Relation::Party),
            };
            true
        };
        let whole = 0..text.len();
        self.search(place, text, whole.clone(), (Field::Text, Reading::Plain, floor), scratch, read);
        self.numbers_in_text(place, text, scratch);
        for reading in other_readings(text, scratch.folded()) {
            self.search(place, text, whole.clone(), (Field::Text, reading, floor), scratch, read);
        }
        // "C/O" behind a name looks like its legal form, which takes from the score of a name that has none.
        let care_of = |s: &&Segment| s.kind == SegmentKind::Relation && s.relation == Relation::CareOf && s.start > 0;
        if let Some(care_of) = cell.segments.iter().find(care_of) {
            self.search(place, text, 0..care_of.start as usize, (Field::Text, Reading::Plain, floor), scratch, read);
        }
    }

    fn names_of_cell(&mut self, place: Place, text: &str, cell: &Cell, role: Option<Role>, scratch: &mut Scratch) {
        let floor = self.engine.policy().floor(false);
        // A short cell may be one name with a place, a comma or a number in it (`GARCIA, Santos`, `10 Shipyard`): unless it is
        // surely one name, it is searched uncut too.
        let is_cut = cell.names().all(|name| !name.is_sure || name.span() != (0..text.trim_end().len()));
        if role.is_none() && is_cut && text.split_whitespace().count() <= SHORT_CELL {
            self.search_readings(place, text, 0..text.len(), (Field::Name, floor), scratch, |_| true);
        }
        let mut last: Option<&Segment> = None;
        for name in cell.names() {
            if scratch.stop_check().is_due() {
                return;
            }
            let is_again = last.is_some_and(|last| (last.start, last.end) == (name.start, name.end));
            last = Some(name);
            if !is_again {
                self.name_of_cell(place, text, name, role, floor, scratch);
            }
        }
    }

    fn name_of_cell(
        &mut self,
        place: Place,
        text: &str,
        name: &Segment,
        role: Option<Role>,
        floor: u16,
        scratch: &mut Scratch,
    ) {
        // Of a doubtful name only the listed name itself counts: nothing below need be compared.
        let floor = if name.is_sure { floor } else { floor.max(SURE_OF_CUT) };
        let settle = |placed: &mut PlacedHit| {
            let hit = &placed.hit;
            let is_exact = matches!(hit.how, How::Exact { .. }) && hit.is_whole && hit.score >= SURE_OF_CUT;
            placed.relation = name.relation;
            placed.role = name.relation.role().or(role);
            name.is_sure || is_exact
        };
        self.search_readings(place, text, name.span(), (Field::Name, floor), scratch, settle);
    }

    /// The numbers of a cell, by their labels and check digits; a long number whatever its label says.
    fn numbers_of_cell(&mut self, place: Place, text: &str, cell: &Cell) {
        self.check_cell(place, text, cell);
        for (kind, segment) in cell.identifiers() {
            let value = &text[segment.span()];
            let is_long = value.bytes().filter(u8::is_ascii_alphanumeric).count() >= LONG_NUMBER;
            let as_other = is_long.then_some(IdentifierType::Other);
            // "DE123456789" is listed with and without the letters of the country.
            let bare = value.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let without = (value.len() - bare.len() == 2).then(|| bare.trim_start());
            let with = with_word_before(text, segment);
            let mut hits = Vec::new();
            let mut look = |value: &str| {
                for kind in [Some(kind), as_other].into_iter().flatten() {
                    let given = Identifier { kind, value: value.to_owned(), country: None };
                    let before = hits.len();
                    self.engine.index().identifiers_of(&given, |entry, identifier| hits.push((entry, identifier)));
                    if hits.len() > before {
                        return true;
                    }
                }
                false
            };
            let is_found = [Some(value), without, with].into_iter().flatten().fold(false, |found, v| look(v) | found);
            if !is_found {
                with_words_behind(text, segment).into_iter().chain(without_groups(value)).any(look);
            }
            for (entry, identifier) in hits {
                self.number(place, text, (segment.start, segment.end), entry, identifier);
            }
        }
    }
}

/// The number without one or more of the groups of digits behind it, which may be of an address: `57622 14 High Street`.
fn without_groups(value: &str) -> impl Iterator<Item = &str> {
    value.char_indices().rev().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| &value[..at]).take(MOST_WORDS)
}

/// The number with one or more of the words behind it, longest first, to the next comma or line: `46-47 TOMO 460 L.`,
/// `16218702 (Medellin)`.
fn with_words_behind<'t>(text: &'t str, number: &Segment) -> Vec<&'t str> {
    let rest = &text[number.end as usize..];
    let rest = &rest[..rest.find([',', ';', '\n', '|']).unwrap_or(rest.len())];
    let ends = rest.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).skip(1).chain([rest.len()]);
    let ends: Vec<usize> = ends.take(MOST_WORDS).filter(|&end| !rest[..end].trim().is_empty()).collect();
    ends.into_iter().rev().map(|end| &text[number.start as usize..number.end as usize + end]).collect()
}

/// The number with the word before it, which may be a part of it rather than its label: `HRA 102533`.
fn with_word_before<'t>(text: &'t str, number: &Segment) -> Option<&'t str> {
    let joins = |c: char| matches!(c, ' ' | '-' | '.' | ':' | '/');
    let before = text[..number.start as usize].trim_end_matches(joins);
    let start = before.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| {
        let parting = before[at..].chars().next().map_or(1, char::len_utf8);
        at + parting
    });
    (start < before.len()).then(|| &text[start..number.end as usize])
}
