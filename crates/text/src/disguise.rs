//! Letters written so that people read a name and programs do not: taken back, with the way to the original bytes.
//!
//! Undone are markup and character references inside words (`D<b>J</b>I`, `Hua&shy;wei`), text that an override shows
//! backwards, letters written as tags or as the letters of flags, digits for letters (`R0s0b0r0nexport`), letters doubled
//! (`HHuuaawweeii`) and letters set apart (`H u a w e i`, `H.u.a.w.e.i`). Each only where the text shows signs of it, so
//! that part numbers, sizes and abbreviations stay as they are.
//!
//! Encodings that nobody reads at sight (base64, hexadecimal, URL escapes) are not undone.

mod markup;
mod piece;
mod words;

use piece::Piece;

/// A text as it is read, with the range of the original for each of its bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Undisguised {
    pub(super) text: String,
    pub(super) starts: Vec<u32>,
    pub(super) ends: Vec<u32>,
}

/// The text as it is read; `None` where nothing in it is disguised.
pub(super) fn undone(text: &str) -> Option<Undisguised> {
    if !may_be_disguised(text) {
        return None;
    }
    let mut pieces: Vec<Piece> = markup::without(text);
    as_shown(&mut pieces);
    letters_of_tags_and_flags(&mut pieces);
    let pieces = words::plain(pieces);
    let is_same = pieces.iter().map(|p| p.c).eq(text.chars());
    (!is_same).then(|| {
        let mut out = Undisguised::default();
        for Piece { c, start, end } in pieces {
            out.text.push(c);
            out.starts.extend(std::iter::repeat_n(start, c.len_utf8()));
            out.ends.extend(std::iter::repeat_n(end, c.len_utf8()));
        }
        out
    })
}

/// Whether a text shows a sign of any disguise: then [`Reading::Undisguised`](crate::Reading::Undisguised) is worth a try, which is
/// empty where there is none. One pass over its bytes, which nearly every text fails.
pub fn may_be_disguised(text: &str) -> bool {
    let bytes = text.as_bytes();
    let class_at = |at: usize| bytes.get(at).map_or(0, |byte| CLASSES[usize::from(*byte)]);
    let (mut lone, mut last_lone, mut doubles, mut before) = (0, 0, 0, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let following = bytes.get(at + 1).copied().unwrap_or(0);
        let (class, next) = (CLASSES[usize::from(byte)], CLASSES[usize::from(following)]);
        let last = std::mem::replace(&mut before, class);
        if class & LETTER == 0 {
            if class & (SIGN | FOR_LETTER) == 0 {
                continue;
            }
            let goes_on = || next & LETTER != 0 || (next & FOR_LETTER != 0 && class_at(at + 2) & LETTER != 0);
            if class & SIGN != 0 && is_sign(&bytes[at..]) || class & FOR_LETTER != 0 && last & LETTER != 0 && goes_on()
            {
                return true;
            }
            continue;
        }
        let begins = last & LETTER == 0;
        if following.eq_ignore_ascii_case(&byte) {
            if bytes.get(at + 2).is_some_and(|b| b.eq_ignore_ascii_case(&byte)) {
                return true;
            }
            doubles += 1;
        } else if begins {
            doubles = 0;
        }
        if doubles >= words::LEAST_DOUBLED {
            return true;
        }
        // A letter between two characters that are none, a few bytes behind another one.
        if begins && (next | last) & ALPHANUMERIC == 0 {
            lone = if lone > 0 && at - last_lone <= 4 { lone + 1 } else { 1 };
            last_lone = at;
            if lone >= words::LEAST_APART {
                return true;
            }
        }
    }
    false
}

/// What a byte may be a sign of, a bit each.
const LETTER: u8 = 1;
const ALPHANUMERIC: u8 = 2;
/// Written for a letter.
const FOR_LETTER: u8 = 4;
/// Begins markup, an override, a flag or a tag.
const SIGN: u8 = 8;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if byte.is_ascii_alphabetic() {
            classes[at] |= LETTER;
        }
        if byte.is_ascii_alphanumeric() {
            classes[at] |= ALPHANUMERIC;
        }
        if words::letter_of_digit(byte).is_some() {
            classes[at] |= FOR_LETTER;
        }
        if matches!(byte, b'&' | b'<' | 0xe2 | 0xf0 | 0xf3) {
            classes[at] |= SIGN;
        }
        at += 1;
    }
    classes
};

/// Whether a text begins with markup, U+202D or U+202E, a flag or a tag.
fn is_sign(bytes: &[u8]) -> bool {
    match bytes {
        [b'&' | b'<', ..] => bytes.iter().take(markup::LONGEST).any(|b| matches!(b, b';' | b'>')),
        [0xe2, 0x80, 0xad | 0xae, ..] | [0xf0, 0x9f, 0x87, ..] | [0xf3, 0xa0, ..] => true,
        _ => false,
    }
}

/// Text that an override sets is shown backwards from it to its end: the pop, or the end of the line. Every character of it
/// stands for all of it, as its letters have changed places.
fn as_shown(pieces: &mut [Piece]) {
    let mut at = 0;
    while let Some(from) = pieces[at..].iter().position(|p| p.c == '\u{202e}').map(|n| at + n) {
        let is_end = |p: &Piece| matches!(p.c, '\u{202c}' | '\u{2069}' | '\n' | '\r');
        let until = pieces[from..].iter().position(is_end).map_or(pieces.len(), |n| from + n);
        let shown = &mut pieces[from + 1..until];
        if let (Some(first), Some(last)) = (shown.first().copied(), shown.last().copied()) {
            shown.reverse();
            shown.iter_mut().for_each(|p| (p.start, p.end) = (first.start, last.end));
        }
        at = until.max(from + 1);
    }
}

/// Tags read as the ASCII they repeat, and the letters of flags in a text where more of them stand together than a flag has.
fn letters_of_tags_and_flags(pieces: &mut [Piece]) {
    let is_of_flag = |p: &Piece| ('\u{1f1e6}'..='\u{1f1ff}').contains(&p.c);
    let spells = pieces.windows(3).any(|three| three.iter().all(is_of_flag));
    for piece in pieces {
        let code = u32::from(piece.c);
        match code {
            0xe0020..=0xe007e => piece.c = char::from((code - 0xe0000) as u8),
            0x1f1e6..=0x1f1ff if spells => piece.c = char::from(b'a' + (code - 0x1f1e6) as u8),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
