//! How old each list is, as responses say it.

use arc_swap::ArcSwapOption;
use current::Loaded;
use jiff::Timestamp;
use std::sync::Arc;
use wire::v1;

/// The ages of the lists, worked out at most once a second.
#[derive(Debug, Default)]
pub(super) struct AgeCache(ArcSwapOption<Ages>);

/// How old each list was.
#[derive(Debug)]
struct Ages {
    /// Generation of the set, and second.
    at: (u64, i64),
    lists: Vec<v1::ListAge>,
}

impl AgeCache {
    /// How old each list of this set is.
    pub(super) fn of(&self, loaded: &Loaded, now: Timestamp) -> Vec<v1::ListAge> {
        let at = (loaded.generation(), now.as_second());
        if let Some(known) = self.0.load().as_deref()
            && known.at == at
        {
            return known.lists.clone();
        }
        let lists: Vec<_> = loaded.ages(now).into_iter().map(wire::list_age_to_wire).collect();
        self.0.store(Some(Arc::new(Ages { at, lists: lists.clone() })));
        lists
    }

    /// Works them out again for the next response.
    pub(super) fn forget(&self) {
        self.0.store(None);
    }
}
