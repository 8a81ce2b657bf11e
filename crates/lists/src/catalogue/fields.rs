//! What becomes of each field of a publisher's format, from `lists/fields.toml`.

use super::format::Format;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../../../lists/fields.toml");

/// By format, and in it by meaning, the fields.
type Meanings = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// The fields of each format that a reader takes or leaves on purpose.
fn known() -> &'static BTreeMap<Format, BTreeSet<String>> {
    static KNOWN: OnceLock<BTreeMap<Format, BTreeSet<String>>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let all: Meanings = toml::from_str(TEXT).expect("a test reads the shipped file");
        let of_format = |(word, meanings): (String, BTreeMap<String, Vec<String>>)| {
            let format = Format::from_word(&word).expect("a test reads the shipped file");
            (format, meanings.into_values().flatten().collect())
        };
        all.into_iter().map(of_format).collect()
    })
}

/// Whether the reader of this format takes the field, or leaves it on purpose. Of a format whose fields are not listed
/// every field is known.
pub(crate) fn is_known_field(format: Format, field: &str) -> bool {
    known().get(&format).is_none_or(|fields| fields.contains(field))
}

/// The fields of a format, for tests; empty where they are not listed.
#[cfg(test)]
pub(crate) fn fields(format: Format) -> BTreeSet<String> {
    known().get(&format).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_one_meaning() {
        let all: Meanings = toml::from_str(TEXT).unwrap();
        for (word, meanings) in &all {
            assert!(Format::from_word(word).is_some(), "{word}");
            for meaning in meanings.keys().filter(|m| m.starts_with("left")) {
                assert!(meaning.starts_with("left: "), "{word}: say why it is left: {meaning}");
            }
            let left = |m: &&String| m.starts_with("left");
            for field in meanings.iter().filter(|(m, _)| left(m)).flat_map(|(_, f)| f) {
                let times = meanings.values().flatten().filter(|f| *f == field).count();
                assert_eq!(times, 1, "{word}: {field} is left and taken");
            }
        }
        assert!(known().len() >= 17 && fields(Format::UnXml).contains("DATAID"));
    }
}
