//! How alike two words sound, whatever romanisation they were written in.
//!
//! A Latin word becomes a line of sounds, one byte each: digraphs are one sound (`sh`, `kh`, `tsch`), doublings are
//! dropped. Two lines are aligned with costs that say which sounds romanisations write for one another: vowels are
//! cheap (Mohamed, Muhammad), `q`, `k`, `g`, `gh` and `kh` stand close (Qaddafi, Gaddafi, Kadhafi), so do `b` and `p`
//! (Korean), `h` and `g` (Ukrainian and Russian), `z` and `s` (German).

use super::model::likeness::{MOST_WITHOUT_VOWELS, of_sounds, sounds_budget};
use super::model::sounds::{APART, LAST_VOWEL, MISSING, MISSING_UNVOWELLED, NEAR, SWAP, WHOLE};
use super::national::{each_form, may_begin_otherwise};

/// Sounds of a word that are looked at; longer words are cut, which only makes them less alike.
const MOST: usize = 24;

/// Which sounds a word has: enough to rule out most words that do not sound alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sounds {
    /// Sounds that cost a whole edit where they are missing, a bit each.
    hard: u64,
    /// Sounds that are the same as or close to one of the word's.
    near: u64,
    count: u8,
    first: u8,
    /// How many more or fewer sounds another reading of the word has.
    spread: u8,
    /// Another reading begins otherwise.
    has_two_firsts: bool,
    /// An orthography gives the word another reading.
    has_other_reading: bool,
}

model::binary_fields!(Sounds { hard, near, count, first, spread, has_two_firsts, has_other_reading });

impl Sounds {
    pub(super) const NONE: Self =
        Self { hard: 0, near: 0, count: 0, first: 0, spread: 0, has_two_firsts: false, has_other_reading: false };

    /// Of a folded word; words of other scripts have none.
    pub fn of(word: &str) -> Self {
        if !word.is_ascii() {
            return Self::NONE;
        }
        let mut of_word = Self::of_line(word.as_bytes());
        each_form(word.as_bytes(), |form| of_word.widen(&Self::of_line(form)));
        of_word
    }

    /// Of the letters as they stand.
    fn of_line(word: &[u8]) -> Self {
        let mut line = [0u8; MOST];
        let line = sounds(word, &mut line);
        let mut of_word = Self { count: line.len() as u8, first: line.first().copied().unwrap_or(0), ..Self::NONE };
        for &sound in line {
            of_word.near |= NEAR[usize::from(sound & 63)];
            if MISSING[usize::from(sound)] == WHOLE {
                of_word.hard |= 1 << (sound & 63);
            }
        }
        of_word
    }

    /// Lets the word be heard in another way too.
    fn widen(&mut self, other: &Self) {
        self.hard &= other.hard;
        self.near |= other.near;
        self.spread = self.spread.max(self.count.abs_diff(other.count));
        self.has_two_firsts |= self.first != other.first;
        self.has_other_reading = true;
    }

    /// Of the word with another one behind it, but for what both make together where they meet.
    pub fn and(&self, next: &Self) -> Self {
        Self {
            hard: self.hard | next.hard,
            near: self.near | next.near,
            count: self.count.saturating_add(next.count),
            spread: self.spread.saturating_add(next.spread),
            has_other_reading: self.has_other_reading || next.has_other_reading,
            ..*self
        }
    }

    /// Whether an orthography gives the word another reading than its letters.
    pub(super) fn has_other_reading(&self) -> bool {
        self.has_other_reading
    }

    /// Whether the words can sound alike; a `false` is certain.
    pub fn may_be(&self, other: &Self) -> bool {
        let spread = self.spread + other.spread;
        if self.count.min(other.count) + spread < LEAST || self.count.abs_diff(other.count) > LONGER + spread {
            return false;
        }
        // A sound with none close to it in the other word costs a whole edit, left out or exchanged.
        let alone = (self.hard & !other.near).count_ones().max((other.hard & !self.near).count_ones());
        alone as u16 * WHOLE <= sounds_budget(u16::from(self.count.max(other.count) + spread))
            && (self.has_two_firsts || other.has_two_firsts || !start_apart(self.first, other.first))
    }
}

/// Whether an ASCII word whose sounds are not known yet may sound like one of these, by how both begin; a `false` is certain.
pub(super) fn may_begin_alike(word: &str, other: &Sounds) -> bool {
    let word = word.as_bytes();
    word.is_empty()
        || other.has_two_firsts
        || may_begin_otherwise(word)
        || !start_apart(first_sound(word).0, other.first)
}

/// Sounds that both words need, and how many more one may have than the other.
const LEAST: u8 = 3;
const LONGER: u8 = 3;

/// Whether words that begin so are two words.
fn start_apart(left: u8, right: u8) -> bool {
    swap(left, right, false) >= APART && MISSING[usize::from(left)] == WHOLE && MISSING[usize::from(right)] == WHOLE
}

/// How alike the sounds of two ASCII words are, 820..=930, or `None`: then they are no writings of one name.
pub(super) fn sound_alike(left: &str, right: &str) -> Option<u16> {
    alike(left, right, &MISSING)
}

/// The same for a word as `written` in a script that leaves short vowels out, and has none or hardly any, and one that has
/// its vowels: then vowels that only one word has say little. `محمد` is Muhammad, Mohamed and Mehmet.
pub(super) fn unvowelled_alike(written: &str, vowelled: &str) -> Option<u16> {
    // What is left is the consonants: two of them are too little. Vav is read as `o`, and may be one of them:
    // `דוד` is David.
    let is_vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let of_written = written.bytes().filter(|b| *b == b'o' || !is_vowel(b)).count();
    let of_vowelled = vowelled.bytes().filter(|b| !is_vowel(b)).count();
    if of_written.min(of_vowelled) < 3 {
        return None;
    }
    alike(written, vowelled, &MISSING_UNVOWELLED).map(|alike| alike.min(MOST_WITHOUT_VOWELS))
}

fn alike(left: &str, right: &str, missing: &[u16; 128]) -> Option<u16> {
    let (mut l, mut r) = ([0u8; MOST], [0u8; MOST]);
    let (l, r) = (sounds(left.as_bytes(), &mut l), sounds(right.as_bytes(), &mut r));
    let longest = l.len().max(r.len()) as u16;
    if l.len().min(r.len()) < usize::from(LEAST)
        || l.len().abs_diff(r.len()) > usize::from(LONGER)
        || start_apart(l[0], r[0])
    {
        return None;
    }
    let cost = distance(l, r, sounds_budget(longest), missing)?;
    Some(of_sounds(cost, longest))
}

/// The least cost of turning one line of sounds into the other, or `None` above the budget.
fn distance(left: &[u8], right: &[u8], budget: u16, costs: &[u16; 128]) -> Option<u16> {
    let mut row = [0u16; MOST + 1];
    for (at, sound) in right.iter().enumerate() {
        row[at + 1] = row[at] + costs[usize::from(*sound)];
    }
    for (at, a) in left.iter().enumerate() {
        let missing = costs[usize::from(*a)];
        let mut diagonal = row[0];
        row[0] += missing;
        let mut least = row[0];
        for (other, b) in right.iter().enumerate() {
            let swap = swap(*a, *b, at + 1 == left.len() && other + 1 == right.len());
            let cost = (diagonal + swap).min(row[other] + costs[usize::from(*b)]).min(row[other + 1] + missing);
            diagonal = row[other + 1];
            row[other + 1] = cost;
            least = least.min(cost);
        }
        if least > budget {
            return None;
        }
    }
    Some(row[right.len()]).filter(|cost| *cost <= budget)
}

fn swap(a: u8, b: u8, is_last: bool) -> u16 {
    // The last vowel distinguishes Mario from Maria.
    if is_last && matches!((a, b), (b'a', b'o') | (b'o', b'a')) {
        return LAST_VOWEL;
    }
    if a == b { 0 } else { u16::from(SWAP[usize::from(a & 63)][usize::from(b & 63)]) }
}

/// The letters that begin what several letters write together, and those that come second in it.
const FIRST: u32 = letters(b"cdegikopstyz");
const SECOND: u32 = letters(b"cehjkosuyz");

/// A bit for each of some small letters.
const fn letters(all: &[u8]) -> u32 {
    let (mut bits, mut at) = (0, 0);
    while at < all.len() {
        bits |= 1 << (all[at] - b'a');
        at += 1;
    }
    bits
}

fn is_one_of(letters: u32, letter: u8) -> bool {
    let at = letter.wrapping_sub(b'a');
    at < 26 && letters & 1 << at != 0
}

/// The sound that several letters at the start of `rest` write together, and how many they are; longer ones first.
fn digraph(rest: &[u8]) -> Option<(u8, usize)> {
    // Nearly all letters stand for themselves.
    let [first, second, ..] = rest else { return None };
    if *second != b'h' && !(is_one_of(FIRST, *first) && is_one_of(SECOND, *second)) {
        return None;
    }
    Some(match rest {
        // A script without vowels has an h behind another consonant.
        [first, b'h', b'h', ..] if *first != b'h' => (*first, 1),
        [b's', b'c', b'h', b't', b's', b'c', b'h', ..] => (b'C', 7),
        [b's', b'h', b'c', b'h', ..] | [b's', b'z', b'c', b'z', ..] | [b't', b's', b'c', b'h', ..] => (b'C', 4),
        [b't', b'c', b'h', ..] => (b'C', 3),
        [b'd', b'z', b'h', ..] => (b'J', 3),
        [b's', b'c', b'h', ..] => (b'S', 3),
        [b's', b'h' | b'j' | b'z', ..] => (b'S', 2),
        [b'c', b'h' | b'z', ..] | [b't', b'j', ..] => (b'C', 2),
        [b'k', b'h', ..] => (b'x', 2),
        [b'g', b'h', ..] => (b'G', 2),
        [b'z', b'h', ..] => (b'Z', 2),
        [b'd', b'j' | b'z', ..] => (b'J', 2),
        [b'p', b'h', ..] => (b'f', 2),
        [b't', b'h', ..] => (b't', 2),
        [b'd', b'h', ..] => (b'd', 2),
        [b't', b's' | b'z', ..] => (b'c', 2),
        [b'c', b'k', ..] => (b'k', 2),
        [b'o', b'u' | b'o', ..] => (b'u', 2),
        [b'e', b'e', ..] | [b'i', b'y' | b'j', ..] => (b'i', 2),
        // `Yeliseyev`, `Eliseev`: the glide is written or not.
        [b'y', b'e', ..] => (b'e', 2),
        _ => return None,
    })
}

/// The sound that a text begins with, and how many letters write it.
fn first_sound(rest: &[u8]) -> (u8, usize) {
    let next = rest.get(1).copied().unwrap_or(0);
    digraph(rest).unwrap_or_else(|| {
        let sound = match rest[0] {
            b'q' => b'k',
            b'c' if matches!(next, b'e' | b'i' | b'y') => b's',
            b'c' | b'x' => b'k',
            b'w' => b'v',
            b'y' => b'i',
            b'j' => b'J',
            other => other,
        };
        (sound, 1)
    })
}

fn sounds<'o>(word: &[u8], out: &'o mut [u8; MOST]) -> &'o [u8] {
    let mut length = 0;
    let mut at = 0;
    while at < word.len() && length < MOST {
        let rest = &word[at..];
        let (sound, used) = first_sound(rest);
        if length == 0 || out[length - 1] != sound {
            out[length] = sound;
            length += 1;
        }
        if rest[0] == b'x' && length < MOST {
            out[length] = b's';
            length += 1;
        }
        at += used;
    }
    &out[..length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hears_one_name_in_many_writings() {
        for (left, right) in [
            ("mohamed", "muhammad"),
            ("hussein", "hossein"),
            ("qaddafi", "gaddafi"),
            ("ghadaffi", "kadhafi"),
            ("gubarev", "hubaryev"),
            ("musharraf", "muserref"),
            ("anatoly", "anatolii"),
            ("khrushchev", "hruschev"),
            ("iouri", "yuri"),
            ("yusuf", "youssef"),
            ("zhukov", "joukov"),
            ("yeliseyev", "eliseev"),
            ("yefremov", "efremov"),
        ] {
            assert!(sound_alike(left, right).is_some_and(|alike| alike >= 820), "{left} {right}");
            assert_eq!(sound_alike(left, right), sound_alike(right, left), "{left} {right}");
        }
        for (left, right) in [("carper", "harper"), ("shen", "zhang"), ("iflight", "iflytek"), ("kim", "kit")] {
            assert_eq!(sound_alike(left, right), None, "{left} {right}");
        }
        assert!(sound_alike("mario", "maria") < Some(850));
        for (written, vowelled) in [("mhmd", "muhammad"), ("hsin", "hussein"), ("mhmud", "mahmoud"), ("dod", "david")] {
            let alike = unvowelled_alike(written, vowelled);
            assert!(alike.is_some_and(|alike| alike >= 820), "{written} {vowelled} {alike:?}");
        }
        assert_eq!(unvowelled_alike("mhmd", "ahmad"), None);
        assert_eq!(unvowelled_alike("ron", "rania"), None);
    }

    /// Words of three pieces, among them all that romanisations write for one another.
    fn words() -> Vec<String> {
        const PIECES: [&str; 14] =
            ["mo", "kha", "ts", "shch", "y", "bin", "z", "ghu", "we", "j", "cho", "ra", "th", "ou"];
        let two = PIECES.iter().flat_map(|a| PIECES.iter().map(move |b| format!("{a}{b}")));
        two.flat_map(|word| PIECES.iter().map(move |c| format!("{word}{c}"))).collect()
    }

    #[test]
    fn words_ruled_out_by_their_sounds_do_not_sound_alike() {
        let words = words();
        let (mut alike, mut apart) = (0, 0);
        for (at, left) in words.iter().enumerate() {
            for right in words[at..].iter().step_by(7) {
                let (of_left, of_right) = (Sounds::of(left), Sounds::of(right));
                let may_be = of_left.may_be(&of_right);
                assert!(may_begin_alike(left, &of_right) || !may_be, "{left} {right}");
                let found = sound_alike(left, right);
                assert!(may_be || found.is_none(), "{left} {right} {found:?}");
                alike += u32::from(found.is_some());
                apart += u32::from(!may_be);
            }
        }
        assert!(alike > 1_000 && apart > 100_000, "{alike} alike, {apart} ruled out");
    }
}
