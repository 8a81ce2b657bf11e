//! Where answers go: bytes to a file or to standard output, or a table.

use crate::batch::Error;
use crate::batch::checkpoint::{Job, Parts, Target};
use crate::batch::report::Report;
use crate::batch::run::{Answers, Plan, Position};
use current::screener::Identity;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Where answers go.
pub(super) enum Sink {
    /// CSV or JSON lines.
    Bytes(Box<Target>),
    /// Parquet.
    Table(Box<Parts>),
}

impl Sink {
    /// Standard output, or what is written in place.
    pub(super) fn stream(out: impl Write + 'static, name: &str, plan: &Plan) -> Result<Self, Error> {
        let out = Box::new(BufWriter::with_capacity(1 << 18, out));
        Ok(Self::Bytes(Box::new(Target::stream(out, name, &plan.head())?)))
    }

    /// A file, begun anew or gone on with; the position says from where.
    pub(super) fn file(
        path: &Path,
        plan: &Plan,
        identity: &Identity,
        job: Option<Job>,
        every_rows: u64,
        resume: bool,
    ) -> Result<(Self, Position), Error> {
        Ok(match plan.table(identity) {
            Some(layout) => {
                let (target, from) = Parts::file(path, layout, job, every_rows, resume)?;
                (Self::Table(Box::new(target)), from)
            }
            None => {
                let (target, from) = Target::file(path, &plan.head(), job, every_rows, resume)?;
                (Self::Bytes(Box::new(target)), from)
            }
        })
    }

    /// What has been written so far.
    pub(super) fn report(&self) -> &Report {
        match self {
            Self::Bytes(target) => target.report(),
            Self::Table(target) => target.report(),
        }
    }

    /// Writes answers.
    pub(super) fn take(&mut self, answers: Answers) -> Result<(), Error> {
        match self {
            Self::Bytes(target) => target.take(answers),
            Self::Table(target) => target.take(answers),
        }
    }

    /// Puts everything on disk under its own name.
    pub(super) fn finish(self) -> Result<Report, Error> {
        match self {
            Self::Bytes(target) => target.finish(),
            Self::Table(target) => target.finish(),
        }
    }
}
