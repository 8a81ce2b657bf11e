//! Numbers and codes of parties, vessels and entries.

use crate::country::Country;

/// What a number or code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierType {
    /// IMO number of a ship or shipping company.
    Imo,
    /// Maritime Mobile Service Identity.
    Mmsi,
    /// China's Unified Social Credit Code.
    Uscc,
    /// Russian taxpayer number.
    Inn,
    /// Russian primary state registration number.
    Ogrn,
    /// Legal Entity Identifier.
    Lei,
    /// Tax number of any other country.
    Tax,
    /// Company or business registration number of any other country.
    Registration,
    /// Passport number.
    Passport,
    /// National identity number.
    NationalId,
    /// SWIFT or BIC code.
    Bic,
    /// Aircraft tail number or construction number.
    Aircraft,
    /// Any other number. On a shipment: the type was not given.
    Other,
}

impl IdentifierType {
    /// Every type.
    pub const ALL: [Self; 13] = [
        Self::Imo,
        Self::Mmsi,
        Self::Uscc,
        Self::Inn,
        Self::Ogrn,
        Self::Lei,
        Self::Tax,
        Self::Registration,
        Self::Passport,
        Self::NationalId,
        Self::Bic,
        Self::Aircraft,
        Self::Other,
    ];

    /// The word for it, in files and fingerprints.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imo => "imo",
            Self::Mmsi => "mmsi",
            Self::Uscc => "uscc",
            Self::Inn => "inn",
            Self::Ogrn => "ogrn",
            Self::Lei => "lei",
            Self::Tax => "tax",
            Self::Registration => "registration",
            Self::Passport => "passport",
            Self::NationalId => "national_id",
            Self::Bic => "bic",
            Self::Aircraft => "aircraft",
            Self::Other => "other",
        }
    }
}

/// A number or code of a party, vessel or entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identifier {
    /// What it is.
    pub kind: IdentifierType,
    /// As written.
    pub value: String,
    /// Issuing country, where given.
    pub country: Option<Country>,
}
