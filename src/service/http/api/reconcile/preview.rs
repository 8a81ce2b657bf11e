//! An entry as a small page, which OpenRefine shows in a frame beside its name.

use super::entity::entity;
use super::escaped::escaped;
use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::web::{Web, reply};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::response::Response;
use engine::screen::Engine;
use model::entry::Entry;
use std::fmt::Write as _;
use std::sync::Arc;

/// No script, no style, nothing from elsewhere; any page may frame it.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'";

/// Answers with the page.
pub(super) async fn preview(
    State(web): State<Arc<Web>>,
    Extension(asked): Extension<Asked>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let page = entity(&web, &asked, id, page).await?;
    let mut response = reply::with_type("text/html; charset=utf-8", page);
    response.headers_mut().insert("content-security-policy", HeaderValue::from_static(POLICY));
    Ok(response)
}

/// The same page, for a person who follows the link of an entry.
pub(super) async fn view(web: State<Arc<Web>>, asked: Extension<Asked>, id: Path<String>) -> Result<Response, Failure> {
    preview(web, asked, id).await
}

fn page(engine: &Engine, entry: &Entry) -> String {
    let title = escaped(entry.primary_name());
    let list = escaped(engine.snapshot().title(&entry.list));
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>\
         <h1>{title}</h1><p>{list}: {}</p>",
        escaped(&entry.id)
    );
    let mut section = |heading: &str, values: Vec<String>| {
        if values.is_empty() {
            return;
        }
        let items: String = values.iter().take(8).map(|v| format!("<li>{}</li>", escaped(v))).collect();
        // Writing to a string cannot fail.
        let _ = write!(html, "<h2>{heading}</h2><ul>{items}</ul>");
    };
    section("Other names", entry.names.iter().skip(1).map(|n| n.text.clone()).collect());
    section("Addresses", entry.addresses.iter().map(|a| a.text.clone()).collect());
    section("Countries", entry.all_countries().map(|c| c.name().to_owned()).collect());
    section("Citations", entry.citations.clone());
    html.push_str("</body></html>");
    html
}
