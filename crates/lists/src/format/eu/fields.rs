//! The fields that both forms have, and what an entry takes from each.

use crate::build::{EntryBuilder, on_one_line};
use crate::format::document_number::document_number;
use model::country::Country;
use model::entry::{EntryKind, IdentifierType, NameKind};

pub(super) const LIST: &str = "eu-fsf";

pub(super) fn kind(code: &str) -> Option<EntryKind> {
    match code {
        "person" | "P" => Some(EntryKind::Person),
        "enterprise" | "E" => Some(EntryKind::Company),
        _ => None,
    }
}

pub(super) fn reference(one: &mut EntryBuilder, eu: &str, un: &str) {
    if !eu.is_empty() {
        one.citation(&format!("EU reference {eu}"));
    }
    if !un.is_empty() {
        one.citation(&format!("UN Security Council, reference {un}"));
    }
}

pub(super) fn published(one: &mut EntryBuilder, date: Option<jiff::civil::Date>) {
    if let Some(date) = date {
        one.entry.published = Some(one.entry.published.map_or(date, |known| known.min(date)));
    }
}

pub(super) fn name(one: &mut EntryBuilder, text: &str, weak: bool, function: &str, title: &str, gender: &str) {
    // The first name is the one that the list shows; the others may be in any language.
    let kind = if one.has_name() { NameKind::Alias } else { NameKind::Primary };
    one.name(text, kind, weak);
    one.note("Function", &on_one_line(function));
    one.note("Title", &on_one_line(title));
    one.note("Gender", gender);
}

/// `00` is the publisher's code for a country that is not known.
pub(super) fn country_of<'t>(code: &'t str, description: &'t str) -> &'t str {
    match code {
        "00" => "",
        "" => description,
        code if Country::from_code(code).is_some() => code,
        _ => description,
    }
}

/// A date of birth as it is written.
pub(super) struct EuBirth<'t> {
    pub(super) date: &'t str,
    pub(super) year: &'t str,
    pub(super) month: &'t str,
    pub(super) from: &'t str,
    pub(super) to: &'t str,
    pub(super) circa: &'t str,
    pub(super) place: [&'t str; 3],
    pub(super) country: &'t str,
}

pub(super) fn birth(one: &mut EntryBuilder, birth: &EuBirth<'_>) {
    let text = match (birth.date, birth.year, birth.from, birth.to) {
        ("", "", "", "") => String::new(),
        ("", "", from, "") | ("", "", "", from) => from.to_owned(),
        ("", "", from, to) => format!("{from} to {to}"),
        ("", year, ..) if birth.month.is_empty() => year.to_owned(),
        ("", year, ..) => format!("{year}-{:0>2}", birth.month),
        (date, ..) => date.to_owned(),
    };
    if birth.circa == "true" && !text.is_empty() {
        one.birth(&format!("circa {text}"));
    } else {
        one.birth(&text);
    }
    let place = birth.place.into_iter().chain([birth.country]).filter(|p| !p.is_empty()).collect::<Vec<_>>();
    one.note("Place of birth", &on_one_line(&place.join(", ")));
}

pub(super) fn identification(one: &mut EntryBuilder, code: &str, description: &str, number: &str, country: &str) {
    let country = Country::from_code(country);
    let value = document_number(number).0;
    if value != number {
        one.note(description, &on_one_line(number));
    }
    match code {
        "passport" | "travelcardid" => one.number("Passport", value, country),
        "id" | "ssn" | "nationcert" | "residentperm" | "electionid" => one.number("National ID No.", value, country),
        "fiscalcode" => one.number("Tax ID No.", value, country),
        "regnumber" | "tradelic" => one.number("Registration Number", value, country),
        "imo" => one.imo(value),
        "swiftbic" => one.typed(IdentifierType::Bic, value, country),
        _ if value.bytes().any(|b| b.is_ascii_digit()) => one.typed(IdentifierType::Other, value, country),
        _ => one.note(description, &on_one_line(number)),
    }
}
