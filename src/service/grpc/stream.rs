//! One stream of shipments: answers in request order, with back-pressure and without a task of its own.
//!
//! tonic polls for answers only while the caller takes them. Reading happens inside that poll, and only while there
//! is room, so a caller who stops taking answers is read no further, and nothing piles up.

use crate::service::admission::Asked;
use crate::service::batch::Batch;
use crate::service::guard::failure::Failure;
use crate::service::guard::room::Held;
use crate::service::shared::Shared;
use crate::service::status;
use prost::Message as _;
use std::collections::VecDeque;
use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_stream::Stream;
use tokio_util::sync::WaitForCancellationFutureOwned;
use tonic::{Status, Streaming};
use wire::v1;

/// The answers of one stream.
#[derive(Debug)]
pub(super) struct Answers {
    shared: Arc<Shared>,
    /// `None` when the stream is read no further.
    requests: Option<Streaming<v1::ScreenStreamRequest>>,
    /// Messages in progress, each with its size.
    in_progress: VecDeque<(usize, Batch)>,
    bytes: usize,
    asked: Asked,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Ends the stream once everything read before is answered.
    ending: Option<Status>,
    /// The bytes of its messages, counted against those of all calls.
    held: Arc<Held>,
    /// Fires when the stream was idle for too long, or the deadline has passed.
    idle: Pin<Box<Sleep>>,
}

impl Answers {
    pub(super) fn new(shared: &Arc<Shared>, asked: Asked, requests: Streaming<v1::ScreenStreamRequest>) -> Self {
        let held = asked.held.clone().unwrap_or_else(|| shared.room.hold(false));
        let idle = Box::pin(sleep_until(idle_at(shared, asked.deadline)));
        Self {
            shared: Arc::clone(shared),
            requests: Some(requests),
            in_progress: VecDeque::new(),
            bytes: 0,
            asked,
            cut: Box::pin(shared.cut.clone().cancelled_owned()),
            ending: None,
            held,
            idle,
        }
    }

    fn end(&mut self, status: Status) {
        self.requests = None;
        self.ending = Some(status);
    }

    /// Reads messages while there are any, and room for them.
    fn read(&mut self, cx: &mut Context<'_>) {
        while self.in_progress.len() < self.shared.options.stream_in_flight
            && self.bytes < 2 * self.shared.options.max_message_bytes
            // With an answer due there is another chance to read; without one, the next message is refused.
            && (self.in_progress.is_empty() || !self.held.is_full())
            && let Some(requests) = &mut self.requests
            && let Poll::Ready(next) = Pin::new(requests).poll_next(cx)
        {
            match next {
                None => self.requests = None,
                Some(Err(status)) => self.end(status::explained(status)),
                Some(Ok(request)) => {
                    let bytes = request.encoded_len();
                    if let Err(failure) = self.held.whole(bytes) {
                        self.end(failure.into());
                        return;
                    }
                    match Batch::start(&self.shared, &self.asked, request.shipments, request.verbose) {
                        Ok(batch) => {
                            self.bytes += bytes;
                            self.in_progress.push_back((bytes, batch));
                        }
                        Err(failure) => self.end(failure.into()),
                    }
                }
            }
        }
    }
}

impl Stream for Answers {
    type Item = Result<v1::ScreenStreamResponse, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.requests.is_some() && this.cut.as_mut().poll(cx).is_ready() {
            this.end(Failure::Stopping.into());
        }
        this.read(cx);
        let Some((bytes, first)) = this.in_progress.front_mut() else {
            return match (this.ending.take(), &this.requests) {
                (Some(status), _) => Poll::Ready(Some(Err(status))),
                (None, None) => Poll::Ready(None),
                (None, Some(_)) if this.idle.as_mut().poll(cx).is_ready() => {
                    this.requests = None;
                    let is_late = this.asked.deadline.is_some_and(|d| d <= Instant::now());
                    Poll::Ready(Some(Err(if is_late { Failure::Expired } else { Failure::Idle }.into())))
                }
                (None, Some(_)) => Poll::Pending,
            };
        };
        let answer = ready!(first.poll_finish(cx));
        let lists = this.shared.ages(first.loaded());
        this.bytes -= *bytes;
        this.held.give_back(*bytes);
        this.in_progress.pop_front();
        this.idle.as_mut().reset(idle_at(&this.shared, this.asked.deadline));
        Poll::Ready(Some(answer.map(|screenings| v1::ScreenStreamResponse { screenings, lists }).map_err(|failure| {
            // Answers after a gap would look like answers to other messages.
            this.in_progress.clear();
            this.requests = None;
            this.ending = None;
            failure.into()
        })))
    }
}

fn idle_at(shared: &Shared, deadline: Option<Instant>) -> Instant {
    let idle = Instant::now() + shared.options.stream_idle;
    deadline.map_or(idle, |deadline| deadline.min(idle))
}
