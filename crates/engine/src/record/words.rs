//! The words of `lists/cues.toml`, the countries and the cities, in one automaton.

use super::Relation;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use model::country::Country;
use model::entry::{IdentifierType, Scheme};
use model::shipment::Role;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::OnceLock;
use text::{Folded, Reading};

const TEXT: &str = include_str!("../../../../lists/cues.toml");

/// From this many letters on a word may be spaced otherwise than the table has it.
const LONG: usize = 6;

/// What a word or phrase of the table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// Joins the name behind it.
    Relation(Relation),
    /// Makes a branch of what stands before it.
    Branch,
    /// A phone number follows.
    Phone,
    /// An address of electronic mail or a web page follows.
    Net,
    /// A number of this kind follows.
    Label(Label),
    /// Stands between a label and its number.
    Filler,
    /// Stands before the name of a street.
    Street,
    /// Stands behind the name of a street.
    StreetBehind,
    /// Stands beside a number.
    Unit,
    /// A kind of place.
    Area,
    /// A post box.
    Box,
    /// A country.
    Country(Country),
    /// A city or province.
    City,
    /// Part of the name of an organisation.
    Organisation,
    /// Stands before a name and is no part of it.
    Prefix,
    /// Stands before an address and is no part of it.
    AddressPrefix,
    /// Neither name nor address.
    Note,
    /// Opens a party in running text.
    Role(Role),
}

/// What the label of a number promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) kind: IdentifierType,
    /// The rule that the number follows, where the label names one.
    pub(super) scheme: Option<Scheme>,
}

impl Cue {
    /// Whether it names a place.
    pub(super) fn is_place(self) -> bool {
        matches!(self, Self::Country(_) | Self::City)
    }
}

/// Where a cue is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Within {
    #[default]
    Anywhere,
    Brackets,
    Short,
    Colon,
    /// At the start of a line and before a colon.
    Line,
}

/// A cue as it stands in the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) cue: Cue,
    pub(super) within: Within,
    /// Tokens of the phrase as written; any number will do for long ones.
    pub(super) tokens: u8,
    /// A stroke stands in it and must stand in the text.
    pub(super) has_stroke: bool,
    /// It is an abbreviation whose full stops must stand in the text, because its letters alone mean something else.
    pub(super) has_dots: bool,
}

/// The table, compiled.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) automaton: AhoCorasick,
    /// The words and phrases that open a party in running text, alone.
    roles: AhoCorasick,
    /// By pattern of the automaton.
    pub(super) entries: Vec<Vec<Entry>>,
    /// Labels by their letters, for numbers glued to them.
    pub(super) labels: FxHashMap<String, Label>,
    /// UN/EDIFACT party qualifiers.
    pub(super) qualifiers: FxHashMap<String, Role>,
    /// Ends of words that name streets.
    pub(super) endings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: String,
    relation: Vec<RelationRow>,
    branch: Vec<Row>,
    contact: Vec<ContactRow>,
    identifier: Vec<IdentifierRow>,
    filler: Vec<Row>,
    address: Vec<AddressRow>,
    country: Vec<CountryRow>,
    city: Vec<Row>,
    organisation: Vec<Row>,
    prefix: Vec<PrefixRow>,
    note: Vec<Row>,
    role: Vec<RoleRow>,
    edifact: Vec<EdifactRow>,
}

/// Declares a row of the table: keys of its own, and its language, source and words.
macro_rules! row {
    ($name:ident { $($(#[$of:meta])* $field:ident: $kind:ty),* }) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            $($(#[$of])* $field: $kind,)*
            #[serde(rename = "language")]
            _language: String,
            #[serde(rename = "source")]
            _source: String,
            words: Vec<String>,
        }
    };
}

row!(Row {});
row!(RelationRow {
    relation: String,
    #[serde(default)]
    within: Within
});
row!(ContactRow { kind: String });
row!(IdentifierRow {
    kind: String,
    scheme: Option<String>
});
row!(AddressRow { place: String });
row!(PrefixRow {
    #[serde(default)]
    address: bool,
    #[serde(default)]
    within: Within
});
row!(RoleRow {
    role: String,
    #[serde(default)]
    within: Within
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryRow {
    #[serde(rename = "language")]
    _language: String,
    #[serde(rename = "source")]
    _source: String,
    /// Code, then names.
    names: Vec<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EdifactRow {
    #[serde(rename = "source")]
    _source: String,
    roles: Vec<(String, String)>,
}

/// Why the table was refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("lists/cues.toml: {0}")]
    Syntax(#[from] toml::de::Error),
    #[error("lists/cues.toml: `{key}` of `{word}`: expected {expected}")]
    Value { key: &'static str, word: String, expected: &'static str },
    #[error("lists/cues.toml: the words do not fit into one automaton")]
    Automaton(#[from] aho_corasick::BuildError),
}

impl Words {
    /// The table that ships.
    pub(super) fn get() -> &'static Self {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| Self::read(TEXT).expect("the table that ships is read by a test"))
    }

    /// Whether a text has a word that may open a party.
    pub(super) fn has_role(&self, folded: &Folded) -> bool {
        let mut hits = self.roles.find_overlapping_iter(folded.squeezed());
        hits.any(|hit| folded.is_boundary(hit.start()) && folded.is_boundary(hit.end()))
    }

    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text)?;
        let mut draft = Draft::default();
        draft.relations(&file.relation)?;
        draft.contacts(&file.contact)?;
        draft.identifiers(&file.identifier)?;
        let endings = draft.addresses(&file.address)?;
        draft.countries(&file.country)?;
        for (rows, cue) in [
            (&file.branch, Cue::Branch),
            (&file.filler, Cue::Filler),
            (&file.city, Cue::City),
            (&file.organisation, Cue::Organisation),
            (&file.note, Cue::Note),
        ] {
            rows.iter().for_each(|row| draft.add(&row.words, cue, Within::Anywhere));
        }
        for row in &file.prefix {
            let cue = if row.address { Cue::AddressPrefix } else { Cue::Prefix };
            draft.add(&row.words, cue, row.within);
        }
        for row in &file.role {
            draft.add(&row.words, Cue::Role(role("role", &row.role)?), row.within);
        }
        let mut qualifiers = FxHashMap::default();
        for (code, word) in file.edifact.iter().flat_map(|row| &row.roles) {
            qualifiers.insert(code.clone(), role("roles", word)?);
        }
        draft.finish(qualifiers, endings)
    }
}

fn value(key: &'static str, word: &str, expected: &'static str) -> Error {
    Error::Value { key, word: word.to_owned(), expected }
}

fn role(key: &'static str, word: &str) -> Result<Role, Error> {
    Role::parse(word).ok_or_else(|| value(key, word, "a role"))
}

fn identifier(word: &str) -> Option<IdentifierType> {
    use IdentifierType as T;
    [
        T::Imo,
        T::Mmsi,
        T::Uscc,
        T::Inn,
        T::Ogrn,
        T::Lei,
        T::Tax,
        T::Registration,
        T::Passport,
        T::NationalId,
        T::Bic,
        T::Aircraft,
        T::Other,
    ]
    .into_iter()
    .find(|kind| kind.as_str() == word)
}

#[derive(Default)]
struct Draft {
    numbers: FxHashMap<String, usize>,
    patterns: Vec<String>,
    entries: Vec<Vec<Entry>>,
    labels: FxHashMap<String, Label>,
}

impl Draft {
    fn add(&mut self, words: &[impl AsRef<str>], cue: Cue, within: Within) {
        for word in words {
            let word = word.as_ref();
            let folded = Folded::of(word, Reading::Plain);
            let squeezed = folded.squeezed();
            if squeezed.is_empty() {
                continue;
            }
            let number = *self.numbers.entry(squeezed.to_owned()).or_insert_with(|| {
                self.patterns.push(squeezed.to_owned());
                self.entries.push(Vec::new());
                self.patterns.len() - 1
            });
            let has_stroke = word.contains('/');
            // "c.a." is one; "tel." is not.
            let has_dots = squeezed.chars().count() <= 3 && word.matches('.').count() >= 2;
            let tokens = if squeezed.chars().count() >= LONG && !has_stroke { 0 } else { folded.tokens().len() as u8 };
            let entry = Entry { cue, within, tokens, has_stroke, has_dots };
            let is_new = |e: &Entry| (e.cue, e.tokens, e.has_stroke, e.has_dots) != (cue, tokens, has_stroke, has_dots);
            if self.entries[number].iter().all(is_new) {
                self.entries[number].push(entry);
            }
            if let Cue::Label(label) = cue
                && folded.tokens().len() == 1
            {
                self.labels.entry(squeezed.to_owned()).or_insert(label);
            }
        }
    }

    fn relations(&mut self, rows: &[RelationRow]) -> Result<(), Error> {
        for row in rows {
            let relation = Relation::ALL.into_iter().find(|r| r.as_str() == row.relation);
            let relation =
                relation.ok_or_else(|| value("relation", &row.relation, "a relation, for example care_of"))?;
            self.add(&row.words, Cue::Relation(relation), row.within);
        }
        Ok(())
    }

    fn contacts(&mut self, rows: &[ContactRow]) -> Result<(), Error> {
        for row in rows {
            let cue = match row.kind.as_str() {
                "phone" | "fax" => Cue::Phone,
                "mail" | "web" => Cue::Net,
                other => return Err(value("kind", other, "phone, fax, mail or web")),
            };
            self.add(&row.words, cue, Within::Anywhere);
        }
        Ok(())
    }

    fn identifiers(&mut self, rows: &[IdentifierRow]) -> Result<(), Error> {
        for row in rows {
            let kind = identifier(&row.kind).ok_or_else(|| value("kind", &row.kind, "a type of identifier"))?;
            let named = |word: &String| {
                let known = Scheme::ALL.into_iter().find(|scheme| scheme.as_str() == word);
                known.ok_or_else(|| value("scheme", word, "a rule for numbers, for example cnpj"))
            };
            let scheme = row.scheme.as_ref().map(named).transpose()?;
            self.add(&row.words, Cue::Label(Label { kind, scheme }), Within::Anywhere);
        }
        Ok(())
    }

    /// Adds the words of addresses; the ends of words that name streets are returned.
    fn addresses(&mut self, rows: &[AddressRow]) -> Result<Vec<String>, Error> {
        let mut endings = Vec::new();
        for row in rows {
            let cue = match row.place.as_str() {
                "street_ending" => {
                    endings.extend(row.words.iter().map(|word| Folded::of(word, Reading::Plain).squeezed().to_owned()));
                    continue;
                }
                "street" => Cue::Street,
                "street_behind" => Cue::StreetBehind,
                "unit" => Cue::Unit,
                "area" => Cue::Area,
                "box" => Cue::Box,
                other => return Err(value("place", other, "street, street_behind, street_ending, unit, area or box")),
            };
            self.add(&row.words, cue, Within::Anywhere);
        }
        Ok(endings)
    }

    fn countries(&mut self, rows: &[CountryRow]) -> Result<(), Error> {
        for row in rows.iter().flat_map(|row| &row.names) {
            let (code, names) = row.split_first().ok_or_else(|| value("names", "", "a code and names"))?;
            let country = Country::from_code(code).ok_or_else(|| value("names", code, "a country code first"))?;
            self.add(names, Cue::Country(country), Within::Anywhere);
        }
        for (name, country) in Country::names_in_text() {
            self.add(&[name], Cue::Country(country), Within::Anywhere);
        }
        Ok(())
    }

    fn finish(self, qualifiers: FxHashMap<String, Role>, endings: Vec<String>) -> Result<Words, Error> {
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&self.patterns)?;
        let is_role = |entries: &[Entry]| entries.iter().any(|entry| matches!(entry.cue, Cue::Role(_)));
        let roles = self.patterns.iter().zip(&self.entries).filter(|(_, entries)| is_role(entries));
        // Every goods text is read by it: the fastest kind, which costs little memory for so few words.
        let roles = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(roles.map(|(pattern, _)| pattern))?;
        Ok(Words { automaton, roles, entries: self.entries, labels: self.labels, qualifiers, endings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_ships_is_whole() {
        let words = Words::read(TEXT).expect("the table parses");
        assert!(words.entries.len() > 2_000);
        let inn = Label { kind: IdentifierType::Inn, scheme: Some(Scheme::Inn) };
        assert_eq!(words.labels.get("inn"), Some(&inn));
        assert_eq!(words.qualifiers.get("CN"), Some(&Role::Consignee));
        let broken = TEXT.replacen("relation = \"care_of\"", "relation = \"cared_of\"", 1);
        let error = Words::read(&broken).expect_err("an unknown relation").to_string();
        assert!(error.contains("cared_of") && error.contains("care_of"), "{error}");
    }
}
