//! The end of a run: in words, and as JSON for programs.

use super::super::output::say;
use super::super::progress::rate;
use crate::batch::report::{OUTCOMES, Report};
use crate::wording::grouped;
use anyhow::Context as _;
use current::screener::Identity;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;
use wire::v1;

/// Form of the summary; a version only adds keys.
const VERSION: u32 = 1;

/// A run that ended, or stopped.
pub(super) struct Run<'a> {
    pub(super) report: &'a Report,
    /// Records that an earlier run had done.
    pub(super) resumed: u64,
    pub(super) elapsed: Duration,
    pub(super) identity: &'a Identity,
    /// The outputs, in the order of their inputs.
    pub(super) outputs: &'a [String],
    /// Why it stopped; `None` when every record is answered.
    pub(super) error: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    version: u32,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    outputs: &'a [String],
    records: u64,
    records_resumed: u64,
    outcomes: BTreeMap<&'static str, u64>,
    findings: BTreeMap<String, u64>,
    refused: BTreeMap<&'a str, Refused<'a>>,
    seconds: f64,
    records_per_second: u64,
    snapshot: &'a str,
    policy: &'a str,
    engine: &'a str,
    lists: &'a [v1::ListAge],
}

#[derive(Serialize)]
struct Refused<'a> {
    count: u64,
    first: &'a [String],
}

/// Writes the summary of a run that stopped before the first record.
pub(super) fn not_begun(path: &Path, error: &str) -> anyhow::Result<()> {
    let run = Run {
        report: &Report::default(),
        resumed: 0,
        elapsed: Duration::ZERO,
        identity: &Identity::default(),
        outputs: &[],
        error: Some(error.to_owned()),
    };
    run.write(path)
}

impl Run<'_> {
    /// Says it in words.
    pub(super) fn say(&self) {
        let report = self.report;
        say(format_args!("{}", report.line()));
        if !report.findings.is_empty() {
            let findings: Vec<_> =
                report.findings.iter().map(|(reason, n)| format!("{} {reason}", grouped(*n))).collect();
            say(format_args!("findings: {}", findings.join(", ")));
        }
        for (cause, rejected) in &report.rejected {
            let more = if rejected.count > rejected.first.len() as u64 { ", ..." } else { "" };
            say(format_args!("refused: {} {cause} ({}{more})", grouped(rejected.count), rejected.first.join(", ")));
        }
        let rate = rate(report.rows - self.resumed, self.elapsed);
        say(format_args!("{:.1} s, {rate} records/s", self.elapsed.as_secs_f64()));
    }

    /// Writes it as JSON, whole or not at all.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let Identity { snapshot, policy, engine, lists } = self.identity;
        let report = self.report;
        let now = report.rows - self.resumed;
        let millis = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
        let summary = Summary {
            version: VERSION,
            complete: self.error.is_none(),
            error: self.error.as_deref(),
            outputs: self.outputs,
            records: report.rows,
            records_resumed: self.resumed,
            outcomes: OUTCOMES.iter().zip(report.outcomes).map(|(o, n)| (o.as_str(), n)).collect(),
            findings: report.findings.iter().map(|(reason, count)| (reason.clone(), *count)).collect(),
            refused: report
                .rejected
                .iter()
                .map(|(cause, r)| (cause.as_str(), Refused { count: r.count, first: &r.first }))
                .collect(),
            seconds: self.elapsed.as_secs_f64(),
            records_per_second: now.saturating_mul(1000) / millis,
            snapshot,
            policy,
            engine,
            lists,
        };
        let mut next = path.as_os_str().to_owned();
        next.push(".partial");
        let next = PathBuf::from(next);
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&next)?;
            serde_json::to_writer_pretty(&mut file, &summary)?;
            file.sync_all()?;
            fs::rename(&next, path)
        };
        write().with_context(|| format!("write the summary {}", path.display()))
    }
}
