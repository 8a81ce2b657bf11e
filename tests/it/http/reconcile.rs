//! The reconciliation interface 0.2.

use super::client::Web;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_leads_back_to_the_service() {
    let web = Web::start().await;
    let manifest = web.send("GET", "/reconcile?api_key=a%26b", "Host: localhost:1234\r\n", b"").await.json();
    assert_eq!(manifest["versions"], json!(["0.2"]));
    assert_eq!(manifest["view"]["url"], "http://localhost:1234/reconcile/view/{{id}}?api_key=a%26b");
    for key in ["name", "identifierSpace", "schemaSpace", "defaultTypes", "preview", "suggest", "extend"] {
        assert!(!manifest[key].is_null(), "{key}");
    }
    // OpenRefine adds its own question behind an address that has one.
    for path in ["/reconcile/suggest/type?api_key=k?prefix=org", "/reconcile/properties?api_key=k?type=Company"] {
        assert_eq!(web.get(path).await.status, 200, "{path}");
    }
    assert_eq!(web.get("/reconcile/properties?api_key=k?type=Company").await.json()["type"], "Company");
    let of = |what: &str| manifest["suggest"][what]["service_path"].as_str().unwrap().to_owned();
    assert_eq!(web.get(&of("type").replace("?", "?prefix=org&")).await.json()["result"][0]["id"], "Organization");
    assert_eq!(web.get(&of("property").replace("?", "?prefix=coun&")).await.json()["result"][0]["id"], "country");
    assert_eq!(
        web.get(&of("entity").replace("?", "?prefix=zhumadian&")).await.json()["result"][0]["id"],
        "us-bis-el:a1"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_a_column_find_their_entries() {
    let web = Web::start().await;
    let queries = json!({
        "q0": {"query": "Zhumadian Harbour Dynamics", "type": "LegalEntity", "limit": 3},
        "q1": {"query": "Acme Widgets", "properties": [{"pid": "country", "v": "DE"}]},
        "q2": {"query": "Zhumadian Harbour Dynamics", "type": "Person"},
    });
    let answer = web.form("/reconcile", "", &[("queries", &queries.to_string())]).await.json();
    let best = &answer["q0"]["result"][0];
    assert_eq!((&best["id"], &best["match"]), (&json!("us-bis-el:a1"), &json!(true)));
    assert!(best["score"].as_f64().unwrap() > 90.0 && best["type"][0]["id"] == "LegalEntity", "{best}");
    assert_eq!((&answer["q1"]["result"], answer["q2"]["result"].as_array().unwrap().len()), (&json!([]), 1));
    let wanted = json!({"ids": ["us-bis-el:a1", "us-bis-el:zz"], "properties": [{"id": "name"}, {"id": "list"}]});
    let extended = web.form("/reconcile", "", &[("extend", &wanted.to_string())]).await.json();
    assert_eq!(extended["rows"]["us-bis-el:a1"]["name"], json!([{"str": "Zhumadian Harbour Dynamics"}]));
    assert_eq!(extended["rows"]["us-bis-el:zz"]["name"], json!([]));
    assert_eq!(extended["meta"][1], json!({"id": "list", "name": "List"}));
    let many: serde_json::Map<String, Value> = (0..101).map(|n| (n.to_string(), json!({"query": "x"}))).collect();
    assert_eq!(web.form("/reconcile", "", &[("queries", &json!(many).to_string())]).await.status, 400);
    assert_eq!(web.form("/reconcile", "", &[("queries", "[1]")]).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_a_preview_stays_a_text() {
    let web = Web::start().await;
    web.service.write("<script>alert(1)</script> Harbour Dynamics");
    web.service.handle.reload().await.unwrap();
    let page = web.get("/reconcile/preview/us-bis-el:a1").await;
    assert!(page.text().contains("&lt;script&gt;alert(1)") && !page.text().contains("<script"), "{}", page.text());
    assert_eq!(page.header("content-security-policy"), Some("default-src 'none'; base-uri 'none'; form-action 'none'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_beside_a_suggestion_is_a_text() {
    let web = Web::start().await;
    let manifest = web.send("GET", "/reconcile?api_key=k", "Host: localhost:1234\r\n", b"").await.json();
    let path = manifest["suggest"]["entity"]["flyout_service_path"].as_str().unwrap_or_default().to_owned();
    assert_eq!(path, "/reconcile/flyout/entity?id=${id}&api_key=k");
    web.service.write("<script>alert(1)</script> Harbour Dynamics");
    web.service.handle.reload().await.expect("the list is read");
    let flyout = web.get(&path.replace("${id}", "us-bis-el%3Aa1")).await.json();
    let html = flyout["html"].as_str().unwrap_or_default();
    assert!(html.contains("&lt;script&gt;alert(1)") && !html.contains("<script"), "{flyout}");
    assert_eq!(flyout["id"], "us-bis-el:a1");
    assert_eq!(web.get("/reconcile/flyout/type?id=Company").await.json()["id"], "Company");
    assert_eq!(web.get("/reconcile/flyout/property?id=list").await.json()["html"], "<p><b>List</b></p><p>list</p>");
    for path in ["entity?id=us-bis-el:zz", "type?id=Starship", "property?id=x", "other?id=x"] {
        assert_eq!(web.get(&format!("/reconcile/flyout/{path}")).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_a_script_and_pages_of_openrefine_are_named() {
    let web = Web::start().await;
    for path in [
        "/reconcile?",
        "/reconcile/suggest/entity?prefix=a&",
        "/reconcile/properties?",
        "/reconcile/flyout/type?id=Thing&",
    ] {
        let reply = web.get(&format!("{path}callback=jQuery123")).await;
        assert_eq!((reply.status, reply.text().contains("cors_origins")), (400, true), "{path}");
    }
    // A page of OpenRefine on the same machine is one of another origin.
    let page = "Origin: http://127.0.0.1:3333\r\nSec-Fetch-Site: same-site\r\n";
    assert_eq!(web.send("GET", "/reconcile", page, b"").await.status, 403);
    let http =
        tidewaiter::config::Http { cors_origins: vec!["http://127.0.0.1:3333".to_owned()], ..Default::default() };
    let web = Web::with(|_, _| {}, http, |_, _| {}).await;
    let reply = web.send("GET", "/reconcile", page, b"").await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("http://127.0.0.1:3333")));
}
