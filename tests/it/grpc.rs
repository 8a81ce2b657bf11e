//! The service over a real connection.

mod crowd;
mod guard;
pub(crate) mod guarded;
pub(crate) mod harness;
mod rotation;

use harness::{Service, references, shipment, unsound};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tidewaiter::service::grpc::Drain;
use tidewaiter::service::grpc::client::Remote;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::CompressionEncoding;
use tonic::{Code, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;
use v1::screening::Outcome;
use wire::v1;

pub(crate) fn reason(status: &Status) -> String {
    let info = status.get_details_error_info().expect("every status has its ErrorInfo");
    assert_eq!(info.domain, "tidewaiter");
    info.reason
}

fn message(shipments: Vec<v1::Shipment>) -> v1::ScreenStreamRequest {
    v1::ScreenStreamRequest { shipments, verbose: false }
}

/// Which rules could not run, and how cells were read, is said only where it is asked for, in each of the three calls.
#[tokio::test(flavor = "multi_thread")]
async fn a_verbose_answer_says_how_cells_were_read() {
    let service = Service::start().await;
    let name = "Blue Harbour c/o Copper Heron LLC, 5 High Street, Leeds".to_owned();
    let party = v1::Party { role: v1::party::Role::Consignee as i32, name, ..Default::default() };
    let shipment = v1::Shipment { reference: "x".to_owned(), parties: vec![party], ..Default::default() };
    for verbose in [false, true] {
        let one = v1::ScreenRequest { shipment: Some(shipment.clone()), verbose };
        let one = service.screening().screen(one).await.unwrap().into_inner().screening.unwrap();
        let batch = v1::ScreenBatchRequest { shipments: vec![shipment.clone()], verbose };
        let batch = service.screening().screen_batch(batch).await.unwrap().into_inner().screenings;
        let message = v1::ScreenStreamRequest { shipments: vec![shipment.clone()], verbose };
        let stream = service.screening().screen_stream(tokio_stream::iter([message])).await.unwrap().into_inner();
        let stream: Vec<_> = stream.map(|answer| answer.unwrap().screenings).collect().await;
        assert_eq!((&batch[0], &stream[0][0]), (&one, &one));
        assert!(!one.rules_run.is_empty());
        assert_eq!((one.rules_skipped.is_empty(), one.cells.len()), (!verbose, usize::from(verbose)));
        let Some(cell) = one.cells.first() else { continue };
        use v1::segment::Kind;
        let read: Vec<_> = cell.segments.iter().map(|s| (s.kind(), s.span.as_ref().unwrap().text.as_str())).collect();
        let wanted = [
            (Kind::Name, "Blue Harbour"),
            (Kind::Relation, "c/o"),
            (Kind::Name, "Copper Heron LLC"),
            (Kind::Address, "5 High Street, Leeds"),
        ];
        assert_eq!((cell.field_path.as_str(), &read[..]), ("parties[0].name", &wanted[..]));
        assert_eq!(cell.segments[2].relation, "care_of");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_stand_in_order_and_refusals_in_their_place() {
    let service = Service::start().await;
    let one =
        service.screening().screen(v1::ScreenRequest { shipment: Some(shipment("x")), verbose: false }).await.unwrap();
    let one = one.into_inner().screening.unwrap();
    assert_eq!((one.reference.as_str(), one.outcome()), ("x", Outcome::NoFinding));

    let make = |i: usize| if i % 97 == 7 { unsound(i.to_string()) } else { shipment(i.to_string()) };
    let shipments: Vec<_> = (0..500).map(make).collect();
    let expected: Vec<String> = (0..500).map(|i| i.to_string()).collect();
    let mut gzip = service.screening().send_compressed(CompressionEncoding::Gzip);
    let batch = gzip
        .screen_batch(v1::ScreenBatchRequest { shipments: shipments.clone(), verbose: false })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(references(&batch.screenings), expected);
    for (i, screening) in batch.screenings.iter().enumerate() {
        let refused = screening.outcome() == Outcome::Refused;
        assert_eq!(refused, i % 97 == 7, "{i}");
        assert_eq!(screening.problems.iter().any(|p| p.description.contains("is empty")), refused);
        assert_eq!(screening.snapshot, one.snapshot);
    }

    // Messages of 1, 2, ... shipments: one answer for each, of the same size.
    let mut rest = shipments.into_iter();
    let messages: Vec<_> = (1..32).map(|n| message(rest.by_ref().take(n).collect())).collect();
    let sizes: Vec<usize> = messages.iter().map(|m| m.shipments.len()).collect();
    let stream = service.screening().screen_stream(tokio_stream::iter(messages)).await.unwrap().into_inner();
    let answers: Vec<_> = stream.map(|a| a.unwrap().screenings).collect().await;
    assert_eq!(answers.iter().map(Vec::len).collect::<Vec<_>>(), sizes);
    assert_eq!(answers.concat(), batch.screenings[..496]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_call_says_where_and_why() {
    let service = Service::start().await;
    let mut client = service.screening();
    let screen = |shipment| v1::ScreenRequest { shipment, verbose: false };
    let status = client.screen(screen(Some(unsound("x")))).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "SHIPMENT_INVALID"));
    let violations = status.get_details_bad_request().unwrap().field_violations;
    assert!(violations[0].description.contains("the shipment is empty"), "{violations:?}");

    // A field that cannot be read is a problem of the answer; a rule needed this one.
    let mut unread = shipment("x");
    unread.parties[0].country = "Atlantis".to_owned();
    let answer = client.screen(screen(Some(unread))).await.unwrap().into_inner().screening.unwrap();
    assert_eq!((answer.outcome(), answer.problems[0].field_path.as_str()), (Outcome::Review, "parties[0].country"));

    let missing = client.screen(screen(None)).await.unwrap_err();
    assert_eq!((missing.code(), reason(&missing).as_str()), (Code::InvalidArgument, "SHIPMENT_INVALID"));

    let name = |left: &str| v1::CompareNamesRequest { left: left.to_owned(), right: "b".into(), kind: 0 };
    let empty = client.compare_names(name(" ")).await.unwrap_err();
    assert_eq!((empty.code(), reason(&empty).as_str()), (Code::InvalidArgument, "REQUEST_INVALID"));
    client.compare_names(name(&"a".repeat(4097))).await.unwrap_err();
    client.compare_names(v1::CompareNamesRequest { kind: 9, ..name("a") }).await.unwrap_err();
    client.compare_names(name("a")).await.unwrap();

    let request = v1::SearchEntriesRequest { name: "a".into(), limit: 101 };
    assert_eq!(service.lists().search_entries(request).await.unwrap_err().code(), Code::InvalidArgument);
    let request = v1::GetEntryRequest { list: String::new(), id: "nobody".into() };
    let unknown = service.lists().get_entry(request).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::NotFound, "ENTRY_NOT_FOUND"));
    let request = v1::GetEntryRequest { list: "us-bis-el".into(), id: "a1".into() };
    assert_eq!(service.lists().get_entry(request).await.unwrap().into_inner().entry.unwrap().id, "a1");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_refused_with_a_code() {
    let service = Service::with(|o| (o.max_message_bytes, o.max_streams) = (64 * 1024, 1)).await;
    let mut client = service.screening();
    let mut big = shipment("x");
    big.goods = vec![v1::Goods::default(); 6];
    let status = client.screen(v1::ScreenRequest { shipment: Some(big.clone()), verbose: false }).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "SHIPMENT_TOO_LARGE"));
    let batch = client
        .screen_batch(v1::ScreenBatchRequest { shipments: vec![big], verbose: false })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(batch.screenings[0].outcome(), Outcome::Refused);

    let shipments = vec![shipment("r".repeat(1024)); 65];
    let status =
        client.screen_batch(v1::ScreenBatchRequest { shipments: shipments.clone(), verbose: false }).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange);

    let many = Service::start().await;
    let shipments_of_two_bytes = vec![v1::Shipment::default(); 100_001];
    let request = v1::ScreenBatchRequest { shipments: shipments_of_two_bytes, verbose: false };
    let status = many.screening().screen_batch(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "BATCH_TOO_LARGE"));

    // In a stream what came before is answered first.
    let messages = vec![message(vec![shipment("a")]), message(shipments), message(vec![shipment("b")])];
    let mut stream = client.screen_stream(tokio_stream::iter(messages)).await.unwrap().into_inner();
    assert_eq!(references(&stream.message().await.unwrap().unwrap().screenings), ["a"]);
    assert_eq!(stream.message().await.unwrap_err().code(), Code::OutOfRange);
    drop(stream);

    let (_keep_open, requests) = mpsc::channel(1);
    let _open = client.screen_stream(ReceiverStream::new(requests)).await.unwrap();
    let second = client.screen_stream(tokio_stream::empty()).await.unwrap_err();
    assert_eq!((second.code(), reason(&second).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    // Single calls are counted apart.
    client.screen(v1::ScreenRequest { shipment: Some(shipment("x")), verbose: false }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn health_follows_the_lists_and_the_stop() {
    let service = Service::unloaded(|_| {}).await;
    let mut health = HealthClient::new(service.channel.clone());
    let ask = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let names = ["", "tidewaiter.v1.ScreeningService", "tidewaiter.v1.ListService"];
    for name in names {
        let answer = health.check(ask(name)).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::NotServing);
    }
    let status = service.lists().get_status(v1::GetStatusRequest {}).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "LISTS_NOT_LOADED"));

    service.handle.reload().await.unwrap();
    for name in names {
        assert_eq!(health.check(ask(name)).await.unwrap().into_inner().status(), ServingStatus::Serving);
    }
    // A watch sees the stop, and does not hold it up.
    let mut watch = health.watch(ask("")).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    service.shutdown.stop.cancel();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    assert_eq!(service.ended().await, Drain::Complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn reloads_under_load_keep_every_answer_whole() {
    let service = Service::start().await;
    let stop = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (mut client, stop) = (service.screening(), Arc::clone(&stop));
            tokio::spawn(async move {
                let shipments: Vec<_> = (0..300).map(|i| shipment(i.to_string())).collect();
                let mut seen = std::collections::BTreeSet::new();
                while !stop.load(Ordering::Relaxed) {
                    let request = v1::ScreenBatchRequest { shipments: shipments.clone(), verbose: false };
                    let answer = client.screen_batch(request).await.unwrap().into_inner();
                    assert_eq!(answer.screenings.len(), 300);
                    let snapshot = &answer.screenings[0].snapshot;
                    assert!(answer.screenings.iter().all(|s| s.snapshot == *snapshot));
                    seen.insert(snapshot.clone());
                }
                seen
            })
        })
        .collect();
    let mut lists = service.lists();
    let mut last = lists.get_status(v1::GetStatusRequest {}).await.unwrap().into_inner().snapshot;
    for i in 0..20 {
        service.write(&format!("Zhumadian Robotics {i}"));
        let done = lists.reload(v1::ReloadRequest {}).await.unwrap().into_inner();
        assert_eq!((done.previous, done.entries), (last, 1));
        last = done.snapshot;
    }
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        assert!(caller.await.unwrap().len() > 1, "the load ran beside the reloads");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_reload_keeps_the_old_set_and_says_why() {
    let service = Service::start().await;
    let mut lists = service.lists();
    let before = lists.get_status(v1::GetStatusRequest {}).await.unwrap().into_inner();
    assert_eq!(before.last_failure, "");
    service.damage();
    let status = lists.reload(v1::ReloadRequest {}).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "RELOAD_FAILED"));
    assert!(status.message().contains("list.csv"), "{}", status.message());
    let code = status.get_details_error_info().unwrap().metadata.remove("list_error");
    assert!(code.is_some_and(|c| c.starts_with("LIST-")));
    let after = lists.get_status(v1::GetStatusRequest {}).await.unwrap().into_inner();
    assert_eq!((&after.snapshot, &after.loaded_at), (&before.snapshot, &before.loaded_at));
    assert!(after.last_failure.contains("list.csv"));
    service.write("Zhumadian Robotics");
    lists.reload(v1::ReloadRequest {}).await.unwrap();
    assert_eq!(lists.get_status(v1::GetStatusRequest {}).await.unwrap().into_inner().last_failure, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_shrank_comes_into_force_by_a_person_s_word_alone() {
    let service = Service::unloaded(|_| {}).await;
    let names: Vec<String> = (0..40).map(|i| format!("Zhumadian Works number {i}")).collect();
    service.write_rows(&names);
    let mut lists = service.lists();
    lists.reload(v1::ReloadRequest {}).await.unwrap();
    let status = lists.get_status(v1::GetStatusRequest {}).await.unwrap().into_inner();
    let age = status.lists[0].age.clone().unwrap();
    assert_eq!((age.entries, age.basis()), (40, v1::list_age::Basis::FileTime));

    service.write_rows(&names[..20]);
    let refused = lists.reload(v1::ReloadRequest {}).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "RELOAD_FAILED"));
    assert!(refused.message().contains("`tidewaiter lists accept --list"), "{}", refused.message());
    let after = lists.get_status(v1::GetStatusRequest {}).await.unwrap().into_inner();
    assert_eq!((after.entries, &after.snapshot), (40, &status.snapshot));
    assert!(after.last_failure.contains("20 of the 40 entries of us-bis-el are gone"), "{}", after.last_failure);
    // The old lists are in force, so that it is ready, and says what a person should know.
    assert!(service.handle.is_ready() && service.handle.attention().is_some_and(|a| a.contains("are gone")));

    lists::accepted::accept(service.list(), "a corrected edition", jiff::Timestamp::now()).unwrap();
    assert_eq!(lists.reload(v1::ReloadRequest {}).await.unwrap().into_inner().entries, 20);
    assert_eq!(service.handle.attention(), None);
    // The word was given for that content alone.
    service.write_rows(&names[..5]);
    lists.reload(v1::ReloadRequest {}).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_a_stream_finish() {
    let service = Service::start().await;
    let (requests, sent) = mpsc::channel(1);
    let mut answers = service.screening().screen_stream(ReceiverStream::new(sent)).await.unwrap().into_inner();
    for i in 0..200 {
        if i == 100 {
            service.shutdown.stop.cancel();
        }
        requests.send(message(vec![shipment(i.to_string())])).await.unwrap();
        let answer = answers.message().await.unwrap().unwrap();
        assert_eq!(references(&answer.screenings), [i.to_string()]);
    }
    drop(requests);
    assert!(answers.message().await.unwrap().is_none());
    assert_eq!(service.ended().await, Drain::Complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_does_not_end_is_cut_with_a_code() {
    let service = Service::with(|o| o.drain = Duration::from_millis(50)).await;
    let (requests, sent) = mpsc::channel(1);
    let mut answers = service.screening().screen_stream(ReceiverStream::new(sent)).await.unwrap().into_inner();
    requests.send(message(vec![shipment("a")])).await.unwrap();
    assert_eq!(references(&answers.message().await.unwrap().unwrap().screenings), ["a"]);
    service.shutdown.stop.cancel();
    let status = answers.message().await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "STOPPING"));
    assert_eq!(service.ended().await, Drain::CutOff);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_does_not_take_is_not_read() {
    let service = Service::start().await;
    let total = 4_000;
    let pulled = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&pulled);
    let messages = (0..total).map(move |i| {
        counted.fetch_add(1, Ordering::Relaxed);
        message(vec![shipment(format!("{i} {}", "x".repeat(32 * 1024)))])
    });
    let mut answers = service.screening().screen_stream(tokio_stream::iter(messages)).await.unwrap().into_inner();
    // Until nothing has moved for half a second.
    let mut last = usize::MAX;
    while last != pulled.load(Ordering::Relaxed) {
        last = pulled.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!((1..total / 4).contains(&last), "{last} of {total} messages were read with no answer taken");
    for i in 0..total {
        let answer = answers.message().await.unwrap().unwrap();
        assert!(answer.screenings[0].reference.starts_with(&format!("{i} ")), "{i}");
    }
    assert!(answers.message().await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_names_the_services_in_both_versions() {
    let service = Service::start().await;
    macro_rules! services {
        ($version:ident) => {{
            use tonic_reflection::pb::$version::server_reflection_client::ServerReflectionClient;
            use tonic_reflection::pb::$version::server_reflection_request::MessageRequest;
            use tonic_reflection::pb::$version::server_reflection_response::MessageResponse;
            let request = tonic_reflection::pb::$version::ServerReflectionRequest {
                host: String::new(),
                message_request: Some(MessageRequest::ListServices(String::new())),
            };
            let mut client = ServerReflectionClient::new(service.channel.clone());
            let answer = client.server_reflection_info(tokio_stream::once(request)).await.unwrap();
            let answer = answer.into_inner().message().await.unwrap().unwrap().message_response;
            let Some(MessageResponse::ListServicesResponse(list)) = answer else { panic!("{answer:?}") };
            list.service.into_iter().map(|s| s.name).collect::<Vec<_>>()
        }};
    }
    for names in [services!(v1), services!(v1alpha)] {
        for name in ["tidewaiter.v1.ScreeningService", "tidewaiter.v1.ListService", "grpc.health.v1.Health"] {
            assert!(names.iter().any(|n| n == name), "{names:?}");
        }
    }
}

/// Errors carry details as `Any`; a client without our files must be able to read them.
#[tokio::test(flavor = "multi_thread")]
async fn reflection_has_the_types_of_error_details() {
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    let service = Service::start().await;
    let mut client = ServerReflectionClient::new(service.channel.clone());
    for name in ["google.rpc.ErrorInfo", "google.rpc.BadRequest", "google.rpc.RetryInfo", "google.rpc.Status"] {
        let request = tonic_reflection::pb::v1::ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::FileContainingSymbol(name.to_owned())),
        };
        let answer = client.server_reflection_info(tokio_stream::once(request)).await.unwrap();
        let answer = answer.into_inner().message().await.unwrap().unwrap().message_response;
        assert!(matches!(answer, Some(MessageResponse::FileDescriptorResponse(_))), "{name}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_blocking_client_gives_everything_back_in_order() {
    let service = Service::start().await;
    let url = service.url.clone();
    tokio::task::spawn_blocking(move || {
        let mut remote = Remote::connect(&url).unwrap();
        assert!(remote.is_serving(Duration::from_secs(5)).unwrap());
        let shipments: Vec<_> = (0..3_000).map(|i| shipment(i.to_string())).collect();
        let screenings = remote.screen_batch(shipments, true).unwrap();
        let expected: Vec<String> = (0..3_000).map(|i| i.to_string()).collect();
        assert_eq!(references(&screenings), expected);
        assert_eq!(remote.screen_batch(Vec::new(), false).unwrap(), []);
        assert_eq!(remote.status().unwrap().entries, 1);
        assert_eq!(remote.entry("", "a1").unwrap().id, "a1");
        let refused = remote.search(" ", 0).unwrap_err().to_string();
        assert!(refused.contains("(InvalidArgument, REQUEST_INVALID)"), "{refused}");
        assert_eq!(remote.reload().unwrap().entries, 1);
    })
    .await
    .unwrap();
}
