//! A publisher's site with TLS or without, and a proxy, on threads of their own.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// An authority that signs certificates.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(super) pem: String,
}

impl Authority {
    pub(super) fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Tidewaiter test authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("signs").pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// What a server of this name shows.
    pub(super) fn server(&self, name: &str) -> ServerConfig {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let certificate = params.signed_by(&key, &self.issuer).expect("signs");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into())
            .expect("a certificate")
    }
}

type Make = Box<dyn Fn(usize) -> Vec<u8> + Send>;

#[derive(Default)]
struct State {
    files: BTreeMap<String, (usize, Option<Make>, Vec<u8>)>,
    asked: Vec<String>,
}

/// A site that serves files.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) port: u16,
    state: Arc<Mutex<State>>,
}

impl Site {
    pub(super) fn start(tls: Option<ServerConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let site = Self { port: listener.local_addr().expect("an address").port(), state: Arc::default() };
        let (serving, tls) = (site.clone(), tls.map(Arc::new));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (serving, tls) = (serving.clone(), tls.clone());
                // Whoever breaks off has their reasons.
                thread::spawn(move || match tls {
                    Some(tls) => ServerConnection::new(tls)
                        .map_err(io::Error::other)
                        .and_then(|tls| serving.answer(StreamOwned::new(tls, stream))),
                    None => serving.answer(stream),
                });
            }
        });
        site
    }

    /// Serves this at a path.
    pub(super) fn put(&self, path: &str, content: Vec<u8>) -> &Self {
        self.state.lock().expect("no panic").files.insert(path.to_owned(), (0, None, content));
        self
    }

    /// Makes what is served at a path anew for each answer.
    pub(super) fn put_each(&self, path: &str, make: impl Fn(usize) -> Vec<u8> + Send + 'static) {
        let file = (0, Some(Box::new(make) as Make), Vec::new());
        self.state.lock().expect("no panic").files.insert(path.to_owned(), file);
    }

    /// Paths asked for, each with the answer's status.
    pub(super) fn asked(&self) -> Vec<String> {
        self.state.lock().expect("no panic").asked.clone()
    }

    fn answer(&self, mut stream: impl Read + Write) -> io::Result<()> {
        let request = head(&mut stream)?;
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        let (status, tag, body) = {
            let mut state = self.state.lock().expect("no panic");
            let content = state.files.get_mut(&path).map(|(count, make, content)| {
                *count += 1;
                make.as_ref().map_or_else(|| content.clone(), |make| make(*count))
            });
            let tag = content.as_ref().map_or_else(String::new, |c| {
                let digest = Sha256::digest(c);
                format!("\"{}\"", digest.iter().take(8).map(|b| format!("{b:02x}")).collect::<String>())
            });
            let is_same = !tag.is_empty() && request.contains(&tag);
            let (status, body) = match content {
                None => (404, Vec::new()),
                Some(_) if is_same => (304, Vec::new()),
                Some(content) => (200, content),
            };
            state.asked.push(format!("{path} {status}"));
            (status, tag, body)
        };
        let length = body.len();
        write!(stream, "HTTP/1.1 {status} X\r\nconnection: close\r\netag: {tag}\r\ncontent-length: {length}\r\n\r\n")?;
        stream.write_all(&body)?;
        stream.flush()
    }
}

/// A proxy that leads every tunnel to one port of this machine.
pub(super) struct Proxy {
    pub(super) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(super) fn start(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let proxy = Self { port: listener.local_addr().expect("an address").port(), asked: Arc::default() };
        let asked = Arc::clone(&proxy.asked);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let asked = Arc::clone(&asked);
                thread::spawn(move || tunnel(stream, to, &asked));
            }
        });
        proxy
    }

    /// Hosts and ports asked for.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

fn tunnel(mut stream: TcpStream, to: u16, asked: &Mutex<Vec<String>>) -> io::Result<()> {
    let request = head(&mut stream)?;
    let mut words = request.split(' ');
    if words.next() != Some("CONNECT") {
        return stream.write_all(b"HTTP/1.1 405 X\r\ncontent-length: 0\r\n\r\n");
    }
    asked.lock().expect("no panic").extend(words.next().map(str::to_owned));
    let mut there = TcpStream::connect(("127.0.0.1", to))?;
    stream.write_all(b"HTTP/1.1 200 X\r\n\r\n")?;
    let (mut from, mut back) = (stream.try_clone()?, there.try_clone()?);
    let sending = thread::spawn(move || io::copy(&mut from, &mut back));
    io::copy(&mut there, &mut stream)?;
    stream.shutdown(std::net::Shutdown::Both)?;
    let _ends_with_the_other = sending.join();
    Ok(())
}

/// The head of a request.
fn head(stream: &mut impl Read) -> io::Result<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        request.extend(byte);
    }
    Ok(String::from_utf8_lossy(&request).into_owned())
}
