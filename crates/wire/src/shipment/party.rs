//! Parties off the wire.

use super::date;
use super::faults::{At, Faults, Field, Need, indexed};
use crate::v1;
use model::entry::{Identifier, IdentifierType};
use model::finding::Score;
use model::shipment::{PartialDate, Party, Role, StructuredAddress};
use std::fmt;

pub(super) fn party(wire: v1::Party, at: &dyn fmt::Display, faults: &mut Faults) -> Party {
    Party {
        role: role(wire.role, at, faults),
        name: wire.name,
        other_names: wire.other_names,
        address: wire.address,
        country: faults.country(&wire.country, &Field(at, "country"), Need::Review),
        identifiers: indexed(wire.identifiers, |i, n| identifier(n, &At(at, ".identifiers", i), faults)),
        role_source: wire.role_source,
        role_confidence: wire.role_confidence.and_then(|given| confidence(given, at, faults)),
        is_disputed: wire.is_disputed || !wire.dispute_note.is_empty(),
        dispute_note: wire.dispute_note,
        is_to_order: wire.is_to_order,
        structured_address: wire.structured_address.map(|a| address(a, at, faults)).unwrap_or_default(),
        born: faults.value(&wire.born, partial, PARTIAL_DATE, &Field(at, "born")),
        incorporated: faults.value(&wire.incorporated, partial, PARTIAL_DATE, &Field(at, "incorporated")),
    }
}

const PARTIAL_DATE: &str = "a date; expected YYYY, YYYY-MM or YYYY-MM-DD";

fn partial(text: &str) -> Option<PartialDate> {
    date::partial(text).ok()
}

fn confidence(given: u32, at: &dyn fmt::Display, faults: &mut Faults) -> Option<Score> {
    let score = u16::try_from(given).ok().and_then(Score::new);
    if score.is_none() {
        let what = format!("{given} is out of range; expected 0 to 1000 thousandths");
        faults.add(&Field(at, "roleConfidence"), what, Need::Record);
    }
    score
}

fn address(wire: v1::StructuredAddress, at: &dyn fmt::Display, faults: &mut Faults) -> StructuredAddress {
    StructuredAddress {
        unit: wire.unit,
        floor: wire.floor,
        building: wire.building,
        street_number: wire.street_number,
        street: wire.street,
        po_box: wire.po_box,
        city: wire.city,
        region: wire.region,
        post_code: wire.post_code,
        locode: faults.locode(wire.locode, &Field(at, "structuredAddress.locode")),
    }
}

fn role(number: i32, at: &dyn fmt::Display, faults: &mut Faults) -> Option<Role> {
    let Ok(role) = v1::party::Role::try_from(number) else {
        let what = format!("{number} is not a role; expected 0 to {}", Role::ALL.len());
        faults.add(&Field(at, "role"), what, Need::Review);
        return None;
    };
    role_from_wire(role)
}

/// The counterpart of a role on the wire.
pub(crate) fn role_to_wire(role: Role) -> v1::party::Role {
    let all = (0..=Role::ALL.len() as i32).filter_map(|number| v1::party::Role::try_from(number).ok());
    all.into_iter().find(|wire| role_from_wire(*wire) == Some(role)).unwrap_or_default()
}

/// A role off the wire; `None` where none is given.
pub fn role_from_wire(role: v1::party::Role) -> Option<Role> {
    use v1::party::Role as W;
    Some(match role {
        W::Unspecified => return None,
        W::Shipper => Role::Shipper,
        W::Seller => Role::Seller,
        W::Buyer => Role::Buyer,
        W::Consignee => Role::Consignee,
        W::IntermediateConsignee => Role::IntermediateConsignee,
        W::UltimateConsignee => Role::UltimateConsignee,
        W::EndUser => Role::EndUser,
        W::NotifyParty => Role::NotifyParty,
        W::Forwarder => Role::Forwarder,
        W::Carrier => Role::Carrier,
        W::Agent => Role::Agent,
        W::VesselOwner => Role::VesselOwner,
        W::Bank => Role::Bank,
        W::Manufacturer => Role::Manufacturer,
        W::OnBehalfOfShipper => Role::OnBehalfOfShipper,
        W::OnBehalfOfConsignee => Role::OnBehalfOfConsignee,
        W::Endorsee => Role::Endorsee,
        W::Warehouse => Role::Warehouse,
        W::Exporter => Role::Exporter,
        W::Importer => Role::Importer,
        W::DeliveryParty => Role::DeliveryParty,
    })
}

fn identifier(wire: v1::Identifier, at: &dyn fmt::Display, faults: &mut Faults) -> Identifier {
    let kind = match v1::identifier::Type::try_from(wire.r#type) {
        Ok(kind) => identifier_type_from_wire(kind),
        Err(_) => {
            let last = v1::identifier::Type::Other as i32;
            let what = format!("{} is not a type of identifier; expected 0 to {last}", wire.r#type);
            faults.add(&Field(at, "type"), what, Need::Record);
            IdentifierType::Other
        }
    };
    Identifier { kind, value: wire.value, country: faults.country(&wire.country, &Field(at, "country"), Need::Record) }
}

pub(super) fn identifier_type_from_wire(kind: v1::identifier::Type) -> IdentifierType {
    use v1::identifier::Type as W;
    match kind {
        W::Unspecified | W::Other => IdentifierType::Other,
        W::Imo => IdentifierType::Imo,
        W::Mmsi => IdentifierType::Mmsi,
        W::Uscc => IdentifierType::Uscc,
        W::Inn => IdentifierType::Inn,
        W::Ogrn => IdentifierType::Ogrn,
        W::Lei => IdentifierType::Lei,
        W::Tax => IdentifierType::Tax,
        W::Registration => IdentifierType::Registration,
        W::Passport => IdentifierType::Passport,
        W::NationalId => IdentifierType::NationalId,
        W::Bic => IdentifierType::Bic,
        W::Aircraft => IdentifierType::Aircraft,
    }
}
