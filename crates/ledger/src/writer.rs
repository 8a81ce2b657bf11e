//! The thread that writes: it takes what has come in, writes it at once, makes it durable where anybody waits for that, and
//! only then says so.

mod follower;
mod queue;
mod turn;

use crate::bytes::{self, Digest};
use crate::error::{Error, Result};
use crate::layout::{About, Layout};
use crate::log::frame::{Draft, Kind, Sealed};
use crate::log::reader::Log;
use crate::log::segment;
use crate::proof::head::{self, Head};
use crate::proof::tiles::TileWriter;
use crate::proof::{Note, SigningKey};
use follower::Follower;
use jiff::Timestamp;
use queue::{Append, Group, Job};
pub(crate) use queue::{Done, Door, Since};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Jobs that may wait; whoever brings more waits, too.
const QUEUE: usize = 1024;
/// Bytes after which a group is written.
const GROUP: usize = 8 << 20;
/// How far the clock may step back without anybody being told: the last time is used again.
const CLOCK_SLACK: i64 = 10_000_000;
/// How long a record may be on its way to the disk where nobody waits for it.
const LAZY_SYNC: Duration = Duration::from_secs(1);

/// When heads are signed, and how large segments become.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Records after which a head is signed.
    pub seal_records: u64,
    /// Time after which a head is signed over new records.
    pub seal_every: Duration,
    /// Bytes after which a segment is closed.
    pub segment_bytes: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { seal_records: 65_536, seal_every: Duration::from_secs(60), segment_bytes: 64 << 20 }
    }
}

/// A handle on the writing thread.
#[derive(Debug)]
pub(crate) struct Writer {
    door: Door,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(state: State) -> Result<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        let path = state.layout.root().to_owned();
        let run = move || state.run(&queue);
        let thread = thread::Builder::new().name("ledger".to_owned()).spawn(run);
        let thread = thread.map_err(Error::io("start the writer of", &path))?;
        Ok(Self { door: Door(jobs), thread: Some(thread) })
    }

    /// A way to it for those that may outlive it.
    pub(crate) fn door(&self) -> Door {
        self.door.clone()
    }

    /// Hands records over; `done` is called from the writing thread. `unless`: they are refused with
    /// [`Error::Moved`] when such a record has come.
    pub(crate) fn append(&self, drafts: Vec<Draft>, is_durable: bool, unless: Option<Since>, done: Done) {
        self.door.append(drafts, is_durable, unless, done);
    }

    /// Signs a head over all records so far.
    pub(crate) fn seal(&self) -> Result<Head> {
        self.ask(|done| Job::Seal { done })
    }

    /// Takes in what other replicas have written.
    pub(crate) fn pull(&self) -> Result<()> {
        self.ask(|done| Job::Pull { done })
    }

    fn ask<T: Send + 'static>(&self, job: impl FnOnce(Box<dyn FnOnce(Result<T>) + Send>) -> Job) -> Result<T> {
        let (tell, hear) = sync_channel(1);
        let gone = || Error::Stopped("the writer has ended".to_owned());
        self.door.0.send(job(Box::new(move |done| drop(tell.send(done))))).map_err(|_| gone())?;
        hear.recv().map_err(|_| gone())?
    }
}

impl Drop for Writer {
    /// What was handed over is written, and a last head is signed.
    fn drop(&mut self) {
        let _ended = self.door.0.send(Job::Stop);
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

/// What the writing thread has.
pub(crate) struct State {
    layout: Layout,
    about: About,
    log: Arc<Log>,
    tree: TileWriter,
    signer: SigningKey,
    pace: Pace,
    file: File,
    path: PathBuf,
    /// Bytes of the segment that are whole.
    end: u64,
    last_time: i64,
    sealed: u64,
    sealed_at: Instant,
    unsynced_since: Option<Instant>,
    /// Why nothing can be written any more.
    broken: Option<String>,
    /// The last records of those kinds that others rest on, since the ledger was opened.
    last_of: BTreeMap<Kind, u64>,
    /// Where other replicas write the ledger, too.
    shared: Option<Follower>,
    _lock: File,
}

impl State {
    #[expect(clippy::too_many_arguments, reason = "made in one place, of parts that have no other home")]
    pub(crate) fn new(
        layout: Layout,
        about: About,
        log: Arc<Log>,
        tree: TileWriter,
        signer: SigningKey,
        pace: Pace,
        (last_time, sealed): (i64, u64),
        lock: File,
    ) -> Result<Self> {
        let first = match log.places_mut().firsts.last() {
            Some(first) => *first,
            None => 0,
        };
        let (file, path, end) = open_segment(&layout, &about, first)?;
        if log.places_mut().firsts.is_empty() {
            log.places_mut().firsts.push(0);
        }
        let (sealed_at, unsynced_since, broken) = (Instant::now(), None, None);
        Ok(Self {
            layout,
            about,
            log,
            tree,
            signer,
            pace,
            file,
            path,
            end,
            last_time,
            sealed,
            sealed_at,
            unsynced_since,
            broken,
            last_of: BTreeMap::new(),
            shared: None,
            _lock: lock,
        })
    }

    /// The log, for whoever reads it meanwhile.
    pub(crate) fn log(&self) -> Arc<Log> {
        Arc::clone(&self.log)
    }

    fn size(&self) -> u64 {
        self.tree.range().size()
    }

    fn run(mut self, queue: &Receiver<Job>) {
        loop {
            let first = match queue.recv_timeout(self.wait()) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let mut group = Group::default();
            let mut next = first;
            while let Some(job) = next {
                match job {
                    Job::Append(append) => group.add(append),
                    Job::Seal { done } => {
                        self.write(std::mem::take(&mut group));
                        done(self.seal());
                    }
                    Job::Pull { done } => {
                        self.write(std::mem::take(&mut group));
                        done(self.pull());
                    }
                    Job::Stop => {
                        self.write(group);
                        // A head that cannot be signed now is signed at the next start.
                        let _unsigned = self.seal_new();
                        return;
                    }
                }
                next = if group.bytes < GROUP { queue.try_recv().ok() } else { None };
            }
            self.write(group);
            self.tend();
        }
        let _unsigned = self.seal_new();
    }

    /// How long nothing needs to be done.
    fn wait(&self) -> Duration {
        let lazy = self.unsynced_since.map(|since| LAZY_SYNC.saturating_sub(since.elapsed()));
        let seal = (self.size() > self.sealed).then(|| self.pace.seal_every.saturating_sub(self.sealed_at.elapsed()));
        let pull = self.shared.as_ref().map(Follower::wait);
        lazy.into_iter()
            .chain(seal)
            .chain(pull)
            .min()
            .unwrap_or(Duration::from_secs(3600))
            .max(Duration::from_millis(1))
    }

    /// What is due beside writing. A fault here stops later records, which hear of it.
    fn tend(&mut self) {
        if self.unsynced_since.is_some_and(|since| since.elapsed() >= LAZY_SYNC)
            && let Err(error) = self.sync()
        {
            self.broken = Some(error.to_string());
        }
        self.pull_when_due();
        let new = self.size() - self.sealed;
        if new >= self.pace.seal_records || new > 0 && self.sealed_at.elapsed() >= self.pace.seal_every {
            // Without room for a head the next one covers these records, too.
            let _later = self.seal_new();
            self.sealed_at = Instant::now();
        }
    }

    /// Writes a group and tells everybody.
    fn write(&mut self, group: Group) {
        if group.jobs.is_empty() {
            return;
        }
        let Group { mut jobs, is_durable, .. } = group;
        match self.try_write(&mut jobs, is_durable) {
            Ok(mut number) => {
                for Append { drafts, done, .. } in jobs {
                    let end = number + drafts.len() as u64;
                    done(Ok(number..end));
                    number = end;
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                jobs.into_iter().for_each(|job| (job.done)(Err(Error::Shared(Arc::clone(&error)))));
            }
        }
    }

    /// Writes a group; gives the number of its first record. Jobs that are refused are told so and taken out.
    fn try_write(&mut self, jobs: &mut Vec<Append>, is_durable: bool) -> Result<u64> {
        if let Some(why) = &self.broken {
            return Err(Error::Stopped(why.clone()));
        }
        if let Some(mut shared) = self.shared.take() {
            let done = self.share(&mut shared, jobs);
            self.shared = Some(shared);
            return done;
        }
        self.turn_away(jobs, |_| Ok(None))?;
        let first = self.size();
        let framed = self.framed(jobs)?;
        self.append(framed, is_durable)?;
        Ok(first)
    }

    /// Refuses jobs whose ground has moved since they were handed over, and those that `why` has something against.
    fn turn_away(&self, jobs: &mut Vec<Append>, mut why: impl FnMut(&Append) -> Result<Option<Error>>) -> Result<()> {
        let mut at = 0;
        while at < jobs.len() {
            let since = jobs[at].unless;
            let moved = since.filter(|s| self.last_of.get(&s.kind).is_some_and(|last| *last >= s.number));
            let refused = match moved {
                Some(since) => Some(Error::Moved { kind: since.kind.as_str() }),
                None => why(&jobs[at])?,
            };
            match refused {
                Some(error) => (jobs.remove(at).done)(Err(error)),
                None => at += 1,
            }
        }
        Ok(())
    }

    /// Gives drafts their numbers and their time.
    fn framed(&self, jobs: &mut [Append]) -> Result<Framed> {
        let mut framed = Framed { time: self.time()?, ..Framed::default() };
        for draft in jobs.iter_mut().flat_map(|job| &mut job.drafts) {
            let record = Sealed {
                kind: draft.kind,
                packing: draft.packing,
                number: self.size() + framed.leaves.len() as u64,
                time: framed.time,
                key: draft.key,
                commitment: draft.commitment,
                payload: std::mem::take(&mut draft.payload),
            };
            framed.add(self.end, record)?;
        }
        Ok(framed)
    }

    /// Writes records that have their numbers behind all others.
    fn append(&mut self, framed: Framed, is_durable: bool) -> Result<()> {
        let Framed { bytes, offsets, leaves, time, last_of, .. } = framed;
        self.put(&bytes)?;
        if is_durable {
            self.sync()?;
        } else {
            self.unsynced_since.get_or_insert_with(Instant::now);
        }
        self.last_time = time;
        self.last_of.extend(last_of);
        self.end += bytes.len() as u64;
        self.log.places_mut().tail.extend(offsets);
        for leaf in leaves {
            // The log has the record; a tile that cannot be written is made again at the next start.
            if let Err(error) = self.tree.push(leaf) {
                self.broken = Some(error.to_string());
            }
        }
        if self.end >= self.pace.segment_bytes
            && let Err(error) = self.roll()
        {
            self.broken = Some(error.to_string());
        }
        Ok(())
    }

    /// Time of the next record, microseconds: never before that of the last.
    fn time(&self) -> Result<i64> {
        let now = Timestamp::now();
        let micros = now.as_microsecond();
        if micros + CLOCK_SLACK < self.last_time {
            let last = Timestamp::from_microsecond(self.last_time).unwrap_or(Timestamp::MAX);
            return Err(Error::ClockBack { last, now });
        }
        Ok(micros.max(self.last_time))
    }

    /// Writes bytes behind the last record, or none at all.
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let Err(source) = self.file.write_all(bytes) else { return Ok(()) };
        // Half a group must not stay: the next one would stand behind it.
        let back = self.file.set_len(self.end).and_then(|()| self.file.seek(SeekFrom::Start(self.end)));
        if let Err(error) = back {
            self.broken = Some(format!("{} could not be cut back after a failed write: {error}", self.path.display()));
        }
        Err(Error::io("write", &self.path)(source))
    }

    fn sync(&mut self) -> Result<()> {
        let synced = self.file.sync_data().map_err(Error::io("write durably", &self.path));
        match &synced {
            Ok(()) => self.unsynced_since = None,
            // What the system says it could not write it may have forgotten: nothing is known about the end of the file.
            Err(error) => self.broken = Some(error.to_string()),
        }
        synced
    }

    /// Closes the segment and begins the next.
    fn roll(&mut self) -> Result<()> {
        self.sync()?;
        let next = self.log.size();
        let offsets = segment::encode_offsets(&self.log.places_mut().tail);
        bytes::write_whole(&segment::offsets_of(&self.path), &offsets, false)?;
        let (file, path, end) = open_segment(&self.layout, &self.about, next)?;
        (self.file, self.path, self.end) = (file, path, end);
        let mut places = self.log.places_mut();
        places.firsts.push(next);
        places.tail.clear();
        drop(places);
        let tiles = self.tree.unsynced();
        // Tiles of a closed segment are not made again at a start, so they must not be lost; nobody waits for that.
        let sync = move || tiles.iter().for_each(|tile| drop(File::open(tile).and_then(|f| f.sync_data())));
        drop(thread::Builder::new().name("ledger tiles".to_owned()).spawn(sync));
        Ok(())
    }

    /// Signs a head where there are records that none covers.
    fn seal_new(&mut self) -> Result<()> {
        if self.size() > self.sealed && self.broken.is_none() {
            self.seal()?;
        }
        Ok(())
    }

    fn seal(&mut self) -> Result<Head> {
        if let Some(why) = &self.broken {
            return Err(Error::Stopped(why.clone()));
        }
        if let Some(mut shared) = self.shared.take() {
            let sealed = self.seal_shared(&mut shared);
            self.shared = Some(shared);
            return sealed;
        }
        let head = self.head();
        self.keep_head(&head, &head.sign(&self.about.origin, &self.signer))?;
        Ok(head)
    }

    /// The head over all records, not signed yet.
    fn head(&self) -> Head {
        let range = self.tree.range();
        Head { size: range.size(), root: range.root(), time: Timestamp::now() }
    }

    /// Keeps a signed head over all records.
    fn keep_head(&mut self, head: &Head, note: &Note) -> Result<()> {
        // A head speaks only of records that are on disk.
        self.sync()?;
        self.tree.write_partial()?;
        head::keep(&self.layout, note)?;
        (self.sealed, self.sealed_at) = (head.size, Instant::now());
        Ok(())
    }
}

/// Opens the segment that begins with `first` for writing behind its end; makes it where it is not there.
fn open_segment(layout: &Layout, about: &About, first: u64) -> Result<(File, PathBuf, u64)> {
    let path = segment::path_of(&layout.log(), first);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let mut file = file.map_err(Error::io("open", &path))?;
    let mut open = || {
        let end = file.seek(SeekFrom::End(0))?;
        if end > 0 {
            return Ok(end);
        }
        file.write_all(&segment::header(about.id, first))?;
        file.sync_all()?;
        Ok(segment::HEADER as u64)
    };
    let end = open().map_err(Error::io("write", &path))?;
    bytes::sync_folder(&layout.log())?;
    Ok((file, path, end))
}

/// Records with their numbers, as the log holds them.
#[derive(Default)]
struct Framed {
    bytes: Vec<u8>,
    /// Where in the segment each starts.
    offsets: Vec<u32>,
    leaves: Vec<Digest>,
    /// Time of the last.
    time: i64,
    /// The last of those kinds that others rest on.
    last_of: BTreeMap<Kind, u64>,
    /// Those that say something about files.
    notes: Vec<Sealed>,
}

impl Framed {
    /// Puts a record behind the others; `end` is where the first one stands in the segment.
    fn add(&mut self, end: u64, record: Sealed) -> Result<()> {
        let offset = u32::try_from(end + self.bytes.len() as u64);
        self.offsets.push(offset.map_err(|_| Error::Refused("the group is larger than a segment".to_owned()))?);
        self.leaves.push(record.leaf());
        record.write(&mut self.bytes);
        match record.kind {
            Kind::Screening | Kind::Dictionary => {}
            Kind::Hold | Kind::Step => drop(self.last_of.insert(record.kind, record.number)),
            _ => self.notes.push(record),
        }
        Ok(())
    }
}
