//! Manipulations of words: order, initials, legal forms, punctuation, blanks, romanisation.

use super::choice::Choice;
use super::tables::{ENGLISH, FORMS, HABITS, LATIN_COUNTRIES};
use model::entry::{Entry, EntryKind};
use rustc_hash::FxHashSet;

/// Leaves out every blank, or one of them.
pub(super) fn glued(name: &str, choice: &mut Choice) -> Option<String> {
    let blanks: Vec<usize> = name.match_indices(' ').map(|(at, _)| at).collect();
    let at = *choice.of(&blanks)?;
    if choice.one_in(1, 2) {
        return Some(name.split(' ').collect());
    }
    Some(format!("{}{}", &name[..at], &name[at + 1..]))
}

/// A person's name the other way round: "PUERTA, Edgar" is "Edgar PUERTA", "Joseph Choi" is "Choi Joseph".
pub(super) fn turned(name: &str) -> Option<String> {
    if let Some((family, given)) = name.split_once(", ") {
        return Some(format!("{given} {family}"));
    }
    let (given, family) = name.rsplit_once(' ')?;
    Some(format!("{family} {given}"))
}

/// Two neighbouring words exchanged, legal forms at the ends left where they are.
pub(super) fn exchanged(name: &str, choice: &mut Choice) -> Option<String> {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let (start, end) = form_of(&words)
        .map_or((0, words.len()), |form| if form.start == 0 { (form.end, words.len()) } else { (0, form.start) });
    let pairs: Vec<usize> = (start..end.saturating_sub(1)).filter(|&at| words[at] != words[at + 1]).collect();
    let at = *choice.of(&pairs)?;
    words.swap(at, at + 1);
    Some(words.join(" "))
}

/// A person's given names as initials: "PUERTA, Edgar Fernando" is "PUERTA, E. F." or "E.F. PUERTA".
pub(super) fn initials(name: &str, choice: &mut Choice) -> Option<String> {
    let (family, given) =
        name.split_once(", ").or_else(|| name.rsplit_once(' ').map(|(given, family)| (family, given)))?;
    if given.split_whitespace().all(|word| word.chars().filter(|c| c.is_alphabetic()).count() < 2) {
        return None;
    }
    let first = |word: &str| word.chars().find(|c| c.is_alphabetic());
    let initials: Vec<String> = given.split_whitespace().filter_map(first).map(|c| format!("{c}.")).collect();
    Some(match choice.below(3) {
        0 => format!("{family}, {}", initials.join(" ")),
        1 => format!("{} {family}", initials.concat()),
        _ => format!("{} {family}", initials.join(" ").replace('.', "")),
    })
}

/// Where a legal form stands in a name.
struct Form {
    start: usize,
    end: usize,
    same: &'static [&'static str],
}

fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The legal form at the end or at the start of a name, the longest that fits.
fn form_of(words: &[&str]) -> Option<Form> {
    let bare_words: Vec<String> = words.iter().map(|w| bare(w)).collect();
    let mut best: Option<Form> = None;
    for row in FORMS {
        for form in row {
            let parts: Vec<String> = form.split_whitespace().map(bare).collect();
            // Something must be left to be a name.
            if parts.len() >= words.len() || best.as_ref().is_some_and(|b| b.end - b.start >= parts.len()) {
                continue;
            }
            if bare_words.ends_with(&parts) {
                best = Some(Form { start: words.len() - parts.len(), end: words.len(), same: row });
            } else if bare_words.starts_with(&parts) {
                best = Some(Form { start: 0, end: parts.len(), same: row });
            }
        }
    }
    best
}

pub(super) fn without_form(name: &str) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let form = form_of(&words)?;
    let rest = [&words[..form.start], &words[form.end..]].concat().join(" ");
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '"');
    (rest.chars().filter(|c| c.is_alphabetic()).count() > 1).then(|| rest.to_owned())
}

pub(super) fn other_form(name: &str, choice: &mut Choice) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let form = form_of(&words)?;
    let old = words[form.start..form.end].join(" ");
    let others: Vec<&str> = form.same.iter().copied().filter(|other| !other.eq_ignore_ascii_case(&old)).collect();
    let mut new = (*choice.of(&others)?).to_owned();
    if name.chars().all(|c| !c.is_lowercase()) {
        new = new.to_uppercase();
    }
    let parts = [&words[..form.start], &[new.as_str()], &words[form.end..]].concat();
    Some(parts.join(" "))
}

/// One habit of punctuation for another.
pub(super) fn punctuation(name: &str, choice: &mut Choice) -> Option<String> {
    let without = |c: &[char]| name.replace(c, "");
    let spaced: String = name.chars().map(|c| if ".,'’\"“”()-/&:".contains(c) { ' ' } else { c }).collect();
    let mut ways = vec![
        without(&['.', ',', '\'', '’', '"', '“', '”', '(', ')']),
        without(&['-']),
        without(&['\'', '’']),
        without(&['.']),
        name.replace('-', " "),
        name.replacen(' ', "-", 1),
        name.replace(['(', ')', '"'], ", "),
        name.replace(" & ", " and "),
        name.replace(" and ", " & ").replace(" AND ", " & "),
        name.replace('\'', "’"),
        spaced.split_whitespace().collect::<Vec<_>>().join(" "),
    ];
    let blanks: Vec<usize> = name.match_indices(' ').map(|(at, _)| at).collect();
    if let Some(&at) = choice.of(&blanks).filter(|&&at| name[..at].ends_with(char::is_alphanumeric)) {
        ways.push(format!("{},{}", &name[..at], &name[at..]));
        ways.push(format!("{}.{}", &name[..at], &name[at..]));
    }
    ways.retain(|way| way != name);
    ways.sort_unstable();
    ways.dedup();
    choice.of(&ways).cloned()
}

/// Words that someone romanised, as far as the lists show: those of persons' names, but for persons of countries
/// that write Latin letters anyway.
pub(super) struct Romanised(FxHashSet<String>);

impl Romanised {
    pub(super) fn of(entries: &[Entry]) -> Self {
        let persons = entries.iter().filter(|e| e.kind == EntryKind::Person && is_romanised(e));
        let words = persons.flat_map(|e| e.names.iter().flat_map(|name| name.text.split(' ')).map(bare));
        Self(words.filter(|word| !ENGLISH.contains(&word.as_str())).collect())
    }
}

/// Whether the entry may have a name that was written in other letters first.
fn is_romanised(entry: &Entry) -> bool {
    let mut countries = entry.all_countries().peekable();
    countries.peek().is_none() || countries.any(|country| !LATIN_COUNTRIES.contains(&country.code()))
}

/// One or two habits of romanisation for others, in words that were romanised.
pub(super) fn romanisation(name: &str, of: &Entry, romanised: &Romanised, choice: &mut Choice) -> Option<String> {
    if !is_romanised(of) {
        return None;
    }
    let original: Vec<&str> = name.split(' ').collect();
    let mut words: Vec<String> = original.iter().map(|word| (*word).to_owned()).collect();
    for _ in 0..=choice.below(2) {
        let mut ways: Vec<(usize, String)> = Vec::new();
        for (at, word) in original.iter().enumerate() {
            let small = bare(word);
            let is_one = small.chars().count() >= 4 && romanised.0.contains(&small);
            // Habits are not heaped on one word: no system writes all of them.
            if is_one && words[at] == *word {
                ways.extend(HABITS.iter().filter_map(|(from, to)| Some((at, respelt(word, from, to, choice)?))));
            }
        }
        let Some((at, word)) = choice.of(&ways) else { break };
        words[*at].clone_from(word);
    }
    Some(words.join(" "))
}

/// The word with one `from` as `to`, in the word's case.
fn respelt(word: &str, from: &str, to: &str, choice: &mut Choice) -> Option<String> {
    if !word.is_ascii() {
        return None;
    }
    let small = word.to_ascii_lowercase();
    let letters = from.trim_matches(['^', '$']);
    let is_letter = |at: Option<u8>| at.is_some_and(|b| b.is_ascii_alphabetic());
    let fits = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| small.as_bytes().get(at).copied());
        let after = small.as_bytes().get(at + letters.len()).copied();
        let is_vowel = |at: Option<u8>| at.is_some_and(|b| b"aeiou".contains(&b));
        let is_elsewhere = from.starts_with('^') && is_letter(before) || from.ends_with('$') && is_letter(after);
        // A lone vowel is respelt, not a part of two.
        let is_part = from == "u" && (is_vowel(before) || is_vowel(after));
        !is_elsewhere && !is_part
    };
    let places: Vec<usize> = small.match_indices(letters).map(|(at, _)| at).filter(|&at| fits(at)).collect();
    let at = *choice.of(&places)?;
    let old = &word[at..at + letters.len()];
    let new = if old.bytes().all(|b| b.is_ascii_uppercase()) && word.len() > 1 && is_shouted(word) {
        to.to_ascii_uppercase()
    } else if old.starts_with(|c: char| c.is_ascii_uppercase()) {
        format!("{}{}", to[..1].to_ascii_uppercase(), &to[1..])
    } else {
        to.to_owned()
    };
    Some(format!("{}{new}{}", &word[..at], &word[at + letters.len()..]))
}

fn is_shouted(word: &str) -> bool {
    word.chars().all(|c| !c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_turned() {
        assert_eq!(turned("BLANCO PUERTA, Edgar").unwrap(), "Edgar BLANCO PUERTA");
        assert_eq!(turned("Joseph Choi").unwrap(), "Choi Joseph");
        assert_eq!(turned("Madonna"), None);
        let mut choice = Choice::new(1, "test");
        assert_eq!(exchanged("Alpha Beta Co., Ltd.", &mut choice).unwrap(), "Beta Alpha Co., Ltd.");
        assert_eq!(exchanged("OOO Alpha Beta", &mut choice).unwrap(), "OOO Beta Alpha");
        assert_eq!(exchanged("Alpha Ltd", &mut choice), None);
    }

    #[test]
    fn legal_forms_are_dropped_and_changed() {
        assert_eq!(without_form("ALPHA, S.A. DE C.V.").unwrap(), "ALPHA");
        assert_eq!(without_form("Joint Stock Company \"Alpha\"").unwrap(), "\"Alpha\"");
        assert_eq!(without_form("Limited"), None);
        let mut choice = Choice::new(1, "test");
        for _ in 0..20 {
            let changed = other_form("SIS D.O.O.", &mut choice).unwrap();
            assert_eq!(changed, "SIS DOO");
        }
    }

    #[test]
    fn given_names_become_initials() {
        let mut choice = Choice::new(1, "test");
        for _ in 0..9 {
            let made = initials("BLANCO, Edgar Fernando", &mut choice).unwrap();
            assert!(["BLANCO, E. F.", "E.F. BLANCO", "E F BLANCO"].contains(&made.as_str()), "{made}");
        }
        assert_eq!(initials("BLANCO, E.", &mut choice), None);
    }

    #[test]
    fn spelling_follows_the_habits_and_the_case() {
        let mut choice = Choice::new(1, "test");
        assert_eq!(respelt("KHALID", "kh", "h", &mut choice).unwrap(), "HALID");
        assert_eq!(respelt("Yuri", "^yu", "iou", &mut choice).unwrap(), "Iouri");
        assert_eq!(respelt("Mayuri", "^yu", "iou", &mut choice), None);
    }
}
