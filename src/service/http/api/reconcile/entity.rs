//! One entry, by the id that is given for it here.

use crate::service::admission::Asked;
use crate::service::guard::failure::Failure;
use crate::service::questions::quick;
use crate::service::web::Web;
use crate::service::web::listed::parse_id;
use engine::screen::Engine;
use model::entry::Entry;

/// What `make` makes of the entry.
pub(super) async fn entity<T: Send + 'static>(
    web: &Web,
    asked: &Asked,
    id: String,
    make: impl FnOnce(&Engine, &Entry) -> T + Send + 'static,
) -> Result<T, Failure> {
    let loaded = web.shared.loaded()?;
    let answer = web.shared.pool.submit(quick(asked), move |_, _| {
        let engine = loaded.engine();
        let (list, id) = parse_id(&id).ok_or(Failure::EntryNotFound)?;
        let entry = engine.snapshot().entry(Some(list), id).ok_or(Failure::EntryNotFound)?;
        Ok(make(engine, entry))
    });
    answer.await
}
