//! Where the database is, and whether the way there needs TLS.

use ledger::{Error, Result};
use postgres::Config;
use postgres::config::{Host, SslMode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long sent bytes may stay without an answer of the server's system.
const DEAD: Duration = Duration::from_secs(30);
/// The parameter that names a file with the authorities to trust, as libpq has it.
const ROOTS: &str = "sslrootcert";

/// A database.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: Config,
    /// `None`: the way there is the machine's own, or the address asks for none.
    pub(crate) tls: Option<MakeRustlsConnect>,
    /// What messages call it: host, port and database.
    pub(crate) name: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Address {
    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. The way to another machine is by TLS, with a certificate that the
    /// system trusts or one of the file `sslrootcert`, unless `sslmode=disable` says otherwise.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let wrong = |why: String| Error::Database { place: "Postgres".to_owned(), why };
        if !["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            return Err(wrong(UNREADABLE.to_owned()));
        }
        let (text, roots) = without_roots(text);
        // What the parser says may quote the password.
        let mut config = Config::from_str(&text).map_err(|_| wrong(UNREADABLE.to_owned()))?;
        if config.get_dbname().is_none() || config.get_hosts().is_empty() {
            return Err(wrong(UNREADABLE.to_owned()));
        }
        config.connect_timeout(CONNECT).tcp_user_timeout(DEAD).application_name("tidewaiter ledger");
        let name = name_of(&config);
        let needs_tls = match config.get_ssl_mode() {
            SslMode::Disable => false,
            SslMode::Prefer => !config.get_hosts().iter().all(is_here),
            _ => true,
        };
        if !needs_tls {
            config.ssl_mode(SslMode::Disable);
            return Ok(Self { config, tls: None, name });
        }
        config.ssl_mode(SslMode::Require);
        let tls = tls(roots.as_deref()).map_err(|why| Error::Database { place: name.clone(), why })?;
        Ok(Self { config, tls: Some(tls), name })
    }
}

const UNREADABLE: &str = "the address cannot be read; expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special \
                          characters as %XX (it is not repeated here: it may hold a password)";

/// The address without `sslrootcert`, which the client does not know, and its value.
fn without_roots(text: &str) -> (String, Option<PathBuf>) {
    let Some((before, query)) = text.split_once('?') else { return (text.to_owned(), None) };
    let is_roots = |pair: &&str| pair.split_once('=').is_some_and(|(key, _)| key == ROOTS);
    let (roots, others): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_roots);
    let file = roots.last().and_then(|pair| pair.split_once('=')).map(|(_, file)| PathBuf::from(file));
    let rest = if others.is_empty() { before.to_owned() } else { format!("{before}?{}", others.join("&")) };
    (rest, file)
}

fn name_of(config: &Config) -> String {
    let ports = config.get_ports();
    let host = |(at, host): (usize, &Host)| {
        let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            Host::Unix(folder) => format!("{}:{port}", folder.display()),
        }
    };
    let hosts: Vec<String> = config.get_hosts().iter().enumerate().map(host).collect();
    format!("Postgres {}/{}", hosts.join(","), config.get_dbname().unwrap_or_default())
}

/// Whether the way to a host stays on this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

fn tls(roots: Option<&Path>) -> std::result::Result<MakeRustlsConnect, String> {
    let mut store = RootCertStore::empty();
    match roots {
        Some(file) => {
            let wrong = |why: String| format!("the authorities of {ROOTS} {}: {why}", file.display());
            for certificate in CertificateDer::pem_file_iter(file).map_err(|e| wrong(e.to_string()))? {
                let certificate = certificate.map_err(|e| wrong(e.to_string()))?;
                store.add(certificate).map_err(|e| wrong(e.to_string()))?;
            }
        }
        None => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if store.is_empty() {
        return Err(format!("no authority is trusted: name a file with certificates by {ROOTS}=FILE"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|e| e.to_string())?;
    Ok(MakeRustlsConnect::new(versions.with_root_certificates(store).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_another_machine_is_by_tls_and_no_message_has_the_password() {
        let needs_tls = |text: &str| Address::read(text).unwrap().tls.is_some();
        assert!(!needs_tls("postgres://u:geheim@localhost/l"));
        assert!(!needs_tls("postgres://u:geheim@127.0.0.1:5433/l"));
        assert!(!needs_tls("postgres://u@%2Frun%2Fpostgresql/l"));
        assert!(!needs_tls("postgres://u:geheim@db.example/l?sslmode=disable"));
        let named = Address::read("postgres://u:geheim@db1.example,db2.example/l?sslmode=disable").unwrap().name;
        assert_eq!(named, "Postgres db1.example:5432,db2.example:5432/l");
        for bad in [
            "mysql://u:geheim@h/l",
            "postgres://u:geheim@h:port/l",
            "postgres://u:geheim@h/",
            "postgres://u:geheim@h/l?x=y",
        ] {
            let said = Address::read(bad).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(said.contains("cannot be read") && !said.contains("heim"), "{bad}: {said}");
        }
        let said = Address::read("postgres://u:geheim@db.example/l?sslrootcert=/none.pem").err().unwrap().to_string();
        assert!(
            said.starts_with("the ledger in Postgres db.example:5432/l: the authorities of sslrootcert /none.pem"),
            "{said}"
        );
    }
}
