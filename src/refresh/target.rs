//! What is fetched, from where.

use super::download::{Place, place_of};
use super::error::Error;
use crate::config::Mirror;
use lists::{Format, Publication, RemoteFile};
use model::entry::ListId;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A publication to fetch.
#[derive(Clone, Debug)]
pub struct Target {
    /// Id of the publication, as the data directory keeps it.
    pub id: String,
    /// Its files.
    pub files: Vec<RemoteFile>,
    /// The only hosts that the download and its redirects may touch.
    pub hosts: Vec<String>,
    /// The format that its content must have; `None`: any known format.
    pub format: Option<Format>,
    /// Lists that it may contain; empty: any.
    pub lists: Vec<ListId>,
    /// How many entries a whole publication may have.
    pub entries: Option<RangeInclusive<u32>>,
    /// The environment variable with the token for the address, and how to get a token.
    pub token: Option<(String, String)>,
    /// Whether its address may be plain HTTP to another machine: the operator trusts the way to it.
    pub is_trusted: bool,
}

/// Why a publication cannot be fetched at all.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The address of a mirror is invalid.
    #[error("refresh.mirrors.{id}: invalid address `{url}`: {problem}")]
    Address {
        /// Publication.
        id: String,
        /// The address.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// The catalogue has no such publication.
    #[error("{at}unknown publication `{id}`; expected one of: {known}")]
    Unknown {
        /// Where it stands, and a colon; empty on the command line.
        at: &'static str,
        /// What was asked for.
        id: String,
        /// What there is.
        known: String,
    },
}

impl Target {
    /// A publication of the catalogue, from the publisher's address or from a mirror.
    ///
    /// # Errors
    /// When the mirror's address is invalid or plain HTTP to another machine that is not said to be trusted, or the
    /// publication has several files, which one address cannot give.
    pub fn of(publication: &Publication, mirror: Option<&Mirror>) -> Result<Self, TargetError> {
        let mut target = Self {
            id: publication.id.clone(),
            files: publication.files.clone(),
            hosts: publication.hosts.clone(),
            format: Some(publication.format),
            lists: publication.lists.clone(),
            entries: Some(publication.entries.clone()),
            token: publication.token.as_ref().map(|t| (t.env.clone(), t.how.clone())),
            is_trusted: false,
        };
        if let Some(Mirror { url, trusted }) = mirror {
            let wrong = |problem: String| TargetError::Address { id: target.id.clone(), url: url.clone(), problem };
            let [file] = &mut target.files[..] else {
                return Err(wrong(format!(
                    "the publication has {} files, and a mirror can give only one",
                    publication.files.len()
                )));
            };
            let Place { host, is_safe } = place_of(url).map_err(wrong)?;
            if !is_safe && !trusted {
                return Err(wrong(
                    "expected https, or http on this machine; if nobody on the way to it can change the list, write \
                     { url = \"...\", trusted = true }"
                        .to_owned(),
                ));
            }
            target.hosts = vec![host];
            target.is_trusted = *trusted;
            file.url.clone_from(url);
            if !url.contains("{token}") {
                target.token = None;
            }
        }
        Ok(target)
    }

    /// Publications of the catalogue by id; without ids, those it marks as default.
    ///
    /// # Errors
    /// When an id is unknown, that of a mirror included, or any mirror's address is invalid, chosen or not.
    pub fn choose(ids: &[String], mirrors: &BTreeMap<String, Mirror>) -> Result<Vec<Self>, TargetError> {
        let catalogue = lists::catalogue();
        let unknown = |at: &'static str, id: &str| {
            let known = catalogue.publications().iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
            TargetError::Unknown { at, id: id.to_owned(), known }
        };
        for (id, mirror) in mirrors {
            let publication = catalogue.publication(id).ok_or_else(|| unknown("refresh.mirrors: ", id))?;
            Self::of(publication, Some(mirror))?;
        }
        let chosen: Vec<&Publication> = if ids.is_empty() {
            catalogue.defaults().collect()
        } else {
            let find = |id: &String| catalogue.publication(id).ok_or_else(|| unknown("", id));
            ids.iter().map(find).collect::<Result<_, _>>()?
        };
        chosen.into_iter().map(|p| Self::of(p, mirrors.get(&p.id))).collect()
    }

    /// An address with the token that the publisher wants.
    ///
    /// # Errors
    /// When the environment has no token.
    pub(super) fn with_token(&self, url: &str) -> Result<String, Error> {
        let Some((variable, how)) = &self.token else { return Ok(url.to_owned()) };
        match std::env::var(variable) {
            Ok(token) if !token.is_empty() => Ok(url.replace("{token}", &token)),
            _ => Err(Error::NoToken { variable: variable.clone(), how: how.clone() }),
        }
    }
}
