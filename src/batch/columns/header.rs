//! A header: which column holds what.

use super::{Cause, Field, row};
use crate::batch::adapter::InputKind;
use model::shipment::Role;
use std::fmt;
use wire::v1;

/// How a file is to be read: `--map`, columns that go by another name, and `--input-format`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(Vec<(String, Field)>, InputKind);

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
        pairs.iter().map(pair).collect::<Result<_, String>>().map(|pairs| Self(pairs, InputKind::Auto))
    }

    /// The same, for files that are told to be of this kind.
    pub fn of_kind(self, kind: InputKind) -> Self {
        Self(self.0, kind)
    }

    /// What files are told to be.
    pub fn kind(&self) -> InputKind {
        self.1
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
        let columns = row::cells(record, delimiter)
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
        let cells: Vec<String> = row::cells(record, self.delimiter)
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
            row::shipment(&cells, &self.columns, &self.fields, &self.roles)
        };
        (cells, shipment)
    }

    /// The cell of the reference column, for a row that is no shipment.
    pub fn reference<'a>(&self, cells: &'a [String]) -> &'a str {
        let column = self.fields.iter().position(|f| *f == Some(Field::Reference));
        column.and_then(|c| cells.get(c)).map_or("", String::as_str)
    }
}
