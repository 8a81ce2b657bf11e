//! The progress of a batch, on a terminal.

use crate::batch::input::Location;
use crate::batch::report::Report;
use crate::batch::run::Plan;
use crate::wording::{counted, grouped};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A bar on a terminal and nothing elsewhere.
pub(super) struct Progress {
    bar: ProgressBar,
    bytes_read: Arc<AtomicU64>,
    started: Instant,
    resumed: u64,
}

impl Progress {
    pub(super) fn new(locations: &[Location], plan: &Plan, resumed: u64) -> Self {
        let size = |location: &Location| match location {
            Location::File(path) => std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len()),
            Location::Stdin => None,
        };
        let total: Option<u64> = locations.iter().map(size).sum();
        let bar = match total {
            _ if !io::stderr().is_terminal() => ProgressBar::hidden(),
            Some(total) => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(5)),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5)),
        };
        let template = if total.is_some() { "{bar:30} {percent:>3}%  {msg}, {eta} left" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, bytes_read: plan.bytes_read(), started: Instant::now(), resumed }
    }

    /// Shows how far the run has come.
    pub(super) fn show(&self, report: &Report) {
        let rate = rate(report.rows - self.resumed, self.started.elapsed());
        self.bar.set_message(format!("{}, {rate} records/s", counted(report.rows, "record", "records")));
        self.bar.set_position(self.bytes_read.load(Ordering::Relaxed));
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Records a second, for reading.
pub(super) fn rate(records: u64, elapsed: Duration) -> String {
    let millis = elapsed.as_millis().max(1);
    grouped(u64::try_from(u128::from(records) * 1000 / millis).unwrap_or(u64::MAX))
}
