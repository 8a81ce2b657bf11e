//! The goods of a document, their codes and licences.

use super::json::{array, flag, known, lines, number, object, text, texts};
use crate::adapter::DocumentError;
use serde_json::Value;
use wire::v1;

const ITEM_REST: &[&str] = &["carrierBookingReference", "references", "customsReferences"];

const CARGO_REST: &[&str] = &[
    "equipmentReference",
    "cargoGrossWeight",
    "cargoGrossVolume",
    "cargoNetVolume",
    "outerPackaging",
    "customsReferences",
    "references",
];

pub(super) fn goods(value: &Value, at: &str, out: &mut Vec<v1::Goods>) -> Result<(), DocumentError> {
    for (n, item) in array(value, at)?.iter().enumerate() {
        let at = format!("{at}[{n}]");
        let item = object(item, &at)?;
        let mut goods = v1::Goods::default();
        let mut codes: Vec<String> = Vec::new();
        let mut national: Vec<String> = Vec::new();
        for (key, value) in item {
            let place = format!("{at}.{key}");
            match key.as_str() {
                // The order and the breaks of the lines are the shipper's: spans map back to them.
                "descriptionOfGoods" => goods.description = lines(value, &place)?,
                "shippingMarks" => goods.marks = lines(value, &place)?,
                "HSCodes" if item.contains_key("extendedHSCodes") => {}
                "HSCodes" | "extendedHSCodes" => codes = texts(value, &place)?,
                "nationalCommodityCodes" if item.contains_key("extendedNationalCommodityCodes") => {}
                "nationalCommodityCodes" | "extendedNationalCommodityCodes" => {
                    national.extend(commodity(value, &place)?);
                }
                "cargoItems" => {
                    for (m, cargo) in array(value, &place)?.iter().enumerate() {
                        cargo_item(cargo, &format!("{place}[{m}]"), &mut goods, &mut national)?;
                    }
                }
                "exportLicense" => goods.licences.extend(licence(value, &place, v1::licence::Kind::Export)?),
                "importLicense" => goods.licences.extend(licence(value, &place, v1::licence::Kind::Import)?),
                other => known(other, ITEM_REST, &at)?,
            }
        }
        let mut codes = codes.into_iter().chain(national);
        goods.hs_code = codes.next().unwrap_or_default();
        goods.other_hs_codes = codes.collect();
        out.push(goods);
    }
    Ok(())
}

fn cargo_item(value: &Value, at: &str, goods: &mut v1::Goods, national: &mut Vec<String>) -> Result<(), DocumentError> {
    for (key, value) in object(value, at)? {
        let place = format!("{at}.{key}");
        match key.as_str() {
            "cargoNetWeight" => {
                let weight = object(value, &place)?;
                let is_kilograms = weight.get("unit").and_then(Value::as_str) == Some("KGM");
                // Of several containers the first is given; weights in pounds are left out, not converted.
                if is_kilograms && goods.net_weight_kg.is_empty() {
                    let value =
                        weight.get("value").ok_or_else(|| DocumentError::key(format!("{place}.value"), "missing"))?;
                    goods.net_weight_kg = number(value, &place)?;
                }
            }
            "exportLicense" => goods.licences.extend(licence(value, &place, v1::licence::Kind::Export)?),
            "importLicense" => goods.licences.extend(licence(value, &place, v1::licence::Kind::Import)?),
            "nationalCommodityCodes" | "extendedNationalCommodityCodes" => national.extend(commodity(value, &place)?),
            other => known(other, CARGO_REST, at)?,
        }
    }
    Ok(())
}

fn commodity(value: &Value, at: &str) -> Result<Vec<String>, DocumentError> {
    let mut codes = Vec::new();
    for (n, one) in array(value, at)?.iter().enumerate() {
        let at = format!("{at}[{n}]");
        let values =
            object(one, &at)?.get("values").ok_or_else(|| DocumentError::key(format!("{at}.values"), "missing"))?;
        codes.extend(texts(values, &at)?);
    }
    Ok(codes)
}

pub(super) fn licence(value: &Value, at: &str, kind: v1::licence::Kind) -> Result<Option<v1::Licence>, DocumentError> {
    let mut licence = v1::Licence { kind: kind as i32, ..Default::default() };
    for (key, value) in object(value, at)? {
        let place = format!("{at}.{key}");
        match key.as_str() {
            "isRequired" => licence.is_required = Some(flag(value, &place)?),
            "reference" => licence.reference = text(value, &place)?,
            "issueDate" => licence.issued = text(value, &place)?,
            "expiryDate" => licence.expires = text(value, &place)?,
            other => known(other, &[], at)?,
        }
    }
    let says_something = licence.is_required == Some(true) || !licence.reference.is_empty();
    Ok(says_something.then_some(licence))
}
