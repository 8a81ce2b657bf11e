//! The text behind a field path such as `parties[0].name`.

use super::address::AddressPart;
use super::goods::Goods;
use super::{Party, Route, Shipment, Vessel};

impl Shipment {
    /// The text of the field at `path`; `None` when the record has no such field or it is not a text.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        let (head, rest) = path.split_once('.')?;
        let (name, index) = indexed(head);
        match name {
            "parties" => self.parties.get(index?)?.text_at(rest),
            "goods" => self.goods.get(index?)?.text_at(rest),
            "vessels" => self.vessels.get(index?)?.text_at(rest),
            "route" => self.route.text_at(rest),
            _ => None,
        }
    }
}

impl Party {
    fn text_at(&self, path: &str) -> Option<&str> {
        match indexed(path) {
            ("name", _) => return Some(&self.name),
            ("address", _) => return Some(&self.address),
            ("otherNames", at) => return self.other_names.get(at?).map(String::as_str),
            _ => {}
        }
        if let Some(key) = path.strip_prefix("structuredAddress.") {
            let part = AddressPart::ALL.into_iter().find(|p| p.key() == key)?;
            return Some(self.structured_address.part(part));
        }
        match indexed(path.strip_suffix(".value")?) {
            ("identifiers", at) => self.identifiers.get(at?).map(|i| i.value.as_str()),
            _ => None,
        }
    }
}

impl Goods {
    fn text_at(&self, path: &str) -> Option<&str> {
        match indexed(path) {
            ("description", _) => Some(&self.description),
            ("marks", _) => Some(&self.marks),
            ("hsCode", _) => Some(&self.hs_code),
            ("otherHsCodes", at) => self.other_hs_codes.get(at?).map(String::as_str),
            ("eccn", _) => Some(&self.eccn),
            ("brand", _) => Some(&self.brand),
            ("model", _) => Some(&self.model),
            _ => None,
        }
    }
}

impl Vessel {
    fn text_at(&self, path: &str) -> Option<&str> {
        match path {
            "name" => Some(&self.name),
            "imo" => Some(&self.imo),
            _ => None,
        }
    }
}

impl Route {
    fn text_at(&self, path: &str) -> Option<&str> {
        let (leg, field) = path.split_once('.').unwrap_or((path, "text"));
        let (leg, at) = indexed(leg);
        let place = match leg {
            "receipt" => self.receipt.as_ref(),
            "loading" => self.loading.as_ref(),
            "transshipment" => self.transshipment.get(at?),
            "discharge" => self.discharge.as_ref(),
            "delivery" => self.delivery.as_ref(),
            "destination" => self.destination.as_ref(),
            _ => None,
        }?;
        match field {
            "text" => Some(&place.text),
            "locode" => Some(&place.locode),
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
    use crate::shipment::Place;

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
