//! A row turned into a shipment as it would come over the wire.

use super::field::{DateField, Field, GoodsField, PartyField, PlaceField, VesselField};
use crate::batch::Cause;
use model::country::Country;
use model::shipment::{AddressPart, AttestationKind, Role};
use wire::v1;

/// The parts of a shipment that a row may fill.
#[derive(Default)]
struct Row {
    shipment: v1::Shipment,
    goods: v1::Goods,
    route: v1::Route,
    vessel: v1::Vessel,
    dates: v1::ShipmentDates,
    parties: Vec<v1::Party>,
}

/// A row as a shipment on the wire. Texts are as written; codes, dates and numbers are trimmed, and checked where all
/// records are checked. Only what has no place on the wire unless it is understood is refused here.
pub(super) fn shipment(
    cells: &[String],
    columns: &[String],
    fields: &[Option<Field>],
    roles: &[Role],
) -> Result<v1::Shipment, Cause> {
    let mut row = Row { parties: vec![v1::Party::default(); roles.len()], ..Row::default() };
    for ((cell, field), column) in cells.iter().zip(fields).zip(columns) {
        let Some(field) = field else { continue };
        if !cell.trim().is_empty() {
            row.put(*field, cell, roles).map_err(|expected| Cause::Cell { column: column.clone(), expected })?;
        }
    }
    Ok(row.finish(roles))
}

impl Row {
    /// Takes a cell that is not blank; says what was expected when it cannot be taken.
    fn put(&mut self, field: Field, cell: &str, roles: &[Role]) -> Result<(), String> {
        let text = cell.to_owned();
        let word = cell.trim().to_owned();
        match field {
            Field::Reference => self.shipment.reference = text,
            Field::AsOf => self.shipment.as_of = word,
            Field::KnownOn => self.shipment.known_on = word,
            Field::Date(DateField::Issued) => self.dates.issued = word,
            Field::Date(DateField::Departure) => self.dates.departure = word,
            Field::Date(DateField::Arrival) => self.dates.arrival = word,
            Field::Attestations => {
                self.shipment.attestations = several(cell).map(attestation).collect::<Result<_, _>>()?;
            }
            Field::RoutingCountries => self.route.routing_countries = several(cell).map(country).collect(),
            Field::Goods(part) => goods(&mut self.goods, part, cell)?,
            Field::Party(role, part) => {
                if let Some(at) = roles.iter().position(|r| *r == role) {
                    party(&mut self.parties[at], part, cell)?;
                }
            }
            Field::Place(PlaceField::Transshipment) => self.route.transshipment = several(cell).map(place).collect(),
            Field::Place(PlaceField::Receipt) => self.route.receipt = Some(place(cell)),
            Field::Place(PlaceField::Loading) => self.route.loading = Some(place(cell)),
            Field::Place(PlaceField::Discharge) => self.route.discharge = Some(place(cell)),
            Field::Place(PlaceField::Delivery) => self.route.delivery = Some(place(cell)),
            Field::Place(PlaceField::Destination) => self.route.destination = Some(place(cell)),
            Field::Vessel(VesselField::Name) => self.vessel.name = text,
            Field::Vessel(VesselField::Imo) => self.vessel.imo = word,
            Field::Vessel(VesselField::Flag) => self.vessel.flag = country(cell),
        }
        Ok(())
    }

    fn finish(mut self, roles: &[Role]) -> v1::Shipment {
        for (mut party, role) in self.parties.into_iter().zip(roles) {
            if party != v1::Party::default() {
                party.role = role_number(*role);
                self.shipment.parties.push(party);
            }
        }
        if self.goods != v1::Goods::default() {
            self.shipment.goods.push(self.goods);
        }
        if self.route != v1::Route::default() {
            self.shipment.route = Some(self.route);
        }
        if self.vessel != v1::Vessel::default() {
            self.shipment.vessels.push(self.vessel);
        }
        if self.dates != v1::ShipmentDates::default() {
            self.shipment.dates = Some(self.dates);
        }
        self.shipment
    }
}

fn goods(goods: &mut v1::Goods, part: GoodsField, cell: &str) -> Result<(), String> {
    let text = cell.to_owned();
    let word = cell.trim().to_owned();
    match part {
        GoodsField::Description => goods.description = text,
        GoodsField::Marks => goods.marks = text,
        GoodsField::HsCode => goods.hs_code = word,
        GoodsField::OtherHsCodes => goods.other_hs_codes = several(cell).map(str::to_owned).collect(),
        GoodsField::HsEdition => {
            goods.hs_edition = word.parse().map_err(|_| "the year of an edition, for example 2022".to_owned())?;
        }
        GoodsField::Eccn => goods.eccn = word,
        GoodsField::Brand => goods.brand = text,
        GoodsField::Model => goods.model = text,
        GoodsField::Origin => goods.origin = country(cell),
        GoodsField::Quantity => goods.quantity = word,
        GoodsField::Unit => goods.unit = word,
        GoodsField::NetWeightKg => goods.net_weight_kg = word,
        GoodsField::Value => goods.value = word,
        GoodsField::Currency => goods.currency = word,
        GoodsField::ExportLicence => licence(goods, v1::licence::Kind::Export).reference = word,
        GoodsField::ExportLicenceExpires => licence(goods, v1::licence::Kind::Export).expires = word,
        GoodsField::ImportLicence => licence(goods, v1::licence::Kind::Import).reference = word,
        GoodsField::ImportLicenceExpires => licence(goods, v1::licence::Kind::Import).expires = word,
    }
    Ok(())
}

/// The one licence of this kind that a row can give.
fn licence(goods: &mut v1::Goods, kind: v1::licence::Kind) -> &mut v1::Licence {
    let at = goods.licences.iter().position(|l| l.kind() == kind).unwrap_or_else(|| {
        goods.licences.push(v1::Licence { kind: kind as i32, ..Default::default() });
        goods.licences.len() - 1
    });
    &mut goods.licences[at]
}

fn party(party: &mut v1::Party, part: PartyField, cell: &str) -> Result<(), String> {
    let text = cell.to_owned();
    let word = cell.trim().to_owned();
    match part {
        PartyField::Name => party.name = text,
        PartyField::OtherNames => party.other_names = several(cell).map(str::to_owned).collect(),
        PartyField::Country => party.country = country(cell),
        PartyField::Address => party.address = text,
        PartyField::AddressPart(part) => *address_part(party, part) = text,
        PartyField::Locode => party.structured_address.get_or_insert_default().locode = word,
        PartyField::Id => party.identifiers = several(cell).map(identifier).collect(),
        PartyField::Source => party.role_source = text,
        PartyField::Confidence => {
            let expected = || "whole thousandths, 0 to 1000".to_owned();
            party.role_confidence = Some(word.parse().map_err(|_| expected())?);
        }
        // Anything but yes or no is the note itself.
        PartyField::Disputed => match yes_or_no(cell) {
            Some(answer) => party.is_disputed = answer,
            None => party.dispute_note = text,
        },
        PartyField::ToOrder => party.is_to_order = yes_or_no(cell).ok_or_else(|| "yes or no".to_owned())?,
        PartyField::Born => party.born = word,
        PartyField::Incorporated => party.incorporated = word,
    }
    Ok(())
}

fn address_part(party: &mut v1::Party, part: AddressPart) -> &mut String {
    let address = party.structured_address.get_or_insert_default();
    match part {
        AddressPart::Unit => &mut address.unit,
        AddressPart::Floor => &mut address.floor,
        AddressPart::Building => &mut address.building,
        AddressPart::StreetNumber => &mut address.street_number,
        AddressPart::Street => &mut address.street,
        AddressPart::PoBox => &mut address.po_box,
        AddressPart::City => &mut address.city,
        AddressPart::Region => &mut address.region,
        AddressPart::PostCode => &mut address.post_code,
    }
}

fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn attestation(word: &str) -> Result<v1::Attestation, String> {
    let at = AttestationKind::ALL.iter().position(|k| k.as_str().eq_ignore_ascii_case(word)).ok_or_else(|| {
        let known: Vec<&str> = AttestationKind::ALL.iter().map(|k| k.as_str()).collect();
        format!("some of {}, between semicolons", known.join(", "))
    })?;
    Ok(v1::Attestation { kind: at as i32 + 1, ..Default::default() })
}

/// Upper-case words of five letters that look like a UN/LOCODE and are far more often the city itself.
const CITIES: [&str; 22] = [
    "ACCRA", "ADANA", "BASEL", "BASRA", "BEIRA", "CAIRO", "DELHI", "ESSEN", "GENOA", "IZMIR", "LAGOS", "LIEGE",
    "MALMO", "MIAMI", "MILAN", "PARIS", "PERTH", "SOFIA", "TOKYO", "TURIN", "ULSAN", "VARNA",
];

/// The role's number in the protocol.
pub fn role_number(role: Role) -> i32 {
    let name = role.as_str().to_ascii_uppercase();
    v1::party::Role::from_str_name(&name).unwrap_or_default() as i32
}

/// A code or an English name as its code; anything else as written, for the engine to refuse by name.
fn country(cell: &str) -> String {
    Country::parse(cell).map_or_else(|| cell.trim().to_owned(), |c| c.code().to_owned())
}

/// A cell of several values, between semicolons or bars.
fn several(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '|']).map(str::trim).filter(|part| !part.is_empty())
}

/// A UN/LOCODE, a country, or text that may end in a country after a comma.
pub(super) fn place(cell: &str) -> v1::Place {
    let text = cell.trim();
    let mut place = v1::Place { text: cell.to_owned(), ..Default::default() };
    if let Some(country) = Country::parse(text) {
        country.code().clone_into(&mut place.country);
    } else if is_locode(text) {
        text.clone_into(&mut place.locode);
    } else if let Some(country) = text.rsplit_once(',').and_then(|(_, last)| Country::parse(last)) {
        country.code().clone_into(&mut place.country);
    }
    place
}

fn is_locode(text: &str) -> bool {
    text.len() == 5
        && text.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && text.bytes().skip(2).all(|b| b.is_ascii_uppercase() || matches!(b, b'2'..=b'9'))
        && Country::from_code(&text[..2]).is_some()
        && !CITIES.contains(&text)
}

/// A number, with or without its type before it: `INN 7707083893`, `LEI:5493...`.
fn identifier(text: &str) -> v1::Identifier {
    use v1::identifier::Type;
    let typed = text.split_once([' ', ':']).and_then(|(word, value)| {
        let kind = Type::from_str_name(&word.trim().to_ascii_uppercase()).filter(|k| *k != Type::Unspecified)?;
        Some((kind, value.trim_start_matches([':', ' ']).trim()))
    });
    let (kind, value) = typed.unwrap_or((Type::Unspecified, text));
    v1::Identifier { r#type: kind as i32, value: value.to_owned(), ..Default::default() }
}

/// The cells of a record that [`crate::batch::input`] has cut: quotes are balanced.
pub(super) fn cells(record: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
    let mut cells = Vec::new();
    let mut rest = record;
    loop {
        let mut cell = Vec::new();
        if rest.first() == Some(&b'"') {
            rest = &rest[1..];
            while let Some(quote) = memchr::memchr(b'"', rest) {
                cell.extend_from_slice(&rest[..quote]);
                rest = &rest[quote + 1..];
                if rest.first() != Some(&b'"') {
                    break;
                }
                cell.push(b'"');
                rest = &rest[1..];
            }
        }
        let end = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        cell.extend_from_slice(&rest[..end]);
        cells.push(cell);
        match rest.get(end + 1..) {
            Some(next) => rest = next,
            None => return cells,
        }
    }
}
