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
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

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
    /// Answered, and not yet given.
    pub(crate) ready: VecDeque<RecordBatch>,
}

impl Answering {
    /// The next answers; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, Fault> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Ok(Some(batch));
            }
            let Some(batch) = self.next_rows()? else { return Ok(None) };
            self.ready = self.screening.batch(&self.table, &batch, self.rows, &self.options, &self.answers)?.into();
            self.rows += batch.num_rows() as u64;
        }
    }

    /// The next rows that are to be answered; `None` at the end.
    fn next_rows(&mut self) -> Result<Option<RecordBatch>, Fault> {
        let batch = match self.rest.take() {
            Some(rest) => rest,
            None => match self.input.next().transpose().map_err(Fault::Arrow)? {
                Some(batch) => batch,
                None => return Ok(None),
            },
        };
        let count = batch.num_rows().min(self.screening.rows());
        if count < batch.num_rows() {
            self.rest = Some(batch.slice(count, batch.num_rows() - count));
        }
        Ok(Some(batch.slice(0, count)))
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
