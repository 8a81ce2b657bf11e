//! In the place of the client where the program is built without the feature `fetch`.

use super::error::Error;
use super::target::Target;

/// A client that there is none of.
#[derive(Clone, Debug)]
pub(super) struct Client(std::convert::Infallible);

impl Client {
    /// # Errors
    /// Always: the feature is left out of this build.
    pub(super) fn new() -> Result<Self, Error> {
        Err(Error::Client("this program was built without the feature `fetch`: remove the targets".to_owned()))
    }

    #[expect(clippy::unused_async, reason = "the same door as with the feature")]
    pub(super) async fn send(&self, _target: &Target, _id: &str, _second: i64, _body: Vec<u8>) -> Result<(), String> {
        match self.0 {}
    }
}
