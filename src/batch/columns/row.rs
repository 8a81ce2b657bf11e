//! A row turned into a shipment as it would come over the wire.

use super::field::{DateField, Field, GoodsField, PartyField, PlaceField, VesselField};
use super::header::Use;
use model::country::Country;
use model::shipment::{AddressPart, AttestationKind, Role};
use wire::{is_blank, v1};

/// The parts of a shipment that a row may fill.
#[derive(Default)]
struct Row {
    shipment: v1::Shipment,
    goods: v1::Goods,
    tariff_texts: Vec<String>,
    route: v1::Route,
    vessel: v1::Vessel,
    dates: v1::ShipmentDates,
    parties: Vec<v1::Party>,
    /// Parties of which only one thing is said.
    others: Vec<v1::Party>,
}

/// What a cell cannot be taken for.
struct Unreadable {
    expected: String,
    needs_review: bool,
}

impl Unreadable {
    fn new(expected: impl Into<String>, needs_review: bool) -> Self {
        Self { expected: expected.into(), needs_review }
    }
}

/// A row as a shipment on the wire. Texts are as written; codes, dates and numbers are trimmed, and checked where all
/// records are checked. Cells that have no place on the wire unless they are understood are named in `unread`.
pub(super) fn shipment(cells: &[String], columns: &[String], uses: &[Use], roles: &[Option<Role>]) -> v1::Shipment {
    let mut row = Row { parties: vec![v1::Party::default(); roles.len()], ..Row::default() };
    for ((cell, used), column) in cells.iter().zip(uses).zip(columns) {
        let Use::Read(field) = *used else { continue };
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
            Field::Date(DateField::Issued) => self.dates.issued = word,
            Field::Date(DateField::Departure) => self.dates.departure = word,
            Field::Date(DateField::Arrival) => self.dates.arrival = word,
            Field::Attestations => {
                for word in several(cell) {
                    self.shipment.attestations.push(attestation(word)?);
                }
            }
            Field::RoutingCountries => self.route.routing_countries.extend(several(cell).map(country)),
            Field::OtherCountry => {
                let party = v1::Party { country: country(cell), role_source: from(column), ..Default::default() };
                if !self.others.iter().any(|other| other.country == party.country) {
                    self.others.push(party);
                }
            }
            Field::Goods(GoodsField::TariffText) => add_once(&mut self.tariff_texts, cell),
            Field::Goods(part) => goods(&mut self.goods, part, cell)?,
            Field::Party(_, PartyField::ContactPerson) => {
                self.others.push(v1::Party { name: cell.to_owned(), role_source: from(column), ..Default::default() });
            }
            Field::Party(role, part) => {
                if let Some(at) = roles.iter().position(|r| *r == role) {
                    party(&mut self.parties[at], part, cell)?;
                }
            }
            Field::Place(PlaceField::Transshipment) => self.route.transshipment.extend(several(cell).map(place)),
            Field::Place(part) => merge(self.place(part), place(cell)),
            Field::PlaceCountry(part) => {
                let given = v1::Place { text: cell.to_owned(), country: country(cell), ..Default::default() };
                merge(self.place(part), given);
            }
            Field::Vessel(VesselField::Name) if self.vessel.name.is_empty() => cell.clone_into(&mut self.vessel.name),
            Field::Vessel(VesselField::Name) => {
                self.shipment.vessels.push(v1::Vessel { name: cell.to_owned(), ..Default::default() });
            }
            Field::Vessel(VesselField::Imo) => self.vessel.imo = word,
            Field::Vessel(VesselField::Flag) => self.vessel.flag = country(cell),
        }
        Ok(())
    }

    fn place(&mut self, part: PlaceField) -> &mut v1::Place {
        let route = &mut self.route;
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
        for (mut party, role) in self.parties.into_iter().zip(roles) {
            if party != v1::Party::default() {
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
        let tariff_texts = self.tariff_texts.join("\n");
        if self.goods.description.is_empty() {
            self.goods.description = tariff_texts;
        } else if !tariff_texts.is_empty() {
            join(&mut self.goods.marks, &tariff_texts);
        }
        if self.goods != v1::Goods::default() {
            self.shipment.goods.push(self.goods);
        }
        if self.route != v1::Route::default() {
            self.shipment.route = Some(self.route);
        }
        if self.vessel != v1::Vessel::default() {
            self.shipment.vessels.insert(0, self.vessel);
        }
        if self.dates != v1::ShipmentDates::default() {
            self.shipment.dates = Some(self.dates);
        }
        self.shipment
    }
}

fn from(column: &str) -> String {
    format!("column {column}")
}

/// Joins the texts of several columns line by line; a text that says the same again is left out.
fn join(text: &mut String, cell: &str) {
    if text.is_empty() {
        cell.clone_into(text);
    } else if !text.lines().any(|line| line.trim() == cell.trim()) {
        text.push('\n');
        text.push_str(cell);
    }
}

fn add_once(texts: &mut Vec<String>, cell: &str) {
    if !texts.iter().any(|text| text.trim() == cell.trim()) {
        texts.push(cell.to_owned());
    }
}

/// A second column of the same place adds what the first left open.
fn merge(place: &mut v1::Place, other: v1::Place) {
    if place.text.is_empty() {
        place.text = other.text;
    } else if !place.text.split(", ").any(|part| part.trim() == other.text.trim()) {
        place.text = format!("{}, {}", place.text, other.text);
    }
    let is_read = |country: &str| Country::parse(country).is_some();
    if place.country.is_empty() || !is_read(&place.country) && is_read(&other.country) {
        place.country = other.country;
    }
    if place.locode.is_empty() {
        place.locode = other.locode;
    }
}

fn goods(goods: &mut v1::Goods, part: GoodsField, cell: &str) -> Result<(), Unreadable> {
    let word = cell.trim().to_owned();
    match part {
        GoodsField::Description | GoodsField::TariffText => join(&mut goods.description, cell),
        GoodsField::Marks | GoodsField::Packing => join(&mut goods.marks, cell),
        GoodsField::HsCode => hs_codes(goods, cell),
        GoodsField::OtherHsCodes => goods.other_hs_codes.extend(several(cell).map(str::to_owned)),
        GoodsField::HsEdition => {
            let expected = || Unreadable::new("the year of an edition, for example 2022", false);
            goods.hs_edition = word.parse().map_err(|_| expected())?;
        }
        GoodsField::Eccn => goods.eccn = word,
        GoodsField::Brand => join(&mut goods.brand, cell),
        GoodsField::Model => join(&mut goods.model, cell),
        GoodsField::Origin => set_country(&mut goods.origin, cell),
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

/// Further columns of codes often hold the chapter and heading of the same code, which say nothing new.
fn hs_codes(goods: &mut v1::Goods, cell: &str) {
    let digits = |code: &str| code.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut add = |code: &str| {
        if goods.hs_code.is_empty() {
            code.clone_into(&mut goods.hs_code);
            return;
        }
        let known = std::iter::once(&goods.hs_code).chain(&goods.other_hs_codes);
        let new = digits(code);
        if new.is_empty() || !known.into_iter().any(|k| digits(k).starts_with(&new)) {
            goods.other_hs_codes.push(code.to_owned());
        }
    };
    add(cell.trim());
    // A spreadsheet drops the zero that a code begins with: both readings count.
    let code = cell.trim();
    if matches!(code.len(), 5 | 7) && code.bytes().all(|b| b.is_ascii_digit()) {
        add(&format!("0{code}"));
    }
}

/// The one licence of this kind that a row can give.
fn licence(goods: &mut v1::Goods, kind: v1::licence::Kind) -> &mut v1::Licence {
    let at = goods.licences.iter().position(|l| l.kind() == kind).unwrap_or_else(|| {
        goods.licences.push(v1::Licence { kind: kind as i32, ..Default::default() });
        goods.licences.len() - 1
    });
    &mut goods.licences[at]
}

fn party(party: &mut v1::Party, part: PartyField, cell: &str) -> Result<(), Unreadable> {
    let text = cell.to_owned();
    let word = cell.trim().to_owned();
    match part {
        PartyField::Name if party.name.is_empty() => party.name = text,
        // The same party in another language.
        PartyField::Name => {
            if party.name.trim() != word {
                add_once(&mut party.other_names, cell);
            }
        }
        PartyField::OtherNames => party.other_names.extend(several(cell).map(str::to_owned)),
        PartyField::Country => set_country(&mut party.country, cell),
        PartyField::Address => join(&mut party.address, cell),
        PartyField::AddressPart(part) => {
            let slot = address_part(party, part);
            if !slot.is_empty() && slot.trim() != word {
                slot.push_str(", ");
                slot.push_str(&text);
            } else if slot.is_empty() {
                *slot = text;
            }
        }
        PartyField::Locode => party.structured_address.get_or_insert_default().locode = word,
        PartyField::Id => party.identifiers.extend(several(cell).map(identifier)),
        PartyField::Source => party.role_source = text,
        PartyField::Confidence => {
            let expected = || Unreadable::new("whole thousandths, 0 to 1000", false);
            party.role_confidence = Some(word.parse().map_err(|_| expected())?);
        }
        // Anything but yes or no is the note itself.
        PartyField::Disputed => match yes_or_no(cell) {
            Some(answer) => party.is_disputed = answer,
            None => party.dispute_note = text,
        },
        PartyField::ToOrder => {
            party.is_to_order = yes_or_no(cell).ok_or_else(|| Unreadable::new("yes or no", true))?;
        }
        PartyField::Born => party.born = word,
        PartyField::Incorporated => party.incorporated = word,
        // A contact person is a party of its own; no list is compared with a telephone number.
        PartyField::Contact | PartyField::ContactPerson => {}
    }
    Ok(())
}

/// The first country that can be read; columns in several languages say the same.
fn set_country(slot: &mut String, cell: &str) {
    if Country::parse(slot).is_none() {
        *slot = country(cell);
    }
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

fn attestation(word: &str) -> Result<v1::Attestation, Unreadable> {
    let at = AttestationKind::ALL.iter().position(|k| k.as_str().eq_ignore_ascii_case(word)).ok_or_else(|| {
        let known: Vec<&str> = AttestationKind::ALL.iter().map(|k| k.as_str()).collect();
        Unreadable::new(format!("some of {}, between semicolons", known.join(", ")), true)
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

/// A code or an English name as its code; anything else as written, for the engine to name.
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

fn excerpt(cell: &str) -> String {
    cell.trim().chars().take(40).collect()
}

/// The cells of a record that [`crate::batch::input`] has cut: quotes are balanced.
pub(super) fn cells(record: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
    cells_until_damage(record, delimiter).0
}

/// The cells of a record, and how many of them come before the first damaged quote.
pub(super) fn cells_until_damage(record: &[u8], delimiter: u8) -> (Vec<Vec<u8>>, usize) {
    let mut cells = Vec::new();
    let mut sound = None;
    let mut rest = record;
    loop {
        let mut cell = Vec::new();
        if rest.first() == Some(&b'"') {
            rest = &rest[1..];
            let mut is_closed = false;
            while let Some(quote) = memchr::memchr(b'"', rest) {
                cell.extend_from_slice(&rest[..quote]);
                rest = &rest[quote + 1..];
                if rest.first() != Some(&b'"') {
                    is_closed = true;
                    break;
                }
                cell.push(b'"');
                rest = &rest[1..];
            }
            if !is_closed || rest.first().is_some_and(|b| *b != delimiter) {
                sound.get_or_insert(cells.len());
            }
        }
        let end = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        cell.extend_from_slice(&rest[..end]);
        cells.push(cell);
        match rest.get(end + 1..) {
            Some(next) => rest = next,
            None => {
                let count = cells.len();
                return (cells, sound.unwrap_or(count));
            }
        }
    }
}
