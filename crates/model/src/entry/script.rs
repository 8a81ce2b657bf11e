//! The script that a name is written in, by its letters.
//!
//! Computed on request and not stored: two million names need no memory for it.

use icu_properties::CodePointMapData;
use icu_properties::props::{NamedEnumeratedProperty as _, Script};

/// The ISO 15924 code of the script that most letters of `text` belong to (`Latn`, `Cyrl`, `Arab`, `Hani`), the first
/// met among equals. Japanese and Korean names mix scripts: one letter of kana makes a name `Jpan`, one of Hangul `Kore`.
/// Empty for a text without letters.
pub fn script_of(text: &str) -> &'static str {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_alphabetic()) { LATIN } else { "" };
    }
    let scripts = CodePointMapData::<Script>::new();
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        match scripts.get(c) {
            Script::Common | Script::Inherited | Script::Unknown => {}
            Script::Hiragana | Script::Katakana => return "Jpan",
            Script::Hangul => return "Kore",
            script => match counts.iter_mut().find(|(known, _)| *known == script) {
                Some((_, count)) => *count += 1,
                None => counts.push((script, 1)),
            },
        }
    }
    // Of equals `rev` makes `max_by_key` take the first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or("", |(script, _)| script.short_name())
}

const LATIN: &str = "Latn";

#[cfg(test)]
mod tests {
    use super::script_of;

    #[test]
    fn letters_tell_the_script() {
        for (text, script) in [
            ("SZ DJI Technology Co., Ltd.", "Latn"),
            ("Łódź", "Latn"),
            ("ООО «Кронштадт» LLC", "Cyrl"),
            ("محمد", "Arab"),
            ("深圳市大疆创新科技有限公司 (DJI)", "Hani"),
            ("株式会社トヨタ", "Jpan"),
            ("주식회사", "Kore"),
            ("Αθήνα", "Grek"),
            ("תל אביב", "Hebr"),
            ("กรุงเทพ", "Thai"),
            ("Aж", "Latn"),
            ("1267", ""),
            ("", ""),
        ] {
            assert_eq!(script_of(text), script, "{text}");
        }
    }
}
