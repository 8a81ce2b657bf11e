//! Wire to house: the shipment record. Every fault is reported with its place, not only the first.

use super::v1;
use crate::country::Country;
use crate::entry::{Identifier, IdentifierType};
use crate::shipment::{Goods, Party, Place, Problem, Role, Route, Shipment, ShipmentDates, Vessel};
use jiff::civil::Date;
use std::fmt;

/// How many problems of one shipment are reported at most; a last one counts the rest.
pub const MAX_PROBLEMS: usize = 50;

/// Takes a shipment off the wire, moving its texts.
///
/// Countries must be ISO 3166-1 alpha-2 codes in either case, dates exactly `YYYY-MM-DD`, UN/LOCODEs five characters;
/// empty means not given. Size limits are the engine's business.
///
/// # Errors
/// Every field that cannot be read, with its path as in the JSON form, for example `parties[0].country`.
pub fn shipment_from_wire(wire: v1::Shipment) -> Result<Shipment, Vec<Problem>> {
    let mut faults = Faults::default();
    let shipment = Shipment {
        reference: wire.reference,
        as_of: faults.date(&wire.as_of, &"asOf"),
        known_on: faults.date(&wire.known_on, &"knownOn"),
        parties: indexed(wire.parties, |i, p| party(p, &At(&"", "parties", i), &mut faults)),
        goods: indexed(wire.goods, |i, g| Goods {
            description: g.description,
            marks: g.marks,
            hs_code: g.hs_code,
            eccn: g.eccn,
            brand: g.brand,
            model: g.model,
            origin: faults.country(&g.origin, &Field(&At(&"", "goods", i), "origin")),
        }),
        route: wire.route.map(|r| route(r, &mut faults)).unwrap_or_default(),
        vessels: indexed(wire.vessels, |i, v| Vessel {
            name: v.name,
            imo: v.imo,
            flag: faults.country(&v.flag, &Field(&At(&"", "vessels", i), "flag")),
        }),
        dates: wire.dates.map(|d| dates(&d, &mut faults)).unwrap_or_default(),
    };
    faults.into_result(shipment)
}

fn party(wire: v1::Party, at: &dyn fmt::Display, faults: &mut Faults) -> Party {
    Party {
        role: role(wire.role, at, faults),
        name: wire.name,
        other_names: wire.other_names,
        address: wire.address,
        country: faults.country(&wire.country, &Field(at, "country")),
        identifiers: indexed(wire.identifiers, |i, n| identifier(n, &At(at, ".identifiers", i), faults)),
        role_source: wire.role_source,
    }
}

fn role(number: i32, at: &dyn fmt::Display, faults: &mut Faults) -> Option<Role> {
    let Ok(role) = v1::party::Role::try_from(number) else {
        faults.add(&Field(at, "role"), format!("{number} is not a role; expected 0..={}", Role::ALL.len()));
        return None;
    };
    role_from_wire(role)
}

fn role_from_wire(role: v1::party::Role) -> Option<Role> {
    use v1::party::Role as W;
    Some(match role {
        W::Unspecified => return None,
        W::Shipper => Role::Shipper,
        W::Seller => Role::Seller,
        W::Buyer => Role::Buyer,
        W::Consignee => Role::Consignee,
        W::IntermediateConsignee => Role::IntermediateConsignee,
        W::UltimateConsignee => Role::UltimateConsignee,
        W::EndUser => Role::EndUser,
        W::NotifyParty => Role::NotifyParty,
        W::Forwarder => Role::Forwarder,
        W::Carrier => Role::Carrier,
        W::Agent => Role::Agent,
        W::VesselOwner => Role::VesselOwner,
        W::Bank => Role::Bank,
        W::Manufacturer => Role::Manufacturer,
        W::OnBehalfOfShipper => Role::OnBehalfOfShipper,
        W::OnBehalfOfConsignee => Role::OnBehalfOfConsignee,
        W::Endorsee => Role::Endorsee,
        W::Warehouse => Role::Warehouse,
        W::Exporter => Role::Exporter,
        W::Importer => Role::Importer,
        W::DeliveryParty => Role::DeliveryParty,
    })
}

fn identifier(wire: v1::Identifier, at: &dyn fmt::Display, faults: &mut Faults) -> Identifier {
    let kind = match v1::identifier::Type::try_from(wire.r#type) {
        Ok(kind) => identifier_type_from_wire(kind),
        Err(_) => {
            let last = v1::identifier::Type::Other as i32;
            faults.add(&Field(at, "type"), format!("{} is not a type; expected 0..={last}", wire.r#type));
            IdentifierType::Other
        }
    };
    Identifier { kind, value: wire.value, country: faults.country(&wire.country, &Field(at, "country")) }
}

fn identifier_type_from_wire(kind: v1::identifier::Type) -> IdentifierType {
    use v1::identifier::Type as W;
    match kind {
        W::Unspecified | W::Other => IdentifierType::Other,
        W::Imo => IdentifierType::Imo,
        W::Mmsi => IdentifierType::Mmsi,
        W::Uscc => IdentifierType::Uscc,
        W::Inn => IdentifierType::Inn,
        W::Ogrn => IdentifierType::Ogrn,
        W::Lei => IdentifierType::Lei,
        W::Tax => IdentifierType::Tax,
        W::Registration => IdentifierType::Registration,
        W::Passport => IdentifierType::Passport,
        W::NationalId => IdentifierType::NationalId,
        W::Bic => IdentifierType::Bic,
        W::Aircraft => IdentifierType::Aircraft,
    }
}

fn route(wire: v1::Route, faults: &mut Faults) -> Route {
    Route {
        receipt: wire.receipt.map(|p| place(p, &"route.receipt", faults)),
        loading: wire.loading.map(|p| place(p, &"route.loading", faults)),
        transshipment: indexed(wire.transshipment, |i, p| place(p, &At(&"", "route.transshipment", i), faults)),
        discharge: wire.discharge.map(|p| place(p, &"route.discharge", faults)),
        delivery: wire.delivery.map(|p| place(p, &"route.delivery", faults)),
        destination: wire.destination.map(|p| place(p, &"route.destination", faults)),
        routing_countries: (0..)
            .zip(&wire.routing_countries)
            .filter_map(|(i, code)| {
                let at = At(&"", "route.routingCountries", i);
                if code.is_empty() {
                    faults
                        .add(&at, "a country of the routing is empty; expected an ISO 3166-1 alpha-2 code".to_owned());
                }
                faults.country(code, &at)
            })
            .collect(),
    }
}

fn place(wire: v1::Place, at: &dyn fmt::Display, faults: &mut Faults) -> Place {
    Place {
        text: wire.text,
        country: faults.country(&wire.country, &Field(at, "country")),
        locode: faults.locode(wire.locode, &Field(at, "locode")),
    }
}

fn dates(wire: &v1::ShipmentDates, faults: &mut Faults) -> ShipmentDates {
    ShipmentDates {
        issued: faults.date(&wire.issued, &"dates.issued"),
        departure: faults.date(&wire.departure, &"dates.departure"),
        arrival: faults.date(&wire.arrival, &"dates.arrival"),
    }
}

fn indexed<A, B>(items: Vec<A>, mut convert: impl FnMut(usize, A) -> B) -> Vec<B> {
    items.into_iter().enumerate().map(|(i, item)| convert(i, item)).collect()
}

/// `parent` + `list[index]`; written out only when something is wrong there.
struct At<'a>(&'a dyn fmt::Display, &'static str, usize);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}[{}]", self.0, self.1, self.2)
    }
}

/// `parent.name`.
struct Field<'a>(&'a dyn fmt::Display, &'static str);

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What is wrong so far.
#[derive(Default)]
struct Faults {
    problems: Vec<Problem>,
    more: usize,
}

impl Faults {
    fn add(&mut self, at: &dyn fmt::Display, description: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { field_path: at.to_string(), description });
        } else {
            self.more += 1;
        }
    }

    fn country(&mut self, code: &str, at: &dyn fmt::Display) -> Option<Country> {
        if code.is_empty() {
            return None;
        }
        let country = Country::from_code(code);
        if country.is_none() {
            self.add(at, format!("`{}` is not an ISO 3166-1 alpha-2 code", clipped(code)));
        }
        country
    }

    fn date(&mut self, text: &str, at: &dyn fmt::Display) -> Option<Date> {
        if text.is_empty() {
            return None;
        }
        let date = strict_date(text);
        if date.is_none() {
            self.add(at, format!("`{}` is not a date; expected YYYY-MM-DD", clipped(text)));
        }
        date
    }

    fn locode(&mut self, mut code: String, at: &dyn fmt::Display) -> String {
        // "CN SHA" is how UNECE prints it.
        code.retain(|c| c != ' ');
        code.make_ascii_uppercase();
        let well_formed = code.len() == 5
            && code.bytes().take(2).all(|b| b.is_ascii_uppercase())
            && code.bytes().skip(2).all(|b| b.is_ascii_alphanumeric());
        if !code.is_empty() && !well_formed {
            self.add(
                at,
                format!("`{}` is not a UN/LOCODE; expected five characters, for example CNSHA", clipped(&code)),
            );
        }
        code
    }

    fn into_result(mut self, shipment: Shipment) -> Result<Shipment, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(shipment);
        }
        if self.more > 0 {
            let description = format!("{} more problems are not listed", self.more);
            self.problems.push(Problem { field_path: String::new(), description });
        }
        Err(self.problems)
    }
}

/// jiff also reads `20260102` and times; a record that means a date writes one.
fn strict_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

/// At most 40 characters of a value, so that a problem stays readable.
fn clipped(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(shipment: v1::Shipment) -> Vec<(String, String)> {
        let found = shipment_from_wire(shipment).unwrap_err();
        found.into_iter().map(|p| (p.field_path, p.description)).collect()
    }

    #[test]
    fn every_fault_is_named_by_its_path() {
        let mut shipment: v1::Shipment = serde_json::from_str(
            r#"{"asOf": "2026-2-3", "knownOn": "20260203",
                "parties": [{}, {"country": "ZZ", "identifiers": [{"country": "CHN"}]}],
                "goods": [{"origin": "China"}],
                "route": {"loading": {"country": "1A", "locode": "SHANGHAI"}, "transshipment": [{"country": "x"}],
                          "routingCountries": ["cn", "", "QQ"]},
                "vessels": [{"flag": "QQ"}],
                "dates": {"issued": "2026-02-30", "departure": "2026-01-01T00:00", "arrival": "01.02.2026"}}"#,
        )
        .unwrap();
        // The JSON reader refuses unknown numbers itself; the binary form lets them through.
        shipment.parties[1].role = 77;
        shipment.parties[1].identifiers[0].r#type = 99;
        let found = problems(shipment);
        let paths: Vec<&str> = found.iter().map(|(p, _)| p.as_str()).collect();
        assert_eq!(
            paths,
            [
                "asOf",
                "knownOn",
                "parties[1].role",
                "parties[1].country",
                "parties[1].identifiers[0].type",
                "parties[1].identifiers[0].country",
                "goods[0].origin",
                "route.loading.country",
                "route.loading.locode",
                "route.transshipment[0].country",
                "route.routingCountries[1]",
                "route.routingCountries[2]",
                "vessels[0].flag",
                "dates.issued",
                "dates.departure",
                "dates.arrival",
            ]
        );
        assert_eq!(found[2].1, "77 is not a role; expected 0..=21");
        assert_eq!(found[3].1, "`ZZ` is not an ISO 3166-1 alpha-2 code");
        assert_eq!(found[13].1, "`2026-02-30` is not a date; expected YYYY-MM-DD");
    }

    #[test]
    fn a_sound_record_arrives_whole() {
        let wire: v1::Shipment = serde_json::from_str(
            r#"{"reference": "r", "asOf": "2020-12-18", "parties": [{"role": "CONSIGNEE", "name": "A\nB",
                "otherNames": ["C"], "address": "d", "country": "cn", "roleSource": "broker",
                "identifiers": [{"type": "USCC", "value": "1", "country": "CN"}]}],
                "goods": [{"description": "x", "marks": "m", "hsCode": "8806.22", "eccn": "9A012", "brand": "b",
                "model": "k", "origin": "DE"}],
                "route": {"receipt": {"text": "r"}, "destination": {"locode": "cn sha"}, "routingCountries": ["DE", "cn"]},
                "vessels": [{"name": "v", "imo": "IMO 9074729", "flag": "PA"}], "dates": {"arrival": "2021-01-02"}}"#,
        )
        .unwrap();
        let country = Country::from_code;
        assert_eq!(
            shipment_from_wire(wire).unwrap(),
            Shipment {
                reference: "r".into(),
                as_of: Some(jiff::civil::date(2020, 12, 18)),
                known_on: None,
                parties: vec![Party {
                    role: Some(Role::Consignee),
                    name: "A\nB".into(),
                    other_names: vec!["C".into()],
                    address: "d".into(),
                    country: country("CN"),
                    identifiers: vec![Identifier {
                        kind: IdentifierType::Uscc,
                        value: "1".into(),
                        country: country("CN")
                    }],
                    role_source: "broker".into(),
                }],
                goods: vec![Goods {
                    description: "x".into(),
                    marks: "m".into(),
                    hs_code: "8806.22".into(),
                    eccn: "9A012".into(),
                    brand: "b".into(),
                    model: "k".into(),
                    origin: country("DE"),
                }],
                route: Route {
                    receipt: Some(Place { text: "r".into(), ..Place::default() }),
                    destination: Some(Place { locode: "CNSHA".into(), ..Place::default() }),
                    routing_countries: vec![country("DE").unwrap(), country("CN").unwrap()],
                    ..Route::default()
                },
                vessels: vec![Vessel { name: "v".into(), imo: "IMO 9074729".into(), flag: country("PA") }],
                dates: ShipmentDates { arrival: Some(jiff::civil::date(2021, 1, 2)), ..ShipmentDates::default() },
            }
        );
        assert_eq!(shipment_from_wire(v1::Shipment::default()).unwrap(), Shipment::default());
    }

    #[test]
    fn every_role_and_identifier_type_is_read_as_itself() {
        for (number, role) in (1..).zip(Role::ALL) {
            let wire = v1::party::Role::try_from(number).unwrap();
            assert_eq!(role_from_wire(wire), Some(role));
            assert_eq!(wire.as_str_name().to_ascii_lowercase(), role.as_str());
        }
        for number in 0..=13 {
            let wire = v1::identifier::Type::try_from(number).unwrap();
            let back = super::super::entry::identifier_type_to_wire(identifier_type_from_wire(wire));
            let expected = if number == 0 { v1::identifier::Type::Other } else { wire };
            assert_eq!(back, expected);
        }
        assert!(v1::party::Role::try_from(22).is_err() && v1::identifier::Type::try_from(14).is_err());
    }

    #[test]
    fn a_flood_of_problems_is_counted_not_listed() {
        let wire = v1::Shipment {
            goods: vec![v1::Goods { origin: "?".repeat(100), ..v1::Goods::default() }; MAX_PROBLEMS + 7],
            ..v1::Shipment::default()
        };
        let found = problems(wire);
        assert_eq!(found.len(), MAX_PROBLEMS + 1);
        assert_eq!(found[MAX_PROBLEMS].1, "7 more problems are not listed");
        assert!(found[0].1.len() < 100);
    }

    #[test]
    fn an_unknown_json_key_is_an_error() {
        let error = serde_json::from_str::<v1::Shipment>(r#"{"parties": [{"nmae": "x"}]}"#).unwrap_err().to_string();
        assert!(error.contains("nmae"), "{error}");
    }
}
