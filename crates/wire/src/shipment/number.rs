//! Numbers as exports write them: grouped, with a point or a comma before the fraction, with a unit.

use model::shipment::Decimal;

/// A number and the unit that stood behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number<'a> {
    pub(super) value: Decimal,
    /// Letters behind the number, for example `kg`; empty when there are none.
    pub(super) unit: &'a str,
}

/// Reads a number. A single comma before exactly three digits groups thousands (`1,200`), before any other number of
/// digits it begins the fraction (`1,5`). A single point always begins the fraction.
pub(super) fn number(text: &str) -> Option<Number<'_>> {
    let text = text.trim();
    let is_currency = |c: char| matches!(c, '$' | '€' | '£' | '¥' | '₽' | '₺');
    let start = text.trim_start_matches(|c: char| is_currency(c) || c.is_whitespace());
    let end = start.find(|c: char| c.is_alphabetic() || is_currency(c)).unwrap_or(start.len());
    let (digits, unit) = start.split_at(end);
    let unit = unit.trim_matches(|c: char| is_currency(c) || c.is_whitespace()).trim_end_matches('.');
    if unit.chars().count() > 12 || unit.chars().any(|c| c.is_ascii_digit() && !unit.starts_with(char::is_alphabetic)) {
        return None;
    }
    // "1e3" is a number in another notation, not one with the unit "e3".
    if unit.contains(|c: char| c.is_numeric()) && unit.starts_with(['e', 'E']) {
        return None;
    }
    Decimal::parse(&plain(digits)?).map(|value| Number { value, unit })
}

/// Digits and at most one point.
fn plain(written: &str) -> Option<String> {
    let mut out = String::with_capacity(written.len());
    for c in written.trim().chars() {
        match c {
            // Blanks and apostrophes only ever group.
            ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '\u{2019}' => {}
            c => out.push(narrow(c)),
        }
    }
    let (commas, points) = (out.matches(',').count(), out.matches('.').count());
    let (group, fraction) = match (commas, points) {
        (0, 0 | 1) => return Some(trimmed(out)),
        (1, 0) => {
            let (whole, rest) = out.split_once(',')?;
            let groups = rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            if groups { (',', None) } else { (' ', Some(',')) }
        }
        (_, 0) => (',', None),
        (0, _) => ('.', None),
        _ if out.rfind(',') < out.rfind('.') && points == 1 => (',', Some('.')),
        _ if out.rfind('.') < out.rfind(',') && commas == 1 => ('.', Some(',')),
        _ => return None,
    };
    let (whole, rest) = match fraction {
        Some(mark) => out.rsplit_once(mark)?,
        None => (out.as_str(), ""),
    };
    let groups: Vec<&str> = whole.split(group).collect();
    let is_grouped =
        groups.len() == 1 || groups[1..].iter().all(|g| g.len() == 3) && (1..=3).contains(&groups[0].len());
    if !is_grouped {
        return None;
    }
    Some(trimmed(if rest.is_empty() { groups.concat() } else { format!("{}.{rest}", groups.concat()) }))
}

/// `12.` is 12, `.5` is 0.5.
fn trimmed(number: String) -> String {
    match (number.strip_suffix('.'), number.starts_with('.')) {
        (Some(whole), false) => whole.to_owned(),
        (None, true) => format!("0{number}"),
        _ => number,
    }
}

/// A full-width or Arabic digit, comma or point as the plain one.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (c as u32 - 0xff10) as u8),
        '\u{660}'..='\u{669}' => char::from(b'0' + (c as u32 - 0x660) as u8),
        '\u{6f0}'..='\u{6f9}' => char::from(b'0' + (c as u32 - 0x6f0) as u8),
        '\u{ff0c}' | '\u{66c}' => ',',
        '\u{ff0e}' | '\u{66b}' => '.',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_exports_write_them() {
        for (text, expected, unit) in [
            ("12", "12", ""),
            ("1,200", "1200", ""),
            ("1.234,50", "1234.5", ""),
            ("1,234.50", "1234.5", ""),
            ("1.234.567", "1234567", ""),
            ("12 kg", "12", "kg"),
            ("12kg", "12", "kg"),
            ("1,5", "1.5", ""),
            ("0,250", "0.25", ""),
            ("1 234,50", "1234.5", ""),
            ("1'234.50", "1234.5", ""),
            ("$ 1,200.00", "1200", ""),
            ("１２", "12", ""),
            (".5", "0.5", ""),
            ("12.", "12", ""),
            ("3.125 MT", "3.125", "MT"),
        ] {
            let read = number(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((read.value.to_string().as_str(), read.unit), (expected, unit), "{text}");
        }
        for text in ["", "x", "-1", "1e3", "1,23,4", "1.2.3,4,5", "12,34.567,8", "ten kg"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
