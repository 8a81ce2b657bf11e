//! Numbers that stand in running text: remarks, other information, reasons for a listing.
//!
//! An IMO number is taken wherever it is called one, as ships and their companies are known by it. A number of another
//! kind is taken only where its label stands before it, it has the form and the check digits of its kind, and the text
//! does not say that it is another party's.

use model::country::Country;
use model::entry::{Identifier, IdentifierType, has_right_check_digits};

/// Labels, what they name, and the lengths that the number may have.
const LABELS: &[(&str, IdentifierType, &[usize])] = &[
    ("imo", IdentifierType::Imo, &[7]),
    ("mmsi", IdentifierType::Mmsi, &[9]),
    ("inn", IdentifierType::Inn, &[10, 12]),
    ("инн", IdentifierType::Inn, &[10, 12]),
    ("ogrn", IdentifierType::Ogrn, &[13, 15]),
    ("огрн", IdentifierType::Ogrn, &[13, 15]),
    ("psrn", IdentifierType::Ogrn, &[13, 15]),
    ("uscc", IdentifierType::Uscc, &[18]),
    ("unified social credit code", IdentifierType::Uscc, &[18]),
    ("lei", IdentifierType::Lei, &[20]),
    ("legal entity identifier", IdentifierType::Lei, &[20]),
];

/// The fewest signs of a number in [`LABELS`].
const SHORTEST: usize = 7;

/// Words that may stand between a label and its number.
const BETWEEN: &[&str] = &[
    "number",
    "numbers",
    "no",
    "nos",
    "nr",
    "num",
    "code",
    "id",
    "identification",
    "ship",
    "vessel",
    "company",
    "is",
    "and",
    "or",
];

/// Words after which a number is the number of the party that they name.
const OF_ANOTHER: &[&str] = &["subsidiary of", "owned by", "controlled by", "parent", "branch of", "behalf of"];

/// Letters between a label and its number, at most.
const REACH: usize = 40;

/// Calls `found` with each number of the text.
pub(super) fn text_numbers(text: &str, mut found: impl FnMut(Identifier)) {
    if !may_have_number(text) {
        return;
    }
    // Lower-casing ASCII alone keeps every byte in its place.
    let lower: String = text.chars().flat_map(char::to_lowercase).collect();
    let lower = if lower.len() == text.len() { lower } else { text.to_ascii_lowercase() };
    for &(label, kind, lengths) in LABELS {
        for (at, _) in lower.match_indices(label) {
            let starts_word = !lower[..at].ends_with(char::is_alphanumeric);
            let rest = &lower[at + label.len()..];
            if !starts_word || rest.starts_with(char::is_alphabetic) {
                continue;
            }
            let is_imo = kind == IdentifierType::Imo;
            if !is_imo && is_of_another(&lower[..at]) {
                continue;
            }
            let mut offset = at + label.len();
            // "IMO numbers 9138044, 9138056 and 9138068".
            while let Some((start, end)) = next_number(&lower, offset, lengths) {
                let value = text[start..end].to_ascii_uppercase();
                if is_imo || kind == IdentifierType::Mmsi || has_right_check_digits(kind, &value) == Some(true) {
                    found(Identifier { kind, value, country: country(kind) });
                }
                if !is_imo {
                    break;
                }
                offset = end;
            }
        }
    }
}

/// Whether the text has a word as long as the shortest number, with a digit: most texts have none, and are quickly told.
fn may_have_number(text: &str) -> bool {
    let (mut length, mut has_digit) = (0, false);
    text.bytes().any(|b| {
        let is_of_word = b.is_ascii_alphanumeric() || !b.is_ascii();
        length = if is_of_word { length + 1 } else { 0 };
        has_digit = is_of_word && (has_digit || b.is_ascii_digit());
        length >= SHORTEST && has_digit
    })
}

fn country(kind: IdentifierType) -> Option<Country> {
    match kind {
        IdentifierType::Inn | IdentifierType::Ogrn => Country::from_code("RU"),
        IdentifierType::Uscc => Country::from_code("CN"),
        _ => None,
    }
}

/// Whether the sentence before a label speaks of another party.
fn is_of_another(before: &str) -> bool {
    let start = before.rfind(['.', ';']).map_or(0, |at| at + 1);
    OF_ANOTHER.iter().any(|words| before[start..].contains(words))
}

/// Where the number after `from` is, if only blanks, marks and words like "number" stand before it.
fn next_number(text: &str, from: usize, lengths: &[usize]) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let rest = &text[at..];
        let skipped = rest.len() - rest.trim_start_matches(|c: char| !c.is_alphanumeric() && c != ';').len();
        at += skipped;
        if at - from > REACH {
            return None;
        }
        let word: usize = text[at..].chars().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum();
        let end = at + word;
        let token = &text[at..end];
        if token.bytes().any(|b| b.is_ascii_digit()) {
            // "(1) 9138044 (2) ..." is an enumeration.
            if token.len() <= 2 {
                at = end;
                continue;
            }
            let is_whole = lengths.contains(&token.len());
            let is_plain = token.bytes().all(|b| b.is_ascii_digit()) || (lengths[0] >= 18 && token.is_ascii());
            return (is_whole && is_plain).then_some((at, end));
        }
        if token.is_empty() || !BETWEEN.contains(&token) {
            return None;
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(IdentifierType, String)> {
        let mut all = Vec::new();
        text_numbers(text, |found| all.push((found.kind, found.value)));
        all
    }

    fn imos(text: &str) -> Vec<String> {
        numbers(text).into_iter().filter(|n| n.0 == IdentifierType::Imo).map(|n| n.1).collect()
    }

    #[test]
    fn an_imo_number_is_found_however_it_is_called() {
        for text in [
            "IMO 9138044",
            "IMO number: 9138044. Flag: Togo",
            "Shipping company, IMO Identification Number: 9138044",
            "International Maritime Organization (IMO) Number: 9138044, Pyongyang",
            "(IMO) Ship No. 9138044",
            "imo no.9138044",
            "IMO: 9138044;",
            "Vessel IMO number - 9138044",
        ] {
            assert_eq!(imos(text), ["9138044"], "{text}");
        }
        assert_eq!(imos("IMO numbers 9138044, 9138056 and 9138068; others"), ["9138044", "9138056", "9138068"]);
        assert_eq!(imos("IMO numbers: (1) 9138044 (2) 9138056"), ["9138044", "9138056"]);
        for text in
            ["SIMON 9138044", "imovel 9138044", "IMO 91380441", "IMO of the ship built in 9138044", "IMO 913804"]
        {
            assert_eq!(imos(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn no_number_is_shorter_than_the_shortest() {
        assert_eq!(LABELS.iter().flat_map(|l| l.2).min(), Some(&SHORTEST));
    }

    #[test]
    fn other_numbers_need_their_form_and_must_be_the_party_s_own() {
        use IdentifierType as T;
        let is = |kind, value: &str| vec![(kind, value.to_owned())];
        assert_eq!(numbers("Moscow; INN 7802170553."), is(T::Inn, "7802170553"));
        assert_eq!(numbers("ИНН: 7802170553"), is(T::Inn, "7802170553"));
        assert_eq!(numbers("INN 7802170554"), []);
        assert_eq!(numbers("PSRN number 1027700132195"), is(T::Ogrn, "1027700132195"));
        assert_eq!(numbers("Unified Social Credit Code 914403007954257495"), is(T::Uscc, "914403007954257495"));
        assert_eq!(numbers("LEI: 5493001KJTIIGC8Y1R12"), is(T::Lei, "5493001KJTIIGC8Y1R12"));
        assert_eq!(numbers("MMSI 273370060"), is(T::Mmsi, "273370060"));
        assert_eq!(numbers("Subsidiary of OOO Romashka (INN 7802170553)"), []);
        assert_eq!(numbers("Subsidiary of OOO Romashka. INN 7802170553"), is(T::Inn, "7802170553"));
        assert_eq!(numbers("İstanbul, IMO 9138044"), is(T::Imo, "9138044"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_reads(text in "([a-zА-яİ ,;:()0-9]|IMO|INN |number|9138044){0,30}") {
            text_numbers(&text, |found| assert!(!found.value.is_empty()));
        }
    }
}
