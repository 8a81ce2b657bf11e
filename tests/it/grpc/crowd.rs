//! Connections before anybody has shown who they are: those who only connect shut out nobody.

use super::guard::{said, screen};
use super::guarded::{Guarded, caller};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::Code;

/// Connections of the attack; the service has room for far fewer.
const CROWD: usize = 300;

/// TLS as a client without a certificate, done to the end, and then silence.
async fn silent(service: &Guarded, address: SocketAddr) -> Option<TlsStream<TcpStream>> {
    let mut roots = rustls::RootCertStore::empty();
    let pem = service.authority.pem.clone();
    let der =
        <rustls::pki_types::CertificateDer<'_> as rustls::pki_types::pem::PemObject>::from_pem_slice(pem.as_bytes());
    roots.add(der.expect("a certificate")).expect("an authority");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config = builder.expect("known versions").with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = TcpStream::connect(address).await.ok()?;
    let name = "localhost".try_into().expect("a name");
    let shaken = TlsConnector::from(Arc::new(config)).connect(name, stream);
    tokio::time::timeout(Duration::from_secs(20), shaken).await.ok()?.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_do_not_shut_out_callers_with_a_key() {
    let service = Guarded::with_tls(|o, files| {
        let rows = caller("erp", "k-erp", "scopes = ['screen']");
        o.access.callers = Some(files.write("callers.toml", &rows));
        // Time limits alone must not be what helps.
        (o.max_connections, o.handshake, o.first_call) = (64, Duration::from_secs(300), Duration::from_secs(3600));
    })
    .await;
    let early = service.channel(&service.authority, None).await.unwrap();
    screen(&early, Some("k-erp")).await.unwrap();
    let (mut crowd, mut bare) = (Vec::new(), Vec::new());
    for at in 0..CROWD {
        // Half of them do not even begin with TLS.
        if at % 2 == 0 {
            crowd.extend(silent(&service, service.address).await);
        } else {
            bare.extend(TcpStream::connect(service.address).await);
        }
        if at % 50 == 0 {
            let began = Instant::now();
            let late = service.channel(&service.authority, None).await.expect("a caller with a key connects");
            screen(&late, Some("k-erp")).await.expect("and is answered");
            println!("connected and answered among {at} silent connections in {:?}", began.elapsed());
        }
    }
    screen(&early, Some("k-erp")).await.expect("who was there stays");
    assert!(service.metric("tidewaiter_connections") <= 64.0);
    assert!(service.metric("tidewaiter_refusals_total{reason=\"CONNECTION_LIMIT\"}") > 100.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_makes_nobody_known() {
    let service = Guarded::with_tls(|o, files| {
        let rows = caller("erp", "k-erp", "scopes = ['screen']");
        o.access.callers = Some(files.write("callers.toml", &rows));
        (o.max_connections, o.unknown_per_address) = (20, 4);
    })
    .await;
    let mut wrong = Vec::new();
    for _ in 0..10 {
        let channel = service.channel(&service.authority, None).await.unwrap();
        let refused = screen(&channel, Some("k-guess")).await.unwrap_err();
        assert_eq!(said(&refused), (Code::Unauthenticated, "CREDENTIALS_INVALID".into()));
        wrong.push(channel);
    }
    service.until("tidewaiter_connections", |n| n <= 4.0).await;
    let known = service.channel(&service.authority, None).await.unwrap();
    screen(&known, Some("k-erp")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_a_call_is_closed_in_time() {
    let service =
        Guarded::plain(|o, _| (o.first_call, o.handshake) = (Duration::from_secs(1), Duration::from_secs(2))).await;
    let used = tonic::transport::Channel::from_shared(format!("http://{}", service.address)).unwrap();
    let used = used.connect().await.unwrap();
    screen(&used, None).await.unwrap();
    let mut silent = TcpStream::connect(service.address).await.unwrap();
    // It begins as HTTP/2 does, with its settings, and asks nothing.
    tokio::io::AsyncWriteExt::write_all(&mut silent, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .unwrap();
    let mut end = Vec::new();
    tokio::time::timeout(Duration::from_secs(20), silent.read_to_end(&mut end)).await.expect("it is closed").unwrap();
    service.until("tidewaiter_refusals_total{reason=\"SLOW_CONNECTION\"}", |n| n >= 1.0).await;
    screen(&used, None).await.unwrap();
}
