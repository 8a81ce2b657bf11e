//! What every page and interface over HTTP needs: reading requests, answering them, refusing them.

pub(super) mod body;
pub(super) mod listed;
pub(super) mod origin;
pub(super) mod party;
pub(super) mod problem;
pub(super) mod query;
pub(super) mod reply;

use super::shared::Shared;
use crate::config;
use arc_swap::ArcSwapOption;
use axum::body::Bytes;
use current::Loaded;
use jiff::Timestamp;
use std::sync::Arc;

/// What every route shares.
#[derive(Debug)]
pub(super) struct Web {
    pub(super) shared: Arc<Shared>,
    /// Origins whose pages may call from a browser.
    pub(super) origins: Vec<String>,
    /// Whether the port speaks TLS.
    pub(super) is_secure: bool,
    ages: ArcSwapOption<Ages>,
}

/// The ages of the lists as JSON, of one second.
#[derive(Debug)]
struct Ages {
    generation: u64,
    second: i64,
    json: Bytes,
}

impl Web {
    /// With the settings of the port.
    pub(super) fn new(shared: Arc<Shared>, options: &config::Http, is_secure: bool) -> Self {
        Self { shared, origins: options.cors_origins.clone(), is_secure, ages: ArcSwapOption::empty() }
    }

    /// How old each list is, as a JSON array; worked out at most once a second.
    pub(super) fn ages(&self, loaded: &Loaded) -> Bytes {
        let (generation, second) = (loaded.generation(), Timestamp::now().as_second());
        if let Some(known) = self.ages.load().as_deref()
            && (known.generation, known.second) == (generation, second)
        {
            return known.json.clone();
        }
        let json = Bytes::from(reply::to_json(&self.shared.ages(loaded)));
        self.ages.store(Some(Arc::new(Ages { generation, second, json: json.clone() })));
        json
    }
}
