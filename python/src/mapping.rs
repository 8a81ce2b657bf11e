//! Which column is read as what.

use crate::errors::Fault;
use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_pyarrow::FromPyArrow as _;
use arrow_schema::ArrowError;
use pyo3::prelude::*;
use records::arrow::{Answers, Form, Table, TableError};
use records::columns::{Field, Header, Mapping};

/// The mapping that the caller asks for.
pub(crate) fn mapping(map: &[(String, String)], ignore: &[String]) -> Result<Mapping, Fault> {
    let pairs: Vec<String> = map.iter().map(|(column, field)| format!("{column}={field}")).collect();
    Ok(Mapping::parse(&pairs).map_err(Fault::Mapping)?.ignoring(ignore))
}

/// How a table is read, checked against its first rows.
pub(crate) fn table(
    reader: &mut dyn RecordBatchReader,
    json: Option<&str>,
    mapping: &Mapping,
    is_checked: bool,
) -> Result<(Table, Option<RecordBatch>), Fault> {
    let schema = reader.schema();
    let mut table = match json {
        Some(column) => Table::of_json(&schema, column),
        None => Table::of_columns(&schema, mapping),
    }
    .map_err(Fault::Table)?;
    let first = first_with_rows(reader).map_err(Fault::Arrow)?;
    if let Some(first) = first.as_ref().filter(|_| !is_checked) {
        table.check(first, mapping).map_err(Fault::Table)?;
    }
    Ok((table, first))
}

fn first_with_rows(reader: &mut dyn RecordBatchReader) -> Result<Option<RecordBatch>, ArrowError> {
    for batch in reader {
        let batch = batch?;
        if batch.num_rows() > 0 {
            return Ok(Some(batch));
        }
    }
    Ok(None)
}

/// Each column of a table with what is made of it, from its name and its first rows.
#[pyfunction]
pub(crate) fn explain(
    py: Python<'_>,
    table: &Bound<'_, PyAny>,
    map: Vec<(String, String)>,
    ignore: Vec<String>,
) -> PyResult<Vec<(String, String)>> {
    let mut reader = RecordBatchStreamReader::from_pyarrow_bound(table)?;
    let explained = py.detach(|| {
        let mapping = mapping(&map, &ignore)?.explaining();
        let (table, _) = self::table(&mut reader, None, &mapping, false)?;
        Ok(table.header().map(Header::explain).unwrap_or_default())
    });
    explained.map_err(|fault: Fault| fault.into())
}

/// The schema of the answers to a table of this schema, as an empty table.
#[pyfunction]
pub(crate) fn answer_schema(
    table: &Bound<'_, PyAny>,
    per_finding: bool,
    json: bool,
) -> PyResult<crate::stream::Stream> {
    let reader = RecordBatchStreamReader::from_pyarrow_bound(table)?;
    let answers = Answers::new(&reader.schema(), Form { per_finding, json }, []);
    Ok(crate::stream::Stream::of(answers.schema().clone(), Vec::new()))
}

/// The fields that a column can be read as.
#[pyfunction]
pub(crate) fn fields() -> Vec<String> {
    Field::names()
}

/// Rows that are looked at to see what the columns hold.
const SAMPLE: usize = 200;

/// Flat records with the same keys as JSON records.
#[pyfunction]
pub(crate) fn rows_to_json(
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    map: Vec<(String, String)>,
    ignore: Vec<String>,
) -> PyResult<Vec<String>> {
    let shipments = || {
        let mapping = mapping(&map, &ignore)?;
        let header = |error| Fault::Table(TableError::Header(error));
        let columns = columns.iter().map(|c| c.trim().to_owned()).collect();
        let mut read = Header::of_columns(columns, b',', &mapping).map_err(header)?;
        read.check(&rows[..rows.len().min(SAMPLE)], &mapping).map_err(header)?;
        let json = |cells: &Vec<String>| serde_json::to_string(&read.shipment(cells));
        Ok(rows.iter().map(|cells| json(cells).expect("a shipment has a JSON form")).collect())
    };
    shipments().map_err(|fault: Fault| fault.into())
}
