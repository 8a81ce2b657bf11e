//! The request of a call as gRPC reads it.

use crate::service::guard::room::Held;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tonic::Status;
use tonic::codegen::{Body as HttpBody, Bytes};

/// The request of a call, its bytes counted as they come.
#[derive(Debug)]
pub(super) struct Intake {
    body: Incoming,
    held: Option<Arc<Held>>,
}

impl Intake {
    /// `held` is the account of its bytes; `None`: they are not counted.
    pub(super) fn new(body: Incoming, held: Option<Arc<Held>>) -> Self {
        Self { body, held }
    }
}

impl HttpBody for Intake {
    type Data = Bytes;
    type Error = tonic::codegen::StdError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        Poll::Ready(frame.map(|frame| {
            // A request that breaks off was given up, or its connection was.
            let frame = frame.map_err(|_| Status::cancelled("the caller went away"))?;
            if let (Some(held), Some(data)) = (&self.held, frame.data_ref()) {
                held.add(data.len()).map_err(Status::from)?;
            }
            Ok(frame)
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
