//! How much one request may hold.

use crate::service::guard::failure::{Failure, REQUEST_INVALID};

/// Queries or rows of one request at most.
const MAX_BATCH: usize = 100;

/// Refuses more than one request may hold.
pub(super) fn check_size(field: &str, count: usize) -> Result<(), Failure> {
    if count <= MAX_BATCH {
        return Ok(());
    }
    Err(Failure::field(REQUEST_INVALID, field, format!("{count} given; expected at most {MAX_BATCH}")))
}
