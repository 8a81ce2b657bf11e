//! Check digits: whether a number can be what it is said to be.

use super::identifier::IdentifierType;

/// Whether the number has the form and the check digits of its kind; `None` for kinds that have none. `number` is its
/// letters and digits, without `IMO` before it; case does not matter.
pub fn has_right_check_digits(kind: IdentifierType, number: &str) -> Option<bool> {
    let number = number.to_ascii_uppercase();
    let bytes = number.as_bytes();
    Some(match kind {
        IdentifierType::Imo => is_imo(bytes),
        IdentifierType::Uscc => is_uscc(bytes),
        IdentifierType::Inn => is_inn(bytes),
        IdentifierType::Ogrn => is_ogrn(bytes),
        IdentifierType::Lei => is_lei(bytes),
        _ => return None,
    })
}

/// IMO Resolution A.1117(30): the first six digits times 7 to 2 sum up to a number that ends in the seventh.
fn is_imo(number: &[u8]) -> bool {
    let Some(digits) = digits(number).filter(|d| d.len() == 7) else { return false };
    let sum: u32 = digits[..6].iter().zip((2..=7).rev()).map(|(d, w)| d * w).sum();
    sum % 10 == digits[6]
}

/// The check digit of GB 32100-2015.
fn is_uscc(code: &[u8]) -> bool {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    if code.len() != 18 {
        return false;
    }
    let value = |b: &u8| LETTERS.iter().position(|l| l == b);
    let sum: Option<usize> = code[..17].iter().zip(WEIGHTS).map(|(b, w)| value(b).map(|v| v * w)).sum();
    sum.is_some_and(|sum| value(&code[17]) == Some((31 - sum % 31) % 31))
}

/// The check digits of the Russian taxpayer number, ten digits (companies) or twelve (persons).
fn is_inn(number: &[u8]) -> bool {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let Some(digits) = digits(number) else { return false };
    let check = |n: usize| {
        let sum: u32 = WEIGHTS[WEIGHTS.len() - n..].iter().zip(&digits).map(|(w, d)| w * d).sum();
        sum % 11 % 10 == digits[n]
    };
    match digits.len() {
        10 => check(9),
        12 => check(10) && check(11),
        _ => false,
    }
}

/// The check digit of the Russian state registration number: of a company 13 digits (rest by 11), of a sole trader 15
/// (rest by 13).
fn is_ogrn(number: &[u8]) -> bool {
    let Some(digits) = digits(number).filter(|d| matches!(d.len(), 13 | 15)) else { return false };
    let (last, body) = (digits[digits.len() - 1], &digits[..digits.len() - 1]);
    let body = body.iter().fold(0u64, |n, d| n * 10 + u64::from(*d));
    body % (digits.len() as u64 - 2) % 10 == u64::from(last)
}

/// ISO 17442: twenty letters and digits whose number by ISO 7064 leaves 1 by 97.
fn is_lei(code: &[u8]) -> bool {
    let value = |b: &u8| char::from(*b).to_digit(36).map(u64::from);
    let number = code.iter().try_fold(0u64, |rest, b| {
        let value = value(b)?;
        Some((rest * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    code.len() == 20 && number == Some(1)
}

pub(super) fn digits(number: &[u8]) -> Option<Vec<u32>> {
    number.iter().map(|b| char::from(*b).to_digit(10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_hold_for_real_numbers_and_not_for_their_neighbours() {
        use IdentifierType as T;
        for (kind, number) in [
            (T::Imo, "9074729"),
            (T::Uscc, "914403007954257495"),
            (T::Inn, "7802170553"),
            (T::Inn, "500100732259"),
            (T::Ogrn, "1027700132195"),
            (T::Lei, "5493001KJTIIGC8Y1R12"),
        ] {
            assert_eq!(has_right_check_digits(kind, number), Some(true), "{kind:?} {number}");
            let last = number.as_bytes()[number.len() - 1];
            let other = if last == b'9' { '8' } else { char::from(last + 1) };
            let wrong = format!("{}{other}", &number[..number.len() - 1]);
            assert_eq!(has_right_check_digits(kind, &wrong), Some(false), "{kind:?} {wrong}");
        }
        assert_eq!(has_right_check_digits(T::Passport, "X123"), None);
        assert_eq!(has_right_check_digits(T::Lei, "Ж"), Some(false));
    }
}
