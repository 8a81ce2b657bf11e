//! A publisher on this machine that does what a test asks of it. Raw sockets, since a web framework would not
//! misbehave.

use base64::Engine as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the publisher does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    Status(u16),
    /// Says nothing.
    Slow,
    /// A byte now and then.
    Trickle,
    /// Half the file, at each try from its start.
    CutShort,
    /// Half of what is left, at each try.
    CutForGood,
    /// Half the file; the next try gets the rest.
    CutOnce,
    ErrorPage,
    /// With the type of the list.
    ErrorPageInDisguise,
    WrongType,
    OtherFormat,
    /// A redirect to another host.
    Elsewhere,
    Circle,
    /// A redirect to another host without TLS.
    Plain,
    Bomb,
    Endless,
    Empty,
    WrongDigest,
    OtherEncoding,
    /// Closes the connection.
    Gone,
    /// The file, packed.
    Gzip,
    /// A redirect to another path, where the file is.
    Moved,
    /// 304, whatever was asked.
    NotModified,
}

struct State {
    content: Vec<u8>,
    fault: Fault,
    turn: u32,
    answers: Vec<u16>,
}

/// The publisher.
#[derive(Clone)]
pub(crate) struct Publisher {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Publisher {
    pub(crate) async fn start(content: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = State { content, fault: Fault::None, turn: 0, answers: Vec::new() };
        let publisher = Self { port, state: Arc::new(Mutex::new(state)) };
        let serving = publisher.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move {
                    let _the_other_side_may_go = serving.answer(stream).await;
                });
            }
        });
        publisher
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/list.toml", self.port)
    }

    pub(crate) fn serve(&self, content: Vec<u8>, fault: Fault) {
        let mut state = self.state.lock().expect("no panic");
        (state.content, state.fault, state.turn) = (content, fault, 0);
    }

    /// The statuses answered so far.
    pub(crate) fn answers(&self) -> Vec<u16> {
        self.state.lock().expect("no panic").answers.clone()
    }

    async fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte).await? == 0 {
                return Ok(());
            }
            request.extend(byte);
        }
        let request = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let field = |name: &str| request.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned());
        let (content, fault, turn) = {
            let mut state = self.state.lock().expect("no panic");
            state.turn += 1;
            (state.content.clone(), state.fault, state.turn)
        };
        let tag = format!("\"{:.16}\"", hex(&Sha256::digest(&content)));
        let is_same = field("if-none-match:").as_deref() == Some(&tag);
        let from: usize = match (field("range:"), field("if-range:")) {
            (Some(range), Some(held)) if held == tag => {
                range.trim_start_matches("bytes=").trim_end_matches('-').parse().expect("a range")
            }
            _ => 0,
        };
        let total = content.len();
        let digest = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(bytes));
        let gzip = |bytes: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(bytes).expect("packs");
            encoder.finish().expect("packs")
        };
        let page = b"<!DOCTYPE html><html><body>Service unavailable</body></html>".to_vec();
        let mut status = 200;
        let mut headers = format!("etag: {tag}\r\ncontent-type: application/toml\r\n");
        let _ = write!(headers, "repr-digest: sha-256=:{}:\r\n", digest(&content));
        let mut body = content;
        // How much of the body is sent before the connection closes.
        let mut sent = usize::MAX;
        let is_moved = request.starts_with("get /moved");
        match fault {
            Fault::NotModified => status = 304,
            Fault::None | Fault::CutShort | Fault::CutForGood | Fault::CutOnce | Fault::Moved if is_same => {
                status = 304
            }
            Fault::None => {}
            Fault::Status(code) => status = code,
            Fault::Slow => {
                tokio::time::sleep(Duration::from_secs(20)).await;
                return Ok(());
            }
            Fault::Trickle => {
                self.note(200);
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n").await?;
                for _ in 0..100 {
                    stream.write_all(b"x").await?;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                return Ok(());
            }
            Fault::CutShort => {
                headers = "content-type: application/toml\r\n".to_owned();
                sent = body.len() / 2;
            }
            Fault::CutForGood => sent = (body.len() - from.min(body.len())) / 2,
            Fault::CutOnce if turn == 1 => sent = body.len() / 2,
            Fault::CutOnce => {}
            Fault::ErrorPage => {
                headers = "content-type: text/html; charset=utf-8\r\n".to_owned();
                body = page;
            }
            Fault::ErrorPageInDisguise => {
                headers = "content-type: application/toml\r\n".to_owned();
                body = page;
            }
            Fault::WrongType => {
                headers = "content-type: application/octet-stream\r\n".to_owned();
                body = b"%PDF-1.7 \x00\x01\x02".to_vec();
            }
            Fault::OtherFormat => {
                headers = "content-type: application/xml\r\n".to_owned();
                body = b"<CONSOLIDATED_LIST dateGenerated=\"2026-01-01\"></CONSOLIDATED_LIST>".to_vec();
            }
            Fault::Elsewhere => {
                status = 302;
                headers = format!("location: http://localhost:{}/list.toml\r\n", self.port);
            }
            Fault::Circle => {
                status = 302;
                headers = "location: /again\r\n".to_owned();
            }
            Fault::Plain => {
                status = 301;
                headers = "location: http://lists.example/list.toml\r\n".to_owned();
            }
            Fault::Moved if !is_moved => {
                status = 307;
                headers = "location: /moved/list.toml\r\n".to_owned();
            }
            Fault::Moved => {}
            Fault::Bomb => {
                headers = "content-type: application/toml\r\ncontent-encoding: gzip\r\n".to_owned();
                body = gzip(&[b"[list]\n".as_slice(), &vec![b'#'; 90 << 20]].concat());
            }
            Fault::Endless => {
                headers = "content-type: application/toml\r\n".to_owned();
                body = vec![b'#'; 3 << 20];
            }
            Fault::Empty => {
                headers = "content-type: application/toml\r\n".to_owned();
                body = Vec::new();
            }
            Fault::WrongDigest => headers = format!("repr-digest: sha-256=:{}:\r\n", digest(b"another file")),
            Fault::OtherEncoding => headers = "content-encoding: br\r\n".to_owned(),
            Fault::Gone => return Ok(()),
            Fault::Gzip => {
                body = gzip(&body);
                headers =
                    format!("etag: \"packed\"\r\ncontent-encoding: gzip\r\ndigest: SHA-256={}\r\n", digest(&body));
            }
        }
        if status == 200 && from > 0 && headers.contains("etag") {
            status = 206;
            let _ = write!(headers, "content-range: bytes {from}-{}/{total}\r\n", total.saturating_sub(1));
            body.drain(..from.min(body.len()));
        }
        if status != 200 && status != 206 {
            body.clear();
        }
        self.note(status);
        let head =
            format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&body[..sent.min(body.len())]).await?;
        stream.flush().await?;
        stream.shutdown().await
    }

    fn note(&self, status: u16) {
        self.state.lock().expect("no panic").answers.push(status);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
