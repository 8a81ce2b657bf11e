//! Answers as a stream of Arrow batches, which any library with the Arrow PyCapsule interface takes.

use crate::errors::Fault;
use crate::guard::caught;
use crate::screening::{Options, Screening};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use records::arrow::{Answers, Table};
use std::sync::{Arc, Mutex, PoisonError};

/// Most rows that are answered at once: what bounds the memory when a table is one large batch.
const ROWS: usize = 16_384;

/// A table that is answered while it is read.
pub(crate) struct Answering {
    pub(crate) screening: Arc<Screening>,
    pub(crate) input: RecordBatchStreamReader,
    pub(crate) table: Table,
    pub(crate) answers: Answers,
    pub(crate) options: Options,
    /// Read, and not yet answered.
    pub(crate) rest: Option<RecordBatch>,
    /// Rows answered so far.
    pub(crate) rows: u64,
}

impl Answering {
    /// The next answers; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, Fault> {
        let batch = loop {
            match self.rest.take().map_or_else(|| self.input.next().transpose(), |rest| Ok(Some(rest))) {
                Ok(Some(batch)) if batch.num_rows() == 0 => {}
                Ok(Some(batch)) => break batch,
                Ok(None) => return Ok(None),
                Err(error) => return Err(Fault::Arrow(error)),
            }
        };
        let count = batch.num_rows().min(ROWS);
        if count < batch.num_rows() {
            self.rest = Some(batch.slice(count, batch.num_rows() - count));
        }
        let now = batch.slice(0, count);
        let answered = self.screening.batch(&self.table, &now, self.rows, &self.options, &self.answers)?;
        self.rows += count as u64;
        Ok(Some(answered))
    }

    /// All answers that are left.
    pub(crate) fn all(&mut self) -> Result<Vec<RecordBatch>, Fault> {
        let mut all = Vec::new();
        while let Some(batch) = self.next()? {
            all.push(batch);
        }
        Ok(all)
    }
}

impl Iterator for Answering {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // Called from C: a panic must not run through it.
        let next = caught(|| Self::next(self));
        next.map_err(|fault| ArrowError::ExternalError(Box::new(fault))).transpose()
    }
}

impl RecordBatchReader for Answering {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.answers.schema())
    }
}

/// Batches that are read once, through `__arrow_c_stream__`.
#[pyclass(module = "tidewaiter._tidewaiter", frozen)]
pub(crate) struct Stream {
    reader: Mutex<Option<Box<dyn RecordBatchReader + Send>>>,
}

impl Stream {
    /// A stream of batches that are there already.
    pub(crate) fn of(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self::over(Box::new(RecordBatchIterator::new(batches.into_iter().map(Ok), schema)))
    }

    /// A stream over a reader.
    pub(crate) fn over(reader: Box<dyn RecordBatchReader + Send>) -> Self {
        Self { reader: Mutex::new(Some(reader)) }
    }
}

#[pymethods]
impl Stream {
    /// Hands the stream over; it can be taken once. A schema that the caller would rather have is not heeded, as the
    /// interface allows.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _not_heeded = requested_schema;
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        let reader = reader.ok_or_else(|| PyRuntimeError::new_err("the answers were read already"))?;
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
    }
}
