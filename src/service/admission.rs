//! Whether a call is let in: scope, quota, room and time; the same for every protocol.

use super::guard::access::{Caller, Peer};
use super::guard::failure::Failure;
use super::guard::room::{Call, Held};
use super::guard::share::Share;
use super::methods::{Kind, Method, Need};
use super::shared::Shared;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// For whom and until when a call is answered, and what it may use: what travels with it to whoever answers it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) caller: Arc<Caller>,
    /// Whose share of the processors it takes.
    pub(super) share: Share,
    /// When nobody waits any more.
    pub(super) deadline: Option<Instant>,
    /// The account of its bytes; `None`: they are not counted.
    pub(super) held: Option<Arc<Held>>,
    /// The id of the call, for the ledger; empty where none is kept.
    pub(super) id: Arc<str>,
}

/// A call that was let in.
#[derive(Debug)]
pub(super) struct Admitted {
    pub(super) asked: Asked,
    /// The room it takes until the last byte of its answer has left.
    pub(super) room: Option<Call>,
    /// When a call other than a stream must have been answered.
    pub(super) limit: Option<Instant>,
}

/// Lets a call of `caller` in, or refuses it. `patience` is how long the caller says it waits; `is_compressed`, whether
/// its request is; `id` is its own.
pub(super) fn admit(
    shared: &Shared,
    method: &Method,
    caller: Arc<Caller>,
    peer: &Peer,
    id: &str,
    (now, patience, is_compressed): (Instant, Option<Duration>, bool),
) -> Result<Admitted, Failure> {
    let id: Arc<str> = if shared.recorder.is_some() { id.into() } else { Arc::default() };
    let share = shared.access.share(&caller, peer);
    if method.need == Need::Nothing && method.kind == Kind::Free {
        return Ok(Admitted {
            asked: Asked { caller, share, deadline: None, held: None, id },
            room: None,
            limit: None,
        });
    }
    if let Need::OneOf(scopes) = method.need
        && !scopes.iter().any(|&scope| caller.may(scope))
    {
        return Err(Failure::ScopeMissing(scopes[0].as_str()));
    }
    caller.charge_call()?;
    let held = (method.kind != Kind::Free).then(|| shared.room.hold(is_compressed));
    let room = match method.kind {
        // The bytes of a call count until it ends; those of a stream, until each message is answered.
        Kind::Unary => Some(shared.room.admit(&caller)?.holding(held.clone())),
        Kind::Stream => Some(shared.room.admit_stream(&caller)?),
        Kind::Free => None,
    };
    let own = patience.and_then(|patience| now.checked_add(patience));
    let ours = (method.kind == Kind::Unary).then(|| now + shared.options.call);
    let deadline = own.into_iter().chain(ours).min();
    if method.need != Need::Nothing {
        shared.meters.called_by(&caller);
    }
    let limit = deadline.filter(|_| method.kind == Kind::Unary);
    Ok(Admitted { asked: Asked { caller, share, deadline, held, id }, room, limit })
}
