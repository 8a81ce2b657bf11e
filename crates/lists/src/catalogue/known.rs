//! What the catalogue says about lists and publications.

use super::format::Format;
use jiff::civil::Date;
use model::entry::{Effect, ListId};
use serde::Deserialize;
use std::ops::RangeInclusive;

/// A published list that we know.
#[derive(Clone, Debug)]
pub struct KnownList {
    /// List id, for example `us-bis-el`.
    pub id: ListId,
    /// Title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// What a listing on it means; an entry may say otherwise.
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
    /// Entries of a whole file; with fewer or more, something is wrong.
    pub entries: RangeInclusive<u32>,
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
    pub(super) lists: Vec<KnownList>,
    pub(super) publications: Vec<Publication>,
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
}
