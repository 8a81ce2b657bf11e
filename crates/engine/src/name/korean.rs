//! Korean syllables in the spellings of McCune-Reischauer, the Revised Romanization and North Korea.
//!
//! The systems disagree on whether a consonant has voice (`Paek`, `Baek`), on `ch` and `j`, and on the two open vowels
//! that one writes with a breve nobody keeps (`Jong`, `Jeong`). In Chinese names the same differences
//! distinguish syllables, so they are ignored only beside a family name that is Korean and not Chinese.

/// Family names that many Koreans bear and hardly any Chinese, in their usual spellings; from general knowledge. Those
/// that are pinyin or Wade-Giles as well (`Han`, `Song`, `Yang`, `Chang`) say nothing.
const FAMILIES: [&str; 21] = [
    "kim", "gim", "pak", "park", "bak", "choe", "choi", "jeong", "yoon", "rim", "kwon", "gwon", "hwang", "ahn", "ryu",
    "ri", "rhee", "paek", "baek", "kwak", "hyon",
];

/// Whether the word is a family name that says that a name is Korean.
pub(super) fn is_family(word: &str) -> bool {
    FAMILIES.contains(&word)
}

/// Vowels, the longest spelling first, with a key for what the systems write alike.
const VOWELS: [(&[u8], u8); 24] = [
    (b"yeo", b'Y'),
    (b"yae", b'E'),
    (b"wae", b'W'),
    (b"weo", b'w'),
    (b"yoo", b'U'),
    (b"yo", b'Y'),
    (b"ye", b'E'),
    (b"ya", b'A'),
    (b"yu", b'U'),
    (b"wa", b'q'),
    (b"wo", b'w'),
    (b"we", b'W'),
    (b"wi", b'v'),
    (b"ui", b'v'),
    (b"oe", b'W'),
    (b"oi", b'W'),
    (b"ae", b'e'),
    (b"ai", b'e'),
    (b"eo", b'o'),
    (b"eu", b'u'),
    (b"oo", b'u'),
    (b"ou", b'u'),
    (b"ee", b'i'),
    (b"uh", b'o'),
];

/// The initial, vowel and final of one syllable, or `None` when the word is none.
fn syllable(word: &str) -> Option<[u8; 3]> {
    let word = word.as_bytes();
    if word.len() < 2 || word.len() > 7 {
        return None;
    }
    let consonant = |b: u8| {
        Some(match b {
            b'g' | b'k' => b'k',
            b'd' | b't' => b't',
            b'b' | b'p' => b'p',
            b'j' => b'c',
            b'r' | b'l' => b'l',
            b'n' | b'm' | b's' | b'h' => b,
            _ => return None,
        })
    };
    let (initial, mut at) = match word {
        [b'c' | b't', b'h', ..] => (b'c', 2),
        [b's', b'h', ..] => (b's', 2),
        [a, b, ..] if a == b && consonant(*a).is_some() => (consonant(*a)?, 2),
        [a, ..] if consonant(*a).is_some() => (consonant(*a)?, 1),
        _ => (b'0', 0),
    };
    let rest = &word[at..];
    let (vowel, used) = match VOWELS.iter().find(|(spelling, _)| rest.starts_with(spelling)) {
        Some((spelling, key)) => (*key, spelling.len()),
        None => match rest.first()? {
            b @ (b'a' | b'e' | b'i' | b'o' | b'u') => (*b, 1),
            _ => return None,
        },
    };
    at += used;
    let last = match &word[at..] {
        [] => b'0',
        [b'n', b'g'] => b'N',
        // `Pak` and `Park`: the second letter only lengthens the vowel.
        [b'r', b'k'] => b'k',
        [one] => consonant(*one).filter(|c| *c != b'h')?,
        _ => return None,
    };
    Some([initial, vowel, last])
}

/// A key that spellings of one Korean syllable share; 0 for what is none.
pub(super) fn key(word: &str) -> u32 {
    syllable(word).map_or(0, |[initial, vowel, last]| u32::from_be_bytes([0, initial, vowel, last]))
}

/// Whether two words can be one Korean syllable.
pub(super) fn are_one_syllable(left: &str, right: &str) -> bool {
    matches!((syllable(left), syllable(right)), (Some(l), Some(r)) if l == r)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_of_all_systems_are_one() {
        for (left, right) in
            [("paek", "baek"), ("jong", "jeong"), ("chol", "cheol"), ("un", "eun"), ("pak", "park"), ("choe", "choi")]
        {
            assert!(are_one_syllable(left, right) && are_one_syllable(right, left), "{left} {right}");
        }
        for (left, right) in [("jong", "jang"), ("kim", "kin"), ("song", "sung"), ("il", "ok"), ("smith", "smit")] {
            assert!(!are_one_syllable(left, right), "{left} {right}");
        }
    }
}
