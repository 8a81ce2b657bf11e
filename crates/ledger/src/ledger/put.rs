//! Files that the log speaks of.

use crate::bytes::{self, Digest, sha256};
use crate::error::{Error, Result};
use crate::keep;
use crate::layout::Layout;
use std::fs;

/// Keeps settings, has them recorded, and only then puts them into force.
pub(super) fn write_settings(layout: &Layout, text: &str, record: impl FnOnce(String) -> Result<()>) -> Result<()> {
    let digest = keep::keep(layout, text.as_bytes())?;
    record(digest)?;
    bytes::write_whole(&layout.settings(), text.as_bytes(), false)
}

/// The digest of the file with the wrapped signing key.
pub(crate) fn seal_digest(layout: &Layout) -> Result<Digest> {
    let path = layout.keys().join("seal.key");
    Ok(sha256(&[&fs::read(&path).map_err(Error::io("read", &path))?]))
}
