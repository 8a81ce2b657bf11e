//! The columns that field paths stand for.

use model::shipment::AddressPart;
use std::borrow::Cow;
use wire::v1;

/// As much of a shipment as is needed to name its fields after it has been sent away.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    roles: Vec<v1::party::Role>,
    goods: usize,
    vessels: usize,
}

impl Shape {
    /// The shape of a shipment.
    pub fn of(shipment: &v1::Shipment) -> Self {
        Self {
            roles: shipment.parties.iter().map(v1::Party::role).collect(),
            goods: shipment.goods.len(),
            vessels: shipment.vessels.len(),
        }
    }

    /// The CSV column of a field path: `parties[1].name` is `consignee` when that is the party's role. A path that
    /// no column stands for is given as it is.
    pub fn column<'a>(&self, path: &'a str) -> Cow<'a, str> {
        self.known_column(path).map_or(Cow::Borrowed(path), Cow::Owned)
    }

    fn known_column(&self, path: &str) -> Option<String> {
        if let Some(rest) = path.strip_prefix("parties[") {
            let (index, field) = rest.split_once("].")?;
            let role = *self.roles.get(index.parse::<usize>().ok()?)?;
            if role == v1::party::Role::Unspecified || self.roles.iter().filter(|r| **r == role).count() > 1 {
                return None;
            }
            let role = role.as_str_name().to_ascii_lowercase();
            return match field {
                "name" => Some(role),
                "country" | "address" => Some(format!("{role}_{field}")),
                _ if field.starts_with("identifiers[") => Some(format!("{role}_id")),
                _ if field.starts_with("otherNames[") => Some(format!("{role}_other_names")),
                "isToOrder" => Some(format!("{role}_to_order")),
                "isDisputed" | "disputeNote" => Some(format!("{role}_disputed")),
                _ => {
                    let part = AddressPart::ALL
                        .into_iter()
                        .find(|part| field.strip_prefix("structuredAddress.") == Some(part.key()))?;
                    Some(format!("{role}_{}", part.as_str()))
                }
            };
        }
        if let Some(field) = path.strip_prefix("goods[0].") {
            let column = match field.split('[').next()? {
                "hsCode" => "hs_code",
                "otherHsCodes" => "other_hs_codes",
                plain => plain,
            };
            return (self.goods == 1).then(|| column.to_owned());
        }
        if let Some(field) = path.strip_prefix("vessels[0].").filter(|_| self.vessels == 1) {
            return Some(if field == "name" { "vessel".to_owned() } else { format!("vessel_{field}") });
        }
        let place = path.strip_prefix("route.")?.split(['.', '[']).next()?;
        Some(if place == "routingCountries" { "routing_countries".to_owned() } else { place.to_owned() })
    }
}

/// The strongest finding that asks for attention; `None` when none does. A finding for the record does not, nor does one in
/// shadow mode.
pub fn strongest(screening: &v1::Screening) -> Option<&v1::Finding> {
    let asks = |f: &&v1::Finding| f.severity() > v1::finding::Severity::Info && !f.is_shadow;
    screening.findings.iter().find(asks)
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
