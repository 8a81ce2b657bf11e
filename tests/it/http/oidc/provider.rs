//! A small provider of OpenID Connect on a port of its own, which can also answer what no provider should.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tidewaiter::config::Oidc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(super) const CLIENT: &str = "tidewaiter console";
const SECRET: &str = "a client's secret: with % and +";

/// A key to sign with.
#[derive(Clone)]
pub(super) enum Key {
    Ec(&'static str, Arc<EcdsaKeyPair>),
    Rsa(&'static str, Arc<RsaKeyPair>),
}

impl Key {
    pub(super) fn ec(id: &'static str) -> Self {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref()).unwrap();
        Self::Ec(id, Arc::new(key))
    }

    pub(super) fn rsa(id: &'static str) -> Self {
        Self::Rsa(id, Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
    }

    fn id(&self) -> &'static str {
        match self {
            Self::Ec(id, _) | Self::Rsa(id, _) => id,
        }
    }

    fn public(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ec(id, key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": id, "x": text(&point[1..33]), "y": text(&point[33..])})
            }
            Self::Rsa(id, key) => {
                let (n, e) = (key.public_key().modulus(), key.public_key().exponent());
                let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
                json!({"kty": "RSA", "alg": "RS256", "use": "sig", "kid": id, "n": text(n), "e": text(e)})
            }
        }
    }

    pub(super) fn signed(&self, claims: &Value) -> String {
        let alg = if matches!(self, Self::Ec(..)) { "ES256" } else { "RS256" };
        let said = unsigned(&json!({"alg": alg, "kid": self.id(), "typ": "JWT"}), claims);
        let signature = match self {
            Self::Ec(_, key) => key.sign(&SystemRandom::new(), said.as_bytes()).unwrap().as_ref().to_vec(),
            Self::Rsa(_, key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), said.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Signed by the public key as if it were a secret that both sides have.
    pub(super) fn confused(&self, claims: &Value) -> String {
        let said = unsigned(&json!({"alg": "HS256", "kid": self.id()}), claims);
        let Self::Ec(_, key) = self else { panic!("a key of the other kind is not used for this") };
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key.public_key().as_ref());
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, said.as_bytes())))
    }
}

/// Header and claims, without a signature.
pub(super) fn unsigned(header: &Value, claims: &Value) -> String {
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", text(header), text(claims))
}

/// Makes an ID token.
type Maker = Box<dyn Fn(&Key, Value) -> String + Send>;

/// What the provider answers with.
pub(super) struct Says {
    pub(super) keys: Vec<Key>,
    /// Makes the ID token of claims.
    pub(super) token: Maker,
    /// The groups of whoever signs in, and their name.
    pub(super) groups: Value,
    pub(super) name: String,
    /// How often its keys were asked for.
    pub(super) asked: usize,
    /// Challenge and nonce of each code that was not redeemed.
    codes: BTreeMap<String, (String, String)>,
}

pub(super) struct Provider {
    pub(super) issuer: String,
    pub(super) says: Arc<Mutex<Says>>,
    serving: JoinHandle<()>,
}

impl Provider {
    pub(super) async fn start(key: Key) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/realm", listener.local_addr().unwrap());
        let says = Says {
            keys: vec![key],
            token: Box::new(|key, claims| key.signed(&claims)),
            groups: json!(["desk"]),
            name: "jane@acme.example".to_owned(),
            asked: 0,
            codes: BTreeMap::new(),
        };
        let says = Arc::new(Mutex::new(says));
        let (known, at) = (Arc::clone(&says), issuer.clone());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (known, at) = (Arc::clone(&known), at.clone());
                tokio::spawn(answer(stream, known, at));
            }
        });
        Self { issuer, says, serving }
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().unwrap());
    }

    /// From now on every ID token is made so.
    pub(super) fn makes(&self, token: impl Fn(&Key, Value) -> String + Send + 'static) {
        self.change(|says| says.token = Box::new(token));
    }

    pub(super) async fn stop(self) {
        self.serving.abort();
        let _ended = self.serving.await;
    }

    pub(super) fn options(&self, folder: &std::path::Path) -> Oidc {
        let file = folder.join("oidc.secret");
        std::fs::write(&file, format!("{SECRET}\n")).unwrap();
        let roles = [("readers", "reader"), ("desk", "analyst")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        Oidc {
            issuer: Some(self.issuer.clone()),
            label: "Acme".to_owned(),
            client_id: CLIENT.to_owned(),
            client_secret_file: Some(file),
            public_url: "http://localhost:8080".to_owned(),
            name_claim: "email".to_owned(),
            roles: roles.into(),
            ..Oidc::default()
        }
    }
}

/// The fields of a query or a form.
pub(super) fn fields(text: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| {
        let (mut bytes, mut rest) = (Vec::new(), text.bytes());
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                plain => plain,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (decoded(k), decoded(v))).collect()
}

async fn answer(mut stream: TcpStream, says: Arc<Mutex<Says>>, issuer: String) {
    let mut whole = Vec::new();
    let (head, body_at) = loop {
        let mut part = [0; 4096];
        let Ok(read @ 1..) = stream.read(&mut part).await else { return };
        whole.extend_from_slice(&part[..read]);
        if let Some(at) = whole.windows(4).position(|w| w == b"\r\n\r\n") {
            break (String::from_utf8(whole[..at].to_vec()).unwrap(), at + 4);
        }
    };
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let length: usize = header("content-length").map_or(0, |text| text.parse().unwrap());
    while whole.len() < body_at + length {
        let mut part = [0; 4096];
        let Ok(read @ 1..) = stream.read(&mut part).await else { return };
        whole.extend_from_slice(&part[..read]);
    }
    let body = String::from_utf8(whole[body_at..].to_vec()).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let (status, more, body) = respond(&path, &body, header("authorization"), &says, &issuer);
    let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n{more}content-length: {}\r\n\r\n", body.len());
    let _gone = stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).await;
}

/// Status, further headers and body.
fn respond(
    path: &str,
    body: &str,
    authorization: Option<String>,
    says: &Mutex<Says>,
    issuer: &str,
) -> (u16, String, String) {
    let mut says = says.lock().unwrap();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match path {
        "/realm/.well-known/openid-configuration" => {
            let at = |end: &str| format!("{issuer}/{end}");
            let (authorization, token, keys) = (at("authorize"), at("token"), at("keys"));
            let document = json!({
                "issuer": issuer, "authorization_endpoint": authorization, "token_endpoint": token, "jwks_uri": keys,
            });
            (200, String::new(), document.to_string())
        }
        "/realm/keys" => {
            says.asked += 1;
            let mut keys: Vec<Value> = says.keys.iter().map(Key::public).collect();
            keys.push(json!({"kty": "of the future", "kid": "f"}));
            (200, String::new(), json!({ "keys": keys }).to_string())
        }
        "/realm/authorize" => {
            let asked = fields(query);
            assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
            assert_eq!((asked["scope"].as_str(), asked["code_challenge_method"].as_str()), ("openid profile", "S256"));
            assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32);
            let code = format!("code-{}", says.codes.len() + 1);
            says.codes.insert(code.clone(), (asked["code_challenge"].clone(), asked["nonce"].clone()));
            let back = format!("{}?code={code}&state={}", asked["redirect_uri"], asked["state"]);
            (302, format!("location: {back}\r\n"), String::new())
        }
        "/realm/token" => redeem(&fields(body), authorization, &mut says, issuer),
        _ => (404, String::new(), String::new()),
    }
}

fn redeem(
    form: &BTreeMap<String, String>,
    authorization: Option<String>,
    says: &mut Says,
    issuer: &str,
) -> (u16, String, String) {
    let refused = |why: &str| (400, String::new(), json!({ "error": why }).to_string());
    let shown = authorization.unwrap_or_default();
    let shown = String::from_utf8(STANDARD.decode(shown.strip_prefix("Basic ").unwrap_or_default()).unwrap()).unwrap();
    let (name, secret) = shown.split_once(':').unwrap_or_default();
    if fields(&format!("n={name}&s={secret}"))
        != BTreeMap::from([("n".into(), CLIENT.into()), ("s".into(), SECRET.into())])
    {
        return refused("invalid_client");
    }
    let Some((challenge, nonce)) = form.get("code").and_then(|code| says.codes.remove(code)) else {
        return refused("invalid_grant");
    };
    let is_right = form["grant_type"] == "authorization_code"
        && form["redirect_uri"] == "http://localhost:8080/console/sign-in/callback"
        && URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"])) == challenge;
    if !is_right {
        return refused("invalid_request");
    }
    let now = jiff::Timestamp::now().as_second();
    let claims = json!({
        "iss": issuer, "sub": "7", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce,
        "email": says.name, "groups": says.groups,
    });
    let token = (says.token)(says.keys.last().unwrap(), claims);
    (200, String::new(), json!({"access_token": "x", "token_type": "Bearer", "id_token": token}).to_string())
}
