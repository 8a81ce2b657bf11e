//! Words with digits for letters, with letters doubled, and with letters set apart.

use super::piece::Piece;
use std::ops::Range;

/// Letters set apart, and doubled letters side by side, from which they are no accident.
pub(super) const LEAST_APART: usize = 5;
pub(super) const LEAST_DOUBLED: usize = 3;

/// The letter that a digit or sign is written for.
pub(super) const fn letter_of_digit(byte: u8) -> Option<char> {
    Some(match byte {
        b'0' => 'o',
        b'1' | b'!' => 'i',
        b'3' => 'e',
        b'4' => 'a',
        b'5' | b'$' => 's',
        b'7' => 't',
        b'8' => 'b',
        _ => return None,
    })
}

/// The text with its words as they are read. A word that can be nothing else is the sign; by it the other words of the text
/// are read likewise, which alone could be anything: `AL1 AF1F`, `SSII CCHHEENN`.
pub(super) fn plain(pieces: Vec<Piece>) -> Vec<Piece> {
    let pieces = joined(pieces);
    let words: Vec<Range<usize>> = words(&pieces);
    let any = |is_sign: fn(&[Piece]) -> bool| words.iter().any(|word| is_sign(&pieces[word.clone()]));
    let (has_digits, has_doubles) = (any(shows_digits), any(shows_doubles));
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    for word in words {
        out.extend_from_slice(&pieces[at..word.start]);
        at = word.end;
        let mut letters = pieces[word].to_vec();
        if has_digits && has_letters_for_all(&letters) {
            letters.iter_mut().for_each(|p| p.c = letter(p.c).unwrap_or(p.c));
        }
        out.extend(undoubled(letters, has_doubles));
    }
    out.extend_from_slice(&pieces[at..]);
    out
}

/// Whether a character is one of a word: a letter, a digit or sign for one, or what leaves no trace between them.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '$' | '!') || is_unseen(c)
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn words(pieces: &[Piece]) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let length = pieces[at..].iter().take_while(|p| is_of_word(p.c)).count();
        if length > 0 {
            words.push(at..at + length);
        }
        at += length.max(1);
    }
    words
}

fn letter(c: char) -> Option<char> {
    u8::try_from(c).ok().and_then(letter_of_digit)
}

/// The characters of a word that are seen, and how many of them are letters.
fn shown(word: &[Piece]) -> (Vec<char>, usize) {
    let shown: Vec<char> = word.iter().map(|p| p.c).filter(|c| !is_unseen(*c)).collect();
    let letters = shown.iter().filter(|c| c.is_alphabetic()).count();
    (shown, letters)
}

/// Whether a word has letters, and digits that all look like letters, at most two for each letter.
fn has_letters_for_all(word: &[Piece]) -> bool {
    let (shown, letters) = shown(word);
    letters * 3 >= shown.len() && letters > 0 && shown.iter().all(|c| c.is_alphabetic() || letter(*c).is_some())
}

/// Whether a word has one or two digits between letters, and is no code: three letters and more, and fewer digits.
fn shows_digits(word: &[Piece]) -> bool {
    let (shown, letters) = shown(word);
    let runs: Vec<&[char]> = shown.chunk_by(|a, b| a.is_alphabetic() == b.is_alphabetic()).collect();
    let is_between = |three: &[&[char]]| three[0][0].is_alphabetic() && three[1].len() <= 2;
    letters >= 3 && letters * 2 > shown.len() && has_letters_for_all(word) && runs.windows(3).any(is_between)
}

fn runs(word: &[Piece]) -> impl Iterator<Item = &[Piece]> {
    word.chunk_by(|a, b| a.c.to_lowercase().eq(b.c.to_lowercase()))
}

fn is_all_doubled(word: &[Piece]) -> bool {
    word.iter().all(|p| p.c.is_alphabetic()) && runs(word).all(|run| run.len() % 2 == 0)
}

fn shows_doubles(word: &[Piece]) -> bool {
    is_all_doubled(word) && runs(word).count() >= LEAST_DOUBLED
}

/// Half of each run of one letter in a word in which every letter is doubled, in a text that shows such words; one letter
/// for a run of three and more.
fn undoubled(word: Vec<Piece>, has_doubles: bool) -> Vec<Piece> {
    let all_doubled = has_doubles && is_all_doubled(&word);
    let is_letters = word.iter().all(|p| p.c.is_alphabetic());
    if !is_letters || !(all_doubled || runs(&word).any(|run| run.len() > 2)) {
        return word;
    }
    let kept = |run: &[Piece]| match run.len() {
        n if all_doubled => n / 2,
        1 | 2 => run.len(),
        _ => 1,
    };
    runs(&word)
        .flat_map(|run| {
            let (first, last) = (run[0], run[run.len() - 1]);
            std::iter::repeat_n(Piece { c: first.c, start: first.start, end: last.end }, kept(run))
        })
        .collect()
}

/// Single letters set apart by one and the same sign become words, parted where the sign stands two or three times.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        let apart = set_apart(&pieces, at);
        let Some(&last) = apart.last().filter(|_| apart.len() >= LEAST_APART) else {
            out.push(pieces[at]);
            at += 1;
            continue;
        };
        let mut before = at;
        for here in apart {
            if here - before > 2 {
                out.push(Piece { c: ' ', ..pieces[before + 1] });
            }
            out.push(pieces[here]);
            before = here;
        }
        at = last + 1;
    }
    out
}

/// Where single letters stand from here on with the same sign between each two.
fn set_apart(pieces: &[Piece], at: usize) -> Vec<usize> {
    let is_letter = |at: usize| pieces.get(at).is_some_and(|p| p.c.is_alphanumeric());
    if !is_letter(at) || (at > 0 && is_letter(at - 1)) {
        return Vec::new();
    }
    let Some(sign) = pieces.get(at + 1).map(|p| p.c).filter(|c| !c.is_alphanumeric() && *c != '\n') else {
        return Vec::new();
    };
    let mut letters = vec![at];
    let mut here = at;
    loop {
        let signs = pieces[here + 1..].iter().take_while(|p| p.c == sign).count();
        let next = here + 1 + signs;
        // A letter that another letter follows begins the next word.
        if !(1..=3).contains(&signs) || !is_letter(next) || is_letter(next + 1) {
            break;
        }
        letters.push(next);
        here = next;
    }
    let count = letters.iter().filter(|at| pieces[**at].c.is_alphabetic()).count();
    if count * 2 > letters.len() { letters } else { Vec::new() }
}
