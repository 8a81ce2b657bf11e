//! Listening and stopping.

use super::access::{Access, stamp_of};
use super::admission::Shared;
use super::callers::CallersError;
use super::guard::Guard;
use super::lists::Lists;
use super::service::Screening;
use super::tls::{Tls, TlsError};
use super::transport;
use crate::config;
use crate::current::{self, Current, Reloaded};
use crate::refresh::{Done, Report};
use crate::shutdown::Shutdown;
use lists::ListAge;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::task::TaskTracker;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::service::Routes;
use tonic_health::server::{HealthReporter, HealthService};
use tonic_health::{ServingStatus, pb::health_server::HealthServer};
use wire::v1;

/// How often recorded latencies are settled and the ages of lists looked at.
const SETTLE: Duration = Duration::from_secs(5);

/// What the last answers get to leave the machine, once all calls are done or cut.
const FLUSH: Duration = Duration::from_millis(500);

/// A bound port, not yet served.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    handle: Handle,
}

/// A hand on a server, also while it runs.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    tls: Option<Arc<Tls>>,
    health: HealthReporter,
    /// What health was last told about the lists.
    was_fit: Arc<AtomicBool>,
}

/// How a server came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drain {
    /// Every call was answered.
    Complete,
    /// The time was up, or there was a second signal: open streams were ended, other open calls dropped.
    CutOff,
}

/// Why a server could not start or run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be had, or the worker threads not started.
    #[error("listen on {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The certificates cannot be used.
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
    /// The callers file cannot be used.
    #[error("callers: {0}")]
    Callers(#[from] CallersError),
    /// The compiled-in descriptors are damaged.
    #[error("reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// Reads certificates and callers as a server would, and takes no port. What comes back deserves a word, and is no
/// fault: callers whose last day has passed or is near.
///
/// # Errors
/// What is wrong with them.
pub fn check(options: &config::Server) -> Result<Vec<String>, Error> {
    Tls::load(&options.tls)?;
    Ok(Access::load(&options.access, options.tls.client_ca.is_some())?.warnings())
}

impl Server {
    /// Takes the port and starts the screening threads. Health says NOT_SERVING until lists are loaded.
    ///
    /// # Errors
    /// When the certificates or callers are refused, or the address cannot be had.
    pub async fn bind(options: &config::Server, current: Current) -> Result<Self, Error> {
        let tls = Tls::load(&options.tls)?.map(Arc::new);
        let access = Access::load(&options.access, options.tls.client_ca.is_some())?;
        let bind_error = |source| Error::Bind { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(bind_error)?;
        let is_fit = current.is_fit(jiff::Timestamp::now());
        let shared = Arc::new(Shared::new(options.clone(), access, current).map_err(bind_error)?);
        let was_fit = Arc::new(AtomicBool::new(is_fit));
        let handle = Handle { shared, tls, health: HealthReporter::new(), was_fit };
        handle.set_health(if is_fit { ServingStatus::Serving } else { ServingStatus::NotServing }).await;
        Ok(Self { listener, handle })
    }

    /// The address in fact, where port 0 was asked for.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// A hand on the server.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Serves until told to stop; then health says NOT_SERVING, no connection is accepted any more, and calls in
    /// progress, streams included, get the configured time to finish. After it, streams are answered as far as they
    /// were read and end with UNAVAILABLE.
    ///
    /// # Errors
    /// When the compiled-in descriptors are damaged.
    pub async fn serve(self, shutdown: Shutdown) -> Result<Drain, Error> {
        let Self { listener, handle } = self;
        let shared = &handle.shared;
        let max = shared.options.max_message_bytes;
        let screening = v1::screening_service_server::ScreeningServiceServer::new(Screening(Arc::clone(shared)))
            .max_decoding_message_size(max)
            .accept_compressed(Gzip);
        let lists = v1::list_service_server::ListServiceServer::new(Lists(Arc::clone(shared)))
            .max_decoding_message_size(max)
            .accept_compressed(Gzip);
        let others = Routes::new(HealthServer::new(HealthService::from_health_reporter(handle.health.clone())))
            .add_service(reflection().build_v1()?)
            .add_service(reflection().build_v1alpha()?)
            .prepare();
        let guard = Arc::new(Guard { shared: Arc::clone(shared), screening, lists, others });
        let connections = TaskTracker::new();
        let accepting =
            transport::accept(listener, guard, handle.tls.clone(), shutdown.stop.clone(), connections.clone());
        tokio::select! {
            () = accepting => {}
            () = handle.tend() => {}
        }
        handle.set_health(ServingStatus::NotServing).await;
        connections.close();
        let drain = drained(shared, &shutdown).await;
        // Health watches never end; they are not worth a longer wait.
        let _ = tokio::time::timeout(FLUSH, connections.wait()).await;
        Ok(drain)
    }
}

/// Waits for the calls.
async fn drained(shared: &Shared, shutdown: &Shutdown) -> Drain {
    shared.open.close();
    let in_time = tokio::select! {
        () = shared.open.wait() => true,
        () = tokio::time::sleep(shared.options.drain) => false,
        () = shutdown.hurry.cancelled() => false,
    };
    if in_time {
        return Drain::Complete;
    }
    tracing::warn!(calls.open = shared.open.len(), "stopping with calls open");
    shared.cut.cancel();
    // What was read is still answered, as far as the caller takes it.
    let _ = tokio::time::timeout(FLUSH, shared.open.wait()).await;
    Drain::CutOff
}

fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(v1::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}

impl Handle {
    /// Loads the lists anew, as the Reload call does; success turns health to SERVING, where no list is older than it
    /// may be or nobody asked for that.
    ///
    /// # Errors
    /// When anything is wrong with the new lists; then the old set stays in force.
    pub async fn reload(&self) -> Result<Reloaded, current::Error> {
        let reloaded = Arc::clone(&self.shared).reload().await?;
        self.heed_fitness().await;
        Ok(reloaded)
    }

    /// Reads certificates and callers again. On a fault the old ones stay in force.
    ///
    /// # Errors
    /// What is wrong with them.
    pub async fn refresh(&self) -> Result<(), Error> {
        let handle = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            handle.tls.as_ref().map_or(Ok(()), |tls| tls.reload())?;
            Ok::<_, Error>(handle.shared.access.reload()?)
        });
        // The task has no way to panic that would not be a fault of the libraries below; then nothing has changed.
        let read = read.await.unwrap_or(Ok(()));
        self.shared.meters.credential_reloads[usize::from(read.is_err())].increment(1);
        match &read {
            Ok(()) => tracing::info!("certificates and callers were read again"),
            Err(error) => tracing::error!(%error, "certificates and callers stay as they were"),
        }
        read
    }

    /// Takes over what attempts to fetch lists came to: loads what is new, tells who watches, and turns health where a
    /// list is older than it may be or is so no more.
    pub async fn refreshed(&self, reports: &[Report]) {
        for report in reports {
            let (at, list, message) = (report.at, report.publication.clone(), report.to_string());
            match report.done {
                Done::Quarantined(_) => self.shared.current.tell(current::Event::Quarantined { at, list, message }),
                Done::Failed(..) => self.shared.current.tell(current::Event::Failed { at, list, message }),
                Done::Unchanged | Done::Updated { .. } | Done::Busy => {}
            }
        }
        let shared = Arc::clone(&self.shared);
        let is_behind = tokio::task::spawn_blocking(move || shared.current.is_behind()).await.unwrap_or(true);
        if is_behind && let Err(error) = self.reload().await {
            tracing::error!(%error, "the new lists could not be loaded; the old ones stay in force");
        }
        let shared = Arc::clone(&self.shared);
        let updated = tokio::task::spawn_blocking(move || shared.current.update_freshness()).await;
        if let Ok(Err(error)) = updated {
            tracing::error!(error, "the ages of the lists could not be read; they count on");
        }
        self.shared.ages.store(None);
        self.heed_fitness().await;
    }

    /// How old each list is; empty before the first load.
    pub fn list_ages(&self) -> Vec<ListAge> {
        self.shared.current.load().map(|l| l.ages(jiff::Timestamp::now())).unwrap_or_default()
    }

    /// What `/metrics` shows.
    pub fn metrics(&self) -> String {
        self.shared.meters.render(&self.shared)
    }

    /// Whether lists are loaded, fresh where they must be, and the service is not stopping.
    pub fn is_ready(&self) -> bool {
        self.shared.is_ready()
    }

    /// What needs doing while the server runs: reading changed certificates and callers, settling metrics.
    async fn tend(&self) {
        let files = || -> Vec<PathBuf> {
            let of_tls = self.tls.iter().flat_map(|tls| tls.files());
            of_tls.chain(self.shared.access.file()).map(Path::to_owned).collect()
        };
        let stamps = |files: Vec<PathBuf>| async {
            let look = move || files.iter().map(|f| stamp_of(f)).collect::<Vec<_>>();
            tokio::task::spawn_blocking(look).await.unwrap_or_default()
        };
        let mut seen = stamps(files()).await;
        let (mut settle, mut check) = (interval(SETTLE), interval(self.shared.access.check_every()));
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = settle.tick() => {
                    self.shared.meters.settle();
                    self.heed_fitness().await;
                }
                _ = check.tick() => {
                    let now = stamps(files()).await;
                    if now != seen {
                        seen = now;
                        // Said and counted where it happens.
                        let _ = self.refresh().await;
                    }
                }
            }
        }
    }

    /// Turns health when the set in force became unfit to serve, or fit; a list grows old without anything happening.
    async fn heed_fitness(&self) {
        let current = &self.shared.current;
        // Before the first load it is NOT_SERVING already.
        if self.shared.open.is_closed() || current.load().is_none() {
            return;
        }
        let is_fit = current.is_fit(jiff::Timestamp::now());
        if self.was_fit.swap(is_fit, Ordering::Relaxed) != is_fit {
            self.set_health(if is_fit { ServingStatus::Serving } else { ServingStatus::NotServing }).await;
        }
    }

    /// Overall and for each service.
    async fn set_health(&self, status: ServingStatus) {
        use v1::{list_service_server::SERVICE_NAME as LISTS, screening_service_server::SERVICE_NAME as SCREENING};
        for service in ["", SCREENING, LISTS] {
            self.health.set_service_status(service, status).await;
        }
    }
}
