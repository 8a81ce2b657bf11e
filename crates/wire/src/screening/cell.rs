//! House to wire: how a cell was read.

use crate::entry::identifier_type_to_wire;
use crate::shipment::role_to_wire;
use crate::v1;
use model::cell::{CellReading, CellSegment, SegmentKind};

pub(super) fn cell_to_wire(cell: CellReading) -> v1::CellReading {
    v1::CellReading {
        field_path: cell.field_path,
        country: cell.country.map_or_else(String::new, |country| country.code().to_owned()),
        segments: cell.segments.into_iter().map(segment_to_wire).collect(),
    }
}

fn segment_to_wire(segment: CellSegment) -> v1::Segment {
    use v1::segment::Kind as W;
    let (kind, identifier_type) = match segment.kind {
        SegmentKind::Name => (W::Name, None),
        SegmentKind::Address => (W::Address, None),
        SegmentKind::Identifier(kind) => (W::Identifier, Some(kind)),
        SegmentKind::Contact => (W::Contact, None),
        SegmentKind::Relation => (W::Relation, None),
        SegmentKind::Note => (W::Note, None),
    };
    let has_relation = matches!(kind, W::Name | W::Relation);
    v1::Segment {
        kind: kind as i32,
        span: Some(v1::Span { start: segment.start, end: segment.end, text: segment.text }),
        least_end: segment.least_end,
        relation: if has_relation { segment.relation.as_str().to_owned() } else { String::new() },
        role: segment.role.map_or(0, |role| role_to_wire(role) as i32),
        identifier_type: identifier_type.map_or(0, |kind| identifier_type_to_wire(kind) as i32),
        is_doubtful: !segment.is_sure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::cell::Relation;
    use model::shipment::Role;

    #[test]
    fn a_segment_keeps_its_kind_relation_role_and_span() {
        let segment = CellSegment {
            kind: SegmentKind::Name,
            start: 16,
            end: 26,
            least_end: 26,
            text: "Bank Melli".to_owned(),
            relation: Relation::ToOrderOf,
            role: Some(Role::Endorsee),
            is_sure: true,
        };
        let number = CellSegment {
            kind: SegmentKind::Identifier(model::entry::IdentifierType::Inn),
            role: None,
            ..segment.clone()
        };
        let cell =
            CellReading { field_path: "parties[0].name".to_owned(), country: None, segments: vec![segment, number] };
        let json = serde_json::to_value(cell_to_wire(cell)).unwrap();
        let name = &json["segments"][0];
        assert_eq!(
            (&name["kind"], &name["relation"], &name["role"]),
            (&"NAME".into(), &"to_order_of".into(), &"ENDORSEE".into())
        );
        assert_eq!((&name["span"]["start"], &name["span"]["text"]), (&16.into(), &"Bank Melli".into()));
        let number = &json["segments"][1];
        assert_eq!((&number["identifierType"], &number["relation"]), (&"INN".into(), &"".into()));
    }
}
