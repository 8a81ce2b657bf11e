//! The progress of a batch: a bar on a terminal, a line a minute elsewhere, JSON for schedulers.

use super::output::say;
use crate::batch::input::Location;
use crate::batch::report::{OUTCOMES, Report};
use crate::batch::run::Plan;
use crate::wording::{counted, grouped};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How progress is shown, on standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ProgressForm {
    /// A bar on a terminal, a line a minute elsewhere.
    #[default]
    Auto,
    /// One JSON object a line, every five seconds and at the end.
    Json,
    /// Not at all.
    None,
}

/// Time between two lines for people, and between two for programs.
const LINE: Duration = Duration::from_secs(60);
const JSON: Duration = Duration::from_secs(5);

/// Where the next line is due.
struct Lines {
    every: Duration,
    last: Instant,
    is_json: bool,
}

/// The progress of one run.
pub(super) struct Progress {
    bar: ProgressBar,
    lines: Option<Lines>,
    bytes_read: Arc<AtomicU64>,
    /// Bytes of all inputs; `None` where one has no size.
    total: Option<u64>,
    started: Instant,
    resumed: u64,
}

impl Progress {
    pub(super) fn new(form: ProgressForm, locations: &[Location], plan: &Plan, resumed: u64) -> Self {
        let size = |location: &Location| match location {
            Location::File(path) => std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len()),
            Location::Stdin => None,
        };
        let total: Option<u64> = locations.iter().map(size).sum();
        let is_bar = form == ProgressForm::Auto && io::stderr().is_terminal();
        let bar = match total {
            _ if !is_bar => ProgressBar::hidden(),
            Some(total) => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(5)),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5)),
        };
        let template = if total.is_some() { "{bar:30} {percent:>3}%  {msg}, {eta} left" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let started = Instant::now();
        let lines = |every, is_json| Some(Lines { every, last: started, is_json });
        let lines = match form {
            ProgressForm::Auto if !is_bar => lines(LINE, false),
            ProgressForm::Json => lines(JSON, true),
            ProgressForm::Auto | ProgressForm::None => None,
        };
        Self { bar, lines, bytes_read: plan.bytes_read(), total, started, resumed }
    }

    /// Shows how far the run has come.
    pub(super) fn show(&mut self, report: &Report) {
        if let Some(lines) = &mut self.lines {
            if lines.last.elapsed() >= lines.every {
                lines.last = Instant::now();
                let is_json = lines.is_json;
                say(format_args!("{}", if is_json { self.json(report, false) } else { self.line(report) }));
            }
            return;
        }
        let rate = rate(report.rows - self.resumed, self.started.elapsed());
        self.bar.set_message(format!("{}, {rate} records/s", counted(report.rows, "record", "records")));
        self.bar.set_position(self.bytes_read.load(Ordering::Relaxed));
    }

    /// Takes the bar away; programs get a last line, with `done` when every record is answered.
    pub(super) fn finish(&self, report: &Report, is_done: bool) {
        self.bar.finish_and_clear();
        if self.lines.as_ref().is_some_and(|lines| lines.is_json) {
            say(format_args!("{}", self.json(report, is_done)));
        }
    }

    /// `1,200,000 records, 34%, 20,000 records/s`.
    fn line(&self, report: &Report) -> String {
        let rate = rate(report.rows - self.resumed, self.started.elapsed());
        let read = self.bytes_read.load(Ordering::Relaxed);
        let share = self.total.filter(|total| *total > 0).map(|total| format!(", {}%", (read * 100 / total).min(100)));
        format!("{}{}, {rate} records/s", counted(report.rows, "record", "records"), share.unwrap_or_default())
    }

    fn json(&self, report: &Report, is_done: bool) -> String {
        let outcomes: serde_json::Map<_, _> =
            OUTCOMES.iter().zip(report.outcomes).map(|(o, n)| (o.as_str().to_owned(), n.into())).collect();
        let elapsed = self.started.elapsed();
        serde_json::json!({
            "progress": {
                "records": report.rows,
                "recordsResumed": self.resumed,
                "outcomes": outcomes,
                "bytesRead": self.bytes_read.load(Ordering::Relaxed),
                "bytes": self.total,
                "seconds": elapsed.as_secs_f64(),
                "recordsPerSecond": per_second(report.rows - self.resumed, elapsed),
                "done": is_done,
            }
        })
        .to_string()
    }
}

fn per_second(records: u64, elapsed: Duration) -> u64 {
    let millis = elapsed.as_millis().max(1);
    u64::try_from(u128::from(records) * 1000 / millis).unwrap_or(u64::MAX)
}

/// Records a second, for reading.
pub(super) fn rate(records: u64, elapsed: Duration) -> String {
    grouped(per_second(records, elapsed))
}
