//! One field: searched in every reading worth it, then judged.

use super::state::{Judge, PlacedHit, ReadAs};
use crate::matcher::{Field, Scratch};
use crate::place::Place;
use crate::record::Relation;
use crate::screen::readings::readings;
use text::Reading;

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
        self.names(place, text);
    }

    /// Searches a field as one name or one text.
    fn whole_field(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        let index = self.engine.index();
        let field = if place.is_name() { Field::Name } else { Field::Text };
        let floor = self.engine.policy().floor(!place.is_name());
        let reads = if place.is_name() { ReadAs::Name } else { ReadAs::Text };
        for reading in readings(text) {
            if index.find(text, field, reading, floor, scratch) {
                self.truncated.push(format!("{place}: more listed names are similar than are compared; not all were"));
            }
            let folded = scratch.folded();
            for hit in scratch.hits() {
                let entry = index.name(hit.name).entry;
                let span = folded.original(hit.start as usize, hit.end as usize);
                let within = (0, text.len() as u32);
                let relation = Relation::Party;
                self.hits.push(PlacedHit { hit: *hit, entry, span, within, reads, relation, role: None });
            }
            if field == Field::Text && reading == Reading::Plain {
                self.numbers_in_text(place, text, scratch);
            }
            if place.is_goods() && reading == Reading::Plain {
                self.brands(place, text, scratch.folded());
            }
            if let Place::GoodsDescription(at) = place
                && reading == Reading::Plain
            {
                self.prepared.keep_description(at as usize, scratch.folded_mut());
            }
        }
        if place.is_name() {
            self.names_given(place, text, floor, scratch);
        }
    }
}
