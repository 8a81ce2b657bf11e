//! Faults as Python exceptions that name list, column, row and field.

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::prelude::*;
use records::Cause;
use records::arrow::TableError;
use records::columns::{HeaderError, MappingError};

create_exception!(tidewaiter, TidewaiterError, PyException, "What Tidewaiter could not do.");
create_exception!(
    tidewaiter,
    ListError,
    TidewaiterError,
    "Lists, policy or packs cannot be used; nothing was screened."
);
create_exception!(
    tidewaiter,
    LedgerError,
    TidewaiterError,
    "The ledger cannot be used, or did not take a record; what is not recorded was not answered."
);
create_exception!(
    tidewaiter,
    ColumnError,
    TidewaiterError,
    "The columns of a table cannot be used. `columns` names those at fault."
);
create_exception!(
    tidewaiter,
    RecordError,
    TidewaiterError,
    "A record cannot be read. `row` is its number, from 0; `field` its key or column where it is known, else None."
);

/// Puts the exceptions into the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("TidewaiterError", py.get_type::<TidewaiterError>())?;
    module.add("ListError", py.get_type::<ListError>())?;
    module.add("LedgerError", py.get_type::<LedgerError>())?;
    module.add("ColumnError", py.get_type::<ColumnError>())?;
    module.add("RecordError", py.get_type::<RecordError>())
}

/// An error and its causes; a cause that its parent already quotes is not repeated.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !said.ends_with(&text) {
            said = format!("{said}: {text}");
        }
        cause = next.source();
    }
    said
}

/// Lists, policy or packs that cannot be used.
pub(crate) fn list(error: &(dyn std::error::Error + 'static)) -> PyErr {
    ListError::new_err(chain(error))
}

/// What stopped a screening.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A record cannot be read, and the caller wants to know.
    Record {
        /// Its number, from 0.
        row: u64,
        /// Why.
        cause: Cause,
    },
    /// The columns cannot be used.
    Table(TableError),
    /// An option about the columns cannot be taken.
    Mapping(MappingError),
    /// The table could not be read further, or the answers not be put together.
    Arrow(arrow_schema::ArrowError),
    /// The ledger did not take the records, in words.
    Ledger(String),
    /// A fault of the program.
    Panicked(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record { row, cause } => write!(f, "record {row}: {cause}"),
            Self::Table(TableError::Header(error)) => f.write_str(&header(error).0),
            Self::Table(error) => error.fmt(f),
            Self::Mapping(error) => error.fmt(f),
            Self::Arrow(error) => error.fmt(f),
            Self::Ledger(why) => f.write_str(why),
            Self::Panicked(what) => write!(f, "the engine panicked, which is a bug: {what}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        let text = fault.to_string();
        match fault {
            Fault::Record { row, cause } => record(row, field(&cause), text),
            Fault::Table(TableError::Header(error)) => columns(header(&error).1, text),
            Fault::Table(TableError::Type(error)) => columns(vec![error.column], text),
            Fault::Table(TableError::NoJson(column)) => columns(vec![column], text),
            Fault::Mapping(_) => columns(Vec::new(), text),
            Fault::Ledger(_) => LedgerError::new_err(text),
            Fault::Arrow(_) => TidewaiterError::new_err(text),
            Fault::Panicked(_) => PyRuntimeError::new_err(text),
        }
    }
}

fn record(row: u64, field: Option<String>, text: String) -> PyErr {
    with(RecordError::new_err(text), |value| {
        value.setattr("row", row)?;
        value.setattr("field", field)
    })
}

fn columns(columns: Vec<String>, text: String) -> PyErr {
    with(ColumnError::new_err(text), |value| value.setattr("columns", columns))
}

/// The exception with attributes of its own.
fn with(error: PyErr, set: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<()>) -> PyErr {
    Python::attach(|py| match set(error.value(py).as_any()) {
        Ok(()) => error,
        Err(other) => other,
    })
}

/// The key that a record stumbled over, where the cause names one.
fn field(cause: &Cause) -> Option<String> {
    let Cause::Json(what) = cause else { return None };
    let named = what.strip_prefix("unknown field `").or(what.strip_prefix("duplicate field `"))?;
    named.split_once('`').map(|(field, _)| field.to_owned())
}

/// What is wrong with the columns, in the words of this package, and which they are.
fn header(error: &HeaderError) -> (String, Vec<String>) {
    match error {
        HeaderError::Encoding(_) => ("a column's name is not UTF-8".to_owned(), Vec::new()),
        HeaderError::NoKnownColumn(found) => {
            let names: Vec<&str> = found.iter().map(String::as_str).collect();
            let text = format!(
                "no column is known (found: {}); name a field for one with map={{\"COLUMN\": \"FIELD\"}}, where FIELD is \
                 one of tidewaiter.fields(), for example \"consignee\" or \"description\"",
                names.join(", ")
            );
            (text, found.clone())
        }
        HeaderError::Twice(first, second) => {
            let text = format!("map gives columns {first:?} and {second:?} the same field");
            (text, vec![first.clone(), second.clone()])
        }
        HeaderError::NotThere(column) => {
            (format!("map or ignore names column {column:?}, which is not there"), vec![column.clone()])
        }
        HeaderError::Unread(unread) => {
            let said: Vec<String> = unread.iter().map(|(name, why)| format!("column {name:?}: {why}")).collect();
            let text = format!(
                "not every column that holds parties or goods would be screened: {}; read it with map={{\"COLUMN\": \
                 \"FIELD\"}} or leave it out with ignore=[\"COLUMN\"]",
                said.join("; ")
            );
            (text, unread.iter().map(|(name, _)| name.clone()).collect())
        }
        HeaderError::TitleLines { header } => (format!("the header seems to be row {header}"), Vec::new()),
    }
}
