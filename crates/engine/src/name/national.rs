//! Slavic names as Latvian, Lithuanian, French, Polish and German write them, brought to the usual romanisation.
//!
//! Each of these languages spells a foreign name by its own sounds: *Кузнецов* is Kuzņecovs in Latvian, Kozlovas ends as
//! Lithuanian names of men do, *Шубин* is Choubine in French, *Евгений* Jewgienij in Polish. The form is another
//! reading of a word beside the word itself; it is made only where the word bears the mark of the language. From general
//! knowledge of these orthographies.

/// Letters of a word that is looked at, at most.
const MOST: usize = 24;
/// A form may be longer than its word: `c` is `ts`.
const LONGEST: usize = 2 * MOST;
/// Letters that a word needs.
const LEAST: usize = 5;

/// Stems that Slavic names have before an ending of Lithuanian or Latvian: surnames in -ov, -ev, -in, -sk, given names in
/// -ij, -ej.
const STEMS: [&[u8]; 6] = [b"ov", b"ev", b"in", b"sk", b"ij", b"ej"];
/// Ends of Slavic names as French writes them.
const FRENCH_ENDS: [&[u8]; 12] =
    [b"ine", b"off", b"eff", b"ov", b"ev", b"ski", b"sky", b"enko", b"ouk", b"gou", b"kov", b"in"];

/// Calls `form` with each reading of a word that an orthography other than that of the word's letters gives.
pub(super) fn each_form(word: &[u8], mut form: impl FnMut(&[u8])) {
    if word.len() < LEAST || word.len() > MOST || !word.is_ascii() {
        return;
    }
    let mut out = Written { letters: [0; LONGEST], length: 0 };
    if let Some(stem) = baltic_stem(word) {
        form(out.write(stem, baltic));
    } else if word.contains(&b'j') {
        form(out.write(word, glide));
    }
    if is_french(word) {
        form(out.write(without_e(word), french));
    }
}

/// Whether another reading of a word may begin with another sound; a `false` is certain. Up to four letters write one sound.
pub(super) fn may_begin_otherwise(word: &[u8]) -> bool {
    word.first() == Some(&b't') || word.iter().take(4).any(|letter| matches!(letter, b'c' | b'h' | b'j'))
}

struct Written {
    letters: [u8; LONGEST],
    length: usize,
}

impl Written {
    /// Writes a word by a rule that says, for what is left of the word and the letter before, which letters stand for how
    /// many of it.
    fn write(&mut self, word: &[u8], rule: fn(&[u8], u8) -> (&'static [u8], usize)) -> &[u8] {
        self.length = 0;
        let (mut at, mut before) = (0, 0);
        while at < word.len() {
            let (letters, used) = rule(&word[at..], before);
            let written: &[u8] = if letters.is_empty() { &word[at..at + used] } else { letters };
            for &letter in written.iter().take(LONGEST - self.length) {
                self.letters[self.length] = letter;
                self.length += 1;
            }
            before = word[at + used - 1];
            at += used;
        }
        &self.letters[..self.length]
    }
}

/// The word without the ending that Lithuanian and Latvian give to names of men.
fn baltic_stem(word: &[u8]) -> Option<&[u8]> {
    let has_stem = |stem: &&[u8]| STEMS.iter().any(|s| stem.ends_with(s));
    let long = [b"as".as_slice(), b"us", b"is"].iter().find_map(|end| word.strip_suffix(*end));
    // `Aleksandrs`, `Mihails`, `Ivans`: a consonant before the ending.
    let short = word.strip_suffix(b"s").filter(|stem| {
        let last = stem.last().copied().unwrap_or_default();
        has_stem(stem) || matches!(last, b'r' | b'l' | b'n' | b'm' | b't' | b'd' | b'k' | b'v' | b'b' | b'p' | b'g')
    });
    long.filter(has_stem).or(short).filter(|stem| stem.len() + 1 >= LEAST)
}

/// `c` is ts, `j` is y, `h` is kh.
fn baltic(rest: &[u8], before: u8) -> (&'static [u8], usize) {
    match rest {
        [b'c', b'h', ..] | [b'd', b'z', ..] => (b"", 2),
        [b'c', ..] => (b"ts", 1),
        [b'h', ..] if !matches!(before, b's' | b'k' | b'z' | b'c' | b'g' | b't' | b'p' | b'd') => (b"kh", 1),
        _ => glide(rest, before),
    }
}

/// `j` is y, but for `dj`, which is the sound of an English j.
fn glide(rest: &[u8], before: u8) -> (&'static [u8], usize) {
    match rest {
        [b'j', ..] if before != b'd' => (b"y", 1),
        _ => (b"", 1),
    }
}

fn is_french(word: &[u8]) -> bool {
    let holds = |piece: &[u8]| word.windows(piece.len()).any(|w| w == piece);
    let has_guttural = || word.contains(&b'g') && (holds(b"gue") || holds(b"gui"));
    let has_mark = || holds(b"ou") || holds(b"ch") || holds(b"ine") || holds(b"ff");
    let has_end = FRENCH_ENDS.iter().any(|end| word.ends_with(end));
    (has_end && has_mark()) || has_guttural()
}

/// Without the silent letter of `Poutine`.
fn without_e(word: &[u8]) -> &[u8] {
    if word.ends_with(b"ine") { &word[..word.len() - 1] } else { word }
}

/// `ch` is sh, `tch` is ch, `ou` is u, `gu` before a front vowel is g, `j` is zh, `-off` is -ov.
fn french(rest: &[u8], _before: u8) -> (&'static [u8], usize) {
    match rest {
        [b't', b'c', b'h', ..] => (b"ch", 3),
        [b'c', b'h', ..] => (b"sh", 2),
        [b'o', b'u', ..] => (b"u", 2),
        [b'g', b'u', b'e' | b'i', ..] => (b"g", 2),
        [b'd', b'j', ..] => (b"", 2),
        [b'j', ..] => (b"zh", 1),
        [b'f', b'f'] => (b"v", 2),
        _ => (b"", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(word: &str) -> Vec<String> {
        let mut all = Vec::new();
        each_form(word.as_bytes(), |form| all.push(String::from_utf8_lossy(form).into_owned()));
        all
    }

    #[test]
    fn names_are_read_as_each_language_writes_them() {
        for (written, read) in [
            ("kuznecovs", "kuznetsov"),
            ("andrejs", "andrey"),
            ("jevgenijs", "yevgeniy"),
            ("prohorovs", "prokhorov"),
            ("aleksandrs", "aleksandr"),
            ("kozlovas", "kozlov"),
            ("dmitrijus", "dmitriy"),
            ("choubine", "shubin"),
            ("serguei", "sergei"),
            ("tchoukov", "chukov"),
            ("jewgienij", "yewgieniy"),
            ("romanoff", "romanov"),
        ] {
            assert!(forms(written).iter().any(|form| form == read), "{written}: {:?}", forms(written));
        }
        for word in ["technology", "boeing", "thomas", "group", "machinery", "house", "bank"] {
            assert_eq!(forms(word), [""; 0], "{word}");
        }
    }
}
