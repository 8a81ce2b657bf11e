//! The console: its pages, who may see them, and attacks on them.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use super::client::{Reply, Web};
use serde_json::Value;
use tempfile::TempDir;
use tidewaiter::config;
use tidewaiter::service::console::accounts::{Role, new_account};

pub(super) const PASSWORD: &str = "a long enough password";

pub(super) fn accounts(console: &mut config::Console, folder: &TempDir) {
    let path = folder.path().join("accounts.toml");
    let account = |name, role| new_account(name, role, PASSWORD).unwrap();
    let all =
        account("reader", Role::Reader) + &account("analyst", Role::Analyst) + &account("approver", Role::Approver);
    std::fs::write(&path, all).unwrap();
    console.accounts = Some(path);
}

pub(super) async fn closed() -> Web {
    Web::with(|_, _| {}, config::Http::default(), accounts).await
}

async fn open() -> Web {
    Web::with(|_, _| {}, config::Http::default(), |c, _| c.open = true).await
}

/// The cookie that an answer sets, as the next request sends it.
pub(super) fn cookie(reply: &Reply) -> String {
    let set = reply.header("set-cookie").unwrap_or_else(|| panic!("no cookie: {}", reply.head));
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/console"), "{set}");
    format!("Cookie: {}\r\n", set.split(';').next().unwrap())
}

pub(super) async fn sign_in(web: &Web, name: &str) -> String {
    let reply = web.form("/console/sign-in", "", &[("name", name), ("password", PASSWORD)]).await;
    assert_eq!((reply.status, reply.header("location")), (303, Some("/console/search")), "{}", reply.text());
    cookie(&reply)
}

/// The secret that the forms of a page bring back.
pub(super) fn secret(page: &Reply) -> String {
    let text = page.text();
    let (_, after) = text.split_once(r#"name="csrf" value=""#).expect("a page has a form");
    after.split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_a_password() {
    let web = closed().await;
    for path in
        ["/console/search", "/console/screen", "/console/lists", "/console/policy", "/console/entries/us-bis-el/a1"]
    {
        let reply = web.get(path).await;
        assert_eq!(reply.status, 303, "{path}");
        assert!(reply.header("location").unwrap().starts_with("/console/sign-in?next="), "{path}");
        assert!(reply.body.is_empty());
    }
    for (name, password) in [("analyst", "wrong"), ("nobody", PASSWORD), ("analyst", ""), ("ANALYST", PASSWORD)] {
        let reply = web.form("/console/sign-in", "", &[("name", name), ("password", password)]).await;
        assert_eq!((reply.status, reply.header("set-cookie")), (401, None), "{name}");
        assert!(reply.text().contains("do not fit"), "it does not say which of the two is wrong");
    }
    // A key of the interface of JSON is none of the console, and the other way round.
    let cookie = sign_in(&web, "analyst").await;
    assert_eq!(web.send("GET", "/console/lists", &cookie, b"").await.status, 200);
    assert_eq!(web.send("GET", "/console/lists", "Authorization: Bearer x\r\n", b"").await.status, 303);
    assert_eq!(web.send("GET", "/console/lists", "Cookie: tidewaiter_console=abc\r\n", b"").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_new_at_each_sign_in_and_ends_with_it() {
    let web = closed().await;
    // A token that somebody planted is never taken.
    let planted = "Cookie: tidewaiter_console=0000000000000000000000000000000000000000000000000000000000000000\r\n";
    let fields = [("name", "analyst"), ("password", PASSWORD)];
    let first = cookie(&web.form("/console/sign-in", planted, &fields).await);
    assert_ne!(first, planted);
    assert_eq!(web.send("GET", "/console/lists", planted, b"").await.status, 303);
    let second = cookie(&web.form("/console/sign-in", &first, &fields).await);
    assert_ne!(first, second);
    assert_eq!(web.send("GET", "/console/lists", &first, b"").await.status, 303, "the old session has ended");
    let page = web.send("GET", "/console/lists", &second, b"").await;
    let left = web.form("/console/sign-out", &second, &[("csrf", &secret(&page))]).await;
    assert_eq!((left.status, left.header("set-cookie").unwrap().contains("Max-Age=0")), (303, true));
    assert_eq!(web.send("GET", "/console/lists", &second, b"").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_page_does_nothing() {
    let web = closed().await;
    let (mine, other) = (sign_in(&web, "analyst").await, sign_in(&web, "reader").await);
    let csrf = secret(&web.send("GET", "/console/search", &mine, b"").await);
    let others = secret(&web.send("GET", "/console/search", &other, b"").await);
    let search = async |headers: &str, csrf: &str| {
        web.form("/console/search", headers, &[("csrf", csrf), ("q", "x")]).await.status
    };
    assert_eq!(search(&mine, &csrf).await, 200);
    for wrong in ["", "0", others.as_str()] {
        assert_eq!(search(&mine, wrong).await, 403, "{wrong}");
    }
    assert_eq!(search(&format!("{mine}Origin: https://evil.example\r\n"), &csrf).await, 403);
    assert_eq!(search(&format!("{mine}Sec-Fetch-Site: cross-site\r\n"), &csrf).await, 403);
    assert_eq!(web.form("/console/sign-out", &mine, &[]).await.status, 403);
    let foreign = "Origin: https://evil.example\r\n";
    assert_eq!(web.form("/console/sign-in", foreign, &[("name", "analyst"), ("password", PASSWORD)]).await.status, 403);
    // A console that is open has no cookie to guard it: the origin does.
    let open = open().await;
    assert_eq!(open.send("GET", "/console/lists", "Sec-Fetch-Site: cross-site\r\n", b"").await.status, 403);
    assert_eq!(open.send("GET", "/console/lists", "Host: evil.example\r\n", b"").await.status, 403);
    assert_eq!(open.send("GET", "/console/lists", "", b"").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_opens_what_it_says() {
    let web = closed().await;
    let reader = sign_in(&web, "reader").await;
    let page = web.send("GET", "/console/search", &reader, b"").await;
    assert!(!page.text().contains("/console/screen"), "no way to what is not allowed");
    assert_eq!(web.send("GET", "/console/screen", &reader, b"").await.status, 403);
    let fields = [("csrf", secret(&page)), ("consignee.name", "Acme".to_owned())];
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(web.form("/console/screen", &reader, &fields).await.status, 403);
    let analyst = sign_in(&web, "analyst").await;
    assert_eq!(web.send("GET", "/console/screen", &analyst, b"").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_after_signing_in_leads_nowhere_else() {
    let web = closed().await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/console//evil.example",
        "/console/x\r\nSet-Cookie: a=b",
        "/v1/lists",
    ] {
        let fields = [("name", "analyst"), ("password", PASSWORD), ("next", next)];
        let reply = web.form("/console/sign-in", "", &fields).await;
        assert_eq!(reply.header("location"), Some("/console/search"), "{next:?}");
    }
    let reply = web
        .form("/console/sign-in", "", &[("name", "analyst"), ("password", PASSWORD), ("next", "/console/lists")])
        .await;
    assert_eq!(reply.header("location"), Some("/console/lists"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_stays_a_text_wherever_it_comes_from() {
    let web = open().await;
    let name = "\"><script>alert(1)</script> Harbour Dynamics";
    web.service.write_rows(&[name.replace('"', "\"\"")].map(|n| format!("\"{n}\"")));
    web.service.handle.reload().await.unwrap();
    let csrf = secret(&web.get("/console/search").await);
    let entry = web.get("/console/entries/us-bis-el/a1").await;
    let found = web.form("/console/search", "", &[("csrf", &csrf), ("q", name)]).await;
    let typed = web.form("/console/screen", "", &[("csrf", &csrf), ("consignee.name", name), ("goods", name)]).await;
    let wrong = web.get("/console/entries/us-bis-el/%3Cscript%3Ealert(2)").await;
    for page in [&entry, &found, &typed, &wrong] {
        assert!(!page.text().contains("<script>"), "{}", page.text());
        let policy = page.header("content-security-policy").expect("every page has a policy");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert!(!page.text().contains(" style=") && !page.text().contains(" onclick="));
    }
    assert!(entry.text().contains("&#60;script&#62;") || entry.text().contains("&lt;script&gt;"), "{}", entry.text());
    assert!(typed.text().contains("<mark>"), "what matched is marked: {}", typed.text());
    assert!(found.body.len() < 100_000 && typed.body.len() < 100_000);
}

/// The body of a form with a file.
fn multipart(csrf: &str, name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    parts(&[("csrf", csrf)], name, bytes)
}

/// The body of a form with fields and a file.
pub(super) fn parts(fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let field = |(name, value): &(&str, &str)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields: String = fields.iter().map(field).collect();
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let body = [fields.as_bytes(), head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat();
    ("Content-Type: multipart/form-data; boundary=x\r\n".to_owned(), body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_screened_row_by_row() {
    let web = Web::with(|o, _| o.max_message_bytes = 1 << 20, config::Http::default(), |c, _| c.open = true).await;
    let csrf = secret(&web.get("/console/screen").await);
    let table =
        "reference,consignee,goods\nA-1,Acme Widgets,wooden chairs\nA-2,ZHUMADIAN HARBOUR DYNAMICS,lenses\nA-3,x";
    let (headers, body) = multipart(&csrf, "../../etc/<b>.csv", table.as_bytes());
    let page = web.send("POST", "/console/screen/file", &headers, &body).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(
        page.text().contains("A-2") && page.text().contains(">Hold<") && page.text().contains("<mark>"),
        "{}",
        page.text()
    );
    assert!(page.text().contains(">Refused<") && !page.text().contains("etc/") && !page.text().contains("<b>"));
    let (_, forged) = multipart("0", "a.csv", table.as_bytes());
    assert_eq!(web.send("POST", "/console/screen/file", &headers, &forged).await.status, 403);
    let head = format!(
        "POST /console/screen/file HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}Content-Length: 2000000\r\n\r\n"
    );
    assert_eq!(web.raw(head.as_bytes()).await.status, 413);
    let many = format!("consignee\n{}", "Acme\n".repeat(1001));
    let (_, many) = multipart(&csrf, "a.csv", many.as_bytes());
    assert!(web.send("POST", "/console/screen/file", &headers, &many).await.text().contains("more than 1000 records"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_stands_in_no_address_and_the_policy_in_words() {
    let web = open().await;
    let search = web.get("/console/search").await;
    assert!(search.text().contains("method=\"post\"") && !search.text().contains("method=\"get\""));
    let part = web
        .form("/console/search", "HX-Request: true\r\n", &[("csrf", &secret(&search)), ("q", "zhumadian harbor")])
        .await;
    assert!(part.text().contains("/console/entries/us-bis-el/a1") && !part.text().contains("<html"), "{}", part.text());
    let policy = web.get("/console/policy").await.text();
    assert!(policy.contains("A party name that scores below 700 is not reported.") && policy.contains("Listed party"));
    let lists = web.get("/console/lists").await.text();
    assert!(lists.contains("us-bis-el") && lists.contains("in force"));
    let asset = web.get("/console/assets/htmx-2.0.11.js").await;
    assert_eq!((asset.status, asset.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    // The route as a drawing, with the stop that is not known in words; a name of a place stays a text.
    let fields = [
        ("csrf", secret(&search)),
        ("consignee.name", "Acme Widgets".to_owned()),
        ("loading", "Shanghai".to_owned()),
        ("discharge", "Hamburg".to_owned()),
        ("destination", "<b>Nowhere".to_owned()),
    ];
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let drawn = web.form("/console/screen", "", &fields).await;
    let text = drawn.text();
    assert!(text.contains("<svg viewBox=\"0 0 720 290\"") && text.contains("class=\"way\""), "{text}");
    assert!(text.contains("Not on the map:") && !text.contains("<b>Nowhere"), "{text}");
    assert!(drawn.body.len() < 100_000, "{} bytes", drawn.body.len());
    // Evidence adds up to the score on the page too.
    let fields = [("csrf", secret(&search)), ("consignee.name", "Zhumadian Harbor Dynamic".to_owned())];
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let answer = web.form("/console/screen", "", &fields).await.text();
    let body =
        serde_json::json!({"shipment": {"parties": [{"role": "CONSIGNEE", "name": "Zhumadian Harbor Dynamic"}]}});
    let screening: Value = web.post("/v1/screen", &body).await.json();
    let score = &screening["screening"]["findings"][0]["score"];
    assert!(answer.contains(&format!("width=\"{score}\" height=\"8\" class=\"total\"")), "{score}: {answer}");
}
