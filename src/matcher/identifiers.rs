//! Numbers and codes: matched exactly, wherever they stand.

use crate::country::Country;
use crate::entry::{Entry, Identifier, IdentifierType};
use crate::text::Folded;
use rustc_hash::FxHashMap;

/// Listed numbers by their letters and digits.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    by_value: FxHashMap<Box<str>, Vec<(u32, u16)>>,
    longest: usize,
}

/// A listed number found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentifierHit {
    /// Number of the entry in the snapshot.
    pub entry: u32,
    /// Which of its identifiers.
    pub identifier: u16,
    /// First squeezed byte.
    pub start: u32,
    /// One past the last squeezed byte.
    pub end: u32,
}

/// Words of running text that say that a number follows.
const KEYWORDS: [&str; 14] = [
    "imo",
    "inn",
    "инн",
    "ogrn",
    "огрн",
    "uscc",
    "lei",
    "mmsi",
    "passport",
    "tax",
    "reg",
    "registration",
    "swift",
    "bic",
];

impl Identifiers {
    pub(super) fn build(entries: &[Entry]) -> Self {
        let mut index = Self::default();
        for (number, entry) in entries.iter().enumerate() {
            for (at, identifier) in entry.identifiers.iter().enumerate() {
                let key = key(&identifier.value);
                if is_telling(&key, identifier.kind) {
                    index.longest = index.longest.max(key.len());
                    index.by_value.entry(key.into()).or_default().push((number as u32, at as u16));
                }
            }
        }
        index
    }

    /// Entries that list this number of a party or vessel. Type and country must not contradict.
    pub(super) fn of_party(&self, given: &Identifier, entries: &[Entry], mut found: impl FnMut(u32, u16)) {
        for &(entry, at) in self.by_value.get(key(&given.value).as_str()).into_iter().flatten() {
            let listed = &entries[entry as usize].identifiers[usize::from(at)];
            if same_sort(given.kind, listed.kind) && agree(given.country, listed.country) {
                found(entry, at);
            }
        }
    }

    /// Listed numbers in running text. A short or common number needs its keyword before it.
    pub(super) fn in_text(&self, folded: &Folded, entries: &[Entry], mut found: impl FnMut(IdentifierHit)) {
        let tokens = folded.tokens();
        for (at, token) in tokens.iter().enumerate() {
            let text = folded.text(*token);
            // Almost every token of running text ends here.
            if text.len() < 5 || text.len() > self.longest + 8 || !text.bytes().any(|b| b.is_ascii_digit()) {
                continue;
            }
            let keyword_before = at > 0
                && (KEYWORDS.contains(&folded.text(tokens[at - 1]))
                    || (at > 1
                        && is_filler(folded.text(tokens[at - 1]))
                        && KEYWORDS.contains(&folded.text(tokens[at - 2]))));
            let mut look = |text: &str, start: u32, with_keyword: bool| {
                for &(entry, identifier) in self.by_value.get(text).into_iter().flatten() {
                    let listed = &entries[entry as usize].identifiers[usize::from(identifier)];
                    if with_keyword || stands_alone(listed.kind, text) {
                        found(IdentifierHit { entry, identifier, start, end: token.end });
                    }
                }
            };
            look(text, token.start, keyword_before);
            for keyword in KEYWORDS {
                if let Some(rest) = text.strip_prefix(keyword).filter(|r| r.len() >= 5) {
                    look(rest, token.start + keyword.len() as u32, true);
                }
            }
        }
    }
}

/// Letters and digits, lower case; `IMO` and its like before the number are left out.
fn key(value: &str) -> String {
    let folded = Folded::of(value, crate::text::Reading::Plain);
    let squeezed = folded.squeezed();
    squeezed.strip_prefix("imo").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())).unwrap_or(squeezed).to_owned()
}

/// Whether the number is long enough to mean one party. Passports of few digits are compared with their country.
fn is_telling(key: &str, _kind: IdentifierType) -> bool {
    key.len() >= 5 && key.bytes().filter(u8::is_ascii_digit).count() >= 4 || key.len() >= 8 && key.is_ascii()
}

fn is_filler(word: &str) -> bool {
    matches!(word, "no" | "nr" | "number" | "code" | "id" | "n")
}

/// Whether a number of this kind is known by its form alone, so that it needs no keyword in running text.
fn stands_alone(kind: IdentifierType, text: &str) -> bool {
    match kind {
        IdentifierType::Uscc => text.len() == 18 && has_uscc_check(text.as_bytes()),
        IdentifierType::Lei => text.len() == 20,
        IdentifierType::Inn => has_inn_check(text.as_bytes()),
        IdentifierType::Ogrn => text.len() == 13,
        _ => false,
    }
}

/// The check digit of GB 32100-2015.
fn has_uscc_check(code: &[u8]) -> bool {
    const LETTERS: &[u8] = b"0123456789abcdefghjklmnpqrtuwxy";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let value = |b: &u8| LETTERS.iter().position(|l| l == b);
    let sum: Option<usize> = code[..17].iter().zip(WEIGHTS).map(|(b, w)| value(b).map(|v| v * w)).sum();
    sum.is_some_and(|sum| value(&code[17]) == Some((31 - sum % 31) % 31))
}

/// The check digits of the Russian taxpayer number, ten digits (companies) or twelve (persons).
fn has_inn_check(digits: &[u8]) -> bool {
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let check = |weights: &[u32]| {
        weights.iter().zip(digits).map(|(w, d)| w * u32::from(d - b'0')).sum::<u32>() % 11 % 10
            == u32::from(digits[weights.len()] - b'0')
    };
    match digits.len() {
        10 => check(&[2, 4, 10, 3, 5, 9, 4, 6, 8]),
        12 => check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]),
        _ => false,
    }
}

/// Whether two types can name the same number: a list's "tax number" may be the caller's INN.
fn same_sort(given: IdentifierType, listed: IdentifierType) -> bool {
    use IdentifierType as T;
    let sort = |kind| match kind {
        T::Uscc | T::Inn | T::Ogrn | T::Tax | T::Registration | T::Lei => 1,
        T::Passport | T::NationalId => 2,
        T::Imo => 3,
        T::Mmsi => 4,
        T::Bic => 5,
        T::Aircraft => 6,
        T::Other => 0,
    };
    sort(given) == 0 || sort(listed) == 0 || sort(given) == sort(listed)
}

fn agree(given: Option<Country>, listed: Option<Country>) -> bool {
    given.is_none() || listed.is_none() || given == listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_hold_for_listed_numbers() {
        assert!(has_uscc_check(b"914403007954257495"));
        assert!(!has_uscc_check(b"914403007954257496"));
        assert!(has_inn_check(b"7802170553"));
        assert!(!has_inn_check(b"8517620000"));
    }
}
