//! How cells were read: a line for each segment.

use super::table::{DIM, labelled};
use super::text::visible;
use crate::wording::place;
use std::io::{self, Write};
use wire::v1;

/// The cells of a screening that says how they were read; nothing for any other.
pub(super) fn read(out: &mut dyn Write, shipment: Option<&v1::Shipment>, screening: &v1::Screening) -> io::Result<()> {
    for cell in &screening.cells {
        let words = shipment.map_or_else(String::new, |s| place::in_words(s, &cell.field_path));
        let gap = if words.is_empty() { "" } else { "  " };
        let path = visible(&cell.field_path);
        writeln!(out, "  {words}{gap}{DIM}{path}{DIM:#} is read as")?;
        for segment in &cell.segments {
            labelled(out, "    ", &kind(segment), &text(segment))?;
        }
        if !cell.country.is_empty() {
            labelled(out, "    ", "country", &cell.country)?;
        }
    }
    Ok(())
}

fn kind(segment: &v1::Segment) -> String {
    let kind = segment.kind().as_str_name().to_ascii_lowercase();
    if kind == "identifier" { "number".to_owned() } else { kind }
}

/// The text of a segment, and what is known of it.
fn text(segment: &v1::Segment) -> String {
    let Some(span) = &segment.span else { return String::new() };
    let mut known = Vec::new();
    if segment.kind() == v1::segment::Kind::Name && segment.relation != "party" {
        known.push(segment.relation.replace('_', " "));
    }
    if segment.role() != v1::party::Role::Unspecified {
        known.push(format!("screened as {}", segment.role().as_str_name().to_ascii_lowercase().replace('_', " ")));
    }
    let number = segment.identifier_type();
    if number != v1::identifier::Type::Unspecified {
        known.push(number.as_str_name().to_ascii_lowercase().replace('_', " "));
    }
    if segment.is_doubtful {
        known.push("in doubt".to_owned());
    }
    if segment.least_end < span.end {
        let least = span.text.get(..segment.least_end.saturating_sub(span.start) as usize).unwrap_or_default();
        known.push(format!("may end behind \"{least}\""));
    }
    if known.is_empty() { span.text.clone() } else { format!("{} ({})", span.text, known.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_shown_as_it_was_read() {
        let name = "Blue Harbour c/o MAHAN AIR, INN 7802170553, Tehran, Iran";
        let party = v1::Party { role: v1::party::Role::Consignee as i32, name: name.to_owned(), ..Default::default() };
        let shipment = v1::Shipment { parties: vec![party], ..Default::default() };
        let read_of = engine::record::readings(&wire::shipment_from_wire(shipment.clone()));
        let screening = model::finding::Screening {
            cells: read_of,
            ..engine::screen::Engine::build(
                std::sync::Arc::new(lists::load(&[lists::Source::Builtin]).expect("loads")),
                std::sync::Arc::default(),
                engine::screen::Limits::default(),
            )
            .expect("compiles")
            .refuse(String::new(), Vec::new())
        };
        let mut out = anstream::StripStream::new(Vec::new());
        read(&mut out, Some(&shipment), &wire::screening_to_wire(screening)).expect("writes to memory");
        let text = String::from_utf8(out.into_inner()).expect("is UTF-8");
        // A line that begins with blanks cannot follow a line break that is taken out of the text.
        let want = "  consignee  parties[0].name is read as
    name       Blue Harbour
    relation   c/o
    name       MAHAN AIR (care of)
    number     7802170553 (inn)
    address    Tehran, Iran
    country    IR
";
        assert_eq!(text, want);
    }
}
