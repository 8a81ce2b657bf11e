//! A shipment in the proto3 JSON form, and in forms that people write instead; and JSON documents of other standards.

use super::columns::{Field, Meaning, PartyField, meaning};
use crate::Cause;
use crate::adapter::dcsa;
use model::shipment::Role;
use serde_json::{Map, Value};
use wire::v1;

/// Reads a record that is JSON, a shipment or a DCSA eBL document, and gives its own reference with it; the reference is
/// empty where it has none or none can be read.
pub fn record(record: &[u8]) -> (String, Result<v1::Shipment, Cause>) {
    if dcsa::is_dcsa(record) {
        let read = dcsa::read(record).map_err(|error| Cause::Document { standard: dcsa::STANDARD, error });
        return (read.as_ref().map_or_else(|_| String::new(), |s| s.reference.clone()), read);
    }
    let read = shipment(record);
    (read.as_ref().map_or_else(|_| reference(record), |s| s.reference.clone()), read)
}

/// The reference of a JSON object that is no shipment, so that its answer can be told apart.
fn reference(record: &[u8]) -> String {
    let value = serde_json::from_slice::<Value>(record).unwrap_or_default();
    value.get("reference").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Reads a shipment. Roles and other words of a set may be in any case; numbers may stand for texts. A role or kind that
/// is not known is named in `unread`.
pub fn shipment(record: &[u8]) -> Result<v1::Shipment, Cause> {
    let strict = match serde_json::from_slice::<v1::Shipment>(record) {
        Ok(shipment) => return Ok(shipment),
        Err(error) => error,
    };
    let malformed = |e: serde_json::Error| Cause::Json(e.to_string().chars().take(200).collect());
    let Ok(mut value) = serde_json::from_slice::<Value>(record) else { return Err(malformed(strict)) };
    let mut unread = Vec::new();
    if let Some(shipment) = value.as_object_mut() {
        texts(shipment);
        words(shipment, &mut unread);
    }
    let mut shipment: v1::Shipment = serde_json::from_value(value).map_err(|_| malformed(strict))?;
    shipment.unread.extend(unread);
    Ok(shipment)
}

/// Keys whose values are numbers or flags.
const NOT_TEXT: [&str; 4] = ["hsEdition", "hs_edition", "roleConfidence", "role_confidence"];

/// Turns numbers into texts where texts are expected, and drops nulls.
fn texts(object: &mut Map<String, Value>) {
    object.retain(|_, value| !value.is_null());
    for (key, value) in object {
        loosen(key, value);
    }
}

fn loosen(key: &str, value: &mut Value) {
    match value {
        Value::Number(number) if !NOT_TEXT.contains(&key) => *value = Value::String(number.to_string()),
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(|item| loosen(key, item));
        }
        Value::Object(object) => texts(object),
        _ => {}
    }
}

/// Reads the words of a set in any case.
fn words(shipment: &mut Map<String, Value>, unread: &mut Vec<v1::UnreadField>) {
    each(shipment, &["parties"], &mut |at, party| {
        let path = format!("parties[{at}]");
        word(party, "role", &path, true, unread, |w| {
            let role = Role::parse(w).or_else(|| match meaning(w) {
                Meaning::Field(Field::Party(role, PartyField::Name)) => role,
                _ => None,
            });
            role.map(|role| role.as_str().to_ascii_uppercase())
        });
        each(party, &["identifiers"], &mut |n, number| {
            let known = |w: &str| v1::identifier::Type::from_str_name(&constant(w)).map(|_| constant(w));
            word(number, "type", &format!("{path}.identifiers[{n}]"), false, unread, known);
        });
    });
    each(shipment, &["goods"], &mut |at, goods| {
        each(goods, &["licences"], &mut |n, licence| {
            let known = |w: &str| v1::licence::Kind::from_str_name(&constant(w)).map(|_| constant(w));
            word(licence, "kind", &format!("goods[{at}].licences[{n}]"), false, unread, known);
        });
    });
    each(shipment, &["attestations"], &mut |at, attestation| {
        let known = |w: &str| v1::attestation::Kind::from_str_name(&constant(w)).map(|_| constant(w));
        word(attestation, "kind", &format!("attestations[{at}]"), true, unread, known);
    });
    // What is attested is not known: the statement is named as unread and left out.
    if let Some(Value::Array(attestations)) = shipment.get_mut("attestations") {
        attestations.retain(|a| a.get("kind").is_some());
    }
}

fn each(of: &mut Map<String, Value>, keys: &[&str], act: &mut dyn FnMut(usize, &mut Map<String, Value>)) {
    for key in keys {
        let Some(Value::Array(items)) = of.get_mut(*key) else { continue };
        for (at, item) in items.iter_mut().enumerate() {
            if let Value::Object(object) = item {
                act(at, object);
            }
        }
    }
}

/// Writes a word as the protocol has it; one that is not known is taken out and named.
fn word(
    object: &mut Map<String, Value>,
    key: &str,
    path: &str,
    needs_review: bool,
    unread: &mut Vec<v1::UnreadField>,
    known: impl Fn(&str) -> Option<String>,
) {
    let Some(Value::String(written)) = object.get(key) else { return };
    let read = if wire::is_blank(written) { None } else { known(written.trim()) };
    match read {
        Some(name) => {
            object.insert(key.to_owned(), Value::String(name));
        }
        None => {
            if !wire::is_blank(written) {
                let clipped: String = written.chars().take(40).collect();
                let description = format!("unknown {key} `{clipped}`");
                unread.push(v1::UnreadField { field_path: format!("{path}.{key}"), description, needs_review });
            }
            object.remove(key);
        }
    }
}

fn constant(word: &str) -> String {
    word.trim().to_ascii_uppercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_in_any_case_and_language() {
        let json = r#"{"reference": 7, "parties": [{"role": "Notify party"}, {"role": "empfänger"}, {"role": "friend"}],
                      "goods": [{"quantity": 12.5, "hsEdition": 2022, "brand": null}]}"#;
        let shipment = shipment(json.as_bytes()).unwrap();
        let roles: Vec<_> = shipment.parties.iter().map(v1::Party::role).collect();
        use v1::party::Role as R;
        assert_eq!(roles, [R::NotifyParty, R::Consignee, R::Unspecified]);
        assert_eq!((shipment.reference.as_str(), shipment.goods[0].quantity.as_str()), ("7", "12.5"));
        assert_eq!(shipment.unread[0].field_path, "parties[2].role");
        assert!(shipment.unread[0].needs_review);
    }

    #[test]
    fn an_unknown_key_is_still_an_error() {
        assert!(matches!(super::shipment(br#"{"parties": [{"nmae": "x"}]}"#), Err(Cause::Json(_))));
    }
}
