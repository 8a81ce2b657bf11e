//! A Parquet file as output, in parts until it is whole (feature `parquet`; without it `parts/left_out.rs` stands here).
//!
//! Parts are written to the folder `FILE.parts`. A part that is finished is put on disk for good, and `FILE.checkpoint` says
//! how many there are; what was written after that is thrown away when the run resumes. At the very end the row groups of all
//! parts are copied into one file, as they are, and that gets its name: `FILE` is always whole.

use super::{Checkpoint, Job, beside, read, write};
use crate::batch::error::Error;
use crate::batch::output::TableLayout;
use crate::batch::parquet::{Fault, Rows};
use crate::batch::report::Report;
use crate::batch::work::{Answers, Position};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::{KeyValue, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a row group: what a reader takes at once, and what is held in memory while it is written.
const GROUP_ROWS: usize = 128 << 10;

/// A row group ends early beyond this many bytes.
const GROUP_BYTES: usize = 64 << 20;

/// Where answers go.
pub struct Parts {
    path: PathBuf,
    parts: PathBuf,
    checkpoint: PathBuf,
    layout: Arc<TableLayout>,
    /// `None` when an input cannot be read twice.
    job: Option<Job>,
    every_rows: u64,
    /// Parts that are whole.
    whole: u64,
    writer: Option<ArrowWriter<File>>,
    rows_at_last: u64,
    report: Report,
}

impl Parts {
    /// Begins `path` anew, or goes on with it when `resume` is set and there is a checkpoint. The position says from where.
    ///
    /// # Errors
    /// When it cannot be written, or when the checkpoint is of another job.
    pub fn file(
        path: &Path,
        layout: Arc<TableLayout>,
        job: Option<Job>,
        every_rows: u64,
        resume: bool,
    ) -> Result<(Self, Position), Error> {
        let (parts, checkpoint) = (beside(path, ".parts"), beside(path, ".checkpoint"));
        let found = if resume { read(&checkpoint, job.as_ref())? } else { None };
        let (whole, position, report) =
            found.map_or_else(Default::default, |found| (found.parts, found.position, found.report));
        let rows_at_last = report.rows;
        let target = Self {
            path: path.to_owned(),
            parts,
            checkpoint,
            layout,
            job,
            every_rows,
            whole,
            writer: None,
            rows_at_last,
            report,
        };
        target.clear().map_err(|source| target.failed(source.into()))?;
        Ok((target, position))
    }

    /// Throws away every part that the checkpoint does not vouch for.
    fn clear(&self) -> io::Result<()> {
        fs::create_dir_all(&self.parts)?;
        let kept: Vec<PathBuf> = (0..self.whole).map(|number| self.part(number)).collect();
        for found in fs::read_dir(&self.parts)? {
            let found = found?.path();
            if !kept.contains(&found) {
                fs::remove_file(found)?;
            }
        }
        for part in &kept {
            fs::metadata(part)?;
        }
        Ok(())
    }

    /// What has been written so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Writes answers, and a checkpoint when it is time for one.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn take(&mut self, answers: Answers) -> Result<(), Error> {
        let position = answers.position;
        if let Some(rows) = &answers.table {
            let written = self.write(rows);
            written.map_err(|fault| self.failed(fault))?;
        }
        self.report.add(answers.report);
        if self.job.is_some() && self.report.rows - self.rows_at_last >= self.every_rows {
            self.finish_part().map_err(|fault| self.failed(fault))?;
            self.write_checkpoint(position)?;
        }
        Ok(())
    }

    /// Puts everything on disk under its own name.
    ///
    /// # Errors
    /// When that fails; the parts are then still there.
    pub fn finish(mut self) -> Result<Report, Error> {
        let finished = self.put_together();
        finished.map_err(|fault| self.failed(fault))?;
        Ok(self.report)
    }

    fn write(&mut self, rows: &Rows) -> Result<(), Fault> {
        if self.writer.is_none() {
            self.begin_part()?;
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write(&rows.batch)?;
        if writer.in_progress_size() > GROUP_BYTES {
            writer.flush()?;
        }
        Ok(())
    }

    fn begin_part(&mut self) -> Result<(), Fault> {
        let file = File::create(unfinished(&self.parts, self.whole))?;
        let writer = ArrowWriter::try_new(file, Arc::clone(self.layout.schema()), Some(self.properties()))?;
        self.writer = Some(writer);
        Ok(())
    }

    fn properties(&self) -> WriterProperties {
        let mut said: Vec<KeyValue> = self
            .layout
            .schema()
            .metadata()
            .iter()
            .map(|(key, value)| KeyValue::new(key.to_string(), value.to_string()))
            .collect();
        said.sort_by(|a, b| a.key.cmp(&b.key));
        WriterProperties::builder()
            .set_created_by(engine::screen::ENGINE.to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_key_value_metadata(Some(said))
            .build()
    }

    /// Ends the part that is being written, if there is one: from here on it is whole.
    fn finish_part(&mut self) -> Result<(), Fault> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let file = writer.into_inner()?;
        file.sync_all()?;
        fs::rename(unfinished(&self.parts, self.whole), self.part(self.whole))?;
        self.whole += 1;
        Ok(())
    }

    fn write_checkpoint(&mut self, position: Position) -> Result<(), Error> {
        let Some(job) = self.job.clone() else { return Ok(()) };
        // The name of the part first: a checkpoint must never vouch for a file that a power cut can take away.
        sync_folder(&self.parts).map_err(|source| self.failed(source.into()))?;
        let report = self.report.clone();
        write(&self.checkpoint, &Checkpoint::of_parts(job, position, self.whole, report))?;
        self.rows_at_last = self.report.rows;
        Ok(())
    }

    fn put_together(&mut self) -> Result<(), Fault> {
        if self.writer.is_none() && self.whole == 0 {
            // No record: a file with columns and without rows.
            self.begin_part()?;
        }
        self.finish_part()?;
        let whole = match self.whole {
            1 => self.part(0),
            _ => self.joined()?,
        };
        fs::rename(whole, &self.path)?;
        match fs::remove_file(&self.checkpoint) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
        Ok(fs::remove_dir_all(&self.parts)?)
    }

    /// All parts as one file.
    fn joined(&self) -> Result<PathBuf, Fault> {
        let path = self.parts.join("joined");
        let mut out: Option<SerializedFileWriter<File>> = None;
        for number in 0..self.whole {
            let part = File::open(self.part(number))?;
            let metadata = ParquetMetaDataReader::new()
                .with_page_index_policy(PageIndexPolicy::Optional)
                .parse_and_finish(&part)?;
            let writer = match &mut out {
                Some(writer) => writer,
                none => none.insert(like(&metadata, File::create(&path)?)?),
            };
            append(&part, &metadata, writer)?;
        }
        if let Some(writer) = out {
            writer.into_inner()?.sync_all()?;
        }
        Ok(path)
    }

    fn part(&self, number: u64) -> PathBuf {
        self.parts.join(format!("{number:06}.parquet"))
    }

    fn failed(&self, source: Fault) -> Error {
        Error::Parquet { name: self.path.display().to_string(), source }
    }
}

fn unfinished(parts: &Path, number: u64) -> PathBuf {
    parts.join(format!("{number:06}.partial"))
}

/// A writer of a file with the columns and the metadata of a part.
fn like(part: &ParquetMetaData, file: File) -> Result<SerializedFileWriter<File>, Fault> {
    let about = part.file_metadata();
    let properties = WriterProperties::builder()
        .set_created_by(engine::screen::ENGINE.to_owned())
        .set_key_value_metadata(about.key_value_metadata().cloned())
        .build();
    Ok(SerializedFileWriter::new(file, about.schema_descr().root_schema_ptr(), Arc::new(properties))?)
}

/// Copies the row groups of a part, encoded as they are.
fn append(part: &File, metadata: &ParquetMetaData, writer: &mut SerializedFileWriter<File>) -> Result<(), Fault> {
    let page_index = metadata.page_index();
    for (number, group) in metadata.row_groups().iter().enumerate() {
        let mut out = writer.next_row_group()?;
        for (at, column) in group.columns().iter().enumerate() {
            let close = ColumnCloseResult {
                bytes_written: u64::try_from(column.compressed_size()).unwrap_or(0),
                rows_written: u64::try_from(group.num_rows()).unwrap_or(0),
                metadata: column.clone(),
                bloom_filter: None,
                column_index: page_index.and_then(|index| index.column_index(number, at)).cloned(),
                offset_index: page_index.and_then(|index| index.offset_index(number, at)).cloned(),
            };
            out.append_column(part, close)?;
        }
        out.close()?;
    }
    Ok(())
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
