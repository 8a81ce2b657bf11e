//! What a column holds, and the names of the columns.

use model::shipment::{AddressPart, Role};

/// A column that the screening reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The caller's reference.
    Reference,
    /// Rows in force on this date.
    AsOf,
    /// Rows known on this date.
    KnownOn,
    /// A date of the shipment.
    Date(DateField),
    /// What is attested.
    Attestations,
    /// Countries of the routing, in order.
    RoutingCountries,
    /// One text of the goods line.
    Goods(GoodsField),
    /// One text of the party with this role.
    Party(Role, PartyField),
    /// One place of the route.
    Place(PlaceField),
    /// One text of the vessel.
    Vessel(VesselField),
}

/// What a goods column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum GoodsField {
    Description,
    Marks,
    HsCode,
    Eccn,
    Brand,
    Model,
    Origin,
    OtherHsCodes,
    HsEdition,
    Quantity,
    Unit,
    NetWeightKg,
    Value,
    Currency,
    ExportLicence,
    ExportLicenceExpires,
    ImportLicence,
    ImportLicenceExpires,
}

/// What a party column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum PartyField {
    Name,
    OtherNames,
    Country,
    Address,
    AddressPart(AddressPart),
    Locode,
    Id,
    Source,
    Confidence,
    Disputed,
    ToOrder,
    Born,
    Incorporated,
}

/// What a place column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum PlaceField {
    Receipt,
    Loading,
    Transshipment,
    Discharge,
    Delivery,
    Destination,
}

/// What a date column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum DateField {
    Issued,
    Departure,
    Arrival,
}

/// What a vessel column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum VesselField {
    Name,
    Imo,
    Flag,
}

/// The columns that do not depend on a role.
const PLAIN: [(&str, Field); 35] = [
    ("reference", Field::Reference),
    ("description", Field::Goods(GoodsField::Description)),
    ("marks", Field::Goods(GoodsField::Marks)),
    ("hs_code", Field::Goods(GoodsField::HsCode)),
    ("eccn", Field::Goods(GoodsField::Eccn)),
    ("brand", Field::Goods(GoodsField::Brand)),
    ("model", Field::Goods(GoodsField::Model)),
    ("origin", Field::Goods(GoodsField::Origin)),
    ("other_hs_codes", Field::Goods(GoodsField::OtherHsCodes)),
    ("hs_edition", Field::Goods(GoodsField::HsEdition)),
    ("quantity", Field::Goods(GoodsField::Quantity)),
    ("unit", Field::Goods(GoodsField::Unit)),
    ("net_weight_kg", Field::Goods(GoodsField::NetWeightKg)),
    ("value", Field::Goods(GoodsField::Value)),
    ("currency", Field::Goods(GoodsField::Currency)),
    ("export_licence", Field::Goods(GoodsField::ExportLicence)),
    ("export_licence_expires", Field::Goods(GoodsField::ExportLicenceExpires)),
    ("import_licence", Field::Goods(GoodsField::ImportLicence)),
    ("import_licence_expires", Field::Goods(GoodsField::ImportLicenceExpires)),
    ("loading", Field::Place(PlaceField::Loading)),
    ("transshipment", Field::Place(PlaceField::Transshipment)),
    ("discharge", Field::Place(PlaceField::Discharge)),
    ("destination", Field::Place(PlaceField::Destination)),
    ("receipt", Field::Place(PlaceField::Receipt)),
    ("delivery", Field::Place(PlaceField::Delivery)),
    ("vessel", Field::Vessel(VesselField::Name)),
    ("vessel_imo", Field::Vessel(VesselField::Imo)),
    ("vessel_flag", Field::Vessel(VesselField::Flag)),
    ("routing_countries", Field::RoutingCountries),
    ("issued", Field::Date(DateField::Issued)),
    ("departure", Field::Date(DateField::Departure)),
    ("arrival", Field::Date(DateField::Arrival)),
    ("attestations", Field::Attestations),
    ("as_of", Field::AsOf),
    ("known_on", Field::KnownOn),
];

/// How many of them are named before the parties.
const PLAIN_BEFORE: usize = 19;

/// What a party column's name ends with.
const PARTY_SUFFIXES: [(&str, PartyField); 21] = [
    ("", PartyField::Name),
    ("_country", PartyField::Country),
    ("_address", PartyField::Address),
    ("_id", PartyField::Id),
    ("_other_names", PartyField::OtherNames),
    ("_unit", PartyField::AddressPart(AddressPart::Unit)),
    ("_floor", PartyField::AddressPart(AddressPart::Floor)),
    ("_building", PartyField::AddressPart(AddressPart::Building)),
    ("_street_number", PartyField::AddressPart(AddressPart::StreetNumber)),
    ("_street", PartyField::AddressPart(AddressPart::Street)),
    ("_po_box", PartyField::AddressPart(AddressPart::PoBox)),
    ("_city", PartyField::AddressPart(AddressPart::City)),
    ("_region", PartyField::AddressPart(AddressPart::Region)),
    ("_post_code", PartyField::AddressPart(AddressPart::PostCode)),
    ("_locode", PartyField::Locode),
    ("_source", PartyField::Source),
    ("_confidence", PartyField::Confidence),
    ("_disputed", PartyField::Disputed),
    ("_to_order", PartyField::ToOrder),
    ("_born", PartyField::Born),
    ("_incorporated", PartyField::Incorporated),
];

impl Field {
    /// Reads a column name in any case, words joined by blanks, hyphens or underscores.
    pub fn parse(column: &str) -> Option<Self> {
        let mut name = String::with_capacity(column.len());
        for word in column.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-')).filter(|w| !w.is_empty()) {
            if !name.is_empty() {
                name.push('_');
            }
            name.push_str(&word.to_ascii_lowercase());
        }
        if let Some((_, field)) = PLAIN.iter().find(|(plain, _)| *plain == name) {
            return Some(*field);
        }
        PARTY_SUFFIXES
            .iter()
            .find_map(|(suffix, part)| Some(Self::Party(Role::parse(name.strip_suffix(suffix)?)?, *part)))
    }

    /// Every column name; a party's further columns are written `<role>_country` and so on.
    pub fn names() -> Vec<String> {
        let (plain_before, plain_after) = PLAIN.split_at(PLAIN_BEFORE);
        let names = |plain: &[(&str, Self)]| plain.iter().map(|(n, _)| (*n).to_owned()).collect::<Vec<_>>();
        let mut all = names(plain_before);
        all.extend(Role::ALL.iter().map(|r| r.as_str().to_owned()));
        let suffixes = PARTY_SUFFIXES.iter().filter(|(suffix, _)| !suffix.is_empty());
        all.extend(suffixes.map(|(suffix, _)| format!("<role>{suffix}")));
        all.extend(names(plain_after));
        all
    }
}
