//! Whose work something is.

/// One number for each caller that can be told from others: what it has of the processors is weighed against theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::service) struct Share(pub(in crate::service) u64);
