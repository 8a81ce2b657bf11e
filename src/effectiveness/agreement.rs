//! Agreement of index and comparison: what the comparison calls alike, screening and search must not keep silent about.
//!
//! Screening does not compare a party with every listed name: an index leads it to the names worth a comparison. A name
//! that the index does not lead to is missed, however alike it is, and nothing in the answer says so. [`measure`] writes
//! listed names in other ways, asks the comparison how alike the two are, and where it says as much as the policy's
//! threshold for parties asks whether a screening and a search report the entry, or say that a limit was reached. Pure,
//! as the rest of the measurement is: the same seed gives the same [`Report`] everywhere.

mod draw;
mod page;
mod report;
mod run;
mod setup;

pub use report::{AgreementRow, Report, SilentPair};
pub use setup::{DEFAULT_COUNT, Setup};

use super::render;
use engine::screen::Engine;
use std::io::{self, Write};

/// Measures an engine.
pub fn measure(engine: &Engine, setup: &Setup) -> Report {
    let pairs = draw::draw(engine, setup);
    report::of(engine, setup, &run::pairs(engine, pairs))
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
