//! Documents, dates of birth and numbers of entries of the UN list.

use crate::build::labelled;
use crate::format::document_number::document_number;
use model::country::Country;
use model::entry::{Identifier, IdentifierType};

/// One `INDIVIDUAL_DOCUMENT`.
#[derive(Default)]
pub(super) struct UnDocument {
    pub(super) kind: String,
    pub(super) narrower: String,
    pub(super) number: String,
    pub(super) issuer: String,
    pub(super) notes: Vec<String>,
}

impl UnDocument {
    /// The number, where there is one; all that the list says beside it goes to the notes.
    pub(super) fn read(self, notes: &mut Vec<String>) -> Option<Identifier> {
        // Some entries give the number behind the narrower type ("Residential card number 665").
        let holds_digit = |t: &str| t.bytes().any(|b| b.is_ascii_digit());
        let full =
            if holds_digit(&self.number) || !holds_digit(&self.narrower) { &self.number } else { &self.narrower };
        let label = if self.narrower.is_empty() { &self.kind } else { &self.narrower };
        let label = label.trim_end_matches([':', ' ']);
        let label = if label.is_empty() { "Document" } else { label };
        let (value, place) = document_number(full);
        let found = holds_digit(value).then(|| Identifier {
            kind: kind(&self.kind, &format!("{} {full}", self.narrower)),
            value: value.to_owned(),
            country: Country::parse(&self.issuer).or(place),
        });
        let mut said = self.notes;
        if !self.issuer.is_empty() && Country::parse(&self.issuer).is_none() {
            said.push(self.issuer);
        }
        if found.is_none() || value != full || !said.is_empty() || !self.narrower.is_empty() {
            let parts = std::iter::once(full.clone()).chain(said).filter(|p| !p.is_empty());
            notes.extend(labelled(label, &parts.collect::<Vec<_>>().join(", ")));
        }
        found
    }
}

/// What the number is; other cards and certificates identify nobody at a border, but are numbers all the same.
fn kind(stated: &str, narrower: &str) -> IdentifierType {
    let narrower = narrower.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| narrower.contains(w));
    let passport = ["passport", "passeport", "pasaporte"].iter().any(|w| stated.to_lowercase().contains(w));
    if says(&["fiscal code"]) {
        IdentifierType::Tax
    } else if says(&[
        "certificate",
        "driv",
        "ration card",
        "voter",
        "student",
        "military",
        "residential",
        "travel document",
    ]) {
        IdentifierType::Other
    } else if passport || says(&["passport"]) {
        IdentifierType::Passport
    } else if stated.is_empty() {
        IdentifierType::Other
    } else {
        IdentifierType::NationalId
    }
}

/// One `INDIVIDUAL_DATE_OF_BIRTH`.
#[derive(Default)]
pub(super) struct UnBirth {
    pub(super) kind: String,
    pub(super) date: String,
    pub(super) year: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) note: String,
}

impl UnBirth {
    /// The date as the other lists write it: "1966-02-13", "circa 1970", "1962 to 1964".
    pub(super) fn text(&self) -> Option<String> {
        let day = without_zone(&self.date);
        let exact = if day.is_empty() { self.year.as_str() } else { day };
        let text = match (self.from.as_str(), self.to.as_str()) {
            ("", "") if !exact.is_empty() => exact.to_owned(),
            // "Sep. 1977", "30-35 years old": all that the entry says.
            ("", "") => return self.note.contains(|c: char| c.is_ascii_digit()).then(|| self.note.clone()),
            (year, "") | ("", year) => year.to_owned(),
            (from, to) => format!("{from} to {to}"),
        };
        let circa = self.kind == "APPROXIMATELY" || self.note.eq_ignore_ascii_case("approximately");
        Some(if circa { format!("circa {text}") } else { text })
    }
}

/// A date of XML Schema may carry a time zone ("1960-01-01-05:00").
pub(super) fn without_zone(date: &str) -> &str {
    match date.get(10..11) {
        Some("-" | "+" | "Z" | "T") => &date[..10],
        _ => date,
    }
}

/// Whether an entry is listed for a ban on travel and nothing else: "Listed pursuant to paragraph 15 of resolution 1970
/// (Travel Ban)". Others of the same committee say "(Travel Ban, Asset Freeze)".
pub(super) fn is_travel_ban_alone(comments: &str) -> bool {
    let comments = comments.to_ascii_lowercase();
    comments.contains("(travel ban)") && !comments.contains("asset freeze")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(kind: &str, narrower: &str, number: &str, issuer: &str) -> (Option<(IdentifierType, String)>, String) {
        let mut notes = Vec::new();
        let [kind, narrower, number, issuer] = [kind, narrower, number, issuer].map(str::to_owned);
        let found = UnDocument { kind, narrower, number, issuer, notes: Vec::new() }.read(&mut notes);
        (found.map(|i| (i.kind, format!("{}{}", i.country.map_or("-", |_| ""), i.value))), notes.join("; "))
    }

    #[test]
    fn a_number_is_found_in_the_words_around_it() {
        use IdentifierType::{NationalId, Other, Passport, Tax};
        let is = |kind, value: &str| Some((kind, value.to_owned()));
        assert_eq!(document("Passport", "", "381310014", "Jordan"), (is(Passport, "381310014"), String::new()));
        assert_eq!(document("Passport", "", "British passport number C00146605", "").0, is(Passport, "-C00146605"));
        assert_eq!(document("Passport", "", "R00005943, South Sudan", "").0, is(Passport, "-R00005943"));
        assert_eq!(document("Passport", "", "Jordan 654781", "").0, is(Passport, "654781"));
        assert_eq!(document("Passport", "", "381110042 (Expired 25 Jan. 2016)", "").0, is(Passport, "-381110042"));
        assert_eq!(document("Passport", "", "D 000933", "").0, is(Passport, "-D 000933"));
        assert_eq!(document("Passport", "", "Diplomatic Passport D009889", "").0, is(Passport, "-D009889"));
        let national = "National Identification Number";
        assert_eq!(document(national, "Residential card number 665", "", "").0, is(Other, "-665"));
        assert_eq!(document(national, "Italian Fiscal Code:", "BCHMHT", "Italy").0, None);
        assert_eq!(document(national, "Italian Fiscal Code:", "BCHMHT53", "Italy").0, is(Tax, "BCHMHT53"));
        assert_eq!(document(national, "national passport", "12", "").0, is(Passport, "-12"));
        let (found, notes) = document(national, "", "Afghan card (tazkira) number 44323", "");
        assert_eq!(found, is(NationalId, "-44323"));
        assert_eq!(notes, "National Identification Number: Afghan card (tazkira) number 44323");
        assert_eq!(document(national, "Birth certificate", "", ""), (None, String::new()));
    }

    #[test]
    fn births_and_dates_read_like_those_of_other_lists() {
        let birth = |kind: &str, date: &str, year: &str, from: &str, to: &str, note: &str| {
            let [kind, date, year, from, to, note] = [kind, date, year, from, to, note].map(str::to_owned);
            UnBirth { kind, date, year, from, to, note }.text().unwrap_or_default()
        };
        assert_eq!(birth("EXACT", "1966-02-02-05:00", "", "", "", ""), "1966-02-02");
        assert_eq!(birth("APPROXIMATELY", "", "1970", "", "", ""), "circa 1970");
        assert_eq!(birth("BETWEEN", "", "", "1962", "1964", ""), "1962 to 1964");
        assert_eq!(birth("BETWEEN", "", "", "1962", "1964", "Approximately"), "circa 1962 to 1964");
        assert_eq!(birth("EXACT", "", "", "", "", "Sep. 1977"), "Sep. 1977");
        assert_eq!(birth("", "", "", "", "", ""), "");
    }

    #[test]
    fn a_ban_on_travel_alone_is_told_from_a_freeze() {
        assert!(is_travel_ban_alone("Listed pursuant to paragraph 15 of resolution 1970 (Travel Ban)."));
        assert!(!is_travel_ban_alone("paragraphs 15 and 17 of resolution 1970 (Travel Ban, Asset Freeze)."));
        assert!(!is_travel_ban_alone("Subject to a travel ban"));
    }
}
