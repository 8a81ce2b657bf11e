//! How answers are written: one JSON a line, or the input's CSV columns with the answer beside them.

use super::input::Format;
use model::shipment::AddressPart;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use wire::v1;

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputFormat {
    /// The input's columns and [`ADDED`].
    Csv,
    /// The proto3 JSON form of a screening, one a line.
    Jsonl,
}

/// Columns that the CSV output adds.
pub const ADDED: [&str; 8] =
    ["outcome", "score", "reasons", "lists", "entry_ids", "matched_names", "fields", "explanations"];

/// Most findings written into one CSV row; the JSON form has them all. Spreadsheets cut a cell at 32,767 characters.
const FINDINGS: usize = 10;

/// The columns of the CSV output: those of every input in the order of their first appearance, then [`ADDED`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    kept: Vec<String>,
    /// For each input, where its columns stand among `kept`.
    places: Vec<Vec<usize>>,
}

/// As much of a shipment as is needed to name its fields after it has been sent away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    roles: Vec<v1::party::Role>,
    goods: usize,
    vessels: usize,
}

impl Shape {
    pub(crate) fn of(shipment: &v1::Shipment) -> Self {
        Self {
            roles: shipment.parties.iter().map(v1::Party::role).collect(),
            goods: shipment.goods.len(),
            vessels: shipment.vessels.len(),
        }
    }

    /// The CSV column of a field path: `parties[1].name` is `consignee` when that is the party's role. A path that
    /// no column stands for is given as it is.
    pub(crate) fn column<'a>(&self, path: &'a str) -> Cow<'a, str> {
        self.known_column(path).map_or(Cow::Borrowed(path), Cow::Owned)
    }

    fn known_column(&self, path: &str) -> Option<String> {
        if let Some(rest) = path.strip_prefix("parties[") {
            let (index, field) = rest.split_once("].")?;
            let role = *self.roles.get(index.parse::<usize>().ok()?)?;
            if role == v1::party::Role::Unspecified || self.roles.iter().filter(|r| **r == role).count() > 1 {
                return None;
            }
            let role = role.as_str_name().to_ascii_lowercase();
            return match field {
                "name" => Some(role),
                "country" | "address" => Some(format!("{role}_{field}")),
                _ if field.starts_with("identifiers[") => Some(format!("{role}_id")),
                _ if field.starts_with("otherNames[") => Some(format!("{role}_other_names")),
                "isToOrder" => Some(format!("{role}_to_order")),
                "isDisputed" | "disputeNote" => Some(format!("{role}_disputed")),
                _ => {
                    let part = AddressPart::ALL
                        .into_iter()
                        .find(|part| field.strip_prefix("structuredAddress.") == Some(part.key()))?;
                    Some(format!("{role}_{}", part.as_str()))
                }
            };
        }
        if let Some(field) = path.strip_prefix("goods[0].") {
            let column = match field.split('[').next()? {
                "hsCode" => "hs_code",
                "otherHsCodes" => "other_hs_codes",
                plain => plain,
            };
            return (self.goods == 1).then(|| column.to_owned());
        }
        if let Some(field) = path.strip_prefix("vessels[0].").filter(|_| self.vessels == 1) {
            return Some(if field == "name" { "vessel".to_owned() } else { format!("vessel_{field}") });
        }
        let place = path.strip_prefix("route.")?.split(['.', '[']).next()?;
        Some(if place == "routingCountries" { "routing_countries".to_owned() } else { place.to_owned() })
    }
}

impl Layout {
    /// Lays out the columns of these inputs. JSON has no columns; of it the reference is kept.
    pub fn new<'a>(inputs: impl IntoIterator<Item = &'a Format>) -> Self {
        let mut layout = Self { kept: Vec::new(), places: Vec::new() };
        for format in inputs {
            let columns: Vec<String> = match format {
                Format::Csv(header) => header.columns().to_vec(),
                Format::Json | Format::Dcsa | Format::CargoImp => vec!["reference".to_owned()],
            };
            let mut places: Vec<usize> = Vec::with_capacity(columns.len());
            for column in columns {
                // A file that was screened before keeps its old answers under another name.
                let column = if ADDED.contains(&column.as_str()) { format!("input_{column}") } else { column };
                // The same name twice in one file is two columns.
                let at = layout.kept.iter().enumerate().position(|(at, k)| *k == column && !places.contains(&at));
                places.push(at.unwrap_or_else(|| {
                    layout.kept.push(column);
                    layout.kept.len() - 1
                }));
            }
            layout.places.push(places);
        }
        layout
    }

    /// The header row.
    pub fn header(&self) -> Vec<u8> {
        let mut row = Row::default();
        for column in self.kept.iter().map(String::as_str).chain(ADDED) {
            row.cell(column);
        }
        row.end()
    }

    /// One row: `cells` as read from input number `input`, then the answer.
    pub(crate) fn row(&self, input: usize, cells: &[String], screening: &v1::Screening, shape: &Shape) -> Vec<u8> {
        let mut kept = vec![""; self.kept.len()];
        for (cell, place) in cells.iter().zip(&self.places[input]) {
            kept[*place] = cell;
        }
        let mut row = Row::default();
        for cell in kept {
            row.cell(cell);
        }
        let findings = &screening.findings[..screening.findings.len().min(FINDINGS)];
        let entry = |f: &v1::Finding, part: fn(&v1::EntryReference) -> &str| {
            f.entry.as_ref().map_or_else(String::new, |e| part(e).to_owned())
        };
        row.cell(screening.outcome().as_str_name());
        row.cell(&findings.first().map_or_else(String::new, |f| f.score.to_string()));
        row.joined(findings.iter().map(|f| f.reason().as_str_name().to_owned()));
        row.joined(findings.iter().map(|f| entry(f, |e| &e.list)));
        row.joined(findings.iter().map(|f| entry(f, |e| &e.id)));
        row.joined(findings.iter().map(|f| f.matched_name.clone()));
        row.joined(findings.iter().map(|f| shape.column(&f.field_path).into_owned()));
        let more = screening.findings.len() - findings.len();
        let problems = screening.problems.iter().map(|p| {
            let colon = if p.field_path.is_empty() { "" } else { ": " };
            format!("{}{colon}{}", p.field_path, p.description)
        });
        let explanations = problems.chain(findings.iter().map(|f| f.explanation.clone()));
        let left_out = match more {
            0 => None,
            1 => Some("and 1 more finding, see the JSON form".to_owned()),
            _ => Some(format!("and {more} more findings, see the JSON form")),
        };
        row.joined(explanations.chain(left_out));
        row.end()
    }
}

/// One CSV row in the making.
#[derive(Default)]
struct Row {
    bytes: Vec<u8>,
    begun: bool,
}

impl Row {
    fn cell(&mut self, text: &str) {
        if self.begun {
            self.bytes.push(b',');
        }
        self.begun = true;
        let text = guarded(text);
        if text.contains(['"', ',', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
            self.bytes.push(b'"');
            self.bytes.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(text.as_bytes());
        }
    }

    fn joined(&mut self, parts: impl Iterator<Item = String>) {
        self.cell(&parts.collect::<Vec<_>>().join("; "));
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(b'\n');
        self.bytes
    }
}

/// Keeps a spreadsheet from running a cell as a formula: text that would start one gets a leading apostrophe, as
/// OWASP advises. Numbers and telephone numbers with a sign stay as they are.
fn guarded(text: &str) -> Cow<'_, str> {
    let mut chars = text.chars();
    let formula = match chars.next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !chars.all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '(' | ')' | '-')),
        _ => false,
    };
    if formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_guarded() {
        let mut row = Row::default();
        for cell in ["a", "b,\"c\"", "=SUM(A1)", "+86 755 (12)-3", "-5", "-cmd", ""] {
            row.cell(cell);
        }
        assert_eq!(row.end(), b"a,\"b,\"\"c\"\"\",'=SUM(A1),+86 755 (12)-3,-5,'-cmd,\n");
    }

    #[test]
    fn field_paths_get_the_name_of_their_column() {
        let consignee = v1::Party { role: v1::party::Role::Consignee as i32, ..Default::default() };
        let shipment =
            v1::Shipment { parties: vec![consignee], goods: vec![v1::Goods::default()], ..Default::default() };
        let shape = Shape::of(&shipment);
        assert_eq!(shape.column("parties[0].name"), "consignee");
        assert_eq!(shape.column("parties[0].identifiers[2].value"), "consignee_id");
        assert_eq!(shape.column("goods[0].description"), "description");
        assert_eq!(shape.column("route.transshipment[1].text"), "transshipment");
        assert_eq!(shape.column("parties[0].otherNames[0]"), "consignee_other_names");
        assert_eq!(shape.column("parties[0].structuredAddress.poBox"), "consignee_po_box");
        assert_eq!(shape.column("goods[0].otherHsCodes[1]"), "other_hs_codes");
        assert_eq!(shape.column("parties[0].roleSource"), "parties[0].roleSource");
    }
}
