//! Party cells, and parties inside running text: each name for itself, and the whole as running text.

use super::state::{Judge, PlacedHit, ReadAs};
use crate::matcher::{Field, How, Scratch};
use crate::place::Place;
use crate::record::{self, Cell, Segment};
use crate::screen::readings::readings;
use model::entry::{Identifier, IdentifierType};
use model::shipment::Role;
use text::Reading;

/// What a doubtful name scores at the least to count.
const SURE: u16 = 940;
/// Letters and digits of a number from which its label need not agree with the kind that the list says.
const LONG_NUMBER: usize = 8;

impl<'a> Judge<'a> {
    /// Searches a party cell: the whole as running text, so that nothing in it is found less than in a goods line, and
    /// each of its names as a name, so that an address or another party beside it takes nothing from it.
    pub(super) fn cell(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        let cell = record::read(text);
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
        for opened in record::parties_in_text(text) {
            self.names_of_cell(place, text, &opened.cell, Some(opened.role), scratch);
            self.numbers_of_cell(place, text, &opened.cell);
        }
    }

    fn cell_as_text(&mut self, place: Place, text: &str, cell: &Cell, scratch: &mut Scratch) {
        let index = self.engine.index();
        let floor = self.engine.policy().floor(true);
        let all = (0, text.len() as u32);
        for reading in readings(text) {
            if index.find(text, Field::Text, reading, floor, scratch) {
                self.truncated.push(format!("{place}: more listed names are similar than are compared; not all were"));
            }
            let folded = scratch.folded();
            for hit in scratch.hits() {
                let span = folded.original(hit.start as usize, hit.end as usize);
                let name = cell.name_at(span.0, span.1).filter(|name| name.is_sure || hit.score >= SURE);
                let mut hit = *hit;
                hit.is_whole = name.is_some();
                let (reads, relation) = match name {
                    Some(name) => (ReadAs::Name, name.relation),
                    None if cell.touches_address(span.0, span.1) => (ReadAs::Address, record::Relation::Party),
                    None => (ReadAs::Text, record::Relation::Party),
                };
                let entry = index.name(hit.name).entry;
                self.hits.push(PlacedHit { hit, entry, span, within: all, reads, relation, role: None });
            }
            if reading == Reading::Plain {
                self.numbers_in_text(place, text, scratch);
                if let Place::PartyName(at) = place {
                    self.prepared.keep_name(at as usize, scratch.folded_mut());
                }
            }
        }
    }

    fn names_of_cell(&mut self, place: Place, text: &str, cell: &Cell, role: Option<Role>, scratch: &mut Scratch) {
        let floor = self.engine.policy().floor(false);
        let mut last: Option<&Segment> = None;
        for name in cell.names() {
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
        let index = self.engine.index();
        let written = &text[name.span()];
        for reading in readings(written) {
            if index.find(written, Field::Name, reading, floor, scratch) {
                self.truncated.push(format!("{place}: more listed names are similar than are compared; not all were"));
            }
            for hit in scratch.hits() {
                let is_exact = matches!(hit.how, How::Exact { .. }) && hit.is_whole && hit.score >= SURE;
                if !name.is_sure && !is_exact {
                    continue;
                }
                let (from, to) = scratch.folded().original(hit.start as usize, hit.end as usize);
                self.hits.push(PlacedHit {
                    hit: *hit,
                    entry: index.name(hit.name).entry,
                    span: (from + name.start, to + name.start),
                    within: (name.start, name.end),
                    reads: ReadAs::Name,
                    relation: name.relation,
                    role: name.relation.role().or(role),
                });
            }
        }
    }

    /// The numbers of a cell, by their labels and check digits; a long number whatever its label says.
    fn numbers_of_cell(&mut self, place: Place, text: &str, cell: &Cell) {
        for (kind, segment) in cell.identifiers() {
            let value = &text[segment.span()];
            let is_long = value.bytes().filter(u8::is_ascii_alphanumeric).count() >= LONG_NUMBER;
            let as_other = is_long.then_some(IdentifierType::Other);
            // "DE123456789" is listed with and without the letters of the country.
            let bare = value.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let without = (value.len() - bare.len() == 2).then(|| bare.trim_start());
            let with = with_word_before(text, segment);
            let mut hits = Vec::new();
            for value in [Some(value), without, with].into_iter().flatten() {
                for kind in [Some(kind), as_other].into_iter().flatten() {
                    let given = Identifier { kind, value: value.to_owned(), country: None };
                    self.engine.index().identifiers_of(&given, |entry, identifier| hits.push((entry, identifier)));
                    if !hits.is_empty() {
                        break;
                    }
                }
            }
            for (entry, identifier) in hits {
                self.number(place, text, (segment.start, segment.end), entry, identifier);
            }
        }
    }
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
