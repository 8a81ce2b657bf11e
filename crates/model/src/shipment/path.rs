//! The text behind a field path such as `parties[0].name`.

use super::{AddressPart, Shipment};

impl Shipment {
    /// The text of the field at `path`, as far as it is a text of the record.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        let (head, rest) = path.split_once('.')?;
        let (name, index) = indexed(head);
        match name {
            "parties" => {
                let party = self.parties.get(index?)?;
                match indexed(rest) {
                    ("name", _) => Some(&party.name),
                    ("address", _) => Some(&party.address),
                    ("otherNames", at) => party.other_names.get(at?).map(String::as_str),
                    _ => match rest.strip_prefix("structuredAddress.") {
                        Some(key) => {
                            let part = AddressPart::ALL.into_iter().find(|p| p.key() == key)?;
                            Some(party.structured_address.part(part))
                        }
                        None => {
                            let (field, at) = indexed(rest.strip_suffix(".value")?);
                            (field == "identifiers").then(|| party.identifiers.get(at?))?.map(|i| i.value.as_str())
                        }
                    },
                }
            }
            "goods" => {
                let goods = self.goods.get(index?)?;
                match indexed(rest) {
                    ("description", _) => Some(&goods.description),
                    ("marks", _) => Some(&goods.marks),
                    ("hsCode", _) => Some(&goods.hs_code),
                    ("otherHsCodes", at) => goods.other_hs_codes.get(at?).map(String::as_str),
                    ("eccn", _) => Some(&goods.eccn),
                    ("brand", _) => Some(&goods.brand),
                    ("model", _) => Some(&goods.model),
                    _ => None,
                }
            }
            "vessels" => {
                let vessel = self.vessels.get(index?)?;
                match rest {
                    "name" => Some(&vessel.name),
                    "imo" => Some(&vessel.imo),
                    _ => None,
                }
            }
            "route" => {
                let (leg, field) = rest.split_once('.').unwrap_or((rest, "text"));
                let (leg, at) = indexed(leg);
                let place = match leg {
                    "receipt" => self.route.receipt.as_ref(),
                    "loading" => self.route.loading.as_ref(),
                    "transshipment" => self.route.transshipment.get(at?),
                    "discharge" => self.route.discharge.as_ref(),
                    "delivery" => self.route.delivery.as_ref(),
                    "destination" => self.route.destination.as_ref(),
                    _ => None,
                };
                match field {
                    "text" => place.map(|p| p.text.as_str()),
                    "locode" => place.map(|p| p.locode.as_str()),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// `goods[3]` is `goods` and 3.
fn indexed(part: &str) -> (&str, Option<usize>) {
    match part.split_once('[') {
        Some((name, index)) => (name, index.strip_suffix(']').and_then(|i| i.parse().ok())),
        None => (part, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipment::{Goods, Party, Place};

    #[test]
    fn a_path_leads_to_its_text() {
        let mut party = Party { name: "n".into(), other_names: vec!["o".into()], ..Party::default() };
        party.structured_address.po_box = "7".into();
        let goods = Goods { description: "d".into(), other_hs_codes: vec!["8807".into()], ..Goods::default() };
        let mut shipment = Shipment { parties: vec![party], goods: vec![goods], ..Shipment::default() };
        shipment.route.transshipment.push(Place { text: "Almaty".into(), ..Place::default() });
        for (path, text) in [
            ("parties[0].name", Some("n")),
            ("parties[0].otherNames[0]", Some("o")),
            ("parties[0].structuredAddress.poBox", Some("7")),
            ("goods[0].description", Some("d")),
            ("goods[0].otherHsCodes[0]", Some("8807")),
            ("route.transshipment[0].text", Some("Almaty")),
            ("route.transshipment[0]", Some("Almaty")),
            ("parties[1].name", None),
            ("parties[0].role", None),
            ("", None),
        ] {
            assert_eq!(shipment.text_at(path), text, "{path}");
        }
    }
}
