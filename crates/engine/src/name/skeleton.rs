//! The consonants of a word as romanisations write them: a key that leads to words, not a judgement of them.

/// One letter for each group that begins words in the same way.
pub(super) fn vowel_or(b: u8) -> u8 {
    match b {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j' => b'a',
        b'c' | b'q' | b'k' | b'g' => b'k',
        b'f' | b'p' | b'v' | b'w' => b'v',
        b's' | b'z' | b't' | b'd' => b's',
        _ => b,
    }
}

/// The consonant that one letter writes, 0 for a vowel.
fn single(letter: u8) -> u8 {
    match letter {
        b'c' | b'q' => b'k',
        b'w' => b'v',
        b'j' | b'y' | b'a' | b'e' | b'i' | b'o' | b'u' => 0,
        other => other,
    }
}

/// Consonants with digraphs made one letter, vowels and doublings dropped; returns how many were written.
pub(super) fn skeleton(word: &[u8], out: &mut [u8; 24]) -> usize {
    let mut length = 0;
    let mut at = 0;
    while at < word.len() && length < out.len() {
        let rest = &word[at..];
        let has_own_h = rest.get(1..3) == Some(b"hh".as_slice());
        let (letter, used) = if has_own_h {
            (single(rest[0]), 1)
        } else if rest.starts_with(b"shch") || rest.starts_with(b"tsch") || rest.starts_with(b"schtsch") {
            (b'C', 4)
        } else if rest.starts_with(b"sch") {
            (b'S', 3)
        } else if rest.starts_with(b"ch") || rest.starts_with(b"tj") {
            (b'C', 2)
        } else if rest.starts_with(b"sh") || rest.starts_with(b"sj") {
            (b'S', 2)
        } else if rest.starts_with(b"kh") || rest.starts_with(b"gh") {
            (b'h', 2)
        } else if rest.starts_with(b"zh") || rest.starts_with(b"dj") || rest.starts_with(b"dz") {
            (b'J', 2)
        } else if rest.starts_with(b"ph") {
            (b'f', 2)
        } else if rest.starts_with(b"ts") || rest.starts_with(b"tz") {
            (b'z', 2)
        } else if rest.starts_with(b"th") || rest.starts_with(b"dh") {
            (rest[0], 2)
        } else if rest.starts_with(b"x") {
            (b'k', 1)
        } else {
            (single(rest[0]), 1)
        };
        if letter != 0 && (length == 0 || out[length - 1] != letter) {
            out[length] = letter;
            length += 1;
        }
        at += used;
    }
    length
}
