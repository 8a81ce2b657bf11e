//! How answers are written: one JSON a line, or the input's CSV columns with the answer beside them.

mod style;

pub use style::{ADDED, CsvStyle, ListCells};

use super::input::Format;
use crate::wording::counted;
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

/// Most findings joined in one CSV line; all other forms have them all. Spreadsheets cut a cell at 32,767 characters.
const FINDINGS: usize = 10;

/// The columns of the CSV output: those of every input in the order of their first appearance, then [`ADDED`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    kept: Vec<String>,
    /// For each input, where its columns stand among `kept`.
    places: Vec<Vec<usize>>,
    style: CsvStyle,
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
    pub fn new<'a>(inputs: impl IntoIterator<Item = &'a Format>, style: CsvStyle) -> Self {
        let mut layout = Self { kept: Vec::new(), places: Vec::new(), style };
        for format in inputs {
            let columns: Vec<String> = match format {
                Format::Csv(header) => header.columns().to_vec(),
                Format::Json | Format::Dcsa | Format::CargoImp => vec!["reference".to_owned()],
            };
            let mut places: Vec<usize> = Vec::with_capacity(columns.len());
            for column in columns {
                // A file that was screened before keeps its old answers under another name.
                let column = if style.added().contains(&column.as_str()) { format!("input_{column}") } else { column };
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
        for column in self.kept.iter().map(String::as_str).chain(self.style.added().iter().copied()) {
            row.cell(column);
        }
        row.end()
    }

    /// The lines of one record: `cells` as read from input number `input`, then the answer.
    pub(crate) fn row(&self, input: usize, cells: &[String], screening: &v1::Screening, shape: &Shape) -> Vec<u8> {
        let mut kept = vec![""; self.kept.len()];
        for (cell, place) in cells.iter().zip(&self.places[input]) {
            kept[*place] = cell;
        }
        let mut before = Row::default();
        for cell in kept {
            before.cell(cell);
        }
        match (self.style.per_finding, self.style.list_cells) {
            (true, _) => per_finding(&before, screening, shape),
            (false, ListCells::Joined) => joined(before, screening, shape),
            (false, ListCells::Json) => arrays(before, screening, shape),
        }
    }
}

/// One line with at most [`FINDINGS`] findings, their values joined for reading.
fn joined(mut row: Row, screening: &v1::Screening, shape: &Shape) -> Vec<u8> {
    let findings = &screening.findings[..screening.findings.len().min(FINDINGS)];
    row.cell(screening.outcome().as_str_name());
    row.cell(&score(screening));
    row.joined(findings.iter().map(|f| f.reason().as_str_name().to_owned()));
    row.joined(findings.iter().map(|f| entry(f).0.to_owned()));
    row.joined(findings.iter().map(|f| entry(f).1.to_owned()));
    row.joined(findings.iter().map(|f| f.matched_name.clone()));
    row.joined(findings.iter().map(|f| shape.column(&f.field_path).into_owned()));
    let more = (screening.findings.len() - findings.len()) as u64;
    let more = (more > 0).then(|| format!("and {}, see the JSON form", counted(more, "more finding", "more findings")));
    row.joined(problems(screening).chain(findings.iter().map(|f| f.explanation.clone())).chain(more));
    row.end()
}

/// One line with every finding, each cell a JSON array.
fn arrays(mut row: Row, screening: &v1::Screening, shape: &Shape) -> Vec<u8> {
    let findings = &screening.findings;
    row.cell(screening.outcome().as_str_name());
    row.cell(&score(screening));
    row.array(problems(screening));
    row.array(findings.iter().map(|f| f.severity().as_str_name().to_owned()));
    row.array(findings.iter().map(|f| f.reason().as_str_name().to_owned()));
    row.array(findings.iter().map(|f| entry(f).0.to_owned()));
    row.array(findings.iter().map(|f| entry(f).1.to_owned()));
    row.array(findings.iter().map(|f| f.matched_name.clone()));
    row.array(findings.iter().map(|f| shape.column(&f.field_path).into_owned()));
    row.array(findings.iter().map(|f| f.explanation.clone()));
    row.end()
}

/// A line for each finding, numbered from 1; one line with empty cells where there is none.
fn per_finding(before: &Row, screening: &v1::Screening, shape: &Shape) -> Vec<u8> {
    let problems = problems(screening).collect::<Vec<_>>().join("; ");
    let begin = || {
        let mut row = before.clone();
        row.cell(screening.outcome().as_str_name());
        row.cell(&problems);
        row
    };
    if screening.findings.is_empty() {
        let mut row = begin();
        for _ in 2..style::ADDED_PER_FINDING.len() {
            row.cell("");
        }
        return row.end();
    }
    let mut lines = Vec::new();
    for (at, found) in screening.findings.iter().enumerate() {
        let mut row = begin();
        row.cell(&(at + 1).to_string());
        row.cell(found.severity().as_str_name());
        row.cell(&found.score.to_string());
        row.cell(found.reason().as_str_name());
        row.cell(entry(found).0);
        row.cell(entry(found).1);
        row.cell(&found.matched_name);
        row.cell(&shape.column(&found.field_path));
        row.cell(&found.explanation);
        lines.extend(row.end());
    }
    lines
}

/// List and id of the entry that a finding rests on; empty where it rests on none.
fn entry(finding: &v1::Finding) -> (&str, &str) {
    finding.entry.as_ref().map_or(("", ""), |e| (&e.list, &e.id))
}

/// The score of the strongest finding that asks for attention; empty when none does. A finding for the record is no
/// score of the shipment.
fn score(screening: &v1::Screening) -> String {
    let asks = |f: &&v1::Finding| f.severity() > v1::finding::Severity::Info && !f.is_shadow;
    screening.findings.iter().find(asks).map_or_else(String::new, |f| f.score.to_string())
}

fn problems(screening: &v1::Screening) -> impl Iterator<Item = String> {
    screening.problems.iter().map(|p| {
        let colon = if p.field_path.is_empty() { "" } else { ": " };
        format!("{}{colon}{}", p.field_path, p.description)
    })
}

/// One CSV row in the making.
#[derive(Clone, Default)]
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

    fn array(&mut self, parts: impl Iterator<Item = String>) {
        self.cell(&serde_json::Value::from_iter(parts).to_string());
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(b'\n');
        self.bytes
    }
}

/// Keeps a spreadsheet from running a cell as a formula: text that would start one gets a leading apostrophe, as
/// OWASP advises (CSV Injection, read 2026-11-29), in full width too, and behind blanks and line breaks, which some
/// programs cut. Numbers and telephone numbers with a sign stay as they are.
fn guarded(text: &str) -> Cow<'_, str> {
    let is_unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let shown = text.trim_start_matches(is_unseen);
    let mut chars = shown.chars();
    let formula = match chars.next() {
        Some('=' | '@' | '\u{ff1d}' | '\u{ff20}') => true,
        Some('+' | '-' | '\u{ff0b}' | '\u{ff0d}') => {
            !chars.all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '(' | ')' | '-'))
        }
        _ => text.starts_with(['\t', '\r', '\n']),
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
    fn a_formula_is_guarded_wherever_a_spreadsheet_may_see_it_begin() {
        let attacks = [
            "\n=cmd|' /C calc'!A0",
            "\r\n=1+1",
            "\t=1",
            " =1+1",
            "\u{a0}@SUM(1)",
            "\u{ff1d}1+1",
            "\u{ff20}A1",
            "\u{ff0b}cmd",
            "\u{ff0d}cmd",
            "\u{feff}=1",
            "\u{200b}=1",
            "\u{202e}=1",
            "\n\n+cmd",
            "\nplain",
            "\u{1}=1",
        ];
        for attack in attacks {
            assert_eq!(guarded(attack), format!("'{attack}"), "{attack:?}");
        }
        for plain in ["-5", "+86 755 (12)-3", " -5", "a=b", "x\n=1", "", "  ", "Acme \u{ff1d} Co"] {
            assert_eq!(guarded(plain), plain, "{plain:?}");
        }
    }

    /// Two findings, one of whose values holds what would split it.
    fn two_findings() -> v1::Screening {
        let entry = v1::EntryReference { list: "us-bis-el".to_owned(), id: "17".to_owned(), ..Default::default() };
        let listed = v1::Finding {
            reason: v1::finding::Reason::PartyListed as i32,
            severity: v1::finding::Severity::High as i32,
            score: 980,
            field_path: "parties[0].name".to_owned(),
            entry: Some(entry),
            matched_name: "A; \"B\", Ltd".to_owned(),
            explanation: "line one\nline two".to_owned(),
            ..Default::default()
        };
        let vague = v1::Finding { reason: v1::finding::Reason::GoodsVague as i32, ..Default::default() };
        v1::Screening { findings: vec![listed, vague], ..Default::default() }
    }

    fn answered(style: CsvStyle) -> Vec<std::collections::BTreeMap<String, String>> {
        let layout = Layout::new([&Format::Json], style);
        let mut csv = layout.header();
        csv.extend(layout.row(0, &["R;1".to_owned()], &two_findings(), &Shape::default()));
        csv.extend(layout.row(0, &["R2".to_owned()], &v1::Screening::default(), &Shape::default()));
        let mut reader = csv::Reader::from_reader(csv.as_slice());
        reader.deserialize().map(|row| row.expect("every line has every column")).collect()
    }

    #[test]
    fn arrays_give_every_value_back() {
        let rows = answered(CsvStyle { list_cells: ListCells::Json, ..CsvStyle::default() });
        let array = |column: &str| serde_json::from_str::<Vec<String>>(&rows[0][column]).unwrap();
        assert_eq!(array("matched_names"), ["A; \"B\", Ltd", ""]);
        assert_eq!(array("explanations"), ["line one\nline two", ""]);
        assert_eq!(
            (array("reasons"), array("entry_ids").len()),
            (vec!["PARTY_LISTED".into(), "GOODS_VAGUE".into()], 2)
        );
        assert_eq!((rows.len(), rows[1]["reasons"].as_str(), rows[1]["score"].as_str()), (2, "[]", ""));
    }

    #[test]
    fn each_finding_has_a_line() {
        let rows = answered(CsvStyle { per_finding: true, ..CsvStyle::default() });
        let column = |name: &str| rows.iter().map(|row| row[name].as_str()).collect::<Vec<_>>();
        assert_eq!(column("reference"), ["R;1", "R;1", "R2"]);
        assert_eq!(column("finding"), ["1", "2", ""]);
        assert_eq!(column("reason"), ["PARTY_LISTED", "GOODS_VAGUE", ""]);
        assert_eq!(column("matched_name"), ["A; \"B\", Ltd", "", ""]);
    }

    #[test]
    fn a_finding_for_the_record_is_no_score() {
        let finding = |severity: v1::finding::Severity, score| v1::Finding {
            severity: severity as i32,
            score,
            ..Default::default()
        };
        let mut screening = v1::Screening::default();
        screening.findings.push(finding(v1::finding::Severity::Info, 1000));
        assert_eq!(score(&screening), "");
        screening.findings.insert(0, finding(v1::finding::Severity::Low, 800));
        assert_eq!(score(&screening), "800");
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
