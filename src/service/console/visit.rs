//! A request to a page, in the one form in which handlers take it: who is signed in, and what was asked.

use super::desk::Console;
use super::sessions::Session;
use crate::service::admission::Asked;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::web::query::Query;
use ::console::{Shell, Tab};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

/// A request by somebody who is signed in.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) console: Arc<Console>,
    pub(super) session: Arc<Session>,
    pub(super) asked: Asked,
    /// What follows the `?`.
    pub(super) query: Query,
    /// Whether the script asks, which needs only the part of the page that changes.
    pub(super) is_part: bool,
}

impl FromRequestParts<Arc<Console>> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Failure> {
        // The gate puts it there.
        let asked = parts.extensions.get::<Asked>().cloned().ok_or(Failure::Panicked)?;
        Ok(Self {
            console: Arc::clone(console),
            session: console.session(&parts.headers)?,
            asked,
            query: Query::of(&parts.uri),
            is_part: parts.headers.contains_key("hx-request"),
        })
    }
}

impl Visit {
    /// Who takes steps: the account that is signed in.
    pub(super) fn person(&self) -> &str {
        self.session.caller.name()
    }

    /// Whether the role has a scope.
    pub(super) fn may(&self, scope: Scope) -> bool {
        self.session.caller.may(scope)
    }

    /// Refuses whoever lacks a scope.
    ///
    /// # Errors
    /// When the role does not have it.
    pub(super) fn needs(&self, scope: Scope) -> Result<(), Failure> {
        if self.may(scope) { Ok(()) } else { Err(Failure::ScopeMissing(scope.as_str())) }
    }

    /// What stands around the page.
    pub(super) fn shell(&self, tab: Tab) -> Shell {
        self.console.shell(&self.session, tab)
    }
}
