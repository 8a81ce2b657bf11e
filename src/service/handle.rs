//! A handle on a running server: reload, refresh, health, metrics.

use super::error::Error;
use super::shared::Shared;
use super::telling;
use super::tls::Tls;
use crate::refresh::{Done, Refresher, Report};
use crate::webhooks::Notifier;
use current::{self, Event, Reloaded};
use lists::ListAge;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use wire::v1;

/// How often recorded latencies are settled and the ages of lists checked.
const SETTLE: Duration = Duration::from_secs(5);

/// A handle on a server; works before, while and after it serves.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    tls: Option<Arc<Tls>>,
    health: HealthReporter,
    /// What health last said about the lists.
    was_fit: Arc<AtomicBool>,
}

impl Handle {
    pub(super) async fn new(shared: Arc<Shared>, tls: Option<Arc<Tls>>) -> Self {
        let is_fit = shared.current.is_fit(jiff::Timestamp::now());
        let handle = Self { shared, tls, health: HealthReporter::new(), was_fit: Arc::new(AtomicBool::new(is_fit)) };
        handle.set_health(is_fit).await;
        handle
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(super) fn tls(&self) -> Option<Arc<Tls>> {
        self.tls.clone()
    }

    /// What answers the calls of the health service.
    pub(super) fn health(&self) -> HealthReporter {
        self.health.clone()
    }

    /// Health says NOT_SERVING from now on.
    pub(super) async fn not_serving(&self) {
        self.set_health(false).await;
    }

    /// Loads the lists again, as the Reload call does. On success health says SERVING, unless a list is stale and
    /// the configuration says that stale lists are not served.
    ///
    /// # Errors
    /// When a list cannot be read or compiled; then the old lists stay in force.
    pub async fn reload(&self) -> Result<Reloaded, current::Error> {
        let reloaded = Arc::clone(&self.shared).reload().await?;
        self.heed_fitness().await;
        Ok(reloaded)
    }

    /// Reads certificates and callers again. If one is invalid, the old ones stay in force.
    ///
    /// # Errors
    /// What is wrong with them.
    pub async fn refresh(&self) -> Result<(), Error> {
        let handle = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            handle.tls.as_ref().map_or(Ok(()), |tls| tls.reload())?;
            Ok::<_, Error>(handle.shared.access.reload()?)
        });
        // If the task panicked, nothing has changed.
        let read = read.await.unwrap_or(Ok(()));
        self.shared.meters.credentials_reloaded(read.is_ok());
        match &read {
            Ok(()) => tracing::info!("certificates and callers read again"),
            Err(error) => {
                tracing::error!(%error, "certificates and callers could not be read; the old ones stay in force")
            }
        }
        read
    }

    /// Takes over what attempts to fetch lists did: loads what is new, informs those who watch the lists, and sets
    /// health where a list became stale or is stale no more.
    pub async fn refreshed(&self, reports: &[Report]) {
        self.shared.heed_fetched(reports);
        for event in reports.iter().filter_map(event_of) {
            self.shared.current.publish(event);
        }
        let shared = Arc::clone(&self.shared);
        let is_behind = tokio::task::spawn_blocking(move || shared.current.is_behind()).await.unwrap_or(true);
        if is_behind && let Err(error) = self.reload().await {
            tracing::error!(%error, "the new lists could not be loaded; the old ones stay in force");
        }
        let shared = Arc::clone(&self.shared);
        let updated = tokio::task::spawn_blocking(move || shared.current.update_freshness()).await;
        if let Ok(Err(error)) = updated {
            tracing::error!(%error, "the ages of the lists could not be read; the last known ones keep growing");
        }
        self.shared.forget_ages();
        self.heed_fitness().await;
    }

    /// How old each list is; empty before the first load.
    pub fn list_ages(&self) -> Vec<ListAge> {
        self.shared.current.load().map(|l| l.ages(jiff::Timestamp::now())).unwrap_or_default()
    }

    /// What `/metrics` shows.
    pub fn metrics(&self) -> String {
        self.shared.meters.render(&self.shared.measures())
    }

    /// What a person should know: why the last load failed, which required lists are missing, which publications could not
    /// be fetched at all, and how many screenings are not in the ledger. `None` when all is well.
    pub fn attention(&self) -> Option<String> {
        self.shared.attention()
    }

    /// Says what keeps the lists of the data directory current, so that the status can tell when they are checked next.
    /// The first word counts.
    pub fn kept_by(&self, refresher: Arc<Refresher>) {
        let _is_known = self.shared.keeper.set(refresher);
    }

    /// Says what tells others what happened: alerts, decisions, changes of the lists. The first word counts. What happens to
    /// the lists is told until `stop`.
    pub fn told_by(&self, notifier: Arc<Notifier>, stop: CancellationToken) {
        let _is_known = self.shared.notifier.set(notifier);
        tokio::spawn(telling::listen(Arc::clone(&self.shared), stop));
    }

    /// Whether lists are loaded, those required among them, fresh where they must be, and the service is not stopping.
    pub fn is_ready(&self) -> bool {
        self.shared.is_ready()
    }

    /// Regular work while the server runs: reads changed certificates and callers, settles metrics, checks list ages.
    pub(super) async fn tend(&self) {
        let files = || -> Vec<PathBuf> {
            let of_tls = self.tls.iter().flat_map(|tls| tls.files());
            of_tls.chain(self.shared.access.file()).map(Path::to_owned).collect()
        };
        let stamps = |files: Vec<PathBuf>| async {
            let look = move || files.iter().map(|f| stamp_of(f)).collect::<Vec<_>>();
            tokio::task::spawn_blocking(look).await.unwrap_or_default()
        };
        let mut stale = BTreeSet::new();
        let mut seen = stamps(files()).await;
        let (mut settle, mut check) = (interval(SETTLE), interval(self.shared.access.check_every()));
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = settle.tick() => {
                    self.shared.meters.settle();
                    self.shared.grown_old(&mut stale);
                    self.heed_fitness().await;
                }
                _ = check.tick() => {
                    let now = stamps(files()).await;
                    if now != seen {
                        seen = now;
                        // Logged and counted there.
                        let _ = self.refresh().await;
                    }
                }
            }
        }
    }

    /// Sets health when the lists in force became unfit to serve, or fit again; they age without any event.
    async fn heed_fitness(&self) {
        let current = &self.shared.current;
        // Before the first load it is NOT_SERVING already.
        if self.shared.room.open.is_closed() || current.load().is_none() {
            return;
        }
        let is_fit = current.is_fit(jiff::Timestamp::now());
        if self.was_fit.swap(is_fit, Ordering::Relaxed) != is_fit {
            self.set_health(is_fit).await;
        }
    }

    /// Overall and for each service.
    async fn set_health(&self, is_fit: bool) {
        let status = if is_fit { ServingStatus::Serving } else { ServingStatus::NotServing };
        use v1::{list_service_server::SERVICE_NAME as LISTS, screening_service_server::SERVICE_NAME as SCREENING};
        for service in ["", SCREENING, LISTS] {
            self.health.set_service_status(service, status).await;
        }
    }
}

/// What those who watch the lists hear of an attempt to fetch one.
fn event_of(report: &Report) -> Option<Event> {
    let (at, list, message) = (report.at, report.publication.clone(), report.to_string());
    match report.done {
        Done::Quarantined(_) => Some(Event::Quarantined { at, list, message }),
        Done::Failed(..) => Some(Event::Failed { at, list, message }),
        Done::Unchanged | Done::Updated { .. } | Done::Busy => None,
    }
}

/// A file's size and time of change; `None` when it cannot be read.
fn stamp_of(path: &Path) -> Option<(PathBuf, u64, SystemTime)> {
    let meta = std::fs::metadata(path).ok()?;
    Some((path.to_owned(), meta.len(), meta.modified().ok()?))
}
