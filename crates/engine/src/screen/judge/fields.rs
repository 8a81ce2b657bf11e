//! One field: searched in every reading worth it, then judged.

use super::state::{Judge, PlacedHit};
use crate::matcher::{Field, Scratch};
use crate::place::Place;
use crate::screen::readings::readings;
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
        for reading in readings(text) {
            if index.find(text, field, reading, floor, scratch) {
                self.truncated.push(format!("{place}: more listed names are similar than are compared; not all were"));
            }
            let folded = scratch.folded();
            for hit in scratch.hits() {
                let entry = index.name(hit.name).entry;
                let span = folded.original(hit.start as usize, hit.end as usize);
                self.hits.push(PlacedHit { hit: *hit, entry, span, within: (0, text.len() as u32) });
            }
            if field == Field::Text && reading == Reading::Plain {
                self.numbers_in_text(place, text, scratch);
            }
            if place.is_goods() && reading == Reading::Plain {
                self.brands(place, text, scratch.folded());
            }
            if reading == Reading::Plain {
                match place {
                    Place::PartyName(at) => self.prepared.keep_name(at as usize, scratch.folded_mut()),
                    Place::GoodsDescription(at) => self.prepared.keep_description(at as usize, scratch.folded_mut()),
                    _ => {}
                }
            }
        }
        if place.is_name() {
            self.names_given(place, text, floor, scratch);
        }
        self.names(place, text);
    }
}
