//! The word tables of `lists/words.toml` and `lists/legal_forms.toml`, read once.

use super::letters::edits_within;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use serde::Deserialize;
use std::hash::Hasher as _;
use std::sync::OnceLock;

const WORDS: &str = include_str!("../../../../lists/words.toml");
const LEGAL_FORMS: &str = include_str!("../../../../lists/legal_forms.toml");

/// Letters from which a legal form of one word may be misspelt.
const LONG_FORM: usize = 12;

/// Tokens of the longest legal form.
pub(super) const MAX_FORM_TOKENS: usize = 7;

/// What a legal form makes of a company; two forms of one class hardly contradict each other.
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

impl FormClass {
    /// Every class, in this order.
    pub(super) const ALL: [Self; 8] = [
        Self::Llc,
        Self::Stock,
        Self::Partnership,
        Self::Sole,
        Self::State,
        Self::Cooperative,
        Self::Foundation,
        Self::Other,
    ];
}

/// A legal form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) class: FormClass,
    pub(super) place: FormPlace,
}

/// Where in a name the letters of a legal form mean one; the later ones are the narrower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FormPlace {
    Anywhere,
    /// Also an everyday word or a part of names: counts only at the start or end of a name.
    Edge,
    /// Begins other names as often: counts only at the end.
    End,
}

/// What a word can be; a word may be several things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WordKinds(u16);

impl WordKinds {
    pub(super) const EVERYDAY: Self = Self(1);
    pub(super) const GENERIC: Self = Self(2);
    pub(super) const PLACE: Self = Self(4);
    pub(super) const PARTICLE: Self = Self(8);
    pub(super) const TITLE: Self = Self(16);
    pub(super) const VESSEL_PREFIX: Self = Self(32);
    /// A title as the first word of a name, a family name elsewhere.
    pub(super) const TITLE_BEFORE: Self = Self(64);
    /// A family name that very many bear.
    pub(super) const SURNAME: Self = Self(128);
    /// A given name with known variants.
    pub(super) const GIVEN: Self = Self(256);
    /// A trade word that other languages have a known word for.
    pub(super) const TRANSLATED: Self = Self(512);

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
    titles_before: Vec<String>,
    surnames: Vec<String>,
    vessel_prefixes: Vec<String>,
    number: Vec<NumberWords>,
    nickname: Vec<WordForms>,
    translation: Vec<WordForms>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberWords {
    value: u32,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordForms {
    forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    form: Vec<LegalForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegalForm {
    class: String,
    #[serde(rename = "short")]
    _short: String,
    forms: Vec<String>,
    #[serde(default)]
    weak: bool,
    #[serde(default)]
    end: bool,
}

/// The tables of words and legal forms.
#[derive(Debug)]
pub struct Tables {
    words: FxHashMap<String, WordKinds>,
    /// By their letters, blanks squeezed out.
    forms: FxHashMap<String, Form>,
    /// Every way a legal form can begin, hashed: most words of names begin none.
    form_starts: FxHashSet<u64>,
    /// Legal forms of one long word, in a fixed order.
    long_forms: Vec<(String, Form)>,
    numbers: FxHashMap<String, u32>,
    /// Word to the groups of words that stand for one another: given names, and trade words of other languages.
    groups: FxHashMap<String, Vec<u16>>,
}

impl Tables {
    /// The tables that ship with the binary.
    pub fn get() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| Self::read(WORDS, LEGAL_FORMS).expect("the tables that ship are read by a test"))
    }

    fn read(words: &str, forms: &str) -> Result<Self, toml::de::Error> {
        let mut tables = Self {
            words: FxHashMap::default(),
            forms: FxHashMap::default(),
            form_starts: FxHashSet::default(),
            long_forms: Vec::new(),
            numbers: FxHashMap::default(),
            groups: FxHashMap::default(),
        };
        tables.add_words(toml::from_str(words)?);
        let file: FormFile = toml::from_str(forms)?;
        file.form.into_iter().for_each(|form| tables.add_form(form));
        Ok(tables)
    }

    fn add_words(&mut self, file: WordFile) {
        for (list, kind) in [
            (&file.everyday, WordKinds::EVERYDAY),
            (&file.generic_trade, WordKinds::GENERIC),
            (&file.places, WordKinds::PLACE),
            (&file.particles, WordKinds::PARTICLE),
            (&file.titles, WordKinds::TITLE),
            (&file.titles_before, WordKinds::TITLE_BEFORE),
            (&file.surnames, WordKinds::SURNAME),
            (&file.vessel_prefixes, WordKinds::VESSEL_PREFIX),
        ] {
            for word in list.iter().flat_map(|line| line.split_whitespace()) {
                self.words.entry(word.to_owned()).or_default().0 |= kind.0;
            }
        }
        for number in file.number {
            for word in number.words {
                self.numbers.insert(word, number.value);
            }
        }
        let given = file.nickname.into_iter().map(|forms| (forms, WordKinds::GIVEN));
        let translated = file.translation.into_iter().map(|forms| (forms, WordKinds::TRANSLATED));
        for (group, (forms, kind)) in given.chain(translated).enumerate() {
            // What is a trade word in one language is one in all.
            let is_trade_word =
                kind == WordKinds::TRANSLATED && forms.forms.iter().any(|word| self.is_trade_word(word));
            let kind = if is_trade_word { WordKinds(kind.0 | WordKinds::GENERIC.0) } else { kind };
            for word in forms.forms {
                self.words.entry(word.clone()).or_default().0 |= kind.0;
                self.groups.entry(word).or_default().push(group as u16);
            }
        }
    }

    fn add_form(&mut self, form: LegalForm) {
        let class = match form.class.as_str() {
            "llc" => FormClass::Llc,
            "stock" => FormClass::Stock,
            "partnership" => FormClass::Partnership,
            "sole" => FormClass::Sole,
            "state" => FormClass::State,
            "cooperative" => FormClass::Cooperative,
            "foundation" => FormClass::Foundation,
            _ => FormClass::Other,
        };
        let place = match (form.weak, form.end) {
            (_, true) => FormPlace::End,
            (true, false) => FormPlace::Edge,
            (false, false) => FormPlace::Anywhere,
        };
        for spelling in form.forms {
            let squeezed: String = spelling.chars().filter(|c| !c.is_whitespace()).map(text::read_as).collect();
            if !spelling.contains(' ') && spelling.len() >= LONG_FORM && spelling.is_ascii() {
                self.long_forms.push((squeezed.clone(), Form { class, place }));
            }
            for (end, c) in squeezed.char_indices() {
                self.form_starts.insert(hash(&squeezed[..end + c.len_utf8()]));
            }
            // A narrow reading of the same letters never hides a wide one.
            let known = self.forms.entry(squeezed).or_insert(Form { class, place });
            known.place = known.place.min(place);
        }
    }

    /// What the word can be.
    pub(super) fn kinds(&self, word: &str) -> WordKinds {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// Whether a legal form can begin with this word; now and then says yes for one that begins none.
    pub(crate) fn begins_form(&self, word: &str) -> bool {
        self.form_starts.contains(&hash(word))
    }

    /// The legal form of these letters.
    pub(super) fn form(&self, squeezed: &str) -> Option<Form> {
        self.forms.get(squeezed).copied()
    }

    /// The legal form of twelve letters or more that a word of nearly the same letters stands for.
    pub(super) fn misspelt_form(&self, word: &str) -> Option<Form> {
        if word.len() < LONG_FORM || !word.is_ascii() {
            return None;
        }
        let near = |(other, _): &&(String, Form)| {
            other.len().abs_diff(word.len()) <= 2
                && other.as_bytes()[0] == word.as_bytes()[0]
                && edits_within(word, other, 2).is_some()
        };
        self.long_forms.iter().find(near).map(|(_, form)| *form)
    }

    /// The value of a number word.
    pub(super) fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// Whether two words are forms of one given name, or one trade word in two languages.
    pub(super) fn share_a_group(&self, left: &str, right: &str) -> bool {
        let (Some(left), Some(right)) = (self.groups.get(left), self.groups.get(right)) else { return false };
        left.iter().any(|group| right.contains(group))
    }

    /// The groups of given names and of trade words that the word belongs to.
    pub(super) fn groups_of(&self, word: &str) -> &[u16] {
        self.groups.get(word).map_or(&[], Vec::as_slice)
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

fn hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
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
        assert!(tables.share_a_group("bill", "william") && tables.share_a_group("zavod", "plant"));
    }
}
