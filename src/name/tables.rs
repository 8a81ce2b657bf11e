//! The word tables of `lists/words.toml` and `lists/legal_forms.toml`, read once.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::OnceLock;

const WORDS: &str = include_str!("../../lists/words.toml");
const LEGAL_FORMS: &str = include_str!("../../lists/legal_forms.toml");

/// Longest legal form in tokens that is looked for.
pub(super) const MAX_FORM_TOKENS: usize = 7;

/// What a legal form makes of a company; two forms of one class hardly speak against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormClass {
    /// Limited liability company.
    Llc,
    /// Company limited by shares.
    Stock,
    /// Partnership.
    Partnership,
    /// Sole trader.
    Sole,
    /// State enterprise.
    State,
    /// Cooperative.
    Cooperative,
    /// Foundation or association.
    Foundation,
    /// Any other.
    Other,
}

/// A legal form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) class: FormClass,
    /// Also an everyday word or a part of names: counts only at the start or end of a name.
    pub(super) weak: bool,
}

/// What a word can be; a word may be several things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WordKinds(u8);

impl WordKinds {
    pub(super) const EVERYDAY: Self = Self(1);
    pub(super) const GENERIC: Self = Self(2);
    pub(super) const PLACE: Self = Self(4);
    pub(super) const PARTICLE: Self = Self(8);
    pub(super) const TITLE: Self = Self(16);
    pub(super) const VESSEL_PREFIX: Self = Self(32);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordFile {
    everyday: Vec<String>,
    generic_trade: Vec<String>,
    places: Vec<String>,
    particles: Vec<String>,
    titles: Vec<String>,
    vessel_prefixes: Vec<String>,
    number: Vec<NumberRow>,
    nickname: Vec<NicknameRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberRow {
    value: u32,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NicknameRow {
    forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    form: Vec<FormRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormRow {
    class: String,
    #[serde(rename = "short")]
    _short: String,
    forms: Vec<String>,
    #[serde(default)]
    weak: bool,
}

/// The tables of words and legal forms.
#[derive(Debug)]
pub struct Tables {
    words: FxHashMap<String, WordKinds>,
    /// By their letters, blanks squeezed out.
    forms: FxHashMap<String, Form>,
    /// Legal forms of one long word, in a fixed order.
    long_forms: Vec<(String, Form)>,
    numbers: FxHashMap<String, u32>,
    /// Word to the groups of given names it belongs to.
    nicknames: FxHashMap<String, Vec<u16>>,
}

impl Tables {
    /// The tables that ship with the binary.
    pub fn get() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| Self::read(WORDS, LEGAL_FORMS).expect("the tables that ship are read by a test"))
    }

    fn read(words: &str, forms: &str) -> Result<Self, toml::de::Error> {
        let file: WordFile = toml::from_str(words)?;
        let mut tables = Self {
            words: FxHashMap::default(),
            forms: FxHashMap::default(),
            long_forms: Vec::new(),
            numbers: FxHashMap::default(),
            nicknames: FxHashMap::default(),
        };
        for (list, kind) in [
            (&file.everyday, WordKinds::EVERYDAY),
            (&file.generic_trade, WordKinds::GENERIC),
            (&file.places, WordKinds::PLACE),
            (&file.particles, WordKinds::PARTICLE),
            (&file.titles, WordKinds::TITLE),
            (&file.vessel_prefixes, WordKinds::VESSEL_PREFIX),
        ] {
            for word in list.iter().flat_map(|line| line.split_whitespace()) {
                tables.words.entry(word.to_owned()).or_default().0 |= kind.0;
            }
        }
        for row in file.number {
            for word in row.words {
                tables.numbers.insert(word, row.value);
            }
        }
        for (group, row) in file.nickname.into_iter().enumerate() {
            for word in row.forms {
                tables.nicknames.entry(word).or_default().push(group as u16);
            }
        }
        let file: FormFile = toml::from_str(forms)?;
        for row in file.form {
            let class = match row.class.as_str() {
                "llc" => FormClass::Llc,
                "stock" => FormClass::Stock,
                "partnership" => FormClass::Partnership,
                "sole" => FormClass::Sole,
                "state" => FormClass::State,
                "cooperative" => FormClass::Cooperative,
                "foundation" => FormClass::Foundation,
                _ => FormClass::Other,
            };
            for form in row.forms {
                let squeezed: String = form.split_whitespace().collect();
                if !form.contains(' ') && form.len() >= 12 && form.is_ascii() {
                    tables.long_forms.push((squeezed.clone(), Form { class, weak: row.weak }));
                }
                // A weak reading of the same letters never hides a firm one.
                let known = tables.forms.entry(squeezed).or_insert(Form { class, weak: row.weak });
                known.weak &= row.weak;
            }
        }
        Ok(tables)
    }

    pub(super) fn kinds(&self, word: &str) -> WordKinds {
        self.words.get(word).copied().unwrap_or_default()
    }

    pub(super) fn form(&self, squeezed: &str) -> Option<Form> {
        self.forms.get(squeezed).copied()
    }

    /// The legal form of twelve letters or more that a word of nearly the same letters stands for.
    pub(super) fn misspelt_form(&self, word: &str) -> Option<Form> {
        if word.len() < 12 || !word.is_ascii() {
            return None;
        }
        let near = |(other, _): &&(String, Form)| {
            other.len().abs_diff(word.len()) <= 2
                && other.as_bytes()[0] == word.as_bytes()[0]
                && rapidfuzz::distance::osa::distance_with_args(
                    word.chars(),
                    other.chars(),
                    &rapidfuzz::distance::osa::Args::default().score_cutoff(2),
                )
                .is_some()
        };
        self.long_forms.iter().find(near).map(|(_, form)| *form)
    }

    pub(super) fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// Whether two words are forms of one given name.
    pub(super) fn are_nicknames(&self, left: &str, right: &str) -> bool {
        let (Some(left), Some(right)) = (self.nicknames.get(left), self.nicknames.get(right)) else { return false };
        left.iter().any(|group| right.contains(group))
    }

    /// The groups of given names that the word belongs to.
    pub(super) fn nickname_groups(&self, word: &str) -> &[u16] {
        self.nicknames.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether the word is a given name with known variants.
    pub(super) fn is_given_name(&self, word: &str) -> bool {
        self.nicknames.contains_key(word)
    }

    /// Whether the word is an everyday word of the goods trade or the English language.
    pub fn is_everyday(&self, word: &str) -> bool {
        self.kinds(word).has(WordKinds::EVERYDAY)
    }

    /// Whether the word is a trade word that thousands of companies carry.
    pub fn is_trade_word(&self, word: &str) -> bool {
        self.kinds(word).has(WordKinds::GENERIC)
    }

    /// Whether the word names a country, city or region.
    pub fn is_place(&self, word: &str) -> bool {
        self.kinds(word).has(WordKinds::PLACE)
    }

    /// Whether the squeezed letters are a legal form.
    pub fn is_legal_form(&self, squeezed: &str) -> bool {
        self.forms.contains_key(squeezed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_that_ship_are_whole() {
        let tables = Tables::read(WORDS, LEGAL_FORMS).expect("tables parse");
        assert!(tables.is_everyday("cherry") && !tables.is_everyday("kronshtadt"));
        assert!(tables.is_legal_form("coltd") && tables.is_legal_form("ооо"));
        assert_eq!(tables.number("three"), Some(3));
        assert!(tables.are_nicknames("bill", "william"));
    }
}
