//! OFAC's legacy files in CSV: three tables without a header, joined by the number in the first column, `-0-` for
//! nothing, and an end-of-file mark at the end. A fourth table, `comments`, holds the rest of remarks that are longer than
//! the field of the first table; the text goes on in the middle of a word.
//!
//! `sdn` has 12 fields (number, name, type, programmes, title, call sign, vessel type, tonnage, gross registered
//! tonnage, flag, owner, remarks), `add` 6 and `alt` 5. Dates of birth, numbers and weak aliases are in the remarks.

use super::entry::add_entries;
use super::record::{Aka, OfacAddress, OfacEntry, OfacNumber};
use crate::build::{ParsedFile, split_label};
use crate::error::{Error, ValueError};
use crate::input::{Unix, check_text, next_record};
use csv::{ByteRecord, ReaderBuilder};
use rustc_hash::FxHashMap;
use std::io::Read;

/// One of the three tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LegacyTable {
    /// The entries.
    Sdn,
    /// Their addresses.
    Addresses,
    /// Their other names.
    Aliases,
    /// Where remarks go on that are cut in the first table. Not every publication has it.
    Comments,
}

impl LegacyTable {
    /// The three that must be there.
    pub(crate) const REQUIRED: [Self; 3] = [Self::Sdn, Self::Addresses, Self::Aliases];

    /// The publisher's word for the table, as in the file name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sdn => "sdn",
            Self::Addresses => "add",
            Self::Aliases => "alt",
            Self::Comments => "comments",
        }
    }

    fn fields(self) -> usize {
        match self {
            Self::Sdn => 12,
            Self::Addresses => 6,
            Self::Aliases => 5,
            Self::Comments => 2,
        }
    }

    /// The table that a first line belongs to.
    pub(crate) fn of(line: &str) -> Option<Self> {
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
        let mut record = ByteRecord::new();
        reader.read_byte_record(&mut record).ok().filter(|more| *more)?;
        let number = |at: usize| record.get(at).is_some_and(|f| !f.is_empty() && f.iter().all(u8::is_ascii_digit));
        if !number(0) {
            return None;
        }
        match record.len() {
            12 => Some(Self::Sdn),
            6 if number(1) => Some(Self::Addresses),
            5 if number(1) && matches!(&record[2], b"aka" | b"fka" | b"nka") => Some(Self::Aliases),
            2 if line.contains(",\"") => Some(Self::Comments),
            _ => None,
        }
    }
}

/// The three tables while they are read.
#[derive(Default)]
pub(crate) struct Legacy {
    entries: Vec<OfacEntry>,
    addresses: FxHashMap<String, Vec<OfacAddress>>,
    aliases: FxHashMap<String, Vec<Aka>>,
    comments: FxHashMap<String, String>,
    seen: Vec<LegacyTable>,
}

impl Legacy {
    /// Reads one table.
    ///
    /// # Errors
    /// When the table was read already, a record has another number of fields, or a field is not UTF-8.
    pub(crate) fn take(&mut self, file: &str, table: LegacyTable, input: impl Read) -> Result<(), Error> {
        if self.seen.contains(&table) {
            let problem = format!("two files with the table `{}`", table.word());
            return Err(Error::Archive { file: file.into(), problem });
        }
        self.seen.push(table);
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Unix::new(input));
        let mut record = ByteRecord::new();
        while next_record(file, &mut reader, &mut record)? {
            // The end-of-file mark of old systems.
            if record.len() == 1 && matches!(&record[0], b"\x1a" | b"") {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != table.fields() {
                let problem = format!("expected {} fields, found {}", table.fields(), record.len());
                return Err(Error::Syntax { file: file.into(), line, column: None, problem });
            }
            for (at, field) in record.iter().enumerate() {
                check_text(file, line, field, || format!("field {}", at + 1))?;
            }
            self.take_record(table, &record, line).map_err(|(field, error)| error.at(file, line, field))?;
        }
        Ok(())
    }

    fn take_record(
        &mut self,
        table: LegacyTable,
        record: &ByteRecord,
        line: u64,
    ) -> Result<(), (&'static str, ValueError)> {
        let get = |at: usize| match std::str::from_utf8(&record[at]).unwrap_or_default().trim() {
            "-0-" => "",
            text => text,
        };
        let number = get(0);
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(("ent_num", ValueError::unexpected("the number of the entry", number)));
        }
        match table {
            LegacyTable::Sdn => {
                let mut entry = entry(line, &get);
                // Blanks kept: the text may go on in the table of comments.
                if !get(11).is_empty() {
                    entry.remarks = std::str::from_utf8(&record[11]).unwrap_or_default().to_owned();
                }
                self.entries.push(entry);
            }
            LegacyTable::Comments => {
                let text = std::str::from_utf8(&record[1]).unwrap_or_default();
                self.comments.entry(number.to_owned()).or_default().push_str(text);
            }
            LegacyTable::Addresses => self.addresses.entry(number.to_owned()).or_default().push(OfacAddress {
                parts: [get(2), get(3)].into_iter().filter(|t| !t.is_empty()).map(str::to_owned).collect(),
                country: get(4).to_owned(),
            }),
            LegacyTable::Aliases => {
                let kind = match get(2) {
                    "aka" => "a.k.a.",
                    "fka" => "f.k.a.",
                    "nka" => "n.k.a.",
                    other => return Err(("alt_type", ValueError::unexpected("aka, fka or nka", other))),
                };
                self.aliases.entry(number.to_owned()).or_default().push(aka(kind, "strong", get(3)));
            }
        }
        Ok(())
    }

    /// Joins the tables.
    ///
    /// # Errors
    /// When a table is missing, an address or alias belongs to no entry, or an entry lacks its name.
    pub(crate) fn finish(mut self, file: &str) -> Result<ParsedFile, Error> {
        if let Some(missing) = LegacyTable::REQUIRED.iter().find(|p| !self.seen.contains(p)) {
            let problem =
                format!("the table `{}` is missing; the legacy format needs sdn, add and alt", missing.word());
            return Err(Error::Archive { file: file.into(), problem });
        }
        for entry in &mut self.entries {
            let mut text = std::mem::take(&mut entry.remarks);
            text.push_str(&self.comments.remove(&entry.uid).unwrap_or_default());
            remarks(entry, text.trim());
            entry.addresses = self.addresses.remove(&entry.uid).unwrap_or_default();
            // An entry without an address has one that holds nothing.
            entry.addresses.retain(|a| !a.parts.is_empty() || !a.country.is_empty());
            let mut listed = self.aliases.remove(&entry.uid).unwrap_or_default();
            listed.append(&mut entry.akas);
            entry.akas = listed;
        }
        let others = self.addresses.into_keys().chain(self.aliases.into_keys()).chain(self.comments.into_keys());
        if let Some(number) = others.min() {
            let problem =
                format!("an address, alias or comment of entry {number}, which the table `sdn` does not hold");
            return Err(Error::Archive { file: file.into(), problem });
        }
        let mut parsed = ParsedFile::new(file);
        add_entries(file, self.entries, &mut parsed)?;
        Ok(parsed)
    }
}

fn aka(kind: &str, category: &str, name: &str) -> Aka {
    Aka { kind: kind.into(), category: category.into(), first: String::new(), last: name.into() }
}

fn entry<'a>(line: u64, get: &impl Fn(usize) -> &'a str) -> OfacEntry {
    let mut raw =
        OfacEntry { line, uid: get(0).into(), last: get(1).into(), title: get(4).into(), ..OfacEntry::default() };
    raw.kind = match get(2) {
        "" => "Entity".into(),
        "individual" => "Individual".into(),
        "vessel" => "Vessel".into(),
        "aircraft" => "Aircraft".into(),
        other => other.into(),
    };
    // "NPWMD] [IFSR"
    raw.programmes = get(3).split(['[', ']']).map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect();
    for (at, label) in [
        (5, "Call sign"),
        (6, "Vessel type"),
        (7, "Gross tonnage"),
        (8, "Gross registered tonnage"),
        (10, "Vessel owner"),
    ] {
        if !get(at).is_empty() {
            raw.vessel.push((label, get(at).into()));
        }
    }
    if !get(9).is_empty() {
        raw.countries.push(get(9).into());
    }
    raw
}

/// Splits the remarks: "DOB 1946; POB Giza, Egypt; Passport 1084010 (Egypt); a.k.a. 'CHAPORI, Petit'".
fn remarks(raw: &mut OfacEntry, text: &str) {
    let mut rest: Vec<&str> = Vec::new();
    let text = text.strip_suffix('.').filter(|t| !t.ends_with(".A")).unwrap_or(text);
    for piece in text.split("; ").map(str::trim).filter(|p| !p.is_empty()) {
        let bare = piece.strip_prefix("alt. ").unwrap_or(piece);
        if let Some(date) = bare.strip_prefix("DOB ") {
            raw.births.push(date.into());
        } else if let Some(place) = bare.strip_prefix("POB ") {
            raw.birth_places.push(place.into());
        } else if let Some(country) = bare.strip_prefix("nationality ").or_else(|| bare.strip_prefix("citizen ")) {
            raw.countries.push(country.into());
        } else if let Some((kind, name)) = quoted_name(bare) {
            // What OFAC writes in the remarks instead of the table of aliases is weak.
            raw.akas.push(aka(kind, "weak", name));
        } else if let Some((label, value)) = listing_note(bare) {
            raw.ids.push(OfacNumber { label: label.into(), value: value.into(), country: String::new() });
        } else if let Some((label, value)) = split_label(bare) {
            let (value, country) = with_country(value);
            raw.ids.push(OfacNumber { label: label.into(), value: value.into(), country: country.into() });
        } else {
            rest.push(piece);
        }
    }
    raw.remarks = rest.join("; ");
}

/// A note on the listing, as the XML forms have it among the numbers: which directive an entry is subject to, and the days
/// of listing. They say which list an entry is on.
fn listing_note(text: &str) -> Option<(&str, &str)> {
    const DETERMINATION: &str = "Executive Order 13662 Directive Determination -";
    if let Some(value) = text.strip_prefix(DETERMINATION) {
        return Some((DETERMINATION, value.trim()));
    }
    let is_note =
        ["Effective Date (", "Listing Date (", "CAATSA Section 235"].iter().any(|start| text.starts_with(start));
    text.split_once(": ").filter(|_| is_note).map(|(label, value)| (label, value.trim()))
}

fn quoted_name(text: &str) -> Option<(&'static str, &str)> {
    let (kind, rest) = [("a.k.a.", "a.k.a. '"), ("f.k.a.", "f.k.a. '"), ("n.k.a.", "n.k.a. '")]
        .iter()
        .find_map(|(kind, start)| Some((*kind, text.strip_prefix(start)?)))?;
    Some((kind, rest.trim_end_matches('.').strip_suffix('\'')?))
}

/// The number and the country behind it: "19820215 (Egypt) issued 1990".
fn with_country(text: &str) -> (&str, &str) {
    let end = [" issued ", " expires "].iter().filter_map(|w| text.find(w)).min().unwrap_or(text.len());
    let text = text[..end].trim();
    match text.strip_suffix(')').and_then(|t| t.rsplit_once(" (")) {
        Some((value, country)) => (value.split(" (").next().unwrap_or(value).trim(), country),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_line_tells_the_table() {
        assert_eq!(
            LegacyTable::of("36,\"A LTD.\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- "),
            Some(LegacyTable::Sdn)
        );
        assert_eq!(LegacyTable::of("36,25,-0- ,\"Havana\",\"Cuba\",-0- "), Some(LegacyTable::Addresses));
        assert_eq!(LegacyTable::of("36,12,\"aka\",\"A-B\",-0- "), Some(LegacyTable::Aliases));
        assert_eq!(LegacyTable::of("a,b,c,d,e,f,g,h,i,j,k,l"), None);
        assert_eq!(LegacyTable::of("1,2,x,y,z"), None);
    }

    #[test]
    fn remarks_are_taken_apart() {
        let mut raw = OfacEntry::default();
        remarks(
            &mut raw,
            "DOB 1946; alt. DOB 1947; POB Giza, Egypt; Passport 1084010 (Egypt) issued 01 Jan 1990; nationality Iraq; \
             Vessel Registration Identification IMO 9187629; a.k.a. 'X, Y'; Linked To: ALPHA S.A.; Gender Male.",
        );
        assert_eq!(raw.births, ["1946", "1947"]);
        assert_eq!(raw.birth_places, ["Giza, Egypt"]);
        assert_eq!(raw.countries, ["Iraq"]);
        let ids: Vec<_> = raw.ids.iter().map(|i| (i.label.as_str(), i.value.as_str(), i.country.as_str())).collect();
        assert_eq!(ids, [("Passport", "1084010", "Egypt"), ("Vessel Registration Identification", "IMO 9187629", "")]);
        assert_eq!((raw.akas[0].last.as_str(), raw.akas[0].category.as_str()), ("X, Y", "weak"));
        assert_eq!(raw.remarks, "Linked To: ALPHA S.A.; Gender Male");
    }
}
