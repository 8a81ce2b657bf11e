//! Numbers in names: digits, number words, ordinals and Roman numerals.

use super::super::tables::Tables;
use text::FoldedText;

/// The value of two number words from a token on, tens and units: `forty four`.
pub(super) fn compound_number(text: FoldedText<'_>, at: usize, tables: &Tables) -> Option<u32> {
    let tokens = text.tokens();
    let tens = tables.number(text.text(tokens[at])).filter(|n| (20..100).contains(n) && n % 10 == 0)?;
    let units = tables.number(text.text(*tokens.get(at + 1)?)).filter(|n| (1..10).contains(n))?;
    Some(tens + units)
}

/// The value of digits (up to nine), number words and Roman numerals from II to XXXIX after the first token.
pub(super) fn number(text: &str, at: usize, tables: &Tables) -> Option<u32> {
    if text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    if let Some(value) = tables.number(text) {
        return Some(value);
    }
    if at > 0 && text.len() >= 2 && text.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) {
        return (2..40).find(|&n| roman(n) == text);
    }
    let ordinal =
        text.strip_suffix("st").or(text.strip_suffix("nd")).or(text.strip_suffix("rd")).or(text.strip_suffix("th"))?;
    (!ordinal.is_empty() && ordinal.len() <= 4).then(|| ordinal.parse().ok()).flatten()
}

fn roman(mut n: u32) -> String {
    let mut out = String::new();
    for (value, letters) in [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")] {
        while n >= value {
            out.push_str(letters);
            n -= value;
        }
    }
    out
}
