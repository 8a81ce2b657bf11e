//! Tags of HTML and character references.

use super::piece::Piece;

/// Bytes of a tag or reference, at most.
pub(super) const LONGEST: usize = 64;

/// Tags that stand inside words and leave no gap; any other known one ends a word.
const INSIDE: [&str; 18] = [
    "a", "b", "big", "em", "font", "i", "ins", "mark", "s", "small", "span", "strike", "strong", "sub", "sup", "tt",
    "u", "wbr",
];
const BETWEEN: [&str; 12] = ["br", "p", "div", "td", "tr", "th", "li", "ul", "ol", "table", "hr", "h1"];

/// References by name to what has no letter in it.
const NAMED: [(&str, char); 16] = [
    ("amp", '&'),
    ("apos", '\''),
    ("gt", '>'),
    ("lt", '<'),
    ("nbsp", ' '),
    ("quot", '"'),
    ("shy", '\u{ad}'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
    ("hyphen", '-'),
    ("period", '.'),
    ("szlig", 'ß'),
    ("aelig", 'æ'),
    ("AElig", 'Æ'),
    ("oelig", 'œ'),
    ("ZeroWidthSpace", '\u{200b}'),
];

/// Endings of references to a letter with a mark: `&eacute;`.
const MARKS: [&str; 9] = ["acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash", "caron"];

/// The characters of a text, tags left out and references replaced.
pub(super) fn without(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let found = match c {
            '<' => tag(rest).map(|(bytes, leaves)| (bytes, leaves, false)),
            '&' => reference(rest).map(|(bytes, c)| (bytes, Some(c), true)),
            _ => None,
        };
        let (bytes, leaves, _) = found.unwrap_or((c.len_utf8(), Some(c), false));
        pieces.extend(leaves.map(|c| Piece { c, start: at as u32, end: (at + bytes) as u32 }));
        at += bytes;
    }
    pieces
}

/// The bytes of the tag at the start of a text, and what it leaves.
fn tag(text: &str) -> Option<(usize, Option<char>)> {
    let end = crate::beginning(text, LONGEST).find('>')?;
    let inner = text[1..end].trim_start_matches('/').trim_end_matches('/').trim();
    if inner.is_empty() {
        return None;
    }
    let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next()?.to_ascii_lowercase();
    if INSIDE.contains(&name.as_str()) || inner.starts_with("!--") {
        Some((end + 1, None))
    } else {
        BETWEEN.contains(&name.as_str()).then_some((end + 1, Some(' ')))
    }
}

/// The bytes of the reference at the start of a text, and its character.
fn reference(text: &str) -> Option<(usize, char)> {
    let end = crate::beginning(text, LONGEST).find(';')?;
    let name = &text[1..end];
    let number = |digits: &str, base| u32::from_str_radix(digits, base).ok().and_then(char::from_u32);
    let c = if let Some(digits) = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        number(digits, 16)?
    } else if let Some(digits) = name.strip_prefix('#') {
        number(digits, 10)?
    } else if let Some((_, c)) = NAMED.iter().find(|(known, _)| *known == name) {
        *c
    } else {
        let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
        MARKS.contains(&&name[1..]).then_some(letter)?
    };
    Some((end + 1, c))
}
