//! What the service is, as OpenRefine asks first.

use crate::service::web::Web;
use crate::service::web::listed::Schema;
use crate::service::web::query::Query;
use axum::http::{HeaderMap, Uri, header};
use serde_json::{Value, json};

/// Where ids and schemata are described: that of schemata is the model's own.
const IDENTIFIERS: &str = "urn:tidewaiter:entry";
const SCHEMATA: &str = "https://followthemoney.tech/explorer/schemata/";

/// Types that OpenRefine offers first.
const TYPES: [Schema; 6] =
    [Schema::LegalEntity, Schema::Organization, Schema::Company, Schema::Person, Schema::Vessel, Schema::Airplane];

/// A type as the interface writes it.
pub(super) fn type_of(schema: Schema) -> Value {
    json!({ "id": schema.name(), "name": schema.label() })
}

/// The manifest. Its addresses lead back to where the caller asked; a key in the address is passed on, because OpenRefine
/// can send it nowhere else.
pub(super) fn manifest(web: &Web, uri: &Uri, headers: &HeaderMap) -> Value {
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    let host = host.or_else(|| uri.authority().map(|a| a.as_str())).unwrap_or("localhost");
    let scheme = if web.is_secure { "https" } else { "http" };
    let at = format!("{scheme}://{host}");
    let key = Query::of_appended(uri).get("api_key").map(|key| {
        let encoded: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
        format!("?api_key={encoded}")
    });
    let key = key.unwrap_or_default();
    let path = |path: &str| json!({ "service_url": at, "service_path": format!("{path}{key}") });
    // What is shown beside a suggestion; `${id}` is filled in by OpenRefine.
    let more = key.replacen('?', "&", 1);
    let suggest = |what: &str| {
        let mut suggest = path(&format!("/reconcile/suggest/{what}"));
        suggest["flyout_service_url"] = at.clone().into();
        suggest["flyout_service_path"] = format!("/reconcile/flyout/{what}?id=${{id}}{more}").into();
        suggest
    };
    json!({
        "versions": ["0.2"],
        "name": "Tidewaiter: lists in force",
        "identifierSpace": IDENTIFIERS,
        "schemaSpace": SCHEMATA,
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "defaultTypes": TYPES.map(type_of),
        "view": { "url": format!("{at}/reconcile/view/{{{{id}}}}{key}") },
        "preview": { "url": format!("{at}/reconcile/preview/{{{{id}}}}{key}"), "width": 430, "height": 300 },
        "suggest": {
            "entity": suggest("entity"),
            "property": suggest("property"),
            "type": suggest("type"),
        },
        "extend": {
            "propose_properties": path("/reconcile/properties"),
            "property_settings": [{
                "name": "limit", "label": "Limit", "type": "number", "default": 0,
                "help_text": "Values of a row at most; 0 for all.",
            }],
        },
    })
}
