//! The parties of a document, their addresses and numbers.

use super::json::{Object, array, known, lines, object, text};
use crate::adapter::DocumentError;
use serde_json::Value;
use v1::identifier::Type;
use v1::party::Role;
use wire::v1;

const PARTY_REST: &[&str] = &[
    "eblPlatform",
    "typeOfPerson",
    "partyContactDetails",
    "reference",
    "purchaseOrderReferences",
    "isNotifyParty",
    "purchaseOrderReference",
];

/// The role that a key or function of the standard stands for.
fn role_of(key: &str) -> Role {
    match key {
        "shipper" => Role::Shipper,
        "onBehalfOfShipper" => Role::OnBehalfOfShipper,
        "consignee" => Role::Consignee,
        "onBehalfOfConsignee" => Role::OnBehalfOfConsignee,
        "endorsee" => Role::Endorsee,
        "seller" => Role::Seller,
        "buyer" => Role::Buyer,
        "notifyParties" | "notifyParty" => Role::NotifyParty,
        "issuingParty" => Role::Carrier,
        "carriersAgentAtDestination" => Role::Agent,
        "DDR" | "DDS" | "CS" => Role::Forwarder,
        "MF" => Role::Manufacturer,
        "WH" => Role::Warehouse,
        _ => Role::Unspecified,
    }
}

pub(super) fn parties(of: &Object, at: &str, out: &mut Vec<v1::Party>) -> Result<(), DocumentError> {
    for (key, value) in of {
        let place = format!("{at}.{key}");
        if key == "other" {
            for (n, other) in array(value, &place)?.iter().enumerate() {
                let place = format!("{place}[{n}]");
                let other = object(other, &place)?;
                let function = other.get("partyFunction").map_or(Ok(String::new()), |f| text(f, &place))?;
                for key in other.keys() {
                    known(key, &["party", "partyFunction"], &place)?;
                }
                let given =
                    other.get("party").ok_or_else(|| DocumentError::key(format!("{place}.party"), "missing"))?;
                out.push(party(given, &format!("{place}.party"), role_of(&function), &format!("{place} {function}"))?);
            }
            continue;
        }
        // A party under a key that this version does not know is kept, without a role.
        match value {
            Value::Array(several) => {
                for (n, value) in several.iter().enumerate() {
                    out.push(party(value, &format!("{place}[{n}]"), role_of(key), &place)?);
                }
            }
            one => out.push(party(one, &place, role_of(key), &place)?),
        }
    }
    Ok(())
}

fn party(value: &Value, at: &str, role: Role, source: &str) -> Result<v1::Party, DocumentError> {
    let mut party = v1::Party { role: role as i32, role_source: format!("DCSA {source}"), ..Default::default() };
    let mut displayed = String::new();
    for (key, value) in object(value, at)? {
        let place = format!("{at}.{key}");
        match key.as_str() {
            "partyName" => party.name = text(value, &place)?,
            "address" => address(object(value, &place)?, &place, &mut party)?,
            "addressLines" => party.address = lines(value, &place)?,
            "displayedAddress" => displayed = lines(value, &place)?,
            "identifyingCodes" => {
                for (n, code) in array(value, &place)?.iter().enumerate() {
                    let place = format!("{place}[{n}]");
                    let code = object(code, &place)?;
                    let is_lei = code.get("codeListProvider").and_then(Value::as_str) == Some("GLEIF");
                    let kind = if is_lei { Type::Lei } else { Type::Other };
                    let value = code
                        .get("partyCode")
                        .ok_or_else(|| DocumentError::key(format!("{place}.partyCode"), "missing"))?;
                    party.identifiers.push(v1::Identifier {
                        r#type: kind as i32,
                        value: text(value, &place)?,
                        ..Default::default()
                    });
                }
            }
            "taxLegalReferences" => {
                for (n, reference) in array(value, &place)?.iter().enumerate() {
                    let place = format!("{place}[{n}]");
                    party.identifiers.push(tax(object(reference, &place)?, &place)?);
                }
            }
            other => known(other, PARTY_REST, at)?,
        }
    }
    if party.address.is_empty() {
        party.address = displayed;
    }
    Ok(party)
}

fn tax(reference: &Object, at: &str) -> Result<v1::Identifier, DocumentError> {
    let mut identifier = v1::Identifier::default();
    let mut word = String::new();
    for (key, value) in reference {
        let place = format!("{at}.{key}");
        match key.as_str() {
            "type" => word = text(value, &place)?,
            // ZZ stands for "not known" in this standard.
            "countryCode" => identifier.country = Some(text(value, &place)?).filter(|c| c != "ZZ").unwrap_or_default(),
            "value" => identifier.value = text(value, &place)?,
            other => known(other, &[], at)?,
        }
    }
    let word = word.to_ascii_uppercase();
    let kind = match word.as_str() {
        "USCC" | "USCI" => Type::Uscc,
        "INN" => Type::Inn,
        "OGRN" => Type::Ogrn,
        _ => Type::Tax,
    };
    identifier.r#type = kind as i32;
    Ok(identifier)
}

fn address(of: &Object, at: &str, party: &mut v1::Party) -> Result<(), DocumentError> {
    let mut address = v1::StructuredAddress::default();
    for (key, value) in of {
        let given = text(value, &format!("{at}.{key}"))?;
        match key.as_str() {
            "street" => address.street = given,
            "streetNumber" => address.street_number = given,
            "floor" => address.floor = given,
            "postCode" => address.post_code = given,
            "POBox" => address.po_box = given,
            "city" => address.city = given,
            "UNLocationCode" => address.locode = given,
            "stateRegion" => address.region = given,
            "countryCode" => party.country = given,
            other => known(other, &[], at)?,
        }
    }
    party.structured_address = Some(address);
    Ok(())
}
