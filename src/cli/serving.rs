//! What `serve` would load and expose; `config check` asks for the same without serving.

use super::loading::current;
use crate::config::{Config, Server};
use crate::refresh::{self, Target};
use anyhow::{Context as _, bail};
use lists::store::{Store, StoreError};
use std::path::Path;

/// Refuses addresses that other machines can reach, unless the configuration allows them.
pub(super) fn refuse_exposure(config: &Config) -> anyhow::Result<()> {
    if config.server.is_exposed() {
        bail!(
            "other machines can reach {} and there is no TLS: give --tls-cert and --tls-key, or listen on 127.0.0.1; \
             if the network is trusted, give --allow-remote (configuration: server.allow_plaintext_remote = true)",
            config.server.listen
        );
    }
    let Server { tls, allow_plaintext_remote, .. } = &config.server;
    if let Some(at) = config.http.listen.filter(|at| !at.ip().is_loopback())
        && tls.certificate.is_none()
        && !allow_plaintext_remote
    {
        bail!(
            "other machines can reach http.listen ({at}) and there is no TLS: give --tls-cert and --tls-key, or listen on \
             127.0.0.1; if the network is trusted, give --allow-remote"
        );
    }
    if config.console.is_on() && !cfg!(feature = "console") {
        bail!("a console is asked for, but this program was built without the feature `console`");
    }
    if config.console.is_on() && config.http.listen.is_none() {
        bail!(
            "the console is served on the HTTP port, and there is none: give --http ADDR (configuration: http.listen)"
        );
    }
    if config.observe.is_exposed() {
        bail!(
            "other machines can reach observe.listen: use an address of 127.0.0.1; if the network is trusted, set \
             observe.allow_remote = true in the configuration"
        );
    }
    Ok(())
}

/// Refuses publications to fetch that the catalogue does not have, and mirrors that cannot be used.
pub(super) fn refuse_targets(config: &Config) -> anyhow::Result<()> {
    Target::choose(&config.refresh.publications, &config.refresh.mirrors)?;
    Ok(())
}

/// What serving would begin with.
pub(super) enum Start {
    /// So many entries, and what is missing of the lists required.
    Loaded(usize, Vec<String>),
    /// Nothing yet: the lists of the data directory are fetched first.
    Fetches,
}

/// Loads what would be served, once.
pub(super) fn start(config: &Config) -> anyhow::Result<Start> {
    if fetches(config).is_some_and(is_empty) {
        return Ok(Start::Fetches);
    }
    let loaded = current(config)?.reload().context("load the lists")?.now;
    Ok(Start::Loaded(loaded.engine().snapshot().entries().len(), loaded.missing().to_vec()))
}

/// The data directory that serving fetches into; `None` when it fetches nothing.
pub(super) fn fetches(config: &Config) -> Option<&Path> {
    config.lists.data_dir.as_deref().filter(|_| config.refresh.enabled && refresh::CAN_FETCH)
}

/// Whether nothing was fetched into the directory yet. One that cannot be read is not empty: loading says why.
fn is_empty(folder: &Path) -> bool {
    match Store::existing(folder) {
        Err(StoreError::Missing { .. } | StoreError::NotADataDirectory { .. }) => true,
        Err(_) => false,
        Ok(store) => store.current().is_ok_and(|stored| stored.is_empty()),
    }
}
