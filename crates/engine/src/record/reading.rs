//! How the cells of a shipment were read, for answers that show it.

use super::{Cell, Opened, parties_in_text, read};
use crate::place::{self, Place};
use model::cell::{CellReading, CellSegment, SegmentKind};
use model::shipment::{Role, Shipment};

/// How every party cell of a shipment is read that is more than one name, and every party that goods texts open by its
/// role and a mark that says so; in the order of the fields. A screening reads the same.
pub fn readings(shipment: &Shipment) -> Vec<CellReading> {
    let mut all = Vec::new();
    place::each(shipment, |place, text| match place {
        Place::PartyName(_) | Place::PartyOtherName(..) => {
            let cell = read(text);
            if !cell.is_plain() && !cell.segments.is_empty() {
                all.push(reading(place, text, &cell, None));
            }
        }
        Place::GoodsDescription(_) | Place::GoodsMarks(_) => {
            let opened = parties_in_text(text);
            let is_sure = |o: &&Opened| o.cell.names().any(|name| name.is_sure);
            all.extend(opened.iter().filter(is_sure).map(|o| reading(place, text, &o.cell, Some(o.role))));
        }
        _ => {}
    });
    all
}

fn reading(place: Place, text: &str, cell: &Cell, role: Option<Role>) -> CellReading {
    let segments = cell.segments.iter().map(|segment| {
        let is_name = segment.kind == SegmentKind::Name;
        CellSegment {
            kind: segment.kind,
            start: segment.start,
            end: segment.end,
            least_end: segment.least_end,
            text: text[segment.span()].to_owned(),
            relation: segment.relation,
            role: segment.relation.role().or(role).filter(|_| is_name),
            is_sure: segment.is_sure,
        }
    });
    CellReading { field_path: place.to_string(), country: cell.country, segments: segments.collect() }
}
