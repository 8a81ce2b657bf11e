//! The catalogue `lists/sources.toml`: the lists that we know, what a listing means, and where publishers offer them.
//!
//! The file ships inside the binary and is checked by a test; it is parsed once.

use super::draft::Heading;
use super::format::Format;
use jiff::civil::Date;
use model::entry::{Effect, ListId};
use serde::Deserialize;
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use toml::value::Datetime;

const TEXT: &str = include_str!("../../../lists/sources.toml");

/// A published list that we know.
#[derive(Clone, Debug)]
pub struct KnownList {
    /// List id, for example `us-bis-el`.
    pub id: ListId,
    /// Title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// What a listing on it means; a row may say otherwise.
    pub effect: Effect,
    /// The code in the `source` column of the Consolidated Screening List; empty for lists that are not in it.
    pub csl: String,
}

/// One file of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteFile {
    /// Name to keep it under.
    pub name: String,
    /// Address; `{token}` stands where the token goes.
    pub url: String,
}

/// What the publisher says about using the file, as far as we have read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The publisher's words or their sense.
    pub text: String,
    /// Where they were read.
    pub url: String,
    /// When they were read.
    pub read: Date,
}

/// A token that the publisher asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Environment variable that gives it.
    pub env: String,
    /// How one comes by it.
    pub how: String,
}

/// A download in which a publisher offers one list or several.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Id, lower-case letters, digits and hyphens.
    pub id: String,
    /// Title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The publisher's page about it.
    pub page: String,
    /// What the files must be recognised as.
    pub format: Format,
    /// The files; several are read together.
    pub files: Vec<RemoteFile>,
    /// The only hosts that the download and its redirects may touch.
    pub hosts: Vec<String>,
    /// The lists that may stand in it.
    pub lists: Vec<ListId>,
    /// How often a new one comes out, in hours.
    pub usual_hours: u32,
    /// Hours without a successful check after which a copy is stale.
    pub fresh_hours: u32,
    /// Rows of a whole file; outside, something is wrong.
    pub rows: RangeInclusive<u32>,
    /// Whether it is fetched when nothing else is configured.
    pub is_default: bool,
    /// The day on which the publisher gave it up.
    pub closed: Option<Date>,
    /// The publisher's terms; `None` where we have not seen them.
    pub terms: Option<Terms>,
    /// The token it needs.
    pub token: Option<Token>,
    /// What else is to be known.
    pub remark: String,
    /// Where the addresses were found.
    pub seen: Vec<String>,
    /// When they were found.
    pub read: Date,
}

/// The lists and publications that we know.
#[derive(Debug)]
pub struct Catalogue {
    lists: Vec<KnownList>,
    publications: Vec<Publication>,
}

/// The catalogue that ships inside the binary.
///
/// # Panics
/// Never: a test reads the shipped file.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::parse(TEXT).expect("the shipped catalogue is well formed"))
}

impl Catalogue {
    /// Every list, in the order of the file.
    pub fn lists(&self) -> &[KnownList] {
        &self.lists
    }

    /// Every publication, in the order of the file.
    pub fn publications(&self) -> &[Publication] {
        &self.publications
    }

    /// The publications that are fetched when nothing else is configured.
    pub fn defaults(&self) -> impl Iterator<Item = &Publication> {
        self.publications.iter().filter(|p| p.is_default)
    }

    /// The publication with this id.
    pub fn publication(&self, id: &str) -> Option<&Publication> {
        self.publications.iter().find(|p| p.id == id)
    }

    /// The list with this id.
    pub fn list(&self, id: &str) -> Option<&KnownList> {
        self.lists.iter().find(|l| l.id.as_str() == id)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let raw: RawCatalogue = toml::from_str(text).map_err(|e| e.to_string())?;
        let lists = raw.list.into_iter().map(KnownList::check).collect::<Result<Vec<_>, _>>()?;
        let publications = raw.publication.into_iter().map(Publication::check).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { lists, publications })
    }
}

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
    rows: (u32, u32),
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

impl KnownList {
    fn check(raw: RawList) -> Result<Self, String> {
        let effect = Effect::ALL.into_iter().find(|e| e.as_str() == raw.effect);
        let effect = effect.ok_or_else(|| format!("list `{}`: unknown effect `{}`", raw.id, raw.effect))?;
        Ok(Self { id: ListId::new(&raw.id), title: raw.title, publisher: raw.publisher, effect, csl: raw.csl })
    }
}

impl Publication {
    fn check(raw: RawPublication) -> Result<Self, String> {
        let wrong = |problem: String| format!("publication `{}`: {problem}", raw.id);
        let format = Format::from_word(&raw.format).ok_or_else(|| wrong(format!("unknown format `{}`", raw.format)))?;
        let terms = match (raw.terms, raw.terms_url, &raw.terms_read) {
            (Some(text), Some(url), Some(read)) => {
                Some(Terms { text, url, read: date(read).ok_or_else(|| wrong("`terms_read` is no date".into()))? })
            }
            (None, None, None) => None,
            _ => return Err(wrong("terms need `terms`, `terms_url` and `terms_read`".into())),
        };
        let closed = raw.closed.as_ref().map(|d| date(d).ok_or_else(|| wrong("`closed` is no date".into())));
        Ok(Self {
            format,
            terms,
            closed: closed.transpose()?,
            read: date(&raw.read).ok_or_else(|| wrong("`read` is no date".into()))?,
            files: raw.files.into_iter().map(|f| RemoteFile { name: f.name, url: f.url }).collect(),
            lists: raw.lists.iter().map(|id| ListId::new(id)).collect(),
            rows: raw.rows.0..=raw.rows.1,
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
}

fn date(value: &Datetime) -> Option<Date> {
    let day = value.date.filter(|_| value.time.is_none() && value.offset.is_none())?;
    Date::new(day.year.try_into().ok()?, day.month.try_into().ok()?, day.day.try_into().ok()?).ok()
}

/// What a listing on this list means; a list that the catalogue does not know is looked at, never passed over.
pub(super) fn effect(id: &str) -> Effect {
    catalogue().list(id).map_or(Effect::Blocking, |l| l.effect)
}

/// The list that a `source` text of the Consolidated Screening List names, as in
/// `Entity List (EL) - Bureau of Industry and Security`.
pub(super) fn by_source(source: &str) -> Option<&'static KnownList> {
    let code = source.split_once('(')?.1.split_once(')')?.0;
    // The menu-based list alone writes "(NS-MBS List)".
    let code = code.trim().trim_start_matches("NS-").trim_end_matches(" List");
    catalogue().lists.iter().find(|k| !k.csl.is_empty() && k.csl == code)
}

/// The codes of the `source` column, for a message.
pub(super) fn codes() -> String {
    let codes = catalogue().lists.iter().map(|k| k.csl.as_str()).filter(|c| !c.is_empty());
    codes.collect::<Vec<_>>().join(", ")
}

/// Title and publisher of a list; its id for both where we do not know it.
pub(super) fn heading(id: &ListId) -> Heading {
    match catalogue().list(id.as_str()) {
        Some(known) => Heading { title: known.title.clone(), publisher: known.publisher.clone() },
        None => Heading { title: id.to_string(), publisher: String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_catalogue_holds_together() {
        let catalogue = Catalogue::parse(TEXT).unwrap();
        let plain =
            |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        for (at, list) in catalogue.lists.iter().enumerate() {
            assert!(plain(list.id.as_str()) && !list.title.is_empty() && !list.publisher.is_empty(), "{list:?}");
            let others = &catalogue.lists[..at];
            assert!(others.iter().all(|o| o.id != list.id && (list.csl.is_empty() || o.csl != list.csl)), "{list:?}");
        }
        for (at, publication) in catalogue.publications.iter().enumerate() {
            let p = publication;
            assert!(plain(&p.id) && catalogue.publications[..at].iter().all(|o| o.id != p.id), "{p:?}");
            assert!(!p.files.is_empty() && !p.seen.is_empty() && !p.page.is_empty() && !p.lists.is_empty(), "{p:?}");
            assert!(p.lists.iter().all(|id| catalogue.list(id.as_str()).is_some()), "{p:?}");
            for file in &p.files {
                let host = file.url.strip_prefix("https://").and_then(|r| r.split('/').next()).expect("https only");
                assert!(p.hosts.iter().any(|h| h == host), "{host} is not among the hosts of {}", p.id);
                assert_eq!(file.url.contains("{token}"), p.token.is_some(), "{}", p.id);
                assert!(!file.name.contains(['/', '\\']) && !file.name.is_empty(), "{}", p.id);
            }
            assert!(p.hosts.iter().all(|h| !h.contains([':', '/', '*'])), "{p:?}");
            assert!(!p.rows.is_empty() && *p.rows.start() > 0, "{p:?}");
            assert!(p.usual_hours > 0 && p.fresh_hours > p.usual_hours, "{p:?}");
            assert!(p.closed.is_none() || !p.is_default, "a closed list is not fetched: {p:?}");
        }
        assert!(catalogue.defaults().count() >= 5);
    }

    #[test]
    fn a_list_is_known_by_the_code_of_the_screening_list() {
        let id = |text| by_source(text).map(|l| l.id.as_str());
        assert_eq!(id("Entity List (EL) - Bureau of Industry and Security"), Some("us-bis-el"));
        assert_eq!(id("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department"), Some("us-ofac-mbs"));
        assert_eq!(id("Some List (XX) - Somebody"), None);
        assert_eq!(effect("no-such-list"), Effect::Blocking);
    }
}
