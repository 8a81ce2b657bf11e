//! Where a service is, and how a client identifies itself.

use super::error::{Error, with_causes};
use std::fs;
use std::path::{Path, PathBuf};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity, Uri};
use tonic::{Request, Status};

/// The address of a service, and credentials for it.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// `https://HOST:PORT`, `http://HOST:PORT`, or `HOST:PORT`, which means https if `ca` is given.
    pub url: String,
    /// Certificate authorities of the service, PEM; `None`: those that the system trusts.
    pub ca: Option<PathBuf>,
    /// Own certificate chain and private key, PEM.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// API key; never sent unencrypted to another machine.
    pub key: Option<ApiKey>,
}

/// An API key; never printed.
#[derive(Clone)]
pub struct ApiKey(MetadataValue<Ascii>);

impl ApiKey {
    /// `None` when the text is empty or has characters that a header cannot carry.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut value: MetadataValue<Ascii> = (!text.is_empty()).then(|| format!("Bearer {text}").parse().ok())??;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiKey")
    }
}

/// Adds the key to each call.
#[derive(Clone, Debug)]
pub(super) struct WithKey(pub(super) Option<ApiKey>);

impl Interceptor for WithKey {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(ApiKey(key)) = &self.0 {
            request.metadata_mut().insert("authorization", key.clone());
        }
        Ok(request)
    }
}

impl Target {
    /// The whole address, scheme included.
    pub(super) fn address(&self) -> String {
        match (self.url.contains("://"), &self.ca) {
            (true, _) => self.url.clone(),
            (false, None) => format!("http://{}", self.url),
            (false, Some(_)) => format!("https://{}", self.url),
        }
    }

    /// Where and how to connect; refuses what is invalid or unsafe.
    pub(super) fn endpoint(&self) -> Result<Endpoint, Error> {
        let url = self.address();
        let invalid = || Error::Address(url.clone());
        let uri: Uri = url.parse().map_err(|_| invalid())?;
        let endpoint = Endpoint::from_shared(url.clone()).map_err(|_| invalid())?;
        match uri.scheme_str() {
            Some("https") => endpoint.tls_config(self.tls()?).map_err(|e| Error::Tls(with_causes(&e))),
            Some("http") if self.ca.is_some() || self.identity.is_some() => Err(Error::PlainAddress(url)),
            Some("http") if self.key.is_some() && !is_local(uri.host()) => Err(Error::PlainKey(url)),
            Some("http") => Ok(endpoint),
            _ => Err(invalid()),
        }
    }

    fn tls(&self) -> Result<ClientTlsConfig, Error> {
        let read = |path: &Path| fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source });
        let mut tls = match &self.ca {
            Some(ca) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(ca)?)),
            None => ClientTlsConfig::new().with_native_roots(),
        };
        if let Some((certificate, key)) = &self.identity {
            tls = tls.identity(Identity::from_pem(read(certificate)?, read(key)?));
        }
        Ok(tls)
    }
}

/// Whether a host of an address is this machine.
fn is_local(host: Option<&str>) -> bool {
    let host = host.unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_or_unsafe_address_is_refused() {
        let other = Target { url: "ftp://127.0.0.1:1".to_owned(), ..Target::default() };
        assert!(matches!(other.endpoint(), Err(Error::Address(_))));
        let refused = |target: Target| target.endpoint().unwrap_err().to_string();
        let clear = Target { url: "http://192.0.2.1:1".to_owned(), key: ApiKey::new("k"), ..Target::default() };
        assert!(refused(clear.clone()).contains("another machine") && !format!("{clear:?}").contains("Bearer"));
    }
}
