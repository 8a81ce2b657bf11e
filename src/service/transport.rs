//! Connections: accepting them, TLS, and what a slow or dead one may cost; the same for every port.
//!
//! A connection must begin with HTTP soon after it opens, and one of HTTP/2 is pinged from time to time. When file descriptors
//! run out, accepting pauses and goes on; calls in progress are not affected. A connection on which nobody shows who
//! they are in time is closed, and gives way to others before that when there is no room ([`Seats`]).

use super::record::Answer;
use super::shared::Shared;
use super::tls::{Speaks, Tls};
use crate::service::guard::access::{Names, Peer};
use crate::service::guard::seats::{Entry, Seat, Seats};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::codegen::http::{Request, Response};

/// Length of the HTTP/2 preface; no request of HTTP/1 with a host is shorter.
const PREFACE: usize = 24;

/// Pause in accepting when the system has no file descriptor left.
const PAUSE: Duration = Duration::from_millis(50);

/// Windows of HTTP/2, and how much of an answer is buffered for a caller who does not take it. A batch of 500 shipments fits a
/// stream's window; the connection's window limits what all its streams have in transit.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 2 << 20;
const SEND_BUFFER: usize = 1 << 20;
const HEADER_BYTES: u32 = 16 * 1024;

/// Headers of an HTTP/1 request, and the buffer for them.
const HEADERS: usize = 100;
const HEADER_BUFFER: usize = 64 * 1024;

/// The answer to one call, on its way.
pub(super) type Answering = Pin<Box<dyn Future<Output = Response<Answer>> + Send>>;

/// What answers the calls of a port.
pub(super) trait Answers: Send + Sync {
    /// What every call shares.
    fn shared(&self) -> &Arc<Shared>;
    /// Which versions of HTTP the port speaks.
    fn speaks(&self) -> Speaks;
    /// Answers one call; refusals are answers too.
    fn call(self: Arc<Self>, peer: Arc<Peer>, request: Request<Incoming>) -> Answering;
}

/// Accepts connections until `stop`. After it, connections end by themselves when their calls are done; `open` tracks
/// them.
pub(super) async fn accept(
    listener: TcpListener,
    gate: Arc<dyn Answers>,
    tls: Option<Arc<Tls>>,
    stop: CancellationToken,
    open: TaskTracker,
) {
    let options = &gate.shared().options;
    // Where callers need no credentials, nobody is more known than others.
    let (unknown, of_address) = if gate.shared().access.must_identify() {
        (
            options.max_connections - options.max_connections * options.reserved_percent / 100,
            options.unknown_per_address,
        )
    } else {
        (options.max_connections, options.max_connections)
    };
    let seats = Seats::new(options.max_connections, unknown, of_address);
    let mut has_logged = false;
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let meters = &gate.shared().meters;
        match accepted {
            Ok((stream, address)) => {
                has_logged = false;
                let seat = match seats.enter(address.ip()) {
                    Entry::Free(seat) => seat,
                    Entry::InPlaceOfAnother(seat) => {
                        meters.refused("CONNECTION_LIMIT");
                        seat
                    }
                    Entry::Refused => {
                        meters.refused("CONNECTION_LIMIT");
                        continue;
                    }
                };
                meters.connection_opened();
                let connection = Connection { address, gate: Arc::clone(&gate), stop: stop.clone(), seat };
                open.spawn(connection.serve(stream, tls.as_ref().map(|tls| tls.now(gate.speaks()))));
            }
            // The other side gave up while connecting.
            Err(error) if is_by_peer(&error) => {}
            Err(error) => {
                meters.refused("ACCEPT_FAILED");
                if !has_logged {
                    tracing::error!(%error, "connections cannot be accepted; trying again");
                    has_logged = true;
                }
                sleep(PAUSE).await;
            }
        }
    }
}

fn is_by_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

struct Connection {
    address: SocketAddr,
    gate: Arc<dyn Answers>,
    stop: CancellationToken,
    seat: Arc<Seat>,
}

impl Connection {
    async fn serve(self, stream: TcpStream, tls: Option<Arc<rustls::ServerConfig>>) {
        let meters = &self.gate.shared().meters;
        // Answers are whole messages; waiting for more bytes would only delay them.
        let _ = stream.set_nodelay(true);
        meters.connection_begins();
        tokio::select! {
            biased;
            // Counted when it had to give way.
            () = self.seat.away.cancelled() => {}
            () = self.shakes_hands(stream, tls) => {}
        }
        meters.connection_ends();
    }

    /// TLS, where there is any, and then HTTP.
    async fn shakes_hands(&self, stream: TcpStream, tls: Option<Arc<rustls::ServerConfig>>) {
        let meters = &self.gate.shared().meters;
        let patience = self.gate.shared().options.handshake;
        match tls {
            None => self.http(stream, None).await,
            Some(config) => match timeout(patience, TlsAcceptor::from(config).accept(stream)).await {
                Ok(Ok(stream)) => {
                    let shown = stream.get_ref().1.peer_certificates().and_then(|c| c.first());
                    let names = shown.map(Names::of);
                    if names.is_some() {
                        // TLS has verified it.
                        self.seat.becomes_known();
                    }
                    self.http(stream, names).await;
                }
                Ok(Err(error)) => {
                    meters.refused("TLS_HANDSHAKE");
                    if self.gate.shared().may_log() {
                        tracing::warn!(connection.peer = %self.address, %error, "the TLS handshake failed");
                    }
                }
                Err(_) => meters.refused("SLOW_CONNECTION"),
            },
        }
    }

    /// How the connection speaks HTTP, with its limits.
    fn builder(&self) -> auto::Builder<TokioExecutor> {
        let options = &self.gate.shared().options;
        let mut builder = auto::Builder::new(TokioExecutor::new());
        if self.gate.speaks() == Speaks::Http2 {
            builder = builder.http2_only();
        }
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(options.handshake)
            .max_headers(HEADERS)
            .max_buf_size(HEADER_BUFFER);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(options.keepalive)
            .keep_alive_timeout(options.keepalive_timeout)
            .max_concurrent_streams(u32::try_from(options.calls_per_connection).unwrap_or(u32::MAX))
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .max_header_list_size(HEADER_BYTES)
            .auto_date_header(false);
        builder
    }

    async fn http(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, certificate: Option<Names>) {
        let options = &self.gate.shared().options;
        let peer = Arc::new(Peer { address: self.address, certificate, seat: Arc::clone(&self.seat) });
        let service = service_fn(|request| {
            let (gate, peer) = (Arc::clone(&self.gate), Arc::clone(&peer));
            async move { Ok::<_, Infallible>(gate.call(peer, request).await) }
        });
        let builder = self.builder();
        let io = TokioIo::new(Opening { stream, seen: 0, late: Some(Box::pin(sleep(options.handshake))) });
        let mut connection = pin!(builder.serve_connection(io, service));
        let mut age = pin!(async {
            if options.connection_age.is_zero() {
                std::future::pending().await
            } else {
                sleep(options.connection_age).await
            }
        });
        let mut nobody = pin!(async {
            sleep(options.first_call).await;
            if self.seat.is_known() {
                std::future::pending().await
            }
        });
        let ended = tokio::select! {
            ended = &mut connection => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = &mut age => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = &mut nobody => {
                self.gate.shared().meters.refused("SLOW_CONNECTION");
                connection.as_mut().graceful_shutdown();
                // Whoever does not answer that either is cut off; a call that came just in time is not.
                match timeout(options.handshake, &mut connection).await {
                    Ok(ended) => ended,
                    Err(_) if self.seat.is_known() => connection.await,
                    Err(_) => Ok(()),
                }
            }
        };
        if let Err(error) = ended {
            let reason = if is_slow(&*error) { "SLOW_CONNECTION" } else { "CONNECTION_BROKEN" };
            self.gate.shared().meters.refused(reason);
            tracing::debug!(connection.peer = %self.address, %error, reason, "a connection broke");
        }
    }
}

/// Whether a connection ended because its other end took too long.
fn is_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let is_timeout = error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_timeout);
        if is_timeout || error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::TimedOut) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A stream that must begin with a preface in time.
struct Opening<S> {
    stream: S,
    seen: usize,
    late: Option<Pin<Box<Sleep>>>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Opening<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let Some(late) = &mut this.late else { return Pin::new(&mut this.stream).poll_read(cx, buffer) };
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if read.is_ready() {
            this.seen += buffer.filled().len() - before;
            if this.seen >= PREFACE {
                this.late = None;
            }
        } else if late.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "no request in time")));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Opening<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
