//! What is in running text of the UK lists: labelled parts, registration numbers, owners and parts of a party.

use crate::build::{EntryBuilder, enumerated};
use model::country::Country;
use model::entry::{IdentifierType, RelationKind};

/// Labels of the column `Other Information`, as in "(Parent company):Rosatom".
const LABELS: &[&str] = &[
    "UK Sanctions List Ref",
    "UK Statement of Reasons",
    "UN Ref",
    "Gender",
    "Phone number",
    "Email address",
    "Type of entity",
    "Website",
    "Parent company",
    "Business Reg No",
    "Subsidiaries",
    "IMO number",
    "Flag of ship",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year built",
    "Current owners",
    "Previous owners",
    "Fax",
    "Previous flags",
    "Current owner/operator",
    "Previous owner/operator",
    "Hull identification number",
    "Tel",
];

/// Takes the labelled parts of `Other Information`; the rest is a remark.
pub(super) fn other_information(one: &mut EntryBuilder, text: &str) {
    let mut marks: Vec<(usize, usize, &str)> = Vec::new();
    for (at, _) in text.match_indices("):") {
        if let Some(open) = text[..at].rfind('(') {
            let label = &text[open + 1..at];
            if LABELS.contains(&label) {
                marks.push((open, at + 2, label));
            }
        }
    }
    one.remark(&text[..marks.first().map_or(text.len(), |m| m.0)]);
    for (index, &(_, start, label)) in marks.iter().enumerate() {
        let end = marks.get(index + 1).map_or(text.len(), |m| m.0);
        // The parts end with a full stop of their own.
        let value = text[start..end].trim();
        match label {
            "UK Sanctions List Ref" => {
                one.citation(&format!("UK Sanctions List, reference {}", value.trim_end_matches('.')))
            }
            "UN Ref" => one.citation(&format!("UN Security Council, reference {}", value.trim_end_matches('.'))),
            "Parent company" => parties(one, RelationKind::SubsidiaryOf, value),
            "Subsidiaries" => parties(one, RelationKind::OwnerOf, value),
            "Current owners" | "Current owner/operator" => parties(one, RelationKind::VesselOwner, value),
            "Business Reg No" => registrations(one, value),
            "IMO number" => enumerated(value).into_iter().for_each(|n| one.imo(n.trim_end_matches('.'))),
            "Flag of ship" => enumerated(value).into_iter().for_each(|f| one.country("Flag", f)),
            _ => one.note(label, value),
        }
    }
}

/// The parties of a field, which are numbered, on lines of their own, or separated by semicolons.
pub(super) fn parties(one: &mut EntryBuilder, kind: RelationKind, text: &str) {
    for piece in enumerated(text) {
        for name in piece.split(['\n', ';']) {
            one.relation(kind, name.trim().trim_end_matches('.'));
        }
    }
}

/// The numbers of a field: each is typed by the label before it ("INN: 1656003409 (2) OGRN - 1021603067683"). The text
/// itself goes to the remarks when anything in it is more than numbers and labels that we know.
pub(super) fn registrations(one: &mut EntryBuilder, text: &str) {
    let mut label = Label::Other;
    let mut is_all_known = true;
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '(' | ')' | ':' | '–')) {
        let word = word.trim_matches(['.', '-', '#']);
        if word.is_empty() || (word.len() < 3 && word.bytes().all(|b| b.is_ascii_digit())) {
            continue;
        }
        if word.bytes().any(|b| b.is_ascii_digit()) && word.len() >= 5 && word.is_ascii() {
            is_all_known &= label.add(one, word);
        } else if let Some(next) = label.after(word) {
            label = next;
        } else if label == Label::Bic && is_bic(word) {
            one.typed(IdentifierType::Bic, word, None);
        } else {
            is_all_known = false;
        }
    }
    if !is_all_known {
        one.note("Business registration number", text);
    }
}

/// What the words before a number say it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Inn,
    Ogrn,
    Tax,
    Uscc,
    Lei,
    Imo,
    Bic,
    Registration,
    /// A number that we do not keep: a tax office, a statistics code.
    Ignored,
    /// No label.
    Other,
}

impl Label {
    /// The label after this word; `None` where the word is neither a label nor part of one.
    fn after(self, word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "INN" => Self::Inn,
            "OGRN" | "PSRN" | "OGRNIP" => Self::Ogrn,
            "TIN" | "TAX" | "VAT" if self != Self::Inn => Self::Tax,
            "USCC" | "CREDIT" => Self::Uscc,
            "LEI" => Self::Lei,
            "IMO" => Self::Imo,
            "KPP" | "OKPO" | "BIK" | "BIN" | "SPARK" => Self::Ignored,
            "SWIFT" | "BIC" | "SWIFT/BIC" => Self::Bic,
            "REGISTRATION" | "REGISTER" | "COMPANY" => Self::Registration,
            "NO" | "NUMBER" | "NUMBERS" | "ID" | "CODE" | "IDENTIFICATION" => self,
            _ => return None,
        })
    }

    /// Adds the number; false where it is not kept.
    fn add(self, one: &mut EntryBuilder, number: &str) -> bool {
        let russia = Country::from_code("RU");
        let is_digits = number.bytes().all(|b| b.is_ascii_digit());
        match self {
            Self::Inn if is_digits => one.number("Tax ID No.", number, russia),
            Self::Ogrn if is_digits => one.number("Registration Number", number, russia),
            Self::Tax => one.number("Tax ID No.", number, None),
            Self::Uscc => one.number("Unified Social Credit Code (USCC)", number, None),
            Self::Lei => one.number("Legal Entity Number", number, None),
            Self::Imo => one.imo(number),
            Self::Ignored => return false,
            _ => one.number("Registration Number", number, None),
        }
        true
    }
}

fn is_bic(word: &str) -> bool {
    matches!(word.len(), 8 | 11) && word.bytes().all(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::entry::EntryKind;

    fn numbers(text: &str) -> Vec<(IdentifierType, String)> {
        let mut one = EntryBuilder::new("uk-ofsi", "1", EntryKind::Company, 1);
        registrations(&mut one, text);
        one.entry.identifiers.iter().map(|i| (i.kind, i.value.clone())).collect()
    }

    #[test]
    fn numbers_are_typed_by_the_label_before_them() {
        use IdentifierType::{Bic, Inn, Lei, Ogrn, Registration};
        let is = |all: &[(IdentifierType, &str)]| all.iter().map(|(k, v)| (*k, (*v).to_owned())).collect::<Vec<_>>();
        assert_eq!(
            numbers("(1) INN: 1656003409 (2) KPP: 165601001 (3) OGRN: 1021603067683"),
            is(&[(Inn, "1656003409"), (Ogrn, "1021603067683")])
        );
        assert_eq!(
            numbers("INN - 1831117433 OGRN - 1061831040688"),
            is(&[(Inn, "1831117433"), (Ogrn, "1061831040688")])
        );
        assert_eq!(numbers("Tax Identification Number: INN 7706001520"), is(&[(Inn, "7706001520")]));
        assert_eq!(numbers("Legal Entity Identifier: LEI 253400V1H6ART1UQ0N98"), is(&[(Lei, "253400V1H6ART1UQ0N98")]));
        assert_eq!(numbers("UK Company no. 06527449"), is(&[(Registration, "06527449")]));
        assert_eq!(numbers("SWIFT/BIC MINNRUMM"), is(&[(Bic, "MINNRUMM")]));
        assert_eq!(numbers(""), []);
    }

    #[test]
    fn labelled_parts_go_where_they_belong() {
        let mut one = EntryBuilder::new("uk-ofsi", "1", EntryKind::Vessel, 1);
        other_information(
            &mut one,
            "Seen in port. (UK Sanctions List Ref):DPR0001. (Current owners):Alpha Shipping (HK) (IMO number):7408873 \
             (Flag of ship):Panama (UK Statement of Reasons):Carried coal in (2022): a lot.",
        );
        assert_eq!(one.entry.citations, ["UK Sanctions List, reference DPR0001"]);
        assert_eq!(one.entry.relations[0].name, "Alpha Shipping (HK)");
        assert_eq!(one.entry.identifiers[0].value, "7408873");
        assert_eq!(one.entry.countries, [Country::from_code("PA").unwrap()]);
    }
}
