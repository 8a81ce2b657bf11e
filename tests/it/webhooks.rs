//! Webhooks: what is told, signed, kept until it is taken, and visible when it is not.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

use crate::grpc::guarded::Guarded;
use crate::grpc::harness::Service;
use crate::refresh::server::{Fault, Publisher};
use crate::refresh::{list, refresher};
use aws_lc_rs::hmac;
use lists::StaleAfter;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tidewaiter::config::{WebhookEvent, WebhookTarget, Webhooks};
use tidewaiter::webhooks::Notifier;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wire::v1;

const SECRET: &str = "a secret of thirty-two characters";

/// A target on a port of its own.
pub(crate) struct Target(TcpListener);

impl Target {
    pub(crate) async fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(crate) fn options(&self, folder: &TempDir, events: &[WebhookEvent]) -> Webhooks {
        let secret_file = folder.path().join("secret");
        std::fs::write(&secret_file, format!("{SECRET}\n")).unwrap();
        let url = format!("http://{}/hook", self.0.local_addr().unwrap());
        let target = WebhookTarget { name: "desk".to_owned(), url, secret_file, events: events.to_vec() };
        Webhooks { queue: Some(folder.path().join("queue")), target: vec![target], ..Webhooks::default() }
    }

    /// The next delivery, whose signature is right; it is answered with this status.
    pub(crate) async fn next(&self, status: u16) -> Value {
        let (mut stream, _) = tokio::time::timeout(Duration::from_secs(60), self.0.accept()).await.unwrap().unwrap();
        let mut whole = Vec::new();
        let (head, length) = loop {
            let mut part = [0; 4096];
            let read = stream.read(&mut part).await.unwrap();
            assert!(read > 0, "a request is whole");
            whole.extend_from_slice(&part[..read]);
            let Some(at) = whole.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let head = String::from_utf8(whole[..at].to_vec()).unwrap().to_lowercase();
            break (head.clone(), at + 4 + header(&head, "content-length").parse::<usize>().unwrap());
        };
        while whole.len() < length {
            let mut part = [0; 4096];
            let read = stream.read(&mut part).await.unwrap();
            whole.extend_from_slice(&part[..read]);
        }
        stream.write_all(format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n").as_bytes()).await.unwrap();
        let body = &whole[length - header(&head, "content-length").parse::<usize>().unwrap()..];
        let signature = header(&head, "tidewaiter-signature");
        let (time, digits) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
        let tag: Vec<u8> = (0..32).map(|n| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).unwrap()).collect();
        let signed = [time.as_bytes(), b".", body].concat();
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        hmac::verify(&key, &signed, &tag).expect("it is signed with the secret of the target");
        let body: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(header(&head, "tidewaiter-delivery"), body["delivery"].as_str().unwrap());
        body
    }
}

fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let found = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    found.unwrap_or_else(|| panic!("no {name}: {head}")).trim()
}

/// What sends, running.
pub(crate) fn start(options: &Webhooks) -> (Arc<Notifier>, CancellationToken, JoinHandle<()>) {
    let notifier = Arc::new(Notifier::new(options).unwrap().unwrap());
    let stop = CancellationToken::new();
    let running = tokio::spawn(Arc::clone(&notifier).run(stop.clone()));
    (notifier, stop, running)
}

async fn screen(service: &Service, name: &str) {
    let party = v1::Party { name: name.to_owned(), ..Default::default() };
    let shipment = v1::Shipment { reference: "B/L 7".to_owned(), parties: vec![party], ..Default::default() };
    let request = v1::ScreenRequest { shipment: Some(shipment), verbose: false };
    service.screening().screen(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_and_changes_of_lists_are_told_signed() {
    let (target, folder) = (Target::new().await, tempfile::tempdir().unwrap());
    let (notifier, stop, running) = start(&target.options(&folder, &[WebhookEvent::Alert, WebhookEvent::List]));
    let service = Service::start().await;
    service.handle.told_by(Arc::clone(&notifier), stop.clone());
    screen(&service, "Blue Larch Glassware").await;
    screen(&service, "Zhumadian Harbour Dynamics").await;
    let body = target.next(200).await;
    let event = &body["events"][0];
    assert_eq!((&event["type"], &event["data"]["reference"]), (&"alert".into(), &"B/L 7".into()), "{body}");
    assert_eq!((&event["data"]["outcome"], &event["data"]["entries"][0]["id"]), (&"HOLD".into(), &"a1".into()));
    assert_eq!(body["events"].as_array().unwrap().len(), 1, "what is clear is no alert");
    assert!(!body.to_string().contains("Zhumadian"), "a name of a shipment leaves nothing: {body}");
    // Written again until it is there: the listener may start after the first change.
    service.write("Grey Alder Optics");
    service.handle.reload().await.unwrap();
    let body = target.next(204).await;
    let event = &body["events"][0];
    assert_eq!((&event["type"], &event["data"]["lists"][0]["list"]), (&"list".into(), &"us-bis-el".into()), "{body}");
    stop.cancel();
    running.await.unwrap();
    assert_eq!(notifier.board().unwrap().targets[0].pending, 0, "what was taken is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_sent_again_also_after_a_restart() {
    let (target, folder) = (Target::new().await, tempfile::tempdir().unwrap());
    let options = target.options(&folder, &[WebhookEvent::Stale]);
    let (notifier, stop, running) = start(&options);
    notifier.tell(WebhookEvent::Stale, serde_json::json!({ "list": "un-sc" }));
    notifier.tell(WebhookEvent::Alert, serde_json::json!({ "reference": "nobody asked for alerts" }));
    let first = target.next(503).await;
    assert_eq!((&first["attempt"], &first["events"][0]["data"]["list"]), (&1.into(), &"un-sc".into()));
    stop.cancel();
    running.await.unwrap();
    drop(notifier);
    // A redirect would lead to somebody whom the configuration does not name: it is no success and not followed.
    let (notifier, stop, running) = start(&options);
    let second = target.next(307).await;
    assert_eq!((&second["attempt"], &second["delivery"]), (&2.into(), &first["delivery"]));
    let third = target.next(200).await;
    assert_eq!((&third["attempt"], &third["events"]), (&3.into(), &first["events"]));
    stop.cancel();
    running.await.unwrap();
    assert!(notifier.attention().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_delivered_is_a_dead_letter_that_is_seen() {
    let (target, folder) = (Target::new().await, tempfile::tempdir().unwrap());
    let options = target.options(&folder, &[WebhookEvent::Stale]);
    let (notifier, stop, running) = start(&options);
    notifier.tell(WebhookEvent::Stale, serde_json::json!({ "list": "un-sc" }));
    target.next(500).await;
    stop.cancel();
    running.await.unwrap();
    drop(notifier);
    // The configuration names somebody else now, so nobody gets it.
    let mut other = options.clone();
    other.target[0].name = "other".to_owned();
    let (notifier, stop, running) = start(&other);
    let dead = async || {
        for _ in 0..600 {
            let board = notifier.board().unwrap();
            if board.all_dead > 0 {
                return board;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it is given up");
    };
    let board = dead().await;
    assert!(board.dead[0].last.contains("no such target any more"), "{board:?}");
    assert_eq!(notifier.attention().as_deref(), Some("1 webhook deliveries were given up"));
    stop.cancel();
    running.await.unwrap();
    drop(notifier);
    let (notifier, stop, running) = start(&options);
    assert!(notifier.revive("../pending/x").is_err());
    notifier.revive(&board.dead[0].id).unwrap();
    assert_eq!(target.next(200).await["events"][0]["data"]["list"], "un-sc");
    assert!(notifier.attention().is_none());
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_that_is_kept_out_of_force_is_told() {
    let (target, folder) = (Target::new().await, tempfile::tempdir().unwrap());
    let (notifier, stop, running) = start(&target.options(&folder, &[WebhookEvent::Quarantine]));
    let (publisher, data) = (Publisher::start(list(0..100)).await, tempfile::tempdir().unwrap());
    let refresher = refresher(data.path(), &publisher);
    let fetch = async || refresher.fetch(0, jiff::Timestamp::now()).await;
    let first = fetch().await;
    assert!(first.is_update(), "{first}");
    let service = Service::keeping(|_| {}, data.path().to_owned()).await;
    service.handle.told_by(Arc::clone(&notifier), stop.clone());
    // As many again are gone as the guard lets go, and more.
    publisher.serve(list(0..40), Fault::None);
    let second = fetch().await;
    assert!(second.needs_attention(), "{second}");
    service.handle.refreshed(&[first, second]).await;
    let body = target.next(200).await;
    let (event, all) = (&body["events"][0], body["events"].as_array().unwrap().len());
    assert_eq!(
        (&event["type"], &event["data"]["publication"], all),
        (&"quarantine".into(), &"test".into(), 1),
        "{body}"
    );
    assert!(event["data"]["message"].as_str().unwrap().contains("60 of the 100 entries of test are gone"), "{body}");
    assert_eq!(service.handle.list_ages().len(), 2, "the one before stays in force");
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_has_grown_old_is_told_once() {
    let (target, folder) = (Target::new().await, tempfile::tempdir().unwrap());
    let (notifier, stop, running) = start(&target.options(&folder, &[WebhookEvent::Stale]));
    let service = Guarded::aged(StaleAfter::from([("us-bis-el".to_owned(), 1)]), false).await;
    service.handle.told_by(Arc::clone(&notifier), stop.clone());
    let body = target.next(200).await;
    let events = body["events"].as_array().unwrap();
    assert!(!events.is_empty() && events.iter().all(|event| event["type"] == "stale"), "{body}");
    let data = &events[0]["data"];
    assert!(data["ageHours"].as_u64() > data["limitHours"].as_u64() && data["limitHours"] == 1, "{body}");
    let told: std::collections::BTreeSet<&str> = events.iter().map(|e| e["data"]["list"].as_str().unwrap()).collect();
    assert_eq!(told.len(), events.len(), "each list once: {body}");
    // The ages are looked at every few seconds; what was told is not told again.
    let again = tokio::time::timeout(Duration::from_secs(7), target.next(200)).await;
    assert!(again.is_err(), "{again:?}");
    stop.cancel();
    running.await.unwrap();
}
