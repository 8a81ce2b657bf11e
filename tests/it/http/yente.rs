//! The interface of yente.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use super::client::Web;
use serde_json::{Value, json};

async fn web() -> Web {
    let web = Web::start().await;
    let names = ["Zhumadian Harbour Dynamics Co Ltd", "Brambleton Optics Institute", "Kestrelmoor Avionics LLC"];
    web.service.write_rows(&names.map(str::to_owned));
    web.service.handle.reload().await.unwrap();
    web
}

fn query(schema: &str, name: &str) -> Value {
    json!({"queries": {"q": {"id": "mine", "schema": schema, "properties": {"name": [name]}}}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_match_is_a_screening_with_its_reasons() {
    let web = web().await;
    let reply = web.post("/match/default", &query("Company", "Zhumadian Harbor Dynamic Co Ltd")).await;
    assert_eq!((reply.status, reply.header("x-batch-size")), (200, Some("1")), "{}", reply.text());
    let answer = reply.json();
    let one = &answer["responses"]["q"];
    assert_eq!((&one["status"], &one["query"]["id"], &answer["limit"]), (&json!(200), &json!("mine"), &json!(5)));
    let best = &one["results"][0];
    assert_eq!((&best["id"], &best["match"], &best["target"]), (&json!("us-bis-el:a1"), &json!(true), &json!(true)));
    assert_eq!((&best["schema"], &best["properties"]["topics"]), (&json!("Company"), &json!(["export.control"])));
    let points: f64 = best["explanations"].as_object().unwrap().values().map(|e| e["score"].as_f64().unwrap()).sum();
    assert!((points - best["score"].as_f64().unwrap()).abs() < 0.0005, "{}", best["explanations"]);
    // Screening reports the same entry with the same score.
    let screened = json!({"shipment": {"parties": [{"name": "Zhumadian Harbor Dynamic Co Ltd"}]}});
    let screening = web.post("/v1/screen", &screened).await.json();
    let finding = &screening["screening"]["findings"][0];
    assert_eq!(
        (&finding["entry"]["id"], finding["score"].as_f64().unwrap() / 1000.0),
        (&json!("a1"), best["score"].as_f64().unwrap())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_leave_out_what_they_say() {
    let web = web().await;
    let found = async |path: &str, schema: &str, name: &str| -> Vec<String> {
        let answer = web.post(path, &query(schema, name)).await.json();
        let results =
            answer["responses"]["q"]["results"].as_array().unwrap_or_else(|| panic!("{path}: {answer}")).clone();
        results.iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect()
    };
    let name = "Kestrelmoor Avionics";
    assert_eq!(found("/match/default", "LegalEntity", name).await, ["us-bis-el:a3"]);
    assert_eq!(found("/match/us_bis_el", "Organization", name).await, ["us-bis-el:a3"]);
    assert!(found("/match/default?exclude_dataset=us-bis-el", "Company", name).await.is_empty());
    assert!(found("/match/default?exclude_schema=Company", "Company", name).await.is_empty());
    assert!(found("/match/default?topics=sanction", "Company", name).await.is_empty());
    assert!(found("/match/default?exclude_entity_ids=us-bis-el:a3", "Company", name).await.is_empty());
    assert!(found("/match/default", "Vessel", name).await.is_empty());
    // Below the threshold a name is a candidate and no match.
    let path = "/match/default?cutoff=0.3";
    let answer = web.post(path, &query("Company", "Brambleton")).await.json();
    let results = answer["responses"]["q"]["results"].as_array().unwrap().clone();
    assert!(results.iter().any(|r| r["id"] == "us-bis-el:a2"), "{answer}");
    assert!(results.iter().all(|r| r["match"].as_bool().unwrap() == (r["score"].as_f64().unwrap() >= 0.7)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_as_yente_says_it() {
    let web = web().await;
    let status = async |path: &str, body: Value| {
        let reply = web.post(path, &body).await;
        assert!(reply.json().get("detail").is_some(), "{}", reply.text());
        reply.status
    };
    let sound = query("Company", "x");
    assert_eq!(status("/match/nowhere", sound.clone()).await, 404);
    assert_eq!(status("/match/default?algorithm=logic-v1", sound.clone()).await, 400);
    assert_eq!(status("/match/default?limit=501", sound.clone()).await, 400);
    assert_eq!(status("/match/default", query("Starship", "x")).await, 400);
    assert_eq!(status("/match/default", json!({"queries": {"q": {"properties": {}}}})).await, 422);
    assert_eq!(status("/match/default", json!({"queries": {}})).await, 400);
    assert_eq!(status("/match/default", json!({})).await, 422);
    let mut weighed = sound.clone();
    weighed["weights"] = json!({"name_literal": 0.8});
    assert_eq!(status("/match/default", weighed).await, 400);
    let many: serde_json::Map<_, _> = (0..101).map(|n| (n.to_string(), sound["queries"]["q"].clone())).collect();
    assert_eq!(status("/match/default", json!({"queries": many})).await, 400);
    let ids: Vec<String> = (0..51).map(|n| format!("exclude_entity_ids=x{n}")).collect();
    assert_eq!(status(&format!("/match/default?{}", ids.join("&")), sound).await, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_are_found_by_name_and_by_id() {
    let web = web().await;
    let found = web.get("/search/default?q=brambleton+optics&limit=1").await.json();
    assert_eq!(
        (&found["results"][0]["id"], &found["limit"], &found["offset"]),
        (&json!("us-bis-el:a2"), &json!(1), &json!(0))
    );
    assert_eq!(found["facets"]["datasets"]["values"][0]["name"], "us-bis-el");
    let all = web.get("/search/us-bis-el?limit=2&offset=1").await.json();
    assert_eq!((all["results"].as_array().unwrap().len(), &all["total"]["value"]), (2, &json!(3)));
    let entity = web.get("/entities/us-bis-el:a2").await.json();
    assert_eq!((&entity["caption"], &entity["schema"]), (&json!("Brambleton Optics Institute"), &json!("LegalEntity")));
    assert_eq!(web.get("/entities/us-bis-el:zz").await.status, 404);
    let catalog = web.get("/catalog").await;
    assert_eq!(catalog.json()["datasets"][0]["children"], json!(["us-bis-el"]));
    let tag = format!("If-None-Match: {}\r\n", catalog.header("etag").unwrap());
    assert_eq!(web.send("GET", "/catalog", &tag, b"").await.status, 304);
    assert_eq!(web.get("/algorithms").await.json()["best"], "tidewaiter");
    assert_eq!(web.get("/readyz").await.json(), json!({"status": "ok"}));
    web.service.shutdown.stop.cancel();
}
