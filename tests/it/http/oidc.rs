//! Sign-in to the console by OpenID Connect, at a provider that the test runs itself: what gets in, and what does not.

#![expect(clippy::unwrap_used, reason = "a test harness: what fails here fails the test")]

mod provider;

use super::client::{Reply, Web};
use super::console::{accounts, cookie, secret, sign_in};
use provider::{CLIENT, Key, Provider, fields, unsigned};
use serde_json::{Value, json};
use tidewaiter::config;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

async fn web(provider: &Provider) -> Web {
    let with = |console: &mut config::Console, folder: &tempfile::TempDir| {
        accounts(console, folder);
        console.oidc = provider.options(folder.path());
    };
    Web::with(|_, _| {}, config::Http::default(), with).await
}

/// The cookie that a browser keeps of an answer, as it sends it.
fn kept(reply: &Reply, name: &str) -> Option<String> {
    let lines = reply.head.lines().filter_map(|line| line.split_once(':'));
    let mut set = lines.filter(|(key, _)| key.eq_ignore_ascii_case("set-cookie")).map(|(_, value)| value.trim());
    let cookie = set.find(|value| value.starts_with(name) && !value.contains("Max-Age=0"))?;
    Some(format!("Cookie: {}\r\n", cookie.split(';').next().unwrap()))
}

/// A browser on its way to the provider: its cookie, and where the provider sends it back to.
struct Away {
    cookie: String,
    back: String,
}

async fn go(web: &Web, next: &str, headers: &str) -> Away {
    let reply = web.send("GET", &format!("/console/sign-in/provider?next={next}"), headers, b"").await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let cookie = kept(&reply, "tidewaiter_sign_in=").expect("the browser gets a secret");
    let set = reply.header("set-cookie").unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/console/sign-in"), "{set}");
    let to = reply.header("location").unwrap().strip_prefix("http://").unwrap().to_owned();
    let (host, path) = to.split_at(to.find('/').unwrap());
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = Reply::parse(&answer);
    let back = answer.header("location").unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
    Away { cookie, back }
}

/// Signs in, as far as the provider lets one.
async fn through(web: &Web) -> Reply {
    let Away { cookie, back } = go(web, "/console/lists", "").await;
    web.send("GET", &back, &cookie, b"").await
}

fn session(reply: &Reply) -> Option<String> {
    kept(reply, "tidewaiter_console=")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_the_provider_knows_gets_in_with_their_role() {
    let provider = Provider::start(Key::ec("k1")).await;
    let web = web(&provider).await;
    let page = web.get("/console/sign-in?next=/console/policy").await.text();
    assert!(page.contains("Sign in with Acme") && page.contains("name=\"password\""), "{page}");
    assert!(page.contains("/console/sign-in/provider?next=%2Fconsole%2Fpolicy"), "{page}");
    assert_eq!(provider.says.lock().unwrap().asked, 0, "the provider is asked for nothing before");

    let reply = through(&web).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.text().contains("http-equiv=\"refresh\" content=\"0; url=/console/lists\""), "{}", reply.text());
    let set = reply.head.lines().find(|line| line.contains("tidewaiter_console=")).unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && set.contains("Path=/console"), "{set}");
    let analyst = session(&reply).unwrap();
    let page = web.send("GET", "/console/screen", &analyst, b"").await;
    assert!(page.status == 200 && page.text().contains("jane@acme.example"), "{}", page.text());

    provider.change(|says| says.groups = json!(["readers", "of something else"]));
    let reader = session(&through(&web).await).unwrap();
    assert_eq!(web.send("GET", "/console/lists", &reader, b"").await.status, 200);
    assert_eq!(web.send("GET", "/console/screen", &reader, b"").await.status, 403);
    let page = web.send("GET", "/console/lists", &reader, b"").await;
    assert_eq!(web.form("/console/sign-out", &reader, &[("csrf", &secret(&page))]).await.status, 303);
    assert_eq!(web.send("GET", "/console/lists", &reader, b"").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_role_or_no_name_of_their_own_stays_outside() {
    let provider = Provider::start(Key::ec("k1")).await;
    let web = web(&provider).await;
    for groups in [json!([]), json!(["Desk"]), json!(null), json!({"desk": 1})] {
        provider.change(|says| says.groups = groups.clone());
        let reply = through(&web).await;
        assert_eq!((reply.status, session(&reply)), (403, None), "{groups}");
        assert!(reply.text().contains("gives you no role"), "{}", reply.text());
    }
    provider.change(|says| (says.groups, says.name) = (json!(["desk"]), "analyst".to_owned()));
    let reply = through(&web).await;
    assert_eq!((reply.status, session(&reply)), (403, None), "an account here has that name");
    assert!(reply.text().contains("no name that this console can take"), "{}", reply.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_hold_opens_nothing() {
    let provider = Provider::start(Key::ec("k1")).await;
    let web = web(&provider).await;
    let set = |name: &'static str, value: Value| {
        move |key: &Key, mut claims: Value| {
            claims[name] = value.clone();
            key.signed(&claims)
        }
    };
    let now = jiff::Timestamp::now().as_second();
    let refused = async |what: &str| {
        let reply = through(&web).await;
        assert_eq!((reply.status, session(&reply)), (403, None), "{what}: {}", reply.text());
        assert!(reply.text().contains("The answer of Acme was refused"), "{what}: {}", reply.text());
    };
    for (name, value) in [
        ("nonce", json!("0".repeat(64))),
        ("nonce", json!(null)),
        ("aud", json!("another client")),
        ("aud", json!([CLIENT, "another client"])),
        ("azp", json!("another client")),
        ("iss", json!("https://login.evil.example")),
        ("iss", json!(["https://login.evil.example", provider.issuer])),
        ("exp", json!(now - 120)),
        ("exp", json!(null)),
        ("nbf", json!(now + 600)),
        ("iat", json!(null)),
        ("sub", json!(null)),
    ] {
        let what = format!("{name} {value}");
        provider.makes(set(name, value));
        refused(&what).await;
    }
    provider.makes(|_, claims| format!("{}.", unsigned(&json!({"alg": "none"}), &claims)));
    refused("unsigned").await;
    provider.makes(|_, claims| format!("{}.", unsigned(&json!({"alg": "none", "kid": "k1"}), &claims)));
    refused("unsigned, with the id of a key").await;
    provider.makes(|key, claims| key.confused(&claims));
    refused("signed by the public key as a secret").await;
    let other = Key::ec("k1");
    provider.makes(move |_, claims| other.signed(&claims));
    refused("signed by another key of the same id").await;
    provider.makes(|key, claims| {
        let signed = key.signed(&claims);
        let signature = signed.rsplit('.').next().unwrap().to_owned();
        let mut better = claims;
        better["groups"] = json!(["desk", "readers"]);
        format!("{}.{signature}", unsigned(&json!({"alg": "ES256", "kid": "k1"}), &better))
    });
    refused("changed after it was signed").await;
    provider.makes(|_, _| "not.a.token".to_owned());
    refused("no token").await;
    // With several audiences it says for whom it was made.
    provider.makes(|key, mut claims| {
        (claims["aud"], claims["azp"]) = (json!(["another client", CLIENT]), json!(CLIENT));
        key.signed(&claims)
    });
    assert!(session(&through(&web).await).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_asked_for_and_an_old_one_is_forgotten() {
    let provider = Provider::start(Key::rsa("k1")).await;
    let web = web(&provider).await;
    assert!(session(&through(&web).await).is_some());
    assert!(session(&through(&web).await).is_some());
    assert_eq!(provider.says.lock().unwrap().asked, 1, "keys are kept");
    let old = provider.says.lock().unwrap().keys[0].clone();
    provider.change(|says| says.keys = vec![Key::ec("k2")]);
    assert!(session(&through(&web).await).is_some(), "rotated");
    assert_eq!(provider.says.lock().unwrap().asked, 2);
    provider.makes(move |_, claims| old.signed(&claims));
    let reply = through(&web).await;
    assert_eq!((reply.status, session(&reply)), (403, None), "withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_is_good_once_and_for_the_browser_that_began() {
    let provider = Provider::start(Key::ec("k1")).await;
    let web = web(&provider).await;
    let stale = |reply: &Reply| {
        assert_eq!((reply.status, session(reply)), (403, None), "{}", reply.text());
        assert!(reply.text().contains("Start again"), "{}", reply.text());
    };
    let Away { cookie, back } = go(&web, "/console/lists", "").await;
    assert!(session(&web.send("GET", &back, &cookie, b"").await).is_some());
    stale(&web.send("GET", &back, &cookie, b"").await);
    // The address of somebody else's sign-in, sent to a person who has begun one too, or none.
    let (mine, others) = (go(&web, "/console/lists", "").await, go(&web, "/console/lists", "").await);
    stale(&web.send("GET", &others.back, &mine.cookie, b"").await);
    stale(&web.send("GET", &others.back, &others.cookie, b"").await);
    stale(&web.get(&mine.back).await);
    let Away { cookie, back } = go(&web, "/console/lists", "").await;
    let state = fields(back.split_once('?').unwrap().1)["state"].clone();
    stale(&web.send("GET", &back.replace(&state, &"0".repeat(64)), &cookie, b"").await);
    // A code of another sign-in is redeemed by another verifier, which the provider refuses.
    let (first, second) = (go(&web, "/console/lists", "").await, go(&web, "/console/lists", "").await);
    let code = |away: &Away| fields(away.back.split_once('?').unwrap().1)["code"].clone();
    let swapped = first.back.replace(&code(&first), &code(&second));
    let reply = web.send("GET", &swapped, &first.cookie, b"").await;
    assert_eq!((reply.status, session(&reply)), (403, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_leads_to_own_pages_and_what_a_stranger_says_is_not_shown() {
    let provider = Provider::start(Key::ec("k1")).await;
    let web = web(&provider).await;
    for next in
        ["https://evil.example/", "//evil.example", "/console//evil.example", "%2Fv1%2Flists", "/console/sign-out"]
    {
        let Away { cookie, back } = go(&web, next, "").await;
        let page = web.send("GET", &back, &cookie, b"").await;
        assert!(page.text().contains("url=/console/search\"") && !page.text().contains("evil"), "{}", page.text());
    }
    let said = async |what: &str| {
        let Away { cookie, back } = go(&web, "/console/lists", "").await;
        let state = fields(back.split_once('?').unwrap().1)["state"].clone();
        web.send("GET", &format!("/console/sign-in/callback?state={state}&{what}"), &cookie, b"").await
    };
    let denied = said("error=access_denied&error_description=%3Cb%3Ecall%20us").await;
    assert!(denied.status == 403 && denied.text().contains("access_denied") && !denied.text().contains("call us"));
    let odd = said("error=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(odd.status == 403 && !odd.text().contains("alert(1)"), "{}", odd.text());
    assert_eq!(said("code=x&iss=https://login.evil.example").await.status, 403);
    assert_eq!(said("").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_keeps_nobody_else_out() {
    let provider = Provider::start(Key::ec("k1")).await;
    let web = web(&provider).await;
    let away = go(&web, "/console/lists", "").await;
    provider.stop().await;
    let reply = web.send("GET", &away.back, &away.cookie, b"").await;
    assert_eq!((reply.status, session(&reply)), (503, None));
    let text = reply.text();
    assert!(text.contains("The sign-in with Acme cannot be reached") && text.contains("name=\"password\""), "{text}");
    let cookie = sign_in(&web, "analyst").await;
    assert_eq!(web.send("GET", "/console/lists", &cookie, b"").await.status, 200);

    // One that was never reached keeps nothing from starting.
    let provider = Provider::start(Key::ec("k1")).await;
    let issuer = provider.issuer.clone();
    let with = |console: &mut config::Console, folder: &tempfile::TempDir| {
        console.oidc = provider.options(folder.path());
    };
    let alone = Web::with(|_, _| {}, config::Http::default(), with).await;
    provider.stop().await;
    let reply = alone.get("/console/sign-in/provider").await;
    assert!(reply.status == 503 && !reply.text().contains(&issuer), "{}", reply.text());
    assert!(!reply.text().contains("name=\"password\"") && !reply.text().contains("account of this console"));
    assert_eq!(alone.form("/console/sign-in", "", &[("name", "analyst"), ("password", "x")]).await.status, 303);
    assert_eq!(alone.get("/console/lists").await.status, 303, "without accounts it is not open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_new_and_the_one_before_ends() {
    let provider = Provider::start(Key::ec("k1")).await;
    let web = web(&provider).await;
    // A token that somebody planted is never taken.
    let planted = format!("Cookie: tidewaiter_console={}\r\n", "0".repeat(64));
    let Away { cookie: away, back } = go(&web, "/console/lists", &planted).await;
    let both = format!("{}; {}", planted.trim_end(), away.trim_start_matches("Cookie: "));
    let first = session(&web.send("GET", &back, &both, b"").await).unwrap();
    assert_ne!(first, planted);
    assert_eq!(web.send("GET", "/console/lists", &planted, b"").await.status, 303);
    // Whoever signs in again has one session, though the browser shows the old one to no link from elsewhere.
    let Away { cookie: away, back } = go(&web, "/console/lists", &first).await;
    assert_eq!(web.send("GET", "/console/lists", &first, b"").await.status, 200, "until it is done");
    let second = session(&web.send("GET", &back, &away, b"").await).unwrap();
    assert_eq!(web.send("GET", "/console/lists", &first, b"").await.status, 303);
    assert_eq!(web.send("GET", "/console/lists", &second, b"").await.status, 200);
    // The secret of a browser that is away is no session.
    let stolen = away.replace("tidewaiter_sign_in", "tidewaiter_console");
    assert_eq!(web.send("GET", "/console/lists", &stolen, b"").await.status, 303);
    // By password the same: the session of the provider ends.
    let fields = [("name", "analyst"), ("password", super::console::PASSWORD)];
    let third = cookie(&web.form("/console/sign-in", &second, &fields).await);
    assert_eq!(web.send("GET", "/console/lists", &second, b"").await.status, 303);
    assert_eq!(web.send("GET", "/console/lists", &third, b"").await.status, 200);
}
