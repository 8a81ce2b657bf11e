//! What is screened: the shipment record, as the readers and the service deliver it.
//!
//! Texts are kept as sent, byte for byte, because every finding points back into them. The fields mirror
//! `proto/tidewaiter/v1/shipment.proto`, where each is described; here countries and dates are checked types.

mod address;
mod attestation;
mod goods;
mod path;
mod role;
mod value;

pub use address::{AddressPart, StructuredAddress};
pub use attestation::{Attestation, AttestationKind};
pub use goods::{Goods, HsPath, Licence, LicenceKind};
pub use role::Role;
pub use value::{Currency, Decimal, PartialDate};

use crate::country::Country;
use crate::entry::Identifier;
use crate::score::Score;
use jiff::civil::Date;
use std::borrow::Cow;

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
    /// What the caller states and no record can show.
    pub attestations: Vec<Attestation>,
    /// Fields that were given and could not be read; the rest of the record is screened.
    pub unread: Vec<UnreadField>,
}

impl Shipment {
    /// Whether the caller attests this.
    pub fn attests(&self, kind: AttestationKind) -> bool {
        self.attestations.iter().any(|a| a.kind == kind)
    }
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
    /// Address in parts; all empty when not given.
    pub structured_address: StructuredAddress,
    /// Country, where known.
    pub country: Option<Country>,
    /// Registration, tax and other numbers.
    pub identifiers: Vec<Identifier>,
    /// Who says that the party has this role.
    pub role_source: String,
    /// How sure that source is of the role, in thousandths; `None` when not said.
    pub role_confidence: Option<Score>,
    /// Whether somebody disputes the role.
    pub is_disputed: bool,
    /// Who disputes the role, and why.
    pub dispute_note: String,
    /// The document is made out to order: it names no party here.
    pub is_to_order: bool,
    /// Day, month or year of birth.
    pub born: Option<PartialDate>,
    /// Day, month or year of incorporation.
    pub incorporated: Option<PartialDate>,
}

impl Party {
    /// The whole address in one text: as written, then its parts; no blanks are added when there is only one of them.
    pub fn whole_address(&self) -> Cow<'_, str> {
        let parts = self.structured_address.joined();
        match (self.address.is_empty(), parts.is_empty()) {
            (_, true) => Cow::Borrowed(&self.address),
            (true, false) => Cow::Owned(parts),
            (false, false) => Cow::Owned(format!("{}\n{parts}", self.address)),
        }
    }
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

/// A field that was given and could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadField {
    /// Which field, and what was expected.
    pub problem: Problem,
    /// Whether a rule needed it: then the outcome is at least REVIEW.
    pub needs_review: bool,
}

/// A fault in a record: a field that could not be read, or what keeps the whole record from being screened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field, for example `parties[0].country`; empty when the whole record is meant.
    pub field_path: String,
    /// What is wrong and what was expected.
    pub description: String,
}
