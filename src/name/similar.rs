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
    /// A typing error or two.
    Typo,
}

/// How alike two different words are, 1..=999, or `None` when they are not.
pub(super) fn likeness(left: &str, right: &str, both_generic: bool) -> Option<(u16, Likeness)> {
    if left == right {
        return Some((1000, Likeness::Equal));
    }
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.chars().nth(1).is_none() {
        return long.starts_with(short).then_some((600, Likeness::Initial));
    }
    if both_generic && short.len() >= 3 && long.starts_with(short) {
        return Some((930, Likeness::ShortForm));
    }
    if Tables::get().are_nicknames(left, right) {
        return Some((920, Likeness::Nickname));
    }
    let typo = typo(left, right);
    let romanisation = sounds_alike(left, right).then_some((900, Likeness::Romanisation));
    match (typo, romanisation) {
        (Some(typo), Some(other)) => Some(if typo.0 >= other.0 { typo } else { other }),
        (typo, romanisation) => typo.or(romanisation),
    }
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
    let distance = osa::distance_with_args(left.chars(), right.chars(), &osa::Args::default().score_cutoff(budget))?;
    let longest = l.max(r);
    let mut cost = distance * 1000 / longest;
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
    if is_cheap(left, right) {
        cost /= 2;
    }
    Some(((1000 - cost.min(990)) as u16, Likeness::Typo))
}

/// Whether the words are equal once letters that writers and scanners confuse are made one.
fn is_cheap(left: &str, right: &str) -> bool {
    let class = |c: char| match c {
        '0' => 'o',
        '1' | 'l' | 'i' | 'y' | 'j' => 'i',
        '5' => 's',
        'c' | 'q' => 'k',
        'w' => 'v',
        'z' => 's',
        _ => c,
    };
    left.chars().map(class).eq(right.chars().map(class))
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
    let (mut l, mut r) = ([0u8; 24], [0u8; 24]);
    let (l_len, r_len) = (skeleton(left.as_bytes(), &mut l), skeleton(right.as_bytes(), &mut r));
    l_len >= 3 && l[..l_len] == r[..r_len] && left.bytes().next().map(vowel_or) == right.bytes().next().map(vowel_or)
}

fn vowel_or(b: u8) -> u8 {
    match b {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j' => b'a',
        b'c' | b'q' | b'k' | b'g' => b'k',
        b'f' | b'p' | b'v' | b'w' => b'v',
        b's' | b'z' | b't' | b'd' => b's',
        _ => b,
    }
}

/// Consonants with digraphs made one letter, vowels and doublings dropped; returns how many were written.
fn skeleton(word: &[u8], out: &mut [u8; 24]) -> usize {
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
        ] {
            assert!(likeness(left, right, false).is_some_and(|l| l.0 >= 750), "{left} {right}");
        }
        for (left, right) in [("dji", "dj"), ("shen", "zhang"), ("2019", "2018"), ("iflight", "iflytek")] {
            assert!(likeness(left, right, false).is_none(), "{left} {right} {:?}", likeness(left, right, false));
        }
    }
}
