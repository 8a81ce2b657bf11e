//! A header: which column holds what, and whether anything that should be read would be read over.

use super::cells;
use super::encoding::likely_encoding;
use super::field::{Field, Use};
use super::mapping::Mapping;
use super::recognise::{Meaning, meaning};
use super::row;
use super::words::is_company;
use crate::Cause;
use model::shipment::Role;
use std::fmt;
use wire::v1;

/// Why a header cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// Not UTF-8; perhaps in this encoding.
    Encoding(&'static str),
    /// No column that screening reads.
    NoKnownColumn(Vec<String>),
    /// Two columns that the caller gives the same field, which only one can give.
    Twice(String, String),
    /// `--map` or `--ignore-column` names a column that is not there.
    NotThere(String),
    /// Columns that would be read over although they hold parties or goods, each with the reason.
    Unread(Vec<(String, Unread)>),
    /// The header stands further down.
    TitleLines {
        /// Line or row of the header, from 1.
        header: u64,
    },
}

/// Why a column must not be read over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Its name refers to a party.
    Name,
    /// This cell and others read like companies.
    Company(String),
    /// This cell and others read like a description.
    Text(String),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("its name refers to a party"),
            Self::Company(cell) => write!(f, "it holds companies such as {cell:?}"),
            Self::Text(cell) => write!(f, "it holds text such as {cell:?}"),
        }
    }
}

impl std::error::Error for HeaderError {}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding(likely) => {
                write!(f, "the text is not UTF-8; if it is {likely}, add --encoding {}", likely.to_lowercase())
            }
            Self::NoKnownColumn(found) => {
                let found = found.iter().map(|c| c.chars().take(40).collect::<String>()).collect::<Vec<_>>();
                write!(
                    f,
                    "no column of the header is known (found: {}); expected some of {}; read others with \
                     --map COLUMN=FIELD",
                    found.join(", "),
                    Field::names().join(", ")
                )
            }
            Self::Twice(first, second) => write!(f, "--map gives columns {first:?} and {second:?} the same field"),
            Self::NotThere(column) => {
                write!(f, "--map or --ignore-column names column {column:?}, which the header does not have")
            }
            Self::Unread(columns) => {
                let columns: Vec<String> =
                    columns.iter().map(|(name, why)| format!("column {name:?}: {why}")).collect();
                write!(
                    f,
                    "not every column that holds parties or goods would be screened: {}; read it with --map \
                     COLUMN=FIELD or leave it out with --ignore-column COLUMN",
                    columns.join("; ")
                )
            }
            Self::TitleLines { header } => {
                write!(f, "the header seems to be line {header}; remove the title lines before it and try again")
            }
        }
    }
}

/// A checked header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    columns: Vec<String>,
    uses: Vec<Use>,
    /// Roles in the order of their first column: the order of the parties.
    roles: Vec<Option<Role>>,
    delimiter: u8,
    /// Columns that must not be read over, by position.
    unread: Vec<(usize, Unread)>,
}

/// The delimiter of a header line: whichever of comma, semicolon, tab and bar stands most often outside quotes.
pub fn delimiter(line: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
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

/// How many columns of a record mean something: what tells a header from a title.
pub fn known_columns(record: &[u8], delimiter: u8) -> usize {
    let cells = cells::all(record, delimiter);
    let known = |cell: &Vec<u8>| {
        // A description is long; the name of a column is not.
        std::str::from_utf8(cell).is_ok_and(|c| c.len() <= 60 && matches!(meaning(c.trim()), Meaning::Field(_)))
    };
    if cells.len() < 2 { 0 } else { cells.iter().filter(|cell| known(cell)).count() }
}

impl Header {
    /// Reads a header record.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn parse(record: &[u8], delimiter: u8, mapping: &Mapping) -> Result<Self, HeaderError> {
        let columns = cells::all(record, delimiter)
            .into_iter()
            .map(|cell| String::from_utf8(cell).map(|c| c.trim().to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| HeaderError::Encoding(likely_encoding(record)))?;
        Self::of_columns(columns, delimiter, mapping)
    }

    /// Reads the columns of a table that is no text; see [`Header::parse`].
    ///
    /// # Errors
    /// When none of them, or one that the mapping names, cannot be used.
    pub fn of_columns(columns: Vec<String>, delimiter: u8, mapping: &Mapping) -> Result<Self, HeaderError> {
        if let Some(column) = mapping.missing(&columns) {
            return Err(HeaderError::NotThere(column.to_owned()));
        }
        let uses = uses(&columns, mapping)?;
        let mut roles: Vec<Option<Role>> = Vec::new();
        for used in &uses {
            if let Use::Read(Field::Party(role, _)) = used
                && !roles.contains(role)
            {
                roles.push(*role);
            }
        }
        if !uses.iter().any(|used| matches!(used, Use::Read(_))) {
            return Err(HeaderError::NoKnownColumn(columns));
        }
        Ok(Self { columns, uses, roles, delimiter, unread: Vec::new() })
    }

    /// Checks against the first rows that no column with parties or goods would be read over.
    ///
    /// # Errors
    /// [`HeaderError::Unread`] with every such column, unless the columns are only to be explained.
    pub fn check(&mut self, rows: &[Vec<String>], mapping: &Mapping) -> Result<(), HeaderError> {
        let uses = self.uses.iter().enumerate();
        self.unread = uses.filter_map(|(at, used)| Some((at, must_be_read(*used, at, rows)?))).collect();
        if self.unread.is_empty() || mapping.explains() {
            return Ok(());
        }
        Err(HeaderError::Unread(self.unread.iter().map(|(at, why)| (self.name(*at), why.clone())).collect()))
    }

    /// Why a column must not be read over, if so.
    pub(super) fn unread(&self, at: usize) -> Option<&Unread> {
        self.unread.iter().find(|(column, _)| *column == at).map(|(_, why)| why)
    }

    /// The columns as written, blanks around them dropped.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What is made of each column.
    pub fn uses(&self) -> impl Iterator<Item = (&str, Use)> {
        self.columns.iter().map(String::as_str).zip(self.uses.iter().copied())
    }

    /// The columns that screening does not read.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.uses().filter(|(_, used)| !matches!(used, Use::Read(_))).map(|(column, _)| column)
    }

    /// What stands between cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Takes a row apart: its cells as text, and the shipment or why there is none.
    pub fn read(&self, record: &[u8]) -> (Vec<String>, Result<v1::Shipment, Cause>) {
        let mut valid = true;
        let cells: Vec<String> = cells::all(record, self.delimiter)
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

    /// The shipment of a row that has a cell for each column.
    pub fn shipment(&self, cells: &[impl AsRef<str>]) -> v1::Shipment {
        row::shipment(cells, &self.columns, &self.uses, &self.roles)
    }

    /// The cells of a damaged row, up to the damage.
    pub fn sound_cells(&self, record: &[u8]) -> Vec<String> {
        let (cells, sound) = cells::until_damage(record, self.delimiter);
        cells.into_iter().take(sound).map(|c| String::from_utf8_lossy(&c).into_owned()).collect()
    }

    /// The cell of the reference column, for a row that is no shipment.
    pub fn reference<'a>(&self, cells: &'a [String]) -> &'a str {
        let column = self.uses.iter().position(|used| *used == Use::Read(Field::Reference));
        column.and_then(|c| cells.get(c)).map_or("", String::as_str)
    }

    /// The column's name, or its position where it has none.
    fn name(&self, at: usize) -> String {
        let column = &self.columns[at];
        if column.is_empty() { format!("#{}", at + 1) } else { column.clone() }
    }
}

fn uses(columns: &[String], mapping: &Mapping) -> Result<Vec<Use>, HeaderError> {
    let mut uses: Vec<Use> = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let given = mapping.field(at, column);
        uses.push(match (given, meaning(column)) {
            (Some(field), _) => Use::Read(field),
            _ if mapping.ignores(at, column) => Use::Ignored,
            (None, Meaning::Field(field)) => Use::Read(field),
            (None, Meaning::NotNeeded) => Use::NotNeeded,
            (None, Meaning::PartyUnclear) => Use::Unknown(true),
            (None, Meaning::Unknown) => Use::Unknown(false),
        });
    }
    // Where only one column can give a field: the one the caller maps, the one of that very name, the first.
    let rank = |at: usize, field: Field| {
        let column = &columns[at];
        (mapping.field(at, column) != Some(field), Field::parse(column) != Some(field), at)
    };
    let mut result = uses.clone();
    for (at, used) in uses.iter().enumerate() {
        let Use::Read(field) = *used else { continue };
        if field.takes_several() {
            continue;
        }
        let rivals = (0..columns.len()).filter(|other| uses[*other] == *used);
        let Some(best) = rivals.min_by_key(|other| rank(*other, field)) else { continue };
        if best != at {
            if mapping.field(at, &columns[at]).is_some() {
                return Err(HeaderError::Twice(columns[best].clone(), columns[at].clone()));
            }
            result[at] = Use::Given(field);
        }
    }
    Ok(result)
}

/// Why a column of this use must be read, from its cells in the first rows.
fn must_be_read(used: Use, at: usize, rows: &[Vec<String>]) -> Option<Unread> {
    let cells = rows.iter().filter_map(|r| r.get(at)).map(|c| c.trim());
    let cells: Vec<&str> = cells.filter(|c| !wire::is_blank(c)).collect();
    let has_letters = |cell: &&str| cell.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    match used {
        Use::Read(_) | Use::Given(_) | Use::Ignored => None,
        Use::NotNeeded => company(&cells),
        Use::Unknown(true) if rows.is_empty() || cells.iter().any(has_letters) => Some(Unread::Name),
        Use::Unknown(_) => company(&cells).or_else(|| text(&cells)),
    }
}

/// Whether a fifth of the cells read like companies.
fn company(cells: &[&str]) -> Option<Unread> {
    let companies: Vec<&&str> = cells.iter().filter(|c| is_company(c)).collect();
    (companies.len() * 5 >= cells.len()).then(|| companies.first().map(|c| Unread::Company(excerpt(c))))?
}

/// Whether most cells are texts of four words and more, of which not many are the same.
fn text(cells: &[&str]) -> Option<Unread> {
    let is_text = |cell: &&&str| {
        let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
        cell.split_whitespace().count() >= 4 && letters * 2 > cell.chars().count()
    };
    let texts: Vec<&&str> = cells.iter().filter(is_text).collect();
    let mut different: Vec<&&str> = texts.clone();
    different.sort_unstable();
    different.dedup();
    let is_running = texts.len() * 2 > cells.len() && different.len() * 2 > texts.len();
    is_running.then(|| texts.first().map(|c| Unread::Text(excerpt(c))))?
}

fn excerpt(cell: &str) -> String {
    cell.chars().take(40).collect()
}
