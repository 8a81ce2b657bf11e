//! What is fetched, from where.

use super::download::host_of;
use super::error::Error;
use lists::{Format, Publication, RemoteFile};
use model::entry::ListId;
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
}

/// Why a publication cannot be fetched at all.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The address of a mirror is invalid.
    #[error("refresh.mirrors: {id}: invalid address `{url}`: {problem}")]
    Address {
        /// Publication.
        id: String,
        /// The address.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// The catalogue has no such publication.
    #[error("unknown publication `{id}`; expected one of: {known}")]
    Unknown {
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
    /// When the mirror's address is invalid, or the publication has several files, which one address cannot give.
    pub fn of(publication: &Publication, mirror: Option<&str>) -> Result<Self, TargetError> {
        let mut target = Self {
            id: publication.id.clone(),
            files: publication.files.clone(),
            hosts: publication.hosts.clone(),
            format: Some(publication.format),
            lists: publication.lists.clone(),
            entries: Some(publication.entries.clone()),
            token: publication.token.as_ref().map(|t| (t.env.clone(), t.how.clone())),
        };
        if let Some(url) = mirror {
            let wrong = |problem: String| TargetError::Address { id: target.id.clone(), url: url.to_owned(), problem };
            let [file] = &mut target.files[..] else {
                return Err(wrong(format!(
                    "the publication has {} files, and a mirror can give only one",
                    publication.files.len()
                )));
            };
            target.hosts = vec![host_of(url).map_err(wrong)?];
            file.url = url.to_owned();
            if !url.contains("{token}") {
                target.token = None;
            }
        }
        Ok(target)
    }

    /// Publications of the catalogue by id; without ids, those it marks as default.
    ///
    /// # Errors
    /// When an id is unknown or a mirror's address is invalid.
    pub fn choose(ids: &[String], mirror: impl Fn(&str) -> Option<String>) -> Result<Vec<Self>, TargetError> {
        let catalogue = lists::catalogue();
        let known = || catalogue.publications().iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
        let chosen: Vec<&Publication> = if ids.is_empty() {
            catalogue.defaults().collect()
        } else {
            let find = |id: &String| {
                catalogue.publication(id).ok_or_else(|| TargetError::Unknown { id: id.clone(), known: known() })
            };
            ids.iter().map(find).collect::<Result<_, _>>()?
        };
        chosen.into_iter().map(|p| Self::of(p, mirror(&p.id).as_deref())).collect()
    }

    /// Checks the addresses of mirrors, fetched from or not: a mistake in one that is not in use yet shows on the day it is
    /// needed.
    ///
    /// # Errors
    /// When a publication is unknown or an address is invalid.
    pub fn check_mirrors<'m>(mirrors: impl IntoIterator<Item = (&'m String, &'m String)>) -> Result<(), TargetError> {
        for (id, url) in mirrors {
            Self::choose(std::slice::from_ref(id), |_| Some(url.clone()))?;
        }
        Ok(())
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
