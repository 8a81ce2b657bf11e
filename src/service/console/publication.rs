//! The page of one publication: its history, what the guard keeps out and why, and what changed; accepting it, and taking
//! a list of one's own out of force again.

use super::desk::html;
use super::form::Sent;
use super::visit::Visit;
use super::way::redirect;
use super::words::shown;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::keeping;
use crate::service::web::problem::status_of;
use crate::wording::{counted, entries};
use ::console::{
    DeltaEntry, DeltaList, DeltaView, FieldRow, HeldRow, PublicationPage, State as Standing, Tab, Undo, Waiting,
};
use axum::extract::Path;
use axum::response::Response;
use lists::store::{Held, Record, State};
use lists::{Change, Delta, FieldChange, ListDelta};
use model::entry::Entry;

/// Entries of one kind of change in one list that are shown.
const MOST: usize = 100;

/// Characters of one field that are shown.
const LONGEST: usize = 400;

/// The page.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    visit.needs(Scope::Lists)?;
    Ok(html(&model(&visit, id, String::new(), "").await?))
}

/// Accepts what the page showed as quarantined.
pub(super) async fn accept(Path(id): Path<String>, Sent { visit, fields }: Sent) -> Result<Response, Failure> {
    visit.needs(Scope::Admin)?;
    let note = fields.text("note");
    let accepted = match keeping::word(note, visit.person()) {
        Ok(word) => {
            keeping::accept(&visit.console.web.shared, &id, fields.text("digest").to_owned(), word).await.map(drop)
        }
        Err(failure) => Err(failure),
    };
    done(&visit, id, accepted, "It was not put into force", note).await
}

/// Takes the list of one's own that the page showed out of force.
pub(super) async fn undo(Path(id): Path<String>, Sent { visit, fields }: Sent) -> Result<Response, Failure> {
    visit.needs(Scope::Admin)?;
    let note = fields.text("note");
    let undone = match keeping::word(note, visit.person()) {
        Ok(word) => {
            let seen = Some(fields.text("digest").to_owned());
            keeping::undo(&visit.console.web.shared, &id, seen, word).await.map(drop)
        }
        Err(failure) => Err(failure),
    };
    done(&visit, id, undone, "It was not taken out of force", note).await
}

/// The page after a step, or with why it was not taken and what was typed.
async fn done(
    visit: &Visit,
    id: String,
    step: Result<(), Failure>,
    not: &str,
    note: &str,
) -> Result<Response, Failure> {
    match step {
        Ok(()) => Ok(redirect(&format!("/console/lists/{id}?done=1"))),
        Err(failure @ (Failure::ListRefused(_) | Failure::Reload(_) | Failure::Invalid { .. })) => {
            let page = model(visit, id, format!("{not}: {failure}."), note).await?;
            let mut response = html(&page);
            *response.status_mut() = status_of(&failure);
            Ok(response)
        }
        Err(failure) => Err(failure),
    }
}

async fn model(visit: &Visit, id: String, fault: String, note: &str) -> Result<PublicationPage, Failure> {
    let shared = &visit.console.web.shared;
    let record = keeping::record(shared, id.clone()).await?;
    let waiting = record.quarantined().last().map(|held| Waiting {
        digest: held.digest.clone(),
        title: title(held),
        reasons: held.reasons.iter().map(|reason| shown(reason)).collect(),
        may_accept: visit.may(Scope::Admin),
        note: note.to_owned(),
    });
    let asked = visit.query.text("of");
    let of = if asked.is_empty() { waiting.as_ref().map_or("", |w| w.digest.as_str()) } else { asked };
    let pair = record.publications.iter().find(|h| h.digest == of).and_then(|h| Some((before(&record, h)?, h)));
    let delta = match pair {
        None => None,
        Some((old, new)) => {
            let (title, old, new) = (format!("What changed: {}", between(old, new)), old.clone(), new.clone());
            let publication = id.clone();
            let read = keeping::blocking(shared, move |store| {
                let of = |held| store.snapshot_of(&publication, held).map_err(keeping::refused);
                Ok(view(&Delta::between(&of(&old)?, &of(&new)?, None)))
            });
            Some(match read.await {
                Ok(view) => DeltaView { title, ..view },
                Err(failure) => DeltaView { title, fault: shown(&failure.to_string()), ..DeltaView::default() },
            })
        }
    };
    let lists = record.in_force().map(|held| held.lists.iter().map(|l| l.id.to_string()).collect::<Vec<_>>());
    Ok(PublicationPage {
        held: record.publications.iter().rev().map(|held| row(&record, held, of)).collect(),
        lists: lists.map_or_else(|| "Nothing of it is in force.".to_owned(), |lists| lists.join(", ")),
        notice: if visit.query.text("done").is_empty() { String::new() } else { in_force(&record) },
        undo: undoing(visit, &record, note),
        shell: visit.shell(Tab::Lists),
        id,
        fault: shown(&fault),
        waiting,
        delta,
    })
}

/// What is in force, in a sentence.
fn in_force(record: &Record) -> String {
    match record.in_force() {
        Some(held) => format!("The one {} is in force.", title(held)),
        None => "Nothing of it is in force any more.".to_owned(),
    }
}

/// What taking a list of one's own out of force would do, for whoever may.
fn undoing(visit: &Visit, record: &Record, note: &str) -> Option<Undo> {
    let held = record.in_force().filter(|_| visit.may(Scope::Admin) && keeping::is_own(&record.publication))?;
    let then = match before(record, held) {
        Some(earlier) => format!("The one {} is then in force again.", title(earlier)),
        None => "Nothing of it is then in force, and its entries are found no more.".to_owned(),
    };
    Some(Undo { digest: held.digest.clone(), then, note: note.to_owned() })
}

/// Which publication it is: its day, or where the file gives none, when it came.
pub(super) fn title(held: &Held) -> String {
    match held.published {
        Some(day) => format!("published {day}"),
        None => format!("fetched {}", super::lists::minute(&held.fetched_at.to_string())),
    }
}

fn between(old: &Held, new: &Held) -> String {
    format!("from the one {} to the one {}", title(old), title(new))
}

/// What was in force before a publication came, or is while it waits.
fn before<'r>(record: &'r Record, held: &Held) -> Option<&'r Held> {
    let place = record.publications.iter().position(|h| h.digest == held.digest)?;
    let is_usable = |h: &&Held| h.state == State::Accepted && h.undone.is_none();
    record.publications[..place].iter().rev().find(is_usable)
}

fn row(record: &Record, held: &Held, of: &str) -> HeldRow {
    let is_in_force = record.in_force.as_deref() == Some(&held.digest);
    let state = match held.state {
        _ if held.undone.is_some() => Standing::Undone,
        State::Quarantined => Standing::Quarantined,
        State::Accepted if is_in_force => Standing::Current,
        State::Accepted => Standing::Past,
    };
    let minute = |at: jiff::Timestamp| super::lists::minute(&at.to_string());
    let noted = |said: &str, note: &Option<lists::store::Note>| {
        note.as_ref().map(|note| shown(&format!("{said} {}: {}", minute(note.at), note.text)))
    };
    let reasons = held.reasons.iter().map(|reason| shown(reason));
    // Whoever brings a list of their own says why, and whoever accepts what the guard kept out.
    let is_accepted = held.state == State::Accepted && !held.reasons.is_empty();
    let word = if is_accepted { "Accepted" } else { "Brought" };
    let said = [noted(word, &held.accepted), noted("Taken back", &held.undone)];
    HeldRow {
        published: held.published.map(|day| day.to_string()).unwrap_or_default(),
        fetched: minute(held.fetched_at),
        in_force_from: held.in_force_from.map(minute).unwrap_or_default(),
        lists: held.lists.iter().map(|l| format!("{}: {}", l.id, entries(l.entries.into()))).collect(),
        state,
        notes: reasons.chain(said.into_iter().flatten()).collect(),
        url: before(record, held)
            .map(|_| format!("/console/lists/{}?of={}", record.publication, held.digest))
            .unwrap_or_default(),
        is_here: held.digest == of,
    }
}

/// A change as the page shows it.
fn view(delta: &Delta) -> DeltaView {
    let sum = |of: fn(&ListDelta) -> usize| delta.lists.iter().map(of).sum::<usize>() as u64;
    let (added, removed, changed) = (sum(|l| l.added.len()), sum(|l| l.removed.len()), sum(|l| l.changed.len()));
    let totals = if added + removed + changed == 0 {
        "No entry differs.".to_owned()
    } else {
        format!("{} new, {} gone, {} changed.", entries(added), entries(removed), entries(changed))
    };
    DeltaView { totals, lists: delta.lists.iter().map(list).collect(), ..DeltaView::default() }
}

/// Each field that differs.
pub(super) fn fields(change: &Change) -> Vec<FieldRow> {
    let cut = |values: &[String]| -> String { shown(&values.join("; ")).chars().take(LONGEST).collect() };
    let row =
        |f: &FieldChange| FieldRow { field: f.field.replace('_', " "), removed: cut(&f.removed), added: cut(&f.added) };
    change.fields.iter().map(row).collect()
}

fn list(of: &ListDelta) -> DeltaList {
    let plain =
        |entry: &Entry| DeltaEntry { id: shown(&entry.id), name: shown(entry.primary_name()), fields: Vec::new() };
    let changed =
        |change: &Change| DeltaEntry { id: shown(&change.id), name: shown(&change.name), fields: fields(change) };
    let rest: usize = [of.added.len(), of.removed.len(), of.changed.len()].map(|n| n.saturating_sub(MOST)).iter().sum();
    DeltaList {
        list: of.list.to_string(),
        added: of.added.iter().take(MOST).map(plain).collect(),
        removed: of.removed.iter().take(MOST).map(plain).collect(),
        changed: of.changed.iter().take(MOST).map(changed).collect(),
        more: match rest {
            0 => String::new(),
            n => format!("{} more; `tidewaiter lists diff` shows all.", counted(n as u64, "entry", "entries")),
        },
    }
}
