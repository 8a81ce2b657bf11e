//! DCSA eBL 3.0 JSON: a transport document or shipping instructions (`EBL_v3.0.4.yaml` of DCSA-OpenAPI).

mod json;

use super::DocumentError;
use json::{array, flag, lines, number, object, text, texts};
use serde_json::{Map, Value};
use v1::identifier::Type;
use v1::party::Role;
use wire::v1;

/// What a document of this standard has and a shipment of ours has not.
const MARK: &[u8] = b"\"documentParties\"";

/// Whether a JSON record is one.
pub(crate) fn is_dcsa(record: &[u8]) -> bool {
    memchr::memmem::find(record, MARK).is_some()
}

type Object = Map<String, Value>;

/// Keys of a document that say nothing about who, what or where.
const DOCUMENT_REST: &[&str] = &[
    "transportDocumentSubReference",
    "transportDocumentStatus",
    "transportDocumentTypeCode",
    "isShippedOnBoardType",
    "freightPaymentTermCode",
    "originChargesPaymentTerm",
    "destinationChargesPaymentTerm",
    "isElectronic",
    "numberOfCopiesWithCharges",
    "numberOfCopiesWithoutCharges",
    "numberOfOriginalsWithCharges",
    "numberOfOriginalsWithoutCharges",
    "shippedOnBoardDate",
    "displayedShippedOnBoardReceivedForShipment",
    "termsAndConditions",
    "receiptTypeAtOrigin",
    "deliveryTypeAtDestination",
    "cargoMovementTypeAtOrigin",
    "cargoMovementTypeAtDestination",
    "receivedForShipmentDate",
    "serviceContractReference",
    "contractQuotationReference",
    "extendedContractQuotationReference",
    "carrierCode",
    "carrierCodeListProvider",
    "carrierClauses",
    "numberOfRiderPages",
    "charges",
    "placeOfIssue",
    "invoicePayableAt",
    "partyContactDetails",
    "utilizedTransportEquipments",
    "references",
    "customsReferences",
    "feedbacks",
    "shippingInstructionsRevisionNumber",
    "shippingInstructionsStatus",
    "updatedShippingInstructionsStatus",
    "isCarriersAgentAtDestinationRequired",
    "advanceManifestFilings",
    "isHouseBillOfLadingsIssued",
    "requestedCarrierCertificates",
    "requestedCarrierClauses",
];

const PARTY_REST: &[&str] = &[
    "eblPlatform",
    "typeOfPerson",
    "partyContactDetails",
    "reference",
    "purchaseOrderReferences",
    "isNotifyParty",
    "purchaseOrderReference",
];

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

/// Reads a document.
///
/// # Errors
/// What was expected where, for example `documentParties.shipper.partyName: expected text`.
pub(crate) fn read(record: &[u8]) -> Result<v1::Shipment, DocumentError> {
    let value: Value = serde_json::from_slice(record).map_err(|e| DocumentError::Json(e.to_string()))?;
    let document = object(&value, "")?;
    let mut shipment = v1::Shipment::default();
    let mut route = v1::Route::default();
    let mut dates = v1::ShipmentDates::default();
    let mut is_to_order = false;
    let mut licences = Vec::new();
    let mut declared = (String::new(), String::new());
    // The document's own number first, whatever the order of the keys.
    for key in ["transportDocumentReference", "shippingInstructionsReference", "carrierBookingReference"] {
        if let Some(given) = document.get(key)
            && shipment.reference.is_empty()
        {
            shipment.reference = text(given, key)?;
        }
    }
    for (key, value) in document {
        match key.as_str() {
            "transportDocumentReference" | "shippingInstructionsReference" | "carrierBookingReference" => {}
            "isToOrder" => is_to_order = flag(value, key)?,
            "issueDate" => dates.issued = text(value, key)?,
            "declaredValue" => declared.0 = number(value, key)?,
            "declaredValueCurrency" => declared.1 = text(value, key)?,
            "documentParties" => parties(object(value, key)?, key, &mut shipment.parties)?,
            "consignmentItems" => goods(value, key, &mut shipment.goods)?,
            "exportLicense" => licences.extend(licence(value, key, v1::licence::Kind::Export)?),
            "importLicense" => licences.extend(licence(value, key, v1::licence::Kind::Import)?),
            "transports" => transports(object(value, key)?, key, &mut route, &mut shipment.vessels, &mut dates)?,
            "displayedNameForPlaceOfReceipt" => displayed(value, key, &mut route.receipt)?,
            "displayedNameForPortOfLoad" => displayed(value, key, &mut route.loading)?,
            "displayedNameForPortOfDischarge" => displayed(value, key, &mut route.discharge)?,
            "displayedNameForPlaceOfDelivery" => displayed(value, key, &mut route.delivery)?,
            "houseBillOfLadings" => {
                for (at, house) in array(value, key)?.iter().enumerate() {
                    house_bill(house, &format!("{key}[{at}]"), &mut shipment, &mut route)?;
                }
            }
            other => known(other, DOCUMENT_REST, "")?,
        }
    }
    if !document.contains_key("documentParties") {
        return Err(DocumentError::key("documentParties", "missing"));
    }
    to_order(is_to_order, "isToOrder", &mut shipment.parties);
    if let [goods] = &mut shipment.goods[..] {
        goods.licences.append(&mut licences);
        (goods.value, goods.currency) = declared;
    } else if let Some(first) = shipment.goods.first_mut() {
        // Licences of the document are about all of its lines; the first stands for them.
        first.licences.append(&mut licences);
    }
    shipment.route = (route != v1::Route::default()).then_some(route);
    shipment.dates = (dates != v1::ShipmentDates::default()).then_some(dates);
    Ok(shipment)
}

/// A document to order names nobody, or its consignee only in that sense.
fn to_order(is_to_order: bool, source: &str, parties: &mut Vec<v1::Party>) {
    if !is_to_order {
        return;
    }
    match parties.iter_mut().find(|p| p.role() == Role::Consignee) {
        Some(consignee) => consignee.is_to_order = true,
        None => parties.push(v1::Party {
            role: Role::Consignee as i32,
            is_to_order: true,
            role_source: format!("DCSA {source}"),
            ..Default::default()
        }),
    }
}

fn house_bill(
    value: &Value,
    at: &str,
    shipment: &mut v1::Shipment,
    route: &mut v1::Route,
) -> Result<(), DocumentError> {
    let mut of_house = Vec::new();
    let mut is_to_order = false;
    for (key, value) in object(value, at)? {
        let place = format!("{at}.{key}");
        match key.as_str() {
            "documentParties" => parties(object(value, &place)?, &place, &mut of_house)?,
            "consignmentItems" => goods(value, &place, &mut shipment.goods)?,
            "isToOrder" => is_to_order = flag(value, &place)?,
            "routingOfConsignmentCountries" => {
                for (n, country) in array(value, &place)?.iter().enumerate() {
                    route.routing_countries.push(text(country, &format!("{place}[{n}]"))?);
                }
            }
            // Where the house bill begins and ends is where the goods do.
            "placeOfAcceptance" => route.receipt = Some(location(value, &place)?),
            "placeOfFinalDelivery" => route.destination = Some(location(value, &place)?),
            other => {
                known(other, &["houseBillOfLadingReference", "methodOfPayment", "utilizedTransportEquipments"], at)?
            }
        }
    }
    to_order(is_to_order, &format!("{at}.isToOrder"), &mut of_house);
    shipment.parties.extend(of_house);
    Ok(())
}

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

fn parties(of: &Object, at: &str, out: &mut Vec<v1::Party>) -> Result<(), DocumentError> {
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

fn goods(value: &Value, at: &str, out: &mut Vec<v1::Goods>) -> Result<(), DocumentError> {
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

fn licence(value: &Value, at: &str, kind: v1::licence::Kind) -> Result<Option<v1::Licence>, DocumentError> {
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

fn transports(
    of: &Object,
    at: &str,
    route: &mut v1::Route,
    vessels: &mut Vec<v1::Vessel>,
    dates: &mut v1::ShipmentDates,
) -> Result<(), DocumentError> {
    for (key, value) in of {
        let place = format!("{at}.{key}");
        match key.as_str() {
            "plannedDepartureDate" => dates.departure = text(value, &place)?,
            "plannedArrivalDate" => dates.arrival = text(value, &place)?,
            "placeOfReceipt" => route.receipt = Some(location(value, &place)?),
            "portOfLoading" => route.loading = Some(location(value, &place)?),
            "portOfDischarge" => route.discharge = Some(location(value, &place)?),
            "placeOfDelivery" => route.delivery = Some(location(value, &place)?),
            "onwardInlandRouting" => route.destination = Some(location(value, &place)?),
            "vesselVoyages" => {
                for (n, voyage) in array(value, &place)?.iter().enumerate() {
                    let place = format!("{place}[{n}]");
                    if let Some(name) = object(voyage, &place)?.get("vesselName") {
                        let name = text(name, &place)?;
                        if vessels.iter().all(|v| v.name != name) {
                            vessels.push(v1::Vessel { name, ..Default::default() });
                        }
                    }
                }
            }
            other => known(other, &["preCarriageBy", "onCarriageBy"], at)?,
        }
    }
    Ok(())
}

fn location(value: &Value, at: &str) -> Result<v1::Place, DocumentError> {
    let mut place = v1::Place::default();
    let mut words: Vec<String> = Vec::new();
    for (key, value) in object(value, at)? {
        let path = format!("{at}.{key}");
        match key.as_str() {
            "locationName" | "facilityName" => words.push(text(value, &path)?),
            "addressLines" => words.push(lines(value, &path)?),
            "UNLocationCode" => place.locode = text(value, &path)?,
            "countryCode" => place.country = text(value, &path)?,
            "city" => words.extend(object(value, &path)?.get("city").map(|c| text(c, &path)).transpose()?),
            "address" => {
                for (key, value) in object(value, &path)? {
                    let part = text(value, &format!("{path}.{key}"))?;
                    if key == "countryCode" { place.country = part } else { words.push(part) }
                }
            }
            other => known(other, &["facility", "geoCoordinate"], at)?,
        }
    }
    // A place is often told twice, by its name and as the city of its address.
    let mut once: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    place.text = once.join(", ");
    Ok(place)
}

/// A name as printed, where the transports do not give one.
fn displayed(value: &Value, at: &str, slot: &mut Option<v1::Place>) -> Result<(), DocumentError> {
    let text = lines(value, at)?;
    let place = slot.get_or_insert_default();
    if place.text.is_empty() {
        place.text = text;
    } else if !place.text.contains(&text) {
        place.text = format!("{}, {text}", place.text);
    }
    Ok(())
}

fn known(key: &str, rest: &[&str], at: &str) -> Result<(), DocumentError> {
    if rest.contains(&key) {
        return Ok(());
    }
    let dot = if at.is_empty() { "" } else { "." };
    Err(DocumentError::key(format!("{at}{dot}{key}"), "not a key of DCSA eBL 3.0 that is known here"))
}
