//! The tokens of an address, what stands between them, and numbers written in several parts.

use super::words::{Kind, Street, kinds};
use text::Folded;

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    None,
    Blank,
    Hyphen,
    Slash,
    Ampersand,
    /// A comma, a line break: another part begins.
    Break,
    Other,
}

pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) gap: Gap,
}

impl Token<'_> {
    pub(super) fn digits(&self) -> &str {
        let end = self.text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(self.text.len());
        &self.text[..end]
    }

    /// Digits, with a letter or an ordinal's ending.
    pub(super) fn is_number(&self) -> bool {
        let rest = self.text.len() - self.digits().len();
        !self.digits().is_empty() && (rest <= 1 || self.is_ordinal())
    }

    pub(super) fn is_ordinal(&self) -> bool {
        !self.digits().is_empty() && matches!(&self.text[self.digits().len()..], "st" | "nd" | "rd" | "th")
    }

    /// `16f`, as written in one.
    pub(super) fn is_floor_with_number(&self) -> bool {
        self.text
            .strip_suffix('f')
            .is_some_and(|n| !n.is_empty() && n.len() <= 3 && n.bytes().all(|b| b.is_ascii_digit()))
    }

    /// A short code: `12`, `19c`, `b`, `a29`, `g01`.
    pub(super) fn is_code(&self) -> bool {
        let has_digit = self.text.bytes().any(|b| b.is_ascii_digit());
        self.text.len() == 1 || (has_digit && self.text.len() <= 6 && !self.is_ordinal())
    }

    /// `16/F`, `16th Floor`, `14 Floor`: a word for floors follows right behind.
    pub(super) fn before_floor(&self, tokens: &[Token<'_>], at: usize) -> bool {
        tokens.get(at + 1).is_some_and(|next| {
            kinds().get(next.text) == Some(&Kind::Floor)
                && next.gap != Gap::Break
                && (next.text.len() > 1 || matches!(next.gap, Gap::Slash | Gap::Blank | Gap::Other | Gap::None))
        }) && (self.is_number() || self.text.len() == 1)
    }
}

pub(super) fn tokens<'a>(folded: &'a Folded, text: &str) -> Vec<Token<'a>> {
    let mut end = 0;
    let mut out = Vec::with_capacity(folded.tokens().len());
    for token in folded.tokens() {
        let word = folded.text(*token);
        let start = token.start as usize;
        let (from, to) = folded.original(start, start + word.len());
        let gap = match text.get(end as usize..from as usize) {
            _ if out.is_empty() => Gap::Break,
            None | Some("") => Gap::None,
            Some(gap) if gap.contains([',', ';', '\n', '\r', '(', ')']) => Gap::Break,
            Some(gap) if gap.contains(['-', '\u{2013}', '\u{2014}']) => Gap::Hyphen,
            Some(gap) if gap.contains(['/', '\u{2044}']) => Gap::Slash,
            Some(gap) if gap.contains('&') => Gap::Ampersand,
            Some(gap) if gap.trim().is_empty() => Gap::Blank,
            Some(_) => Gap::Other,
        };
        end = to;
        out.push(Token { text: word, gap });
    }
    out
}

/// What the word at `at` says of what stands beside it.
pub(super) fn kind_of(tokens: &[Token<'_>], at: usize) -> Option<Kind> {
    let token = tokens.get(at)?;
    let kind = kinds().get(token.text).copied();
    // `Mira str.` is a street, `str. 2` a building.
    let follows_name = || {
        let before = at.checked_sub(1).map(|n| &tokens[n]);
        token.gap != Gap::Break && before.is_some_and(|t| !t.is_number() && !kinds().contains_key(t.text))
    };
    if token.text == "str" && follows_name() { Some(Kind::Street(Street::Way, true)) } else { kind }
}

/// A number written in several parts, read as a whole: `2-16`, `9/6`, `210-A`, `A-17-8`, `1318-19`.
pub(super) struct Compound {
    /// Letter before or behind the first number; 0 when there is none.
    pub(super) letter: u8,
    pub(super) first: u32,
    /// The end of a range; otherwise as `first`.
    pub(super) last: u32,
    /// The whole, without leading zeros: two are the same code when these are equal.
    pub(super) text: String,
    /// Where the next token begins.
    pub(super) next: usize,
}

/// Numbers from one to another that one building takes up, at most; a wider pair is a number in two parts.
const WIDEST: u32 = 40;

/// The compound that begins at `at`: with one or two letters and a hyphen, or with a number of up to four digits.
pub(super) fn compound(tokens: &[Token<'_>], at: usize) -> Option<Compound> {
    let start = tokens.get(at)?;
    let follows = |n: usize| {
        tokens.get(n).filter(|t| {
            let is_part = (t.is_number() && !t.is_ordinal()) || (t.text.len() == 1 && t.text.is_ascii());
            is_part && matches!(t.gap, Gap::Hyphen | Gap::Slash | Gap::Ampersand) && !t.before_floor(tokens, n)
        })
    };
    let is_letters = start.text.len() <= 2
        && start.text.bytes().all(|b| b.is_ascii_lowercase())
        && (start.text.len() == 1 || !kinds().contains_key(start.text));
    let (mut text, mut letter, head) = if is_letters {
        let number = follows(at + 1).filter(|t| t.gap == Gap::Hyphen && t.is_number())?;
        (start.text.to_owned(), start.text.as_bytes()[0], number)
    } else if start.is_number() && !start.is_ordinal() {
        (String::new(), 0, start)
    } else {
        return None;
    };
    let first: u32 = head.digits().parse().ok().filter(|_| head.digits().len() <= 4)?;
    if let Some(behind) = head.text.as_bytes().get(head.digits().len()).filter(|_| letter == 0) {
        letter = *behind;
    }
    text.push_str(&trimmed(head.text));
    let mut next = at + 1 + usize::from(is_letters);
    let (mut last, mut parts) = (first, 1);
    while let Some(part) = follows(next) {
        if !part.is_number() {
            // "210-A" is 210A.
            text.push_str(part.text);
            letter = if letter == 0 { part.text.as_bytes()[0] } else { letter };
        } else {
            let end = written_out(head.digits(), part.digits());
            let is_range = parts == 1
                && part.gap != Gap::Slash
                && !is_letters
                && end.is_some_and(|end| end >= first && end - first <= WIDEST);
            last = end.filter(|_| is_range).unwrap_or(first);
            text.push('-');
            text.push_str(&trimmed(part.text));
        }
        parts += 1;
        next += 1;
    }
    // "1-2-3" is no range.
    if parts > 2 {
        last = first;
    }
    Some(Compound { letter, first, last, text, next })
}

/// `1318-19` ends with 1319.
fn written_out(first: &str, last: &str) -> Option<u32> {
    let head = first.len().saturating_sub(last.len());
    first.get(..head).and_then(|head| format!("{head}{last}").parse().ok())
}

/// Without leading zeros: `04` and `4` are one unit.
pub(super) fn trimmed(code: &str) -> String {
    let short = code.trim_start_matches('0');
    if short.is_empty() { code.to_owned() } else { short.to_owned() }
}
