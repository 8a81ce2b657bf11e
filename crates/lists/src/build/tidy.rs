//! Repairs the characters and blanks of one name.

use super::repairs::Repairs;

/// Characters and blanks as they were meant.
pub(crate) fn tidy(text: &str, repairs: &mut Repairs) -> String {
    let mut out = text.to_owned();
    if !out.is_ascii() && out.chars().any(|c| cp1252(c).is_some()) {
        repairs.add("mojibake");
        out = out.chars().map(|c| cp1252(c).unwrap_or(c)).collect();
    }
    if !has_single_blanks(&out) {
        let single = out.split_whitespace().collect::<Vec<_>>().join(" ");
        // The one blank after the separator of aliases is not a repair.
        if single != out.strip_prefix(' ').unwrap_or(&out) || text.starts_with("  ") {
            repairs.add("blanks");
        }
        out = single;
    }
    let ends = out.trim_end_matches([',', ';', ' ']).len();
    if ends < out.len() {
        repairs.add("trailing_punctuation");
        out.truncate(ends);
    }
    if let Some(inner) = unquoted(&out) {
        repairs.add("wrapped_quotes");
        out = inner.to_owned();
    }
    if has_lost_characters(&out) {
        repairs.add("lost_characters");
    }
    out
}

/// Whether a text is of ASCII and has nothing but single blanks between its words, as nearly all have.
fn has_single_blanks(text: &str) -> bool {
    let mut before = b' ';
    for &byte in text.as_bytes() {
        if !byte.is_ascii() || byte < b' ' || byte == 0x7f || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' '
}

/// The text inside quotes that wrap the whole name.
pub(crate) fn unquoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'))?;
    (!inner.is_empty() && !inner.contains('"')).then_some(inner)
}

/// Whether a conversion at the publisher's replaced characters; nobody can say which.
pub(crate) fn has_lost_characters(text: &str) -> bool {
    text.contains(['?', char::REPLACEMENT_CHARACTER])
}

/// Windows-1252 read as Latin-1: the C1 controls are punctuation. No list means a control character.
fn cp1252(c: char) -> Option<char> {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let meant = *FROM_80.get((c as usize).checked_sub(0x80)?)?;
    (meant != c).then_some(meant)
}
