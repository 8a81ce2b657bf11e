//! A Parquet file read as records (feature `parquet`; without it `parquet/left_out.rs` stands here).
//!
//! Rows are read by their columns, as those of a CSV file are (`records::arrow`).

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use records::Cause;
use records::arrow::{Record, Table, TableError};
use records::columns::{Header, HeaderError, Mapping};
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use wire::v1;

/// What a Parquet file begins with.
pub(super) const MARK: &[u8] = b"PAR1";

/// Rows that are decoded at once.
const DECODED: usize = 8192;

/// Why a Parquet file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It can be read from a file alone.
    #[error("a Parquet file cannot be read from standard input or a pipe; name the file")]
    NotAFile,
    /// The system does not give it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is damaged, or not a Parquet file.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// Its rows cannot be read on, or the answers not be put together.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
    /// Its columns cannot be used.
    #[error(transparent)]
    Header(HeaderError),
    /// A column has a type without text.
    #[error("{0}")]
    Column(TableError),
}

/// An open Parquet file.
pub struct Reader {
    rows: ParquetRecordBatchReader,
    table: Arc<Table>,
    header: Arc<Header>,
    schema: SchemaRef,
    total: u64,
    /// Decoded, and not yet given.
    rest: Option<RecordBatch>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("schema", &self.schema).field("total", &self.total).finish_non_exhaustive()
    }
}

impl Reader {
    /// Opens a file and understands its columns.
    ///
    /// # Errors
    /// When it cannot be read, or its columns cannot be used.
    pub fn open(path: &Path, mapping: &Mapping) -> Result<Self, Fault> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.with_batch_size(DECODED);
        let total = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let schema = Arc::clone(builder.schema());
        let mut rows = builder.build()?;
        let mut table = Table::of_columns(&schema, mapping).map_err(fault)?;
        let first = rows.next().transpose()?;
        if let Some(first) = &first {
            table.check(first, mapping).map_err(fault)?;
        }
        let header = table.header().cloned().expect("a table of columns has a header");
        Ok(Self { rows, table: Arc::new(table), header: Arc::new(header), schema, total, rest: first })
    }

    /// A fault that says why standard input is not read.
    pub(super) fn not_a_file() -> Fault {
        Fault::NotAFile
    }

    /// What its columns are read as.
    pub fn header(&self) -> Arc<Header> {
        Arc::clone(&self.header)
    }

    /// Its columns with their types.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Rows of the whole file.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The next rows, at most so many; `None` at the end.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn next(&mut self, most: usize) -> Result<Option<Rows>, Fault> {
        let batch = loop {
            let next = self.rest.take().map(Ok).or_else(|| self.rows.next()).transpose()?;
            match next {
                None => return Ok(None),
                Some(batch) if batch.num_rows() == 0 => {}
                Some(batch) => break batch,
            }
        };
        let count = batch.num_rows().min(most.max(1));
        if count < batch.num_rows() {
            self.rest = Some(batch.slice(count, batch.num_rows() - count));
        }
        Ok(Some(Rows { batch: batch.slice(0, count), table: Some(Arc::clone(&self.table)) }))
    }
}

fn fault(error: TableError) -> Fault {
    match error {
        TableError::Header(error) => Fault::Header(error),
        other => Fault::Column(other),
    }
}

/// Rows of a table: of an input, or answers.
#[derive(Clone, Debug)]
pub struct Rows {
    pub(super) batch: RecordBatch,
    /// What its columns are read as; answers are not read.
    table: Option<Arc<Table>>,
}

impl Rows {
    /// Answers.
    pub(super) fn of_answers(batch: RecordBatch) -> Self {
        Self { batch, table: None }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.batch.num_rows()
    }

    /// The cells of a row as text; a column whose type has none is empty.
    pub(super) fn texts(&self, row: usize) -> Vec<String> {
        records::arrow::texts(&self.batch, row)
    }

    /// The records of the rows, each with its reference.
    pub(super) fn records(&self) -> Vec<(String, Result<v1::Shipment, Cause>)> {
        let Some(table) = &self.table else { return Vec::new() };
        let records = table.records(&self.batch);
        let read = |row| {
            let Record { reference, shipment } = records.read(row);
            (reference, shipment)
        };
        (0..self.batch.num_rows()).map(read).collect()
    }
}
