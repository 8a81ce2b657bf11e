//! From a configuration, with options over it, to the lists it means. The command line and the service both load here, so
//! that the same configuration gives both the same lists.

use crate::config::{self, Config};
use crate::evidence::policy_with;
use anyhow::bail;
use current::{Current, Keep, Recipe, Required, files};
use engine::screen::Limits;
use lists::{Reading, Source, guard};
use std::env;
use std::path::PathBuf;
use std::sync::Arc;

/// The environment, as far as it is text.
pub(super) fn variables() -> impl Iterator<Item = (String, String)> {
    env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Puts options over the lists of a configuration: files given replace its files, `builtin` among them its built-in lists.
pub(super) fn put_over(lists: &mut config::Lists, given: &[PathBuf], data_dir: Option<PathBuf>, require: &[String]) {
    if !given.is_empty() {
        lists.builtin = given.iter().any(|l| l.as_os_str() == "builtin");
        lists.paths = given.iter().filter(|l| l.as_os_str() != "builtin").cloned().collect();
    }
    lists.data_dir = data_dir.or(lists.data_dir.take());
    lists.require.extend_from_slice(require);
}

/// Puts an option over the limit of the whole lists inside the program: days after which they are stale.
pub(super) fn put_builtin_limit(config: &mut Config, days: Option<u16>) {
    if let Some(days) = days {
        config.freshness.stale_after_hours.insert("builtin".to_owned(), u32::from(days) * 24);
    }
}

/// What is read, in the order in which later entries win: the lists in the program, the files, the data directory.
pub(super) fn sources(lists: &config::Lists) -> Vec<Source> {
    files::sources(lists.builtin, &lists.paths, lists.data_dir.as_deref())
}

/// What must be in force.
fn required(lists: &config::Lists) -> Required {
    Required::new(lists.require.iter().cloned(), lists.min_entries.clone())
}

/// Lists, policy, rules and limits as the configuration has them.
pub(super) fn recipe(config: &Config) -> anyhow::Result<Recipe> {
    let policy = files::policy(config.policy.as_deref(), config.ownership.as_deref())?;
    let policy = policy_with(&policy, &config.exceptions)?;
    lists::set_memory_budget((config.lists.memory_mib as u64) << 20);
    Ok(Recipe {
        sources: sources(&config.lists),
        policy: Arc::new(policy),
        limits: limits(config.limits),
        rules: files::rules(&config.packs.files, &config.packs.off)?,
    })
}

/// What is screened against, not yet loaded.
pub(super) fn current(config: &Config) -> anyhow::Result<Current> {
    // Beside what the configuration names.
    engine::screen::read_tables();
    Ok(Current::new(recipe(config)?)
        .requiring(required(&config.lists))
        .with_guard(guard_limits(&config.refresh))
        .with_stale_after(config.freshness.stale_after_hours.clone())
        .must_be_fresh(config.freshness.stale_is_not_serving))
}

/// With compiled lists kept in the data directory, where there is one and the configuration does not say otherwise.
pub(super) fn keeping(current: Current, lists: &config::Lists, when: Keep) -> Current {
    match lists.data_dir.as_deref().filter(|_| lists.keep_compiled) {
        Some(data_dir) => current.keeping_compiled(data_dir, when),
        None => current,
    }
}

/// How much a list may change from one publication, or one load, to the next.
pub(super) fn guard_limits(refresh: &config::Refresh) -> guard::Limits {
    let percent = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    guard::Limits { shrink_percent: percent(refresh.shrink_percent), grow_percent: percent(refresh.grow_percent) }
}

/// Reads the lists of a configuration, those required among them.
pub(super) fn read(config: &Config) -> anyhow::Result<Reading> {
    let reading = lists::read_all(&sources(&config.lists))?;
    refuse_missing(&required(&config.lists).missing(&reading))?;
    Ok(reading)
}

/// Refuses to go on without the lists that the configuration requires.
pub(super) fn refuse_missing(missing: &[String]) -> anyhow::Result<()> {
    if !missing.is_empty() {
        bail!("nothing was screened: {}", missing.join("; "));
    }
    Ok(())
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

    #[test]
    fn options_replace_the_lists_of_the_file_and_the_order_is_fixed() {
        let mut lists = config::Lists { paths: vec!["a".into()], ..config::Lists::default() };
        let given = ["b", "builtin", "c", "b"].map(PathBuf::from);
        put_over(&mut lists, &given, Some("d".into()), &["un-sc".to_owned()]);
        let path = |name: &str| Source::Path(name.into());
        assert_eq!(sources(&lists), [Source::Builtin, path("b"), path("c"), Source::Store("d".into())]);
        assert_eq!(lists.require, ["un-sc"]);
        put_over(&mut lists, &["e".into()], None, &[]);
        assert_eq!(sources(&lists), [path("e"), Source::Store("d".into())]);
    }
}
