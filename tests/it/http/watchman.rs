//! The interface of watchman.

use super::client::Web;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_screening_reports() {
    let web = Web::start().await;
    let found = web.get("/v2/search?name=Zhumadian+Harbor+Dynamics&type=business&minMatch=0.8").await.json();
    let one = &found["entities"][0];
    assert_eq!((&one["sourceList"], &one["sourceID"]), (&json!("us-bis-el"), &json!("a1")));
    assert!(
        one["match"].as_f64().unwrap() >= 0.8 && one["organization"]["name"] == "Zhumadian Harbour Dynamics",
        "{one}"
    );
    assert_eq!(web.get("/v2/search?name=Acme+Widgets&minMatch=0.7").await.json(), json!({"entities": []}));
    let refused = web.get("/v2/search?name=").await;
    assert!(refused.status == 400 && refused.json()["error"].is_string());
    assert_eq!(web.get("/v2/search?name=x&type=planet").await.status, 400);
    assert_eq!(web.get("/v2/listinfo").await.json()["lists"], json!({"us-bis-el": 1}));
}
