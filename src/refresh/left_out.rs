//! What stands in for downloads in a build without the feature `fetch`: every door refuses and says why.

use super::bounds::Bounds;
use super::wanted::{Got, Wanted};

/// Downloads files; in this build there is none.
#[derive(Clone, Debug)]
pub struct Client(Never);

/// Has no values.
#[derive(Clone, Copy, Debug)]
enum Never {}

/// Why downloads are not possible.
#[derive(Debug, thiserror::Error)]
#[error(
    "this program was built without the feature `fetch`: download the lists by other means, or use a build with it"
)]
pub struct ClientError;

/// Why a file could not be downloaded.
#[derive(Debug, thiserror::Error)]
#[error("this program was built without the feature `fetch`")]
pub(in crate::refresh) struct Error;

impl Client {
    /// # Errors
    /// Always: the feature is left out of this build.
    pub fn new(_bounds: Bounds) -> Result<Self, ClientError> {
        Err(ClientError)
    }

    #[expect(clippy::unused_async, reason = "the same door as with the feature")]
    pub(super) async fn get(&self, _wanted: Wanted<'_>) -> Result<Got, Error> {
        match self.0 {}
    }
}

/// Where an address leads.
pub(crate) struct Place {
    pub(crate) host: String,
    pub(crate) is_safe: bool,
}

/// Where an address leads.
///
/// # Errors
/// Never: without downloads an address is only text.
#[expect(clippy::unnecessary_wraps, reason = "the same door as with the feature")]
pub(crate) fn place_of(url: &str) -> Result<Place, String> {
    Ok(Place { host: url.to_owned(), is_safe: true })
}
