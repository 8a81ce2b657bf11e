//! Webhooks on the console: who sees them, and what was given up sent again.

use super::client::Web;
use super::console::{PASSWORD, accounts, secret, sign_in};
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
