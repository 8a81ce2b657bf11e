//! The texts of a shipment that are searched, in a defined order, each with its path.

use crate::policy::FieldKind;
use model::shipment::{AddressPart, Shipment};
use std::fmt;

/// Where a text stands in the shipment. The order is the order of findings that are equally strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// `parties[n].name`
    PartyName(u32),
    /// `parties[n].otherNames[m]`
    PartyOtherName(u32, u32),
    /// `parties[n].identifiers[m].value`
    PartyIdentifier(u32, u32),
    /// `parties[n].address`
    PartyAddress(u32),
    /// `parties[n].structuredAddress.street` and so on
    PartyAddressPart(u32, AddressPart),
    /// `parties[n].structuredAddress`
    PartyStructuredAddress(u32),
    /// `vessels[n].name`
    VesselName(u32),
    /// `vessels[n].imo`
    VesselImo(u32),
    /// `goods[n].description`
    GoodsDescription(u32),
    /// `goods[n].marks`
    GoodsMarks(u32),
    /// `goods[n].brand`
    GoodsBrand(u32),
    /// `goods[n].model`
    GoodsModel(u32),
    /// What the rule finding of this number is about; its path says where.
    Rule(u32),
    /// The lists screened against, rather than the shipment.
    Lists,
}

impl Place {
    /// Whether the text is a name as a whole.
    pub fn is_name(self) -> bool {
        matches!(self, Self::PartyName(_) | Self::PartyOtherName(..) | Self::VesselName(_))
    }

    /// Whether the text describes goods.
    pub fn is_goods(self) -> bool {
        matches!(self, Self::GoodsDescription(_) | Self::GoodsMarks(_) | Self::GoodsBrand(_) | Self::GoodsModel(_))
    }

    /// What policies call the field.
    pub fn kind(self) -> FieldKind {
        match self {
            Self::PartyName(_) | Self::PartyOtherName(..) => FieldKind::PartyName,
            Self::PartyIdentifier(..) => FieldKind::PartyIdentifier,
            Self::PartyAddress(_) | Self::PartyAddressPart(..) | Self::PartyStructuredAddress(_) => {
                FieldKind::PartyAddress
            }
            Self::VesselName(_) => FieldKind::VesselName,
            Self::VesselImo(_) => FieldKind::VesselImo,
            Self::GoodsDescription(_) => FieldKind::GoodsDescription,
            Self::GoodsMarks(_) => FieldKind::GoodsMarks,
            // No name is searched in what a rule is about.
            Self::GoodsBrand(_) | Self::GoodsModel(_) | Self::Rule(_) | Self::Lists => FieldKind::Goods,
        }
    }

    /// The party the text belongs to.
    pub fn party(self) -> Option<usize> {
        match self {
            Self::PartyName(at)
            | Self::PartyOtherName(at, _)
            | Self::PartyIdentifier(at, _)
            | Self::PartyAddress(at)
            | Self::PartyAddressPart(at, _)
            | Self::PartyStructuredAddress(at) => Some(at as usize),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PartyName(n) => write!(f, "parties[{n}].name"),
            Self::PartyOtherName(n, m) => write!(f, "parties[{n}].otherNames[{m}]"),
            Self::PartyIdentifier(n, m) => write!(f, "parties[{n}].identifiers[{m}].value"),
            Self::PartyAddress(n) => write!(f, "parties[{n}].address"),
            Self::PartyAddressPart(n, part) => write!(f, "parties[{n}].structuredAddress.{}", part.key()),
            Self::PartyStructuredAddress(n) => write!(f, "parties[{n}].structuredAddress"),
            Self::VesselName(n) => write!(f, "vessels[{n}].name"),
            Self::VesselImo(n) => write!(f, "vessels[{n}].imo"),
            Self::GoodsDescription(n) => write!(f, "goods[{n}].description"),
            Self::GoodsMarks(n) => write!(f, "goods[{n}].marks"),
            Self::GoodsBrand(n) => write!(f, "goods[{n}].brand"),
            Self::GoodsModel(n) => write!(f, "goods[{n}].model"),
            Self::Rule(n) => write!(f, "rule finding {n}"),
            Self::Lists => write!(f, "lists"),
        }
    }
}

/// Calls `see` with every text of the shipment that is not empty.
pub fn each<'a>(shipment: &'a Shipment, mut see: impl FnMut(Place, &'a str)) {
    let mut look = |place: Place, text: &'a str| {
        if !text.is_empty() {
            see(place, text);
        }
    };
    for (n, party) in shipment.parties.iter().enumerate() {
        let n = n as u32;
        look(Place::PartyName(n), &party.name);
        for (m, name) in party.other_names.iter().enumerate() {
            look(Place::PartyOtherName(n, m as u32), name);
        }
        look(Place::PartyAddress(n), &party.address);
        for part in AddressPart::ALL {
            look(Place::PartyAddressPart(n, part), party.structured_address.part(part));
        }
    }
    for (n, vessel) in shipment.vessels.iter().enumerate() {
        look(Place::VesselName(n as u32), &vessel.name);
        look(Place::VesselImo(n as u32), &vessel.imo);
    }
    for (n, goods) in shipment.goods.iter().enumerate() {
        let n = n as u32;
        look(Place::GoodsDescription(n), &goods.description);
        look(Place::GoodsMarks(n), &goods.marks);
        look(Place::GoodsBrand(n), &goods.brand);
        look(Place::GoodsModel(n), &goods.model);
    }
}
