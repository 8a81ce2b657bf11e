//! Publications of the data directory that a person puts into force, or takes out of it again: one that is quarantined, a
//! list of one's own. What cannot be loaded afterwards is taken back, so that the directory never holds what no service can
//! start with.

use super::guard::failure::{Failure, REQUEST_INVALID};
use super::shared::Shared;
use axum::body::Bytes;
use current::Event;
use jiff::Timestamp;
use lists::guard::Expected;
use lists::store::{Fate, Fetched, Held, Record, Store, StoreError, Validators};
use model::entry::ListId;
use std::fs;
use std::sync::Arc;

/// Bytes of what a person says to it.
const LONGEST: usize = 500;

/// What a person says, and who they are; stands in the history as one text.
///
/// # Errors
/// When they say nothing, or too much.
pub(super) fn word(note: &str, who: &str) -> Result<String, Failure> {
    let note = note.trim();
    let fault = |what: &str| Err(Failure::field(REQUEST_INVALID, "note", what.to_owned()));
    match note.len() {
        0 => fault("is missing; expected why"),
        1..=LONGEST if !note.chars().any(char::is_control) => Ok(format!("{note} ({who})")),
        1..=LONGEST => fault("has control characters; expected one line"),
        _ => fault("is too long; expected at most 500 bytes"),
    }
}

/// The data directory.
///
/// # Errors
/// When the service has none.
pub(super) fn store(shared: &Shared) -> Result<Store, Failure> {
    let root = shared.current.store().ok_or(Failure::NoDataDirectory)?;
    Store::existing(root).map_err(refused)
}

/// Why the data directory did not do it. Paths are the operator's business and go into the log.
pub(super) fn refused(error: StoreError) -> Failure {
    match error {
        StoreError::List(error) => Failure::ListRefused(format!("it cannot be read: {error}")),
        StoreError::Newer { .. } | StoreError::NothingInForce { .. } | StoreError::NothingToAccept { .. } => {
            Failure::ListRefused(error.to_string())
        }
        error => {
            tracing::error!(%error, "the data directory could not be read or written");
            Failure::ListRefused("the data directory could not be read or written; the log says why".to_owned())
        }
    }
}

/// Does something with the data directory where blocking is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let store = store(shared)?;
    tokio::task::spawn_blocking(move || work(&store)).await.map_err(|_| Failure::Panicked)?
}

/// What the data directory keeps of a publication.
///
/// # Errors
/// When it keeps none, or there is no data directory.
pub(super) async fn record(shared: &Arc<Shared>, publication: String) -> Result<Record, Failure> {
    let unknown = || Failure::RecordNotFound("no publication of this id is kept".to_owned());
    // Ids are names of files.
    let is_name = publication.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if publication.is_empty() || !is_name {
        return Err(unknown());
    }
    let record = blocking(shared, move |store| store.record(&publication).map_err(refused)).await?;
    if record.publications.is_empty() && record.last.is_none() { Err(unknown()) } else { Ok(record) }
}

/// Puts the quarantined publication that the person has seen into force.
///
/// # Errors
/// When another one has come since, or it cannot be loaded.
pub(super) async fn accept(
    shared: &Arc<Shared>,
    publication: &str,
    seen: String,
    word: String,
) -> Result<Held, Failure> {
    let id = publication.to_owned();
    let held =
        blocking(shared, move |store| store.accept_seen(&id, Some(&seen), &word, Timestamp::now()).map_err(refused));
    let held = held.await?;
    load(shared, publication, &held.digest).await?;
    tracing::info!(list.publication = publication, list.digest = held.digest, "a quarantined publication was accepted");
    Ok(held)
}

/// A list of one's own that came into force.
#[derive(Clone, Debug)]
pub(super) struct Put {
    pub(super) digest: String,
    /// `None`: it was in force already.
    pub(super) changed: Option<Changed>,
}

/// How it differs from the one before.
#[derive(Clone, Debug)]
pub(super) struct Changed {
    pub(super) added: usize,
    pub(super) removed: usize,
    pub(super) changed: usize,
    pub(super) entries: usize,
}

/// Puts a list of one's own into force, if the guard has no objection or the person accepts it all the same.
///
/// # Errors
/// When the id is one of the catalogue's, the guard objects, or it cannot be loaded.
pub(super) async fn put(
    shared: &Arc<Shared>,
    id: &str,
    bytes: Bytes,
    word: String,
    accepts: bool,
) -> Result<Put, Failure> {
    check_id(shared, id)?;
    let (name, limits) = (id.to_owned(), shared.current.guard());
    let taken = blocking(shared, move |store| {
        let busy = || Failure::ListRefused("somebody else is putting this list into force; try again".to_owned());
        let _held = store.hold(&name).map_err(refused)?.ok_or_else(busy)?;
        let now = Timestamp::now();
        let path = store.partial(&name).map_err(refused)?.join("list");
        fs::write(&path, &bytes).map_err(|cause| refused(StoreError::Io { path: path.clone(), cause }))?;
        let expected = Expected { lists: vec![ListId::new(&name)], entries: None };
        let fetched = Fetched { at: now, validators: Validators::new() };
        let files = [("list".to_owned(), path)];
        let fate = store.take_noted(&name, &files, &fetched, Some(&word), (&expected, limits)).map_err(refused)?;
        match fate {
            Fate::Quarantined(reasons) if !accepts => return Err(Failure::ListQuarantined(reasons)),
            Fate::Quarantined(_) => drop(store.accept(&name, &word, now).map_err(refused)?),
            Fate::Unchanged | Fate::InForce { .. } => {}
        }
        let digest = store.record(&name).map_err(refused)?.in_force.unwrap_or_default();
        Ok((digest, fate))
    });
    let (digest, fate) = taken.await.inspect_err(|failure| told(shared, id, failure))?;
    let changed = match fate {
        Fate::Unchanged => return Ok(Put { digest, changed: None }),
        Fate::InForce { added, removed, changed, entries, .. } => Some(Changed { added, removed, changed, entries }),
        Fate::Quarantined(_) => None,
    };
    load(shared, id, &digest).await?;
    tracing::info!(list.publication = id, list.digest = digest, "a list of one's own was put into force");
    let entries = || {
        let loaded = shared.current.load();
        loaded.map_or(0, |loaded| loaded.engine().snapshot().entries_of(&ListId::new(id)).len())
    };
    let changed = changed.or_else(|| Some(Changed { added: 0, removed: 0, changed: 0, entries: entries() }));
    Ok(Put { digest, changed })
}

/// Tells those who watch the lists of one that is kept out of force.
fn told(shared: &Shared, id: &str, failure: &Failure) {
    if let Failure::ListQuarantined(reasons) = failure {
        let (list, message) = (id.to_owned(), format!("{id}: quarantined: {}", reasons.join("; ")));
        shared.current.publish(Event::Quarantined { at: Timestamp::now(), list, message });
    }
}

/// Takes a list of one's own out of force: the one before is in force again, or none.
///
/// # Errors
/// When none is in force, another one than the person means, or the lists cannot be loaded without it.
pub(super) async fn undo(
    shared: &Arc<Shared>,
    id: &str,
    seen: Option<String>,
    word: String,
) -> Result<Option<Held>, Failure> {
    check_own(id)?;
    let name = id.to_owned();
    let undone = blocking(shared, move |store| {
        let digest = store.record(&name).map_err(refused)?.in_force.unwrap_or_default();
        let before = store.undo(&name, seen.as_deref(), &word, Timestamp::now()).map_err(refused)?;
        Ok((digest, before))
    });
    let (digest, before) = undone.await?;
    if let Err(error) = Arc::clone(shared).reload().await {
        let name = id.to_owned();
        blocking(shared, move |store| store.redo(&name, &digest).map_err(refused)).await?;
        return Err(Failure::Reload(error));
    }
    tracing::info!(list.publication = id, "a list of one's own was taken out of force");
    Ok(before)
}

/// Loads the lists with a publication that has just come into force; one with which they cannot be loaded goes again.
async fn load(shared: &Arc<Shared>, publication: &str, digest: &str) -> Result<(), Failure> {
    let Err(error) = Arc::clone(shared).reload().await else { return Ok(()) };
    let (id, digest, why) = (publication.to_owned(), digest.to_owned(), format!("could not be loaded: {error}"));
    let back = move |store: &Store| store.undo(&id, Some(&digest), &why, Timestamp::now()).map(drop).map_err(refused);
    blocking(shared, back).await?;
    Err(Failure::Reload(error))
}

/// Whether an id can be that of a list of one's own, which can be taken out of force again.
pub(super) fn is_own(id: &str) -> bool {
    check_own(id).is_ok()
}

/// Refuses an id that cannot be that of a list of one's own.
fn check_own(id: &str) -> Result<(), Failure> {
    let is_name = (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !id.starts_with('-');
    if !is_name {
        let expected = "invalid id; expected up to 64 small letters, digits and hyphens";
        return Err(Failure::field(REQUEST_INVALID, "id", expected.to_owned()));
    }
    let is_official = |p: &lists::Publication| p.id == id || p.lists.iter().any(|list| list.as_str() == id);
    if id == "builtin" || lists::catalogue().publications().iter().any(is_official) {
        let taken = format!("{id} is an official list; expected an id of your own");
        return Err(Failure::ListRefused(taken));
    }
    Ok(())
}

/// Whether a list may be put into force under an id: it is nobody else's.
fn check_id(shared: &Shared, id: &str) -> Result<(), Failure> {
    check_own(id)?;
    let Some(loaded) = shared.current.load() else { return Ok(()) };
    let is_in_force = loaded.engine().snapshot().lists().iter().any(|list| list.id.as_str() == id);
    let is_kept = store(shared)?.record(id).map_err(refused)?.in_force.is_some();
    if is_in_force && !is_kept {
        return Err(Failure::ListRefused(format!("{id} is in force from another source; change it there")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_lists_are_nobodys_own_and_no_id_is_a_path() {
        assert!(check_own("acme-deny").is_ok() && check_own("a7").is_ok());
        for wrong in ["", "../x", "a/b", "A", "-a", ".", "a.json", &"a".repeat(65)] {
            assert!(matches!(check_own(wrong), Err(Failure::Invalid { .. })), "{wrong}");
        }
        let catalogue = lists::catalogue();
        for official in catalogue.publications() {
            assert!(matches!(check_own(&official.id), Err(Failure::ListRefused(_))), "{}", official.id);
        }
        assert_eq!(word(" moved ", "ann").unwrap(), "moved (ann)");
        for wrong in ["", "  ", "a\nb", &"x".repeat(501)] {
            assert!(word(wrong, "ann").is_err(), "{wrong}");
        }
    }
}
