//! Limits on a record. A record beyond one is refused whole: a truncated input is never "no finding".

use crate::place;
use model::shipment::{Problem, Shipment};

/// Bounds on a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one text field; default 65,536.
    pub field_bytes: usize,
    /// Goods lines of one shipment; default 1,000.
    pub goods_lines: usize,
    /// Parties of one shipment; default 200.
    pub parties: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { field_bytes: 65_536, goods_lines: 1_000, parties: 200 }
    }
}

impl Limits {
    /// What keeps the shipment from being screened.
    pub(super) fn problems(&self, shipment: &Shipment) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |field_path: String, description: String| problems.push(Problem { field_path, description });
        if shipment.goods.len() > self.goods_lines {
            add(
                "goods".to_owned(),
                format!("{} goods lines, expected at most {}", shipment.goods.len(), self.goods_lines),
            );
        }
        for (path, count) in [
            ("parties", shipment.parties.len()),
            ("vessels", shipment.vessels.len()),
            ("route.transshipment", shipment.route.transshipment.len()),
            ("route.routingCountries", shipment.route.routing_countries.len()),
            ("attestations", shipment.attestations.len()),
        ] {
            if count > self.parties {
                add(path.to_owned(), format!("{count} of them, expected at most {}", self.parties));
            }
        }
        for (at, party) in shipment.parties.iter().enumerate() {
            for (path, count) in [("otherNames", party.other_names.len()), ("identifiers", party.identifiers.len())] {
                if count > self.parties {
                    add(format!("parties[{at}].{path}"), format!("{count} of them, expected at most {}", self.parties));
                }
            }
        }
        for (at, goods) in shipment.goods.iter().enumerate() {
            for (path, count) in [("otherHsCodes", goods.other_hs_codes.len()), ("licences", goods.licences.len())] {
                if count > self.parties {
                    add(format!("goods[{at}].{path}"), format!("{count} of them, expected at most {}", self.parties));
                }
            }
        }
        if !problems.is_empty() {
            return problems;
        }
        let mut says_something = false;
        let mut too_long = Vec::new();
        place::each(shipment, |place, text| {
            says_something = says_something || text.bytes().any(|b| b > b' ');
            if text.len() > self.field_bytes {
                too_long.push(Problem {
                    field_path: place.to_string(),
                    description: format!("{} bytes, expected at most {}", text.len(), self.field_bytes),
                });
            }
        });
        others(shipment, |path, text| {
            if text.len() > self.field_bytes {
                let description = format!("{} bytes, expected at most {}", text.len(), self.field_bytes);
                too_long.push(Problem { field_path: path(), description });
            }
        });
        says_something |= shipment.parties.iter().any(|p| !p.identifiers.is_empty());
        if !says_something {
            too_long.push(Problem {
                field_path: String::new(),
                description: "the shipment is empty, expected a party, a vessel or a goods text".to_owned(),
            });
        }
        too_long
    }
}

/// Calls `see` with the texts that are read by rules or compared as numbers, rather than searched for names.
fn others(shipment: &Shipment, mut see: impl FnMut(&dyn Fn() -> String, &str)) {
    for (n, party) in shipment.parties.iter().enumerate() {
        for (m, identifier) in party.identifiers.iter().enumerate() {
            see(&|| format!("parties[{n}].identifiers[{m}].value"), &identifier.value);
        }
        see(&|| format!("parties[{n}].disputeNote"), &party.dispute_note);
        see(&|| format!("parties[{n}].roleSource"), &party.role_source);
    }
    let route = &shipment.route;
    let places = [
        ("receipt", &route.receipt),
        ("loading", &route.loading),
        ("discharge", &route.discharge),
        ("delivery", &route.delivery),
        ("destination", &route.destination),
    ];
    for (key, place) in places {
        if let Some(place) = place {
            see(&|| format!("route.{key}.text"), &place.text);
        }
    }
    for (n, place) in route.transshipment.iter().enumerate() {
        see(&|| format!("route.transshipment[{n}].text"), &place.text);
    }
    for (n, goods) in shipment.goods.iter().enumerate() {
        see(&|| format!("goods[{n}].hsCode"), &goods.hs_code);
        for (m, code) in goods.other_hs_codes.iter().enumerate() {
            see(&|| format!("goods[{n}].otherHsCodes[{m}]"), code);
        }
    }
}
