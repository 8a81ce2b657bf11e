//! What is screened: the shipment record, as the readers and the service deliver it.
//!
//! Texts are kept as sent, byte for byte, because every finding points back into them. The fields mirror
//! `proto/tidewaiter/v1/shipment.proto`, where each is described; here countries and dates are checked types.

use crate::country::Country;
use crate::entry::Identifier;
use jiff::civil::Date;

/// One shipment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shipment {
    /// The caller's own reference.
    pub reference: String,
    /// Screen against the rows in force on this date.
    pub as_of: Option<Date>,
    /// Leave out rows published after this date.
    pub known_on: Option<Date>,
    /// Parties in document order.
    pub parties: Vec<Party>,
    /// Goods lines in document order.
    pub goods: Vec<Goods>,
    /// Where the goods go.
    pub route: Route,
    /// Vessels named.
    pub vessels: Vec<Vessel>,
    /// Dates for the record.
    pub dates: ShipmentDates,
}

/// A party named in the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// What the party does; `None` when not said.
    pub role: Option<Role>,
    /// Name as written.
    pub name: String,
    /// Further spellings.
    pub other_names: Vec<String>,
    /// Address as written.
    pub address: String,
    /// Country, where known.
    pub country: Option<Country>,
    /// Registration, tax and other numbers.
    pub identifiers: Vec<Identifier>,
    /// Who says that the party has this role.
    pub role_source: String,
}

/// What a party does in a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sends the goods.
    Shipper,
    /// Sells the goods.
    Seller,
    /// Buys the goods.
    Buyer,
    /// Receives the goods as named in the transport document.
    Consignee,
    /// Takes the goods on the way.
    IntermediateConsignee,
    /// Receives the goods last.
    UltimateConsignee,
    /// Uses the goods.
    EndUser,
    /// Is told of the arrival.
    NotifyParty,
    /// Arranges the transport.
    Forwarder,
    /// Carries the goods.
    Carrier,
    /// Acts for another party.
    Agent,
    /// Owns the vessel.
    VesselOwner,
    /// Finances or guarantees the deal.
    Bank,
    /// Made the goods.
    Manufacturer,
    /// The shipper acts for this party.
    OnBehalfOfShipper,
    /// The consignee acts for this party.
    OnBehalfOfConsignee,
    /// The bill of lading is endorsed to this party.
    Endorsee,
    /// Stores the goods.
    Warehouse,
    /// Exporter of record.
    Exporter,
    /// Importer of record.
    Importer,
    /// The goods are delivered to this party.
    DeliveryParty,
}

impl Role {
    /// Every role, in the order of the protocol.
    pub const ALL: [Self; 21] = [
        Self::Shipper,
        Self::Seller,
        Self::Buyer,
        Self::Consignee,
        Self::IntermediateConsignee,
        Self::UltimateConsignee,
        Self::EndUser,
        Self::NotifyParty,
        Self::Forwarder,
        Self::Carrier,
        Self::Agent,
        Self::VesselOwner,
        Self::Bank,
        Self::Manufacturer,
        Self::OnBehalfOfShipper,
        Self::OnBehalfOfConsignee,
        Self::Endorsee,
        Self::Warehouse,
        Self::Exporter,
        Self::Importer,
        Self::DeliveryParty,
    ];

    /// The CSV column of the role, for example `notify_party`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shipper => "shipper",
            Self::Seller => "seller",
            Self::Buyer => "buyer",
            Self::Consignee => "consignee",
            Self::IntermediateConsignee => "intermediate_consignee",
            Self::UltimateConsignee => "ultimate_consignee",
            Self::EndUser => "end_user",
            Self::NotifyParty => "notify_party",
            Self::Forwarder => "forwarder",
            Self::Carrier => "carrier",
            Self::Agent => "agent",
            Self::VesselOwner => "vessel_owner",
            Self::Bank => "bank",
            Self::Manufacturer => "manufacturer",
            Self::OnBehalfOfShipper => "on_behalf_of_shipper",
            Self::OnBehalfOfConsignee => "on_behalf_of_consignee",
            Self::Endorsee => "endorsee",
            Self::Warehouse => "warehouse",
            Self::Exporter => "exporter",
            Self::Importer => "importer",
            Self::DeliveryParty => "delivery_party",
        }
    }

    /// Reads a CSV column name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}

/// One goods line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    /// Description as written.
    pub description: String,
    /// Shipping marks.
    pub marks: String,
    /// HS or national tariff code as written.
    pub hs_code: String,
    /// Export control classification number.
    pub eccn: String,
    /// Brand, where recorded apart.
    pub brand: String,
    /// Model, where recorded apart.
    pub model: String,
    /// Country of origin.
    pub origin: Option<Country>,
}

/// Where the goods go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Place of receipt.
    pub receipt: Option<Place>,
    /// Port or place of loading.
    pub loading: Option<Place>,
    /// Places of transshipment, in order.
    pub transshipment: Vec<Place>,
    /// Port or place of discharge.
    pub discharge: Option<Place>,
    /// Place of delivery.
    pub delivery: Option<Place>,
    /// Final destination.
    pub destination: Option<Place>,
    /// Countries of the routing in order.
    pub routing_countries: Vec<Country>,
}

/// A place of the route.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// As written.
    pub text: String,
    /// Country, where known.
    pub country: Option<Country>,
    /// UN/LOCODE, five characters, upper case; empty when not given.
    pub locode: String,
}

/// A vessel named in the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vessel {
    /// Name as written.
    pub name: String,
    /// IMO number as written.
    pub imo: String,
    /// Flag, where known.
    pub flag: Option<Country>,
}

/// Dates for the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShipmentDates {
    /// Transport document issued.
    pub issued: Option<Date>,
    /// Departure.
    pub departure: Option<Date>,
    /// Arrival.
    pub arrival: Option<Date>,
}

/// A fault in a record that keeps it from being screened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field, for example `parties[0].country`; empty when the whole record is meant.
    pub field_path: String,
    /// What is wrong and what was expected.
    pub description: String,
}
