//! The description of the interface of JSON. Its paths are written by hand; its messages are those of the protocol, read
//! from the compiled descriptors with their comments, so that the two cannot differ.

use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Paths, security, and the messages that only HTTP has.
const PATHS: &str = include_str!("openapi.json");

/// Numbers of fields in the descriptors, by which comments are found.
const MESSAGES: i32 = 4;
const ENUMS: i32 = 5;
const FIELDS: i32 = 2;
const NESTED: i32 = 3;
const NESTED_ENUMS: i32 = 4;

/// The document as JSON; made once.
pub(super) fn document() -> &'static [u8] {
    static DOCUMENT: OnceLock<Vec<u8>> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut document: Value = serde_json::from_str(PATHS).expect("the file is JSON");
        document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
        if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
            schemas.extend(schemas_of_protocol());
        }
        document.to_string().into_bytes()
    })
}

fn schemas_of_protocol() -> Map<String, Value> {
    let set = FileDescriptorSet::decode(wire::v1::DESCRIPTORS).expect("the compiled-in descriptors are whole");
    let mut schemas = Map::new();
    for file in set.file.iter().filter(|f| f.package() == "tidewaiter.v1") {
        let comments = comments_of(file);
        let to = &mut Schemas { comments: &comments, schemas: &mut schemas };
        for (at, message) in (0..).zip(&file.message_type) {
            to.message(message, "", vec![MESSAGES, at]);
        }
        for (at, kind) in (0..).zip(&file.enum_type) {
            to.enumeration(kind, "", vec![ENUMS, at]);
        }
    }
    schemas
}

/// The comment before each part of a file, by its place in the descriptors.
fn comments_of(file: &FileDescriptorProto) -> HashMap<Vec<i32>, String> {
    let locations = file.source_code_info.iter().flat_map(|info| &info.location);
    let comment = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned();
    locations.filter_map(|l| Some((l.path.clone(), comment(l.leading_comments.as_deref()?)))).collect()
}

struct Schemas<'s> {
    comments: &'s HashMap<Vec<i32>, String>,
    schemas: &'s mut Map<String, Value>,
}

impl Schemas<'_> {
    fn described(&self, mut schema: Value, place: &[i32]) -> Value {
        if let Some(comment) = self.comments.get(place) {
            // Beside a reference a description stands since OpenAPI 3.1.
            schema["description"] = comment.as_str().into();
        }
        schema
    }

    fn message(&mut self, message: &DescriptorProto, within: &str, place: Vec<i32>) {
        let name = format!("{within}{}", message.name());
        let inside = |kind: i32, at: i32| [place.as_slice(), &[kind, at]].concat();
        let mut properties = Map::new();
        for (at, field) in (0..).zip(&message.field) {
            let schema = self.described(schema_of(field), &inside(FIELDS, at));
            properties.insert(field.json_name().to_owned(), schema);
        }
        let schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        let schema = self.described(schema, &place);
        self.schemas.insert(name.clone(), schema);
        let below = format!("{name}_");
        for (at, nested) in (0..).zip(&message.nested_type) {
            self.message(nested, &below, inside(NESTED, at));
        }
        for (at, kind) in (0..).zip(&message.enum_type) {
            self.enumeration(kind, &below, inside(NESTED_ENUMS, at));
        }
    }

    fn enumeration(&mut self, kind: &EnumDescriptorProto, within: &str, place: Vec<i32>) {
        let words: Vec<&str> = kind.value.iter().map(|v| v.name()).collect();
        let schema = self.described(json!({ "type": "string", "enum": words }), &place);
        self.schemas.insert(format!("{within}{}", kind.name()), schema);
    }
}

/// The schema of a field, in the proto3 JSON form.
fn schema_of(field: &FieldDescriptorProto) -> Value {
    let one = match field.r#type() {
        Type::String => json!({ "type": "string" }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int32 | Type::Sint32 => json!({ "type": "integer", "format": "int32" }),
        Type::Uint32 | Type::Fixed32 => json!({ "type": "integer", "minimum": 0 }),
        Type::Double | Type::Float => json!({ "type": "number" }),
        // Beyond what a number of JavaScript can hold, so it is a text.
        Type::Int64 | Type::Uint64 | Type::Fixed64 | Type::Sfixed64 | Type::Sint64 => {
            json!({ "type": "string", "pattern": "^-?[0-9]+$" })
        }
        Type::Message | Type::Enum => {
            let name = field.type_name().trim_start_matches(".tidewaiter.v1.").replace('.', "_");
            json!({ "$ref": format!("#/components/schemas/{name}") })
        }
        _ => json!({ "type": "string", "contentEncoding": "base64" }),
    };
    if field.label() == Label::Repeated { json!({ "type": "array", "items": one }) } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reference in the document.
    fn references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|inner| references(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_path_of_ours_is_described_and_no_other() {
        let document: Value = serde_json::from_slice(document()).unwrap();
        let mut described: Vec<(String, String)> = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            // A path with parts that vary is one beginning there.
            let path = path.split('{').next().unwrap();
            described.extend(item.as_object().unwrap().keys().map(|verb| (verb.to_uppercase(), path.to_owned())));
        }
        described.sort();
        described.dedup();
        let served = crate::service::methods::of_http_all().filter(|(_, path)| path.starts_with("/v1/"));
        let mut served: Vec<(String, String)> = served.map(|(v, p)| (v.to_owned(), p.to_owned())).collect();
        served.sort();
        assert_eq!(described, served);
    }

    #[test]
    fn every_reference_leads_somewhere_and_messages_are_described() {
        let document: Value = serde_json::from_slice(document()).unwrap();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50, "{}", found.len());
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Screening_Outcome"]["enum"][3], "HOLD");
        assert_eq!(schemas["Shipment"]["properties"]["knownOn"]["type"], "string");
        assert!(schemas["Shipment"]["description"].as_str().unwrap().starts_with("One shipment"));
    }
}
