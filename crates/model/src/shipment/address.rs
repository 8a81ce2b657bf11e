//! An address in parts, as structured documents give it.

/// A part of an address, in the order in which the parts are written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the fields")]
pub enum AddressPart {
    Unit,
    Floor,
    Building,
    StreetNumber,
    Street,
    PoBox,
    City,
    Region,
    PostCode,
}

impl AddressPart {
    /// Every part, in writing order.
    pub const ALL: [Self; 9] = [
        Self::Unit,
        Self::Floor,
        Self::Building,
        Self::StreetNumber,
        Self::Street,
        Self::PoBox,
        Self::City,
        Self::Region,
        Self::PostCode,
    ];

    /// What a CSV column of the part ends with, for example `street_number`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Floor => "floor",
            Self::Building => "building",
            Self::StreetNumber => "street_number",
            Self::Street => "street",
            Self::PoBox => "po_box",
            Self::City => "city",
            Self::Region => "region",
            Self::PostCode => "post_code",
        }
    }

    /// The part's key in the JSON form, for example `streetNumber`.
    pub fn key(self) -> &'static str {
        match self {
            Self::StreetNumber => "streetNumber",
            Self::PoBox => "poBox",
            Self::PostCode => "postCode",
            plain => plain.as_str(),
        }
    }
}

/// An address in parts; each is as written and may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StructuredAddress {
    /// Unit, room, suite or flat.
    pub unit: String,
    /// Floor.
    pub floor: String,
    /// Building.
    pub building: String,
    /// House number.
    pub street_number: String,
    /// Street.
    pub street: String,
    /// Post-office box.
    pub po_box: String,
    /// City.
    pub city: String,
    /// State, province or region.
    pub region: String,
    /// Post code.
    pub post_code: String,
    /// UN/LOCODE of the city; empty when not given.
    pub locode: String,
}

impl StructuredAddress {
    /// One part.
    pub fn part(&self, part: AddressPart) -> &str {
        match part {
            AddressPart::Unit => &self.unit,
            AddressPart::Floor => &self.floor,
            AddressPart::Building => &self.building,
            AddressPart::StreetNumber => &self.street_number,
            AddressPart::Street => &self.street,
            AddressPart::PoBox => &self.po_box,
            AddressPart::City => &self.city,
            AddressPart::Region => &self.region,
            AddressPart::PostCode => &self.post_code,
        }
    }

    /// The parts that are given, joined as one would write them on one line.
    pub fn joined(&self) -> String {
        let mut out = String::new();
        for part in AddressPart::ALL {
            let text = self.part(part);
            if text.is_empty() {
                continue;
            }
            if !out.is_empty() {
                // "19 Jinping Road", not "19, Jinping Road".
                out.push_str(if part == AddressPart::Street && !self.street_number.is_empty() { " " } else { ", " });
            }
            // "3" says nothing without its word; "3/F" and "Room 803" do.
            let word = match part {
                AddressPart::Unit => "Unit ",
                AddressPart::Floor => "Floor ",
                AddressPart::PoBox => "P.O. Box ",
                _ => "",
            };
            if !text.bytes().any(|b| b.is_ascii_alphabetic()) {
                out.push_str(word);
            }
            out.push_str(text);
        }
        out
    }
}
