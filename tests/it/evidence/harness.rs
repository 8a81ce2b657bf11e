//! A service that records, in this process, on a port of its own.

use crate::cli::Folder;
use ::ledger::{Error, EvidenceMode, Ledger, MasterKey, Options};
use current::{Current, Recipe};
use engine::policy::Policy;
use engine::rule::Rules;
use engine::screen::Limits;
use lists::{Source, StaleAfter};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidewaiter::config;
use tidewaiter::evidence::Recorder;
use tidewaiter::service::grpc::{Drain, Handle, Server};
use tidewaiter::shutdown::Shutdown;
use tokio::task::JoinHandle;
use tonic::Request;

/// How long a service may take to let its ledger go.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Served {
    pub(super) ledger: Arc<Ledger>,
    pub(super) url: String,
    pub(super) handle: Handle,
    shutdown: Shutdown,
    served: JoinHandle<Drain>,
}

impl Served {
    /// Records durably in the ledger of the folder, which is made where there is none, and asks the past by itself.
    pub(super) async fn start(folder: &Folder, sources: Vec<Source>, change: impl FnOnce(&mut config::Server)) -> Self {
        let master = MasterKey::from_text(&"77".repeat(32), "the test".to_owned()).expect("it is a key");
        let root = folder.path("ledger");
        let ledger = match root.exists() {
            true => open(&root, &master).await,
            false => Ledger::init(&root, &master, None, Options::default()).expect("it is made"),
        };
        let ledger = Arc::new(ledger);
        let recorder = Recorder::new(Arc::clone(&ledger), EvidenceMode::Durable, &Policy::default(), None);
        let recorder = recorder.and_then(Recorder::asking_the_past).expect("it starts");
        let recipe = Recipe { sources, policy: Arc::default(), limits: Limits::default(), rules: Rules::builtin() };
        let current = Current::new(recipe).with_stale_after(StaleAfter::from([("builtin".to_owned(), 0)]));
        let mut options = config::Server::default();
        options.listen.set_port(0);
        change(&mut options);
        let server = Server::bind_recording(&options, current, Some(Arc::new(recorder))).await.expect("it binds");
        let url = format!("http://{}", server.local_addr().expect("it is bound"));
        let (shutdown, handle) = (Shutdown::default(), server.handle());
        let served = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { server.serve(shutdown).await.expect("it serves") }
        });
        handle.reload().await.expect("the lists load");
        Self { ledger, url, handle, shutdown, served }
    }

    /// Ends the service, and waits until nothing of it holds the ledger: what asks the past by itself may end after it.
    pub(super) async fn stop(self) {
        let Self { mut ledger, handle, shutdown, served, .. } = self;
        shutdown.stop.cancel();
        served.await.expect("it ends");
        drop(handle);
        let ended = Instant::now();
        // Not by counting: what works in the background may take it again between the look and the end.
        while let Err(shared) = Arc::try_unwrap(ledger) {
            ledger = shared;
            assert!(ended.elapsed() < PATIENCE, "something holds the ledger of a service that has ended");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Opens a ledger that a service of this process had. A program that another test starts at that moment holds the lock, too, until
/// it is more than a copy of this process.
async fn open(root: &Path, master: &MasterKey) -> Ledger {
    let started = Instant::now();
    loop {
        match Ledger::open(root, master, Options::default()) {
            Err(Error::Locked { .. }) if started.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            opened => return opened.expect("it opens").0,
        }
    }
}

/// A request of a caller with a key.
pub(super) fn keyed<T>(message: T, key: &str) -> Request<T> {
    let mut request = Request::new(message);
    let value = format!("Bearer {key}").parse().expect("a key is a header value");
    request.metadata_mut().insert("authorization", value);
    request
}
