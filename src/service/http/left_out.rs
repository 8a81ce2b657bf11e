//! In the place of the HTTP port where the program is built without the feature `http`.

use super::error::Error;
use crate::config;
use crate::service::handle::Handle;
use crate::shutdown::Shutdown;
use std::io;
use std::net::SocketAddr;

/// A port that is never bound.
#[derive(Debug)]
pub struct Api(std::convert::Infallible);

impl Api {
    /// Says that HTTP was left out.
    ///
    /// # Errors
    /// Always.
    pub async fn bind(
        address: SocketAddr,
        _http: &config::Http,
        _console: &config::Console,
        _handle: &Handle,
    ) -> Result<Self, Error> {
        Err(Error::LeftOut { setting: "http.listen", address })
    }

    /// Never called.
    ///
    /// # Errors
    /// None.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match self.0 {}
    }

    /// Never called.
    pub async fn serve(self, _shutdown: Shutdown) {
        match self.0 {}
    }
}
