//! Party cells as documents carry them: a listed name with its address, contact, relation or another party in one
//! cell, in ten languages, and listed numbers behind their labels.
//!
//! [`measure`] draws names that are found when they stand alone in a party's name with a score of [`PARTY_SCORE`] and
//! more, writes each in every form, and says what is still found. The same forms with parties that nobody lists show
//! what they cost. Pure, as the rest of the measurement is: the same seed gives the same [`Report`] everywhere.

mod draw;
mod forms;
mod page;
mod probe;
mod report;
mod run;
mod setup;

pub use report::{CellTally, CleanCell, CleanTally, FormRow, GroupRow, MissedCell, NumberRow, Report};
pub use setup::{DEFAULT_COUNT, PARTY_SCORE, Setup};

use super::render;
use super::report::ListLine;
use engine::screen::{ENGINE, Engine};
use forms::Forms;
use std::io::{self, Write};

/// Measures an engine.
pub fn measure(engine: &Engine, setup: &Setup) -> Report {
    let forms = Forms::read();
    let drawing = draw::Drawing { engine, forms: &forms, setup };
    let (named, left_out) = drawing.names();
    let cells = run::names(engine, &forms, setup, &named);
    let clean = run::clean(engine, &forms, setup);
    let numbers = run::numbers(engine, &forms, setup, &drawing.numbers());
    let snapshot = engine.snapshot();
    let about = report::About {
        seed: setup.seed,
        count: setup.count,
        snapshot: snapshot.fingerprint().to_owned(),
        policy: engine.policy_fingerprint(),
        engine: ENGINE.to_owned(),
        lists: ListLine::all(snapshot),
        names: named.len() as u32,
        left_out,
    };
    report::of(about, &forms, &cells, &clean, &numbers)
}

/// Markdown. `notes` stand below the title, for example where and when it was measured.
///
/// # Errors
/// When `out` cannot be written.
pub fn markdown(report: &Report, notes: &[String], out: &mut dyn Write) -> io::Result<()> {
    render::markdown(&page::of(report), notes, out)
}

/// Columns for reading.
///
/// # Errors
/// When `out` cannot be written.
pub fn table(report: &Report, notes: &[String], out: &mut dyn Write) -> io::Result<()> {
    render::table(&page::of(report), notes, out)
}
