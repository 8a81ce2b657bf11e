//! The run: one thread cuts, workers screen, the caller's thread takes the answers in input order.
//!
//! Memory is bounded by permits: the reader takes one for each chunk and gets it back when the chunk is written,
//! so a slow chunk holds up reading instead of letting finished ones pile up behind it.

mod record;

pub use record::{ReadRecord, read_record};

use super::error::Error;
use super::input::{Format, Input, Location, Raw};
use super::output::{CsvStyle, Layout, OutputFormat};
use super::report::Report;
use current::answer;
use current::screener::{Identity, Screener};
use records::Cause;
use records::columns::{Mapping, Shape};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use wire::v1;

/// Records of a chunk: large enough to hide the queue, small enough to keep every worker busy to the end.
const CHUNK_ROWS: usize = 256;

/// A chunk ends early beyond this many bytes.
const CHUNK_BYTES: usize = 512 << 10;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Columns under other names.
    pub mapping: Mapping,
    /// Form of the output.
    pub format: OutputFormat,
    /// How the CSV form holds several findings.
    pub csv: CsvStyle,
    /// Whether the JSON form has the rules that ran and those that could not.
    pub verbose: bool,
    /// Date for records that have no `as_of` of their own; may be empty.
    pub as_of: String,
    /// Date for records that have no `known_on` of their own; may be empty.
    pub known_on: String,
}

/// How far a run has come: all inputs before `input`, and `rows` records of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Number of the input, from 0.
    pub input: usize,
    /// Records of it that are done.
    pub rows: u64,
}

/// The answers to some records, in input order.
#[derive(Debug)]
pub struct Answers {
    /// What is to be written.
    pub bytes: Vec<u8>,
    /// What they amount to.
    pub report: Report,
    /// How far the run has come with them.
    pub position: Position,
}

enum Source {
    /// Cannot be opened twice: standard input and pipes.
    Open(Box<Input>),
    /// A regular file, opened again when its turn comes.
    Closed(Location),
}

/// Inputs opened and understood, not yet screened.
pub struct Plan {
    sources: Vec<Source>,
    formats: Vec<Format>,
    names: Vec<Arc<str>>,
    layout: Layout,
    settings: Settings,
    bytes_read: Arc<AtomicU64>,
}

struct Chunk {
    input: usize,
    bytes: Vec<u8>,
    records: Vec<Raw>,
    position: Position,
}

impl Plan {
    /// Opens every input and reads its header.
    ///
    /// # Errors
    /// When one cannot be read or understood.
    pub fn new(locations: &[Location], settings: Settings) -> Result<Self, Error> {
        let bytes_read = Arc::new(AtomicU64::new(0));
        let mut sources = Vec::with_capacity(locations.len());
        let mut formats = Vec::with_capacity(locations.len());
        for location in locations {
            let regular = matches!(location, Location::File(path) if path.is_file());
            // What is read only for its header is not progress.
            let counter = if regular { Arc::default() } else { Arc::clone(&bytes_read) };
            let input = Input::open(location, &settings.mapping, counter)?;
            formats.push(input.format().clone());
            sources.push(if regular { Source::Closed(location.clone()) } else { Source::Open(Box::new(input)) });
        }
        let layout = Layout::new(&formats, settings.csv);
        let names = locations.iter().map(|l| l.name().into()).collect();
        Ok(Self { sources, formats, names, layout, settings, bytes_read })
    }

    /// What the inputs are.
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// What the inputs are called.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// What stands at the head of the output.
    pub fn head(&self) -> Vec<u8> {
        match self.settings.format {
            OutputFormat::Csv => self.layout.header(),
            OutputFormat::Jsonl => Vec::new(),
        }
    }

    /// Whether every input is a regular file, so that the run can be resumed.
    pub fn resumable(&self) -> bool {
        self.sources.iter().all(|s| matches!(s, Source::Closed(_)))
    }

    /// Bytes read so far, before decompression.
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes_read)
    }

    /// Screens everything after `from`, one thread for each screener, and hands the answers to `take` in input order.
    ///
    /// # Errors
    /// When an input cannot be read to its end, the screening fails or `take` does. All answers before the fault
    /// have been taken.
    pub fn run(
        self,
        screeners: Vec<Box<dyn Screener>>,
        identity: &Identity,
        from: Position,
        take: &mut dyn FnMut(Answers) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let depth = screeners.len() * 3;
        let Self { sources, formats, names, layout, settings, bytes_read } = self;
        let shared = Worker { formats: &formats, names: &names, layout: &layout, settings: &settings, identity };
        std::thread::scope(|scope| {
            // Made here and moved into the threads: when one side goes, the other's send or receive says so.
            let (permits, returned) = sync_channel::<()>(depth);
            let (queue, chunks) = sync_channel::<(u64, Chunk)>(depth);
            let (done, results) = channel::<(u64, Result<Answers, Error>)>();
            let chunks = Arc::new(Mutex::new(chunks));
            for mut screener in screeners {
                let (chunks, done) = (Arc::clone(&chunks), done.clone());
                scope.spawn(move || {
                    while let Some((number, chunk)) = next(&chunks) {
                        let answers = shared.answer_or_say(chunk, screener.as_mut());
                        if done.send((number, answers)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(chunks);
            let mapping = &settings.mapping;
            scope.spawn(move || {
                let mut number = 0;
                let mut send = |chunk| {
                    let sent = permits.send(()).is_ok() && queue.send((number, chunk)).is_ok();
                    number += u64::from(sent);
                    sent
                };
                if let Err(error) = read(sources, mapping, &bytes_read, from, &mut send) {
                    // The writer meets the fault when every record before it is written.
                    let _gone = done.send((number, Err(error)));
                }
            });
            write(&results, &returned, take)
        })
    }
}

fn next(chunks: &Mutex<Receiver<(u64, Chunk)>>) -> Option<(u64, Chunk)> {
    chunks.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Cuts every input into chunks until `send` says that nobody listens.
fn read(
    sources: Vec<Source>,
    mapping: &Mapping,
    bytes_read: &Arc<AtomicU64>,
    from: Position,
    send: &mut dyn FnMut(Chunk) -> bool,
) -> Result<(), Error> {
    for (input, source) in sources.into_iter().enumerate().skip(from.input) {
        let mut reader = match source {
            Source::Open(input) => *input,
            Source::Closed(location) => Input::open(&location, mapping, Arc::clone(bytes_read))?,
        };
        let mut rows = 0;
        let mut bytes = Vec::new();
        let skip = if input == from.input { from.rows } else { 0 };
        while rows < skip && reader.next(&mut bytes)?.is_some() {
            rows += 1;
            bytes.clear();
        }
        loop {
            let mut bytes = Vec::new();
            let mut records = Vec::with_capacity(CHUNK_ROWS);
            while records.len() < CHUNK_ROWS && bytes.len() < CHUNK_BYTES {
                match reader.next(&mut bytes) {
                    Ok(Some(raw)) => records.push(raw),
                    Ok(None) => break,
                    Err(error) => {
                        rows += records.len() as u64;
                        send(Chunk { input, bytes, records, position: Position { input, rows } });
                        return Err(error);
                    }
                }
            }
            if records.is_empty() {
                break;
            }
            rows += records.len() as u64;
            if !send(Chunk { input, bytes, records, position: Position { input, rows } }) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Puts the answers back in order.
fn write(
    results: &Receiver<(u64, Result<Answers, Error>)>,
    returned: &Receiver<()>,
    take: &mut dyn FnMut(Answers) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut early = BTreeMap::new();
    let mut wanted = 0;
    for (number, result) in results {
        early.insert(number, result);
        while let Some(result) = early.remove(&wanted) {
            take(result?)?;
            wanted += 1;
            // One permit was taken for each chunk sent; a closed channel means that reading is over.
            let _closed = returned.recv();
        }
    }
    Ok(())
}

/// What every worker needs.
#[derive(Clone, Copy)]
struct Worker<'a> {
    formats: &'a [Format],
    names: &'a [Arc<str>],
    layout: &'a Layout,
    settings: &'a Settings,
    identity: &'a Identity,
}

/// A record on its way: what to write beside the answer, and the answer if it is already known.
struct Row {
    cells: Vec<String>,
    shape: Shape,
    refused: Option<(Cause, v1::Screening)>,
}

impl Worker<'_> {
    /// Answers a chunk; a panic of the engine is an error that names the rows, not a run that hangs.
    fn answer_or_say(self, chunk: Chunk, screener: &mut dyn Screener) -> Result<Answers, Error> {
        let name = self.names[chunk.input].to_string();
        let line = chunk.records.first().map_or(0, |r| r.line);
        match catch_unwind(AssertUnwindSafe(|| self.answer(&chunk, screener))) {
            Ok(answers) => answers,
            Err(_) => Err(Error::Screen { name, line, source: "the engine panicked; this is a bug".into() }),
        }
    }

    /// Reads the records of a chunk, has those that could be read screened, and writes all answers in order.
    fn answer(self, chunk: &Chunk, screener: &mut dyn Screener) -> Result<Answers, Error> {
        let name = &self.names[chunk.input];
        let mut shipments = Vec::with_capacity(chunk.records.len());
        let mut rows = Vec::with_capacity(chunk.records.len());
        for raw in &chunk.records {
            let (row, shipment) = self.read(raw, &chunk.bytes[raw.start..raw.end], chunk.input);
            rows.push(row);
            shipments.extend(shipment);
        }
        let expected = shipments.len();
        let failed = |source| {
            let line = chunk.records.first().map_or(0, |r| r.line);
            Error::Screen { name: name.to_string(), line, source }
        };
        let screened = if expected == 0 {
            Vec::new()
        } else {
            screener.screen(shipments, self.settings.verbose).map_err(failed)?
        };
        if screened.len() != expected {
            return Err(failed(format!("{} answers to {expected} shipments", screened.len()).into()));
        }
        let mut screened = screened.into_iter();
        let mut report = Report::default();
        let mut bytes = Vec::with_capacity(chunk.bytes.len() * 2);
        for (row, raw) in rows.into_iter().zip(&chunk.records) {
            let (cause, screening) = match row.refused {
                Some((cause, screening)) => (Some(cause), screening),
                None => (None, screened.next().expect("the answers were counted")),
            };
            report.count(&screening, cause.as_ref(), || format!("{name}:{}", raw.line));
            match self.settings.format {
                OutputFormat::Csv => {
                    bytes.extend(self.layout.row(chunk.input, &row.cells, &screening, &row.shape));
                }
                OutputFormat::Jsonl => {
                    let mut screening = screening;
                    if self.settings.verbose {
                        self.identity.name_lists(&mut screening);
                    }
                    bytes.extend(answer::json_line(screening, self.settings.verbose));
                }
            }
        }
        Ok(Answers { bytes, report, position: chunk.position })
    }

    /// One record: a shipment to screen, or a row that is refused already.
    fn read(self, raw: &Raw, record: &[u8], input: usize) -> (Row, Option<v1::Shipment>) {
        let ReadRecord { cells, reference, shipment } = read_record(&self.formats[input], raw, record);
        match shipment {
            Ok(mut shipment) => {
                default_date(&mut shipment.as_of, &self.settings.as_of);
                default_date(&mut shipment.known_on, &self.settings.known_on);
                let shape = match self.settings.format {
                    OutputFormat::Csv => Shape::of(&shipment),
                    OutputFormat::Jsonl => Shape::default(),
                };
                (Row { cells, shape, refused: None }, Some(shipment))
            }
            Err(cause) => {
                let description = format!("{} line {}: {cause}", self.names[input], raw.line);
                let refused = Some((cause, self.identity.refuse(reference, description)));
                (Row { cells, shape: Shape::default(), refused }, None)
            }
        }
    }
}

fn default_date(date: &mut String, default: &str) {
    if date.is_empty() {
        default.clone_into(date);
    }
}

#[cfg(test)]
mod tests;
