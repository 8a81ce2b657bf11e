//! The query of an address, and bodies of forms: names with values, in order.

use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use std::str::FromStr;

/// Names with values, decoded, in the order given.
#[derive(Clone, Debug, Default)]
pub(in crate::service) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what follows the `?`, or the body of a form.
    pub(in crate::service) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// Of pairs that stand for themselves.
    #[cfg(feature = "console")]
    pub(in crate::service) fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Of an address.
    pub(in crate::service) fn of(uri: &axum::http::Uri) -> Self {
        Self::parse(uri.query().unwrap_or_default().as_bytes())
    }

    /// Of an address to which somebody has added a query though it had one: OpenRefine does, where the address has a key in it.
    pub(in crate::service) fn of_appended(uri: &axum::http::Uri) -> Self {
        Self::parse(uri.query().unwrap_or_default().replace('?', "&").as_bytes())
    }

    /// The first value of a name.
    pub(in crate::service) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The first value of a name, or an empty text.
    pub(in crate::service) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// Every value of a name.
    pub(in crate::service) fn all<'q>(&'q self, name: &str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Every name, as often as it is given.
    pub(in crate::service) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A number or other value that is read; `None` when it is not given or empty.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(in crate::service) fn parsed<T: FromStr>(&self, name: &str, expected: &str) -> Result<Option<T>, Failure> {
        let Some(text) = self.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        let fault = || Failure::field(REQUEST_INVALID, name, format!("invalid value; expected {expected}"));
        text.parse().map(Some).map_err(|_| fault())
    }

    /// A flag: `true` or `1`; false when it is not given.
    ///
    /// # Errors
    /// When it is something else.
    pub(in crate::service) fn flag(&self, name: &str) -> Result<bool, Failure> {
        match self.text(name) {
            "" | "false" | "0" => Ok(false),
            "true" | "1" => Ok(true),
            _ => Err(Failure::field(REQUEST_INVALID, name, "invalid value; expected true or false".to_owned())),
        }
    }
}
