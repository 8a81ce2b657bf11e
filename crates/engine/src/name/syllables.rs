//! Chinese syllables in the spellings of pinyin and Wade-Giles.

/// Whether two words are one line of Chinese syllables, in pinyin and in Wade-Giles (`zedong`, `tsetung`).
pub(super) fn are_same_syllables(left: &str, right: &str) -> bool {
    if left.len().min(right.len()) < 2 || left.len().max(right.len()) > 24 || !left.is_ascii() || !right.is_ascii() {
        return false;
    }
    let (mut l, mut r) = ([0u8; 32], [0u8; 32]);
    let (Some(l_len), Some(r_len)) = (syllables(left.as_bytes(), &mut l), syllables(right.as_bytes(), &mut r)) else {
        return false;
    };
    // One syllable is too little to take `bing` for `ping`.
    let with_voice = l_len > 2;
    l_len == r_len && l[..l_len].iter().zip(&r[..r_len]).all(|(a, b)| same_sound(*a, *b, with_voice))
}

/// Whether two keys can be one sound: Wade-Giles writes `ch` for `j`, `q`, `zh` and `ch`, `ts` for `z` and `c`, and
/// distinguishes `b` from `p` by an apostrophe that nobody writes.
fn same_sound(a: u8, b: u8, with_voice: bool) -> bool {
    let either = |x: u8, others: &[u8]| (a == x && others.contains(&b)) || (b == x && others.contains(&a));
    a == b
        || either(b'C', b"jqZ")
        || either(b't', b"zc")
        || (with_voice && (either(b'b', b"p") || either(b'D', b"T") || either(b'g', b"k")))
}

/// Initials of Chinese syllables, the longest spelling first, with a key of its own where the systems write them differently.
const INITIALS: [(&[u8], u8); 25] = [
    (b"ch", b'C'),
    (b"zh", b'Z'),
    (b"sh", b'S'),
    (b"hs", b'x'),
    (b"ts", b't'),
    (b"tz", b'z'),
    (b"sz", b's'),
    (b"b", b'b'),
    (b"p", b'p'),
    (b"m", b'm'),
    (b"f", b'f'),
    (b"d", b'D'),
    (b"t", b'T'),
    (b"n", b'n'),
    (b"l", b'l'),
    (b"g", b'g'),
    (b"k", b'k'),
    (b"h", b'h'),
    (b"j", b'j'),
    (b"q", b'q'),
    (b"x", b'x'),
    (b"z", b'z'),
    (b"c", b'c'),
    (b"s", b's'),
    (b"r", b'r'),
];

/// Finals, the longest spelling first, with what both systems share.
const FINALS: [(&[u8], u8); 32] = [
    (b"iang", b'1'),
    (b"iung", b'2'),
    (b"iong", b'2'),
    (b"uang", b'3'),
    (b"ieh", b'4'),
    (b"ueh", b'5'),
    (b"ung", b'6'),
    (b"ong", b'6'),
    (b"ang", b'7'),
    (b"eng", b'8'),
    (b"ing", b'9'),
    (b"ian", b'a'),
    (b"ien", b'a'),
    (b"iao", b'b'),
    (b"uai", b'c'),
    (b"uan", b'd'),
    (b"ie", b'4'),
    (b"ue", b'5'),
    (b"ia", b'e'),
    (b"iu", b'f'),
    (b"ua", b'g'),
    (b"ui", b'h'),
    (b"uo", b'o'),
    (b"un", b'i'),
    (b"in", b'j'),
    (b"an", b'k'),
    (b"en", b'l'),
    (b"ai", b'm'),
    (b"ei", b'n'),
    (b"ao", b'p'),
    (b"ou", b'q'),
    (b"er", b'r'),
];

/// The syllables of a word in a spelling that pinyin and Wade-Giles share, or `None` when it is no such line.
pub(super) fn syllables(word: &[u8], out: &mut [u8; 32]) -> Option<usize> {
    let mut length = 0;
    let mut at = 0;
    while at < word.len() {
        let rest = &word[at..];
        // The first letter alone rules out nearly all of them.
        let (initial, used) = INITIALS
            .iter()
            .find(|(spelling, _)| spelling[0] == rest[0] && rest.starts_with(spelling))
            .map(|(spelling, key)| (*key, spelling.len()))
            .or_else(|| matches!(rest[0], b'w' | b'y').then_some((rest[0], 1)))
            .or_else(|| (at == 0 && matches!(rest[0], b'a' | b'e' | b'o')).then_some((b'0', 0)))?;
        at += used;
        let rest = &word[at..];
        let first = *rest.first()?;
        let (last, used) = FINALS
            .iter()
            .find(|(spelling, _)| spelling[0] == first && rest.starts_with(spelling))
            .map(|(spelling, key)| (*key, spelling.len()))
            .or(match first {
                b'a' => Some((b'A', 1)),
                b'o' => Some((b'o', 1)),
                b'e' | b'i' | b'u' => Some((if first == b'u' { b'U' } else { b'I' }, 1)),
                _ => None,
            })?;
        at += used;
        if length + 2 > out.len() {
            return None;
        }
        out[length] = initial;
        out[length + 1] = last;
        length += 2;
    }
    Some(length)
}

/// How many Chinese syllables the word can be read as, or `None` when it is no line of them.
pub(super) fn syllable_count(word: &str) -> Option<usize> {
    let mut keys = [0u8; 32];
    if !word.is_ascii() || word.len() > 24 || word.len() < 2 {
        return None;
    }
    syllables(word.as_bytes(), &mut keys).map(|length| length / 2)
}
