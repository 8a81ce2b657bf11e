//! The Model Context Protocol: tools for assistants that compliance people use. They only read: screening, search,
//! entries, comparison, lists.
//!
//! JSON-RPC 2.0 by serde_json, one message in, at most one out; HTTP and standard input carry the same messages. Each
//! answer says in its text which publication it rests on and how old the list is, beside every entry, so that it is not
//! lost when an assistant retells it.

mod rpc;
mod stdio;
mod tools;
mod words;

pub use stdio::Stdio;

use super::admission::Asked;
use super::guard::failure::Failure;
use super::shared::Shared;
use rpc::Message;
use serde_json::{Value, json};
use std::sync::Arc;

/// Versions of the protocol that are spoken, the newest first.
const VERSIONS: [&str; 3] = ["2025-11-25", "2025-06-18", "2025-03-26"];

/// What an assistant is told of this server.
const INSTRUCTIONS: &str = "Tidewaiter screens shipments against official denied-party lists. Its answers help a person to \
    decide and are no approval: NO_FINDING means that nothing was found, not that a shipment may go. When you retell an \
    answer, keep for every entry its list, its citation and the age of the list, as they stand beside it.";

/// The answer to a message; `None` where it wants none.
pub(super) async fn answer(shared: &Arc<Shared>, asked: &Asked, bytes: &[u8]) -> Option<Value> {
    let message = match Message::read(bytes) {
        Ok(message) => message,
        Err(fault) => return Some(fault),
    };
    let id = message.id?;
    Some(match message.method.as_str() {
        "initialize" => rpc::result(&id, hello(&message.params)),
        "ping" => rpc::result(&id, json!({})),
        "tools/list" => rpc::result(&id, json!({ "tools": tools::described() })),
        "tools/call" => match tools::Tool::read(&message.params) {
            Ok(tool) => rpc::result(&id, called(tool.run(shared, asked).await)),
            Err(wrong) => rpc::error(&id, rpc::INVALID_PARAMS, &wrong),
        },
        other => rpc::error(&id, rpc::METHOD_UNKNOWN, &format!("unknown method {}", words::plain(other))),
    })
}

/// What is spoken: the version that was asked for, where it is one of ours.
fn hello(params: &Value) -> Value {
    let asked = params["protocolVersion"].as_str().unwrap_or_default();
    let version = VERSIONS.into_iter().find(|known| *known == asked).unwrap_or(VERSIONS[0]);
    json!({
        "protocolVersion": version,
        "capabilities": { "tools": { "listChanged": false } },
        "serverInfo": { "name": "tidewaiter", "title": "Tidewaiter", "version": env!("CARGO_PKG_VERSION") },
        "instructions": INSTRUCTIONS,
    })
}

/// The result of a tool. A refusal is one too, so that the assistant can read it and say so.
fn called(done: Result<tools::Said, Failure>) -> Value {
    match done {
        Ok(said) => json!({
            "content": [{ "type": "text", "text": said.text }],
            "structuredContent": said.data,
            "isError": false,
        }),
        Err(failure) => {
            let text = format!("{}: {failure}. Nothing was answered; this is not a clearance.", failure.reason());
            json!({ "content": [{ "type": "text", "text": text }], "isError": true })
        }
    }
}
