//! CSV columns: what a header means, and a row turned into a shipment as it would come over the wire.
//!
//! A cell is taken as written, because findings point into it; only codes and countries are trimmed. Rows that
//! share a reference are screened one by one and never merged. `docs/input.md` is the text for users.

use super::Cause;
use crate::country::Country;
use crate::shipment::Role;
use crate::wire::v1;
use std::fmt;

/// A column that the screening reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The caller's reference.
    Reference,
    /// Rows in force on this date.
    AsOf,
    /// Rows known on this date.
    KnownOn,
    /// One text of the goods line.
    Goods(GoodsField),
    /// One text of the party with this role.
    Party(Role, PartyField),
    /// One place of the route.
    Place(PlaceField),
    /// One text of the vessel.
    Vessel(VesselField),
}

/// What a goods column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum GoodsField {
    Description,
    Marks,
    HsCode,
    Eccn,
    Brand,
    Model,
    Origin,
}

/// What a party column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum PartyField {
    Name,
    Country,
    Address,
    Id,
}

/// What a place column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum PlaceField {
    Receipt,
    Loading,
    Transshipment,
    Discharge,
    Delivery,
    Destination,
}

/// What a vessel column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the columns")]
pub enum VesselField {
    Name,
    Imo,
    Flag,
}

/// The columns that do not depend on a role.
const PLAIN: [(&str, Field); 19] = [
    ("reference", Field::Reference),
    ("description", Field::Goods(GoodsField::Description)),
    ("marks", Field::Goods(GoodsField::Marks)),
    ("hs_code", Field::Goods(GoodsField::HsCode)),
    ("eccn", Field::Goods(GoodsField::Eccn)),
    ("brand", Field::Goods(GoodsField::Brand)),
    ("model", Field::Goods(GoodsField::Model)),
    ("origin", Field::Goods(GoodsField::Origin)),
    ("loading", Field::Place(PlaceField::Loading)),
    ("transshipment", Field::Place(PlaceField::Transshipment)),
    ("discharge", Field::Place(PlaceField::Discharge)),
    ("destination", Field::Place(PlaceField::Destination)),
    ("receipt", Field::Place(PlaceField::Receipt)),
    ("delivery", Field::Place(PlaceField::Delivery)),
    ("vessel", Field::Vessel(VesselField::Name)),
    ("vessel_imo", Field::Vessel(VesselField::Imo)),
    ("vessel_flag", Field::Vessel(VesselField::Flag)),
    ("as_of", Field::AsOf),
    ("known_on", Field::KnownOn),
];

/// What a party column's name ends with.
const PARTY_SUFFIXES: [(&str, PartyField); 4] = [
    ("_country", PartyField::Country),
    ("_address", PartyField::Address),
    ("_id", PartyField::Id),
    ("", PartyField::Name),
];

/// Upper-case words of five letters that look like a UN/LOCODE and are far more often the city itself.
const CITIES: [&str; 22] = [
    "ACCRA", "ADANA", "BASEL", "BASRA", "BEIRA", "CAIRO", "DELHI", "ESSEN", "GENOA", "IZMIR", "LAGOS", "LIEGE",
    "MALMO", "MIAMI", "MILAN", "PARIS", "PERTH", "SOFIA", "TOKYO", "TURIN", "ULSAN", "VARNA",
];

impl Field {
    /// Reads a column name in any case, words joined by blanks, hyphens or underscores.
    pub fn parse(column: &str) -> Option<Self> {
        let mut name = String::with_capacity(column.len());
        for word in column.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-')).filter(|w| !w.is_empty()) {
            if !name.is_empty() {
                name.push('_');
            }
            name.push_str(&word.to_ascii_lowercase());
        }
        if let Some((_, field)) = PLAIN.iter().find(|(plain, _)| *plain == name) {
            return Some(*field);
        }
        PARTY_SUFFIXES
            .iter()
            .find_map(|(suffix, part)| Some(Self::Party(Role::parse(name.strip_suffix(suffix)?)?, *part)))
    }

    /// Every column name; a party's further columns are written `<role>_country` and so on.
    pub fn names() -> Vec<String> {
        let (plain_before, plain_after) = PLAIN.split_at(8);
        let names = |plain: &[(&str, Self)]| plain.iter().map(|(n, _)| (*n).to_owned()).collect::<Vec<_>>();
        let mut all = names(plain_before);
        all.extend(Role::ALL.iter().map(|r| r.as_str().to_owned()));
        all.extend(["<role>_country", "<role>_address", "<role>_id"].map(str::to_owned));
        all.extend(names(plain_after));
        all
    }
}

/// `--map`: columns that go by another name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(Vec<(String, Field)>);

impl Mapping {
    /// Reads `column=field` pairs.
    ///
    /// # Errors
    /// When a pair has no `=` or names no field.
    pub fn parse(pairs: &[String]) -> Result<Self, String> {
        let pair = |pair: &String| {
            let (column, field) = pair.rsplit_once('=').ok_or_else(|| format!("{pair:?} is not column=field"))?;
            let known = || format!("{field:?} is no field; the fields are {}", Field::names().join(", "));
            Ok((column.trim().to_owned(), Field::parse(field).ok_or_else(known)?))
        };
        pairs.iter().map(pair).collect::<Result<_, String>>().map(Self)
    }
}

/// Why a header cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// Not UTF-8.
    Encoding,
    /// No column that screening reads.
    NoKnownColumn(Vec<String>),
    /// Two columns for one field.
    Twice(String, String),
    /// `--map` names a column that is not there.
    NotThere(String),
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding => f.write_str("the header is not UTF-8"),
            Self::NoKnownColumn(found) => {
                let found = found.iter().map(|c| c.chars().take(40).collect::<String>()).collect::<Vec<_>>();
                write!(
                    f,
                    "no column of the header is known (found: {}); expected some of {}; map others with --map COLUMN=FIELD",
                    found.join(", "),
                    Field::names().join(", ")
                )
            }
            Self::Twice(first, second) => write!(f, "columns {first:?} and {second:?} mean the same field"),
            Self::NotThere(column) => write!(f, "--map names column {column:?}, which the header does not have"),
        }
    }
}

/// A checked header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    columns: Vec<String>,
    fields: Vec<Option<Field>>,
    /// Roles in the order of their first column: the order of the parties.
    roles: Vec<Role>,
    delimiter: u8,
}

/// The delimiter of a header line: whichever of comma, semicolon and tab stands most often outside quotes.
pub(crate) fn delimiter(line: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(d, _)| d == byte && !quoted) {
            *count += 1;
        }
    }
    // The first of equals wins, and the comma is first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(d, _)| *d)
}

impl Header {
    /// Reads a header record.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn parse(record: &[u8], delimiter: u8, mapping: &Mapping) -> Result<Self, HeaderError> {
        let columns = cells(record, delimiter)
            .into_iter()
            .map(|cell| String::from_utf8(cell).map(|c| c.trim().to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| HeaderError::Encoding)?;
        if let Some((column, _)) = mapping.0.iter().find(|(column, _)| !columns.contains(column)) {
            return Err(HeaderError::NotThere(column.clone()));
        }
        let mut fields: Vec<Option<Field>> = Vec::with_capacity(columns.len());
        let mut roles = Vec::new();
        for column in &columns {
            let mapped = mapping.0.iter().find(|(name, _)| name == column).map(|(_, field)| *field);
            let field = mapped.or_else(|| Field::parse(column));
            if let Some(first) = field.and_then(|_| fields.iter().position(|f| *f == field)) {
                return Err(HeaderError::Twice(columns[first].clone(), column.clone()));
            }
            if let Some(Field::Party(role, _)) = field
                && !roles.contains(&role)
            {
                roles.push(role);
            }
            fields.push(field);
        }
        if fields.iter().all(Option::is_none) {
            return Err(HeaderError::NoKnownColumn(columns));
        }
        Ok(Self { columns, fields, roles, delimiter })
    }

    /// The columns as written, blanks around them dropped.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The columns that screening does not read.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().zip(&self.fields).filter(|(_, field)| field.is_none()).map(|(column, _)| column.as_str())
    }

    /// What stands between cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Takes a row apart: its cells as text, and the shipment or why there is none.
    pub fn read(&self, record: &[u8]) -> (Vec<String>, Result<v1::Shipment, Cause>) {
        let mut valid = true;
        let cells: Vec<String> = cells(record, self.delimiter)
            .into_iter()
            .map(|cell| {
                String::from_utf8(cell).unwrap_or_else(|e| {
                    valid = false;
                    String::from_utf8_lossy(e.as_bytes()).into_owned()
                })
            })
            .collect();
        let shipment = if !valid {
            Err(Cause::Encoding)
        } else if cells.len() != self.columns.len() {
            Err(Cause::ColumnCount { found: cells.len(), expected: self.columns.len() })
        } else {
            Ok(self.shipment(&cells))
        };
        (cells, shipment)
    }

    /// The cell of the reference column, for a row that is no shipment.
    pub fn reference<'a>(&self, cells: &'a [String]) -> &'a str {
        let column = self.fields.iter().position(|f| *f == Some(Field::Reference));
        column.and_then(|c| cells.get(c)).map_or("", String::as_str)
    }

    fn shipment(&self, cells: &[String]) -> v1::Shipment {
        let mut shipment = v1::Shipment::default();
        let mut goods = v1::Goods::default();
        let mut route = v1::Route::default();
        let mut vessel = v1::Vessel::default();
        let mut parties = vec![v1::Party::default(); self.roles.len()];
        for (cell, field) in cells.iter().zip(&self.fields) {
            let Some(field) = field else { continue };
            if cell.trim().is_empty() {
                continue;
            }
            let text = cell.clone();
            match field {
                Field::Reference => shipment.reference = text,
                Field::AsOf => shipment.as_of = cell.trim().to_owned(),
                Field::KnownOn => shipment.known_on = cell.trim().to_owned(),
                Field::Goods(part) => match part {
                    GoodsField::Description => goods.description = text,
                    GoodsField::Marks => goods.marks = text,
                    GoodsField::HsCode => goods.hs_code = cell.trim().to_owned(),
                    GoodsField::Eccn => goods.eccn = cell.trim().to_owned(),
                    GoodsField::Brand => goods.brand = text,
                    GoodsField::Model => goods.model = text,
                    GoodsField::Origin => goods.origin = country(cell),
                },
                Field::Party(role, part) => {
                    let Some(at) = self.roles.iter().position(|r| r == role) else { continue };
                    let party = &mut parties[at];
                    match part {
                        PartyField::Name => party.name = text,
                        PartyField::Country => party.country = country(cell),
                        PartyField::Address => party.address = text,
                        PartyField::Id => party.identifiers = several(cell).map(identifier).collect(),
                    }
                }
                Field::Place(part) => {
                    let slot = match part {
                        PlaceField::Transshipment => {
                            route.transshipment = several(cell).map(place).collect();
                            continue;
                        }
                        PlaceField::Receipt => &mut route.receipt,
                        PlaceField::Loading => &mut route.loading,
                        PlaceField::Discharge => &mut route.discharge,
                        PlaceField::Delivery => &mut route.delivery,
                        PlaceField::Destination => &mut route.destination,
                    };
                    *slot = Some(place(cell));
                }
                Field::Vessel(part) => match part {
                    VesselField::Name => vessel.name = text,
                    VesselField::Imo => vessel.imo = cell.trim().to_owned(),
                    VesselField::Flag => vessel.flag = country(cell),
                },
            }
        }
        for (party, role) in parties.iter_mut().zip(&self.roles) {
            if *party != v1::Party::default() {
                party.role = role_number(*role);
                shipment.parties.push(std::mem::take(party));
            }
        }
        if goods != v1::Goods::default() {
            shipment.goods.push(goods);
        }
        if route != v1::Route::default() {
            shipment.route = Some(route);
        }
        if vessel != v1::Vessel::default() {
            shipment.vessels.push(vessel);
        }
        shipment
    }
}

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
pub(crate) fn place(cell: &str) -> v1::Place {
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

/// The cells of a record that [`super::input`] has cut: quotes are balanced.
fn cells(record: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
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

#[cfg(test)]
mod tests;
