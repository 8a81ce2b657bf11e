//! A file to download, and what came.

use lists::store::Validator;
use std::path::{Path, PathBuf};

/// A file to download.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "fetch"), expect(dead_code, reason = "without the feature nothing is downloaded"))]
pub(super) struct Wanted<'a> {
    pub(super) url: &'a str,
    pub(super) hosts: &'a [String],
    /// Whether it may come by plain HTTP from another machine.
    pub(super) is_trusted: bool,
    pub(super) name: &'a str,
    pub(super) folder: &'a Path,
    pub(super) known: Option<&'a Validator>,
}

/// The result of a download.
#[derive(Debug)]
#[cfg_attr(not(feature = "fetch"), expect(dead_code, reason = "without the feature nothing is downloaded"))]
pub(super) enum Got {
    NotModified,
    File(PathBuf, Validator),
}
