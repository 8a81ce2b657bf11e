//! Limits on names in requests.

use crate::service::guard::failure::{Failure, REQUEST_INVALID};

/// The most bytes of a name to compare or search. The time of a comparison grows with the square of them, and the
/// longest listed names have a few hundred.
const MAX_NAME_BYTES: usize = 4096;

/// A name must not be empty, nor longer than [`MAX_NAME_BYTES`].
pub(super) fn check_name(field: &str, name: &str) -> Result<(), Failure> {
    let fault = |description| Err(Failure::field(REQUEST_INVALID, field, description));
    if name.trim().is_empty() {
        return fault("is empty; expected a name".to_owned());
    }
    if name.len() > MAX_NAME_BYTES {
        return fault(format!("has {} bytes; expected at most {MAX_NAME_BYTES}", name.len()));
    }
    Ok(())
}
