//! A file of records, screened and shown as a table; only the ledger keeps anything of it.

use super::answer;
use super::desk::html;
use super::form::SentFile;
use crate::batch::input::Input;
use crate::batch::run::{ReadRecord, read_record};
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::pool::{Ask, Lane, Wanted};
use crate::service::recording::{Recorded, Recording};
use crate::service::shared::Shared;
use crate::wording::counted;
use crate::wording::visible::visible;
use ::console::{FilePage, FileRow, Outcome, Tab};
use axum::body::Bytes;
use axum::response::Response;
use current::answer::with_detail;
use current::screener::Identity;
use engine::screen::{Scratch, Stop};
use model::shipment::Shipment;
use records::columns::Mapping;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use wire::v1;

/// Records of one file that are screened and shown. More belong to `tidewaiter batch`.
const MOST: usize = 1000;

/// Records, each with its line or row, and as it was received where it could not be read.
type Records = Vec<(u64, ReadRecord, Vec<u8>)>;

/// The page with an answer to each record.
pub(super) async fn screen(SentFile { visit, name, bytes, .. }: SentFile) -> Result<Response, Failure> {
    visit.needs(Scope::Screen)?;
    let (asked, name) = (visit.asked.clone(), visible(&name));
    let shared = Arc::clone(&visit.console.web.shared);
    let loaded = shared.loaded()?;
    let ask = Ask { lane: Lane::Heavy, share: asked.share, deadline: asked.deadline };
    let read = visit.console.web.shared.pool.submit(ask, move |scratch, wanted| {
        let (records, notes) = records(bytes)?;
        asked.caller.charge_shipments(records.len())?;
        let recording = Recording::of(&shared, &loaded, &asked, false);
        let (rows, recorded) = rows(&shared, &recording, records, wanted, scratch)?;
        Ok((rows, notes, recorded))
    });
    let (rows, notes, recorded) = read.await?;
    recorded.await?;
    let shell = visit.shell(Tab::Screen);
    Ok(html(&FilePage { shell, name, counts: counts(&rows), rows, notes }))
}

/// The records of a file, each with its line, and what was not understood.
fn records(bytes: Bytes) -> Result<(Records, Vec<String>), Failure> {
    let unreadable = |e: crate::batch::Error| Failure::Malformed(e.to_string());
    let mapping = Mapping::default();
    let mut input =
        Input::from_reader("the file".to_owned(), Box::new(Cursor::new(bytes)), &mapping, Arc::new(AtomicU64::new(0)))
            .map_err(unreadable)?;
    let mut notes = Vec::new();
    let (mut records, mut buffer) = (Vec::new(), Vec::new());
    loop {
        buffer.clear();
        let Some(raw) = input.next(&mut buffer).map_err(unreadable)? else { break };
        if records.len() == MOST {
            notes.push(format!(
                "The file has more than {MOST} records; the first {MOST} are screened. Use `tidewaiter batch` for all."
            ));
            break;
        }
        let received = &buffer[raw.start..raw.end];
        let record = read_record(input.format(), &raw, received);
        let unread = if record.shipment.is_err() { received.to_vec() } else { Vec::new() };
        records.push((raw.line, record, unread));
    }
    Ok((records, notes))
}

fn rows(
    shared: &Shared,
    recording: &Recording,
    records: Records,
    wanted: &Arc<Wanted>,
    scratch: &mut Scratch,
) -> Result<(Vec<FileRow>, Recorded), Failure> {
    let loaded = recording.loaded();
    let identity = Identity::of_loaded(loaded);
    let mut rows = Vec::with_capacity(records.len());
    let mut answered = Vec::with_capacity(records.len());
    for (line, record, unread) in records {
        let (shipment, received, screening) = match record.shipment {
            Err(cause) => {
                let refusal = identity.refuse(record.reference, cause.to_string());
                (v1::Shipment::default(), recording.unread(&unread), refusal)
            }
            Ok(mut sent) => {
                let shipment = Shipment { reference: record.reference, ..wire::shipment_from_wire(sent.clone()) };
                sent.reference.clone_from(&shipment.reference);
                let received = recording.request(&mut sent);
                let stop = Arc::clone(wanted) as Arc<dyn Stop>;
                let screened = loaded.screen_until(&shipment, stop, scratch).map_err(|_| Failure::Expired)?;
                (sent, received, wire::screening_to_wire(with_detail(screened, &shipment, false)))
            }
        };
        shared.screened(std::slice::from_ref(&screening));
        rows.push(row(line, &shipment, &screening));
        answered.push((received, screening));
    }
    let recorded = recording.record(answered.iter_mut().map(|(received, answer)| (received.take(), answer)));
    Ok((rows, recorded))
}

fn row(line: u64, shipment: &v1::Shipment, screening: &v1::Screening) -> FileRow {
    let counted = screening.findings.iter().filter(|f| f.severity() != v1::finding::Severity::Info);
    let strongest =
        screening.findings.iter().find(|f| !f.spans.is_empty() && f.severity() != v1::finding::Severity::Info);
    FileRow {
        line,
        reference: visible(&screening.reference),
        outcome: answer::outcome(screening),
        summary: visible(&screening.summary),
        findings: counted.count(),
        text: strongest.map(|finding| answer::text(shipment, finding)).unwrap_or_default(),
    }
}

fn counts(rows: &[FileRow]) -> String {
    let of = |outcome: Outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    let each = [Outcome::Hold, Outcome::Review, Outcome::Refused, Outcome::NoFinding]
        .map(|outcome| (of(outcome), outcome.label()));
    let named: Vec<String> =
        each.iter().filter(|(n, _)| *n > 0).map(|(n, label)| format!("{n} {}", label.to_lowercase())).collect();
    format!("{}: {}.", counted(rows.len() as u64, "record", "records"), named.join(", "))
}
