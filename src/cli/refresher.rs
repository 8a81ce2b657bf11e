//! What keeps fetched lists current, built from the configuration; `serve` and `lists fetch` use it.

use super::loading::guard_limits;
use crate::config::Refresh;
use crate::refresh::{Bounds, Client, Refresher, Target};
use anyhow::Context as _;
use lists::store::{Retention, Store};

/// Keeps the lists of `store` current as the configuration asks for. `ids`, where there are any, replace the
/// publications of the configuration.
pub(super) fn refresher(store: Store, refresh: &Refresh, ids: &[String]) -> anyhow::Result<Refresher> {
    let ids = if ids.is_empty() { &refresh.publications } else { ids };
    let targets = Target::choose(ids, &refresh.mirrors)?;
    let bounds = Bounds { bytes: (refresh.max_file_mib as u64) << 20, total: refresh.timeout(), ..Bounds::default() };
    let client = Client::new(bounds).context("start the client")?;
    let days = u32::try_from(refresh.keep_days).unwrap_or(u32::MAX);
    let retention = Retention { days, ..Retention::default() };
    Ok(Refresher::new(store, targets, client, guard_limits(refresh), retention))
}
