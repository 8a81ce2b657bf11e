//! One field: searched in every reading worth it, then judged.

use super::state::{Judge, PlacedHit, ReadAs};
use crate::matcher::{Field, Scratch};
use crate::place::Place;
use crate::record::Relation;
use crate::screen::readings::other_readings;
use std::ops::Range;
use text::Reading;

/// Bytes of a text that is searched as one name, at most: five times the longest listed name. Each listed name found in a
/// name is compared with all of it, which for a text of any length would be its length times itself. A longer one is
/// searched as running text.
const LONGEST_NAME: usize = 2048;

/// Letters of a name that is found in disguise, at least; shorter ones would be found by chance.
const LEAST_UNDISGUISED: usize = 6;

impl<'a> Judge<'a> {
    /// Searches one field and judges what it holds.
    pub(in crate::screen) fn field(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        if matches!(place, Place::VesselImo(_)) {
            return;
        }
        self.hits.clear();
        match place {
            Place::PartyName(_) | Place::PartyOtherName(..) => self.cell(place, text, scratch),
            _ => self.whole_field(place, text, scratch),
        }
        if matches!(place, Place::GoodsDescription(_) | Place::GoodsMarks(_)) {
            self.opened_parties(place, text, scratch);
        }
        self.names(place, text, scratch);
        let index = self.engine.index();
        match place {
            Place::PartyName(at) => self.prepared.keep_name(at as usize, index.take_folded(text, scratch)),
            Place::PartyAddress(at) => self.prepared.keep_address(at as usize, index.take_folded(text, scratch)),
            Place::GoodsDescription(at) => {
                self.prepared.keep_description(at as usize, index.take_folded(text, scratch));
            }
            _ => {}
        }
    }

    /// Searches a field as one name or one text.
    fn whole_field(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        let is_too_long = text.len() > LONGEST_NAME;
        if place.is_name() && is_too_long {
            // What follows says the limit.
            self.search(place, text, 0..text.len(), (Field::Name, Reading::Plain, 0), scratch, |_| false);
        }
        let field = if place.is_name() && !is_too_long { Field::Name } else { Field::Text };
        let floor = self.engine.policy().floor(!place.is_name());
        self.search(place, text, 0..text.len(), (field, Reading::Plain, floor), scratch, |_| true);
        if field == Field::Text {
            self.numbers_in_text(place, text, scratch);
        }
        if place.is_goods() {
            self.brands(place, text, scratch.folded());
        }
        for reading in other_readings(text, scratch.folded()) {
            self.search(place, text, 0..text.len(), (field, reading, floor), scratch, |_| true);
        }
        if place.is_name() {
            self.names_given(place, text, floor, scratch);
        }
    }

    /// Searches the bytes `within` of a field in every reading worth it.
    pub(super) fn search_readings(
        &mut self,
        place: Place,
        text: &str,
        within: Range<usize>,
        (field, floor): (Field, u16),
        scratch: &mut Scratch,
        mut settle: impl FnMut(&mut PlacedHit) -> bool,
    ) {
        self.search(place, text, within.clone(), (field, Reading::Plain, floor), scratch, &mut settle);
        for reading in other_readings(&text[within.clone()], scratch.folded()) {
            self.search(place, text, within.clone(), (field, reading, floor), scratch, &mut settle);
        }
    }

    /// Searches the bytes `within` of a field in one reading, and keeps the hits that `settle` keeps.
    pub(super) fn search(
        &mut self,
        place: Place,
        text: &str,
        within: Range<usize>,
        (field, reading, floor): (Field, Reading, u16),
        scratch: &mut Scratch,
        mut settle: impl FnMut(&mut PlacedHit) -> bool,
    ) {
        let index = self.engine.index();
        if field == Field::Name && within.len() > LONGEST_NAME {
            let said = format!("{place}: a name of more than {LONGEST_NAME} bytes is read as running text only");
            if self.truncated.last() != Some(&said) {
                self.truncated.push(said);
            }
            return;
        }
        if scratch.stop_check().is_due() {
            return;
        }
        if index.find(&text[within.clone()], field, reading, floor, scratch) {
            self.truncated.push(format!("{place}: more listed names are similar than are compared; not all were"));
        }
        let (offset, end) = (within.start as u32, within.end as u32);
        for hit in scratch.hits() {
            if reading == Reading::Undisguised && index.name(hit.name).letter_count() < LEAST_UNDISGUISED {
                continue;
            }
            let (from, to) = scratch.folded().original(hit.start as usize, hit.end as usize);
            let mut placed = PlacedHit {
                hit: *hit,
                entry: index.name(hit.name).entry,
                span: (from + offset, to + offset),
                within: (offset, end),
                reads: if field == Field::Name { ReadAs::Name } else { ReadAs::Text },
                relation: Relation::Party,
                role: None,
            };
            if settle(&mut placed) {
                self.hits.push(placed);
            }
        }
    }
}
