//! The part of a field that a finding points at, with the matched text marked on the line below.

use super::text::{columns, shown};
use wire::v1;

/// Columns shown before the match when the text is cut.
const LEAD: usize = 24;

/// Excerpts shown for one finding.
const EXCERPTS: usize = 3;

/// A line of text and the columns that are marked under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// Parts of the line in order; the flag says whether the part is matched.
    pub(crate) parts: Vec<(String, bool)>,
    /// Blanks and carets, as wide as the line up to the last match.
    pub(crate) carets: String,
}

/// A character as shown.
struct Cell {
    at: usize,
    text: String,
    width: usize,
    matched: bool,
}

/// Excerpts of at most `width` columns that show every span, a few at most; spans close together share one.
pub(crate) fn excerpts(text: &str, spans: &[v1::Span], width: usize) -> Vec<Excerpt> {
    let inside = |at: usize| spans.iter().any(|s| (s.start as usize..s.end as usize).contains(&at));
    let cells: Vec<Cell> = text
        .char_indices()
        .map(|(at, c)| {
            let text = shown(c).unwrap_or_else(|| c.to_string());
            let width = text.chars().map(columns).sum();
            Cell { at, text, width, matched: inside(at) }
        })
        .collect();
    let mut excerpts = Vec::new();
    let mut shown_to = 0;
    for span in spans {
        let Some(first) = cells.iter().position(|c| c.at >= span.start as usize) else { continue };
        if excerpts.len() == EXCERPTS || (first < shown_to && !excerpts.is_empty()) {
            continue;
        }
        let (from, to) = window(&cells, first, width);
        shown_to = to;
        excerpts.push(excerpt(&cells, from, to));
    }
    excerpts
}

/// The cells to show around the match that begins at `first`.
fn window(cells: &[Cell], first: usize, width: usize) -> (usize, usize) {
    let total: usize = cells.iter().map(|c| c.width).sum();
    if total <= width {
        return (0, cells.len());
    }
    // A column at either end is kept for the mark that says something was left out.
    let room = width.saturating_sub(2);
    let mut from = first;
    let mut lead = 0;
    while from > 0 && lead + cells[from - 1].width <= LEAD {
        from -= 1;
        lead += cells[from].width;
    }
    let mut to = from;
    let mut used = 0;
    while to < cells.len() && used + cells[to].width <= room {
        used += cells[to].width;
        to += 1;
    }
    // At the end of the text the room goes to what stands before.
    while from > 0 && used + cells[from - 1].width <= room {
        from -= 1;
        used += cells[from].width;
    }
    (from, to)
}

fn excerpt(cells: &[Cell], from: usize, to: usize) -> Excerpt {
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut carets = String::new();
    let mut put = |text: &str, width: usize, matched: bool| {
        match parts.last_mut() {
            Some((part, same)) if *same == matched => part.push_str(text),
            _ => parts.push((text.to_owned(), matched)),
        }
        carets.extend(std::iter::repeat_n(if matched { '^' } else { ' ' }, width));
    };
    if from > 0 {
        put("\u{2026}", 1, false);
    }
    for cell in &cells[from..to] {
        put(&cell.text, cell.width, cell.matched);
    }
    if to < cells.len() {
        put("\u{2026}", 1, false);
    }
    carets.truncate(carets.trim_end().len());
    Excerpt { parts, carets }
}

/// The text of the field at `path`, as far as the shipment has it.
pub(crate) fn field<'a>(shipment: &'a v1::Shipment, path: &str) -> Option<&'a str> {
    let (head, rest) = path.split_once('.')?;
    let (name, index) = indexed(head);
    match name {
        "parties" => of_party(shipment.parties.get(index?)?, rest),
        "goods" => of_goods(shipment.goods.get(index?)?, rest),
        "vessels" => of_vessel(shipment.vessels.get(index?)?, rest),
        "route" => place(shipment.route.as_ref()?, rest),
        _ => None,
    }
}

fn of_party<'a>(party: &'a v1::Party, path: &str) -> Option<&'a str> {
    let (field, index) = indexed(path.split('.').next()?);
    match field {
        "name" => Some(&party.name),
        "address" => Some(&party.address),
        "country" => Some(&party.country),
        "other_names" | "otherNames" => party.other_names.get(index?).map(String::as_str),
        "identifiers" => party.identifiers.get(index?).map(|i| i.value.as_str()),
        "structuredAddress" => of_address(party.structured_address.as_ref()?, path.split_once('.')?.1),
        _ => None,
    }
}

fn of_address<'a>(address: &'a v1::StructuredAddress, part: &str) -> Option<&'a str> {
    match part {
        "unit" => Some(&address.unit),
        "floor" => Some(&address.floor),
        "building" => Some(&address.building),
        "streetNumber" => Some(&address.street_number),
        "street" => Some(&address.street),
        "poBox" => Some(&address.po_box),
        "city" => Some(&address.city),
        "region" => Some(&address.region),
        "postCode" => Some(&address.post_code),
        _ => None,
    }
}

fn of_goods<'a>(goods: &'a v1::Goods, field: &str) -> Option<&'a str> {
    match indexed(field) {
        ("description", None) => Some(&goods.description),
        ("marks", None) => Some(&goods.marks),
        ("hs_code" | "hsCode", None) => Some(&goods.hs_code),
        ("eccn", None) => Some(&goods.eccn),
        ("brand", None) => Some(&goods.brand),
        ("model", None) => Some(&goods.model),
        ("origin", None) => Some(&goods.origin),
        ("otherHsCodes", at) => goods.other_hs_codes.get(at?).map(String::as_str),
        _ => None,
    }
}

fn of_vessel<'a>(vessel: &'a v1::Vessel, field: &str) -> Option<&'a str> {
    match field {
        "name" => Some(&vessel.name),
        "imo" => Some(&vessel.imo),
        "flag" => Some(&vessel.flag),
        _ => None,
    }
}

fn place<'a>(route: &'a v1::Route, path: &str) -> Option<&'a str> {
    let (head, field) = path.split_once('.')?;
    let (name, index) = indexed(head);
    let place = match name {
        "receipt" => route.receipt.as_ref(),
        "loading" => route.loading.as_ref(),
        "transshipment" => route.transshipment.get(index?),
        "discharge" => route.discharge.as_ref(),
        "delivery" => route.delivery.as_ref(),
        "destination" => route.destination.as_ref(),
        _ => None,
    }?;
    match field {
        "text" => Some(&place.text),
        "country" => Some(&place.country),
        "locode" => Some(&place.locode),
        _ => None,
    }
}

/// `parties[3]` is `parties` and 3.
fn indexed(part: &str) -> (&str, Option<usize>) {
    match part.split_once('[') {
        Some((name, index)) => (name, index.trim_end_matches(']').parse().ok()),
        None => (part, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, part: &str) -> v1::Span {
        let start = text.find(part).expect("is there");
        v1::Span { start: start as u32, end: (start + part.len()) as u32, text: part.to_owned() }
    }

    fn one(text: &str, part: &str, width: usize) -> (String, String) {
        let found = excerpts(text, &[span(text, part)], width).remove(0);
        (found.parts.iter().map(|(t, _)| t.as_str()).collect(), found.carets)
    }

    #[test]
    fn carets_stand_under_the_match() {
        assert_eq!(
            one("parts for DJI\nTECH drones", "DJI\nTECH", 76),
            ("parts for DJI\u{21b5}TECH drones".into(), "          ^^^^^^^^".into())
        );
        // A Chinese character is two columns wide, a combining mark none.
        assert_eq!(one("深圳市大疆创新 x", "大疆", 76), ("深圳市大疆创新 x".into(), "      ^^^^".into()));
        assert_eq!(one("e\u{301}x DJI", "DJI", 76).1, "   ^^^");
    }

    #[test]
    fn long_text_is_cut_around_the_match() {
        let text = format!("{}DJI{}", "a ".repeat(100), " b".repeat(100));
        let (line, carets) = one(&text, "DJI", 60);
        assert_eq!(line.chars().count(), 60);
        assert!(line.starts_with('\u{2026}') && line.ends_with('\u{2026}'));
        let at = line.chars().collect::<Vec<_>>().windows(3).position(|w| w == ['D', 'J', 'I']).expect("is shown");
        assert_eq!(carets.find('^'), Some(at));
        let (end, _) = one(&format!("{}DJI", "a ".repeat(100)), "DJI", 60);
        assert!(end.ends_with("DJI") && end.chars().count() == 59);
    }

    #[test]
    fn fields_are_found_by_path() {
        let party = v1::Party { name: "n".into(), other_names: vec!["a".into(), "b".into()], ..Default::default() };
        let place = v1::Place { text: "p".into(), ..Default::default() };
        let route = v1::Route { transshipment: vec![place], ..Default::default() };
        let shipment = v1::Shipment { parties: vec![party], route: Some(route), ..Default::default() };
        assert_eq!(field(&shipment, "parties[0].name"), Some("n"));
        assert_eq!(field(&shipment, "parties[0].other_names[1]"), Some("b"));
        assert_eq!(field(&shipment, "route.transshipment[0].text"), Some("p"));
        assert_eq!(field(&shipment, "parties[7].name"), None);
    }
}
