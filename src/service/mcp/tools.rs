//! The tools: what an assistant may ask, and how each is answered.

use super::words;
use crate::service::admission::Asked;
use crate::service::batch;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::{Failure, SHIPMENT_INVALID};
use crate::service::pool::{Ask, Lane};
use crate::service::questions;
use crate::service::recording::Recording;
use crate::service::shared::Shared;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use wire::v1;

/// What a tool answers: a text that stands for itself, and the same as data.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) data: Value,
}

/// One call of a tool.
#[derive(Debug)]
pub(super) enum Tool {
    Screen(Screen),
    Search(Search),
    Entry(Entry),
    Explain(Explain),
    Lists,
}

/// A whole shipment, or one party.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Screen {
    shipment: Option<Value>,
    name: String,
    address: String,
    country: String,
    role: String,
    goods: String,
}

/// A name to look for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    name: String,
    #[serde(default)]
    limit: u32,
}

/// An entry to read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    list: String,
    id: String,
}

/// Two names to compare.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Explain {
    name: String,
    listed: String,
    #[serde(default)]
    kind: String,
}

/// What a client is told of the tools.
pub(super) fn described() -> Value {
    serde_json::from_str(include_str!("tools.json")).expect("the file is JSON")
}

impl Tool {
    /// Reads a call; what is wrong with one that is none of ours.
    pub(super) fn read(params: &Value) -> Result<Self, String> {
        let name = params["name"].as_str().unwrap_or_default();
        let given = params.get("arguments").cloned().unwrap_or_else(|| json!({}));
        fn of<T: DeserializeOwned>(tool: &str, given: Value) -> Result<T, String> {
            serde_json::from_value(given).map_err(|e| format!("{tool}: {e}"))
        }
        Ok(match name {
            "screen" => Self::Screen(of(name, given)?),
            "search" => Self::Search(of(name, given)?),
            "entry" => Self::Entry(of(name, given)?),
            "explain" => Self::Explain(of(name, given)?),
            "lists" => Self::Lists,
            other => {
                return Err(format!(
                    "unknown tool `{}`; expected screen, search, entry, explain or lists",
                    words::plain(other)
                ));
            }
        })
    }

    /// Answers it, for a caller who has the scope.
    pub(super) async fn run(self, shared: &Arc<Shared>, asked: &Asked) -> Result<Said, Failure> {
        let needed: &[Scope] = match &self {
            Self::Screen(_) | Self::Explain(_) => &[Scope::Screen],
            Self::Search(_) | Self::Entry(_) => &[Scope::Lists],
            Self::Lists => &[Scope::Screen, Scope::Lists],
        };
        if !needed.iter().any(|&scope| asked.caller.may(scope)) {
            return Err(Failure::ScopeMissing(needed[0].as_str()));
        }
        match self {
            Self::Screen(call) => screen(shared, asked, call).await,
            Self::Search(Search { name, limit }) => {
                let results = questions::search(shared, asked, v1::SearchEntriesRequest { name, limit }).await?;
                let ages = ages(shared)?;
                let text = words::results(&results, &ages);
                Ok(said(text, json!(v1::SearchEntriesResponse { results }), &ages))
            }
            Self::Entry(Entry { list, id }) => {
                let entry = questions::entry(shared, asked, v1::GetEntryRequest { list, id }).await?;
                let ages = ages(shared)?;
                let text = words::entry(&entry, &ages);
                Ok(said(text, json!(v1::GetEntryResponse { entry: Some(entry) }), &ages))
            }
            Self::Explain(Explain { name, listed, kind }) => {
                let kind = v1::entry::Kind::from_str_name(&kind).unwrap_or_default() as i32;
                let request = v1::CompareNamesRequest { left: name, right: listed, kind };
                let compared = questions::compare(shared, asked, request).await?;
                let ages = ages(shared)?;
                let text = words::compared(&compared, &ages);
                Ok(said(text, json!(compared), &ages))
            }
            Self::Lists => {
                let status = questions::status(shared).await?;
                let text = words::status(&status);
                Ok(Said { text, data: json!(status) })
            }
        }
    }
}

/// The ages of the lists in force.
fn ages(shared: &Shared) -> Result<Vec<v1::ListAge>, Failure> {
    Ok(shared.ages(&*shared.in_force()?))
}

fn said(text: String, mut data: Value, ages: &[v1::ListAge]) -> Said {
    data["lists"] = json!(ages);
    Said { text, data }
}

/// A shipment, as the service screens one over HTTP: recorded where a ledger is kept, and charged.
async fn screen(shared: &Arc<Shared>, asked: &Asked, call: Screen) -> Result<Said, Failure> {
    let shipment = shipment(call)?;
    asked.caller.charge_shipments(1)?;
    let loaded = shared.loaded()?;
    let ages = shared.ages(&loaded);
    let ask = Ask { lane: Lane::Quick, share: asked.share, deadline: asked.deadline };
    let (of_pool, asked) = (Arc::clone(shared), asked.clone());
    let answer = shared.pool.submit(ask, move |scratch, wanted| {
        let recording = Recording::of(&of_pool, &loaded, &asked, false);
        let (screening, recorded) = batch::screen_recorded(&recording, shipment, wanted, scratch)?;
        of_pool.screened(std::slice::from_ref(&screening));
        Ok((screening, recorded))
    });
    let (screening, recorded) = answer.await?;
    recorded.await?;
    let text = words::screening(&screening, &ages);
    Ok(said(text, json!({ "screening": screening }), &ages))
}

fn shipment(call: Screen) -> Result<v1::Shipment, Failure> {
    let invalid = |what: String| Failure::field(SHIPMENT_INVALID, "shipment", what);
    let Screen { shipment, name, address, country, role, goods } = call;
    let whole = match shipment {
        Some(whole) => whole,
        None if name.trim().is_empty() && goods.trim().is_empty() => {
            return Err(invalid("is missing; expected `name`, `goods` or `shipment`".to_owned()));
        }
        None => {
            let mut party = json!({ "name": name, "address": address, "country": country });
            if !role.is_empty() {
                party["role"] = role.into();
            }
            let parties = if name.trim().is_empty() { json!([]) } else { json!([party]) };
            let goods = if goods.trim().is_empty() { json!([]) } else { json!([{ "description": goods }]) };
            json!({ "parties": parties, "goods": goods })
        }
    };
    records::json::shipment(whole.to_string().as_bytes()).map_err(|e| invalid(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_that_is_described_is_read_and_no_other() {
        let described = described();
        let names: Vec<&str> = described.as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["screen", "search", "entry", "explain", "lists"]);
        for tool in described.as_array().unwrap() {
            let required = tool["inputSchema"]["required"].as_array().unwrap();
            let given: serde_json::Map<String, Value> =
                required.iter().map(|r| (r.as_str().unwrap().to_owned(), "x".into())).collect();
            Tool::read(&json!({ "name": tool["name"], "arguments": given })).unwrap();
        }
        assert!(Tool::read(&json!({ "name": "reload" })).unwrap_err().contains("unknown tool `reload`"));
        assert!(Tool::read(&json!({ "name": "search", "arguments": { "nam": "x" } })).unwrap_err().contains("nam"));
    }
}
