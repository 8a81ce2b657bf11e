//! A worker: a chunk of records in, their answers out.

use super::record::{ReadRecord, read_record};
use crate::batch::error::Error;
use crate::batch::input::{Format, Raw};
use crate::batch::output::{Layout, OutputFormat, TableLayout};
use crate::batch::parquet;
use crate::batch::report::Report;
use crate::batch::work::{Answers, Chunk, Settings};
use current::answer;
use current::screener::{Identity, Screener, Unread};
use records::Cause;
use records::columns::Shape;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use wire::v1;

/// What every worker needs.
#[derive(Clone, Copy)]
pub(super) struct Worker<'a> {
    pub(super) formats: &'a [Format],
    pub(super) names: &'a [Arc<str>],
    pub(super) layout: &'a Layout,
    /// Where the output is a table.
    pub(super) table: Option<&'a TableLayout>,
    pub(super) settings: &'a Settings,
    pub(super) identity: &'a Identity,
}

/// A record on its way: what to write beside the answer, and the answer if it is already known.
struct Row {
    cells: Vec<String>,
    shape: Shape,
    refused: Option<(Cause, v1::Screening)>,
}

impl Worker<'_> {
    /// Answers a chunk; a panic of the engine is an error that names the rows, not a run that hangs.
    pub(super) fn answer_or_say(self, chunk: Chunk, screener: &mut dyn Screener) -> Result<Answers, Error> {
        let name = self.names[chunk.input].to_string();
        let line = chunk.line(0);
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
        for (at, read) in self.records(chunk).into_iter().enumerate() {
            let (row, shipment) = self.read(read, chunk.input, chunk.line(at));
            rows.push(row);
            shipments.extend(shipment);
        }
        let expected = shipments.len();
        let failed = |source| Error::Screen { name: name.to_string(), line: chunk.line(0), source };
        if rows.iter().any(|row| row.refused.is_some()) && screener.wants_refused() {
            screener.refused(self.unread(chunk, &rows), self.settings.verbose).map_err(failed)?;
        }
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
        let mut answered = Vec::with_capacity(rows.len());
        for (at, row) in rows.into_iter().enumerate() {
            let (cause, screening) = match row.refused {
                Some((cause, screening)) => (Some(cause), screening),
                None => (None, screened.next().expect("the answers were counted")),
            };
            report.count(&screening, cause.as_ref(), || format!("{name}:{}", chunk.line(at)));
            answered.push((row.cells, row.shape, screening));
        }
        let (bytes, table) = match self.table {
            Some(layout) => (Vec::new(), Some(self.rows(chunk, layout, answered).map_err(|e| failed(e.into()))?)),
            None => (self.bytes(chunk, answered), None),
        };
        Ok(Answers { bytes, table, report, position: chunk.position })
    }

    /// The records of a chunk as they were read.
    fn records(self, chunk: &Chunk) -> Vec<ReadRecord> {
        let Some(rows) = &chunk.rows else {
            let read = |raw: &Raw| read_record(&self.formats[chunk.input], raw, &chunk.bytes[raw.start..raw.end]);
            return chunk.records.iter().map(read).collect();
        };
        // What nobody writes is not made.
        let has_cells = match self.settings.format {
            OutputFormat::Csv => true,
            OutputFormat::Jsonl => false,
            OutputFormat::Parquet => self.table.is_some_and(TableLayout::keeps_texts),
        };
        let read = |(at, (reference, shipment))| {
            let cells = if has_cells { rows.texts(at) } else { Vec::new() };
            ReadRecord { cells, reference, shipment }
        };
        rows.records().into_iter().enumerate().map(read).collect()
    }

    /// The records of a chunk that could not be read, as they were received; of a table, the cells of the row as JSON.
    fn unread(self, chunk: &Chunk, rows: &[Row]) -> Vec<Unread> {
        let received = |at: usize| match &chunk.rows {
            Some(rows) => serde_json::to_vec(&rows.texts(at)).expect("texts have a JSON form"),
            None => chunk.bytes[chunk.records[at].start..chunk.records[at].end].to_vec(),
        };
        let unread = |(at, row): (usize, &Row)| {
            let (_, answer) = row.refused.as_ref()?;
            Some(Unread { received: received(at), answer: answer.clone() })
        };
        rows.iter().enumerate().filter_map(unread).collect()
    }

    /// Answers as text.
    fn bytes(self, chunk: &Chunk, answered: Vec<(Vec<String>, Shape, v1::Screening)>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(chunk.bytes.len() * 2);
        for (cells, shape, mut screening) in answered {
            if self.settings.format == OutputFormat::Csv {
                bytes.extend(self.layout.row(chunk.input, &cells, &screening, &shape));
                continue;
            }
            if self.settings.verbose {
                self.identity.name_lists(&mut screening);
            }
            answer::json_line(screening, self.settings.verbose, &mut bytes);
        }
        bytes
    }

    /// Answers as a table.
    fn rows(
        self,
        chunk: &Chunk,
        layout: &TableLayout,
        answered: Vec<(Vec<String>, Shape, v1::Screening)>,
    ) -> Result<parquet::Rows, parquet::Fault> {
        let mut texts = Vec::new();
        let mut screenings = Vec::with_capacity(answered.len());
        for (cells, shape, screening) in answered {
            if layout.keeps_texts() {
                let placed = self.layout.place(chunk.input, &cells);
                texts.push(placed.into_iter().map(str::to_owned).collect());
            }
            screenings.push((screening, shape));
        }
        layout.batch(chunk.rows.as_ref(), &texts, screenings)
    }

    /// One record: a shipment to screen, or a row that is refused already.
    fn read(self, read: ReadRecord, input: usize, line: u64) -> (Row, Option<v1::Shipment>) {
        let ReadRecord { cells, reference, shipment } = read;
        match shipment {
            Ok(mut shipment) => {
                default_date(&mut shipment.as_of, &self.settings.as_of);
                default_date(&mut shipment.known_on, &self.settings.known_on);
                let shape = match self.settings.format {
                    OutputFormat::Csv | OutputFormat::Parquet => Shape::of(&shipment),
                    OutputFormat::Jsonl => Shape::default(),
                };
                (Row { cells, shape, refused: None }, Some(shipment))
            }
            Err(cause) => {
                let description = format!("{} line {line}: {cause}", self.names[input]);
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
