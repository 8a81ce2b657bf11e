//! The columns that field paths stand for.

use model::shipment::{AddressPart, Role, Shipment};
use std::borrow::Cow;
use wire::{role_from_wire, v1};

/// As much of a shipment as is needed to name its fields after it has been sent away.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    roles: Vec<Option<Role>>,
    goods: usize,
    vessels: usize,
}

impl Shape {
    /// The shape of a shipment on the wire.
    pub fn of(shipment: &v1::Shipment) -> Self {
        Self {
            roles: shipment.parties.iter().map(|party| role_from_wire(party.role())).collect(),
            goods: shipment.goods.len(),
            vessels: shipment.vessels.len(),
        }
    }

    /// The shape of a shipment that was taken off the wire.
    pub fn of_read(shipment: &Shipment) -> Self {
        Self {
            roles: shipment.parties.iter().map(|party| party.role).collect(),
            goods: shipment.goods.len(),
            vessels: shipment.vessels.len(),
        }
    }

    /// The CSV column of a field path: `parties[1].name` is `consignee` when that is the party's role. A path that
    /// no column stands for is given as it is.
    pub fn column<'a>(&self, path: &'a str) -> Cow<'a, str> {
        self.known_column(path).unwrap_or(Cow::Borrowed(path))
    }

    fn known_column<'a>(&self, path: &'a str) -> Option<Cow<'a, str>> {
        if let Some(rest) = path.strip_prefix("parties[") {
            let (index, field) = rest.split_once("].")?;
            let role = (*self.roles.get(index.parse::<usize>().ok()?)?)?;
            if self.roles.iter().filter(|r| **r == Some(role)).count() > 1 {
                return None;
            }
            let role = role.as_str();
            let part = match field {
                "name" => return Some(Cow::Borrowed(role)),
                "country" | "address" => field,
                _ if field.starts_with("identifiers[") => "id",
                _ if field.starts_with("otherNames[") => "other_names",
                "isToOrder" => "to_order",
                "isDisputed" | "disputeNote" => "disputed",
                _ => {
                    let field = field.strip_prefix("structuredAddress.");
                    AddressPart::ALL.into_iter().find(|part| field == Some(part.key()))?.as_str()
                }
            };
            return Some(Cow::Owned(format!("{role}_{part}")));
        }
        if let Some(field) = path.strip_prefix("goods[0].") {
            let column = match field.split('[').next()? {
                "hsCode" => "hs_code",
                "otherHsCodes" => "other_hs_codes",
                plain => plain,
            };
            return (self.goods == 1).then_some(Cow::Borrowed(column));
        }
        if let Some(field) = path.strip_prefix("vessels[0].").filter(|_| self.vessels == 1) {
            return Some(if field == "name" { Cow::Borrowed("vessel") } else { Cow::Owned(format!("vessel_{field}")) });
        }
        let place = path.strip_prefix("route.")?.split(['.', '[']).next()?;
        Some(Cow::Borrowed(if place == "routingCountries" { "routing_countries" } else { place }))
    }
}

/// Whether a finding asks for attention. One for the record does not, nor does one in shadow mode.
pub(crate) fn asks(finding: &v1::Finding) -> bool {
    finding.severity() > v1::finding::Severity::Info && !finding.is_shadow
}

/// The strongest finding that asks for attention; `None` when none does.
pub fn strongest(screening: &v1::Screening) -> Option<&v1::Finding> {
    screening.findings.iter().find(|finding| asks(finding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_paths_get_the_name_of_their_column() {
        let consignee = v1::Party { role: v1::party::Role::Consignee as i32, ..Default::default() };
        let shipment =
            v1::Shipment { parties: vec![consignee], goods: vec![v1::Goods::default()], ..Default::default() };
        let shape = Shape::of(&shipment);
        assert_eq!(shape.column("parties[0].name"), "consignee");
        assert_eq!(shape.column("parties[0].identifiers[2].value"), "consignee_id");
        assert_eq!(shape.column("goods[0].description"), "description");
        assert_eq!(shape.column("route.transshipment[1].text"), "transshipment");
        assert_eq!(shape.column("parties[0].otherNames[0]"), "consignee_other_names");
        assert_eq!(shape.column("parties[0].structuredAddress.poBox"), "consignee_po_box");
        assert_eq!(shape.column("goods[0].otherHsCodes[1]"), "other_hs_codes");
        assert_eq!(shape.column("parties[0].roleSource"), "parties[0].roleSource");
    }
}
