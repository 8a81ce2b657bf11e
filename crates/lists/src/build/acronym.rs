//! Acronyms: whether a short spelling is the initials of a name.

/// The name and its acronym in parentheses at the end, when the initials prove it one.
pub(crate) fn trailing_acronym(text: &str) -> Option<(&str, &str)> {
    let (name, acronym) = text.strip_suffix(')')?.rsplit_once(" (")?;
    (acronym.len() >= 3 && is_acronym_of(acronym, name)).then_some((name, acronym))
}

/// Whether a text of two to six capitals without blanks is the initials of the name: of all its words, or of those
/// that are no particles.
pub(crate) fn is_acronym_of(text: &str, name: &str) -> bool {
    if !(2..=6).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_uppercase()) {
        return false;
    }
    let particle = |w: &str| ["of", "and", "the", "for", "in", "de", "la"].iter().any(|p| w.eq_ignore_ascii_case(p));
    let words = || name.split([' ', '-']).filter(|w| w.starts_with(char::is_alphabetic));
    let initials = |w: &str| w.chars().next().map(|c| c.to_ascii_uppercase());
    words().count() > 1
        && (words().filter_map(initials).eq(text.chars())
            || words().filter(|w| !particle(w)).filter_map(initials).eq(text.chars()))
}
