//! The run: one thread cuts, workers screen, the caller's thread takes the answers in input order.
//!
//! Memory is bounded by permits: the reader takes one for each chunk and gets it back when the chunk is written,
//! so a slow chunk holds up reading instead of letting finished ones pile up behind it.

mod record;
mod worker;

pub use super::work::{Answers, Position, Settings};
pub use record::{ReadRecord, read_record};

use super::error::Error;
use super::input::{Format, Input, Location};
use super::output::{Kept, Layout, OutputFormat, TableLayout};
use super::work::Chunk;
use current::screener::{Identity, Screener};
use records::columns::Mapping;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use worker::Worker;

/// Records of a chunk: large enough to hide the queue, small enough to keep every worker busy to the end.
const CHUNK_ROWS: usize = 256;

/// Rows of a chunk that comes from a table: what a batch of columns costs however few its rows are is shared by more.
const TABLE_ROWS: usize = 1024;

/// A chunk ends early beyond this many bytes.
const CHUNK_BYTES: usize = 512 << 10;

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
    /// What of the inputs stands beside the answers, where the output is a table.
    kept: Option<Kept>,
    settings: Settings,
    bytes_read: Arc<AtomicU64>,
}

impl Plan {
    /// Opens every input and reads its header.
    ///
    /// # Errors
    /// When one cannot be read or understood.
    pub fn new(locations: &[Location], settings: Settings) -> Result<Self, Error> {
        let bytes_read = Arc::new(AtomicU64::new(0));
        let mut inputs = Vec::with_capacity(locations.len());
        for location in locations {
            let regular = matches!(location, Location::File(path) if path.is_file());
            // What is read only for its header is not progress.
            let counter = if regular { Arc::default() } else { Arc::clone(&bytes_read) };
            inputs.push((Input::open(location, &settings.mapping, counter)?, regular));
        }
        let formats: Vec<Format> = inputs.iter().map(|(input, _)| input.format().clone()).collect();
        let (layout, kept) = match settings.format {
            OutputFormat::Csv | OutputFormat::Jsonl => (Layout::new(&formats, settings.csv), None),
            OutputFormat::Parquet => {
                let layout = Layout::alone(&formats, settings.csv);
                let tables: Vec<_> = inputs.iter().map(|(input, _)| input.parquet()).collect();
                let failed = |source| Error::Parquet { name: "the answers".to_owned(), source };
                let kept = Kept::of(&tables, layout.kept()).map_err(failed)?;
                (layout, Some(kept))
            }
        };
        let names = locations.iter().map(|l| l.name().into()).collect();
        let source = |((input, regular), location): ((Input, bool), &Location)| {
            if regular { Source::Closed(location.clone()) } else { Source::Open(Box::new(input)) }
        };
        let sources = inputs.into_iter().zip(locations).map(source).collect();
        Ok(Self { sources, formats, names, layout, kept, settings, bytes_read })
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
            OutputFormat::Jsonl | OutputFormat::Parquet => Vec::new(),
        }
    }

    /// How answers are laid out where the output is a table; `None` elsewhere.
    pub fn table(&self, identity: &Identity) -> Option<Arc<TableLayout>> {
        self.kept.as_ref().map(|kept| Arc::new(TableLayout::new(kept, self.settings.csv, identity)))
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
        let table = self.table(identity);
        let Self { sources, formats, names, layout, settings, bytes_read, kept: _ } = self;
        let table = table.as_deref();
        let shared = Worker { formats: &formats, names: &names, layout: &layout, table, settings: &settings, identity };
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
        if reader.parquet().is_some() {
            while rows < skip {
                let most = usize::try_from(skip - rows).unwrap_or(usize::MAX);
                let Some(skipped) = reader.next_rows(most)? else { break };
                rows += skipped.count() as u64;
            }
            while let Some(found) = reader.next_rows(TABLE_ROWS)? {
                rows += found.count() as u64;
                let position = Position { input, rows };
                if !send(Chunk { input, bytes: Vec::new(), records: Vec::new(), rows: Some(found), position }) {
                    return Ok(());
                }
            }
            continue;
        }
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
                        send(Chunk { input, bytes, records, rows: None, position: Position { input, rows } });
                        return Err(error);
                    }
                }
            }
            if records.is_empty() {
                break;
            }
            rows += records.len() as u64;
            if !send(Chunk { input, bytes, records, rows: None, position: Position { input, rows } }) {
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

#[cfg(test)]
mod tests;
