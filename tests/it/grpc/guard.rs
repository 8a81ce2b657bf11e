//! Who is let in, how much they may ask, and how others are turned away.

use super::guarded::{Authority, Guarded, caller, framed, raw};
use super::harness::shipment;
use super::reason;
use std::error::Error as _;
use std::time::Duration;
use tidewaiter::config::ClientCertificates;
use tidewaiter::service::grpc::client::Remote;
use tidewaiter::service::http::Observer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;
use v1::list_service_client::ListServiceClient;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

const SCREEN: &str = "/tidewaiter.v1.ScreeningService/Screen";

pub(super) fn keyed<T>(message: T, key: Option<&str>) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(key) = key {
        let value: MetadataValue<_> = format!("Bearer {key}").parse().expect("a key is a header value");
        request.metadata_mut().insert("authorization", value);
    }
    request
}

pub(super) async fn screen(channel: &Channel, key: Option<&str>) -> Result<v1::ScreenResponse, Status> {
    let request = v1::ScreenRequest { shipment: Some(shipment("x")), verbose: false };
    ScreeningServiceClient::new(channel.clone()).screen(keyed(request, key)).await.map(tonic::Response::into_inner)
}

async fn reload(channel: &Channel, key: Option<&str>) -> Result<(), Status> {
    ListServiceClient::new(channel.clone()).reload(keyed(v1::ReloadRequest {}, key)).await.map(drop)
}

pub(super) fn said(status: &Status) -> (Code, String) {
    (status.code(), reason(status))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_what_its_scopes_say_and_nothing_else() {
    let callers =
        [caller("erp", "k-erp", "scopes = ['screen']"), caller("ops", "k-ops", "scopes = ['lists', 'admin']")];
    let service = Guarded::with_tls(|o, files| {
        o.access.callers = Some(files.write("callers.toml", &callers.concat()));
    })
    .await;
    let channel = service.channel(&service.authority, None).await.unwrap();

    assert_eq!(said(&screen(&channel, None).await.unwrap_err()), (Code::Unauthenticated, "CREDENTIALS_MISSING".into()));
    let wrong = screen(&channel, Some("k-erq")).await.unwrap_err();
    assert_eq!(said(&wrong), (Code::Unauthenticated, "CREDENTIALS_INVALID".into()));
    screen(&channel, Some("k-erp")).await.unwrap();
    let lacking = reload(&channel, Some("k-erp")).await.unwrap_err();
    assert_eq!(said(&lacking), (Code::PermissionDenied, "SCOPE_MISSING".into()));
    assert_eq!(lacking.get_details_error_info().unwrap().metadata["scope"], "admin");
    reload(&channel, Some("k-ops")).await.unwrap();
    assert_eq!(screen(&channel, Some("k-ops")).await.unwrap_err().code(), Code::PermissionDenied);
    // Probes need no key; what a stranger would read does.
    HealthClient::new(channel.clone()).check(HealthCheckRequest::default()).await.unwrap();
    let mut strangers = ListServiceClient::new(channel.clone());
    assert_eq!(strangers.get_status(v1::GetStatusRequest {}).await.unwrap_err().code(), Code::Unauthenticated);

    // Reading lists is a scope of its own, for every call that reads.
    let mut lists = ListServiceClient::new(channel.clone());
    for (key, is_let_in) in [("k-erp", false), ("k-ops", true)] {
        let diff = lists.diff(keyed(v1::DiffRequest::default(), Some(key))).await.err();
        let watch = lists.watch_lists(keyed(v1::WatchListsRequest::default(), Some(key))).await.err();
        for refused in [diff, watch] {
            let is_refused = refused.is_some_and(|s| s.code() == Code::PermissionDenied);
            assert_eq!(is_refused, !is_let_in, "{key}");
        }
    }

    assert_eq!(service.metric("tidewaiter_refusals_total{reason=\"SCOPE_MISSING\"}"), 4.0);
    assert_eq!(service.metric("tidewaiter_refusals_total{reason=\"CREDENTIALS_INVALID\"}"), 1.0);
    assert_eq!(service.metric("tidewaiter_caller_calls_total{caller=\"erp\"}"), 1.0);

    // A key that is taken out of the file opens nothing any more, and a damaged file changes nothing.
    service.write("callers.toml", &callers[1]);
    service.handle.refresh().await.unwrap();
    assert_eq!(screen(&channel, Some("k-erp")).await.unwrap_err().code(), Code::Unauthenticated);
    service.write("callers.toml", "[[caller]]\nname = 'x'");
    service.handle.refresh().await.unwrap_err();
    reload(&channel, Some("k-ops")).await.unwrap();

    let (with, without) = (service.target(Some("k-ops")), service.target(None));
    tokio::task::spawn_blocking(move || {
        assert!(Remote::open(&with).unwrap().status().unwrap().entries > 0);
        let mut stranger = Remote::open(&without).unwrap();
        assert!(stranger.is_serving(Duration::from_secs(5)).unwrap());
        let refused = stranger.status().unwrap_err().to_string();
        assert!(refused.contains("(Unauthenticated, CREDENTIALS_MISSING)"), "{refused}");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_says_who_calls() {
    let rows = "[[caller]]\nname = 'erp'\ncertificates = ['erp.example.com']\nscopes = ['screen']\n";
    let guarded = |how| {
        Guarded::with_tls(move |o, files| {
            o.tls.client_ca = Some(files.write("clients.pem", &files.authority.pem));
            o.tls.client_certificates = how;
            o.access.callers = Some(files.write("callers.toml", rows));
        })
    };
    let service = guarded(ClientCertificates::Required).await;
    let (erp, wms) = (service.authority.sign("erp.example.com"), service.authority.sign("wms.example.com"));
    let foreign = Authority::new().sign("erp.example.com");

    let channel = service.channel(&service.authority, Some(&erp)).await.unwrap();
    screen(&channel, None).await.unwrap();
    assert_eq!(said(&reload(&channel, None).await.unwrap_err()), (Code::PermissionDenied, "SCOPE_MISSING".into()));
    let unknown = service.channel(&service.authority, Some(&wms)).await.unwrap();
    assert_eq!(said(&screen(&unknown, None).await.unwrap_err()), (Code::Unauthenticated, "CALLER_UNKNOWN".into()));
    // Without a certificate, or with one of another authority, TLS itself refuses: there is no call to answer.
    for identity in [None, Some(&foreign)] {
        if let Ok(channel) = service.channel(&service.authority, identity).await {
            let refused = screen(&channel, None).await.unwrap_err();
            // Only what the client's library says itself, of a connection that the other side closed, has a source.
            assert!(refused.source().is_some(), "{refused:?}");
        }
    }
    service.until("tidewaiter_refusals_total{reason=\"TLS_HANDSHAKE\"}", |n| n >= 2.0).await;

    let service = guarded(ClientCertificates::Optional).await;
    let channel = service.channel(&service.authority, None).await.unwrap();
    assert_eq!(said(&screen(&channel, None).await.unwrap_err()), (Code::Unauthenticated, "CREDENTIALS_MISSING".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_shown_without_a_restart() {
    let service = Guarded::with_tls(|o, _| o.access.check = Duration::from_secs(1)).await;
    let old = service.channel(&service.authority, None).await.unwrap();
    let authority = Authority::new();
    assert!(service.channel(&authority, None).await.is_err(), "not signed by the new authority yet");
    let fresh = authority.sign("localhost");
    service.write("server.key", &fresh.key);
    service.write("server.pem", &fresh.certificate);
    // Nobody says so: the change is seen.
    let mut attempts = 0;
    let fresh = loop {
        match service.channel(&authority, None).await {
            Ok(channel) => break channel,
            Err(error) => assert!(attempts < 100, "{error}"),
        }
        attempts += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    screen(&fresh, None).await.unwrap();
    screen(&old, None).await.unwrap();
    service.write("server.pem", "no certificate");
    service.handle.refresh().await.unwrap_err();
    service.channel(&authority, None).await.unwrap();
    assert!(service.metric("tidewaiter_credential_reloads_total{result=\"failed\"}") >= 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_deadline_is_said_so_by_the_service() {
    let service = Guarded::plain(|o, _| o.call = Duration::from_secs(1)).await;
    let shipments = vec![shipment("x"); 20_000];
    let batch = framed(&v1::ScreenBatchRequest { shipments, verbose: false });
    let path = "/tidewaiter.v1.ScreeningService/ScreenBatch";
    let (code, headers) = raw(service.address, path, &[("grpc-timeout", "1m")], batch, true).await.unwrap();
    assert_eq!(code, Code::DeadlineExceeded);
    assert_eq!(reason(&Status::from_header_map(&headers).unwrap()), "DEADLINE_EXCEEDED");
    // A caller who sends half a request and no more is not waited for either.
    let half = framed(&v1::ScreenRequest { shipment: Some(shipment("x")), verbose: false })[..9].to_vec();
    let (code, _) = raw(service.address, SCREEN, &[], half, false).await.unwrap();
    assert_eq!(code, Code::DeadlineExceeded);
    service.until("tidewaiter_in_flight_calls", |n| n == 0.0).await;
    service.until("tidewaiter_queue_depth{lane=\"bulk\"}", |n| n == 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_refused_after_its_last_day() {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let with = |name: &str, key: &str, last: jiff::civil::Date| {
        caller(name, key, &format!("scopes = ['screen']\nexpires = {last}"))
    };
    let rows = [with("old", "k-old", today.yesterday().unwrap()), with("new", "k-new", today.tomorrow().unwrap())];
    let service = Guarded::plain(|o, files| {
        o.access.callers = Some(files.write("callers.toml", &rows.concat()));
    })
    .await;
    let channel = Channel::from_shared(format!("http://{}", service.address)).unwrap().connect().await.unwrap();
    let old = screen(&channel, Some("k-old")).await.unwrap_err();
    assert_eq!(said(&old), (Code::Unauthenticated, "CREDENTIALS_EXPIRED".into()));
    screen(&channel, Some("k-new")).await.unwrap();
    assert_eq!(service.metric("tidewaiter_refusals_total{reason=\"CREDENTIALS_EXPIRED\"}"), 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_dropped_before_its_answer_is_counted() {
    let service = Guarded::plain(|_, _| {}).await;
    // Long enough that it is still worked on when it is dropped.
    let description = "stainless steel hex bolts with nuts and washers, ".repeat(10);
    let goods = vec![v1::Goods { description, ..v1::Goods::default() }];
    let long = v1::Shipment { goods, ..shipment("x") };
    let batch = framed(&v1::ScreenBatchRequest { shipments: vec![long; 20_000], verbose: false });
    let call = raw(service.address, "/tidewaiter.v1.ScreeningService/ScreenBatch", &[], batch, true);
    tokio::select! {
        answer = call => panic!("it is answered too soon: {answer:?}"),
        () = service.until("tidewaiter_queue_depth{lane=\"bulk\"}", |n| n > 0.0) => {}
    }
    service.until_there("tidewaiter_calls_total{method=\"ScreenBatch\",code=\"Cancelled\"}", 1.0).await;
    assert_eq!(service.metric("tidewaiter_refusals_total{reason=\"CANCELLED\"}"), 1.0);
    assert_eq!(service.metric("tidewaiter_in_flight_calls"), 0.0);
    assert_eq!(service.metric("tidewaiter_held_bytes"), 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_of_streams_and_compressed_messages_are_bounded_too() {
    const STREAM: &str = "/tidewaiter.v1.ScreeningService/ScreenStream";
    let service = Guarded::plain(|o, _| o.max_held_bytes = 4 << 20).await;
    let large = |bytes: usize| {
        let mut large = shipment("x");
        large.reference = "r".repeat(bytes);
        large
    };
    // Half a message is held, and given back when its caller goes.
    let half = framed(&v1::ScreenStreamRequest { shipments: vec![large(2 << 20)], verbose: false })[..1 << 19].to_vec();
    let waiting = tokio::spawn(raw(service.address, STREAM, &[], half, false));
    service.until("tidewaiter_held_bytes", |n| n >= f64::from(1 << 19)).await;
    waiting.abort();
    service.until("tidewaiter_held_bytes", |n| n == 0.0).await;

    // What was answered is not held any more, however long the stream lives.
    let channel = Channel::from_shared(format!("http://{}", service.address)).unwrap().connect().await.unwrap();
    let client = ScreeningServiceClient::new(channel).max_decoding_message_size(usize::MAX);
    let (send, requests) = tokio::sync::mpsc::channel(4);
    let mut stream = client.clone().screen_stream(ReceiverStream::new(requests)).await.unwrap().into_inner();
    for _ in 0..4 {
        send.send(v1::ScreenStreamRequest { shipments: vec![large(3 << 20)], verbose: false }).await.unwrap();
        assert_eq!(stream.message().await.unwrap().unwrap().screenings.len(), 1);
    }
    service.until("tidewaiter_held_bytes", |n| n == 0.0).await;
    // More than there is room for ends the stream, with a reason.
    send.send(v1::ScreenStreamRequest { shipments: vec![large(5 << 20)], verbose: false }).await.unwrap();
    assert_eq!(said(&stream.message().await.unwrap_err()), (Code::ResourceExhausted, "OVERLOADED".into()));

    // A few kilobytes that grow to more than there is room for.
    let mut client = client.send_compressed(tonic::codec::CompressionEncoding::Gzip);
    let bomb = v1::ScreenBatchRequest { shipments: vec![large(12 << 20)], verbose: false };
    assert_eq!(said(&client.screen_batch(bomb).await.unwrap_err()), (Code::ResourceExhausted, "OVERLOADED".into()));
    client.screen_batch(v1::ScreenBatchRequest { shipments: vec![shipment("x"); 20], verbose: false }).await.unwrap();
    service.until("tidewaiter_held_bytes", |n| n == 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_lists_are_not_ready_where_the_operator_says_so() {
    let serving = |service: &Guarded| {
        let url = format!("http://{}", service.address);
        async move {
            let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
            HealthClient::new(channel).check(HealthCheckRequest::default()).await.unwrap().into_inner().status
        }
    };
    let limit = |hours| [("us-bis-el".to_owned(), hours)].into();
    let stale = Guarded::aged(limit(1), false).await;
    assert!(stale.handle.is_ready() && serving(&stale).await == 1, "nobody has said that it matters");
    assert_eq!(stale.metric("tidewaiter_ready"), 1.0);
    let stale = Guarded::aged(limit(1), true).await;
    assert!(!stale.handle.is_ready() && serving(&stale).await == 2);
    assert_eq!(stale.metric("tidewaiter_ready"), 0.0);
    let fresh = Guarded::aged(limit(1_000_000), true).await;
    assert!(fresh.handle.is_ready() && serving(&fresh).await == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_caller_has_bounds_of_their_own() {
    let rows = [
        caller("slow", "k-slow", "scopes = ['screen']\ncalls_per_second = 2"),
        caller("bulk", "k-bulk", "scopes = ['screen']\nshipments_per_second = 10\nmax_streams = 1"),
    ];
    let service = Guarded::plain(|o, files| {
        o.access.callers = Some(files.write("callers.toml", &rows.concat()));
    })
    .await;
    let channel = Channel::from_shared(format!("http://{}", service.address)).unwrap().connect().await.unwrap();
    let mut refused = None;
    for _ in 0..20 {
        refused = screen(&channel, Some("k-slow")).await.err().or(refused);
    }
    let refused = refused.expect("twenty at once are more than two a second");
    assert_eq!(said(&refused), (Code::ResourceExhausted, "QUOTA_EXCEEDED".into()));
    let wait = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");

    let client = ScreeningServiceClient::new(channel.clone());
    let batch = |n: usize| {
        let request = v1::ScreenBatchRequest { shipments: vec![shipment("x"); n], verbose: false };
        let mut client = client.clone();
        async move { client.screen_batch(keyed(request, Some("k-bulk"))).await }
    };
    let too_many = batch(11).await.unwrap_err();
    assert_eq!(said(&too_many), (Code::ResourceExhausted, "QUOTA_EXCEEDED".into()));
    assert!(too_many.get_details_retry_info().is_none() && too_many.message().contains("split"), "waiting is no use");
    batch(10).await.unwrap();
    assert_eq!(batch(10).await.unwrap_err().code(), Code::ResourceExhausted);

    let mut client = client.clone();
    let (_open, requests) = tokio::sync::mpsc::channel(1);
    let _stream = client.screen_stream(keyed(ReceiverStream::new(requests), Some("k-bulk"))).await.unwrap();
    let second = client.screen_stream(keyed(tokio_stream::empty(), Some("k-bulk"))).await.unwrap_err();
    assert_eq!(said(&second), (Code::ResourceExhausted, "OVERLOADED".into()));
    assert!(second.get_details_retry_info().unwrap().retry_delay.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_broken_connections_cost_little() {
    let service = Guarded::plain(|o, _| {
        (o.max_connections, o.handshake) = (3, Duration::from_secs(1));
        (o.max_message_bytes, o.max_held_bytes) = (8 << 20, 1 << 20);
        o.stream_idle = Duration::from_secs(1);
    })
    .await;
    let mut silent = TcpStream::connect(service.address).await.unwrap();
    let mut talker = TcpStream::connect(service.address).await.unwrap();
    talker.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut end = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), talker.read_to_end(&mut end)).await.unwrap();
    let _ = tokio::time::timeout(Duration::from_secs(10), silent.read_to_end(&mut end)).await.unwrap();
    service.until("tidewaiter_refusals_total{reason=\"SLOW_CONNECTION\"}", |n| n >= 1.0).await;
    service.until("tidewaiter_refusals_total{reason=\"CONNECTION_BROKEN\"}", |n| n >= 1.0).await;
    service.until("tidewaiter_connections", |n| n == 0.0).await;

    // Damaged messages are answered with a reason.
    for (body, code) in [
        (vec![0, 0, 0, 0, 3, 0xff, 0xff, 0xff], Code::Internal),
        (vec![7, 0, 0, 0, 0], Code::Internal),
        (vec![0, 0xff, 0xff, 0xff, 0xff], Code::OutOfRange),
    ] {
        let (answered, headers) = raw(service.address, SCREEN, &[], body.clone(), true).await.unwrap();
        assert_eq!(answered, code, "{body:?} {headers:?}");
        let why = reason(&Status::from_header_map(&headers).unwrap());
        assert!(matches!(why.as_str(), "MESSAGE_MALFORMED" | "MESSAGE_TOO_LARGE"), "{why}");
    }
    let (code, headers) = raw(service.address, "/nobody/knows", &[], Vec::new(), true).await.unwrap();
    assert_eq!(
        (code, reason(&Status::from_header_map(&headers).unwrap()).as_str()),
        (Code::Unimplemented, "METHOD_UNKNOWN")
    );

    // More bytes than all questions together may hold.
    let mut large = shipment("x");
    large.reference = "r".repeat(2 << 20);
    let large = framed(&v1::ScreenRequest { shipment: Some(large), verbose: false });
    let (code, headers) = raw(service.address, SCREEN, &[], large, true).await.unwrap();
    assert_eq!(code, Code::ResourceExhausted, "{headers:?}");
    service.until("tidewaiter_held_bytes", |n| n == 0.0).await;

    let channel = Channel::from_shared(format!("http://{}", service.address)).unwrap().connect().await.unwrap();
    let (_open, requests) = tokio::sync::mpsc::channel::<v1::ScreenStreamRequest>(1);
    let mut client = ScreeningServiceClient::new(channel);
    let mut idle = client.screen_stream(ReceiverStream::new(requests)).await.unwrap().into_inner();
    assert_eq!(said(&idle.message().await.unwrap_err()), (Code::DeadlineExceeded, "STREAM_IDLE".into()));

    let _two = [TcpStream::connect(service.address).await.unwrap(), TcpStream::connect(service.address).await.unwrap()];
    let mut fourth = TcpStream::connect(service.address).await.unwrap();
    let _ = tokio::time::timeout(Duration::from_secs(10), fourth.read_to_end(&mut end)).await.unwrap();
    service.until("tidewaiter_refusals_total{reason=\"CONNECTION_LIMIT\"}", |n| n >= 1.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_can_be_read() {
    let service = Guarded::plain(|_, _| {}).await;
    let observer = Observer::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = observer.local_addr().unwrap();
    tokio::spawn(observer.serve(service.handle.clone(), std::future::pending()));
    let get = |path: &str| {
        let question = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(question.as_bytes()).await.unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).await.unwrap();
            text
        }
    };
    assert!(get("/readyz").await.starts_with("HTTP/1.1 200"));
    assert!(get("/healthz").await.starts_with("HTTP/1.1 200"));
    let mut listed = shipment("secret reference");
    listed.parties[0].name = "SZ DJI Technology Co., Ltd.".to_owned();
    let body = framed(&v1::ScreenRequest { shipment: Some(listed), verbose: false });
    let (code, headers) = raw(service.address, SCREEN, &[("x-request-id", "mine-1")], body, true).await.unwrap();
    assert_eq!((code, headers["x-request-id"].to_str().unwrap()), (Code::Ok, "mine-1"));
    let (_, headers) = raw(service.address, SCREEN, &[("x-request-id", "not {one}")], Vec::new(), true).await.unwrap();
    assert!(headers["x-request-id"].to_str().unwrap().contains('-'), "{headers:?}");

    let text = get("/metrics").await;
    for line in [
        "tidewaiter_calls_total{method=\"Screen\",code=\"Ok\"} 1",
        "tidewaiter_shipments_total{outcome=\"HOLD\"} 1",
        "tidewaiter_findings_total{reason=\"PARTY_LISTED\"}",
        "tidewaiter_call_seconds_bucket{method=\"Screen\",le=\"+Inf\"} 2",
        "tidewaiter_reloads_total{result=\"ok\"} 1",
        "tidewaiter_list_entries{list=\"",
        "tidewaiter_ready 1",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("secret") && !text.contains("DJI"), "no text of a shipment is a label");
}

/// Says after a number of questions that nobody waits any more.
struct After(std::sync::atomic::AtomicUsize);

impl engine::screen::Stop for After {
    fn is_due(&self) -> bool {
        use std::sync::atomic::Ordering::Relaxed;
        self.0.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

#[test]
fn a_search_that_nobody_waits_for_is_given_up_and_leaves_no_trace() {
    use engine::screen::{Now, Scratch};
    use model::shipment::{Party, Shipment};
    let engine = crate::shared::curated();
    let party = |name: &str| Party { name: name.to_owned(), ..Party::default() };
    let names = ["SZ DJI Technology", "Xiamen Limbach Aircraft Engine", "Acme"];
    let shipment = Shipment { parties: names.map(party).into(), ..Shipment::default() };
    let mut scratch = Scratch::default();
    let whole = engine.screen(&shipment, &mut scratch);
    let mut given_up = 0;
    for questions in 0.. {
        let stop = std::sync::Arc::new(After(questions.into()));
        match engine.screen_until(&shipment, Now::default(), stop, &mut scratch) {
            Ok(screening) => {
                assert_eq!(screening, whole);
                break;
            }
            Err(_) => given_up += 1,
        }
        assert_eq!(engine.screen(&shipment, &mut scratch), whole, "after {questions}");
    }
    assert!(given_up >= names.len(), "asked at least once a field: {given_up}");
}
