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
        assert_eq!(reply.json().get("detail").is_some(), reply.status != 200, "{}", reply.text());
        reply.status
    };
    let sound = query("Company", "x");
    assert_eq!(status("/match/nowhere", sound.clone()).await, 404);
    assert_eq!(status("/match/default?algorithm=logic-v1", sound.clone()).await, 400);
    for beyond in ["limit=501", "limit=0", "limit=x", "threshold=2", "cutoff=x", "changed_since=2026"] {
        assert_eq!(status(&format!("/match/default?{beyond}"), sound.clone()).await, 422, "{beyond}");
    }
    for unknown in ["fuzzy=true", "exclude_dataset=us-nowhere", "include_dataset=us-nowhere", "exclude_schema=Starship"]
    {
        assert_eq!(status(&format!("/match/default?{unknown}"), sound.clone()).await, 400, "{unknown}");
    }
    assert_eq!(status("/match/default?threshold=0.5&cutoff=0.4&algorithm=BEST&api_key=x", sound.clone()).await, 200);
    assert_eq!(status("/match/default", query("Starship", "x")).await, 400);
    assert_eq!(status("/match/default", json!({"queries": {"q": {"properties": {}}}})).await, 422);
    assert_eq!(status("/match/default", json!({"queries": {}})).await, 400);
    assert_eq!(status("/match/default", json!({})).await, 422);
    let mut weighed = sound.clone();
    weighed["weights"] = json!({"name_literal": 0.8});
    assert_eq!(status("/match/default", weighed).await, 400);
    let many: serde_json::Map<_, _> = (0..101).map(|n| (n.to_string(), sound["queries"]["q"].clone())).collect();
    assert_eq!(status("/match/default", json!({"queries": many})).await, 400);
    let mut configured = sound.clone();
    configured["config"] = json!({"nm_number_mismatch": 0.4});
    assert_eq!(status("/match/default", configured).await, 400);
    let mut more = sound.clone();
    (more["weights"], more["config"]) = (json!({}), json!({}));
    assert_eq!(status("/match/default", more.clone()).await, 200);
    more["params"] = json!({});
    assert_eq!(status("/match/default", more).await, 422);
    let ids: Vec<String> = (0..51).map(|n| format!("exclude_entity_ids=x{n}")).collect();
    assert_eq!(status(&format!("/match/default?{}", ids.join("&")), sound).await, 422);
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

/// A service over a list in which parties own and know each other.
async fn related() -> Web {
    let (web, _store) = Web::keeping(|_, _| {}).await;
    let rows = "#list,acme-graph\n#title,Acme: parties\n#owner,Acme\n#effect,blocking\n\
        id,name,kind,country,address,owner_of,parent,linked_to\n\
        1001,Brambleton Holding GmbH,company,DE,\"Kranweg 1, Bremen\",1002,,\n\
        1002,Kestrelmoor Avionics LLC,company,CH,,,,Somebody Else\n\
        1003,Alder Optics Ltd,company,CH,,,1001,1002\n\
        1004,Jane Quartermaine,person,FR,,,,\n";
    let put = web.send("POST", "/v1/lists/acme-graph?note=x", "Content-Type: text/csv\r\n", rows.as_bytes()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    web
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_filtered_sorted_and_counted_as_it_says() {
    let web = related().await;
    let ids = async |query: &str| -> Vec<String> {
        let reply = web.get(&format!("/search/acme-graph?{query}")).await;
        let found = reply.json();
        let results = found["results"].as_array().unwrap_or_else(|| panic!("{query}: {found}")).clone();
        assert_eq!(found["total"], json!({"value": results.len(), "relation": "eq"}), "{query}");
        results.iter().map(|one| one["id"].as_str().unwrap().trim_start_matches("acme-graph:").to_owned()).collect()
    };
    assert_eq!(ids("").await, ["1001", "1002", "1003", "1004"]);
    assert_eq!(ids("sort=caption").await, ["1003", "1001", "1004", "1002"]);
    assert_eq!(ids("sort=caption:desc").await, ["1002", "1004", "1001", "1003"]);
    assert_eq!(ids("sort=schema:desc&sort=caption").await, ["1004", "1003", "1001", "1002"]);
    assert_eq!(ids("q=kestrelmoor&fuzzy=true&simple=false").await, ["1002"]);
    assert_eq!(ids("countries=ch&countries=fr").await, ["1002", "1003", "1004"]);
    assert_eq!(ids("countries=ch&countries=fr&filter_op=AND").await, [""; 0]);
    assert_eq!(ids("countries=ch&topics=sanction&filter_op=AND&datasets=default").await, ["1002", "1003"]);
    assert_eq!(ids("filter=countries:DE").await, ["1001"]);
    assert_eq!(ids("filter=properties.address:Kranweg+1,+Bremen").await, ["1001"]);
    assert_eq!(ids("filter=schema:Person&filter=schema:Vessel").await, ["1004"]);
    assert_eq!((ids("target=true").await.len(), ids("target=false").await.len()), (4, 0));
    assert_eq!(ids("exclude_schema=Company&schema=LegalEntity").await, ["1004"]);
    let found = web.get("/search/acme-graph?facets=schema&facets=identifiers&facets=genders&limit=0").await.json();
    assert_eq!(found["results"], json!([]));
    assert_eq!(found["facets"]["schema"]["values"][0], json!({"label": "Company", "name": "Company", "count": 3}));
    assert_eq!(found["facets"]["genders"], json!({"label": "Genders", "values": []}));
    assert_eq!(found["facets"].as_object().unwrap().len(), 3);
    for (query, status) in [
        ("facets=size", 422),
        ("filter_op=XOR", 422),
        ("limit=501", 422),
        ("offset=9500", 422),
        ("fuzzy=perhaps", 422),
        ("target=x", 422),
        ("changed_since=yesterday", 422),
        ("sort=size", 400),
        ("sort=caption:up", 400),
        ("filter=x", 400),
        ("filter=properties.shoeSize:45", 400),
        ("datasets=us-nowhere", 400),
        ("schema=Starship", 400),
        ("page=2", 400),
    ] {
        let reply = web.get(&format!("/search/default?{query}")).await;
        assert_eq!((reply.status, reply.json().get("detail").is_some()), (status, true), "{query}: {}", reply.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_around_an_entity_is_answered_by_property() {
    let web = related().await;
    let around = web.get("/entities/acme-graph:1001/adjacent").await.json();
    assert_eq!(around["entity"]["caption"], "Brambleton Holding GmbH");
    let adjacent = &around["adjacent"];
    let names: Vec<_> = adjacent.as_object().unwrap().keys().collect();
    assert_eq!(names, ["addressEntity", "ownershipOwner", "sanctions"], "{adjacent}");
    let listing = &adjacent["sanctions"]["results"][0];
    assert_eq!(
        (&listing["schema"], &listing["properties"]["entity"]),
        (&json!("Sanction"), &json!(["acme-graph:1001"]))
    );
    assert_eq!(adjacent["addressEntity"]["results"][0]["properties"]["full"], json!(["Kranweg 1, Bremen"]));
    // Stated by itself, and by the other.
    let owned = &adjacent["ownershipOwner"];
    let of = |at: usize| owned["results"][at]["properties"]["asset"][0]["id"].clone();
    assert_eq!(
        (&owned["total"]["value"], of(0), of(1)),
        (&json!(2), json!("acme-graph:1002"), json!("acme-graph:1003"))
    );
    let page = web.get("/entities/acme-graph:1001/adjacent/ownershipOwner?limit=1&offset=1").await.json();
    assert_eq!((&page["limit"], &page["offset"], &page["total"]["value"]), (&json!(1), &json!(1), &json!(2)));
    assert_eq!(page["results"][0]["properties"]["asset"][0]["id"], "acme-graph:1003");
    let page = web.get("/entities/acme-graph:1001/adjacent/ownershipOwner?sort=id:desc&limit=1").await.json();
    assert_eq!(page["results"][0]["id"], "acme-graph:1003#link-1", "{page}");
    let owner = web.get("/entities/acme-graph:1003/adjacent/ownershipAsset").await.json();
    assert_eq!(owner["results"][0]["properties"]["owner"][0]["id"], "acme-graph:1001");
    let known = web.get("/entities/acme-graph:1002/adjacent").await.json();
    assert_eq!(known["adjacent"]["unknownLinkFrom"]["results"][0]["properties"]["subject"][0]["id"], "acme-graph:1003");
    assert_eq!(known["adjacent"]["unknownLinkTo"], Value::Null, "a party that is only named is no entity: {known}");
    assert_eq!(web.get("/entities/acme-graph:1004/adjacent/addressEntity").await.json()["total"]["value"], 0);
    // By itself an entity has them inside it, unless they are not wanted.
    let whole = web.get("/entities/acme-graph:1001").await.json();
    assert_eq!(whole["properties"]["sanctions"][0]["schema"], "Sanction");
    let bare = web.get("/entities/acme-graph:1001?nested=false").await.json();
    assert_eq!((&bare["properties"]["sanctions"], &bare["caption"]), (&Value::Null, &whole["caption"]));
    for (path, status) in [
        ("acme-graph:1009/adjacent", 404),
        ("acme-graph:1001/adjacent/name", 404),
        ("acme-graph:1001/adjacent?limit=501", 422),
        ("acme-graph:1001/adjacent?sort=size", 400),
        ("acme-graph:1001/adjacent?nested=true", 400),
        ("acme-graph:1001?nested=perhaps", 422),
        ("acme-graph:1001?limit=1", 400),
    ] {
        let reply = web.get(&format!("/entities/{path}")).await;
        assert_eq!((reply.status, reply.json().get("detail").is_some()), (status, true), "{path}: {}", reply.text());
    }
}
