//! The ledger and decisions as JSON: the messages, refusals and scopes of gRPC.

use super::client::Web;
use super::console::{parts, secret};
use serde_json::{Value, json};
use std::path::Path;
use tidewaiter::service::grpc::new_key;

#[tokio::test(flavor = "multi_thread")]
async fn records_are_found_shown_and_proven() {
    let (web, ledger) = Web::recording(|_, _| {}).await;
    let party = json!({"role": "CONSIGNEE", "name": "Zhumadian Harbour Dynamics"});
    let shipment = json!({"reference": "B/L 7", "parties": [party]});
    let screened = web.post("/v1/screen", &json!({ "shipment": shipment })).await.json();
    let found = web.post("/v1/ledger/find", &json!({"party": "zhumadian*", "outcome": "HOLD"})).await.json();
    let record = &found["records"][0];
    assert_eq!((&record["reference"], &record["outcome"]), (&json!("B/L 7"), &json!("HOLD")), "{found}");
    let number = record["number"].as_str().expect("a number of 64 bits is a text");
    let shown = web.get(&format!("/v1/ledger/records/{number}")).await.json();
    assert_eq!(shown["record"]["screening"]["findings"], screened["screening"]["findings"], "{shown}");
    ledger.seal().expect("it is sealed");
    let proof = web.get(&format!("/v1/ledger/records/{number}/proof?disclose=true")).await.json();
    let paper: Value = serde_json::from_str(proof["proofJson"].as_str().expect("it is a text")).expect("it is JSON");
    assert!(paper.is_object(), "{paper}");
    assert_eq!(
        web.get("/v1/ledger/records/99999").await.problem(),
        (404, "NOT_FOUND".into(), "RECORD_NOT_FOUND".into())
    );
    assert_eq!(web.get("/v1/ledger/records/x").await.problem().2, "REQUEST_INVALID");
    assert_eq!(web.post("/v1/ledger/find", &json!({"limit": 1001})).await.problem().2, "REQUEST_INVALID");
    assert_eq!(web.post("/v1/ledger/find", &json!({"partie": "x"})).await.problem().2, "MESSAGE_MALFORMED");
    let none = Web::start().await;
    assert_eq!(none.get("/v1/ledger/records/1").await.problem().2, "NO_LEDGER");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_is_recorded_as_it_was_received() {
    let (web, ledger) = Web::recording(|console, _| console.open = true).await;
    let lines = "{\"reference\": \"L-1\", \"goods\": [{\"description\": \"lenses\"}]}\n{\"reference\": \"L-2\", oops\n";
    let sent = web.send("POST", "/v1/screen/batch", "Content-Type: application/x-ndjson\r\n", lines.as_bytes()).await;
    assert_eq!(sent.text().lines().count(), 2, "{}", sent.text());
    let csrf = secret(&web.get("/console/screen").await);
    let (headers, body) = parts(&[("csrf", &csrf)], "a.csv", b"reference,goods\nF-1,lenses\nF-2,x,y,z\n");
    assert_eq!(web.send("POST", "/console/screen/file", &headers, &body).await.status, 200);
    let found = web.post("/v1/ledger/find", &json!({"outcome": "REFUSED"})).await.json();
    let numbers = found["records"].as_array().expect("there are records").iter().map(|record| &record["number"]);
    let unread = |number: &Value| {
        let shown = ledger.show(number.as_str().expect("it is a text").parse().expect("it is a number"));
        String::from_utf8(shown.expect("it is there").unread.expect("it was not read").bytes).expect("it is text")
    };
    let unread: Vec<String> = numbers.map(unread).map(|text| text.trim_end().to_owned()).collect();
    assert_eq!(unread, ["F-2,x,y,z", "{\"reference\": \"L-2\", oops"], "the latest first");
    assert_eq!(web.post("/v1/ledger/find", &json!({})).await.json()["records"].as_array().map(Vec::len), Some(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_decided_by_two_people() {
    let (web, _ledger) = Web::recording(|_, _| {}).await;
    let party = json!({"role": "CONSIGNEE", "name": "Zhumadian Harbour Dynamics", "address": "Kranweg 4"});
    web.post("/v1/screen", &json!({"shipment": {"reference": "1", "parties": [party]}})).await;
    let cases = web.get("/v1/cases?state=open&list=us-bis-el&limit=5").await.json();
    let case = &cases["cases"][0];
    for (field, text, count) in [("party", "HARBOUR dyn", 1), ("party", "Harbour Kinetics", 0), ("reference", "1", 1)] {
        let found = web.post("/v1/cases/find", &json!({ field: text })).await.json();
        assert_eq!(found["cases"].as_array().map_or(0, Vec::len), count, "{field}: {text}: {found}");
    }
    let (id, revision) = (case["id"].as_str().expect("it has an id"), &case["revision"]);
    let ruling =
        json!({"revision": revision, "by": "ann", "decision": "RELEASE", "reason": "licence_held", "note": "L-1"});
    let decided = web.post(&format!("/v1/cases/{id}/decide"), &ruling).await.json();
    assert_eq!(decided["now"]["state"], "PENDING", "a release needs a second person: {decided}");
    let stale = web.post(&format!("/v1/cases/{id}/decide"), &ruling).await;
    assert_eq!(stale.problem(), (409, "ABORTED".into(), "CASE_CHANGED".into()));
    assert!(stale.json()["detail"].as_str().expect("it says why").contains("release"), "{}", stale.text());
    let approve = |by: &str| json!({"revision": decided["now"]["revision"], "by": by, "approve": true});
    assert_eq!(web.post(&format!("/v1/cases/{id}/update"), &approve("ann")).await.problem().2, "CASE_CHANGED");
    let approved = web.post(&format!("/v1/cases/{id}/update"), &approve("bob")).await.json();
    assert_eq!((&approved["now"]["state"], &approved["now"]["approvedBy"]), (&json!("CLOSED"), &json!("bob")));
    let whole = web.get(&format!("/v1/cases/{id}")).await.json();
    assert!(whole["events"].as_array().expect("it has events").len() == 3, "{whole}");
    for (path, body) in [("9-9/decide", &ruling), (&format!("{id}/decide"), &json!({"id": "9-9", "revision": "1"}))] {
        assert_eq!(web.post(&format!("/v1/cases/{path}"), body).await.status, 400, "{path}");
    }
    assert_eq!(web.get("/v1/cases?state=gone").await.problem().2, "REQUEST_INVALID");
    assert_eq!(web.get("/v1/cases?dueBy=tomorrow").await.problem().2, "REQUEST_INVALID");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_needs_its_scopes() {
    let (screener, of_screener) = new_key();
    let (reader, of_reader) = new_key();
    let callers = |path: &Path| {
        let one = |name: &str, hash: &str, scope: &str| {
            format!("[[caller]]\nname = '{name}'\nkeys_sha256 = ['{hash}']\nscopes = ['{scope}']\n")
        };
        let text = one("erp", &of_screener, "screen") + &one("audit", &of_reader, "ledger");
        std::fs::write(path, text).expect("it is written");
    };
    let change = |options: &mut tidewaiter::config::Server, folder: &tempfile::TempDir| {
        let path = folder.path().join("callers.toml");
        callers(&path);
        options.access.callers = Some(path);
    };
    let web = Web::with(change, tidewaiter::config::Http::default(), |_, _| {}).await;
    let key = |key: &str| format!("Authorization: Bearer {key}\r\nContent-Type: application/json\r\n");
    let send = async |verb: &str, path: &str, of: &str| web.send(verb, path, &key(of), b"{}").await.problem().2;
    for (verb, path) in [("GET", "/v1/cases"), ("GET", "/v1/ledger/records/1"), ("POST", "/v1/ledger/find")] {
        assert_eq!(send(verb, path, &screener).await, "SCOPE_MISSING", "{path}");
        assert_eq!(send(verb, path, &reader).await, "NO_LEDGER", "{path}: let in");
    }
    assert_eq!(send("POST", "/v1/cases/1-0/decide", &reader).await, "SCOPE_MISSING");
    assert_eq!(web.get("/v1/cases").await.problem().2, "CREDENTIALS_MISSING");
}
