//! The whole ledger asked over gRPC: verified, replayed, rescreened, each by whom it may, with progress, one at a time.

use super::harness::{Served, keyed};
use crate::cli::Folder;
use crate::grpc::guarded::caller;
use crate::grpc::reason;
use ::ledger::index::{CaseQuery, Query};
use lists::Source;
use std::time::{Duration, Instant};
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use v1::ledger_service_client::LedgerServiceClient;
use v1::list_service_client::ListServiceClient;
use v1::screening_service_client::ScreeningServiceClient;
use v1::watch_lists_response::Event;
use wire::v1;

const HERON: &str = "Copper Heron Components GmbH";

fn shipment(n: usize, name: &str) -> v1::Shipment {
    let party = v1::Party { name: name.to_owned(), role: v1::party::Role::Consignee as i32, ..Default::default() };
    v1::Shipment { reference: format!("P-{n}"), parties: vec![party], ..Default::default() }
}

/// A service for an application, an auditor and an analyst, with one list.
async fn serve(folder: &Folder) -> Served {
    let callers = [
        caller("erp", "k-erp", "scopes = ['screen']"),
        caller("audit", "k-audit", "scopes = ['ledger', 'lists']"),
        caller("desk", "k-desk", "scopes = ['decide']"),
        caller("ops", "k-ops", "scopes = ['admin']"),
    ];
    folder.file("callers.toml", callers.concat());
    let file = folder.path("callers.toml");
    let sources = vec![Source::Path(folder.path("list.csv"))];
    Served::start(folder, sources, |server| server.access.callers = Some(file)).await
}

async fn screen(channel: &Channel, shipments: Vec<v1::Shipment>) -> Vec<v1::Screening> {
    let request = keyed(v1::ScreenBatchRequest { shipments, verbose: false }, "k-erp");
    let answer = ScreeningServiceClient::new(channel.clone()).screen_batch(request).await;
    answer.expect("it answers").into_inner().screenings
}

/// Every message of a job.
async fn all<T>(started: Result<tonic::Response<Streaming<T>>, Status>) -> Result<Vec<T>, Status> {
    let mut stream = started?.into_inner();
    let mut messages = Vec::new();
    while let Some(message) = stream.message().await? {
        messages.push(message);
    }
    Ok(messages)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_list_is_asked_against_the_past_by_itself_and_tells_how_much_it_found() {
    let folder = Folder::new();
    folder.file("list.csv", "name,list\nGrey Cormorant Robotics,own\nRed Plover Mining,own\n");
    let served = serve(&folder).await;
    let channel = Channel::from_shared(served.url.clone()).expect("a url").connect().await.expect("it serves");
    let clear: Vec<_> = (0..40).map(|n| shipment(n, if n % 10 == 3 { HERON } else { "Blue Larch Ltd" })).collect();
    let answers = screen(&channel, clear).await;
    assert!(answers.iter().all(|a| a.outcome() == v1::screening::Outcome::NoFinding), "{answers:?}");
    let held = screen(&channel, vec![shipment(90, "Red Plover Mining")]).await;
    assert_eq!(held[0].outcome(), v1::screening::Outcome::Hold);

    let mut watch = ListServiceClient::new(channel.clone())
        .watch_lists(keyed(v1::WatchListsRequest::default(), "k-audit"))
        .await
        .expect("it watches")
        .into_inner();
    folder.file("list.csv", format!("name,list\nGrey Cormorant Robotics,own\n{HERON},own\n"));
    served.handle.reload().await.expect("the lists load");
    let counts = loop {
        let event = watch.message().await.expect("it goes on").expect("there is more");
        if event.event() == Event::Rescreened {
            assert!(event.snapshot != event.previous && !event.previous.is_empty(), "{event:?}");
            break event.rescreened.expect("it counts");
        }
    };
    let expected = v1::RescreenedCounts { entries: 1, asked: 3, found: 1, shipments: 4, released: 1 };
    assert_eq!(counts, expected);
    let cases = served.ledger.cases(&CaseQuery { limit: 9, ..Default::default() }).expect("it lists");
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let found: Vec<_> = cases.iter().filter(|c| c.why == format!("found by the change of {today}")).collect();
    assert_eq!((found.len(), found[0].party.as_str(), found[0].alerts), (1, HERON, 4), "{cases:?}");

    // The same lists again ask nothing, nor does a start with them; a list that changed meanwhile is found at the start.
    let size = served.ledger.size();
    served.handle.reload().await.expect("the lists load");
    drop(channel);
    served.stop().await;
    let served = serve(&folder).await;
    assert_eq!(served.ledger.size(), size, "nothing was asked again");
    served.stop().await;
    folder.file("list.csv", format!("name,list\n{HERON},own\nBlue Larch,own\n"));
    let served = serve(&folder).await;
    let is_found = || {
        let cases = served.ledger.cases(&CaseQuery { limit: 9, ..Default::default() }).expect("it lists");
        cases.iter().any(|case| case.party == "Blue Larch Ltd")
    };
    let started = Instant::now();
    while !is_found() {
        assert!(started.elapsed() < Duration::from_secs(60), "it asks at its start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // By hand, since any record, by whom cases may be opened.
    let channel = Channel::from_shared(served.url.clone()).expect("a url").connect().await.expect("it serves");
    let mut ledger = LedgerServiceClient::new(channel.clone());
    let first = served.ledger.find(&Query { reference: "P-0".to_owned(), limit: 1, ..Default::default() });
    let since_record = Some(first.expect("it finds")[0].number);
    let ask = v1::RescreenRequest { since_record, day: "2026-01-31".to_owned(), by: "ann".to_owned() };
    let reading = all(ledger.rescreen(keyed(ask.clone(), "k-audit")).await).await.expect_err("reading is not enough");
    assert_eq!((reading.code(), reason(&reading).as_str()), (Code::PermissionDenied, "SCOPE_MISSING"));
    let odd = v1::RescreenRequest { day: "31.1.2026".to_owned(), ..ask.clone() };
    let odd = all(ledger.rescreen(keyed(odd, "k-desk")).await).await.expect_err("it is no date");
    assert!(odd.message().contains("invalid date `31.1.2026`; expected YYYY-MM-DD"), "{odd}");
    // The one that the start asked by itself may be at its end only now.
    let messages = loop {
        match all(ledger.rescreen(keyed(ask.clone(), "k-desk")).await).await {
            Ok(messages) => break messages,
            Err(busy) => {
                assert!(reason(&busy) == "OVERLOADED" && started.elapsed() < Duration::from_secs(120), "{busy}")
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let last = messages.last().expect("there is one");
    let report = last.report.as_ref().expect("it reports");
    assert_eq!((last.done, last.total, report.entries, report.found.len()), (3, 3, 2, 2), "{report:?}");
    let heron = report.found.iter().find(|found| found.party == HERON).expect("it is found");
    assert_eq!((heron.score, heron.records.len()), (1000, 4), "{heron:?}");
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_verified_and_replayed_by_whom_it_may_and_one_at_a_time() {
    let folder = Folder::new();
    folder.file("list.csv", "name,list\nRed Plover Mining,own\n");
    let served = serve(&folder).await;
    let channel = Channel::from_shared(served.url.clone()).expect("a url").connect().await.expect("it serves");
    for chunk in 0..6 {
        screen(&channel, (0..500).map(|n| shipment(chunk * 500 + n, "Red Plover Mining")).collect()).await;
    }
    let mut ledger = LedgerServiceClient::new(channel.clone());
    let request = || v1::VerifyRequest::default();
    for key in ["k-erp", "k-desk", "k-ops"] {
        let refused = all(ledger.verify(keyed(request(), key)).await).await.expect_err("it is not theirs");
        assert_eq!(reason(&refused), "SCOPE_MISSING", "{key}");
    }
    let messages = all(ledger.verify(keyed(request(), "k-audit")).await).await.expect("it verifies");
    let last = messages.last().expect("there is one").clone();
    let report = last.report.expect("it reports");
    assert!(report.records > 3000 && report.faults.is_empty() && last.done == report.records, "{report:?}");

    let replay = |policy: &str, limit| v1::ReplayRequest { policy: policy.to_owned(), limit, ..Default::default() };
    let many = all(ledger.replay(keyed(replay("", 2_000_000), "k-audit")).await).await.expect_err("it is too many");
    assert!(many.message().contains("expected at most 1000000"), "{many}");
    let wrong = all(ledger.replay(keyed(replay("[rules]\nX = 'on'", 1), "k-audit")).await).await.expect_err("no rule");
    assert!(wrong.message().contains("unknown rule `X`"), "{wrong}");
    let same = all(ledger.replay(keyed(replay("", 50), "k-audit")).await).await.expect("it replays");
    let sums = same.last().expect("there is one").sums.expect("it sums up");
    assert_eq!(sums, v1::ReplaySums { same: 50, ..Default::default() });

    // A caller that takes no answers keeps the job waiting, and everybody else out, until it goes.
    let lax = "[outcomes]\nhigh = 'review'";
    let held = ledger.replay(keyed(replay(lax, 3000), "k-audit")).await.expect("it starts").into_inner();
    let busy = all(ledger.verify(keyed(request(), "k-audit")).await).await.expect_err("one at a time");
    assert_eq!((busy.code(), reason(&busy).as_str()), (Code::ResourceExhausted, "OVERLOADED"), "{busy}");
    drop(held);
    let started = Instant::now();
    let differing = loop {
        match all(ledger.replay(keyed(replay(lax, 150), "k-audit")).await).await {
            Ok(messages) => break messages,
            Err(busy) => assert!(started.elapsed() < Duration::from_secs(60), "it goes on: {busy}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let sums = differing.last().expect("there is one").sums.expect("it sums up");
    let records: Vec<_> = differing.iter().flat_map(|message| &message.records).collect();
    assert_eq!((sums.differ, records.len()), (150, 150));
    let outcomes = (records[0].outcome_then(), records[0].outcome_now());
    assert_eq!(outcomes, (v1::screening::Outcome::Hold, v1::screening::Outcome::Review));
    served.stop().await;
}
