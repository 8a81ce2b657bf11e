//! Which outputs of a folder are whole, and of which job: so that a run over many inputs goes on with those that are not.

use crate::batch::checkpoint::Job;
use crate::batch::report::Report;
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

#[derive(Serialize, Deserialize)]
struct Finished {
    job: Job,
    report: Report,
}

/// Where it is written: beside the output, hidden, so that no reader of the folder takes it for answers.
fn place(output: &Path) -> PathBuf {
    let name = output.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    output.with_file_name(format!(".{name}.finished"))
}

/// Notes that an output is whole.
pub(super) fn put(output: &Path, job: &Job, report: &Report) -> anyhow::Result<()> {
    let place = place(output);
    let next = place.with_extension("next");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&next)?;
        serde_json::to_writer(&mut file, &Finished { job: job.clone(), report: report.clone() })?;
        file.sync_all()?;
        fs::rename(&next, &place)
    };
    write().with_context(|| format!("write {}", place.display()))
}

/// The report of an output that this very job finished; `None` where there is none, or it is of another job.
pub(super) fn find(output: &Path, job: &Job) -> anyhow::Result<Option<Report>> {
    if !output.is_file() {
        return Ok(None);
    }
    let place = place(output);
    let bytes = match fs::read(&place) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        read => read.with_context(|| format!("read {}", place.display()))?,
    };
    let found: Finished = serde_json::from_slice(&bytes)
        .with_context(|| format!("read {}; remove it to begin again", place.display()))?;
    Ok((found.job == *job).then_some(found.report))
}
