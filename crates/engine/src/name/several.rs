//! Fields that give several names: `New Name Ltd (formerly Old Name Ltd)`, `Acme d/b/a Zenith`, `ООО Новое (ранее Старое)`.

use aho_corasick::{AhoCorasick, MatchKind};
use std::ops::Range;
use std::sync::OnceLock;

/// How sure a marker announces a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// Wherever it stands as words of its own.
    Anywhere,
    /// A short word that is also somebody's name: in small letters, in brackets, or in capitals among whole names.
    Short,
    /// Only right behind a bracket.
    InBrackets,
}

/// Longer ones first where one begins another. Cyrillic ones stand in both cases: only ASCII is compared without it.
const MARKERS: &[(&str, Sure)] = &[
    ("formerly known as", Sure::Anywhere),
    ("formerly trading as", Sure::Anywhere),
    ("previously known as", Sure::Anywhere),
    ("previously listed as", Sure::Anywhere),
    ("also known as", Sure::Anywhere),
    ("now known as", Sure::Anywhere),
    ("doing business as", Sure::Anywhere),
    ("trading as", Sure::Anywhere),
    ("formerly", Sure::Anywhere),
    ("f/k/a", Sure::Anywhere),
    ("a/k/a", Sure::Anywhere),
    ("n/k/a", Sure::Anywhere),
    ("d/b/a", Sure::Anywhere),
    ("t/a", Sure::Anywhere),
    ("f.k.a.", Sure::Anywhere),
    ("a.k.a.", Sure::Anywhere),
    ("n.k.a.", Sure::Anywhere),
    ("d.b.a.", Sure::Anywhere),
    ("née", Sure::Anywhere),
    ("vormals", Sure::Anywhere),
    ("ehemals", Sure::Anywhere),
    ("anciennement", Sure::Anywhere),
    ("anteriormente", Sure::Anywhere),
    ("также известно как", Sure::Anywhere),
    ("также известен как", Sure::Anywhere),
    ("также известна как", Sure::Anywhere),
    ("прежнее название", Sure::Anywhere),
    ("ранее", Sure::Anywhere),
    ("Ранее", Sure::Anywhere),
    ("РАНЕЕ", Sure::Anywhere),
    ("бывшее", Sure::Anywhere),
    ("бывший", Sure::Anywhere),
    ("раніше", Sure::Anywhere),
    ("fka", Sure::Short),
    ("aka", Sure::Short),
    ("nka", Sure::Short),
    ("dba", Sure::Short),
    ("nee", Sure::Short),
    ("previously", Sure::InBrackets),
    ("ex", Sure::InBrackets),
];

/// Letters a name has at least.
const LEAST_LETTERS: usize = 4;
/// Names of one field that are looked at.
const MOST: usize = 8;

/// The places of the names in a text that gives several, in order; empty for one that gives one. What stands behind
/// the bracket of another name belongs to none.
pub fn several(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = 0;
    for found in markers().find_iter(text) {
        if found.start() < from || parts.len() == MOST {
            continue;
        }
        let (before, after) = (&text[from..found.start()], &text[found.end()..]);
        let sure = MARKERS[found.pattern().as_usize()].1;
        if !stands_alone(text, found.range()) || !announces(sure, &text[found.range()], before, after) {
            continue;
        }
        parts.extend(trimmed(text, from..found.start()));
        from = found.end();
    }
    if from == 0 {
        return Vec::new();
    }
    parts.extend(trimmed(text, from..text.len()));
    parts
}

fn markers() -> &'static AhoCorasick {
    static MARKS: OnceLock<AhoCorasick> = OnceLock::new();
    MARKS.get_or_init(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostFirst)
            .build(MARKERS.iter().map(|(marker, _)| marker))
            .expect("a handful of patterns compiles")
    })
}

/// Whether no letter, digit or hyphen touches the words: `YK-AKA` is a name.
fn stands_alone(text: &str, at: Range<usize>) -> bool {
    let touches = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '_' | '@');
    let ends_open = text[..at.end].ends_with('.') || text[at.end..].starts_with('-');
    !text[..at.start].chars().next_back().is_some_and(touches)
        && (ends_open || !text[at.end..].chars().next().is_some_and(touches))
}

fn announces(sure: Sure, marker: &str, before: &str, after: &str) -> bool {
    let in_brackets = before.trim_end().ends_with(['(', '[', '（']);
    let is_small = || marker.bytes().all(|b| b.is_ascii_lowercase());
    let is_capital = || marker.bytes().all(|b| b.is_ascii_uppercase());
    let words = |part: &str| part.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
    match sure {
        Sure::Anywhere => true,
        Sure::InBrackets => in_brackets,
        Sure::Short => in_brackets || is_small() || (is_capital() && words(before) >= 2 && words(after) >= 2),
    }
}

/// The part without what joins it to the next, up to the bracket that closes it; none when too little is left.
fn trimmed(text: &str, at: Range<usize>) -> Option<Range<usize>> {
    let joins = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '"' | '(' | '[' | '（' | '/');
    let part = &text[at.clone()];
    let mut depth = 0usize;
    let closed = part.char_indices().find(|&(_, c)| match c {
        '(' | '[' | '（' => {
            depth += 1;
            false
        }
        ')' | ']' | '）' if depth == 0 => true,
        ')' | ']' | '）' => {
            depth -= 1;
            false
        }
        _ => false,
    });
    let part = &part[..closed.map_or(part.len(), |(end, _)| end)];
    let start = at.start + part.len() - part.trim_start_matches(joins).len();
    let part = part.trim_matches(joins);
    (part.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS).then(|| start..start + part.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parted_where_the_field_says_so() {
        for (text, names) in [
            ("New Name Ltd. (formerly Old Name Ltd.)", &["New Name Ltd.", "Old Name Ltd."][..]),
            ("NEW NAME LTD AKA OLD NAME LTD", &["NEW NAME LTD", "OLD NAME LTD"]),
            ("Acme GmbH d/b/a Zenith; f/k/a Nadir AG", &["Acme GmbH", "Zenith", "Nadir AG"]),
            ("ООО Новое Имя (ранее ООО Старое Имя)", &["ООО Новое Имя", "ООО Старое Имя"]),
            ("OCEAN STAR (EX-SEA LADY)", &["OCEAN STAR", "SEA LADY"]),
            ("A.k.a. Quite Another", &["Quite Another"]),
            ("Maria Ivanova née Petrova", &["Maria Ivanova", "Petrova"]),
            ("Jean Aka Kouassi", &[]),
            ("YK-AKA", &[]),
            ("Nakajima Trading Asia", &[]),
            ("Examen Exports", &[]),
            ("", &[]),
        ] {
            let found: Vec<&str> = several(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, names, "{text}");
        }
    }
}
