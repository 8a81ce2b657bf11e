//! The door: a ledger that is open, for one writer or for reading.

mod dictionaries;
mod drafts;
mod open;
mod prove;
mod put;
mod quality;
mod work;

pub use open::{Options, Report, rebuild};
pub(crate) use put::seal_digest;
pub use work::Ruling;

use crate::bytes::{self, Digest, hex, sha256};
use crate::error::{Error, Result};
use crate::index::{self, Index};
use crate::keep;
use crate::keys::{DataKey, KeyId, KeyInfo};
use crate::layout::{About, Layout};
use crate::log::frame::{Draft, Kind, Sealed};
use crate::log::store;
use crate::proof::Head;
use crate::record::{self, Context, KeyMade, Screened};
use crate::settings::Settings;
use crate::shared::{Board, IndexPlace};
use crate::vault::{Shown, Vault};
use crate::writer::{Since, Writer};
use dictionaries::Dictionaries;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use prost::Message as _;
use serde::Serialize;
use std::borrow::BorrowMut;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use wire::v1;

/// How long a reader waits for the process that writes its copy, which takes in what is new within a second.
const READER_PATIENCE: Duration = Duration::from_secs(10);
/// How long it waits between two looks.
const READER_PAUSE: Duration = Duration::from_millis(100);
/// Contexts that are remembered; one more begins anew, and is written again where it comes back.
const CONTEXTS: usize = 4096;

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) vault: Vault,
    /// `None`: it is open for reading alone.
    writer: Option<Writer>,
    settings: RwLock<Arc<Settings>>,
    /// Numbers of context records, by the digest of what they hold.
    contexts: Mutex<HashMap<Digest, u64>>,
    /// What records under one key have in common.
    dictionaries: Dictionaries,
    /// Opened when it is first asked.
    pub(crate) index: Mutex<Option<Index>>,
    /// Where the index is if replicas share it; `None`: none share the ledger.
    index_place: Option<Box<dyn IndexPlace>>,
    /// Held while a step is checked and recorded.
    pub(crate) steps: Mutex<()>,
    /// What other replicas did to the files of the copy; nothing where none share the ledger.
    pub(crate) board: Board,
}

/// What a screening was made with, beside what its answer says.
#[derive(Clone, Debug, Default)]
pub struct Basis {
    /// What its record shares with others; the template is filled in here.
    pub context: Context,
}

impl Ledger {
    /// The folder.
    pub fn layout(&self) -> &Layout {
        &self.vault.layout
    }

    /// Which ledger it is.
    pub fn about(&self) -> &About {
        &self.vault.about
    }

    /// Whether it has its index where replicas share it, and not in a file beside the copy.
    pub fn has_shared_index(&self) -> bool {
        self.board.has_index()
    }

    /// How many records there are.
    pub fn size(&self) -> u64 {
        self.vault.log.size()
    }

    /// The settings in force.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn put_settings(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    fn writer(&self) -> Result<&Writer> {
        let why =
            || Error::Refused(format!("the ledger {} is open for reading alone", self.vault.layout.root().display()));
        self.writer.as_ref().ok_or_else(why)
    }

    /// Records screenings of one basis, in order, and waits until they are written; `is_durable`: until they are on disk.
    ///
    /// # Errors
    /// When they are not all in the ledger: a full disk, a clock that went back, a writer that has stopped.
    pub fn record<A: BorrowMut<v1::Screening>>(
        &self,
        screened: Vec<Screened<A>>,
        basis: &Basis,
        is_durable: bool,
    ) -> Result<Range<u64>> {
        let drafts = self.drafts(screened, basis)?;
        self.append(drafts, is_durable)
    }

    /// As [`Ledger::record`], and does not wait: `done` hears from the writing thread, or from this one when the
    /// screenings cannot be made records at all.
    pub fn record_then<A: BorrowMut<v1::Screening>>(
        &self,
        screened: Vec<Screened<A>>,
        basis: &Basis,
        is_durable: bool,
        done: impl FnOnce(Result<Range<u64>>) + Send + 'static,
    ) {
        let drafts = self.drafts(screened, basis).and_then(|drafts| Ok((drafts, self.writer()?)));
        match drafts {
            Ok((drafts, writer)) => writer.append(drafts, is_durable, None, Box::new(done)),
            Err(error) => done(Err(error)),
        }
    }

    pub(crate) fn key_of(&self, class: &str, period: &str) -> Result<(KeyId, DataKey)> {
        self.vault.keys.of(class, period, |info, digest| {
            let made = KeyMade { info: info.clone(), file_sha256: hex(digest) };
            self.note(Kind::KeyMade, &made).map(drop)
        })
    }

    /// The number of the context record of a template; it is written where it is not there yet.
    fn context_of(&self, template: &v1::Screening, basis: &Context) -> Result<u64> {
        let context = Context { template: template.encode_to_vec(), ..basis.clone() };
        let bytes = context.encode_to_vec();
        let digest = sha256(&[&bytes]);
        let mut contexts = self.contexts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = contexts.get(&digest) {
            return Ok(*number);
        }
        let draft = record::seal(Kind::Context, &bytes, None, None)?;
        let number = self.append(vec![draft], false)?.start;
        if contexts.len() >= CONTEXTS {
            contexts.clear();
        }
        contexts.insert(digest, number);
        Ok(number)
    }

    /// Writes a note in clear, durably.
    pub(crate) fn note(&self, kind: Kind, note: &impl Serialize) -> Result<u64> {
        let text = serde_json::to_vec(note).expect("a note has a JSON form");
        Ok(self.append(vec![record::seal(kind, &text, None, None)?], true)?.start)
    }

    /// As [`Ledger::note`], unless another record has come.
    pub(crate) fn note_unless(&self, kind: Kind, note: &impl Serialize, unless: Since) -> Result<u64> {
        let text = serde_json::to_vec(note).expect("a note has a JSON form");
        Ok(self.append_unless(vec![record::seal(kind, &text, None, None)?], true, Some(unless))?.start)
    }

    /// Writes a note under the key of a class, durably; `unless`: not when another record has come.
    pub(crate) fn sealed_note(&self, kind: Kind, note: &impl Serialize, unless: Option<Since>) -> Result<u64> {
        let text = serde_json::to_vec(note).expect("a note has a JSON form");
        let settings = self.settings();
        // Decisions are kept as long as what is kept longest.
        let longest = settings.classes.iter().max_by_key(|c| if c.years == 0 { u16::MAX } else { c.years });
        let class = longest.expect("settings have a class");
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let (id, key) = self.key_of(&class.name, &class.period.of(today))?;
        Ok(self.append_unless(vec![record::seal(kind, &text, Some((id, &key)), None)?], true, unless)?.start)
    }

    fn append(&self, drafts: Vec<Draft>, is_durable: bool) -> Result<Range<u64>> {
        self.append_unless(drafts, is_durable, None)
    }

    fn append_unless(&self, drafts: Vec<Draft>, is_durable: bool, unless: Option<Since>) -> Result<Range<u64>> {
        let (tell, hear) = sync_channel(1);
        let done = Box::new(move |done| drop(tell.send(done)));
        self.writer()?.append(drafts, is_durable, unless, done);
        hear.recv().map_err(|_| Error::Stopped("the writer has ended".to_owned()))?
    }

    /// Signs a head over all records so far.
    ///
    /// # Errors
    /// When they are not on disk, or the head cannot be written.
    pub fn seal(&self) -> Result<Head> {
        self.writer()?.seal()
    }

    /// Takes in what other replicas have written, where some share the ledger.
    ///
    /// # Errors
    /// When the place of the shared ledger cannot be reached, or the copy cannot be written.
    pub fn pull(&self) -> Result<()> {
        if self.vault.keys.is_shared()
            && let Some(writer) = &self.writer
        {
            writer.pull()?;
        }
        if self.board.take_erased() {
            self.close_index();
        }
        self.take_settings()
    }

    /// Has the copy of a shared ledger take in what an index speaks of that other replicas have filled, up to this size.
    fn pull_up_to(&self, size: u64) -> Result<()> {
        match &self.writer {
            _ if self.size() >= size => Ok(()),
            Some(writer) => writer.pull(),
            None => self.wait_for(size),
        }
    }

    /// Waits until the process that writes the copy has taken in so much.
    fn wait_for(&self, size: u64) -> Result<()> {
        let started = Instant::now();
        while self.size() < size {
            if started.elapsed() > READER_PATIENCE {
                let why = format!("the index has {size} records and the copy {}: ask again", self.size());
                return Err(Error::Refused(why));
            }
            std::thread::sleep(READER_PAUSE);
            let opened = store::open(&self.vault.layout, self.vault.about.id, false, |_| Ok(()))?;
            *self.vault.log.places_mut() = opened.places;
        }
        Ok(())
    }

    /// Opens the index where it is now.
    fn open_index(&self) -> Result<Index> {
        match self.index_place.as_ref().filter(|_| self.board.has_index()) {
            None => Index::open(&self.vault),
            Some(place) => {
                // A file from before it was moved there would keep names in clear.
                index::remove(&self.vault.layout)?;
                Ok(Index::at(place.open()?))
            }
        }
    }

    /// Puts settings into force that another replica put there.
    fn take_settings(&self) -> Result<()> {
        if self.board.take_settings() {
            self.put_settings(Settings::of(&self.vault.layout)?);
        }
        Ok(())
    }

    /// Puts settings into force and records them.
    ///
    /// # Errors
    /// When the text is not valid, or cannot be written.
    pub fn set_settings(&self, text: &str, file: &str, by: &str) -> Result<()> {
        let settings = Settings::read(text, file)?;
        let digest = keep::keep(&self.vault.layout, text.as_bytes())?;
        self.note(Kind::Settings, &record::SettingsPut { digest, by: by.to_owned() })?;
        if self.vault.keys.is_shared() {
            // The writing thread has put them in their place, in the order of the log.
            return self.pull();
        }
        bytes::write_whole(&self.vault.layout.settings(), text.as_bytes(), false)?;
        self.put_settings(settings);
        Ok(())
    }

    /// Keeps a file by its digest, for example an attachment of a decision, and records that.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, bytes: &[u8]) -> Result<String> {
        let digest = keep::keep(&self.vault.layout, bytes)?;
        self.note(Kind::Kept, &record::Kept { digest: digest.clone() })?;
        Ok(digest)
    }

    /// Keeps a policy, an ownership file or the like that a context names.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_basis(&self, bytes: &[u8]) -> Result<String> {
        keep::keep(&self.vault.layout, bytes)
    }

    /// What is kept under a digest.
    ///
    /// # Errors
    /// When it is not there or was altered.
    pub fn kept(&self, what: &'static str, digest: &str) -> Result<Vec<u8>> {
        self.vault.kept(what, digest)
    }

    /// One record as it stands in the log.
    ///
    /// # Errors
    /// When there is no such record or it is damaged.
    pub fn sealed(&self, number: u64) -> Result<Sealed> {
        self.vault.log.read(number)
    }

    /// The data keys that are there.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn keys(&self) -> Result<Vec<KeyInfo>> {
        self.vault.keys.known()
    }

    /// A screening as it was recorded.
    ///
    /// # Errors
    /// When there is no such record, it is no screening, it was erased, or it is damaged.
    pub fn show(&self, number: u64) -> Result<Shown> {
        self.vault.shown(&self.vault.log.read(number)?)
    }
}
