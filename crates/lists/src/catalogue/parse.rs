//! Reads the catalogue's file.

use super::format::Format;
use super::known::{Catalogue, KnownList, Publication, RemoteFile, Terms, Token};
use jiff::civil::Date;
use model::entry::{Effect, ListId};
use serde::Deserialize;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCatalogue {
    list: Vec<RawList>,
    publication: Vec<RawPublication>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawList {
    id: String,
    title: String,
    publisher: String,
    effect: String,
    #[serde(default)]
    csl: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    name: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPublication {
    id: String,
    title: String,
    publisher: String,
    page: String,
    format: String,
    files: Vec<RawFile>,
    hosts: Vec<String>,
    lists: Vec<String>,
    usual_hours: u32,
    fresh_hours: u32,
    #[serde(rename = "rows")]
    entries: (u32, u32),
    default: bool,
    closed: Option<Datetime>,
    terms: Option<String>,
    terms_url: Option<String>,
    terms_read: Option<Datetime>,
    token: Option<Token>,
    #[serde(default)]
    remark: String,
    seen: Vec<String>,
    read: Datetime,
}

/// What is wrong with the catalogue's file.
#[derive(Debug, thiserror::Error)]
pub(super) enum CatalogueError {
    /// It is not TOML, or a key is missing or unknown; the cause says on which line.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A value is invalid.
    #[error("`{id}`, field `{field}`: expected {expected}, found `{found}`")]
    Value { id: String, field: &'static str, expected: &'static str, found: String },
    /// The keys of the terms go together.
    #[error("`{id}`: expected all or none of `terms`, `terms_url` and `terms_read`")]
    Terms { id: String },
}

/// Reads the file `lists/sources.toml`.
///
/// # Errors
/// When it is not well-formed TOML, has an unknown key, or a value is invalid.
pub(super) fn parse(text: &str) -> Result<Catalogue, CatalogueError> {
    let raw: RawCatalogue = toml::from_str(text)?;
    let lists = raw.list.into_iter().map(known_list).collect::<Result<Vec<_>, _>>()?;
    let publications = raw.publication.into_iter().map(publication).collect::<Result<Vec<_>, _>>()?;
    Ok(Catalogue { lists, publications })
}

fn known_list(raw: RawList) -> Result<KnownList, CatalogueError> {
    let effect = Effect::parse(&raw.effect).ok_or_else(|| CatalogueError::Value {
        id: raw.id.clone(),
        field: "effect",
        expected: "an effect of the glossary",
        found: raw.effect.clone(),
    })?;
    Ok(KnownList { id: ListId::new(&raw.id), title: raw.title, publisher: raw.publisher, effect, csl: raw.csl })
}

fn publication(raw: RawPublication) -> Result<Publication, CatalogueError> {
    let value = |field, expected, found: String| CatalogueError::Value { id: raw.id.clone(), field, expected, found };
    let day = |field, day: &Datetime| date(day).ok_or_else(|| value(field, "a date", day.to_string()));
    let format = Format::from_word(&raw.format)
        .ok_or_else(|| value("format", "a format that can be read", raw.format.clone()))?;
    let terms = match (raw.terms, raw.terms_url, &raw.terms_read) {
        (Some(text), Some(url), Some(read)) => Some(Terms { text, url, read: day("terms_read", read)? }),
        (None, None, None) => None,
        _ => return Err(CatalogueError::Terms { id: raw.id }),
    };
    Ok(Publication {
        format,
        terms,
        closed: raw.closed.as_ref().map(|d| day("closed", d)).transpose()?,
        read: day("read", &raw.read)?,
        files: raw.files.into_iter().map(|f| RemoteFile { name: f.name, url: f.url }).collect(),
        lists: raw.lists.iter().map(|id| ListId::new(id)).collect(),
        entries: raw.entries.0..=raw.entries.1,
        id: raw.id,
        title: raw.title,
        publisher: raw.publisher,
        page: raw.page,
        hosts: raw.hosts,
        usual_hours: raw.usual_hours,
        fresh_hours: raw.fresh_hours,
        is_default: raw.default,
        token: raw.token,
        remark: raw.remark,
        seen: raw.seen,
    })
}

fn date(value: &Datetime) -> Option<Date> {
    let day = value.date.filter(|_| value.time.is_none() && value.offset.is_none())?;
    Date::new(day.year.try_into().ok()?, day.month.try_into().ok()?, day.day.try_into().ok()?).ok()
}
