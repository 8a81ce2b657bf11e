//! Records into answers, on as many threads as the caller gave.

use crate::errors::Fault;
use crate::guard::caught;
use crate::recording::Recording;
use arrow_array::RecordBatch;
use current::screener::{Identity, Local};
use current::{Loaded, answer};
use evidence::{refused, screened};
use ledger::record::Received;
use model::shipment::Shipment;
use pyo3::Python;
use rayon::prelude::*;
use records::arrow::{Answers, Record, Table};
use records::columns::Shape;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wire::{screening_to_wire, v1};

/// Records that one thread takes at a time, and rows of a batch of answers: large enough to hide the hand-over and what a
/// batch costs, small enough to keep every thread busy to the end.
const PIECE: usize = 1024;

/// Pieces for each thread that are answered before the next rows are read: what bounds the memory when a table is one
/// large batch, and what threads that are done sooner wait for.
const PIECES: usize = 16;

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
    threads: usize,
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
        let identity = Identity::of_loaded(&loaded);
        Ok(Self { identity, loaded, recording, threads: threads.max(1), pool, idle: Mutex::new(Vec::new()) })
    }

    /// Most rows that [`Screening::batch`] should be given at once.
    pub(crate) fn rows(&self) -> usize {
        PIECE * PIECES * self.threads
    }

    /// What answers rest on, for the metadata of a table.
    pub(crate) fn said(&self) -> Vec<(&'static str, String)> {
        let Identity { snapshot, policy, engine, lists } = &self.identity;
        let lists = serde_json::to_string(lists).expect("ages of lists have a JSON form");
        vec![("snapshot", snapshot.clone()), ("policy", policy.clone()), ("engine", engine.clone()), ("lists", lists)]
    }

    /// Answers the rows of a batch, whose first has the number `first`: a batch of answers for each piece of it, in order.
    pub(crate) fn batch(
        &self,
        table: &Table,
        batch: &RecordBatch,
        first: u64,
        options: &Options,
        answers: &Answers,
    ) -> Result<Vec<RecordBatch>, Fault> {
        let records = table.records(batch);
        let piece = |start: usize| {
            let end = batch.num_rows().min(start + PIECE);
            let read = (start..end).map(|row| (first + row as u64, records.read(row)));
            let received = |row: u64| {
                let cells = records::arrow::texts(batch, (row - first) as usize);
                serde_json::to_vec(&cells).expect("texts have a JSON form")
            };
            let mut answered = answers.begin();
            let take = |answer: Given<'_>, json: String| match answer {
                Given::Screened(shipment, screening) => answered.push(screening, &Shape::of_read(shipment), &json),
                Given::Refused(screening) => answered.push(screening, &Shape::default(), &json),
            };
            self.answer(read, received, options, answers.form().json, take)?;
            answers.batch(&batch.slice(start, end - start), answered).map_err(Fault::Arrow)
        };
        self.pieces(batch.num_rows(), piece)
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
            let mut answers = Vec::with_capacity(end - start);
            self.answer(read, received, options, true, |_, json| answers.push(json))?;
            Ok(answers)
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

    /// Answers some records, and gives each answer to `take` in order, with its JSON where that is asked for. `received`: a
    /// record as it came, by its number.
    fn answer(
        &self,
        records: impl Iterator<Item = (u64, Record)>,
        received: impl Fn(u64) -> Vec<u8>,
        options: &Options,
        with_json: bool,
        mut take: impl FnMut(Given<'_>, String),
    ) -> Result<(), Fault> {
        let verbose = options.verbose;
        let records_any = self.recording.as_ref().map_or(Ok(false), Recording::records)?;
        let json = |screening: &v1::Screening| if with_json { json(screening, verbose) } else { String::new() };
        let mut recorded = Vec::new();
        let mut unread = Vec::new();
        let mut screener = self.idle().pop().unwrap_or_else(|| Local::new(Arc::clone(&self.loaded)));
        for (row, Record { reference, shipment }) in records {
            match shipment {
                Ok(mut shipment) => {
                    default_date(&mut shipment.as_of, &options.as_of);
                    default_date(&mut shipment.known_on, &options.known_on);
                    let request = records_any.then(|| Received::of(&mut shipment));
                    let (shipment, screening) = screener.answer(shipment, verbose);
                    let mut json_line = String::new();
                    if with_json || records_any {
                        let mut screening = screening_to_wire(screening.clone());
                        recorded.extend(request.map(|request| screened(request, screening.clone(), ASKED, verbose)));
                        if verbose {
                            self.identity.name_lists(&mut screening);
                        }
                        json_line = json(&screening);
                    }
                    take(Given::Screened(&shipment, &screening), json_line);
                }
                // Without the number of the row: an answer does not depend on where in a table its record stands.
                Err(cause) if options.refuses => {
                    let mut answer = self.identity.refuse(reference, cause.to_string());
                    if records_any {
                        unread.push(refused(received(row), answer.clone(), ASKED, verbose));
                    }
                    if verbose {
                        self.identity.name_lists(&mut answer);
                    }
                    take(Given::Refused(&answer), json(&answer));
                }
                Err(cause) => return Err(Fault::Record { row, cause }),
            }
        }
        self.idle().push(screener);
        recorded.extend(unread);
        match &self.recording {
            Some(recording) if records_any => recording.record(&self.loaded, recorded),
            _ => Ok(()),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Local>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer on its way to the caller.
enum Given<'a> {
    /// To a shipment, as it was understood.
    Screened(&'a Shipment, &'a model::finding::Screening),
    /// To a record that could not be read.
    Refused(&'a v1::Screening),
}

/// The line that `tidewaiter batch` writes, without its end.
fn json(screening: &v1::Screening, verbose: bool) -> String {
    let mut line = Vec::new();
    answer::json_line(screening.clone(), verbose, &mut line);
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
