//! What one cell says: a country, a place, a number, an answer; and how the cells of several columns join.

use model::country::Country;
use model::shipment::AttestationKind;
use wire::v1;

/// What a cell cannot be taken for.
pub(super) struct Unreadable {
    pub(super) expected: String,
    pub(super) needs_review: bool,
}

impl Unreadable {
    pub(super) fn new(expected: impl Into<String>, needs_review: bool) -> Self {
        Self { expected: expected.into(), needs_review }
    }
}

/// Joins the texts of several columns line by line; a text that says the same again is left out.
pub(super) fn join(text: &mut String, cell: &str) {
    if text.is_empty() {
        cell.clone_into(text);
    } else if !text.lines().any(|line| line.trim() == cell.trim()) {
        text.push('\n');
        text.push_str(cell);
    }
}

pub(super) fn add_once(texts: &mut Vec<String>, cell: &str) {
    if !texts.iter().any(|text| text.trim() == cell.trim()) {
        texts.push(cell.to_owned());
    }
}

/// A second column of the same place adds what the first left open.
pub(super) fn merge(place: &mut v1::Place, other: v1::Place) {
    if place.text.is_empty() {
        place.text = other.text;
    } else if !place.text.split(", ").any(|part| part.trim() == other.text.trim()) {
        place.text = format!("{}, {}", place.text, other.text);
    }
    let is_read = |country: &str| Country::parse(country).is_some();
    if place.country.is_empty() || !is_read(&place.country) && is_read(&other.country) {
        place.country = other.country;
    }
    if place.locode.is_empty() {
        place.locode = other.locode;
    }
}

/// The first country that can be read; columns in several languages say the same.
pub(super) fn set_country(slot: &mut String, cell: &str) {
    if Country::parse(slot).is_none() {
        *slot = country(cell);
    }
}

pub(super) fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

pub(super) fn attestation(word: &str) -> Result<v1::Attestation, Unreadable> {
    let at = AttestationKind::ALL.iter().position(|k| k.as_str().eq_ignore_ascii_case(word)).ok_or_else(|| {
        let known: Vec<&str> = AttestationKind::ALL.iter().map(|k| k.as_str()).collect();
        Unreadable::new(format!("some of {}, between semicolons", known.join(", ")), true)
    })?;
    Ok(v1::Attestation { kind: at as i32 + 1, ..Default::default() })
}

/// Upper-case words of five letters that look like a UN/LOCODE and are far more often the city itself.
const CITIES: [&str; 22] = [
    "ACCRA", "ADANA", "BASEL", "BASRA", "BEIRA", "CAIRO", "DELHI", "ESSEN", "GENOA", "IZMIR", "LAGOS", "LIEGE",
    "MALMO", "MIAMI", "MILAN", "PARIS", "PERTH", "SOFIA", "TOKYO", "TURIN", "ULSAN", "VARNA",
];

/// A code or an English name as its code; anything else as written, for the engine to name.
pub(super) fn country(cell: &str) -> String {
    Country::parse(cell).map_or_else(|| cell.trim().to_owned(), |c| c.code().to_owned())
}

/// A cell of several values, between semicolons or bars.
pub(super) fn several(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '|']).map(str::trim).filter(|part| !part.is_empty())
}

/// A UN/LOCODE, a country, or text that may end in a country after a comma.
pub(in crate::columns) fn place(cell: &str) -> v1::Place {
    let text = cell.trim();
    let mut place = v1::Place { text: cell.to_owned(), ..Default::default() };
    if let Some(country) = Country::parse(text) {
        country.code().clone_into(&mut place.country);
    } else if is_locode(text) {
        text.clone_into(&mut place.locode);
    } else if let Some(country) = text.rsplit_once(',').and_then(|(_, last)| Country::parse(last)) {
        country.code().clone_into(&mut place.country);
    }
    place
}

fn is_locode(text: &str) -> bool {
    text.len() == 5
        && text.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && text.bytes().skip(2).all(|b| b.is_ascii_uppercase() || matches!(b, b'2'..=b'9'))
        && Country::from_code(&text[..2]).is_some()
        && !CITIES.contains(&text)
}

/// A number, with or without its type before it: `INN 7707083893`, `LEI:5493...`.
pub(super) fn identifier(text: &str) -> v1::Identifier {
    use v1::identifier::Type;
    let typed = text.split_once([' ', ':']).and_then(|(word, value)| {
        let kind = Type::from_str_name(&word.trim().to_ascii_uppercase()).filter(|k| *k != Type::Unspecified)?;
        Some((kind, value.trim_start_matches([':', ' ']).trim()))
    });
    let (kind, value) = typed.unwrap_or((Type::Unspecified, text));
    v1::Identifier { r#type: kind as i32, value: value.to_owned(), ..Default::default() }
}

pub(super) fn excerpt(cell: &str) -> String {
    cell.trim().chars().take(40).collect()
}
