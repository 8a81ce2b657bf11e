//! The keys of the file.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CuratedFile {
    pub(super) list: CuratedList,
    #[serde(default)]
    pub(super) lists: Vec<CuratedHeading>,
    #[serde(default)]
    pub(super) entry: Vec<Spanned<CuratedEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CuratedList {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) publisher: String,
    pub(super) read: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CuratedHeading {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) publisher: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CuratedEntry {
    pub(super) list: Option<Spanned<String>>,
    pub(super) id: Spanned<String>,
    pub(super) kind: Option<Spanned<String>>,
    pub(super) effect: Spanned<String>,
    pub(super) name: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) weak_aliases: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) former: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) acronyms: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) identifiers: Vec<CuratedIdentifier>,
    #[serde(default)]
    pub(super) addresses: Vec<CuratedAddress>,
    #[serde(default)]
    pub(super) countries: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) relations: Vec<CuratedRelation>,
    #[serde(default)]
    pub(super) programmes: Vec<String>,
    #[serde(default)]
    pub(super) citations: Vec<String>,
    pub(super) licence_requirement: Option<String>,
    pub(super) licence_policy: Option<String>,
    pub(super) effective: Option<Spanned<Datetime>>,
    pub(super) published: Option<Spanned<Datetime>>,
    pub(super) ends: Option<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) births: Vec<String>,
    #[serde(default)]
    pub(super) remarks: String,
    #[serde(default)]
    pub(super) source_url: String,
    pub(super) read: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CuratedIdentifier {
    pub(super) r#type: Spanned<String>,
    pub(super) value: Spanned<String>,
    pub(super) country: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CuratedRelation {
    pub(super) kind: Spanned<String>,
    pub(super) name: Spanned<String>,
    pub(super) id: Option<String>,
    pub(super) share: Option<Spanned<u16>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CuratedAddress {
    #[serde(default)]
    pub(super) text: String,
    pub(super) country: Option<Spanned<String>>,
}
