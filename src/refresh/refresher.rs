//! One attempt at one publication: download, check, guard, take into force.

use super::download::Client;
use super::error::Error;
use super::report::{Done, Report};
use super::state::{PublicationState, states};
use super::target::Target;
use super::wanted::{Got, Wanted};
use jiff::Timestamp;
use lists::guard::{Expected, Limits};
use lists::store::{Fate, Fetched, Record, Retention, Store, StoreError, Validator, Validators};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;

/// How the lists are kept current.
#[derive(Clone, Debug)]
pub struct Refresher {
    store: Store,
    targets: Vec<Target>,
    client: Client,
    limits: Limits,
    retention: Retention,
    /// When each target is fetched next, as far as [`super::run`] has planned it.
    due: Arc<Mutex<Vec<Option<Timestamp>>>>,
}

impl Refresher {
    /// Fetches these publications into this data directory.
    pub fn new(store: Store, targets: Vec<Target>, client: Client, limits: Limits, retention: Retention) -> Self {
        let due = Arc::new(Mutex::new(vec![None; targets.len()]));
        Self { store, targets, client, limits, retention, due }
    }

    /// The data directory.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is fetched.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// When a target is fetched next; `None` while nothing keeps the lists current.
    pub fn due(&self, publication: &str) -> Option<Timestamp> {
        let at = self.targets.iter().position(|t| t.id == publication)?;
        self.due.lock().unwrap_or_else(PoisonError::into_inner)[at]
    }

    /// What the data directory holds of each publication, with the moments that [`super::run`] has planned.
    ///
    /// # Errors
    /// When a history cannot be read.
    pub fn states(&self, now: Timestamp) -> Result<Vec<PublicationState>, StoreError> {
        let wanted = self.targets.iter().map(|t| t.id.clone()).collect();
        let mut states = states(&self.store, &wanted, None, now)?;
        states.iter_mut().for_each(|state| state.next_check = self.due(&state.publication));
        Ok(states)
    }

    pub(super) fn plan(&self, due: impl Iterator<Item = Timestamp>) {
        *self.due.lock().unwrap_or_else(PoisonError::into_inner) = due.map(Some).collect();
    }

    /// One attempt at one publication. It runs on a thread that may block.
    pub async fn fetch(self: &Arc<Self>, at: usize, now: Timestamp) -> Report {
        let this = Arc::clone(self);
        let reactor = Handle::current();
        let fetching = tokio::task::spawn_blocking(move || this.fetch_blocking(&this.targets[at], now, &reactor));
        fetching.await.unwrap_or_else(|_| Report {
            publication: self.targets[at].id.clone(),
            at: now,
            done: Done::Failed("internal fault; see the log".to_owned(), 1),
            in_force: None,
        })
    }

    fn fetch_blocking(&self, target: &Target, now: Timestamp, reactor: &Handle) -> Report {
        let done = match self.attempt(target, now, reactor) {
            Ok(done) => done,
            Err(error) => {
                let why = error.to_string();
                let failures = self.store.note_failure(&target.id, now, &why);
                // It is reported even if it cannot be stored.
                Done::Failed(why, failures.unwrap_or(1))
            }
        };
        let in_force =
            self.store.record(&target.id).ok().and_then(|r| r.in_force().map(lists::store::Held::known_from));
        Report { publication: target.id.clone(), at: now, done, in_force }
    }

    fn attempt(&self, target: &Target, now: Timestamp, reactor: &Handle) -> Result<Done, Error> {
        let Some(_held) = self.store.hold(&target.id)? else { return Ok(Done::Busy) };
        let record = self.store.record(&target.id)?;
        let folder = self.store.partial(&target.id)?;
        let Some(mut got) = self.download(target, &record, &folder, reactor)? else {
            self.store.note_unchanged(&target.id, now)?;
            return Ok(unchanged(&record));
        };
        // Of several files some may be unchanged.
        for file in &target.files {
            if got.files.iter().all(|(name, _)| *name != file.name) {
                let copy = folder.join(&file.name);
                self.store.copy_of(&record, &file.name, &copy)?;
                got.files.push((file.name.clone(), copy));
            }
        }
        got.files.sort();
        let expected = Expected { lists: target.lists.clone(), entries: target.entries.clone() };
        let fetched = Fetched { at: now, validators: got.validators };
        Ok(match self.store.take(&target.id, &got.files, &fetched, &expected, self.limits)? {
            Fate::Unchanged => Done::Unchanged,
            Fate::InForce { added, removed, changed, entries, .. } => {
                if let Err(error) = self.store.prune(self.retention, now) {
                    tracing::warn!(%error, "old publications could not be removed");
                }
                Done::Updated { added, removed, changed, entries }
            }
            Fate::Quarantined(reasons) => Done::Quarantined(reasons.join("; ")),
        })
    }

    /// The files that changed at the publisher; `None` when none did.
    fn download(
        &self,
        target: &Target,
        record: &Record,
        folder: &Path,
        reactor: &Handle,
    ) -> Result<Option<Downloaded>, Error> {
        let mut got = Downloaded::default();
        for file in &target.files {
            let url = target.with_token(&file.url)?;
            let known = record.validators.get(&file.name).filter(|v| v.url == file.url);
            let (hosts, is_trusted) = (&target.hosts[..], target.is_trusted);
            let wanted = Wanted { url: &url, hosts, is_trusted, name: &file.name, folder, known };
            match reactor.block_on(self.client.get(wanted))? {
                Got::NotModified => got.validators.extend(known.map(|v| (file.name.clone(), v.clone()))),
                Got::File(path, validator) => {
                    check_format(target, &path)?;
                    // Without the token, which is a secret.
                    let validator = Validator { url: file.url.clone(), ..validator };
                    got.validators.insert(file.name.clone(), validator);
                    got.files.push((file.name.clone(), path));
                }
            }
        }
        Ok(Some(got).filter(|got| !got.files.is_empty()))
    }
}

/// Files of one publication, and what to ask for the next time.
#[derive(Default)]
struct Downloaded {
    files: Vec<(String, PathBuf)>,
    validators: Validators,
}

/// Removes and refuses a web page or another format: it is not a publication, so there is nothing to quarantine.
fn check_format(target: &Target, path: &Path) -> Result<(), Error> {
    if target.files.len() > 1 {
        return Ok(());
    }
    let problem = match (lists::format_of(path), target.format) {
        (Ok(found), Some(format)) if found != format => format!("the format is {found:?}, expected {format:?}"),
        (Ok(_), _) => return Ok(()),
        (Err(problem), _) => problem.to_string(),
    };
    let _may_be_gone = std::fs::remove_file(path);
    Err(Error::NotTheList(problem))
}

/// The result for an unmodified publication: if the newest is quarantined, it still is.
fn unchanged(record: &Record) -> Done {
    let quarantined = record.quarantined().last();
    quarantined.map_or(Done::Unchanged, |held| Done::Quarantined(held.reasons.join("; ")))
}
