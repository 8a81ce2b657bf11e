//! Published rules for the form and the check digits of numbers, finer than [`IdentifierType`]: a Brazilian CNPJ and a
//! German VAT number are both tax numbers, and each has its own rule.

use super::check::{digits, has_right_check_digits};
use super::identifier::IdentifierType;

/// A rule by which a number can be seen to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// IMO number of a ship. Source: IMO Resolution A.1117(30).
    Imo,
    /// China's Unified Social Credit Code. Source: GB 32100-2015.
    Uscc,
    /// Russian taxpayer number. Source: Federal Tax Service of Russia.
    Inn,
    /// Russian primary state registration number. Source: Federal Tax Service of Russia.
    Ogrn,
    /// Russian code of the reason of registration: a form without check digits. Source: Federal Tax Service of Russia.
    Kpp,
    /// Legal Entity Identifier. Source: ISO 17442.
    Lei,
    /// Brazilian number of a company, with letters since July 2026. Source: Receita Federal.
    Cnpj,
    /// Brazilian number of a person. Source: Receita Federal.
    Cpf,
    /// US Employer Identification Number: a form without check digits. Source: Internal Revenue Service.
    Ein,
    /// European value added tax number with the letters of its country; the rules of fourteen countries are known.
    /// Source: the algorithms that the European Commission's VIES publishes, and the Swiss UID register.
    Vat,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 10] = [
        Self::Imo,
        Self::Uscc,
        Self::Inn,
        Self::Ogrn,
        Self::Kpp,
        Self::Lei,
        Self::Cnpj,
        Self::Cpf,
        Self::Ein,
        Self::Vat,
    ];

    /// The word for it, in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imo => "imo",
            Self::Uscc => "uscc",
            Self::Inn => "inn",
            Self::Ogrn => "ogrn",
            Self::Kpp => "kpp",
            Self::Lei => "lei",
            Self::Cnpj => "cnpj",
            Self::Cpf => "cpf",
            Self::Ein => "ein",
            Self::Vat => "vat",
        }
    }

    /// What it is called in answers.
    pub fn title(self) -> &'static str {
        match self {
            Self::Imo => "IMO number",
            Self::Uscc => "Unified Social Credit Code",
            Self::Inn => "INN",
            Self::Ogrn => "OGRN",
            Self::Kpp => "KPP",
            Self::Lei => "LEI",
            Self::Cnpj => "CNPJ",
            Self::Cpf => "CPF",
            Self::Ein => "EIN",
            Self::Vat => "VAT number",
        }
    }

    /// The rule of every number of a type; `None` where a type has several.
    pub fn of_type(kind: IdentifierType) -> Option<Self> {
        Some(match kind {
            IdentifierType::Imo => Self::Imo,
            IdentifierType::Uscc => Self::Uscc,
            IdentifierType::Inn => Self::Inn,
            IdentifierType::Ogrn => Self::Ogrn,
            IdentifierType::Lei => Self::Lei,
            _ => return None,
        })
    }

    /// What is wrong with a number, as the end of a sentence; `None` when it is right or no rule is known for it.
    /// `number` is its letters and digits; case does not matter.
    pub fn fault(self, number: &str) -> Option<&'static str> {
        const DIGIT: &str = "the check digit is wrong";
        let upper = number.to_ascii_uppercase();
        let bytes = upper.as_bytes();
        let of_type = |kind, lengths: &[usize], form: &'static str| {
            if !lengths.contains(&bytes.len()) {
                return Some(form);
            }
            (has_right_check_digits(kind, &upper) == Some(false)).then_some(DIGIT)
        };
        use IdentifierType as T;
        match self {
            Self::Imo => of_type(T::Imo, &[7], "expected seven digits"),
            Self::Uscc => of_type(T::Uscc, &[18], "expected 18 letters and digits"),
            Self::Inn => of_type(T::Inn, &[10, 12], "expected 10 digits of a company or 12 of a person"),
            Self::Ogrn => of_type(T::Ogrn, &[13, 15], "expected 13 digits of a company or 15 of a sole trader"),
            Self::Lei => of_type(T::Lei, &[20], "expected 20 letters and digits"),
            Self::Kpp => {
                (!is_kpp(bytes)).then_some("expected nine digits, of which the fifth and sixth may be letters")
            }
            Self::Cnpj if bytes.len() != 14 => Some("expected 14 digits"),
            Self::Cnpj => (!is_cnpj(bytes)).then_some(DIGIT),
            Self::Cpf if bytes.len() != 11 => Some("expected 11 digits"),
            Self::Cpf => (!is_cpf(bytes)).then_some(DIGIT),
            Self::Ein => (!is_ein(bytes)).then_some("expected nine digits that begin with a number of an IRS campus"),
            Self::Vat => vat_fault(&upper).then_some(DIGIT),
        }
    }
}

fn is_kpp(code: &[u8]) -> bool {
    let is_right = |(at, b): (usize, &u8)| b.is_ascii_digit() || (matches!(at, 4 | 5) && b.is_ascii_uppercase());
    code.len() == 9 && code.iter().enumerate().all(is_right)
}

/// Digits and letters by their ASCII code less 48; two check digits, each the rest by 11 of the sum by weights 2 to 9
/// from the right.
fn is_cnpj(code: &[u8]) -> bool {
    let is_right = |(at, b): (usize, &u8)| b.is_ascii_digit() || (at < 12 && b.is_ascii_uppercase());
    code.iter().enumerate().all(is_right) && (12..14).all(|n| brazilian(&code[..n], 8) == u32::from(code[n] - b'0'))
}

fn is_cpf(code: &[u8]) -> bool {
    code.iter().all(u8::is_ascii_digit) && (9..11).all(|n| brazilian(&code[..n], 10) == u32::from(code[n] - b'0'))
}

fn brazilian(code: &[u8], weights: u32) -> u32 {
    let sum: u32 =
        code.iter().rev().zip((2..2 + weights).cycle()).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    (sum * 10 % 11) % 10
}

/// Nine digits; the first two are a number that the IRS has assigned.
fn is_ein(code: &[u8]) -> bool {
    const NEVER: [&[u8]; 17] = [
        b"00", b"07", b"08", b"09", b"17", b"18", b"19", b"28", b"29", b"49", b"69", b"70", b"78", b"79", b"89", b"96",
        b"97",
    ];
    code.len() == 9 && code.iter().all(u8::is_ascii_digit) && !NEVER.contains(&&code[..2])
}

/// Whether the letters of a country stand before a number that its rule does not allow.
fn vat_fault(number: &str) -> bool {
    let (country, rest) = match number.strip_prefix("CHE") {
        Some(rest) => ("CHE", rest),
        None if number.len() > 2 && number.is_ascii() => number.split_at(2),
        None => return false,
    };
    let rest = match country {
        "AT" => rest.trim_start_matches('U'),
        "CHE" => rest.trim_end_matches(|c: char| c.is_ascii_alphabetic()),
        _ => rest,
    };
    let Some(d) = digits(rest.as_bytes()) else {
        // French and Dutch numbers have letters; of others nothing is known.
        return country == "NL" && !is_dutch(rest);
    };
    let sum = |weights: &[u32]| weights.iter().zip(&d).map(|(w, d)| w * d).sum::<u32>();
    let number = d.iter().fold(0u64, |n, d| n * 10 + u64::from(*d));
    let last = d.last().copied().unwrap_or_default();
    match (country, d.len()) {
        ("AT", 8) => {
            let doubled = |d: u32| d * 2 / 10 + d * 2 % 10;
            let sum: u32 = (0..7).map(|at| if at % 2 == 0 { d[at] } else { doubled(d[at]) }).sum();
            (96 - sum) % 10 != last
        }
        ("BE", 10) => 97 - (number / 100) % 97 != number % 100,
        ("CHE", 9) => (11 - sum(&[5, 4, 3, 2, 7, 6, 5, 4]) % 11) % 11 != last,
        ("DE", 9) => {
            let product = d[..8].iter().fold(10, |product, digit| match (digit + product) % 10 {
                0 => 20 % 11,
                sum => sum * 2 % 11,
            });
            (11 - product) % 10 != last
        }
        ("DK", 8) => sum(&[2, 7, 6, 5, 4, 3, 2, 1]) % 11 != 0,
        ("FI", 8) => (11 - sum(&[7, 9, 10, 5, 8, 4, 2]) % 11) % 11 != last,
        ("FR", 11) => {
            let siren = number % 1_000_000_000;
            (12 + 3 * (siren % 97)) % 97 != number / 1_000_000_000 || !is_luhn(&d[2..])
        }
        ("GB" | "XI", 9 | 12) => {
            let rest = (sum(&[8, 7, 6, 5, 4, 3, 2]) + d[7] * 10 + d[8]) % 97;
            rest != 0 && rest != 97 - 55
        }
        ("IT", 11) => !is_luhn(&d),
        ("LU", 8) => (number / 100) % 89 != number % 100,
        ("PL", 10) => sum(&[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 != last,
        ("PT", 9) => (11 - sum(&[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 != last,
        ("SE", 12) => !is_luhn(&d[..10]),
        // A number of another length may be of another kind.
        _ => false,
    }
}

/// `123456782B01`: the nine digits by the rule of 11, or all of it by ISO 7064 MOD 97-10.
fn is_dutch(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    if bytes.len() != 12 || bytes[9] != b'B' {
        return true;
    }
    let Some(d) = digits(&bytes[..9]) else { return true };
    let sum: u32 = d[..8].iter().zip((2..=9).rev()).map(|(d, w)| d * w).sum();
    let value = |b: u8| char::from(b).to_digit(36).map_or(0, u64::from);
    let by_97 = b"NL".iter().chain(bytes).fold(0, |rest, b| {
        let value = value(*b);
        (rest * if value < 10 { 10 } else { 100 } + value) % 97
    });
    sum % 11 == d[8] || by_97 == 1
}

fn is_luhn(d: &[u32]) -> bool {
    let doubled = |d: u32| d * 2 / 10 + d * 2 % 10;
    let sum: u32 = d.iter().rev().enumerate().map(|(at, d)| if at % 2 == 0 { *d } else { doubled(*d) }).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that stand as examples in the documents of their authorities or of well-known companies.
    #[test]
    fn right_numbers_have_no_fault_and_their_neighbours_have() {
        for (scheme, number) in [
            (Scheme::Imo, "9074729"),
            (Scheme::Uscc, "914403007954257495"),
            (Scheme::Inn, "7802170553"),
            (Scheme::Ogrn, "1027700132195"),
            (Scheme::Lei, "5493001KJTIIGC8Y1R12"),
            (Scheme::Cnpj, "11444777000161"),
            (Scheme::Cnpj, "12ABC34501DE35"),
            (Scheme::Cpf, "52998224725"),
            (Scheme::Vat, "ATU13585627"),
            (Scheme::Vat, "BE0428759497"),
            (Scheme::Vat, "CHE107787577"),
            (Scheme::Vat, "DE136695976"),
            (Scheme::Vat, "DK13585628"),
            (Scheme::Vat, "FI20774740"),
            (Scheme::Vat, "FR40303265045"),
            (Scheme::Vat, "GB980780684"),
            (Scheme::Vat, "IT00743110157"),
            (Scheme::Vat, "LU15027442"),
            (Scheme::Vat, "PL8567346215"),
            (Scheme::Vat, "PT501964843"),
            (Scheme::Vat, "SE123456789701"),
        ] {
            assert_eq!(scheme.fault(number), None, "{number}");
            // The last digit that a check covers: the Swedish number ends in a constant.
            let at = if number.starts_with("SE") { number.len() - 3 } else { number.len() - 1 };
            let digit = number.as_bytes()[at];
            let other = if digit == b'9' { '8' } else { char::from(digit + 1) };
            let wrong = format!("{}{other}{}", &number[..at], &number[at + 1..]);
            assert_eq!(scheme.fault(&wrong), Some("the check digit is wrong"), "{wrong}");
        }
        assert_eq!(Scheme::Vat.fault("NL004495445B01"), None);
        assert!(Scheme::Vat.fault("NL004495446B01").is_some());
    }

    #[test]
    fn forms_are_checked_where_there_is_no_check_digit() {
        for (scheme, right, wrong) in [
            (Scheme::Kpp, "7802AB001", "78020100"),
            (Scheme::Ein, "123456789", "003456789"),
            (Scheme::Inn, "7802170553", "780217055"),
        ] {
            assert!(scheme.fault(right).is_none() && scheme.fault(wrong).is_some(), "{right} {wrong}");
        }
        // No rule: nothing is said.
        for number in ["HU12345678", "DE12", "X", "", "ЁЁ1", "ESX1234567X"] {
            assert_eq!(Scheme::Vat.fault(number), None, "{number}");
        }
    }
}
