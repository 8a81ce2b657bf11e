//! JSON-RPC 2.0.

use serde_json::{Value, json};

/// The message is no JSON.
pub(super) const PARSE: i32 = -32700;
/// It is no request.
pub(super) const INVALID: i32 = -32600;
/// There is no such method.
pub(super) const METHOD_UNKNOWN: i32 = -32601;
/// Its parameters are wrong.
pub(super) const INVALID_PARAMS: i32 = -32602;

/// One message of a client.
#[derive(Debug)]
pub(super) struct Message {
    /// `None`: a notification, or an answer, which want none.
    pub(super) id: Option<Value>,
    pub(super) method: String,
    pub(super) params: Value,
}

impl Message {
    /// Reads a message; what is none becomes the answer that says so.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Value> {
        if wire::weight::check_json(bytes).is_err() {
            return Err(error(&Value::Null, PARSE, "the message has too many parts"));
        }
        let whole: Value =
            serde_json::from_slice(bytes).map_err(|e| error(&Value::Null, PARSE, &format!("invalid JSON: {e}")))?;
        let id = whole.get("id").cloned();
        let wrong = |what: &str| error(id.as_ref().unwrap_or(&Value::Null), INVALID, what);
        if !whole.is_object() || whole["jsonrpc"] != "2.0" {
            return Err(wrong("expected one object with \"jsonrpc\": \"2.0\""));
        }
        if id.as_ref().is_some_and(|id| !id.is_string() && !id.is_number()) {
            return Err(error(&Value::Null, INVALID, "invalid id; expected a text or a number"));
        }
        let is_answer = whole.get("result").is_some() || whole.get("error").is_some();
        match whole.get("method").and_then(Value::as_str) {
            Some(method) => {
                let (method, params) = (method.to_owned(), whole.get("params").cloned().unwrap_or(Value::Null));
                Ok(Self { id, method, params })
            }
            None if is_answer => Ok(Self { id: None, method: String::new(), params: Value::Null }),
            None => Err(wrong("the method is missing")),
        }
    }
}

/// An answer.
pub(super) fn result(id: &Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

/// A refusal.
pub(super) fn error(id: &Value, code: i32, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_request_is_answered_as_such() {
        let code = |text: &str| Message::read(text.as_bytes()).unwrap_err()["error"]["code"].clone();
        assert_eq!(code("{"), PARSE);
        for wrong in ["[]", "7", "{}", r#"{"jsonrpc":"1.0","method":"ping","id":1}"#, r#"{"jsonrpc":"2.0","id":1}"#] {
            assert_eq!(code(wrong), INVALID, "{wrong}");
        }
        assert_eq!(code(r#"{"jsonrpc":"2.0","method":"ping","id":{}}"#), INVALID);
        let note = Message::read(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).unwrap();
        assert!(note.id.is_none());
        assert!(Message::read(br#"{"jsonrpc":"2.0","id":1,"result":{}}"#).unwrap().id.is_none());
    }
}
