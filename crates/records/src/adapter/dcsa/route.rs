//! Where a document says that the goods go, and on which vessels.

use super::json::{Object, array, known, lines, object, text};
use crate::adapter::DocumentError;
use serde_json::Value;
use wire::v1;

pub(super) fn transports(
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

pub(super) fn location(value: &Value, at: &str) -> Result<v1::Place, DocumentError> {
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
pub(super) fn displayed(value: &Value, at: &str, slot: &mut Option<v1::Place>) -> Result<(), DocumentError> {
    let text = lines(value, at)?;
    let place = slot.get_or_insert_default();
    if place.text.is_empty() {
        place.text = text;
    } else if !place.text.contains(&text) {
        place.text = format!("{}, {text}", place.text);
    }
    Ok(())
}
