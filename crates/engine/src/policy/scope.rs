//! What a setting is about: lists, effects, roles and fields.

use model::entry::Effect;
use model::shipment::Role;

/// Where in a shipment a text stands, as policies name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKind {
    /// A party's name or one of its other names.
    PartyName,
    /// A party's address, whole or in parts.
    PartyAddress,
    /// A number of a party.
    PartyIdentifier,
    /// What else a party's record says: its country, its role, its ownership.
    Party,
    /// A vessel's name.
    VesselName,
    /// A vessel's IMO number.
    VesselImo,
    /// What else a vessel's record says.
    Vessel,
    /// The description of a goods line.
    GoodsDescription,
    /// The shipping marks of a goods line.
    GoodsMarks,
    /// What else a goods line says: its codes, brand, model, origin.
    Goods,
    /// The route.
    Route,
    /// The shipment as a whole.
    Shipment,
}

impl FieldKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::PartyName,
        Self::PartyAddress,
        Self::PartyIdentifier,
        Self::Party,
        Self::VesselName,
        Self::VesselImo,
        Self::Vessel,
        Self::GoodsDescription,
        Self::GoodsMarks,
        Self::Goods,
        Self::Route,
        Self::Shipment,
    ];

    /// The word in policy files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PartyName => "party_name",
            Self::PartyAddress => "party_address",
            Self::PartyIdentifier => "party_identifier",
            Self::Party => "party",
            Self::VesselName => "vessel_name",
            Self::VesselImo => "vessel_imo",
            Self::Vessel => "vessel",
            Self::GoodsDescription => "goods_description",
            Self::GoodsMarks => "goods_marks",
            Self::Goods => "goods",
            Self::Route => "route",
            Self::Shipment => "shipment",
        }
    }

    /// The kind of the field at a path such as `parties[0].name`.
    pub fn of_path(path: &str) -> Self {
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        let of_row = rest.split(['.', '[']).next().unwrap_or_default();
        match (head.split('[').next().unwrap_or_default(), of_row) {
            ("parties", "name" | "otherNames") => Self::PartyName,
            ("parties", "address" | "structuredAddress") => Self::PartyAddress,
            ("parties", "identifiers") => Self::PartyIdentifier,
            ("parties", _) => Self::Party,
            ("vessels", "name") => Self::VesselName,
            ("vessels", "imo") => Self::VesselImo,
            ("vessels", _) => Self::Vessel,
            ("goods", "description") => Self::GoodsDescription,
            ("goods", "marks") => Self::GoodsMarks,
            ("goods", _) => Self::Goods,
            ("route", _) => Self::Route,
            _ => Self::Shipment,
        }
    }
}

/// What a setting is about; a part that is empty takes everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) lists: Vec<String>,
    pub(super) effects: Vec<Effect>,
    pub(super) roles: Vec<Role>,
    pub(super) fields: Vec<FieldKind>,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub(super) list: Option<&'a str>,
    pub(super) effect: Option<Effect>,
    pub(super) role: Option<Role>,
    pub(super) field: FieldKind,
}

impl Scope {
    /// Whether it takes this in.
    pub(super) fn takes(&self, about: About<'_>) -> bool {
        let takes = |given: bool, known: bool| !given || known;
        takes(!self.lists.is_empty(), about.list.is_some_and(|l| self.lists.iter().any(|s| s == l)))
            && takes(!self.effects.is_empty(), about.effect.is_some_and(|e| self.effects.contains(&e)))
            && takes(!self.roles.is_empty(), about.role.is_some_and(|r| self.roles.contains(&r)))
            && takes(!self.fields.is_empty(), self.fields.contains(&about.field))
    }

    /// How many parts it names: of two settings the one that names more is the nearer one.
    pub(super) fn nearness(&self) -> usize {
        [!self.lists.is_empty(), !self.effects.is_empty(), !self.roles.is_empty(), !self.fields.is_empty()]
            .into_iter()
            .filter(|given| *given)
            .count()
    }

    /// One line for fingerprints and `policy show`.
    pub(super) fn line(&self) -> String {
        let effects: Vec<&str> = self.effects.iter().map(|e| e.as_str()).collect();
        let roles: Vec<&str> = self.roles.iter().map(|r| r.as_str()).collect();
        let fields: Vec<&str> = self.fields.iter().map(|f| f.as_str()).collect();
        let lists: Vec<&str> = self.lists.iter().map(String::as_str).collect();
        [("list", lists), ("effect", effects), ("role", roles), ("field", fields)]
            .iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(key, words)| format!("{key} = {words:?}\n"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_record_has_its_kind() {
        for (path, kind) in [
            ("parties[0].name", FieldKind::PartyName),
            ("parties[12].otherNames[1]", FieldKind::PartyName),
            ("parties[0].structuredAddress.street", FieldKind::PartyAddress),
            ("parties[0].identifiers[0].value", FieldKind::PartyIdentifier),
            ("parties[0]", FieldKind::Party),
            ("vessels[0].imo", FieldKind::VesselImo),
            ("goods[3].description", FieldKind::GoodsDescription),
            ("goods[3].otherHsCodes[0]", FieldKind::Goods),
            ("route.transshipment[0].text", FieldKind::Route),
            ("", FieldKind::Shipment),
        ] {
            assert_eq!(FieldKind::of_path(path), kind, "{path}");
        }
    }
}
