//! Files that the log speaks of.

use crate::bytes::{Digest, sha256};
use crate::error::{Error, Result};
use crate::layout::Layout;
use std::fs;

/// The digest of the file with the wrapped signing key.
pub(crate) fn seal_digest(layout: &Layout) -> Result<Digest> {
    let path = layout.keys().join("seal.key");
    Ok(sha256(&[&fs::read(&path).map_err(Error::io("read", &path))?]))
}
