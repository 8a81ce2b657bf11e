//! Types the identity numbers of US lists by the publisher's own label.
//!
//! Only numbers that identify a party, vessel or aircraft are kept; what else is in the same field (web sites,
//! sanctions notes, tickers) is for the remarks. A number typed more narrowly than its label (INN, OGRN, LEI, IMO)
//! must have the form of that number.

use model::country::Country;
use model::entry::{EntryKind, Identifier, IdentifierType};

/// The identifier under a label, or nothing where the label names none. `home` is the country of the entry's
/// addresses, for Russian numbers without a country.
pub(crate) fn identifier(
    label: &str,
    value: &str,
    country: Option<Country>,
    home: &[Country],
    kind: EntryKind,
) -> Option<Identifier> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let made = |kind, value: &str, country| Some(Identifier { kind, value: value.to_owned(), country });
    // An IMO number is one whatever the label: OFAC writes those of shipping companies under "Company Number".
    if let (Some(number), Some(_)) = (imo(value), by_label(label)) {
        return made(IdentifierType::Imo, number, country);
    }
    let digits = |n: usize| value.len() == n && value.bytes().all(|b| b.is_ascii_digit());
    let russia = Country::from_code("RU");
    let says_russia = country == russia;
    let could_be_russian = says_russia || (country.is_none() && home.iter().any(|c| Some(*c) == russia));
    let found = match by_label(label)? {
        IdentifierType::Tax if could_be_russian && is_inn(value, says_russia) => {
            return made(IdentifierType::Inn, value, russia);
        }
        // OGRN has 13 digits, that of a sole trader 15; the first is 1, 2, 3 or 5.
        IdentifierType::Registration | IdentifierType::Ogrn
            if could_be_russian && (digits(13) || digits(15)) && value.starts_with(['1', '2', '3', '5']) =>
        {
            return made(IdentifierType::Ogrn, value, russia);
        }
        IdentifierType::Ogrn => IdentifierType::Registration,
        IdentifierType::Lei if value.len() == 20 && value.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            IdentifierType::Lei
        }
        IdentifierType::Lei => IdentifierType::Registration,
        IdentifierType::Imo => return None,
        IdentifierType::Other if kind == EntryKind::Person => IdentifierType::NationalId,
        IdentifierType::Other => return None,
        typed => typed,
    };
    made(found, value, country)
}

/// Label and number of a text that begins with a label: "Tax ID No. 7735007358". The longest label counts.
pub(crate) fn split_label(text: &str) -> Option<(&str, &str)> {
    let ends = text.match_indices(' ').map(|(at, _)| at).take(12);
    let at = ends.filter(|&at| by_label(text[..at].trim()).is_some()).last()?;
    Some((text[..at].trim(), text[at..].trim()))
}

/// The seven digits behind "IMO".
fn imo(value: &str) -> Option<&str> {
    let number = value.strip_prefix("IMO")?.trim();
    (number.len() == 7 && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

/// Whether this is an INN: 10 or 12 digits, and where the list does not say Russia, with right check digits.
fn is_inn(value: &str, says_russia: bool) -> bool {
    let d: Vec<u32> = value.chars().filter_map(|c| c.to_digit(10)).collect();
    if d.len() != value.len() || ![10, 12].contains(&d.len()) {
        return false;
    }
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let check = |n: usize| {
        let sum: u32 = WEIGHTS[WEIGHTS.len() - n..].iter().zip(&d).map(|(w, d)| w * d).sum();
        sum % 11 % 10 == d[n]
    };
    says_russia || if d.len() == 10 { check(9) } else { check(10) && check(11) }
}

/// The labels that publishers write, by what they name. [`IdentifierType::Other`] marks a label that fits several types.
const LABELS: &[(IdentifierType, &[&str])] = &[
    (IdentifierType::Uscc, &["Unified Social Credit Code (USCC)", "United Social Credit Code Certificate (USCCC)"]),
    (
        IdentifierType::Tax,
        &[
            "Tax ID No.",
            "R.F.C.",
            "RFC",
            "NIT #",
            "RUC #",
            "V.A.T. Number",
            "RIF #",
            "C.U.I.T.",
            "US FEIN",
            "Italian Fiscal Code",
            "Fiscal Code",
            "C.I.F.",
            "N.I.F.",
            "RTN",
            "Romanian Tax Registration",
            "Paraguayan tax identification number",
            "Numero Unico de Identificacao Tributaria (NUIT)",
        ],
    ),
    (
        IdentifierType::Registration,
        &[
            "Registration Number",
            "Registration ID",
            "Business Registration Number",
            "Public Registration Number",
            "Company Number",
            "UK Company Number",
            "Commercial Registry Number",
            "C.R. No.",
            "Romanian C.R.",
            "Trade License No.",
            "Folio Mercantil No.",
            "Matricula Mercantil No",
            "Business Registration Document #",
            "Certificate of Incorporation Number",
            "Chamber of Commerce Number",
            "Dubai Chamber of Commerce Membership No.",
            "Istanbul Chamber of Comm. No.",
            "Enterprise Number",
            "Business Number",
            "LE Number",
            "RSIN",
            "Central Registration System Number",
            "Economic Register Number (CBLS)",
            "Registered Charity No.",
            "Branch Unit Number",
            "Registration Certificate Number (Dubai)",
            "C.I.N.",
            "Organization Code",
        ],
    ),
    (IdentifierType::Ogrn, &["Russian State Individual Business Registration Number Pattern (OGRNIP)"]),
    (IdentifierType::Lei, &["Legal Entity Number"]),
    (
        IdentifierType::Passport,
        &["Passport", "Diplomatic Passport", "British National Overseas Passport", "Stateless Person Passport"],
    ),
    (
        IdentifierType::NationalId,
        &[
            "National ID No.",
            "Cedula No.",
            "C.U.R.P.",
            "D.N.I.",
            "Personal ID Card",
            "Citizen's Card Number",
            "Turkish Identification Number",
            "Kenyan ID No.",
            "National Foreign ID Number",
            "C.U.I.",
            "Numero de Identidad",
            "SSN",
            "UAE Identification",
            "Bosnian Personal ID No.",
            "Moroccan Personal ID No.",
            "N.I.E.",
            "CNP (Personal Numerical Code)",
            "Tazkira National ID Card",
            "Refugee ID Card",
            "Stateless Person ID Card",
            "Residency Number",
        ],
    ),
    (IdentifierType::Imo, &["Vessel Registration Identification"]),
    (IdentifierType::Other, &["Identification Number"]),
    (IdentifierType::Mmsi, &["MMSI"]),
    (IdentifierType::Bic, &["SWIFT/BIC"]),
    (
        IdentifierType::Aircraft,
        &[
            "Aircraft Tail Number",
            "Previous Aircraft Tail Number",
            "Aircraft Construction Number (also called L/N or S/N or F/N)",
            "Aircraft Manufacturer's Serial Number (MSN)",
            "Aircraft Serial Identification",
            "Aircraft Mode S Transponder Code",
        ],
    ),
];

/// The type a label names.
fn by_label(label: &str) -> Option<IdentifierType> {
    LABELS.iter().find(|(_, labels)| labels.contains(&label)).map(|(found, _)| *found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(label: &str, value: &str, country: &str, home: &str) -> Option<(IdentifierType, String)> {
        let home: Vec<_> = Country::from_code(home).into_iter().collect();
        identifier(label, value, Country::from_code(country), &home, EntryKind::Company).map(|i| (i.kind, i.value))
    }

    #[test]
    fn a_number_is_typed_by_its_label_and_must_look_the_part() {
        use IdentifierType::{Imo, Inn, Lei, Ogrn, Registration, Tax, Uscc};
        let is = |t: IdentifierType, v: &str| Some((t, v.to_owned()));
        assert_eq!(
            kind("Unified Social Credit Code (USCC)", "914403007954257495", "CN", ""),
            is(Uscc, "914403007954257495")
        );
        assert_eq!(kind("Vessel Registration Identification", "IMO 9138044", "", ""), is(Imo, "9138044"));
        assert_eq!(kind("Company Number", "IMO 1865800", "", ""), is(Imo, "1865800"));
        assert_eq!(kind("Vessel Registration Identification", "6123", "", ""), None);
        assert_eq!(kind("Tax ID No.", "7706107510", "RU", ""), is(Inn, "7706107510"));
        // Without a country only a Russian address and right check digits make it an INN.
        assert_eq!(kind("Tax ID No.", "7706107510", "", "RU"), is(Inn, "7706107510"));
        assert_eq!(kind("Tax ID No.", "7706107511", "", "RU"), is(Tax, "7706107511"));
        assert_eq!(kind("Tax ID No.", "7706107510", "", "CY"), is(Tax, "7706107510"));
        assert_eq!(kind("Registration Number", "1027700043502", "RU", ""), is(Ogrn, "1027700043502"));
        assert_eq!(kind("Registration Number", "1027700043502", "CN", ""), is(Registration, "1027700043502"));
        assert_eq!(kind("Legal Entity Number", "253400V1H6ART1UQ0N98", "", ""), is(Lei, "253400V1H6ART1UQ0N98"));
        assert_eq!(kind("Website", "www.dji.com", "", ""), None);
    }
}
