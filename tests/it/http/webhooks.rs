//! Webhooks on the console: who sees them, and what was given up sent again.

use super::client::Web;
use super::console::{PASSWORD, accounts, secret, sign_in};
use crate::webhooks::{Target, start};
use serde_json::{Value, json};
use std::sync::Arc;
use tidewaiter::config::{WebhookEvent, WebhookTarget, Webhooks};
use tidewaiter::service::console::accounts::{Role, new_account};
use tidewaiter::webhooks::Notifier;
use tokio_util::sync::CancellationToken;

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sees_what_was_given_up_and_sends_it_again() {
    let web = Web::with(
        |_, _| {},
        tidewaiter::config::Http::default(),
        |console, folder| {
            accounts(console, folder);
            let path = console.accounts.clone().expect("there are accounts");
            let all = std::fs::read_to_string(&path).expect("it reads");
            let admin = new_account("admin", Role::Admin, PASSWORD).expect("it is an account");
            std::fs::write(&path, all + &admin).expect("it is written");
        },
    )
    .await;
    let admin = sign_in(&web, "admin").await;
    assert_eq!(web.send("GET", "/console/webhooks", &admin, b"").await.status, 404, "there are none");

    let folder = tempfile::tempdir().expect("there is a folder");
    let secret_file = folder.path().join("secret");
    std::fs::write(&secret_file, "a secret of thirty-two characters").expect("it is written");
    let queue = folder.path().join("queue");
    let dead = queue.join("dead/0001-01.json");
    std::fs::create_dir_all(queue.join("dead")).expect("it is made");
    let letter = r#"{"id": "0001-01", "target": "desk", "created": "2026-11-30T12:00:00Z", "attempts": 9,
        "next": "2026-11-30T12:00:00Z", "last": "<b>503</b>", "events": [{"type": "<script>"}]}"#;
    std::fs::write(&dead, letter).expect("it is written");
    let (name, url) = ("desk".to_owned(), "http://127.0.0.1:9/hook".to_owned());
    let target = WebhookTarget { name, url, secret_file, events: vec![WebhookEvent::Stale] };
    let options = Webhooks { queue: Some(queue.clone()), target: vec![target], ..Webhooks::default() };
    let notifier = Notifier::new(&options).expect("it is sound").expect("there is a target");
    web.service.handle.told_by(Arc::new(notifier), CancellationToken::new());

    let page = web.send("GET", "/console/webhooks", &admin, b"").await;
    let text = page.text();
    assert!(text.contains("1 delivery.") && text.contains("Send again") && text.contains("503"), "{text}");
    assert!(!text.contains("<script>") && !text.contains("<b>503"), "{text}");
    assert!(text.contains("1 webhook deliveries were given up"), "every page says so: {text}");
    let analyst = sign_in(&web, "analyst").await;
    assert_eq!(web.send("GET", "/console/webhooks", &analyst, b"").await.status, 403);
    let send = async |csrf: &str, id: &str| web.form("/console/webhooks", &admin, &[("csrf", csrf), ("id", id)]).await;
    let csrf = secret(&page);
    assert_eq!(send("0", "0001-01").await.status, 403);
    for wrong in ["9", "../dead/0001-01", ""] {
        assert!(send(&csrf, wrong).await.text().contains("no dead letter any more"), "{wrong}");
    }
    assert!(dead.exists());
    assert_eq!(send(&csrf, "0001-01").await.status, 303);
    assert!(!dead.exists() && queue.join("pending/0001-01.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_in_a_case_is_told_without_what_it_is_about() {
    let (target, folder) = (Target::new().await, tempfile::tempdir().expect("there is a folder"));
    let (notifier, stop, running) = start(&target.options(&folder, &[WebhookEvent::Decision]));
    let (web, _ledger) = Web::recording(|_, _| {}).await;
    web.service.handle.told_by(Arc::clone(&notifier), stop.clone());
    let party = json!({"role": "CONSIGNEE", "name": "Zhumadian Harbour Dynamics", "address": "Kranweg 4"});
    web.post("/v1/screen", &json!({"shipment": {"reference": "B/L 7", "parties": [party]}})).await;
    let case = web.get("/v1/cases?state=open").await.json()["cases"][0].clone();
    let id = case["id"].as_str().expect("it has an id").to_owned();
    let step = async |what: &str, body: &Value| web.post(&format!("/v1/cases/{id}/{what}"), body).await.json();
    let ruling = json!({"revision": case["revision"], "by": "ann", "decision": "RELEASE", "reason": "licence_held",
        "note": "licence L-1 of Zhumadian"});
    let decided = step("decide", &ruling).await;
    let body = target.next(200).await;
    let event = &body["events"][0];
    let data = &event["data"];
    assert_eq!(
        (&event["type"], &data["case"], &data["state"]),
        (&json!("decision"), &json!(id), &json!("pending")),
        "{body}"
    );
    assert_eq!((&data["decision"], &data["by"], &data["approvedBy"]), (&json!("release"), &json!("ann"), &Value::Null));
    assert_eq!((&data["list"], &data["entry"]), (&json!("us-bis-el"), &json!("a1")));
    assert!(!body.to_string().contains("Zhumadian") && !body.to_string().contains("Kranweg"), "{body}");
    // A step that is refused is none.
    let own = json!({"revision": decided["now"]["revision"], "by": "ann", "approve": true});
    assert_eq!(step("update", &own).await["reason"], "CASE_CHANGED");
    step("update", &json!({"revision": decided["now"]["revision"], "by": "bob", "approve": true})).await;
    let body = target.next(200).await;
    let data = &body["events"][0]["data"];
    assert_eq!((&data["state"], &data["approvedBy"]), (&json!("closed"), &json!("bob")), "{body}");
    assert_eq!(body["events"].as_array().map(Vec::len), Some(1), "the alert was not asked for: {body}");
    stop.cancel();
    running.await.expect("it ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_ones_own_that_is_kept_out_of_force_is_told() {
    let (target, folder) = (Target::new().await, tempfile::tempdir().expect("there is a folder"));
    let (notifier, stop, running) = start(&target.options(&folder, &[WebhookEvent::Quarantine]));
    let (web, _store) = Web::keeping(|_, _| {}).await;
    web.service.handle.told_by(Arc::clone(&notifier), stop.clone());
    let names = ["Brambleton Photonics", "Grey Alder Optics", "Silver Birch Forwarding", "Old Quay Chandlers"];
    let put = async |names: &[&str]| {
        let rows: String = names.iter().map(|name| format!("{name}\n")).collect();
        let text = format!("#list,acme-deny\n#title,Acme\n#effect,blocking\nname\n{rows}");
        web.send("POST", "/v1/lists/acme-deny?note=x", "Content-Type: text/csv\r\n", text.as_bytes()).await.status
    };
    assert_eq!((put(&names).await, put(&names[..1]).await), (200, 409));
    let body = target.next(200).await;
    let event = &body["events"][0];
    assert_eq!((&event["type"], &event["data"]["publication"]), (&json!("quarantine"), &json!("acme-deny")), "{body}");
    assert!(event["data"]["message"].as_str().is_some_and(|why| why.contains("are gone")), "{body}");
    stop.cancel();
    running.await.expect("it ends");
}
