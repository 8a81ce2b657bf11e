//! One field: searched in every reading worth it, then judged.

use super::state::{Judge, PlacedHit};
use crate::matcher::{Field, Scratch};
use crate::place::Place;
use crate::screen::readings::other_readings;
use std::ops::Range;
use text::Reading;

impl<'a> Judge<'a> {
    /// Searches one field and judges what it holds.
    pub(in crate::screen) fn field(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        if matches!(place, Place::VesselImo(_)) {
            return;
        }
        let index = self.engine.index();
        let field = if place.is_name() { Field::Name } else { Field::Text };
        let floor = self.engine.policy().floor(!place.is_name());
        self.hits.clear();
        let whole = 0..text.len();
        self.search(place, text, whole.clone(), (field, Reading::Plain, floor), scratch);
        if field == Field::Text {
            self.numbers_in_text(place, text, scratch);
        }
        if place.is_goods() {
            self.brands(place, text, scratch.folded());
        }
        for reading in other_readings(scratch.folded()) {
            self.search(place, text, whole.clone(), (field, reading, floor), scratch);
        }
        if place.is_name() {
            self.names_given(place, text, floor, scratch);
        }
        self.names(place, text, scratch);
        match place {
            Place::PartyName(at) => self.prepared.keep_name(at as usize, index.take_folded(text, scratch)),
            Place::GoodsDescription(at) => {
                self.prepared.keep_description(at as usize, index.take_folded(text, scratch));
            }
            _ => {}
        }
    }

    /// Searches the bytes `within` of one field in one way, and keeps what was found.
    pub(super) fn search(
        &mut self,
        place: Place,
        text: &str,
        within: Range<usize>,
        (field, reading, floor): (Field, Reading, u16),
        scratch: &mut Scratch,
    ) {
        let index = self.engine.index();
        if index.find(&text[within.clone()], field, reading, floor, scratch) {
            self.truncated.push(format!("{place}: more listed names are similar than are compared; not all were"));
        }
        let (offset, end) = (within.start as u32, within.end as u32);
        for hit in scratch.hits() {
            let entry = index.name(hit.name).entry;
            let (from, to) = scratch.folded().original(hit.start as usize, hit.end as usize);
            self.hits.push(PlacedHit { hit: *hit, entry, span: (from + offset, to + offset), within: (offset, end) });
        }
    }
}
