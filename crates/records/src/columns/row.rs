//! A row turned into a shipment as it would come over the wire.

mod goods;
mod party;
pub(super) mod value;

use super::field::{DateField, Field, GoodsField, PartyField, PlaceField, Use, VesselField};
use goods::put_goods;
use model::shipment::Role;
use party::put_party;
use value::{Unreadable, add_once, attestation, country, excerpt, join, merge, place, several};
use wire::{is_blank, v1};

/// The parts of a shipment that a row may fill; those that no cell has spoken of are not made.
#[derive(Default)]
struct Row {
    shipment: v1::Shipment,
    goods: Option<v1::Goods>,
    tariff_texts: Vec<String>,
    route: Option<v1::Route>,
    vessel: Option<v1::Vessel>,
    dates: Option<v1::ShipmentDates>,
    /// One for each role.
    parties: Vec<Option<v1::Party>>,
    /// Parties of which only one thing is said.
    others: Vec<v1::Party>,
}

/// A row as a shipment on the wire. Texts are as written; codes, dates and numbers are trimmed, and checked where all
/// records are checked. Cells that have no place on the wire unless they are understood are named in `unread`.
pub(super) fn shipment(
    cells: &[impl AsRef<str>],
    columns: &[String],
    uses: &[Use],
    roles: &[Option<Role>],
) -> v1::Shipment {
    let mut row = Row { parties: vec![None; roles.len()], ..Row::default() };
    for ((cell, used), column) in cells.iter().zip(uses).zip(columns) {
        let Use::Read(field) = *used else { continue };
        let cell = cell.as_ref();
        if says_nothing(field, cell) {
            continue;
        }
        if let Err(Unreadable { expected, needs_review }) = row.put(field, cell, column, roles) {
            let description = format!("`{}` cannot be read; expected {expected}", excerpt(cell));
            row.shipment.unread.push(v1::UnreadField { field_path: column.clone(), description, needs_review });
        }
    }
    row.finish(roles)
}

/// Whether a cell is as good as empty. Names and descriptions may be words such as "unknown", which rules report.
fn says_nothing(field: Field, cell: &str) -> bool {
    let has_words = cell.chars().any(char::is_alphanumeric);
    match field {
        Field::Reference => cell.trim().is_empty(),
        Field::Party(_, PartyField::Name) | Field::Goods(GoodsField::Description) => is_blank(cell) && !has_words,
        // NA is Namibia.
        Field::Party(_, PartyField::Country)
        | Field::OtherCountry
        | Field::Place(_)
        | Field::PlaceCountry(_)
        | Field::RoutingCountries
        | Field::Goods(GoodsField::Origin)
        | Field::Vessel(VesselField::Flag) => is_blank(cell) && cell.trim() != "NA",
        _ => is_blank(cell),
    }
}

impl Row {
    /// Takes a cell that is not blank.
    fn put(&mut self, field: Field, cell: &str, column: &str, roles: &[Option<Role>]) -> Result<(), Unreadable> {
        let word = cell.trim().to_owned();
        match field {
            Field::Reference => cell.clone_into(&mut self.shipment.reference),
            Field::AsOf => self.shipment.as_of = word,
            Field::KnownOn => self.shipment.known_on = word,
            Field::Date(DateField::Issued) => self.dates.get_or_insert_default().issued = word,
            Field::Date(DateField::Departure) => self.dates.get_or_insert_default().departure = word,
            Field::Date(DateField::Arrival) => self.dates.get_or_insert_default().arrival = word,
            Field::Attestations => {
                for word in several(cell) {
                    self.shipment.attestations.push(attestation(word)?);
                }
            }
            Field::RoutingCountries => {
                self.route.get_or_insert_default().routing_countries.extend(several(cell).map(country));
            }
            Field::OtherCountry => {
                let party = v1::Party { country: country(cell), role_source: from(column), ..Default::default() };
                if !self.others.iter().any(|other| other.country == party.country) {
                    self.others.push(party);
                }
            }
            Field::Goods(GoodsField::TariffText) => add_once(&mut self.tariff_texts, cell),
            Field::Goods(part) => put_goods(self.goods.get_or_insert_default(), part, cell)?,
            Field::Party(_, PartyField::ContactPerson) => {
                self.others.push(v1::Party { name: cell.to_owned(), role_source: from(column), ..Default::default() });
            }
            Field::Party(role, part) => {
                if let Some(at) = roles.iter().position(|r| *r == role) {
                    put_party(self.parties[at].get_or_insert_default(), part, cell)?;
                }
            }
            Field::Place(PlaceField::Transshipment) => {
                self.route.get_or_insert_default().transshipment.extend(several(cell).map(place));
            }
            Field::Place(part) => merge(self.place(part), place(cell)),
            Field::PlaceCountry(part) => {
                let given = v1::Place { text: cell.to_owned(), country: country(cell), ..Default::default() };
                merge(self.place(part), given);
            }
            Field::Vessel(part) => {
                let vessel = self.vessel.get_or_insert_default();
                match part {
                    VesselField::Name if vessel.name.is_empty() => cell.clone_into(&mut vessel.name),
                    VesselField::Name => {
                        self.shipment.vessels.push(v1::Vessel { name: cell.to_owned(), ..Default::default() });
                    }
                    VesselField::Imo => vessel.imo = word,
                    VesselField::Flag => vessel.flag = country(cell),
                }
            }
        }
        Ok(())
    }

    fn place(&mut self, part: PlaceField) -> &mut v1::Place {
        let route = self.route.get_or_insert_default();
        match part {
            PlaceField::Receipt => route.receipt.get_or_insert_default(),
            PlaceField::Loading => route.loading.get_or_insert_default(),
            PlaceField::Discharge => route.discharge.get_or_insert_default(),
            PlaceField::Delivery => route.delivery.get_or_insert_default(),
            PlaceField::Destination => route.destination.get_or_insert_default(),
            PlaceField::Transshipment => {
                route.transshipment.push(v1::Place::default());
                let last = route.transshipment.len() - 1;
                &mut route.transshipment[last]
            }
        }
    }

    fn finish(mut self, roles: &[Option<Role>]) -> v1::Shipment {
        // With room for those that are there and no more: a list that grows takes room for four, of which most rows need one.
        self.shipment.parties.reserve_exact(self.parties.iter().flatten().count());
        for (party, role) in self.parties.into_iter().zip(roles) {
            if let Some(mut party) = party.filter(says_something) {
                party.role = role.map_or(0, role_number);
                self.shipment.parties.push(party);
            }
        }
        // A country that a party of the row has says nothing new.
        let parties = &mut self.shipment.parties;
        for other in self.others {
            if !other.name.is_empty() || parties.iter().all(|p| p.country != other.country) {
                parties.push(other);
            }
        }
        // The tariff's words are not the shipper's: beside a description they would hide that it says nothing.
        if !self.tariff_texts.is_empty() {
            let goods = self.goods.get_or_insert_default();
            let tariff_texts = self.tariff_texts.join("\n");
            if goods.description.is_empty() {
                goods.description = tariff_texts;
            } else {
                join(&mut goods.marks, &tariff_texts);
            }
        }
        self.shipment.goods = self.goods.filter(says_something).into_iter().collect();
        self.shipment.route = self.route.filter(says_something);
        if let Some(vessel) = self.vessel.filter(says_something) {
            self.shipment.vessels.insert(0, vessel);
        }
        self.shipment.dates = self.dates.filter(says_something);
        self.shipment
    }
}

fn says_something<T: Default + PartialEq>(part: &T) -> bool {
    *part != T::default()
}

fn from(column: &str) -> String {
    format!("column {column}")
}

/// The role's number in the protocol.
pub fn role_number(role: Role) -> i32 {
    let name = role.as_str().to_ascii_uppercase();
    v1::party::Role::from_str_name(&name).unwrap_or_default() as i32
}
