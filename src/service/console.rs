//! The console: pages over the same engine for people who look at findings in a browser.
//!
//! Routes ask, fill the models of the crate `console` and send its HTML. Who is signed in is known by a cookie, and every
//! form brings back a secret of its session. What a person types stands in the body of a request, never in an address; only
//! the ledger keeps it, where there is one.

pub mod accounts;
mod answer;
mod asset;
mod cases;
mod desk;
mod effectiveness;
mod entry;
mod form;
mod history;
mod lists;
mod policy;
mod provider;
mod publication;
mod quality;
mod route;
mod screen;
mod search;
mod sessions;
mod sign_in;
mod trial;
mod upload;
mod visit;
mod way;
mod webhooks;
mod words;

pub(super) use desk::Console;
pub use desk::{ConsoleError, check};
pub use provider::ProviderError;

use super::guard::failure::Failure;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;
use way::redirect;

/// The routes.
pub(super) fn routes(console: Arc<Console>) -> Router {
    Router::new()
        .route("/console", get(|| async { redirect("/console/search") }))
        .route("/console/", get(|| async { redirect("/console/search") }))
        .route("/console/assets/{name}", get(asset::asset))
        .route("/console/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/console/sign-in/provider", get(sign_in::away))
        .route("/console/sign-in/callback", get(sign_in::back))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/search", get(search::page).post(search::search))
        .route("/console/entries/{list}/{*id}", get(entry::page))
        .route("/console/history/{list}/{*id}", get(history::page))
        .route("/console/screen", get(screen::page).post(screen::screen))
        .route("/console/screen/file", post(upload::screen))
        .route("/console/cases", get(cases::queue).post(cases::find))
        .route("/console/cases/{id}", get(cases::page).post(cases::step))
        .route("/console/cases/{id}/files", post(cases::attach))
        .route("/console/cases/{id}/files/{digest}", get(cases::file))
        .route("/console/exceptions", get(cases::exceptions))
        .route("/console/lists", get(lists::page))
        .route("/console/lists/{id}", get(publication::page).post(publication::accept))
        .route("/console/lists/{id}/undo", post(publication::undo))
        .route("/console/quality", get(quality::page))
        .route("/console/effectiveness", get(effectiveness::page).post(effectiveness::measure))
        .route("/console/webhooks", get(webhooks::page).post(webhooks::revive))
        .route("/console/policy", get(policy::page))
        .route("/console/policy/trial", get(trial::page).post(trial::attempt))
        .method_not_allowed_fallback(|| async { Failure::VerbUnknown })
        .with_state(console)
}
