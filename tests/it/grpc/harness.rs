//! A service on a port of its own, with a list that a test can rewrite.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use current::{Current, Recipe};
use engine::screen::Limits;
use lists::Source;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tidewaiter::config;
use tidewaiter::evidence::Recorder;
use tidewaiter::service::grpc::{Drain, Handle, Server};
use tidewaiter::shutdown::Shutdown;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use v1::list_service_client::ListServiceClient;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

/// Header of the Consolidated Screening List.
const HEADER: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,\
    start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,\
    gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,\
    dates_of_birth,nationalities,places_of_birth,source_information_url,ids";

/// A running service.
pub(crate) struct Service {
    pub(crate) handle: Handle,
    pub(crate) url: String,
    pub(crate) shutdown: Shutdown,
    pub(crate) channel: Channel,
    served: JoinHandle<Drain>,
    list: PathBuf,
    _folder: TempDir,
}

impl Service {
    /// Bound, serving, and not yet loaded.
    pub(crate) async fn unloaded(change: impl FnOnce(&mut config::Server)) -> Self {
        Self::unloaded_of(change, None, None).await
    }

    async fn unloaded_of(
        change: impl FnOnce(&mut config::Server),
        recorder: Option<Arc<Recorder>>,
        data: Option<PathBuf>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list.csv");
        let mut options = config::Server { drain: Duration::from_secs(20), ..config::Server::default() };
        options.listen.set_port(0);
        change(&mut options);
        let current = Current::new(Recipe {
            sources: [Source::Path(list.clone())].into_iter().chain(data.map(Source::Store)).collect(),
            policy: Arc::default(),
            limits: Limits { goods_lines: 5, ..Limits::default() },
            rules: engine::rule::Rules::builtin(),
        });
        let server = Server::bind_recording(&options, current, recorder).await.unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        let shutdown = Shutdown::default();
        let handle = server.handle();
        let served = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { server.serve(shutdown).await.unwrap() }
        });
        let channel = Channel::from_shared(url.clone()).unwrap().connect().await.unwrap();
        let service = Self { handle, url, shutdown, channel, served, list, _folder: folder };
        service.write("Zhumadian Harbour Dynamics");
        service
    }

    /// Serving one list.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Serving one list, with other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut config::Server)) -> Self {
        let service = Self::unloaded(change).await;
        service.handle.reload().await.unwrap();
        service
    }

    /// Serving one list, with what records its answers.
    pub(crate) async fn recording(change: impl FnOnce(&mut config::Server), recorder: Arc<Recorder>) -> Self {
        let service = Self::unloaded_of(change, Some(recorder), None).await;
        service.handle.reload().await.unwrap();
        service
    }

    /// Serving one list and those of a data directory.
    pub(crate) async fn keeping(change: impl FnOnce(&mut config::Server), data: PathBuf) -> Self {
        let service = Self::unloaded_of(change, None, Some(data)).await;
        service.handle.reload().await.unwrap();
        service
    }

    /// Rewrites the list file with one row.
    pub(crate) fn write(&self, name: &str) {
        self.write_rows(&[name.to_owned()]);
    }

    /// Rewrites the list file with these rows.
    pub(crate) fn write_rows(&self, names: &[String]) {
        let mut text = format!("{HEADER}\n");
        for (at, name) in (1..).zip(names) {
            let rest = ",".repeat(23);
            text += &format!("a{at},Entity List (EL) - Bureau of Industry and Security,,,,{name}{rest}\n");
        }
        // Renamed into place, as an operator should, so that no reload sees half a file.
        let fresh = self.list.with_extension("fresh");
        fs::write(&fresh, text).unwrap();
        fs::rename(&fresh, &self.list).unwrap();
    }

    /// The list file.
    pub(crate) fn list(&self) -> &Path {
        &self.list
    }

    /// Rewrites the list file with something that is no list.
    pub(crate) fn damage(&self) {
        fs::write(&self.list, "this is no list").unwrap();
    }

    pub(crate) fn screening(&self) -> ScreeningServiceClient<Channel> {
        ScreeningServiceClient::new(self.channel.clone())
    }

    pub(crate) fn lists(&self) -> ListServiceClient<Channel> {
        ListServiceClient::new(self.channel.clone())
    }

    /// Waits for the end.
    pub(crate) async fn ended(self) -> Drain {
        tokio::time::timeout(Duration::from_secs(60), self.served).await.expect("the service ends").unwrap()
    }
}

/// A sound shipment.
pub(crate) fn shipment(reference: impl Into<String>) -> v1::Shipment {
    v1::Shipment {
        reference: reference.into(),
        parties: vec![v1::Party { name: "Acme Widgets".to_owned(), country: "DE".to_owned(), ..v1::Party::default() }],
        ..v1::Shipment::default()
    }
}

/// A shipment that cannot be read.
pub(crate) fn unsound(reference: impl Into<String>) -> v1::Shipment {
    v1::Shipment { reference: reference.into(), ..Default::default() }
}

/// The references of some answers.
pub(crate) fn references(screenings: &[v1::Screening]) -> Vec<&str> {
    screenings.iter().map(|s| s.reference.as_str()).collect()
}
