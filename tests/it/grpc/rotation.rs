//! Certificates and keys while they are changed, versions of TLS, and callers that drip.

use super::guard::{keyed, said, screen};
use super::guarded::{Authority, Guarded, Signed, caller};
use crate::cli::{Folder, done};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tidewaiter::config::ClientCertificates;
use tidewaiter::service::grpc::client::{Remote, Target};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

/// How long things are changed under load.
const FOR: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread")]
async fn a_required_certificate_works_from_end_to_end() {
    let clients = Authority::new();
    let own = clients.sign("erp.example.com");
    let service = Guarded::with_tls(|o, files| {
        o.tls.client_ca = Some(files.write("clients.pem", &clients.pem));
        o.tls.client_certificates = ClientCertificates::Required;
        let rows = "[[caller]]\nname = 'erp'\ncertificates = ['erp.example.com']\nscopes = ['screen', 'lists']\n";
        o.access.callers = Some(files.write("callers.toml", rows));
    })
    .await;
    let file = |signed: &Signed, name: &str| {
        let certificate = service.write(&format!("{name}.pem"), &signed.certificate);
        (certificate, service.write(&format!("{name}.key"), &signed.key))
    };
    let with = Target { identity: Some(file(&own, "own")), ..service.target(None) };
    let stranger =
        Target { identity: Some(file(&Authority::new().sign("erp.example.com"), "stranger")), ..with.clone() };
    let without = service.target(None);
    tokio::task::spawn_blocking(move || {
        // As `tidewaiter screen --server ... --tls-cert ... --tls-key ...` does.
        let mut remote = Remote::open(&with).unwrap();
        assert!(remote.status().unwrap().entries > 0);
        for refused in [stranger, without] {
            let answered = Remote::open(&refused).and_then(|mut remote| remote.status());
            assert!(answered.is_err(), "{answered:?}");
        }
    })
    .await
    .unwrap();
    service.until("tidewaiter_refusals_total{reason=\"TLS_HANDSHAKE\"}", |n| n >= 2.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_authority_of_its_own_a_client_trusts_those_of_the_system() {
    let service = Guarded::with_tls(|_, _| {}).await;
    let url = format!("https://localhost:{}", service.address.port());
    let (system, other) =
        (service.write("system.pem", &service.authority.pem), service.write("other.pem", &Authority::new().pem));
    let asked = |authorities: std::path::PathBuf| {
        let url = url.clone();
        tokio::task::spawn_blocking(move || {
            let folder = Folder::new();
            let mut command = folder.command(&["screen", "--server", &url, "--party", "Blue Larch Glassware"]);
            // Where the system's authorities are looked for.
            command.env("SSL_CERT_FILE", authorities).env_remove("SSL_CERT_DIR");
            done(command.output().expect("runs"))
        })
    };
    let (code, out, err) = asked(system).await.unwrap();
    assert!(code == 0 && out.contains("1 shipment"), "{code}: {out}{err}");
    let (code, out, err) = asked(other).await.unwrap();
    assert!(code == 2 && err.contains("ertificate"), "{code}: {out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_of_tls_are_spoken() {
    let service = Guarded::with_tls(|_, _| {}).await;
    for (version, named) in [
        (&rustls::version::TLS12, rustls::ProtocolVersion::TLSv1_2),
        (&rustls::version::TLS13, rustls::ProtocolVersion::TLSv1_3),
    ] {
        let mut roots = rustls::RootCertStore::empty();
        let pem = service.authority.pem.as_bytes();
        let der = <rustls::pki_types::CertificateDer<'_> as rustls::pki_types::pem::PemObject>::from_pem_slice(pem);
        roots.add(der.unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider).with_protocol_versions(&[version]).unwrap();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = TcpStream::connect(service.address).await.unwrap();
        let shaken =
            TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream).await.unwrap();
        assert_eq!(shaken.get_ref().1.protocol_version(), Some(named));
        assert_eq!(shaken.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_certificates_come_into_force_under_load() {
    let service = Guarded::with_tls(|_, _| {}).await;
    let (stop, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    // One connection all the while, and a new one for each call.
    let steady = service.channel(&service.authority, None).await.unwrap();
    let held = tokio::spawn({
        let (stop, calls) = (Arc::clone(&stop), Arc::clone(&calls));
        async move {
            while !stop.load(Ordering::Relaxed) {
                screen(&steady, None).await.expect("a connection outlives its certificate");
                calls.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let began = Instant::now();
    let (mut changes, mut connections) = (0, 0);
    while began.elapsed() < FOR {
        let next = service.authority.sign("localhost");
        service.write("server.key", &next.key);
        service.write("server.pem", &next.certificate);
        service.handle.refresh().await.expect("key and certificate belong together");
        changes += 1;
        for _ in 0..5 {
            let fresh = service.channel(&service.authority, None).await.expect("no gap");
            screen(&fresh, None).await.expect("no gap");
            connections += 1;
        }
    }
    stop.store(true, Ordering::Relaxed);
    held.await.unwrap();
    println!(
        "{changes} certificates, {connections} new connections, {} calls on the old one",
        calls.load(Ordering::Relaxed)
    );
    assert!(changes > 3 && calls.load(Ordering::Relaxed) > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_rotate_without_a_gap() {
    let row = |keys: &[&str]| {
        let both: Vec<String> = keys.iter().map(|key| caller("erp", key, "scopes = ['screen']")).collect();
        // Two keys of one caller: the hashes of the rows in one.
        let hashes = both.iter().map(|row| row.split('\'').nth(3).expect("a hash").to_owned());
        let hashes: Vec<String> = hashes.map(|hash| format!("'{hash}'")).collect();
        format!("[[caller]]\nname = 'erp'\nkeys_sha256 = [{}]\nscopes = ['screen']\n", hashes.join(", "))
    };
    let service =
        Guarded::with_tls(|o, files| o.access.callers = Some(files.write("callers.toml", &row(&["k0"])))).await;
    let channel = service.channel(&service.authority, None).await.unwrap();
    let began = Instant::now();
    let mut round = 0;
    while began.elapsed() < FOR {
        let (old, new) = (format!("k{round}"), format!("k{}", round + 1));
        screen(&channel, Some(&old)).await.expect("the old key");
        // Both for a while, then the new one alone: as docs/operating.md says.
        service.write("callers.toml", &row(&[&old, &new]));
        let refreshed = tokio::spawn({
            let handle = service.handle.clone();
            async move { handle.refresh().await }
        });
        while !refreshed.is_finished() {
            screen(&channel, Some(&old)).await.expect("the old key while files are read");
        }
        refreshed.await.unwrap().unwrap();
        for key in [&old, &new] {
            screen(&channel, Some(key)).await.expect("both keys");
        }
        service.write("callers.toml", &row(&[&new]));
        service.handle.refresh().await.unwrap();
        screen(&channel, Some(&new)).await.expect("the new key");
        let refused = screen(&channel, Some(&old)).await.unwrap_err();
        assert_eq!(said(&refused), (Code::Unauthenticated, "CREDENTIALS_INVALID".into()));
        round += 1;
    }
    assert!(round > 2, "{round} rounds");
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_that_drip_or_are_dropped_hold_nothing() {
    let service = Guarded::plain(|o, _| o.stream_idle = Duration::from_secs(1)).await;
    let channel = tonic::transport::Channel::from_shared(format!("http://{}", service.address)).unwrap();
    let channel = channel.connect().await.unwrap();
    let mut client = ScreeningServiceClient::new(channel.clone());
    // Cancelled at every stage: before a message, with messages on their way, with answers not taken.
    for stage in 0..30 {
        let (sender, requests) = tokio::sync::mpsc::channel(64);
        let mut answers = client.screen_stream(keyed(ReceiverStream::new(requests), None)).await.unwrap().into_inner();
        for _ in 0..stage {
            let shipments = vec![super::shipment("x"); 20];
            let _ = sender.try_send(v1::ScreenStreamRequest { shipments, verbose: false });
        }
        if stage % 3 == 1 {
            let _ = answers.message().await;
        }
        drop(answers);
    }
    service.until("tidewaiter_open_streams", |n| n == 0.0).await;
    service.until("tidewaiter_held_bytes", |n| n == 0.0).await;
    // A message that comes a byte at a time is not activity: the stream ends when it has been idle for long enough.
    let (drip, bytes) =
        tokio::sync::mpsc::channel::<Result<hyper::body::Frame<tonic::codegen::Bytes>, std::convert::Infallible>>(1);
    let stream = TcpStream::connect(service.address).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(stream);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(hyper_util::rt::TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let path = format!("http://{}/tidewaiter.v1.ScreeningService/ScreenStream", service.address);
    let request = tonic::codegen::http::Request::post(path).header("content-type", "application/grpc");
    let body = http_body_util::StreamBody::new(ReceiverStream::new(bytes));
    let dripping = tokio::spawn(async move {
        for byte in std::iter::once(&0u8).chain(&1000u32.to_be_bytes()).chain(std::iter::repeat_n(&7u8, 1000)) {
            let frame = hyper::body::Frame::data(tonic::codegen::Bytes::copy_from_slice(&[*byte]));
            if drip.send(Ok(frame)).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let began = Instant::now();
    let answer = sender.send_request(request.body(body).unwrap()).await.unwrap();
    let end = http_body_util::BodyExt::collect(answer.into_body()).await;
    assert!(began.elapsed() < Duration::from_secs(30), "it was served for {:?}", began.elapsed());
    drop(end);
    service.until("tidewaiter_open_streams", |n| n == 0.0).await;
    dripping.abort();
}
