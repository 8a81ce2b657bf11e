//! The service records what it answers.

use super::harness::Served;
use crate::cli::Folder;
use ::ledger::index::Query;
use lists::Source;
use std::time::{Duration, Instant};
use tidewaiter::evidence::Replayer;
use tonic::Code;
use tonic::transport::Channel;
use v1::decision_service_client::DecisionServiceClient;
use v1::ledger_service_client::LedgerServiceClient;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

fn shipment(n: usize) -> v1::Shipment {
    let name =
        if n % 50 == 7 { "SZ DJI Technology Co., Ltd.".to_owned() } else { format!("Blue Larch Glassware {n} Ltd") };
    v1::Shipment {
        reference: format!("S-{n}"),
        parties: vec![v1::Party { name, role: v1::party::Role::Consignee as i32, ..Default::default() }],
        ..Default::default()
    }
}

/// An alert is found, decided by two people, and its exception is in force without a restart.
async fn decide(url: &str, client: &mut ScreeningServiceClient<Channel>) {
    let mut records = LedgerServiceClient::connect(url.to_owned()).await.expect("it serves");
    let mut cases = DecisionServiceClient::connect(url.to_owned()).await.expect("it serves");
    let hold = v1::FindRecordsRequest { outcome: v1::screening::Outcome::Hold as i32, ..Default::default() };
    let found = records.find_records(hold).await.expect("it finds").into_inner().records;
    assert!(found.len() > 4 && found[0].number > found[1].number, "{found:?}");
    let number = found[0].number;
    let record = records.get_record(v1::GetRecordRequest { number }).await.expect("it is there").into_inner().record;
    let shipment = record.expect("it is there").shipment.expect("it has one");
    let none = records.get_record(v1::GetRecordRequest { number: 1 << 40 }).await.expect_err("there is none");
    assert_eq!(none.code(), Code::NotFound, "{none}");

    let open = v1::ListCasesRequest { state: v1::case::State::Open as i32, ..Default::default() };
    let open = cases.list_cases(open).await.expect("it lists").into_inner().cases;
    let case = open.iter().find(|c| !c.entry.is_empty() && c.party.contains("DJI")).expect("DJI is a case").clone();
    let until = jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(9)).to_string();
    let ruling = v1::DecideCaseRequest {
        id: case.id.clone(),
        revision: case.revision - 1,
        by: "ann".to_owned(),
        decision: v1::case::Decision::FalsePositive as i32,
        reason: "different_address".to_owned(),
        exception_until: until.clone(),
        ..Default::default()
    };
    let stale = cases.decide_case(ruling.clone()).await.expect_err("the case has changed since");
    assert_eq!(stale.code(), Code::Aborted, "{stale}");
    let ruling = v1::DecideCaseRequest { revision: case.revision, ..ruling };
    let now = cases.decide_case(ruling).await.expect("it is ruled").into_inner().now.expect("it is there");
    assert_eq!((now.state(), now.exception_until.as_str()), (v1::case::State::Pending, until.as_str()));
    let approve = |by: &str| v1::UpdateCaseRequest {
        id: case.id.clone(),
        revision: now.revision,
        by: by.to_owned(),
        step: Some(v1::update_case_request::Step::Approve(true)),
        ..Default::default()
    };
    cases.update_case(approve("ann")).await.expect_err("a second person is needed");
    cases.update_case(approve("bob")).await.expect("it is approved");
    let started = Instant::now();
    loop {
        let request = v1::ScreenRequest { shipment: Some(shipment.clone()), verbose: false };
        let answer = client.screen(request).await.expect("it answers").into_inner().screening.expect("it has one");
        let is_lowered = |f: &v1::Finding| {
            f.suppressions.iter().any(|s| s.id == format!("case {}", case.id) && s.not_applied.is_empty())
        };
        if answer.findings.iter().any(is_lowered) {
            assert_ne!(answer.outcome(), v1::screening::Outcome::Hold, "{}", answer.summary);
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{:?}", answer.findings[0].suppressions);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let events = cases.get_case(v1::GetCaseRequest { id: case.id }).await.expect("it is there").into_inner().events;
    assert!(events.iter().any(|e| e.said == "approved by bob"), "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_batches_and_streams_are_recorded_before_they_are_answered() {
    let folder = Folder::new();
    let served = Served::start(&folder, vec![Source::Curated], |_| {}).await;
    let (ledger, url) = (&served.ledger, served.url.clone());
    let mut client = ScreeningServiceClient::connect(url.clone()).await.expect("it serves");

    let one = v1::ScreenRequest { shipment: Some(shipment(7)), verbose: true };
    let one = client.screen(one).await.expect("it answers").into_inner().screening.expect("it has one");
    let find = |reference: &str| {
        let query = Query { reference: reference.to_owned(), limit: 9, ..Query::default() };
        ledger.find(&query).expect("it finds").into_iter().map(|f| f.number).collect::<Vec<_>>()
    };
    let numbers = find("S-7");
    assert_eq!(numbers.len(), 1);
    let shown = ledger.show(numbers[0]).expect("it shows");
    assert_eq!((&shown.answer, &shown.request), (&one, &shipment(7)));
    assert!(!shown.trace.is_empty(), "the id of the call is kept");

    let shipments: Vec<_> = (100..300).map(shipment).collect();
    let many = v1::ScreenBatchRequest { shipments: shipments.clone(), verbose: false };
    let many = client.screen_batch(many).await.expect("it answers").into_inner().screenings;
    assert_eq!(many.len(), 200);
    let requests =
        shipments.chunks(50).map(|chunk| v1::ScreenStreamRequest { shipments: chunk.to_vec(), verbose: false });
    let requests: Vec<_> = requests.collect();
    let mut stream = client.screen_stream(tokio_stream::iter(requests)).await.expect("it streams").into_inner();
    let mut streamed = 0;
    while let Some(answer) = stream.message().await.expect("it goes on") {
        streamed += answer.screenings.len();
    }
    assert_eq!((streamed, find("S-150").len()), (200, 2));

    // Whatever came by whichever way can be made again.
    let mut replayer = Replayer::new(ledger, None);
    for reference in ["S-7", "S-107", "S-150"] {
        for number in find(reference) {
            let difference = replayer.replay(number).expect("it is made again").difference;
            assert_eq!(difference, None, "{reference}");
        }
    }
    decide(&url, &mut client).await;
    drop(client);
    served.stop().await;
}
