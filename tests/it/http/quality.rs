//! Quality and policies tried on the console.

use super::client::Web;
use super::console::{accounts, secret, sign_in};
use ::ledger::index::CaseQuery;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_is_counted_and_a_policy_is_tried_on_it() {
    let (web, ledger) = Web::recording(accounts).await;
    for n in 0..6 {
        let name = if n % 2 == 0 { "Zhumadian Harbour Dynamics" } else { "Blue Larch Glassware" };
        let body =
            json!({"shipment": {"reference": format!("<b>S-{n}"), "parties": [{"role": "CONSIGNEE", "name": name}]}});
        assert_eq!(web.post("/v1/screen", &body).await.status, 200);
    }
    let case = ledger.cases(&CaseQuery { limit: 9, ..CaseQuery::default() }).expect("it lists").remove(0);
    let ruling =
        json!({"revision": case.revision.to_string(), "by": "ann", "decision": "FALSE_POSITIVE", "reason": "other"});
    assert_eq!(web.post(&format!("/v1/cases/{}/decide", case.id), &ruling).await.status, 200);
    let analyst = sign_in(&web, "analyst").await;
    let page = web.send("GET", "/console/quality", &analyst, b"").await.text();
    for part in
        ["3 alerts of 6 screenings in 1 day.", "500.0", "False positive", "us-bis-el/a1", "PARTY_LISTED", "100 %"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }

    let form = web.send("GET", "/console/policy/trial", &analyst, b"").await;
    let csrf = secret(&form);
    let send = async |cookie: &str, csrf: &str, policy: &str| {
        let fields = [("csrf", csrf), ("policy", policy), ("records", "100")];
        web.form("/console/policy/trial", cookie, &fields).await
    };
    // A policy that reports no listed party: every alert goes.
    let tried = send(&analyst, &csrf, "[rules]\nPARTY_LISTED = \"off\"\n").await;
    let text = tried.text();
    assert!(tried.status == 200 && text.contains("3 of 6 records would be answered otherwise"), "{text}");
    assert!(text.contains("3 times") && text.contains("PARTY_LISTED HIGH parties[0].name us-bis-el/a1"), "{text}");
    assert!(!text.contains("<b>S-"), "a reference stays a text");
    let again = ledger.cases(&CaseQuery { limit: 9, ..CaseQuery::default() }).expect("it lists");
    assert_eq!(again.len(), 1, "nothing is recorded");
    let same = send(&analyst, &csrf, "").await.text();
    assert!(same.contains("0 of 6 records would be answered otherwise"), "{same}");
    let wrong = send(&analyst, &csrf, "[ruls]\n<script>").await;
    assert!(wrong.status == 400 && !wrong.text().contains("<script>"), "{}", wrong.text());
    assert_eq!(send(&analyst, "0", "").await.status, 403);
    let reader = sign_in(&web, "reader").await;
    assert_eq!(web.send("GET", "/console/policy/trial", &reader, b"").await.status, 403);
    assert_eq!(web.get("/console/quality").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_lists_find_is_measured_and_drawn() {
    let (web, ledger) = Web::recording(accounts).await;
    let names = ["Zhumadian Harbour Dynamics Co Ltd", "Brambleton Optics Institute", "Kestrelmoor Avionics LLC"];
    web.service.write_rows(&names.map(str::to_owned));
    web.service.handle.reload().await.expect("the list is read");
    let analyst = sign_in(&web, "analyst").await;
    let form = web.send("GET", "/console/effectiveness", &analyst, b"").await;
    assert!(form.status == 200 && !form.text().contains("All as listed"), "{}", form.text());
    let measure = async |cookie: &str, csrf: &str| {
        web.form("/console/effectiveness", cookie, &[("csrf", csrf), ("count", "20")]).await
    };
    let measured = measure(&analyst, &secret(&form)).await;
    let text = measured.text();
    for part in ["All as listed", "All written otherwise", "100.0 % of", "<polyline", "The policy reports from 700 on."]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(measured.body.len() < 100_000 && !text.contains(" style="), "{} bytes", measured.body.len());
    let again = measure(&analyst, &secret(&form)).await.text();
    let rows = |text: &str| text.split_once("<tbody>").map(|(_, rows)| rows.to_owned());
    assert_eq!(rows(&again), rows(&text), "the same lists and policy, the same figures");
    assert!(ledger.cases(&CaseQuery { limit: 9, ..CaseQuery::default() }).expect("it lists").is_empty());
    assert_eq!(measure(&analyst, "0").await.status, 403);
    let reader = sign_in(&web, "reader").await;
    assert_eq!(web.send("GET", "/console/effectiveness", &reader, b"").await.status, 403);
}
