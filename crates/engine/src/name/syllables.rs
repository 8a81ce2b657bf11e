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

/// The initial of the syllable that a text begins with, and its bytes: a key of its own where the systems write it
/// differently. The first syllable of a word may have none.
fn initial(rest: &[u8], is_first: bool) -> Option<(u8, usize)> {
    Some(match rest {
        [b'c', b'h', ..] => (b'C', 2),
        [b'z', b'h', ..] => (b'Z', 2),
        [b's', b'h', ..] => (b'S', 2),
        [b'h', b's', ..] => (b'x', 2),
        [b't', b's', ..] => (b't', 2),
        [b't', b'z', ..] => (b'z', 2),
        [b's', b'z', ..] => (b's', 2),
        [b'd', ..] => (b'D', 1),
        [b't', ..] => (b'T', 1),
        [first, ..] if b"bpmfnlgkhjqxzcsrwy".contains(first) => (*first, 1),
        [b'a' | b'e' | b'o', ..] if is_first => (b'0', 0),
        _ => return None,
    })
}

/// The final that a text begins with, the longest spelling, with what both systems share; and its bytes.
fn last(rest: &[u8]) -> Option<(u8, usize)> {
    Some(match rest {
        [b'a', b'n', b'g', ..] => (b'7', 3),
        [b'a', b'n', ..] => (b'k', 2),
        [b'a', b'i', ..] => (b'm', 2),
        [b'a', b'o', ..] => (b'p', 2),
        [b'a', ..] => (b'A', 1),
        [b'e', b'n', b'g', ..] => (b'8', 3),
        [b'e', b'n', ..] => (b'l', 2),
        [b'e', b'i', ..] => (b'n', 2),
        [b'e', b'r', ..] => (b'r', 2),
        [b'e', ..] => (b'I', 1),
        [b'i', b'a', b'n', b'g', ..] => (b'1', 4),
        [b'i', b'u' | b'o', b'n', b'g', ..] => (b'2', 4),
        [b'i', b'e', b'h', ..] => (b'4', 3),
        [b'i', b'n', b'g', ..] => (b'9', 3),
        [b'i', b'a' | b'e', b'n', ..] => (b'a', 3),
        [b'i', b'a', b'o', ..] => (b'b', 3),
        [b'i', b'e', ..] => (b'4', 2),
        [b'i', b'a', ..] => (b'e', 2),
        [b'i', b'u', ..] => (b'f', 2),
        [b'i', b'n', ..] => (b'j', 2),
        [b'i', ..] => (b'I', 1),
        [b'o', b'n', b'g', ..] => (b'6', 3),
        [b'o', b'u', ..] => (b'q', 2),
        [b'o', ..] => (b'o', 1),
        [b'u', b'a', b'n', b'g', ..] => (b'3', 4),
        [b'u', b'e', b'h', ..] => (b'5', 3),
        [b'u', b'n', b'g', ..] => (b'6', 3),
        [b'u', b'a', b'i', ..] => (b'c', 3),
        [b'u', b'a', b'n', ..] => (b'd', 3),
        [b'u', b'e', ..] => (b'4', 2),
        [b'u', b'a', ..] => (b'g', 2),
        [b'u', b'i', ..] => (b'h', 2),
        [b'u', b'o', ..] => (b'o', 2),
        [b'u', b'n', ..] => (b'i', 2),
        [b'u', ..] => (b'U', 1),
        _ => return None,
    })
}

/// The syllables of a word in a spelling that pinyin and Wade-Giles share, or `None` when it is no such line.
pub(super) fn syllables(word: &[u8], out: &mut [u8; 32]) -> Option<usize> {
    let mut length = 0;
    let mut at = 0;
    while at < word.len() {
        let (initial, used) = initial(&word[at..], at == 0)?;
        at += used;
        let (last, used) = last(&word[at..])?;
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
