//! Reads the World Bank's debarred firms and individuals, the JSON that its page loads (`response.ZPROCSUPP`).
//!
//! A supplier that was debarred more than once has a record for each; they make one entry. Of a debarment without an end
//! the publisher gives a day in 2999. What stands before or behind a name (`SUPP_PRE_ACRN`, `SUPP_POST_ACRN`) is not
//! documented and goes to the remarks.

use crate::build::{EntryBuilder, ParsedFile};
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use crate::input::{each_object, scalar};
use jiff::civil::Date;
use model::entry::{EntryKind, NameKind};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

const LIST: &str = "wb-debarred";

/// Debarments that end in this year or later have no end.
const NO_END: i16 = 2900;

/// Titles before the name of a person, each with the point that the list writes.
const TITLES: [&str; 8] = ["MR.", "MRS.", "MS.", "MISS ", "DR.", "PROF.", "ENG.", "ENGR."];

/// Fields that go to the remarks, with their labels.
const NOTES: [(&str, &str); 12] = [
    ("SUPP_PRE_ACRN", "Before the name"),
    ("SUPP_POST_ACRN", "Behind the name"),
    ("INELIGIBLY_STATUS", "Ineligibility"),
    ("ADD_SUPP_INFO", "Additional information"),
    ("DEBAR_TYPE", "Type of debarment"),
    ("SUPP_ELIG_STAT", "Eligibility of the supplier"),
    ("ELIG_STAT", "Eligibility"),
    ("INELIG_FLG", "Ineligible"),
    ("CRPD_MATCH", "Cross-debarment"),
    ("CRPD_STAT", "State of the cross-debarment"),
    ("LEGACY_FLG", "Legacy"),
    ("UN_SUPP_FLG", "UN supplier"),
];

/// Reads every entry.
///
/// # Errors
/// When it is not this JSON, a record lacks its number, name or first day, or a date is invalid.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut parsed = ParsedFile::new(file);
    let mut suppliers: BTreeMap<String, EntryBuilder> = BTreeMap::new();
    let mut fields: BTreeSet<String> = BTreeSet::new();
    each_object(file, input, &["response", "ZPROCSUPP"], &mut |line, index, record| {
        fields.extend(record.iter().filter(|(_, value)| scalar(value).is_some()).map(|(key, _)| key.clone()));
        let record = Record { file, line, index, fields: &record };
        let id = record.required("SUPP_ID", "the number of the supplier")?;
        match suppliers.get_mut(&id) {
            Some(known) => {
                known.records += 1;
                known.repairs.add("merged_rows");
                record.add_to(known)
            }
            None => {
                let mut one = EntryBuilder::new(LIST, &id, record.kind(), line);
                record.add_to(&mut one)?;
                suppliers.insert(id, one);
                Ok(())
            }
        }
    })?;
    suppliers.into_values().try_for_each(|one| one.finish(file, "SUPP_NAME", &mut parsed))?;
    parsed.unknown_elements(LIST, Format::WorldBankJson, &fields.into_iter().collect::<Vec<_>>());
    Ok(parsed)
}

/// One record of the file.
struct Record<'a> {
    file: &'a str,
    line: u64,
    index: usize,
    fields: &'a Map<String, Value>,
}

impl Record<'_> {
    fn get(&self, field: &str) -> Option<String> {
        self.fields.get(field).and_then(scalar)
    }

    fn text(&self, field: &str) -> String {
        self.get(field).unwrap_or_default()
    }

    fn place(&self, field: &str) -> String {
        format!("ZPROCSUPP[{}].{field}", self.index)
    }

    fn required(&self, field: &str, what: &'static str) -> Result<String, Error> {
        self.get(field).ok_or_else(|| ValueError::missing(what).at(self.file, self.line, &self.place(field)))
    }

    fn kind(&self) -> EntryKind {
        match self.text("SUPP_TYPE_CODE").as_str() {
            "" => EntryKind::Unknown,
            "I" => EntryKind::Person,
            _ => EntryKind::Company,
        }
    }

    fn date(&self, field: &str) -> Result<Option<Date>, Error> {
        let Some(text) = self.get(field) else { return Ok(None) };
        // The day may be followed by a time.
        let found = text.get(..10).and_then(|text| Date::strptime("%Y-%m-%d", text).ok());
        found.map(Some).ok_or_else(|| {
            ValueError::unexpected("a date like 2020-09-28", &text).at(self.file, self.line, &self.place(field))
        })
    }

    /// Adds what the record says to its entry.
    fn add_to(&self, one: &mut EntryBuilder) -> Result<(), Error> {
        let name = self.required("SUPP_NAME", "the name")?;
        let name = untitled(&name, one);
        one.name(name, if one.has_name() { NameKind::Alias } else { NameKind::Primary }, false);
        let state = self.get("SUPP_PROV_NAME").unwrap_or_else(|| self.text("SUPP_STATE_CODE"));
        let post_code = self.get("SUPP_ZIP_CODE").unwrap_or_else(|| self.text("SUPP_POST_CODE"));
        let country = self.get("COUNTRY_NAME").unwrap_or_else(|| self.text("LAND1"));
        let (street, city) = (self.text("SUPP_ADDR"), self.text("SUPP_CITY"));
        one.address([street.as_str(), city.as_str(), state.as_str(), post_code.as_str()], &country);
        let grounds = self.text("DEBAR_REASON");
        one.programme(&grounds);
        one.citation(&grounds);
        self.add_period(one)?;
        for (field, label) in NOTES {
            if let Some(text) = self.get(field) {
                one.note(label, &text);
            }
        }
        Ok(())
    }

    /// The first day of the first debarment, and the last of the last one.
    fn add_period(&self, one: &mut EntryBuilder) -> Result<(), Error> {
        let from = self.date("DEBAR_FROM_DATE")?;
        let from = from.ok_or_else(|| {
            ValueError::missing("the first day").at(self.file, self.line, &self.place("DEBAR_FROM_DATE"))
        })?;
        let to = self.date("DEBAR_TO_DATE")?.filter(|day| day.year() < NO_END);
        let is_first = one.entry.effective.is_none();
        one.in_force_from(Some(from));
        one.entry.ends = if is_first { to } else { one.entry.ends.zip(to).map(|(known, to)| known.max(to)) };
        Ok(())
    }
}

/// The name of a person without the title before it, which goes to the remarks.
fn untitled<'t>(name: &'t str, one: &mut EntryBuilder) -> &'t str {
    if one.entry.kind != EntryKind::Person {
        return name;
    }
    let found = TITLES.iter().find_map(|title| {
        let begins = name.get(..title.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(title));
        begins.then(|| name.split_at(title.len())).filter(|(_, rest)| !rest.trim().is_empty())
    });
    let Some((title, rest)) = found else { return name };
    one.repairs.add("annotation_cut");
    one.note("Title", title.trim());
    rest.trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::day;

    fn read_text(text: &str) -> Result<Vec<model::entry::Entry>, Error> {
        let parsed = read("f", &mut text.as_bytes())?;
        Ok(parsed.finish()?.entries)
    }

    const RECORD: &str = "{\"SUPP_ID\": 7, \"SUPP_NAME\": \"MR. OSRIC QUILL\", \"SUPP_TYPE_CODE\": \"I\", \
        \"COUNTRY_NAME\": \"Kenya\", \"DEBAR_FROM_DATE\": \"2021-03-04\", \"DEBAR_TO_DATE\": \"2999-12-31\", \
        \"DEBAR_REASON\": \"Procurement Guidelines, 1.16(a)(ii)\", \"INELIGIBLY_STATUS\": \"Ongoing\"}";

    fn file(records: &[&str]) -> String {
        format!("{{\"response\": {{\"ZPROCSUPP\": [{}]}}}}", records.join(",\n"))
    }

    #[test]
    fn two_debarments_of_one_supplier_are_one_entry_from_the_first_day_to_the_last() {
        let again = RECORD.replace("2021-03-04", "2019-01-02").replace("2999-12-31", "2020-01-01");
        let entries = read_text(&file(&[RECORD, &again])).unwrap();
        let [entry] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!((entry.primary_name(), entry.id.as_str()), ("OSRIC QUILL", "7"));
        assert_eq!(entry.effective, day("2019-01-02", &["%Y-%m-%d"]));
        assert_eq!(entry.ends, None);
        let bounded = RECORD.replace("2999-12-31", "2024-01-01");
        assert_eq!(read_text(&file(&[&bounded, &again])).unwrap()[0].ends, day("2024-01-01", &["%Y-%m-%d"]));
        assert!(entry.remarks.contains("Title: MR."), "{}", entry.remarks);
    }

    #[test]
    fn what_is_missing_or_invalid_is_named_with_its_place() {
        for (old, new, problem) in [
            ("\"SUPP_ID\": 7, ", "", "line 1, field `ZPROCSUPP[0].SUPP_ID`"),
            ("MR. OSRIC QUILL", " ", "ZPROCSUPP[0].SUPP_NAME"),
            ("2021-03-04", "4 March 2021", "expected a date like 2020-09-28, found `4 March 2021`"),
            ("\"DEBAR_FROM_DATE\": \"2021-03-04\", ", "", "ZPROCSUPP[0].DEBAR_FROM_DATE"),
            ("{\"SUPP_ID\"", "7, {\"SUPP_ID\"", "expected well-formed json: invalid type: integer `7`, expected a map"),
        ] {
            let error = read_text(&file(&[&RECORD.replacen(old, new, 1)])).unwrap_err().to_string();
            assert!(error.contains(problem), "{old}: {error}");
        }
        for (text, problem) in [
            ("{\"response\": {}}", "expected `response.ZPROCSUPP`, which is missing"),
            ("{\"response\": {\"ZPROCSUPP\": {}}}", "expected an array of objects"),
            ("{\"response\": [], \"x\": 1}", "expected an object with `ZPROCSUPP`"),
            ("{\"response\": {\"ZPROCSUPP\": []}}", "no entr"),
        ] {
            let error = read_text(text).unwrap_err().to_string();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}
