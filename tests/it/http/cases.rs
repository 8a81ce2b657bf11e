//! Cases on the console: the queue, a case side by side, steps by the people who may take them, and attacks.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use super::client::{Reply, Web};
use super::console::{PASSWORD, accounts, parts, secret, sign_in};
use ::ledger::index::CaseQuery;
use ::ledger::record::{Received, Screened};
use ::ledger::{Basis, Ledger};
use serde_json::json;
use sha2::Digest as _;
use std::fmt::Write as _;
use std::sync::Arc;
use tidewaiter::service::console::accounts::{Role, new_account};
use wire::v1;

/// A service with accounts and a ledger, and one alert in it.
async fn with_alert() -> (Web, Arc<Ledger>, String) {
    let (web, ledger) = Web::recording(accounts).await;
    screen(&web, "B/L 7", "Zhumadian Harbour Dynamics", "Kranweg 4, Bremen").await;
    let id = ledger.cases(&CaseQuery { limit: 9, ..CaseQuery::default() }).unwrap()[0].id.clone();
    (web, ledger, id)
}

async fn screen(web: &Web, reference: &str, name: &str, address: &str) {
    let party = json!({"role": "CONSIGNEE", "name": name, "address": address, "country": "DE"});
    let shipment = json!({"reference": reference, "parties": [party], "goods": [{"description": "hose clamps"}]});
    let reply = web.post("/v1/screen", &json!({ "shipment": shipment })).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
}

/// Somebody at the console.
struct Person<'w> {
    web: &'w Web,
    cookie: String,
}

impl<'w> Person<'w> {
    async fn new(web: &'w Web, name: &str) -> Self {
        Self { web, cookie: sign_in(web, name).await }
    }

    async fn get(&self, path: &str) -> Reply {
        self.web.send("GET", path, &self.cookie, b"").await
    }

    /// Sends a form of a page that was loaded before.
    async fn send(&self, page: &Reply, path: &str, fields: &[(&str, &str)]) -> Reply {
        let (csrf, revision) = (secret(page), revision(page));
        let own = [("csrf", csrf.as_str()), ("revision", revision.as_str())];
        self.web.form(path, &self.cookie, &[&own[..], fields].concat()).await
    }
}

fn revision(page: &Reply) -> String {
    let text = page.text();
    let after = text.split_once(r#"name="revision" value=""#).map(|(_, after)| after.to_owned()).unwrap_or_default();
    after.split('"').next().unwrap().to_owned()
}

const FALSE: [(&str, &str); 3] = [("do", "decide"), ("decision", "false_positive"), ("reason", "different_address")];

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_shown_side_by_side_and_decided() {
    let (web, ledger, id) = with_alert().await;
    let analyst = Person::new(&web, "analyst").await;
    let form = analyst.get("/console/screen").await.text();
    assert!(form.contains("recorded in the ledger") && !form.contains("is kept"), "it says what becomes of it: {form}");
    let queue = analyst.get("/console/cases").await;
    let text = queue.text();
    assert!(text.contains("1 to 1 of 1") && text.contains("Zhumadian Harbour Dynamics"), "{text}");
    assert!(text.contains(">High<") && text.contains(&format!("/console/cases/{id}?state=open")), "{text}");
    let page = analyst.get(&format!("/console/cases/{id}")).await;
    let text = page.text();
    for part in
        ["Kranweg 4, Bremen", "Germany", "<mark>", "agrees", "hose clamps", "Different address", "False positive"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("value=\"approve\"") && text.contains("A second person must approve"), "{text}");
    let note = [("note", "Kranweg is\nnot theirs")];
    let done = analyst.send(&page, &format!("/console/cases/{id}"), &[&FALSE[..], &note].concat()).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let next = done.header("location").unwrap().to_owned();
    assert!(next.starts_with("/console/cases?") && next.ends_with(&format!("done={id}")), "{next}");
    assert!(!next.contains("Zhumadian") && !next.contains("Kranweg"));
    assert!(analyst.get(&next).await.text().contains("is decided: false positive."));
    let (case, ..) = ledger.case(&id).unwrap();
    assert_eq!((case.state.as_str(), case.decided.unwrap().by.as_str()), ("closed", "analyst"));
    let page = analyst.get(&format!("/console/cases/{id}?state=closed")).await.text();
    assert!(page.contains("Kranweg is\nnot theirs") && page.contains("Decided: False positive, different address"));

    // A new alert of the same party opens it again, and says why.
    screen(&web, "B/L 8", "Zhumadian Harbour Dynamics", "Kranweg 4, Bremen").await;
    let page = analyst.get(&format!("/console/cases/{id}")).await.text();
    assert!(page.contains("Why it is here:</strong> A new alert.") && page.contains("Decided before"), "{page}");
    let first = analyst.get(&format!("/console/cases/{id}?record={}", case.opened)).await.text();
    assert!(first.contains("B/L 7") && !first.contains("B/L 8"), "an older alert of the case can be looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_weakens_control_takes_effect_when_a_second_person_approves_it() {
    let (web, ledger, id) = with_alert().await;
    let path = format!("/console/cases/{id}");
    let (analyst, approver) = (Person::new(&web, "analyst").await, Person::new(&web, "approver").await);
    let until = jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(20)).to_string();
    let ruling = [&FALSE[..], &[("until", until.as_str())]].concat();
    let far = [&FALSE[..], &[("until", "2099-01-01")]].concat();
    let page = analyst.get(&path).await;
    let refused = analyst.send(&page, &path, &far).await;
    assert!(refused.status == 400 && refused.text().contains("an exception until 2099-01-01"), "{}", refused.text());
    assert!(refused.text().contains("value=\"2099-01-01\""), "what was typed stays in the form");
    assert_eq!(analyst.send(&page, &path, &ruling).await.status, 303);
    assert_eq!(ledger.case(&id).unwrap().0.state.as_str(), "pending");
    let page = analyst.get(&path).await;
    assert!(page.text().contains("You decided it.") && !page.text().contains("value=\"approve\""), "{}", page.text());
    // Neither by hand: an analyst is no approver, and nobody approves their own.
    assert_eq!(analyst.send(&page, &path, &[("do", "approve")]).await.status, 403);
    let page = approver.get(&path).await;
    assert!(page.text().contains("value=\"approve\""), "{}", page.text());
    assert_eq!(approver.send(&page, &path, &[("do", "approve"), ("note", "seen")]).await.status, 303);
    let (case, ..) = ledger.case(&id).unwrap();
    let decided = case.decided.clone().unwrap();
    assert_eq!((decided.by.as_str(), decided.approved_by.as_str()), ("analyst", "approver"));
    let exceptions = approver.get("/console/exceptions").await.text();
    assert!(exceptions.contains(&until) && exceptions.contains("analyst, approved by approver"), "{exceptions}");
    // Opened again by a person, with why.
    let page = analyst.get(&path).await;
    assert_eq!(analyst.send(&page, &path, &[("do", "reopen"), ("why", "new facts")]).await.status, 303);
    assert!(analyst.get(&path).await.text().contains("New facts."));
    assert!(!analyst.get("/console/exceptions").await.text().contains(&until), "and its exception is out of force");
    // An approver's own decision needs another approver.
    let page = approver.get(&path).await;
    assert_eq!(approver.send(&page, &path, &ruling).await.status, 303);
    let page = approver.get(&path).await;
    assert!(!page.text().contains("value=\"approve\""));
    assert_eq!(approver.send(&page, &path, &[("do", "approve")]).await.status, 409);
    assert_eq!(ledger.case(&id).unwrap().0.state.as_str(), "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_decision_is_refused_with_what_changed() {
    let (web, ledger, id) = with_alert().await;
    let path = format!("/console/cases/{id}");
    let (analyst, approver) = (Person::new(&web, "analyst").await, Person::new(&web, "approver").await);
    let (mine, theirs) = (analyst.get(&path).await, approver.get(&path).await);
    assert_eq!(approver.send(&theirs, &path, &[("do", "take")]).await.status, 303);
    screen(&web, "B/L 9", "Zhumadian Harbour Dynamics", "Hafenstr. 1, Hamburg").await;
    let typed = [&FALSE[..], &[("note", "my <b>long</b> note")]].concat();
    let refused = analyst.send(&mine, &path, &typed).await;
    let text = refused.text();
    assert_eq!(refused.status, 409, "{text}");
    for part in ["has changed since", "given to approver", "a new alert in record", "my &#60;b&#62;long", "Hamburg"] {
        assert!(
            text.contains(part) || text.contains(&part.replace("#60", "lt").replace("#62", "gt")),
            "{part}: {text}"
        );
    }
    assert_eq!(ledger.case(&id).unwrap().0.state.as_str(), "open");
    // The page that was sent back is the case as it is now: it can be decided from there.
    assert_eq!(analyst.send(&refused, &path, &typed).await.status, 303);
    assert_eq!(ledger.case(&id).unwrap().0.state.as_str(), "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_and_only_from_its_own_page() {
    let (web, ledger, id) = with_alert().await;
    let path = format!("/console/cases/{id}");
    for closed in ["/console/cases", "/console/exceptions", path.as_str()] {
        assert_eq!(web.get(closed).await.status, 303, "{closed}: to sign in");
    }
    let (reader, analyst) = (Person::new(&web, "reader").await, Person::new(&web, "analyst").await);
    let page = reader.get(&path).await;
    assert!(page.status == 200 && !page.text().contains("name=\"do\""), "a reader reads: {}", page.text());
    assert_eq!(reader.send(&page, &path, &FALSE).await.status, 403);
    let own = analyst.get(&path).await;
    let (csrf, revision) = (secret(&own), revision(&own));
    let others = secret(&page);
    let form = async |headers: String, csrf: &str| {
        let own = [("csrf", csrf), ("revision", revision.as_str())];
        web.form(&path, &headers, &[&own[..], &FALSE].concat()).await.status
    };
    assert_eq!(form(analyst.cookie.clone(), "").await, 403);
    assert_eq!(form(analyst.cookie.clone(), &others).await, 403);
    assert_eq!(form(format!("{}Origin: https://evil.example\r\n", analyst.cookie), &csrf).await, 403);
    assert_eq!(form(format!("{}Sec-Fetch-Site: cross-site\r\n", analyst.cookie), &csrf).await, 403);
    assert_eq!(form(String::new(), &csrf).await, 303, "without a session: to sign in");
    assert_eq!(ledger.case(&id).unwrap().0.revision, 1, "nothing of it was recorded");
    // What is no case, and what leads out of the console.
    for wrong in ["9-9", "..%2f..%2fetc%2fpasswd", "%00", "' OR 1=1 --"] {
        let path = format!("/console/cases/{}", wrong.replace(' ', "%20").replace('\'', "%27"));
        let reply = analyst.get(&path).await;
        assert!(reply.status == 404, "{wrong}: {} {}", reply.status, reply.text());
    }
    for wrong in ["state=gone", "at=x", "mine=perhaps"] {
        let reply = analyst.get(&format!("/console/cases?{wrong}")).await;
        assert!([400, 404].contains(&reply.status), "{wrong}: {}", reply.status);
    }
    let signed =
        web.form("/console/sign-in", "", &[("name", "analyst"), ("password", PASSWORD), ("next", &path)]).await;
    assert_eq!(signed.header("location"), Some(path.as_str()), "signing in leads back to the case");
    let long = "x".repeat(10_001);
    assert_eq!(analyst.send(&own, &path, &[("do", "note"), ("note", &long)]).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_or_a_note_stays_a_text() {
    const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(2)> Zhumadian Harbour Dynamics";
    let (web, ledger) = Web::recording(|console, folder| {
        let path = folder.path().join("accounts.toml");
        let evil = new_account("<script>alert(3)</script>", Role::Admin, PASSWORD).unwrap();
        std::fs::write(&path, evil + &new_account("analyst", Role::Analyst, PASSWORD).unwrap()).unwrap();
        console.accounts = Some(path);
    })
    .await;
    screen(&web, EVIL, EVIL, EVIL).await;
    let cases = ledger.cases(&CaseQuery { limit: 9, ..CaseQuery::default() }).unwrap();
    let id = &cases.iter().find(|case| !case.entry.is_empty()).unwrap().id;
    let path = format!("/console/cases/{id}");
    let admin = Person::new(&web, "<script>alert(3)</script>").await;
    let page = admin.get(&path).await;
    let stolen = [("do", "note"), ("note", "</textarea><script>alert(4)</script>")];
    assert_eq!(admin.send(&page, &path, &stolen).await.status, 303);
    let page = admin.get(&path).await;
    assert_eq!(admin.send(&page, &path, &[("do", "take")]).await.status, 303);
    let stale = admin.send(&page, &path, &[&FALSE[..], &stolen[1..]].concat()).await;
    assert_eq!(stale.status, 409);
    let analyst = Person::new(&web, "analyst").await;
    for page in [stale, analyst.get(&path).await, analyst.get("/console/cases").await] {
        let text = page.text();
        assert!(text.contains("alert(1)") && text.contains("alert(3)"), "{text}");
        assert!(!text.contains("<script>") && !text.contains("<img") && !text.contains("onerror=alert(2)>"), "{text}");
        assert!(page.header("content-security-policy").unwrap().contains("script-src 'self'"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_attached_to_a_case_and_given_back_by_its_digest() {
    let (web, ledger, id) = with_alert().await;
    let (path, analyst) = (format!("/console/cases/{id}"), Person::new(&web, "analyst").await);
    let page = analyst.get(&path).await;
    assert!(page.text().contains("Attach a file"), "{}", page.text());
    let attach = async |page: &Reply, csrf: &str, bytes: &[u8]| {
        let revision = revision(page);
        let fields = [("csrf", csrf), ("revision", revision.as_str()), ("note", "a <b>licence</b>")];
        let (headers, body) = parts(&fields, "../../<img>.html", bytes);
        web.send("POST", &format!("{path}/files"), &format!("{headers}{}", analyst.cookie), &body).await
    };
    let bytes = b"<script>alert(1)</script>";
    let csrf = secret(&page);
    assert_eq!(attach(&page, "0", bytes).await.status, 403);
    assert_eq!(attach(&page, &csrf, b"").await.status, 400);
    assert_eq!(attach(&page, &csrf, bytes).await.header("location"), Some(path.as_str()));
    let digest: String = sha2::Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    let text = analyst.get(&path).await.text();
    assert!(text.contains(&digest) && text.contains("a &#60;b&#62;licence") && !text.contains("<img>"), "{text}");
    let file = analyst.get(&format!("{path}/files/{digest}")).await;
    assert_eq!((file.status, file.body.as_slice()), (200, &bytes[..]));
    assert_eq!(file.header("content-type"), Some("application/octet-stream"));
    assert!(file.header("content-disposition").unwrap().starts_with("attachment;"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    // A page that is out of date keeps nothing.
    let kept = || walk(&web._folder.path().join("ledger/kept"));
    let before = kept();
    let stale = attach(&page, &csrf, b"another file").await;
    assert!(stale.status == 409 && stale.text().contains("has changed since you opened it"), "{}", stale.text());
    assert_eq!(kept(), before);
    // What the ledger keeps otherwise is no file of the case, nor is one of another case.
    let other = ledger.keep(b"a policy").unwrap();
    for wrong in [other.as_str(), "0", "..%2f..%2fmaster.key"] {
        assert_eq!(analyst.get(&format!("{path}/files/{wrong}")).await.status, 404, "{wrong}");
    }
    assert_eq!(analyst.get(&format!("/console/cases/9-9/files/{digest}")).await.status, 404);
    assert_eq!(web.get(&format!("{path}/files/{digest}")).await.status, 303, "not without signing in");
    let reader = Person::new(&web, "reader").await;
    assert_eq!(reader.get(&format!("{path}/files/{digest}")).await.status, 200);
    assert!(!reader.get(&path).await.text().contains("Attach a file"));
}

/// How many files stand below a folder.
fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|e| if e.path().is_dir() { walk(&e.path()) } else { 1 }).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_open_alerts_are_pages_of_fifty() {
    let (web, ledger) = Web::recording(accounts).await;
    let entry = v1::EntryReference {
        list: "us-bis-el".to_owned(),
        id: "a1".to_owned(),
        name: "Zhumadian Harbour Dynamics".to_owned(),
        ..Default::default()
    };
    let finding = v1::Finding {
        severity: v1::finding::Severity::High as i32,
        reason: v1::finding::Reason::PartyListed as i32,
        score: 1000,
        field_path: "parties[0].name".to_owned(),
        entry: Some(entry),
        ..Default::default()
    };
    let alert = |n: usize| {
        let mut name = format!("Zhumadian Harbour Dynamics International Trading Company No. {n}");
        write!(name, " of the Eastern Harbour Zone {n}").unwrap();
        let party = v1::Party { name, role: v1::party::Role::Consignee as i32, ..Default::default() };
        let reference = format!("S-{n}");
        let mut request = v1::Shipment { reference, parties: vec![party], ..Default::default() };
        Screened {
            request: Received::of(&mut request),
            answer: v1::Screening {
                reference: format!("S-{n}"),
                outcome: v1::screening::Outcome::Hold as i32,
                findings: vec![finding.clone()],
                ..Default::default()
            },
            caller: "erp".to_owned(),
            trace: String::new(),
            is_verbose: false,
            unread: None,
            context: None,
        }
    };
    for chunk in 0..20 {
        let screened = (chunk * 500..(chunk + 1) * 500).map(alert).collect();
        ledger.record(screened, &Basis::default(), false).unwrap();
    }
    let analyst = Person::new(&web, "analyst").await;
    let page = analyst.get("/console/cases").await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.body.len() < 100_000, "{} bytes", page.body.len());
    let text = page.text();
    assert!(text.contains("1 to 50 of 10,000") && text.matches("data-row").count() == 50);
    let next = text.split_once(r#"rel="next" href=""#).unwrap().1.split('"').next().unwrap().replace("&#38;", "&");
    let second = analyst.get(&next.replace("&amp;", "&")).await.text();
    assert!(second.contains("51 to 100 of 10,000") && second.contains("rel=\"prev\""), "{second}");
    // From a case in the middle the keys lead to its neighbours in the same queue.
    let row = second.split_once("/console/cases/").unwrap().1.split('"').next().unwrap();
    let row = row.replace("&#38;", "&").replace("&amp;", "&");
    let case = analyst.get(&format!("/console/cases/{row}")).await;
    assert!(case.text().contains("rel=\"next\"") && case.text().contains("rel=\"prev\""), "{}", case.text());
    let done = analyst.send(&case, &format!("/console/cases/{row}"), &FALSE).await;
    let to = done.header("location").unwrap();
    assert!(to.starts_with("/console/cases/") && to.contains("at=50"), "the next case takes the place: {to}");
    assert!(analyst.get("/console/cases").await.text().contains("of 9,999"));
    let mine = analyst.get("/console/cases?mine=1").await.text();
    assert!(mine.contains("No case fits."), "{mine}");
    // By a reference, by a part of a name however it is written, and in whatever state.
    let found = async |text: &str| analyst.send(&page, "/console/cases", &[("find", text)]).await.text();
    for text in ["S-7123", "eastern harbour ZÓNE 7123"] {
        let found = found(text).await;
        assert!(found.contains("1 case in any state") && found.contains("No. 7123 of"), "{text}: {found}");
    }
    let many = found("harbour zone").await;
    assert!(many.contains("the first 50 of 10,000") && many.matches("data-row").count() == 50, "{many}");
    for text in ["Zone 7123 of nothing", "-- --", "%"] {
        assert!(found(text).await.contains("No case fits:"), "{text}");
    }
    let empty = analyst.send(&page, "/console/cases", &[("find", " ")]).await;
    assert_eq!((empty.status, empty.header("location")), (303, Some("/console/cases?state=open")));
}
