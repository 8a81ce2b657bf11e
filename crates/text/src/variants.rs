//! Forms of one ideograph that writers exchange: traditional and simplified ones, and those of Japan.

use std::sync::OnceLock;

const TABLE: &str = include_str!("../../../lists/han_variants.txt");

/// Whether the character is a Chinese one.
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Whether the character writes a whole syllable or word: ideographs, Hangul, kana.
pub fn is_syllable_sign(c: char) -> bool {
    is_ideograph(c) || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}')
}

/// The form that this one is read as; itself for all else.
pub fn read_as(c: char) -> char {
    if !is_ideograph(c) {
        return c;
    }
    static FORMS: OnceLock<Vec<(char, char)>> = OnceLock::new();
    let forms = FORMS.get_or_init(|| {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        let of_line = |line: &'static str| {
            let mut forms = line.chars();
            let first = forms.next();
            forms.filter_map(move |form| Some((form, first?)))
        };
        let mut forms: Vec<(char, char)> = lines.flat_map(of_line).collect();
        forms.sort_unstable();
        forms
    });
    forms.binary_search_by_key(&c, |form| form.0).map_or(c, |at| forms[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_ideograph_are_read_as_one() {
        for (one, other) in [('錦', '锦'), ('龍', '龙'), ('竜', '龙'), ('広', '廣'), ('國', '国')] {
            assert_eq!(read_as(one), read_as(other), "{one} {other}");
        }
        assert_ne!(read_as('金'), read_as('锦'));
        assert_eq!(read_as('к'), 'к');
        // No form is read as one that is itself read as another.
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let first = line.chars().next().expect("a line holds forms");
            assert!(line.chars().all(|form| read_as(form) == first), "{line}");
        }
    }
}
