//! What a column holds, and the names of the columns.

use model::shipment::{AddressPart, Role};

/// A column that the screening reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The caller's reference.
    Reference,
    /// Screen against the entries in force on this date.
    AsOf,
    /// Leave out entries published after this date.
    KnownOn,
    /// A date of the shipment.
    Date(DateField),
    /// What is attested.
    Attestations,
    /// Countries of the routing, in order.
    RoutingCountries,
    /// One text of the goods line.
    Goods(GoodsField),
    /// One text of the party with this role; without a role, of a party whose part in the deal is not said.
    Party(Option<Role>, PartyField),
    /// A country that has to do with the shipment in a way that is not said.
    OtherCountry,
    /// One place of the route, as text, code or country.
    Place(PlaceField),
    /// The country of a place of the route.
    PlaceCountry(PlaceField),
    /// One text of the vessel.
    Vessel(VesselField),
}

/// What is made of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It gives this field.
    Read(Field),
    /// An earlier column gives this field, and only one can.
    Given(Field),
    /// The caller leaves it out.
    Ignored,
    /// Understood, and nothing that screening reads.
    NotNeeded,
    /// Not understood; the flag says that its name refers to a party.
    Unknown(bool),
}

/// What a goods column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum GoodsField {
    Description,
    /// The tariff's own text for the code: the description where no other is given.
    TariffText,
    Marks,
    /// What the packages are: text beside the marks.
    Packing,
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
    /// Telephone, e-mail and the like, which no list is compared with.
    Contact,
    /// A person who acts for the party, who is a party too.
    ContactPerson,
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
const PLAIN: [(&str, Field); 43] = [
    ("reference", Field::Reference),
    ("description", Field::Goods(GoodsField::Description)),
    ("tariff_text", Field::Goods(GoodsField::TariffText)),
    ("marks", Field::Goods(GoodsField::Marks)),
    ("packing", Field::Goods(GoodsField::Packing)),
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
    ("country", Field::OtherCountry),
    ("loading", Field::Place(PlaceField::Loading)),
    ("transshipment", Field::Place(PlaceField::Transshipment)),
    ("discharge", Field::Place(PlaceField::Discharge)),
    ("destination", Field::Place(PlaceField::Destination)),
    ("receipt", Field::Place(PlaceField::Receipt)),
    ("delivery", Field::Place(PlaceField::Delivery)),
    ("loading_country", Field::PlaceCountry(PlaceField::Loading)),
    ("discharge_country", Field::PlaceCountry(PlaceField::Discharge)),
    ("destination_country", Field::PlaceCountry(PlaceField::Destination)),
    ("receipt_country", Field::PlaceCountry(PlaceField::Receipt)),
    ("delivery_country", Field::PlaceCountry(PlaceField::Delivery)),
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
const PLAIN_BEFORE: usize = 21;

/// What a party column's name ends with.
const PARTY_SUFFIXES: [(&str, PartyField); 23] = [
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
    ("_contact", PartyField::Contact),
    ("_contact_person", PartyField::ContactPerson),
];

/// The word for a party without a role.
const ANY_PARTY: &str = "party";

impl Field {
    /// Reads the name of a field in any case, words joined by blanks, hyphens or underscores.
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
        PARTY_SUFFIXES.iter().find_map(|(suffix, part)| {
            let role = name.strip_suffix(suffix)?;
            let role = if role == ANY_PARTY { None } else { Some(Role::parse(role)?) };
            Some(Self::Party(role, *part))
        })
    }

    /// The name of the field, as [`Field::parse`] reads it.
    pub fn name(self) -> String {
        if let Self::Party(role, part) = self {
            let suffix = PARTY_SUFFIXES.iter().find(|(_, p)| *p == part).map_or("", |(suffix, _)| suffix);
            return format!("{}{suffix}", role.map_or(ANY_PARTY, Role::as_str));
        }
        PLAIN.iter().find(|(_, field)| *field == self).map_or_else(String::new, |(name, _)| (*name).to_owned())
    }

    /// Whether several columns may give it: texts are joined, names are other names of the party, codes and numbers are
    /// all read.
    pub(super) fn takes_several(self) -> bool {
        match self {
            Self::Party(_, part) => !matches!(
                part,
                PartyField::Source
                    | PartyField::Confidence
                    | PartyField::Disputed
                    | PartyField::ToOrder
                    | PartyField::Born
                    | PartyField::Incorporated
                    | PartyField::Locode
            ),
            Self::Goods(part) => matches!(
                part,
                GoodsField::Description
                    | GoodsField::TariffText
                    | GoodsField::Marks
                    | GoodsField::Packing
                    | GoodsField::HsCode
                    | GoodsField::OtherHsCodes
                    | GoodsField::Brand
                    | GoodsField::Model
                    | GoodsField::Origin
            ),
            Self::OtherCountry | Self::Place(_) | Self::PlaceCountry(_) | Self::RoutingCountries => true,
            Self::Vessel(part) => part == VesselField::Name,
            Self::Reference | Self::AsOf | Self::KnownOn | Self::Date(_) | Self::Attestations => false,
        }
    }

    /// Every field's name; a party's further fields are written `<role>_country` and so on.
    pub fn names() -> Vec<String> {
        let (plain_before, plain_after) = PLAIN.split_at(PLAIN_BEFORE);
        let names = |plain: &[(&str, Self)]| plain.iter().map(|(n, _)| (*n).to_owned()).collect::<Vec<_>>();
        let mut all = names(plain_before);
        all.extend(Role::ALL.iter().map(|r| r.as_str().to_owned()));
        all.push(ANY_PARTY.to_owned());
        let suffixes = PARTY_SUFFIXES.iter().filter(|(suffix, _)| !suffix.is_empty());
        all.extend(suffixes.map(|(suffix, _)| format!("<role>{suffix}")));
        all.extend(names(plain_after));
        all
    }
}
