//! What `serve` would load and expose; `config check` asks for the same without serving.

use super::engine::{load_policy, rules};
use crate::config::{self, Config};
use crate::current::{Current, Recipe};
use anyhow::{Context as _, bail};
use engine::screen::Limits;
use lists::Source;
use std::env;
use std::sync::Arc;

/// Refuses addresses that other machines can reach, unless the configuration allows them.
pub(super) fn refuse_exposure(config: &Config) -> anyhow::Result<()> {
    if config.server.is_exposed() {
        bail!(
            "other machines can reach {} and there is no TLS: give --tls-cert and --tls-key, or listen on 127.0.0.1; \
             if the network is trusted, give --allow-remote (configuration: server.allow_plaintext_remote = true)",
            config.server.listen
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

/// The environment, as far as it is text.
pub(super) fn variables() -> impl Iterator<Item = (String, String)> {
    env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Loads what would be served, once, and counts its entries.
pub(super) fn entries(config: &Config) -> anyhow::Result<usize> {
    let loaded = Current::new(recipe(config)?).reload().context("load the lists")?;
    Ok(loaded.now.engine().snapshot().entries().len())
}

/// Lists, policy, rules and limits as the configuration has them.
pub(super) fn recipe(config: &Config) -> anyhow::Result<Recipe> {
    let policy = load_policy(config.policy.as_deref(), config.ownership.as_deref())?;
    let builtin = config.lists.builtin.then_some(Source::Builtin);
    Ok(Recipe {
        sources: builtin
            .into_iter()
            .chain(config.lists.paths.iter().map(|path| match path.to_str() {
                Some("curated") => Source::Curated,
                _ => Source::Path(path.clone()),
            }))
            .chain(config.lists.data_dir.clone().map(Source::Store))
            .collect(),
        policy: Arc::new(policy),
        limits: limits(config.limits),
        rules: rules(&config.packs.files, &config.packs.off)?,
    })
}

fn limits(limits: config::Limits) -> Limits {
    let config::Limits { field_bytes, goods_lines, parties } = limits;
    Limits { field_bytes, goods_lines, parties }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_limits_are_the_engine_s() {
        assert_eq!(limits(config::Limits::default()), Limits::default());
    }
}
