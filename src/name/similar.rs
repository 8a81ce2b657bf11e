//! How alike two words are.

use super::tables::Tables;
use rapidfuzz::distance::osa;

/// Why two words count as the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Letter for letter.
    Equal,
    /// Forms of one given name.
    Nickname,
    /// Romanised differently.
    Romanisation,
    /// One is the initial of the other.
    Initial,
    /// One is a short form of the other, as `tech` of `technology`.
    ShortForm,
    /// One is made of the first letters of the other's words.
    Acronym,
    /// A typing error or two.
    Typo,
    /// More letters differ than a slip explains: counts only when everything else agrees.
    Distant,
}

/// How alike two words are, 1..=1000, or `None` when they are not.
pub(super) fn likeness(left: &str, right: &str, is_generic: bool) -> Option<(u16, Likeness)> {
    if left == right {
        return Some((1000, Likeness::Equal));
    }
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.chars().nth(1).is_none() {
        return long.starts_with(short).then_some((600, Likeness::Initial));
    }
    if is_generic && is_short_form(short, long) {
        return Some((930, Likeness::ShortForm));
    }
    if Tables::get().are_nicknames(left, right) {
        return Some((920, Likeness::Nickname));
    }
    let typo = typo(left, right);
    let romanised = typo.is_none_or(|t| t.0 < 900) && (sounds_alike(left, right) || is_one_syllable_line(left, right));
    let romanisation = romanised.then_some((900, Likeness::Romanisation));
    match (typo, romanisation) {
        (Some(typo), Some(other)) => Some(if typo.0 >= other.0 { typo } else { other }),
        (typo, romanisation) => typo.or(romanisation),
    }
}

/// Words that differ by two letters where the length explains only one, and begin alike: 600..=780, or `None`.
pub(super) fn distant(left: &str, right: &str) -> Option<u16> {
    let (l, r) = (left.chars().count(), right.chars().count());
    if l.min(r) < 3 || left.bytes().chain(right.bytes()).any(|b| b.is_ascii_digit()) {
        return None;
    }
    let distance = osa::distance_with_args(left.chars(), right.chars(), &osa::Args::default().score_cutoff(2))?;
    if left.chars().next() != right.chars().next() {
        return None;
    }
    let alike = 1000 - distance * 1000 / l.max(r);
    (alike >= 600).then_some(alike.min(780) as u16)
}

/// `tech` of `technology`, `intl` of `international`: the first letters, or some of them with the first and last.
fn is_short_form(short: &str, long: &str) -> bool {
    if short.len() < 3 || long.len() < short.len() + 2 {
        return false;
    }
    if long.starts_with(short) {
        return true;
    }
    let mut letters = long.chars();
    short.chars().next() == long.chars().next()
        && short.chars().last() == long.chars().last()
        && short.chars().all(|c| letters.any(|l| l == c))
}

/// Edits within the budget of the length: none for 1-2 letters, one for 3-7, two from 8, three from 14.
fn typo(left: &str, right: &str) -> Option<(u16, Likeness)> {
    let (l, r) = (left.chars().count(), right.chars().count());
    let budget = match l.min(r) {
        0..=2 => return None,
        3..=7 => 1,
        8..=13 => 2,
        _ => 3,
    };
    if l.abs_diff(r) > budget || left.bytes().chain(right.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let within = osa::Args::default().score_cutoff(budget);
    let plain = osa::distance_with_args(left.chars(), right.chars(), &within).map(|d| d * 1000);
    // Letters that writers and scanners confuse cost a third of an edit, all of them together.
    let cheap = osa::distance_with_args(left.chars().map(confusable), right.chars().map(confusable), &within)
        .map(|d| d * 1000 + 340);
    let distance = plain.into_iter().chain(cheap).min()?;
    let longest = l.max(r);
    let mut cost = distance / longest;
    let other_start = left.chars().next() != right.chars().next();
    if l.min(r) <= 4 {
        // In three or four letters an edit is half a name, and another first letter is another name.
        if other_start {
            return None;
        }
        cost += cost / 4;
    }
    if other_start {
        cost += 60;
    }
    Some(((1000 - cost.min(990)) as u16, Likeness::Typo))
}

/// One letter for each group that writers and scanners confuse.
fn confusable(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | 'l' | 'i' | 'y' | 'j' => 'i',
        '5' | 'z' => 's',
        'c' | 'q' => 'k',
        'w' => 'v',
        _ => c,
    }
}

/// Whether two words have the same consonants as romanisations write them, and nearly the same length.
fn sounds_alike(left: &str, right: &str) -> bool {
    if left.len() < 4
        || right.len() < 4
        || left.len().abs_diff(right.len()) > 3
        || !left.is_ascii()
        || !right.is_ascii()
    {
        return false;
    }
    if left.bytes().next().map(vowel_or) != right.bytes().next().map(vowel_or) {
        return false;
    }
    let (mut l, mut r) = ([0u8; 24], [0u8; 24]);
    let (l_len, r_len) = (skeleton(left.as_bytes(), &mut l), skeleton(right.as_bytes(), &mut r));
    let enough = l_len >= 3 || (l_len == 2 && left.len() == right.len());
    enough && l[..l_len] == r[..r_len]
}

/// Whether two words are one line of Chinese syllables, in pinyin and in Wade-Giles (`zedong`, `tsetung`).
fn is_one_syllable_line(left: &str, right: &str) -> bool {
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
/// tells `b` from `p` by an apostrophe that nobody writes.
fn same_sound(a: u8, b: u8, with_voice: bool) -> bool {
    let either = |x: u8, others: &[u8]| (a == x && others.contains(&b)) || (b == x && others.contains(&a));
    a == b
        || either(b'C', b"jqZ")
        || either(b't', b"zc")
        || (with_voice && (either(b'b', b"p") || either(b'D', b"T") || either(b'g', b"k")))
}

/// Initials of Chinese syllables, the longest spelling first, with a key of its own where the systems tell them apart.
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
        let (initial, used) = INITIALS
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling))
            .map(|(spelling, key)| (*key, spelling.len()))
            .or_else(|| matches!(rest[0], b'w' | b'y').then_some((rest[0], 1)))
            .or_else(|| (at == 0 && matches!(rest[0], b'a' | b'e' | b'o')).then_some((b'0', 0)))?;
        at += used;
        let rest = &word[at..];
        let (last, used) = FINALS
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling))
            .map(|(spelling, key)| (*key, spelling.len()))
            .or_else(|| match rest.first()? {
                b'a' => Some((b'A', 1)),
                b'o' => Some((b'o', 1)),
                b'e' | b'i' | b'u' => Some((if rest[0] == b'u' { b'U' } else { b'I' }, 1)),
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

pub(super) fn vowel_or(b: u8) -> u8 {
    match b {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j' => b'a',
        b'c' | b'q' | b'k' | b'g' => b'k',
        b'f' | b'p' | b'v' | b'w' => b'v',
        b's' | b'z' | b't' | b'd' => b's',
        _ => b,
    }
}

/// Consonants with digraphs made one letter, vowels and doublings dropped; returns how many were written.
pub(super) fn skeleton(word: &[u8], out: &mut [u8; 24]) -> usize {
    let mut length = 0;
    let mut at = 0;
    while at < word.len() && length < out.len() {
        let rest = &word[at..];
        let (letter, used) = if rest.starts_with(b"shch") || rest.starts_with(b"tsch") || rest.starts_with(b"schtsch") {
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
            let letter = match rest[0] {
                b'c' | b'q' => b'k',
                b'w' => b'v',
                b'j' | b'y' | b'a' | b'e' | b'i' | b'o' | b'u' => 0,
                other => other,
            };
            (letter, 1)
        };
        if letter != 0 && (length == 0 || out[length - 1] != letter) {
            out[length] = letter;
            length += 1;
        }
        at += used;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_variants_from_other_words() {
        for (left, right) in [
            ("mohamed", "muhammad"),
            ("technology", "techonlogy"),
            ("innovation", "inovation"),
            ("hussein", "hossein"),
            ("khrushchev", "khruschev"),
            ("zedong", "tsetung"),
            ("jinping", "chinping"),
            ("xi", "hsi"),
            ("osama", "usama"),
        ] {
            assert!(likeness(left, right, false).is_some_and(|l| l.0 >= 750), "{left} {right}");
        }
        for (left, right) in [("dji", "dj"), ("shen", "zhang"), ("2019", "2018"), ("iflight", "iflytek")] {
            assert!(likeness(left, right, false).is_none(), "{left} {right} {:?}", likeness(left, right, false));
        }
    }
}
