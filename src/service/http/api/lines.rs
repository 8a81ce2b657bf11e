//! One stream of shipments as lines of JSON: answers in order, with back-pressure and without a task of its own.
//!
//! The server polls for answers only while the caller takes them. Lines are read inside that poll, and only while there is
//! room, so a caller who stops taking answers is read no further. A line that cannot be read is answered in its place, as
//! `REFUSED`. What ends the stream before its end is its last line, `{"problem": ...}`: it has no outcome.

use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::guard::room::Held;
use crate::service::pool::{Ask, Lane};
use crate::service::recording::Recording;
use crate::service::web::{Web, problem, reply};
use axum::body::{Body, Bytes};
use current::screener::Identity;
use current::{Loaded, answer};
use http_body::{Body as HttpBody, Frame};
use model::shipment::Shipment;
use records::MAX_RECORD;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::WaitForCancellationFutureOwned;

/// Lines of one chunk, and bytes after which it is closed; as in a batch of gRPC, for JSON that is twice as long.
const CHUNK_LINES: usize = 32;
const CHUNK_BYTES: usize = 128 * 1024;

/// The answers of a chunk, once they may leave.
type Chunked = Pin<Box<dyn Future<Output = Result<Vec<u8>, Failure>> + Send>>;

/// The answers of one stream.
pub(super) struct Lines {
    web: Arc<Web>,
    asked: Asked,
    loaded: Arc<Loaded>,
    identity: Arc<Identity>,
    verbose: bool,
    /// `None` when the stream is read no further.
    body: Option<Body>,
    /// What was read and makes no whole line yet, after the lines that wait.
    rest: Vec<u8>,
    chunk: Chunk,
    /// Chunks in progress, each with its bytes.
    in_progress: VecDeque<(usize, Chunked)>,
    held: Arc<Held>,
    /// Ends the stream once everything read before is answered.
    ending: Option<Failure>,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Fires when the stream was idle for too long, or the deadline has passed.
    idle: Pin<Box<Sleep>>,
}

/// Whole lines that wait to be screened together.
#[derive(Default)]
struct Chunk {
    lines: Vec<Vec<u8>>,
    bytes: usize,
}

impl Lines {
    /// Answers what `body` brings. All of it is screened against the lists in force now.
    pub(super) fn new(web: Arc<Web>, asked: Asked, body: Body, verbose: bool) -> Result<Self, Failure> {
        let loaded = web.shared.loaded()?;
        let held = asked.held.clone().unwrap_or_else(|| web.shared.room.hold(false));
        let idle = Box::pin(sleep_until(idle_at(&web, &asked)));
        Ok(Self {
            identity: Arc::new(Identity::of_loaded(&loaded)),
            loaded,
            verbose,
            body: Some(body),
            rest: Vec::new(),
            chunk: Chunk::default(),
            in_progress: VecDeque::new(),
            held,
            ending: None,
            cut: Box::pin(web.shared.cut.clone().cancelled_owned()),
            idle,
            web,
            asked,
        })
    }

    /// Reads while there is something to read, and room for it.
    fn read(&mut self, cx: &mut Context<'_>) {
        let window = 2 * self.web.shared.pool.threads();
        while self.in_progress.len() < window
            && (self.in_progress.is_empty() || !self.held.is_full())
            && let Some(body) = &mut self.body
        {
            match Pin::new(body).poll_frame(cx) {
                Poll::Pending => {
                    // Nobody waits for a chunk to fill while the threads have nothing to do.
                    if self.in_progress.is_empty() {
                        self.submit();
                    }
                    return;
                }
                Poll::Ready(None) => {
                    self.body = None;
                    let last = std::mem::take(&mut self.rest);
                    self.take_line(last);
                    self.submit();
                }
                Poll::Ready(Some(Err(_))) => self.end(Failure::Malformed("the request broke off".to_owned())),
                Poll::Ready(Some(Ok(frame))) => {
                    self.idle.as_mut().reset(idle_at(&self.web, &self.asked));
                    if let Ok(data) = frame.into_data() {
                        self.take(&data);
                    }
                }
            }
        }
    }

    /// Cuts what came into lines.
    fn take(&mut self, data: &[u8]) {
        if let Err(failure) = self.held.add(data.len()).and_then(|()| self.held.whole(data.len())) {
            self.end(failure);
            return;
        }
        let mut pieces = data.split(|&byte| byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            // Of a line that is too long one byte too many is kept, so that it is refused and not cut short.
            let room = (MAX_RECORD + 1).saturating_sub(self.rest.len()).min(piece.len());
            self.rest.extend_from_slice(&piece[..room]);
            self.held.give_back(piece.len() - room);
            if pieces.peek().is_some() {
                self.held.give_back(1);
                let line = std::mem::take(&mut self.rest);
                self.take_line(line);
            }
        }
    }

    fn take_line(&mut self, line: Vec<u8>) {
        if line.trim_ascii().is_empty() {
            self.held.give_back(line.len());
            return;
        }
        self.chunk.bytes += line.len();
        self.chunk.lines.push(line);
        if self.chunk.lines.len() >= CHUNK_LINES || self.chunk.bytes >= CHUNK_BYTES {
            self.submit();
        }
    }

    /// Hands the waiting lines to the threads that screen.
    fn submit(&mut self) {
        let Chunk { lines, bytes } = std::mem::take(&mut self.chunk);
        if lines.is_empty() || self.ending.is_some() {
            self.held.give_back(bytes);
            return;
        }
        if let Err(failure) = self.asked.caller.charge_shipments(lines.len()) {
            self.held.give_back(bytes);
            self.end(failure);
            return;
        }
        let (loaded, identity) = (Arc::clone(&self.loaded), Arc::clone(&self.identity));
        let (shared, verbose) = (Arc::clone(&self.web.shared), self.verbose);
        let recording = Recording::of(&shared, &loaded, &self.asked, verbose);
        let ask = Ask { lane: Lane::of_part(bytes / 2), share: self.asked.share, deadline: self.asked.deadline };
        let answer = self.web.shared.pool.submit(ask, move |scratch, wanted| {
            let mut answered = Vec::with_capacity(lines.len());
            for line in lines {
                let (reference, read) = read_line(&line);
                answered.push(match read {
                    Err(why) => (recording.unread(&line), identity.refuse(reference, why)),
                    Ok(mut sent) => {
                        sent.reference.clone_from(&reference);
                        let received = recording.request(&mut sent);
                        let shipment = Shipment { reference, ..wire::shipment_from_wire(sent) };
                        let stop = Arc::clone(wanted) as Arc<dyn engine::screen::Stop>;
                        let screened = loaded.screen_until(&shipment, stop, scratch).map_err(|_| Failure::Expired)?;
                        (received, wire::screening_to_wire(answer::with_detail(screened, &shipment, verbose)))
                    }
                });
            }
            let recorded = recording.record(answered.iter_mut().map(|(received, answer)| (received.take(), answer)));
            let mut answers = Vec::with_capacity(2 * bytes);
            for (_, screening) in answered {
                shared.screened(std::slice::from_ref(&screening));
                answer::json_line(screening, verbose, &mut answers);
            }
            Ok((answers, recorded))
        });
        let answered = async move {
            let (answers, recorded) = answer.await?;
            recorded.await?;
            Ok(answers)
        };
        self.in_progress.push_back((bytes, Box::pin(answered)));
    }

    /// Reads no further; what was read before is still answered.
    fn end(&mut self, failure: Failure) {
        self.body = None;
        if self.ending.is_none() {
            self.submit();
        }
        self.ending.get_or_insert(failure);
    }

    /// The last line of a stream that ends before its end.
    fn problem(&mut self, failure: &Failure) -> Bytes {
        self.body = None;
        self.in_progress.clear();
        let mut line = reply::to_json(&serde_json::json!({ "problem": problem::details(failure, "") }));
        line.push(b'\n');
        self.web.shared.meters.refused(failure.reason());
        Bytes::from(line)
    }
}

/// The shipment of a line, with its reference; or why there is none.
fn read_line(line: &[u8]) -> (String, Result<wire::v1::Shipment, String>) {
    if line.len() > MAX_RECORD {
        return (String::new(), Err(records::Cause::TooLong.to_string()));
    }
    if let Err(too_many) = wire::weight::check_json(line) {
        return (String::new(), Err(too_many.to_string()));
    }
    let (reference, read) = records::json::record(line.trim_ascii());
    (reference, read.map_err(|cause| cause.to_string()))
}

impl HttpBody for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.body.is_some() && this.cut.as_mut().poll(cx).is_ready() {
            this.end(Failure::Stopping);
        }
        this.read(cx);
        let Some((bytes, first)) = this.in_progress.front_mut() else {
            let failure = match (this.ending.take(), &this.body) {
                (Some(failure), _) => failure,
                (None, None) => return Poll::Ready(None),
                (None, Some(_)) => {
                    ready!(this.idle.as_mut().poll(cx));
                    let is_late = this.asked.deadline.is_some_and(|d| d <= Instant::now());
                    if is_late { Failure::Expired } else { Failure::Idle }
                }
            };
            return Poll::Ready(Some(Ok(Frame::data(this.problem(&failure)))));
        };
        let answered = ready!(first.as_mut().poll(cx));
        this.held.give_back(*bytes);
        this.in_progress.pop_front();
        this.idle.as_mut().reset(idle_at(&this.web, &this.asked));
        let data = match answered {
            Ok(answers) => Bytes::from(answers),
            Err(failure) => this.problem(&failure),
        };
        Poll::Ready(Some(Ok(Frame::data(data))))
    }
}

fn idle_at(web: &Web, asked: &Asked) -> Instant {
    let idle = Instant::now() + web.shared.options.stream_idle;
    asked.deadline.map_or(idle, |deadline| deadline.min(idle))
}
