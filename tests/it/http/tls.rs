//! TLS on the HTTP port: the certificate of the service, for HTTP/1.1 and HTTP/2.

use super::client::Reply;
use crate::grpc::guarded::{Guarded, caller};
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use std::sync::Arc;
use tidewaiter::config;
use tidewaiter::service::http::Api;
use tidewaiter::shutdown::Shutdown;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

#[tokio::test(flavor = "multi_thread")]
async fn the_port_speaks_tls_with_the_certificate_of_the_service() {
    let service = Guarded::with_tls(|options, files| {
        options.access.callers = Some(files.write("callers.toml", &caller("desk", "k-desk", "scopes = ['lists']")));
    })
    .await;
    let (http, console) = (config::Http::default(), config::Console::default());
    let api = Api::bind("127.0.0.1:0".parse().unwrap(), &http, &console, &service.handle).await.unwrap();
    let address = api.local_addr().unwrap();
    tokio::spawn(api.serve(Shutdown::default()));
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(service.authority.pem.as_bytes()).unwrap()).unwrap();
    let mut settings = rustls::ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connect = async |settings: &rustls::ClientConfig| {
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(settings.clone())).connect(name, stream).await.unwrap()
    };
    settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    assert_eq!(connect(&settings).await.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    settings.alpn_protocols = vec![b"http/1.1".to_vec()];
    for (key, status) in [("k-desk", 200), ("k-dest", 401)] {
        let mut stream = connect(&settings).await;
        let head = format!(
            "GET /v1/lists HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // The end of TLS may come with that of the connection.
        let _ended = stream.read_to_end(&mut answer).await;
        assert_eq!(Reply::parse(&answer).status, status, "{key}");
    }
    // Without TLS nothing is answered.
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET /v1/lists HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _closed = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"));
}
