//! Who may call, how often, and how much at once; the same for every protocol.

pub(super) mod access;
pub(super) mod callers;
pub(super) mod failure;
pub(super) mod quota;
pub(super) mod request_id;
pub(super) mod room;
pub(super) mod roster;
pub(super) mod seats;
pub(super) mod share;
