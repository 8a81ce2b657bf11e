//! Lists of one's own over HTTP, and publications on the console: in force under the guard, quarantined, accepted, undone.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use super::client::{Reply, Web};
use super::console::{PASSWORD, accounts, secret, sign_in};
use lists::store::Store;
use serde_json::{Value, json};
use tidewaiter::service::console::accounts::{Role, new_account};

/// A deny list of one's own.
fn deny(names: &[&str]) -> String {
    let rows: String = names.iter().map(|name| format!("{name},DE\n")).collect();
    format!("#list,acme-deny\n#title,Acme: partners we do not deal with\n#effect,blocking\nname,country\n{rows}")
}

async fn put(web: &Web, query: &str, body: &str) -> Reply {
    web.send("POST", &format!("/v1/lists/acme-deny?{query}"), "Content-Type: text/csv\r\n", body.as_bytes()).await
}

async fn outcome(web: &Web, name: &str) -> Value {
    let body = json!({"shipment": {"parties": [{"role": "CONSIGNEE", "name": name}]}});
    web.post("/v1/screen", &body).await.json()["screening"]["outcome"].clone()
}

/// Entries of the list that are in force.
fn kept(store: &Store) -> u32 {
    store.record("acme-deny").unwrap().in_force().unwrap().lists[0].entries
}

const MANY: [&str; 6] = [
    "Brambleton Photonics",
    "Wandering Heron Shipping",
    "Grey Alder Optics",
    "Silver Birch Forwarding",
    "Old Quay Chandlers",
    "Red Lantern Machine Tools",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_ones_own_is_put_into_force_guarded_and_taken_back() {
    let (web, _store) = Web::keeping(|_, _| {}).await;
    assert_eq!(outcome(&web, "Brambleton Photonics").await, "NO_FINDING");
    let first = put(&web, "note=ticket+1", &deny(&MANY)).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let first = first.json();
    assert_eq!((&first["state"], &first["entries"], &first["added"]), (&json!("IN_FORCE"), &json!(6), &json!(6)));
    assert_eq!(outcome(&web, "Brambleton Photonics").await, "HOLD");
    assert_eq!(put(&web, "note=again", &deny(&MANY)).await.json()["state"], "UNCHANGED");

    // Half of it is gone: the guard keeps it out, and says why.
    let refused = put(&web, "note=ticket+2", &deny(&MANY[..3])).await;
    assert_eq!(refused.problem(), (409, "FAILED_PRECONDITION".into(), "LIST_QUARANTINED".into()));
    let objection = refused.json()["objections"][0].as_str().unwrap().to_owned();
    assert!(objection.contains("3 of the 6 entries of acme-deny are gone"), "{objection}");
    assert_eq!(outcome(&web, "Red Lantern Machine Tools").await, "HOLD", "the one before stays in force");
    let accepted = put(&web, "note=ticket+3&accept=true", &deny(&MANY[..3])).await;
    assert_eq!(accepted.json()["entries"], 3, "{}", accepted.text());
    assert_eq!(outcome(&web, "Red Lantern Machine Tools").await, "NO_FINDING");

    let stale = web.send("POST", "/v1/lists/acme-deny/undo?note=x&digest=abc", "", b"").await;
    assert_eq!(stale.problem().2, "LIST_REFUSED");
    let undone = web.send("POST", "/v1/lists/acme-deny/undo?note=wrong+file", "", b"").await.json();
    assert_eq!(undone["digest"], first["digest"], "{undone}");
    assert_eq!(outcome(&web, "Red Lantern Machine Tools").await, "HOLD");
    let history = web.get("/v1/lists/acme-deny").await.json();
    let states: Vec<_> = history["held"].as_array().unwrap().iter().map(|h| h["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["UNDONE", "ACCEPTED"], "{history}");
    assert_eq!(history["held"][0]["undone"]["text"], "wrong file (local)", "who said it stands there");
    web.send("POST", "/v1/lists/acme-deny/undo?note=no+longer", "", b"").await;
    assert_eq!(outcome(&web, "Brambleton Photonics").await, "NO_FINDING", "without any before it, none is in force");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_list_of_ones_own_changes_nothing() {
    let (web, store) = Web::keeping(|_, _| {}).await;
    let csv = deny(&MANY);
    let send = async |path: &str, kind: &str, body: &str| {
        let headers = format!("Content-Type: {kind}\r\n");
        web.send("POST", path, &headers, body.as_bytes()).await.problem().2
    };
    assert_eq!(send("/v1/lists/acme-deny", "text/csv", &csv).await, "REQUEST_INVALID", "a note is needed");
    assert_eq!(send("/v1/lists/acme-deny?note=x", "text/plain", &csv).await, "MEDIA_UNKNOWN", "a page may send it");
    assert_eq!(send("/v1/lists/us-ofac-sdn?note=x", "text/csv", &csv).await, "LIST_REFUSED", "an official list");
    assert_eq!(send("/v1/lists/us-bis-el?note=x", "text/csv", &csv).await, "LIST_REFUSED");
    assert_eq!(send("/v1/lists/other?note=x", "text/csv", &csv).await, "LIST_QUARANTINED", "of another id");
    assert_eq!(send("/v1/lists/acme-deny?note=x", "text/csv", "no list").await, "LIST_QUARANTINED");
    assert_eq!(send("/v1/lists/acme-deny?note=x&accept=1", "text/csv", "no list").await, "LIST_REFUSED");
    for path in ["..%2f..%2fx", "%2e%2e", "A", "a%00b"] {
        let reply = send(&format!("/v1/lists/{path}?note=x"), "text/csv", &csv).await;
        assert!(["REQUEST_INVALID", "METHOD_UNKNOWN"].contains(&reply.as_str()), "{path}: {reply}");
    }
    assert_eq!(store.current().unwrap().len(), 1, "the one that was there");
    assert_eq!(outcome(&web, "Brambleton Photonics").await, "NO_FINDING");
    let foreign = web.send("POST", "/v1/lists/acme-deny/undo?note=x", "Origin: https://evil.example\r\n", b"").await;
    assert_eq!(foreign.problem().2, "ORIGIN_REFUSED");
    let none = Web::start().await;
    assert_eq!(put(&none, "note=x", &csv).await.problem().2, "NO_DATA_DIRECTORY");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_accepts_what_the_page_showed() {
    let (web, store) = Web::keeping(|console, folder| {
        accounts(console, folder);
        let path = console.accounts.clone().unwrap();
        let all = std::fs::read_to_string(&path).unwrap() + &new_account("admin", Role::Admin, PASSWORD).unwrap();
        std::fs::write(&path, all).unwrap();
    })
    .await;
    put(&web, "note=first", &deny(&MANY)).await;
    put(&web, "note=second", &deny(&["Brambleton Photonics", "Grey Alder Optics AG", "<b>New</b> Party"])).await;
    let (reader, admin) = (sign_in(&web, "reader").await, sign_in(&web, "admin").await);
    let page = web.send("GET", "/console/lists/acme-deny", &admin, b"").await;
    let text = page.text();
    for part in ["Quarantined", "of the 6 entries of acme-deny are gone", "Old Quay Chandlers", "2 entries new"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("<b>New"), "{text}");
    let digest = text.split_once(r#"name="digest" value=""#).unwrap().1.split('"').next().unwrap().to_owned();
    let csrf = secret(&page);
    let send = async |cookie: &str, csrf: &str, digest: &str, note: &str| {
        let fields = [("csrf", csrf), ("digest", digest), ("note", note)];
        web.form("/console/lists/acme-deny", cookie, &fields).await
    };
    let of_reader = web.send("GET", "/console/lists/acme-deny", &reader, b"").await;
    assert!(!of_reader.text().contains("name=\"digest\""));
    assert_eq!(send(&reader, &secret(&of_reader), &digest, "x").await.status, 403);
    assert_eq!(send(&admin, "0", &digest, "x").await.status, 403);
    assert_eq!(send(&admin, &csrf, &digest, "").await.status, 400, "a note is needed");
    assert_eq!(send(&admin, &csrf, "0000", "seen").await.status, 400, "another one than the page showed");
    assert_eq!(kept(&store), 6);
    let done = send(&admin, &csrf, &digest, "ticket 9").await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, Some("/console/lists/acme-deny?done=1")),
        "{}",
        done.text()
    );
    assert_eq!(kept(&store), 3);
    assert_eq!(outcome(&web, "Old Quay Chandlers").await, "NO_FINDING");
    let page = web.send("GET", "/console/lists/acme-deny?done=1", &admin, b"").await.text();
    assert!(page.contains("ticket 9 (admin)") && page.contains("What changed") && page.contains("replaced"), "{page}");
    for wrong in ["%2e%2e%2fx", "none", "..%2fpublications"] {
        assert_eq!(web.send("GET", &format!("/console/lists/{wrong}"), &admin, b"").await.status, 404, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_ones_own_is_taken_back_on_its_page_and_an_entry_has_a_history() {
    let (web, store) = Web::keeping(|console, folder| {
        accounts(console, folder);
        let path = console.accounts.clone().unwrap();
        let all = std::fs::read_to_string(&path).unwrap() + &new_account("admin", Role::Admin, PASSWORD).unwrap();
        std::fs::write(&path, all).unwrap();
    })
    .await;
    let list = |country: &str, more: &str| {
        format!(
            "#list,acme-deny\n#title,Acme: partners\n#effect,blocking\nid,name,country\n1,Brambleton Photonics,{country}\n\
             2,Grey Alder Optics,DE\n3,Old Quay <b>Chandlers</b>,DE\n{more}"
        )
    };
    for (note, text) in [("one", list("DE", "")), ("two", list("CH", "4,Silver Birch Forwarding,DE\n"))] {
        let reply = put(&web, &format!("note={note}"), &text).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let (reader, admin) = (sign_in(&web, "reader").await, sign_in(&web, "admin").await);
    let get = async |path: &str| web.send("GET", path, &reader, b"").await;
    let entry = get("/console/entries/acme-deny/1").await.text();
    assert!(entry.contains("/console/history/acme-deny/1"), "{entry}");
    let page = get("/console/history/acme-deny/1").await.text();
    assert!(page.contains("Brambleton Photonics") && page.contains("in the last 2 publications"), "{page}");
    assert!(page.contains("addresses: <del> (DE)</del> <ins> (CH)</ins>"), "{page}");
    assert!(page.contains("Listed; the oldest that is kept."), "{page}");
    let text = get("/console/history/acme-deny/4").await.text();
    assert!(text.contains("New.") && text.contains("Not listed."), "{text}");
    let text = get("/console/history/acme-deny/3").await.text();
    assert!(text.contains("Unchanged.") && !text.contains("<b>Chandlers"), "{text}");
    for none in ["acme-deny/9", "us-bis-el/a1", "none/1"] {
        assert_eq!(get(&format!("/console/history/{none}")).await.status, 404, "{none}");
    }
    // Undo: an admin, with a note, and only what the page showed.
    let page = web.send("GET", "/console/lists/acme-deny", &admin, b"").await;
    let text = page.text();
    assert!(text.contains("Take it out of force") && text.contains("is then in force again"), "{text}");
    let digest = text.rsplit_once(r#"name="digest" value=""#).unwrap().1.split('"').next().unwrap().to_owned();
    assert!(!get("/console/lists/acme-deny").await.text().contains("Take it out of force"));
    assert!(!web.send("GET", "/console/lists/base", &admin, b"").await.text().is_empty());
    let send = async |cookie: &str, csrf: &str, digest: &str, note: &str| {
        let fields = [("csrf", csrf), ("digest", digest), ("note", note)];
        web.form("/console/lists/acme-deny/undo", cookie, &fields).await
    };
    let csrf = secret(&page);
    assert_eq!(send(&reader, &secret(&get("/console/lists").await), &digest, "x").await.status, 403);
    assert_eq!(send(&admin, "0", &digest, "x").await.status, 403);
    let without = send(&admin, &csrf, &digest, "").await;
    assert!(without.status == 400 && without.text().contains("It was not taken out of force"), "{}", without.text());
    assert_eq!(send(&admin, &csrf, "0000", "x").await.status, 400, "another one than the page showed");
    assert_eq!(kept(&store), 4);
    let done = send(&admin, &csrf, &digest, "wrong file").await;
    assert_eq!((done.status, kept(&store)), (303, 3), "{}", done.text());
    let text = web.send("GET", done.header("location").unwrap(), &admin, b"").await.text();
    assert!(text.contains("wrong file (admin)") && text.contains("is in force."), "{text}");
    let text = get("/console/history/acme-deny/1").await.text();
    assert!(text.contains("in the last 1 publication that"), "what was taken back did not come into force: {text}");
    let fields = [("csrf", csrf.as_str()), ("digest", "x"), ("note", "x")];
    assert_eq!(web.form("/console/lists/us-bis-el/undo", &admin, &fields).await.status, 404, "nothing of it is kept");
}
