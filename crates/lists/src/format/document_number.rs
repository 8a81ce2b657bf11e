//! The number of an identity document, out of the words around it. The UN and the EU write them alike.

use model::country::Country;

/// The number in "British passport number C00146605", "R00005943, South Sudan", "Jordan 654781", and a country that
/// precedes it.
pub(super) fn document_number(text: &str) -> (&str, Option<Country>) {
    let mut value = text.trim();
    for mark in [" number ", " no. ", " No. ", " No.: ", "passport no.", " Passport D"] {
        if let Some((_, rest)) = value.rsplit_once(mark) {
            value = if mark == " Passport D" { &value[value.len() - rest.len() - 1..] } else { rest };
        }
    }
    let value = value.split([',', '(']).next().unwrap_or_default().trim();
    match value.split_once(' ') {
        Some((first, rest)) if first.len() > 3 => match Country::parse(first) {
            Some(country) => (rest.trim(), Some(country)),
            None => (value, None),
        },
        _ => (value, None),
    }
}
