//! A service that records, in this process, on a port of its own.

use crate::cli::Folder;
use ::ledger::{EvidenceMode, Ledger, MasterKey, Options};
use current::{Current, Recipe};
use engine::policy::Policy;
use engine::rule::Rules;
use engine::screen::Limits;
use lists::{Source, StaleAfter};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidewaiter::config;
use tidewaiter::evidence::Recorder;
use tidewaiter::service::grpc::{Drain, Handle, Server};
use tidewaiter::shutdown::Shutdown;
use tokio::task::JoinHandle;
use tonic::Request;

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
            true => Ledger::open(&root, &master, Options::default()).expect("it opens").0,
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
        let Self { ledger, handle, shutdown, served, .. } = self;
        shutdown.stop.cancel();
        served.await.expect("it ends");
        drop(handle);
        let ended = Instant::now();
        while Arc::strong_count(&ledger) > 1 {
            assert!(
                ended.elapsed() < Duration::from_secs(60),
                "something holds the ledger of a service that has ended"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
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
