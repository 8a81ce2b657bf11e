//! The request of a call as gRPC reads it.

use crate::service::guard::room::Held;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tonic::Status;
use tonic::codegen::{Body as HttpBody, Bytes};

/// Where the bytes of a request come from.
#[derive(Debug)]
pub(in crate::service) enum Source {
    /// From a connection of gRPC.
    Wire(Incoming),
    /// From one of gRPC-web, already as gRPC writes it.
    #[cfg(feature = "http")]
    Web(tonic::body::Body),
}

/// The request of a call, its bytes counted as they come.
#[derive(Debug)]
pub(super) struct Intake {
    body: Source,
    held: Option<Arc<Held>>,
}

impl Intake {
    /// `held` is the account of its bytes; `None`: they are not counted.
    pub(super) fn new(body: Source, held: Option<Arc<Held>>) -> Self {
        Self { body, held }
    }
}

impl HttpBody for Intake {
    type Data = Bytes;
    type Error = tonic::codegen::StdError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        // A request that breaks off was given up, or its connection was.
        let frame = match &mut self.body {
            Source::Wire(body) => ready!(Pin::new(body).poll_frame(cx)).map(Result::ok),
            #[cfg(feature = "http")]
            Source::Web(body) => ready!(Pin::new(body).poll_frame(cx)).map(Result::ok),
        };
        Poll::Ready(frame.map(|frame| {
            let frame = frame.ok_or_else(|| Status::cancelled("the caller went away"))?;
            if let (Some(held), Some(data)) = (&self.held, frame.data_ref()) {
                held.add(data.len()).map_err(Status::from)?;
            }
            Ok(frame)
        }))
    }

    fn is_end_stream(&self) -> bool {
        match &self.body {
            Source::Wire(body) => body.is_end_stream(),
            #[cfg(feature = "http")]
            Source::Web(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Source::Wire(body) => body.size_hint(),
            #[cfg(feature = "http")]
            Source::Web(body) => body.size_hint(),
        }
    }
}
