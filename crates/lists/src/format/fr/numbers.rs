//! Numbers in the words of the register: the label stands before the number ("Numéro d'enregistrement: 1027700132195") or
//! in the comment beside it, which may say more ("Date d'enregistrement : 04/01/1996").

use crate::build::EntryBuilder;
use model::entry::IdentifierType;

/// What a label names, by a word of it; the first that stands there counts.
const LABELS: [(&str, IdentifierType); 14] = [
    ("ogrn", IdentifierType::Ogrn),
    ("psrn", IdentifierType::Ogrn),
    ("inn", IdentifierType::Inn),
    ("swift", IdentifierType::Bic),
    ("lei", IdentifierType::Lei),
    ("omi", IdentifierType::Imo),
    ("imo", IdentifierType::Imo),
    ("fiscal", IdentifierType::Tax),
    ("fiscale", IdentifierType::Tax),
    ("taxe", IdentifierType::Tax),
    ("enregistrement", IdentifierType::Registration),
    ("immatriculation", IdentifierType::Registration),
    ("registre", IdentifierType::Registration),
    ("licence", IdentifierType::Registration),
];

/// Words of statements that are not about a number.
const NOT_OF_NUMBERS: [&str; 4] = ["date", "lieu", "type", "établissement"];

/// Adds the number that the two texts hold, where they hold one and say what it is. The remarks have both in any case.
pub(super) fn add(one: &mut EntryBuilder, comment: &str, text: &str) {
    let (own, number) = text.rsplit_once(':').unwrap_or(("", text));
    let Some(number) = single(number) else { return };
    let Some(kind) = kind_of(own).or_else(|| kind_of(comment)) else { return };
    match kind {
        IdentifierType::Imo => one.imo(number),
        IdentifierType::Ogrn if !is_digits(number, &[13, 15]) => one.typed(IdentifierType::Registration, number, None),
        IdentifierType::Inn if !is_digits(number, &[10, 12]) => one.typed(IdentifierType::Tax, number, None),
        IdentifierType::Lei if number.len() != 20 => one.typed(IdentifierType::Registration, number, None),
        kind => one.typed(kind, number, None),
    }
}

/// A text that is a number and nothing else: no blank in it, and four digits or more, or the eight or eleven letters of a
/// BIC.
pub(super) fn single(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches(['.', ';', ',']);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_bic = matches!(text.len(), 8 | 11) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let is_number = text.len() <= 30
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '.'))
        && (digits >= 4 || is_bic);
    is_number.then_some(text)
}

/// What a label names. It may be one of several statements, of which those of days, places and forms are not about numbers.
fn kind_of(label: &str) -> Option<IdentifierType> {
    let label = label.to_lowercase();
    let statements = label.split(['-', '.', ',', ';', ':']).map(|statement| {
        statement.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<&str>>()
    });
    let of_numbers = statements.filter(|words| !NOT_OF_NUMBERS.iter().any(|word| words.contains(word)));
    of_numbers.filter_map(|words| LABELS.iter().find(|(word, _)| words.contains(word))).map(|(_, kind)| *kind).next()
}

fn is_digits(number: &str, lengths: &[usize]) -> bool {
    lengths.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
}
