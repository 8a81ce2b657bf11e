//! Certificates: the service's own, and the authorities of callers' certificates. Read again when they change.

use crate::config::{self, ClientCertificates};
use arc_swap::ArcSwap;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why certificates were refused.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file could not be read, or is not PEM.
    #[error("{}: {cause}; expected {expected} in PEM", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
        /// What is wrong.
        cause: String,
    },
    /// The parts do not fit together.
    #[error("{}: {cause}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
}

/// Which versions of HTTP a port speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    /// gRPC needs HTTP/2.
    Http2,
    /// Browsers and tools: HTTP/1.1 or HTTP/2.
    Both,
}

/// The TLS settings in force.
#[derive(Debug)]
pub(super) struct Tls {
    files: config::Tls,
    now: ArcSwap<Settings>,
}

/// The same settings for each kind of port.
#[derive(Debug)]
struct Settings {
    http2: Arc<rustls::ServerConfig>,
    both: Arc<rustls::ServerConfig>,
}

impl Tls {
    /// Reads the files; `None` where no certificate is configured.
    pub(super) fn load(files: &config::Tls) -> Result<Option<Self>, TlsError> {
        let (Some(certificate), Some(key)) = (&files.certificate, &files.key) else { return Ok(None) };
        let now = ArcSwap::from_pointee(read(files, certificate, key)?);
        Ok(Some(Self { files: files.clone(), now }))
    }

    /// The settings for the next connection.
    pub(super) fn now(&self, speaks: Speaks) -> Arc<rustls::ServerConfig> {
        let now = self.now.load();
        Arc::clone(match speaks {
            Speaks::Http2 => &now.http2,
            Speaks::Both => &now.both,
        })
    }

    /// Reads the files again; connections from now on see what they hold. If one is invalid, the old settings stay in force.
    pub(super) fn reload(&self) -> Result<(), TlsError> {
        if let (Some(certificate), Some(key)) = (&self.files.certificate, &self.files.key) {
            self.now.store(Arc::new(read(&self.files, certificate, key)?));
        }
        Ok(())
    }

    /// The files to watch for changes.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        [&self.files.certificate, &self.files.key, &self.files.client_ca].into_iter().filter_map(Option::as_deref)
    }
}

fn read(files: &config::Tls, certificate: &Path, key: &Path) -> Result<Settings, TlsError> {
    let refused = |path: &Path, cause: String| TlsError::Refused { path: path.to_owned(), cause };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| refused(certificate, e.to_string()))?;
    let builder = match &files.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for root in certificates(path)? {
                roots.add(root).map_err(|e| refused(path, e.to_string()))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            let verifier = match files.client_certificates {
                ClientCertificates::Required => verifier,
                ClientCertificates::Optional => verifier.allow_unauthenticated(),
            };
            builder.with_client_cert_verifier(verifier.build().map_err(|e| refused(path, e.to_string()))?)
        }
    };
    let private = PrivateKeyDer::from_pem_file(key).map_err(|e| file_error(key, "a private key", &e))?;
    let mut config = builder
        .with_single_cert(certificates(certificate)?, private)
        .map_err(|e| refused(certificate, format!("does not match {}: {e}", key.display())))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    let mut both = config.clone();
    both.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(Settings { http2: Arc::new(config), both: Arc::new(both) })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    const EXPECTED: &str = "one or more certificates";
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = read.map_err(|e| file_error(path, EXPECTED, &e))?;
    if found.is_empty() {
        return Err(file_error(path, EXPECTED, &pem::Error::NoItemsFound));
    }
    Ok(found)
}

fn file_error(path: &Path, expected: &'static str, error: &pem::Error) -> TlsError {
    TlsError::File { path: path.to_owned(), expected, cause: error.to_string() }
}
