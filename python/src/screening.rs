//! Records into answers, on as many threads as the caller gave.

use crate::errors::Fault;
use crate::guard::caught;
use crate::recording::Recording;
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use current::screener::{Identity, Local, Screener as _};
use current::{Loaded, answer};
use evidence::{refused, screened};
use ledger::record::Screened;
use pyo3::Python;
use rayon::prelude::*;
use records::arrow::{Answered, Answers, Record, Table};
use records::columns::Shape;
use std::sync::{Arc, Mutex, PoisonError};
use wire::v1;

/// Records that one thread takes at a time: large enough to hide the hand-over, small enough to keep every thread busy to
/// the end.
const PIECE: usize = 256;

/// Who asked and in what call, as records of the ledger have it: callers are not known here.
const ASKED: (&str, &str) = ("", "python");

/// How records are to be answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// With the rules that ran, those that could not, and how cells were read.
    pub(crate) verbose: bool,
    /// A record that cannot be read is answered as refused, and is otherwise a fault.
    pub(crate) refuses: bool,
    /// Date for records that have no `as_of` of their own; may be empty.
    pub(crate) as_of: String,
    /// Date for records that have no `known_on` of their own; may be empty.
    pub(crate) known_on: String,
}

/// Lists, policy and threads.
pub(crate) struct Screening {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) identity: Identity,
    /// `None`: nothing is recorded.
    pub(crate) recording: Option<Recording>,
    /// `None`: the thread that calls does the work.
    pool: Option<rayon::ThreadPool>,
    /// Working memory that no thread uses at the moment.
    idle: Mutex<Vec<Local>>,
}

impl std::fmt::Debug for Screening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screening").field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl Screening {
    /// Screens with `loaded` on so many threads.
    pub(crate) fn new(
        loaded: Arc<Loaded>,
        threads: usize,
        recording: Option<Recording>,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("tidewaiter {i}"));
        let pool = if threads > 1 { Some(pool.build()?) } else { None };
        Ok(Self { identity: Identity::of_loaded(&loaded), loaded, recording, pool, idle: Mutex::new(Vec::new()) })
    }

    /// What answers rest on, for the metadata of a table.
    pub(crate) fn said(&self) -> Vec<(&'static str, String)> {
        let Identity { snapshot, policy, engine, lists } = &self.identity;
        let lists = serde_json::to_string(lists).expect("ages of lists have a JSON form");
        vec![("snapshot", snapshot.clone()), ("policy", policy.clone()), ("engine", engine.clone()), ("lists", lists)]
    }

    /// Answers the rows of a batch, whose first has the number `first`.
    pub(crate) fn batch(
        &self,
        table: &Table,
        batch: &RecordBatch,
        first: u64,
        options: &Options,
        answers: &Answers,
    ) -> Result<RecordBatch, Fault> {
        let records = table.records(batch);
        let piece = |start: usize| {
            let end = batch.num_rows().min(start + PIECE);
            let read = (start..end).map(|row| (first + row as u64, records.read(row)));
            let received = |row: u64| {
                let cells = records::arrow::texts(batch, (row - first) as usize);
                serde_json::to_vec(&cells).expect("texts have a JSON form")
            };
            let answered = self.answer(read, received, options, answers.form().json)?;
            answers.batch(&batch.slice(start, end - start), &answered).map_err(Fault::Arrow)
        };
        let pieces = self.pieces(batch.num_rows(), piece)?;
        arrow_select::concat::concat_batches(answers.schema(), &pieces).map_err(Fault::Arrow)
    }

    /// Answers JSON records, one JSON answer each.
    pub(crate) fn json(&self, records: &[String], options: &Options) -> Result<Vec<String>, Fault> {
        let read = |(row, text): (usize, &String)| {
            let (reference, shipment) = records::json::record(text.as_bytes());
            (row as u64, Record { reference, shipment })
        };
        let piece = |start: usize| {
            let end = records.len().min(start + PIECE);
            let read = records[start..end].iter().enumerate().map(|(at, text)| read((start + at, text)));
            let received = |row: u64| records[row as usize].as_bytes().to_vec();
            Ok(self.answer(read, received, options, true)?.into_iter().map(|a| a.json).collect::<Vec<_>>())
        };
        Ok(self.pieces(records.len(), piece)?.into_iter().flatten().collect())
    }

    /// Does the work of each piece, in parallel where there are threads, and gives the results in order.
    fn pieces<T: Send>(&self, rows: usize, piece: impl Fn(usize) -> Result<T, Fault> + Sync) -> Result<Vec<T>, Fault> {
        let starts: Vec<usize> = (0..rows).step_by(PIECE).collect();
        let one = |start: &usize| caught(|| piece(*start));
        match &self.pool {
            Some(pool) if starts.len() > 1 => pool.install(|| starts.par_iter().map(one).collect()),
            _ => starts.iter().map(one).collect(),
        }
    }

    /// Answers some records, in order. `received`: a record as it came, by its number.
    fn answer(
        &self,
        records: impl Iterator<Item = (u64, Record)>,
        received: impl Fn(u64) -> Vec<u8>,
        options: &Options,
        with_json: bool,
    ) -> Result<Vec<Answered>, Fault> {
        let mut shipments = Vec::with_capacity(PIECE);
        let mut rows: Vec<Result<Shape, v1::Screening>> = Vec::with_capacity(PIECE);
        let records_any = self.recording.as_ref().map_or(Ok(false), Recording::records)?;
        let mut unread = Vec::new();
        for (row, Record { reference, shipment }) in records {
            match shipment {
                Ok(mut shipment) => {
                    default_date(&mut shipment.as_of, &options.as_of);
                    default_date(&mut shipment.known_on, &options.known_on);
                    rows.push(Ok(Shape::of(&shipment)));
                    shipments.push(shipment);
                }
                // Without the number of the row: an answer does not depend on where in a table its record stands.
                Err(cause) if options.refuses => {
                    let answer = self.identity.refuse(reference, cause.to_string());
                    if records_any {
                        unread.push(refused(received(row), &answer, ASKED, options.verbose));
                    }
                    rows.push(Err(answer));
                }
                Err(cause) => return Err(Fault::Record { row, cause }),
            }
        }
        let requests = if records_any { shipments.clone() } else { Vec::new() };
        let screenings = self.screen(shipments, options.verbose)?;
        if records_any {
            self.record(requests, &screenings, unread, options.verbose)?;
        }
        let mut screened = screenings.into_iter();
        let answered = rows.into_iter().map(|row| {
            let (mut screening, shape) = match row {
                Ok(shape) => (screened.next().ok_or_else(too_few)?, shape),
                Err(refused) => (refused, Shape::default()),
            };
            if options.verbose {
                self.identity.name_lists(&mut screening);
            }
            let json = if with_json { json(&screening, options.verbose) } else { String::new() };
            Ok(Answered { screening, shape, json })
        });
        answered.collect()
    }

    /// Records what is answered, and what could not be read.
    fn record(
        &self,
        requests: Vec<v1::Shipment>,
        answers: &[v1::Screening],
        unread: Vec<Screened>,
        verbose: bool,
    ) -> Result<(), Fault> {
        let Some(recording) = &self.recording else { return Ok(()) };
        let pairs = requests.into_iter().zip(answers);
        let mut all: Vec<Screened> = pairs.map(|(request, answer)| screened(request, answer, ASKED, verbose)).collect();
        all.extend(unread);
        recording.record(&self.loaded, all)
    }

    fn screen(&self, shipments: Vec<v1::Shipment>, verbose: bool) -> Result<Vec<v1::Screening>, Fault> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let mut screener = taken.unwrap_or_else(|| Local::new(Arc::clone(&self.loaded)));
        let screened = screener.screen(shipments, verbose);
        idle().push(screener);
        screened.map_err(|error| Fault::Arrow(ArrowError::ExternalError(error)))
    }
}

fn too_few() -> Fault {
    Fault::Panicked("fewer answers than records".to_owned())
}

/// The line that `tidewaiter batch` writes, without its end.
fn json(screening: &v1::Screening, verbose: bool) -> String {
    let mut line = answer::json_line(screening.clone(), verbose);
    line.pop();
    String::from_utf8(line).expect("JSON is UTF-8")
}

fn default_date(date: &mut String, default: &str) {
    if date.is_empty() {
        default.clone_into(date);
    }
}

/// Does `work` without the interpreter, so that other threads of Python go on.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Fault> + Send) -> pyo3::PyResult<T> {
    py.detach(|| caught(work)).map_err(Into::into)
}
