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
