//! DCSA eBL 3.0 JSON: a transport document or shipping instructions (`EBL_v3.0.4.yaml` of DCSA-OpenAPI).

mod goods;
mod json;
mod party;
mod route;

use super::DocumentError;
use goods::{goods, licence};
use json::{array, flag, known, number, object, text};
use party::parties;
use route::{displayed, location, transports};
use serde_json::Value;
use v1::party::Role;
use wire::v1;

/// What a document of this standard has and a shipment of ours has not.
const MARK: &[u8] = b"\"documentParties\"";

/// What messages call it.
pub const STANDARD: &str = "DCSA eBL";

/// Whether a JSON record is one.
pub fn is_dcsa(record: &[u8]) -> bool {
    memchr::memmem::find(record, MARK).is_some()
}

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

/// Reads a document.
///
/// # Errors
/// What was expected where, for example `documentParties.shipper.partyName: expected text`.
pub fn read(record: &[u8]) -> Result<v1::Shipment, DocumentError> {
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
