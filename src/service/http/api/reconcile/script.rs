//! Answers as scripts (JSONP), which are refused.

use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::web::query::Query;

/// Refuses an answer as a script, which any page could load and read, whatever `http.cors_origins` says. OpenRefine asks for
/// one only where it may not read the answer itself.
pub(super) fn refuse(query: &Query) -> Result<(), Failure> {
    let expected = "expected JSON alone: name the origin of OpenRefine's pages in http.cors_origins";
    match query.get("callback") {
        None => Ok(()),
        Some(_) => Err(Failure::field(REQUEST_INVALID, "callback", expected.to_owned())),
    }
}
