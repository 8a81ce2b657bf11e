//! A service behind TLS and callers, and callers that do not play by the rules.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use current::{Current, Recipe};
use engine::screen::Limits;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper_util::rt::{TokioExecutor, TokioIo};
use lists::{Source, StaleAfter};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SanType};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tidewaiter::config;
use tidewaiter::service::grpc::client::{ApiKey, Target};
use tidewaiter::service::grpc::{Handle, Server};
use tidewaiter::shutdown::Shutdown;
use tokio::net::TcpStream;
use tonic::Code;
use tonic::codegen::Bytes;
use tonic::codegen::http::{HeaderMap, Request};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

/// An authority that signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pem: String,
}

/// A certificate and its private key, PEM.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Tidewaiter test authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    pub(crate) fn sign(&self, name: &str) -> Signed {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.subject_alt_names.push(SanType::IpAddress([127, 0, 0, 1].into()));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Signed { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

/// A running service with files of its own.
pub(crate) struct Guarded {
    pub(crate) handle: Handle,
    pub(crate) address: SocketAddr,
    pub(crate) authority: Authority,
    pub(crate) folder: TempDir,
    shutdown: Shutdown,
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.shutdown.stop.cancel();
        self.shutdown.hurry.cancel();
    }
}

impl Guarded {
    /// Serving the curated lists with TLS, and whatever `change` adds; files are written into the folder given.
    pub(crate) async fn with_tls(change: impl FnOnce(&mut config::Server, &Before)) -> Self {
        Self::start(true, |current| current, change).await
    }

    /// The same without TLS.
    pub(crate) async fn plain(change: impl FnOnce(&mut config::Server, &Before)) -> Self {
        Self::start(false, |current| current, change).await
    }

    /// The same with limits on the age of lists.
    pub(crate) async fn aged(stale_after: StaleAfter, must_be_fresh: bool) -> Self {
        let aged = |current: Current| current.with_stale_after(stale_after).must_be_fresh(must_be_fresh);
        Self::start(false, aged, |_, _| {}).await
    }

    async fn start(
        is_tls: bool,
        aged: impl FnOnce(Current) -> Current,
        change: impl FnOnce(&mut config::Server, &Before),
    ) -> Self {
        let before = Before { authority: Authority::new(), folder: tempfile::tempdir().unwrap() };
        let mut options = config::Server::default();
        options.listen.set_port(0);
        if is_tls {
            let own = before.authority.sign("localhost");
            options.tls.certificate = Some(before.write("server.pem", &own.certificate));
            options.tls.key = Some(before.write("server.key", &own.key));
        }
        change(&mut options, &before);
        let recipe = Recipe {
            sources: vec![Source::Curated],
            policy: Arc::default(),
            limits: Limits::default(),
            rules: engine::rule::Rules::builtin(),
        };
        let server = Server::bind(&options, aged(Current::new(recipe))).await.unwrap();
        let (handle, address, shutdown) = (server.handle(), server.local_addr().unwrap(), Shutdown::default());
        tokio::spawn(server.serve(shutdown.clone()));
        handle.reload().await.unwrap();
        let Before { authority, folder } = before;
        Self { handle, address, authority, folder, shutdown }
    }

    /// A channel by TLS, trusting `authority`, showing `identity`.
    pub(crate) async fn channel(
        &self,
        authority: &Authority,
        identity: Option<&Signed>,
    ) -> Result<Channel, tonic::transport::Error> {
        let mut tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&authority.pem));
        if let Some(own) = identity {
            tls = tls.identity(Identity::from_pem(&own.certificate, &own.key));
        }
        let endpoint = Endpoint::from_shared(format!("https://localhost:{}", self.address.port())).unwrap();
        endpoint.tls_config(tls).unwrap().connect_timeout(Duration::from_secs(10)).connect().await
    }

    /// What the command line would be told.
    pub(crate) fn target(&self, key: Option<&str>) -> Target {
        let ca = self.folder.path().join("ca.pem");
        fs::write(&ca, &self.authority.pem).unwrap();
        let url = format!("localhost:{}", self.address.port());
        Target { url, ca: Some(ca), identity: None, key: key.and_then(ApiKey::new) }
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        write(&self.folder, name, text)
    }

    /// The value of one metric, as its line begins.
    pub(crate) fn metric(&self, line: &str) -> f64 {
        let text = self.handle.metrics();
        let value = text.lines().find_map(|l| l.strip_prefix(line)?.trim().parse().ok());
        value.unwrap_or_else(|| panic!("{line} is not in\n{text}"))
    }

    /// Waits until a metric that comes about late is there with a value.
    pub(crate) async fn until_there(&self, line: &str, value: f64) {
        for _ in 0..200 {
            let text = self.handle.metrics();
            if text.lines().any(|l| l.strip_prefix(line).and_then(|l| l.trim().parse().ok()) == Some(value)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{line} {value} does not come:\n{}", self.handle.metrics());
    }

    /// Waits until a metric has a value.
    pub(crate) async fn until(&self, line: &str, is: impl Fn(f64) -> bool) {
        for _ in 0..200 {
            if is(self.metric(line)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{line} stayed at {}", self.metric(line));
    }
}

/// What there is before the service is.
pub(crate) struct Before {
    pub(crate) authority: Authority,
    folder: TempDir,
}

impl Before {
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        write(&self.folder, name, text)
    }
}

/// Renamed into place, as an operator should.
fn write(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(path.with_extension("fresh"), text).unwrap();
    fs::rename(path.with_extension("fresh"), &path).unwrap();
    path
}

/// One row of a callers file.
pub(crate) fn caller(name: &str, key: &str, rest: &str) -> String {
    let hash: String = Sha256::digest(key).iter().map(|b| format!("{b:02x}")).collect();
    format!("[[caller]]\nname = '{name}'\nkeys_sha256 = ['{hash}']\n{rest}\n")
}

/// Speaks HTTP/2 without a gRPC library: what it sends is up to the test.
pub(crate) async fn raw(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
    is_whole: bool,
) -> Result<(Code, HeaderMap), hyper::Error> {
    let stream = TcpStream::connect(address).await.unwrap().into_std().unwrap();
    // Who drops the call drops the connection; the library would keep it for the rest of the question.
    let _cut = Cut(stream.try_clone().unwrap());
    let stream = TcpStream::from_std(stream).unwrap();
    let mut request = Request::post(format!("http://{address}{path}")).header("content-type", "application/grpc");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = if is_whole {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        sender.send_request(request.body(Full::new(Bytes::from(body))).unwrap()).await?
    } else {
        // The first bytes, and then nothing more.
        let first = tokio_stream::once(Ok::<_, std::convert::Infallible>(hyper::body::Frame::data(Bytes::from(body))));
        let never = tokio_stream::StreamExt::chain(first, tokio_stream::pending());
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        sender.send_request(request.body(StreamBody::new(never)).unwrap()).await?
    };
    let mut headers = answer.headers().clone();
    headers.extend(answer.into_body().collect().await?.trailers().cloned().unwrap_or_default());
    let code = headers.get("grpc-status").map_or(Code::Unknown, |code| Code::from_bytes(code.as_bytes()));
    Ok((code, headers))
}

/// Ends a connection when dropped.
struct Cut(std::net::TcpStream);

impl Drop for Cut {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.shutdown(std::net::Shutdown::Both);
    }
}

/// A message as gRPC frames it.
pub(crate) fn framed(message: &impl prost::Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    [&[0], &(bytes.len() as u32).to_be_bytes()[..], &bytes].concat()
}
