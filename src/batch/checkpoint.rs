//! The output file and its checkpoint: a run that was cut short goes on where it stopped and gives the same bytes.
//!
//! Answers go to `FILE.partial`, which is renamed to `FILE` at the very end, so that `FILE` is always whole. Now and
//! then the partial file is put on disk for good and `FILE.checkpoint` says how far it is valid; whatever was written
//! after that is cut off when the run resumes. What is not a regular file is written as it is: see
//! [`super::destination`].

#[cfg_attr(not(feature = "parquet"), path = "checkpoint/parts/left_out.rs")]
mod parts;

pub use parts::Parts;

use super::error::Error;
use super::output::OutputFormat;
use super::report::Report;
use super::work::{Answers, Position};
use current::screener::Identity;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Form of the checkpoint file.
const VERSION: u32 = 1;

/// How much of an input is hashed for its identity, in bytes; its size and time of change count as well.
const HEAD: u64 = 4 << 10;

/// What a run is: the same job gives the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Each input.
    pub inputs: Vec<InputIdentity>,
    /// Form of the output.
    pub format: OutputFormat,
    /// Options that change the answers, as given.
    pub options: Vec<String>,
    /// Fingerprint of the lists.
    pub snapshot: String,
    /// Fingerprint of the policy.
    pub policy: String,
    /// Name and version of the engine.
    pub engine: String,
}

/// What tells an input from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputIdentity {
    path: PathBuf,
    bytes: u64,
    changed_ns: u64,
    head_sha256: String,
}

impl InputIdentity {
    /// Looks at a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(path: &Path) -> Result<Self, Error> {
        use sha2::Digest as _;
        let look = || {
            let file = File::open(path)?;
            let about = file.metadata()?;
            let mut head = Vec::new();
            file.take(HEAD).read_to_end(&mut head)?;
            let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            let head_sha256 = sha2::Sha256::digest(&head).iter().map(|b| format!("{b:02x}")).collect();
            let changed_ns = u64::try_from(changed.as_nanos()).unwrap_or(u64::MAX);
            Ok(Self { path: path.to_owned(), bytes: about.len(), changed_ns, head_sha256 })
        };
        look().map_err(|source| Error::Read { name: path.display().to_string(), source })
    }
}

impl Job {
    /// The job of screening `inputs` with `identity`.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn new(
        inputs: &[&Path],
        format: OutputFormat,
        options: Vec<String>,
        identity: &Identity,
    ) -> Result<Self, Error> {
        Ok(Self {
            inputs: inputs.iter().map(|path| InputIdentity::of(path)).collect::<Result<_, _>>()?,
            format,
            options,
            snapshot: identity.snapshot.clone(),
            policy: identity.policy.clone(),
            engine: identity.engine.clone(),
        })
    }

    /// What differs from `other`, in words.
    fn difference(&self, other: &Self) -> Option<&'static str> {
        let checks = [
            (self.inputs == other.inputs, "an input"),
            (self.format == other.format && self.options == other.options, "an option"),
            (self.snapshot == other.snapshot, "a list"),
            (self.policy == other.policy, "the policy"),
            (self.engine == other.engine, "the engine"),
        ];
        checks.iter().find(|(same, _)| !same).map(|(_, what)| *what)
    }
}

/// How far a run has come, and how far its output is valid.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    version: u32,
    job: Job,
    /// Where the inputs are read on.
    pub(super) position: Position,
    /// Valid bytes of the output; none of an output in parts.
    output_bytes: u64,
    /// Whole parts of an output in parts.
    #[serde(default)]
    pub(super) parts: u64,
    /// What is written so far.
    pub(super) report: Report,
}

impl Checkpoint {
    /// The checkpoint of an output in parts.
    #[cfg(feature = "parquet")]
    pub(super) fn of_parts(job: Job, position: Position, parts: u64, report: Report) -> Self {
        Self { version: VERSION, job, position, output_bytes: 0, parts, report }
    }
}

/// Where answers go.
pub struct Target {
    out: Box<dyn Write>,
    name: String,
    written: u64,
    report: Report,
    file: Option<FileTarget>,
}

struct FileTarget {
    path: PathBuf,
    partial: PathBuf,
    checkpoint: PathBuf,
    file: File,
    /// `None` when an input cannot be read twice.
    job: Option<Job>,
    every_rows: u64,
    rows_at_last: u64,
}

impl Target {
    /// Writes to standard output, a device, a FIFO, or any other writer that cannot be resumed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn stream(out: Box<dyn Write>, name: &str, head: &[u8]) -> Result<Self, Error> {
        let mut target = Self { out, name: name.to_owned(), written: 0, report: Report::default(), file: None };
        target.put(head)?;
        Ok(target)
    }

    /// Begins `path` anew, or goes on with it when `resume` is set and there is a checkpoint. The position says from
    /// where.
    ///
    /// # Errors
    /// When it cannot be written, or when the checkpoint is of another job.
    pub fn file(
        path: &Path,
        head: &[u8],
        job: Option<Job>,
        every_rows: u64,
        resume: bool,
    ) -> Result<(Self, Position), Error> {
        let (partial, checkpoint) = (beside(path, ".partial"), beside(path, ".checkpoint"));
        let name = partial.display().to_string();
        let failed = |source| Error::Write { name: name.clone(), source };
        let found = if resume { read(&checkpoint, job.as_ref())? } else { None };
        must_be_regular(&partial).map_err(failed)?;
        // Never truncate on opening: a resumed file keeps what the checkpoint vouches for.
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&partial).map_err(failed)?;
        if let Ok(replaced) = fs::metadata(path) {
            // Who may not read the old answers may not read the new ones.
            file.set_permissions(replaced.permissions()).map_err(failed)?;
        }
        let valid = found.as_ref().map_or(0, |c| c.output_bytes);
        if file.metadata().map_err(failed)?.len() < valid {
            let what = format!("{name} is shorter than the checkpoint says; remove both to begin again");
            return Err(Error::Resume { name: checkpoint.display().to_string(), what });
        }
        file.set_len(valid).map_err(failed)?;
        file.seek(SeekFrom::Start(valid)).map_err(failed)?;
        let out = Box::new(BufWriter::with_capacity(1 << 20, file.try_clone().map_err(failed)?));
        let report = found.as_ref().map_or_else(Report::default, |c| c.report.clone());
        let position = found.as_ref().map_or_else(Position::default, |c| c.position);
        let rows_at_last = report.rows;
        let file = Some(FileTarget { path: path.to_owned(), partial, checkpoint, file, job, every_rows, rows_at_last });
        let mut target = Self { out, name, written: valid, report, file };
        if found.is_none() {
            target.put(head)?;
        }
        Ok((target, position))
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
        self.put(&answers.bytes)?;
        self.report.add(answers.report);
        let due =
            self.file.as_ref().is_some_and(|f| f.job.is_some() && self.report.rows - f.rows_at_last >= f.every_rows);
        if due {
            self.write_checkpoint(answers.position)?;
        }
        Ok(())
    }

    /// Puts everything on disk under its own name.
    ///
    /// # Errors
    /// When that fails; the partial file is then still there.
    pub fn finish(mut self) -> Result<Report, Error> {
        let name = self.name.clone();
        let failed = |source| Error::Write { name: name.clone(), source };
        self.out.flush().map_err(failed)?;
        if let Some(target) = &self.file {
            target.file.sync_all().map_err(failed)?;
            fs::rename(&target.partial, &target.path).map_err(failed)?;
            match fs::remove_file(&target.checkpoint) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(e)),
                _ => {}
            }
        }
        Ok(self.report)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out.write_all(bytes).map_err(|source| Error::Write { name: self.name.clone(), source })?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    fn write_checkpoint(&mut self, position: Position) -> Result<(), Error> {
        let Some(target) = &mut self.file else { return Ok(()) };
        let Some(job) = &target.job else { return Ok(()) };
        let checkpoint = Checkpoint {
            version: VERSION,
            job: job.clone(),
            position,
            output_bytes: self.written,
            parts: 0,
            report: self.report.clone(),
        };
        // The output first: a checkpoint must never vouch for bytes that a power cut can take away.
        let on_disk = self.out.flush().and_then(|()| target.file.sync_data());
        on_disk.map_err(|source| Error::Write { name: self.name.clone(), source })?;
        write(&target.checkpoint, &checkpoint)?;
        target.rows_at_last = self.report.rows;
        Ok(())
    }
}

/// The path with something after its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Puts a checkpoint on disk, whole or not at all.
pub(super) fn write(path: &Path, checkpoint: &Checkpoint) -> Result<(), Error> {
    let next = beside(path, ".next");
    let write = || {
        let mut file = File::create(&next)?;
        serde_json::to_writer(&mut file, checkpoint)?;
        file.sync_all()?;
        fs::rename(&next, path)
    };
    write().map_err(|source| Error::Write { name: path.display().to_string(), source })
}

/// In a folder that others may write, somebody may have put a link or a device where the partial file goes.
fn must_be_regular(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(about) if !about.is_file() => {
            Err(io::Error::new(io::ErrorKind::AlreadyExists, "it is there and not a regular file; remove it"))
        }
        Ok(_) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
    }
}

/// The checkpoint, if there is one; an error when it is of another job.
pub(super) fn read(path: &Path, job: Option<&Job>) -> Result<Option<Checkpoint>, Error> {
    let refuse = |what: String| Error::Resume { name: path.display().to_string(), what };
    let Some(job) = job else {
        return Err(refuse("standard input and pipes cannot be read again; name regular files".to_owned()));
    };
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::Read { name: path.display().to_string(), source }),
    };
    let begin_again = "remove it to begin again";
    let checkpoint: Checkpoint =
        serde_json::from_slice(&text).map_err(|e| refuse(format!("it is damaged ({e}); {begin_again}")))?;
    if checkpoint.version != VERSION {
        return Err(refuse(format!("it was written by another version; {begin_again}")));
    }
    match checkpoint.job.difference(job) {
        Some(what) => Err(refuse(format!("{what} has changed since; {begin_again}"))),
        None => Ok(Some(checkpoint)),
    }
}
