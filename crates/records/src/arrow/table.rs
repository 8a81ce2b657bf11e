//! A table read as records: its columns by name, or one column that holds JSON.

use super::cells::{Cells, UnreadableColumn, check};
use crate::columns::{Header, HeaderError, Mapping, Use};
use crate::{Cause, json};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use std::borrow::Cow;
use wire::v1;

/// Rows that are looked at to see what the columns hold.
pub(super) const SAMPLE: usize = 200;

/// Why a table cannot be screened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Its columns cannot be used.
    #[error(transparent)]
    Header(HeaderError),
    /// A column that is to be read has a type without text.
    #[error(transparent)]
    Type(#[from] UnreadableColumn),
    /// The column that holds JSON is not there.
    #[error("the table has no column {0:?}, which should hold JSON")]
    NoJson(String),
}

/// What the columns of a table are read as.
#[derive(Clone, Debug)]
pub struct Table {
    reads: Reads,
}

#[derive(Clone, Debug)]
enum Reads {
    /// Columns by name.
    Columns(Header),
    /// One column, a JSON record in each cell.
    Json(usize),
}

/// A record of a table.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its own reference; empty where it has none or none can be read.
    pub reference: String,
    /// The shipment, or why there is none.
    pub shipment: Result<v1::Shipment, Cause>,
}

impl Table {
    /// Reads the columns of a table by their names.
    ///
    /// # Errors
    /// When none of them is known, one that the mapping names is not there, or one that is read has no text.
    pub fn of_columns(schema: &SchemaRef, mapping: &Mapping) -> Result<Self, TableError> {
        let columns: Vec<String> = schema.fields().iter().map(|f| f.name().trim().to_owned()).collect();
        let header = Header::of_columns(columns, b',', mapping).map_err(TableError::Header)?;
        for (field, (_, used)) in schema.fields().iter().zip(header.uses()) {
            if matches!(used, Use::Read(_)) {
                check(field.name(), field.data_type())?;
            }
        }
        Ok(Self { reads: Reads::Columns(header) })
    }

    /// Reads one column that holds a record as JSON in each cell, and no other.
    ///
    /// # Errors
    /// When it is not there or is no text.
    pub fn of_json(schema: &SchemaRef, column: &str) -> Result<Self, TableError> {
        let at = schema.fields().iter().position(|f| f.name() == column);
        let at = at.ok_or_else(|| TableError::NoJson(column.to_owned()))?;
        check(column, schema.field(at).data_type())?;
        Ok(Self { reads: Reads::Json(at) })
    }

    /// Checks against the first rows that no column with parties or goods would be read over.
    ///
    /// # Errors
    /// [`HeaderError::Unread`] with every such column.
    pub fn check(&mut self, first: &RecordBatch, mapping: &Mapping) -> Result<(), TableError> {
        let Reads::Columns(header) = &mut self.reads else { return Ok(()) };
        let cells = |at: usize| {
            let array = first.column(at);
            check("", array.data_type()).is_ok().then(|| Cells::of(array))
        };
        let columns: Vec<Option<Cells>> = (0..first.num_columns()).map(cells).collect();
        let row = |row: usize| {
            let text = |cells: &Option<Cells>| cells.as_ref().map_or_else(String::new, |c| c.text(row).into_owned());
            columns.iter().map(text).collect::<Vec<String>>()
        };
        let rows: Vec<Vec<String>> = (0..first.num_rows().min(SAMPLE)).map(row).collect();
        header.check(&rows, mapping).map_err(TableError::Header)
    }

    /// The header, where the table is read by its columns.
    pub fn header(&self) -> Option<&Header> {
        match &self.reads {
            Reads::Columns(header) => Some(header),
            Reads::Json(_) => None,
        }
    }

    /// The records of a batch.
    pub fn records<'t>(&'t self, batch: &'t RecordBatch) -> Records<'t> {
        let cells = match &self.reads {
            Reads::Columns(header) => {
                let used = |(at, (_, used)): (usize, (&str, Use))| match used {
                    Use::Read(_) => Some(Cells::of(batch.column(at))),
                    _ => None,
                };
                header.uses().enumerate().map(used).collect()
            }
            Reads::Json(at) => vec![Some(Cells::of(batch.column(*at)))],
        };
        Records { table: self, cells }
    }
}

/// The records of one batch, ready to be read in any order and from any thread.
#[derive(Debug)]
pub struct Records<'t> {
    table: &'t Table,
    /// For each column its cells; `None` where it is not read.
    cells: Vec<Option<Cells>>,
}

impl Records<'_> {
    /// The record of a row.
    pub fn read(&self, row: usize) -> Record {
        match &self.table.reads {
            Reads::Json(_) => {
                let text = self.cells.first().and_then(Option::as_ref).map(|cells| cells.text(row));
                let (reference, shipment) = json::record(text.unwrap_or_default().as_bytes());
                Record { reference, shipment }
            }
            Reads::Columns(header) => {
                let cells: Vec<Cow<'_, str>> = self.cells.iter().map(|cells| text(cells, row)).collect();
                let shipment = header.shipment(&cells);
                Record { reference: shipment.reference.clone(), shipment: Ok(shipment) }
            }
        }
    }
}

/// The cells of a row as text, one for each column; a column whose type has none is empty.
pub fn texts(batch: &RecordBatch, row: usize) -> Vec<String> {
    let cell = |array: &ArrayRef| match check("", array.data_type()) {
        Ok(()) => Cells::of(array).text(row).into_owned(),
        Err(_) => String::new(),
    };
    batch.columns().iter().map(cell).collect()
}

fn text(cells: &Option<Cells>, row: usize) -> Cow<'_, str> {
    cells.as_ref().map_or(Cow::Borrowed(""), |cells| cells.text(row))
}
