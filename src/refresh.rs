//! Keeps the lists of a data directory current: fetches what publishers publish, and tells in one line what came of it.
//!
//! A publication comes into force only whole, checked and guarded; whatever goes wrong, the one before stays, and the
//! next attempt comes later, and later still as long as it goes wrong. [`Refresher::fetch`] is one attempt at one
//! publication; [`run`] repeats it for all of them until told to stop.

mod download;
mod schedule;

pub use download::{Bounds, Client};
pub use schedule::{Clock, Pace, Wall, run};

use download::Got;
use jiff::Timestamp;
use jiff::civil::Date;
use lists::guard::{Expected, Limits};
use lists::store::{Fate, Fetched, Record, Retention, Store, Validator, Validators};
use lists::{Format, Publication, RemoteFile};
use model::entry::ListId;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::runtime::Handle;

/// A publication to fetch.
#[derive(Clone, Debug)]
pub struct Target {
    /// Id of the publication, as the data directory keeps it.
    pub id: String,
    /// Its files.
    pub files: Vec<RemoteFile>,
    /// The only hosts that the download and its redirects may touch.
    pub hosts: Vec<String>,
    /// What its content must be recognised as; `None` for anything that we read.
    pub format: Option<Format>,
    /// Lists that may stand in it; empty for any.
    pub lists: Vec<ListId>,
    /// Rows of a whole publication.
    pub rows: Option<RangeInclusive<u32>>,
    /// The environment variable that gives the token of the address, and how one comes by it.
    pub token: Option<(String, String)>,
}

/// How the lists are kept current.
#[derive(Clone, Debug)]
pub struct Refresher {
    store: Store,
    targets: Vec<Target>,
    client: Client,
    limits: Limits,
    retention: Retention,
}

/// What came of one attempt.
#[derive(Clone, Debug)]
pub struct Report {
    /// Id of the publication.
    pub publication: String,
    /// When.
    pub at: Timestamp,
    /// What came of it.
    pub done: Done,
    /// The day of the publication in force now, or when it was fetched where the file does not say.
    pub in_force: Option<Date>,
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The publisher has nothing newer.
    Unchanged,
    /// It came into force.
    Updated {
        /// Rows that came.
        added: usize,
        /// Rows that went.
        removed: usize,
        /// Rows that differ.
        changed: usize,
        /// Rows now.
        rows: usize,
    },
    /// The newest publication is kept apart, for these reasons.
    Quarantined(String),
    /// There was no whole publication, for this reason; so many attempts have failed in a row.
    Failed(String, u32),
    /// Another process is at it.
    Busy,
}

/// Why a publication cannot be fetched at all.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The address of the configuration is none.
    #[error("{id}: `{url}` is no address: {problem}")]
    Address {
        /// Publication.
        id: String,
        /// The address.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// The catalogue has no such publication.
    #[error("`{id}` is no publication of the catalogue; expected one of: {known}")]
    Unknown {
        /// What was asked for.
        id: String,
        /// What there is.
        known: String,
    },
}

impl Target {
    /// A publication of the catalogue, from the publisher's address or from a mirror.
    ///
    /// # Errors
    /// When the mirror's address is none, or the publication has several files, which one address cannot give.
    pub fn of(publication: &Publication, mirror: Option<&str>) -> Result<Self, TargetError> {
        let mut target = Self {
            id: publication.id.clone(),
            files: publication.files.clone(),
            hosts: publication.hosts.clone(),
            format: Some(publication.format),
            lists: publication.lists.clone(),
            rows: Some(publication.entries.clone()),
            token: publication.token.as_ref().map(|t| (t.env.clone(), t.how.clone())),
        };
        if let Some(url) = mirror {
            let wrong = |problem: String| TargetError::Address { id: target.id.clone(), url: url.to_owned(), problem };
            let [file] = &mut target.files[..] else {
                return Err(wrong(format!("the publication has {} files", publication.files.len())));
            };
            let parsed = reqwest::Url::parse(url).map_err(|e| wrong(e.to_string()))?;
            let Some(host) = parsed.host_str() else { return Err(wrong("it names no host".to_owned())) };
            target.hosts = vec![host.to_owned()];
            file.url = url.to_owned();
            if !url.contains("{token}") {
                target.token = None;
            }
        }
        Ok(target)
    }

    /// Publications of the catalogue by id; without ids those that it marks as the default.
    ///
    /// # Errors
    /// When an id is unknown or a mirror's address is none.
    pub fn choose(ids: &[String], mirror: impl Fn(&str) -> Option<String>) -> Result<Vec<Self>, TargetError> {
        let catalogue = lists::catalogue();
        let known = || catalogue.publications().iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
        let chosen: Vec<&Publication> = if ids.is_empty() {
            catalogue.defaults().collect()
        } else {
            let find = |id: &String| {
                catalogue.publication(id).ok_or_else(|| TargetError::Unknown { id: id.clone(), known: known() })
            };
            ids.iter().map(find).collect::<Result<_, _>>()?
        };
        chosen.into_iter().map(|p| Self::of(p, mirror(&p.id).as_deref())).collect()
    }
}

impl Refresher {
    /// Fetches these publications into this directory.
    pub fn new(store: Store, targets: Vec<Target>, client: Client, limits: Limits, retention: Retention) -> Self {
        Self { store, targets, client, limits, retention }
    }

    /// The directory.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is fetched.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// One attempt at one publication. It blocks its own thread, never the reactor that `reactor` is of.
    pub async fn fetch(self: &Arc<Self>, at: usize, now: Timestamp) -> Report {
        let this = Arc::clone(self);
        let reactor = Handle::current();
        let fetching = tokio::task::spawn_blocking(move || this.fetch_blocking(&this.targets[at], now, &reactor));
        fetching.await.unwrap_or_else(|_| Report {
            publication: self.targets[at].id.clone(),
            at: now,
            done: Done::Failed("an internal fault; the log has the place".to_owned(), 1),
            in_force: None,
        })
    }

    fn fetch_blocking(&self, target: &Target, now: Timestamp, reactor: &Handle) -> Report {
        let done = match self.attempt(target, now, reactor) {
            Ok(done) => done,
            Err(why) => {
                let failures = self.store.note_failure(&target.id, now, &why);
                // When even that cannot be written down, it is still told.
                Done::Failed(why, failures.unwrap_or(1))
            }
        };
        let in_force =
            self.store.record(&target.id).ok().and_then(|r| r.in_force().map(lists::store::Held::known_from));
        Report { publication: target.id.clone(), at: now, done, in_force }
    }

    fn attempt(&self, target: &Target, now: Timestamp, reactor: &Handle) -> Result<Done, String> {
        let text = |e: &dyn fmt::Display| e.to_string();
        let Some(_held) = self.store.hold(&target.id).map_err(|e| text(&e))? else { return Ok(Done::Busy) };
        let record = self.store.record(&target.id).map_err(|e| text(&e))?;
        let folder = self.store.partial(&target.id).map_err(|e| text(&e))?;
        let mut files: Vec<(String, PathBuf)> = Vec::new();
        let mut validators = Validators::new();
        let mut is_modified = false;
        for file in &target.files {
            let url = with_token(target, &file.url)?;
            let known = record.validators.get(&file.name).filter(|v| v.url == file.url);
            let wanted = download::Wanted { url: &url, hosts: &target.hosts, name: &file.name, folder: &folder, known };
            match reactor.block_on(self.client.get(wanted)).map_err(|e| text(&e))? {
                Got::NotModified => validators.extend(known.map(|v| (file.name.clone(), v.clone()))),
                Got::File(path, validator) => {
                    is_modified = true;
                    self.is_of_format(target, &path)?;
                    // Without the token, which is a secret.
                    let validator = Validator { url: file.url.clone(), ..validator };
                    validators.insert(file.name.clone(), validator);
                    files.push((file.name.clone(), path));
                }
            }
        }
        if !is_modified {
            self.store.note_unchanged(&target.id, now).map_err(|e| text(&e))?;
            return Ok(still(&record));
        }
        // Of several files some may be as they were.
        for file in target.files.iter().filter(|f| files.iter().all(|(name, _)| *name != f.name)).collect::<Vec<_>>() {
            let copy = folder.join(&file.name);
            self.store.copy_of(&record, &file.name, &copy).map_err(|e| text(&e))?;
            files.push((file.name.clone(), copy));
        }
        files.sort();
        let expected = Expected { lists: target.lists.clone(), entries: target.rows.clone() };
        let fetched = Fetched { at: now, validators };
        let fate = self.store.take(&target.id, &files, &fetched, &expected, self.limits).map_err(|e| text(&e))?;
        Ok(match fate {
            Fate::Unchanged => Done::Unchanged,
            Fate::InForce { added, removed, changed, entries: rows, .. } => {
                if let Err(error) = self.store.prune(self.retention, now) {
                    tracing::warn!(%error, "old publications could not be removed");
                }
                Done::Updated { added, removed, changed, rows }
            }
            Fate::Quarantined(reasons) => Done::Quarantined(reasons.join("; ")),
        })
    }

    /// A web page or another format is no publication; it is not worth keeping apart.
    fn is_of_format(&self, target: &Target, path: &std::path::Path) -> Result<(), String> {
        if target.files.len() > 1 {
            return Ok(());
        }
        let found = lists::format_of(path).map_err(|e| e.to_string());
        let problem = match (found, target.format) {
            (Ok(found), Some(format)) if found != format => format!("it is {found:?}, expected {format:?}"),
            (Ok(_), _) => return Ok(()),
            (Err(problem), _) => problem,
        };
        let _it_is_none = std::fs::remove_file(path);
        Err(format!("what was sent is not the list: {problem}"))
    }
}

/// What an unmodified publication comes to: when the newest is kept apart, it still is.
fn still(record: &Record) -> Done {
    let apart = record.quarantined().last();
    apart.map_or(Done::Unchanged, |held| Done::Quarantined(held.reasons.join("; ")))
}

fn with_token(target: &Target, url: &str) -> Result<String, String> {
    let Some((variable, how)) = &target.token else { return Ok(url.to_owned()) };
    match std::env::var(variable) {
        Ok(token) if !token.is_empty() => Ok(url.replace("{token}", &token)),
        _ => Err(format!("the publisher asks for a token: set {variable} ({how})")),
    }
}

impl Report {
    /// Whether another publication is in force now.
    pub fn is_update(&self) -> bool {
        matches!(self.done, Done::Updated { .. })
    }

    /// Whether a person should look.
    pub fn needs_attention(&self) -> bool {
        matches!(self.done, Done::Quarantined(_) | Done::Failed(..))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.publication)?;
        let stays = match self.in_force {
            Some(day) => format!("that of {day} stays in force"),
            None => "none is in force".to_owned(),
        };
        match &self.done {
            Done::Unchanged => write!(f, "unchanged"),
            Done::Updated { added, removed, changed, rows } => {
                write!(f, "updated: {rows} rows (+{added} -{removed} ~{changed})")?;
                self.in_force.map_or(Ok(()), |day| write!(f, ", publication of {day}"))
            }
            Done::Quarantined(why) => write!(
                f,
                "quarantined: {why}; {stays}; `tidewaiter lists accept {} --note TEXT` overrides",
                self.publication
            ),
            Done::Failed(why, failures) => {
                write!(f, "failed: {why}; {stays}")?;
                if *failures > 1 { write!(f, "; {failures} failures in a row") } else { Ok(()) }
            }
            Done::Busy => write!(f, "another process is fetching it"),
        }
    }
}
