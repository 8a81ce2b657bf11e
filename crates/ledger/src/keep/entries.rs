//! Entries as bytes, field by field, so that the same entries come back.

use jiff::civil::Date;
use model::country::Country;
use model::entry::{
    Address, Details, Effect, Entry, EntryKind, Identifier, IdentifierType, ListId, Name, NameKind, Relation,
    RelationKind,
};
use prost::Message;

/// The entries of one list.
#[derive(Clone, PartialEq, Message)]
pub(super) struct KeptEntries {
    #[prost(message, repeated, tag = "1")]
    entries: Vec<KeptEntry>,
}

#[derive(Clone, PartialEq, Message)]
struct KeptEntry {
    #[prost(string, tag = "1")]
    id: String,
    #[prost(string, tag = "2")]
    kind: String,
    #[prost(string, tag = "3")]
    effect: String,
    #[prost(message, repeated, tag = "4")]
    names: Vec<KeptName>,
    #[prost(message, repeated, tag = "5")]
    identifiers: Vec<KeptIdentifier>,
    #[prost(message, repeated, tag = "6")]
    addresses: Vec<KeptAddress>,
    #[prost(string, repeated, tag = "7")]
    countries: Vec<String>,
    #[prost(message, repeated, tag = "8")]
    relations: Vec<KeptRelation>,
    #[prost(string, repeated, tag = "9")]
    programmes: Vec<String>,
    #[prost(string, repeated, tag = "10")]
    citations: Vec<String>,
    #[prost(string, optional, tag = "11")]
    licence_requirement: Option<String>,
    #[prost(string, optional, tag = "12")]
    licence_policy: Option<String>,
    #[prost(string, optional, tag = "13")]
    effective: Option<String>,
    #[prost(string, optional, tag = "14")]
    published: Option<String>,
    #[prost(string, optional, tag = "15")]
    ends: Option<String>,
    #[prost(string, repeated, tag = "16")]
    births: Vec<String>,
    #[prost(string, tag = "17")]
    remarks: String,
    #[prost(string, tag = "18")]
    source_url: String,
    #[prost(string, optional, tag = "19")]
    read_on: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
struct KeptName {
    #[prost(string, tag = "1")]
    text: String,
    #[prost(string, tag = "2")]
    kind: String,
    #[prost(bool, tag = "3")]
    weak: bool,
}

#[derive(Clone, PartialEq, Message)]
struct KeptIdentifier {
    #[prost(string, tag = "1")]
    kind: String,
    #[prost(string, tag = "2")]
    value: String,
    #[prost(string, tag = "3")]
    country: String,
}

#[derive(Clone, PartialEq, Message)]
struct KeptAddress {
    #[prost(string, tag = "1")]
    text: String,
    #[prost(string, tag = "2")]
    country: String,
}

#[derive(Clone, PartialEq, Message)]
struct KeptRelation {
    #[prost(string, tag = "1")]
    kind: String,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(string, optional, tag = "3")]
    id: Option<String>,
    #[prost(uint32, optional, tag = "4")]
    share: Option<u32>,
}

/// A word of a kept entry that this version does not know.
#[derive(Debug, thiserror::Error)]
#[error("unknown {what} `{word}`")]
pub(super) struct Unknown {
    what: &'static str,
    word: String,
}

impl KeptEntries {
    /// Of these entries, which are of one list.
    pub(super) fn of(entries: &[Entry]) -> Self {
        Self { entries: entries.iter().map(KeptEntry::of).collect() }
    }

    /// The entries again.
    pub(super) fn entries(self, list: &ListId) -> Result<Vec<Entry>, Unknown> {
        self.entries.into_iter().map(|entry| entry.entry(list)).collect()
    }
}

impl KeptEntry {
    fn of(entry: &Entry) -> Self {
        // Named one by one, so that a new field cannot be forgotten.
        let Entry { list: _, id, kind, effect, names, details: _ } = entry;
        let Details {
            identifiers,
            addresses,
            countries,
            relations,
            programmes,
            citations,
            licence_requirement,
            licence_policy,
            effective,
            published,
            ends,
            births,
            remarks,
            source_url,
            read_on,
        } = &**entry;
        let day = |date: &Option<Date>| date.map(|d| d.to_string());
        let name = |n: &Name| KeptName { text: n.text.clone(), kind: n.kind.as_str().to_owned(), weak: n.weak };
        let identifier = |i: &Identifier| KeptIdentifier {
            kind: i.kind.as_str().to_owned(),
            value: i.value.clone(),
            country: code(i.country),
        };
        let relation = |r: &Relation| KeptRelation {
            kind: r.kind.as_str().to_owned(),
            name: r.name.clone(),
            id: r.id.clone(),
            share: r.share.map(u32::from),
        };
        Self {
            id: id.clone(),
            kind: kind.as_str().to_owned(),
            effect: effect.as_str().to_owned(),
            names: names.iter().map(name).collect(),
            identifiers: identifiers.iter().map(identifier).collect(),
            addresses: addresses
                .iter()
                .map(|a| KeptAddress { text: a.text.clone(), country: code(a.country) })
                .collect(),
            countries: countries.iter().map(|c| c.code().to_owned()).collect(),
            relations: relations.iter().map(relation).collect(),
            programmes: programmes.clone(),
            citations: citations.clone(),
            licence_requirement: licence_requirement.clone(),
            licence_policy: licence_policy.clone(),
            effective: day(effective),
            published: day(published),
            ends: day(ends),
            births: births.clone(),
            remarks: remarks.clone(),
            source_url: source_url.clone(),
            read_on: day(read_on),
        }
    }

    fn entry(self, list: &ListId) -> Result<Entry, Unknown> {
        let names = |n: KeptName| {
            let kind = word("kind of name", &NameKind::ALL, NameKind::as_str, &n.kind)?;
            Ok(Name { text: n.text, kind, weak: n.weak })
        };
        let identifier = |i: KeptIdentifier| {
            let kind = word("kind of number", &IdentifierType::ALL, IdentifierType::as_str, &i.kind)?;
            Ok(Identifier { kind, value: i.value, country: country(&i.country)? })
        };
        let relation = |r: KeptRelation| {
            let kind = word("relation", &RelationKind::ALL, RelationKind::as_str, &r.kind)?;
            let share = r.share.map(|s| u16::try_from(s).map_err(|_| unknown("share", &s.to_string()))).transpose()?;
            Ok(Relation { kind, name: r.name, id: r.id, share })
        };
        let countries = |code: String| Country::from_code(&code).ok_or_else(|| unknown("country", &code));
        let kind = word("kind of entry", &EntryKind::ALL, EntryKind::as_str, &self.kind)?;
        let effect = word("effect", &Effect::ALL, Effect::as_str, &self.effect)?;
        let mut entry = Entry::new(list.clone(), self.id, kind, effect);
        entry.names = self.names.into_iter().map(names).collect::<Result<_, _>>()?;
        *entry = Details {
            identifiers: self.identifiers.into_iter().map(identifier).collect::<Result<_, _>>()?,
            addresses: self
                .addresses
                .into_iter()
                .map(|a| Ok(Address { text: a.text, country: country(&a.country)? }))
                .collect::<Result<_, _>>()?,
            countries: self.countries.into_iter().map(countries).collect::<Result<_, _>>()?,
            relations: self.relations.into_iter().map(relation).collect::<Result<_, _>>()?,
            programmes: self.programmes,
            citations: self.citations,
            licence_requirement: self.licence_requirement,
            licence_policy: self.licence_policy,
            effective: date(self.effective)?,
            published: date(self.published)?,
            ends: date(self.ends)?,
            births: self.births,
            remarks: self.remarks,
            source_url: self.source_url,
            read_on: date(self.read_on)?,
        };
        // None where all of them are as in an entry that has none.
        entry.shrink();
        Ok(entry)
    }
}

fn unknown(what: &'static str, word: &str) -> Unknown {
    Unknown { what, word: word.to_owned() }
}

/// The value that a word stands for.
fn word<T: Copy>(what: &'static str, all: &[T], as_str: fn(T) -> &'static str, word: &str) -> Result<T, Unknown> {
    all.iter().copied().find(|v| as_str(*v) == word).ok_or_else(|| unknown(what, word))
}

fn code(country: Option<Country>) -> String {
    country.map_or_else(String::new, |c| c.code().to_owned())
}

fn country(code: &str) -> Result<Option<Country>, Unknown> {
    if code.is_empty() {
        return Ok(None);
    }
    Country::from_code(code).map(Some).ok_or_else(|| unknown("country", code))
}

fn date(text: Option<String>) -> Result<Option<Date>, Unknown> {
    text.map(|t| t.parse().map_err(|_| unknown("date", &t))).transpose()
}
