//! Recognises a format by the first bytes of a file.

use crate::catalogue::Format;
use crate::error::Unrecognised;
use crate::format::{self, ofac::LegacyTable};

/// What a piece of a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A whole list in this format.
    Format(Format),
    /// One of the three tables of OFAC's legacy files.
    Legacy(LegacyTable),
}

/// The format of a file that begins so, or what it looks like instead.
pub(super) fn recognise(head: &[u8]) -> Result<Found, Unrecognised> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(Unrecognised::Utf16);
    }
    if head.starts_with(&[0x1f, 0x8b]) || head.starts_with(b"PK\x03\x04") {
        return Err(Unrecognised::NestedArchive);
    }
    if head.contains(&0) || head.starts_with(b"%PDF") {
        return Err(Unrecognised::Binary);
    }
    // The format shows in its first lines; bytes that are not UTF-8 are the reader's to report, with their line.
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    if text.starts_with('<') {
        return recognise_markup(text).map(Found::Format);
    }
    if text.starts_with(['{', '[']) {
        // A list of ours may begin with its first table.
        return match recognise_json(text) {
            Some(format) => Ok(Found::Format(format)),
            None if is_curated(text) => Ok(Found::Format(Format::Curated)),
            None => Err(Unrecognised::Json),
        };
    }
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    if let Some(part) = LegacyTable::of(first) {
        return Ok(Found::Legacy(part));
    }
    // The British lists have a line with the day above the header.
    if let Some(format) = recognise_header(first).or_else(|| lines.next().and_then(recognise_second)) {
        return Ok(Found::Format(format));
    }
    if is_curated(text) {
        return Ok(Found::Format(Format::Curated));
    }
    match first.split([',', ';', '\t']).count() {
        0 | 1 => Err(Unrecognised::Text),
        columns => Err(Unrecognised::Columns(columns)),
    }
}

fn is_curated(text: &str) -> bool {
    text.lines().map(str::trim).any(|l| ["[list]", "[[lists]]", "[[entry]]"].contains(&l))
}

/// The format whose columns a header line names best. A third of them is enough to see which format was meant; the
/// reader then says what is wrong with it.
fn recognise_header(line: &str) -> Option<Format> {
    let share = |delimiter: u8, columns: &[&str]| {
        let titles = line.split(char::from(delimiter)).map(|c| c.trim().trim_matches('"'));
        titles.filter(|c| columns.contains(c)).count() * 300 / columns.len()
    };
    let shares = format::SHAPES.iter().map(|(shape, format)| (share(shape.delimiter, shape.required), *format));
    let best = shares.max_by_key(|(share, _)| *share).filter(|(share, _)| *share >= 100);
    best.map(|(_, format)| format).or_else(|| format::is_own_header(line).then_some(Format::OwnCsv))
}

fn recognise_second(line: &str) -> Option<Format> {
    recognise_header(line).filter(|f| matches!(f, Format::UkOfsiCsv | Format::UkFcdoCsv))
}

/// The Consolidated Screening List is one object, with its entries under `results`, as are those of the World Bank and of
/// France under words of theirs; an entity of OpenSanctions is an object on a line with its `schema`.
fn recognise_json(text: &str) -> Option<Format> {
    let line = text.lines().next().unwrap_or_default();
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    if line.contains("\"schema\"") && line.contains("\"properties\"") {
        return Some(Format::OpenSanctionsFtm);
    }
    if has("ZPROCSUPP") {
        return Some(Format::WorldBankJson);
    }
    if has("PublicationDetail") {
        return Some(Format::FrGelsJson);
    }
    (has("results") && has("source")).then_some(Format::UsCslJson)
}

fn recognise_markup(text: &str) -> Result<Format, Unrecognised> {
    let root = root_element(text)?;
    match root.rsplit(':').next().unwrap_or_default() {
        "sdnList" => Ok(Format::OfacXml),
        "CONSOLIDATED_LIST" => Ok(Format::UnXml),
        "sanctionsData" => Ok(Format::OfacEnhancedXml),
        "export" if text.contains("<sanctionEntity") || text.contains("fpi/fsd") => Ok(Format::EuFsfXml),
        "swiss-sanctions-list" => Ok(Format::ChSecoXml),
        "data-set" if text.contains("<record") => Ok(Format::CaSemaXml),
        "Sanctions" if text.contains("ReferenceValueSets") || text.contains("ADVANCED_XML") => {
            Ok(Format::OfacAdvancedXml)
        }
        "Designations" => Ok(Format::UkFcdoXml),
        "list-terror" => Ok(Format::UaSfmsXml),
        "DIV1" | "DIV3" | "DIV4" | "DIV5" | "DIV9" | "ECFR" => Ok(Format::UsEcfrXml),
        html if html.eq_ignore_ascii_case("html") => Err(Unrecognised::WebPage),
        other => Err(Unrecognised::Root(element_name(other))),
    }
}

/// The name of the root element, behind the declaration and comments. With a DOCTYPE only the root of OFAC's lists is
/// found: the reader refuses the DOCTYPE itself, with its line.
fn root_element(text: &str) -> Result<&str, Unrecognised> {
    let mut rest = text.trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            rest.find("?>").map(|i| i + 2)
        } else if rest.starts_with("<!--") {
            rest.find("-->").map(|i| i + 3)
        } else if rest.get(..14).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype html")) {
            return Err(Unrecognised::WebPage);
        } else if rest.starts_with("<!") {
            return if text.contains("<sdnList") { Ok("sdnList") } else { Err(Unrecognised::DocType) };
        } else {
            let name =
                rest.trim_start_matches('<').split(|c: char| c.is_whitespace() || ['>', '/'].contains(&c)).next();
            return Ok(name.unwrap_or_default());
        };
        rest = rest[end.ok_or(Unrecognised::NoRoot)?..].trim_start();
    }
}

/// The name of an element for a message: its first 40 letters, none of what no name has.
fn element_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')).take(40).collect()
}
