//! The page Effectiveness: how well the lists and the policy in force find names that are written otherwise.

use super::desk::html;
use super::form::Sent;
use super::visit::Visit;
use crate::effectiveness::{self, FieldReport, Report, Row, Setup};
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::wording::{counted, entries};
use ::console::{Choice, EffectivenessPage, Measured, Recall, RecallRow, Sweep, Tab};
use axum::response::Response;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many names of each kind and field can be asked for. More belong to `tidewaiter effectiveness`.
const COUNTS: [u32; 3] = [20, 50, 100];

/// The names are drawn the same each time, so that two policies can be compared.
const SEED: u64 = 1;

/// The page before anything was measured.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Screen)?;
    Ok(html(&model(&visit, COUNTS[0])))
}

fn model(visit: &Visit, chosen: u32) -> EffectivenessPage {
    let choice = |n: u32| Choice { value: n.to_string(), label: format!("{n} of each kind"), is_chosen: n == chosen };
    EffectivenessPage { counts: COUNTS.map(choice).to_vec(), measured: None, shell: visit.shell(Tab::Quality) }
}

/// Measures, on one thread, so that those who screen keep the others; one measurement at a time.
pub(super) async fn measure(Sent { visit, fields }: Sent) -> Result<Response, Failure> {
    visit.needs(Scope::Screen)?;
    let asked: u32 = fields.parsed("count", "a number")?.unwrap_or(COUNTS[0]);
    let count = COUNTS.into_iter().find(|n| *n == asked).unwrap_or(COUNTS[0]);
    let loaded = visit.console.web.shared.loaded()?;
    let Ok(turn) = Arc::clone(&visit.console.trying).try_acquire_owned() else {
        return Err(Failure::Overloaded("somebody else measures or tries a policy"));
    };
    let measured = tokio::task::spawn_blocking(move || {
        // Held until it is done, also where nobody waits any more.
        let _turn = turn;
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok()?;
        let setup = Setup { seed: SEED, count, ..Setup::default() };
        Some(alone.install(|| effectiveness::measure(loaded.engine(), &setup)))
    });
    let report = measured.await.ok().flatten().ok_or(Failure::Panicked)?;
    Ok(html(&EffectivenessPage { measured: Some(shown(&report)), ..model(&visit, count) }))
}

/// A measurement as the page shows it.
fn shown(report: &Report) -> Measured {
    let short = |text: &str| text.trim_start_matches("sha256:").get(..12).unwrap_or_default().to_owned();
    let all: u64 = report.lists.iter().map(|list| u64::from(list.entries)).sum();
    let names: u32 = report.fields.iter().flat_map(|f| &f.totals).map(|row| row.tally.drawn).sum();
    let basis = format!(
        "{} of {} in {}; snapshot {}, policy {}, seed {SEED}.",
        counted(names.into(), "name", "names"),
        entries(all),
        counted(report.lists.iter().map(|list| &list.id).collect::<BTreeSet<_>>().len() as u64, "list", "lists"),
        short(&report.snapshot),
        short(&report.policy)
    );
    let of = |rows: fn(&FieldReport) -> &Vec<Row>| {
        let first = report.fields.first().map(rows).map_or(0, Vec::len);
        (0..first).map(move |at| row(report, rows, at)).collect::<Vec<_>>()
    };
    let drawn = |row: &RecallRow| row.cells.iter().any(|cell| !cell.text.is_empty());
    let mut kinds = of(|f| &f.totals);
    kinds.extend(of(|f| &f.kinds));
    kinds.retain(drawn);
    Measured {
        basis,
        kinds,
        fields: report.fields.iter().map(|f| field(f.field).to_owned()).collect(),
        sweeps: report.fields.iter().map(sweep).collect(),
    }
}

fn field(name: &str) -> &str {
    if name == "party" { "As a party" } else { "In goods text" }
}

fn row(report: &Report, rows: fn(&FieldReport) -> &Vec<Row>, at: usize) -> RecallRow {
    let of: Vec<&Row> = report.fields.iter().filter_map(|f| rows(f).get(at)).collect();
    let label = of.first().map_or("", |row| if row.name == "all" { row.set } else { row.name });
    let label = match label {
        "control" => "All as listed".to_owned(),
        "manipulated" => "All written otherwise".to_owned(),
        other => other.replace('_', " "),
    };
    let cell = |row: &&Row| {
        let tally = row.tally;
        if tally.drawn == 0 {
            return Recall::default();
        }
        let text = format!("{}.{} % of {}", tally.recall / 10, tally.recall % 10, tally.drawn);
        Recall { text, found: tally.recall, low: tally.recall_low, high: tally.recall_high.max(tally.recall_low) }
    };
    RecallRow { label, cells: of.iter().map(cell).collect() }
}

fn sweep(of: &FieldReport) -> Sweep {
    Sweep {
        label: field(of.field).to_owned(),
        threshold: format!("The policy reports from {} on.", of.threshold),
        points: of.sweep.iter().map(|row| (row.threshold, row.control, row.manipulated)).collect(),
    }
}
