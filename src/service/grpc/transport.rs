//! Connections: accepting them, TLS, and what a slow or dead one may cost.
//!
//! A connection has to say something sensible soon after it opens, and is asked now and then whether it is still
//! there. When descriptors run out, accepting pauses and goes on; nothing else notices.

use super::access::{Names, Peer};
use super::guard::Guard;
use super::tls::Tls;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Bytes that open HTTP/2.
const PREFACE: usize = 24;

/// How long to wait when the system has no descriptor left.
const PAUSE: Duration = Duration::from_millis(50);

/// Windows of HTTP/2 and what is kept of an answer that the caller does not take. A batch of 500 shipments fits a
/// stream's window; what all streams of a connection can have under way at once is bounded by its window.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 2 << 20;
const SEND_BUFFER: usize = 1 << 20;
const HEADER_BYTES: u32 = 16 * 1024;

/// Accepts until told to stop. Connections end by themselves once the stop is there and their calls are done; the
/// tracker tells when.
pub(super) async fn accept(
    listener: TcpListener,
    guard: Arc<Guard>,
    tls: Option<Arc<Tls>>,
    stop: CancellationToken,
    open: TaskTracker,
) {
    let room = Arc::new(Semaphore::new(guard.shared.options.max_connections));
    let mut complained = false;
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let meters = &guard.shared.meters;
        match accepted {
            Ok((stream, address)) => {
                complained = false;
                let Ok(permit) = Arc::clone(&room).try_acquire_owned() else {
                    meters.refused("CONNECTION_LIMIT");
                    continue;
                };
                meters.connections_opened.increment(1);
                let connection = Connection { address, guard: Arc::clone(&guard), stop: stop.clone(), _permit: permit };
                open.spawn(connection.serve(stream, tls.as_ref().map(|tls| tls.now())));
            }
            // The other side gave up between knocking and entering.
            Err(error) if is_of_the_other_side(&error) => {}
            Err(error) => {
                meters.refused("ACCEPT_FAILED");
                if !complained {
                    tracing::error!(%error, "connections cannot be accepted; trying on");
                    complained = true;
                }
                sleep(PAUSE).await;
            }
        }
    }
}

fn is_of_the_other_side(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

struct Connection {
    address: SocketAddr,
    guard: Arc<Guard>,
    stop: CancellationToken,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    async fn serve(self, stream: TcpStream, tls: Option<Arc<rustls::ServerConfig>>) {
        let meters = &self.guard.shared.meters;
        let patience = self.guard.shared.options.handshake;
        // Answers are whole messages; holding them back for more would only delay them.
        let _ = stream.set_nodelay(true);
        meters.connections.increment(1.0);
        match tls {
            None => self.http(stream, None).await,
            Some(config) => match timeout(patience, TlsAcceptor::from(config).accept(stream)).await {
                Ok(Ok(stream)) => {
                    let shown = stream.get_ref().1.peer_certificates().and_then(|c| c.first());
                    let names = shown.map(Names::of);
                    self.http(stream, names).await;
                }
                Ok(Err(error)) => {
                    meters.refused("TLS_HANDSHAKE");
                    if self.guard.shared.may_log() {
                        tracing::warn!(connection.peer = %self.address, %error, "TLS could not be agreed on");
                    }
                }
                Err(_) => meters.refused("SLOW_CONNECTION"),
            },
        }
        meters.connections.decrement(1.0);
    }

    async fn http(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, certificate: Option<Names>) {
        let options = &self.guard.shared.options;
        let peer = Arc::new(Peer { address: self.address, certificate });
        let service = service_fn(|request| {
            let (guard, peer) = (Arc::clone(&self.guard), Arc::clone(&peer));
            async move { Ok::<_, Infallible>(guard.call(peer, request).await) }
        });
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .keep_alive_interval(options.keepalive)
            .keep_alive_timeout(options.keepalive_timeout)
            .max_concurrent_streams(u32::try_from(options.calls_per_connection).unwrap_or(u32::MAX))
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .max_header_list_size(HEADER_BYTES)
            .auto_date_header(false);
        let io = TokioIo::new(Opening { stream, seen: 0, late: Some(Box::pin(sleep(options.handshake))) });
        let mut connection = pin!(builder.serve_connection(io, service));
        let mut age = pin!(async {
            if options.connection_age.is_zero() {
                std::future::pending().await
            } else {
                sleep(options.connection_age).await
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
        };
        if let Err(error) = ended {
            let is_slow = std::error::Error::source(&error)
                .and_then(|e| e.downcast_ref::<io::Error>())
                .is_some_and(|e| e.kind() == io::ErrorKind::TimedOut);
            let reason = if error.is_timeout() || is_slow { "SLOW_CONNECTION" } else { "CONNECTION_BROKEN" };
            self.guard.shared.meters.refused(reason);
            tracing::debug!(connection.peer = %self.address, %error, reason, "a connection ended by a fault");
        }
    }
}

/// A stream whose first bytes must come in time.
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
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "HTTP/2 was not spoken in time")));
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
