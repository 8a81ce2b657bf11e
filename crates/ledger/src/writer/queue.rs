//! What is handed over to the writing thread, and the way to it.

use crate::error::{Error, Result};
use crate::log::frame::{Draft, Kind};
use crate::proof::head::Head;
use std::ops::Range;
use std::sync::mpsc::SyncSender;

/// Hears where the records are, or why they are not.
pub(crate) type Done = Box<dyn FnOnce(Result<Range<u64>>) + Send>;

/// Records that rest on what was there: they are not written when a record of this kind stands at this number or behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Since {
    pub(crate) kind: Kind,
    pub(crate) number: u64,
}

/// Records that are handed over together.
pub(super) struct Append {
    pub(super) drafts: Vec<Draft>,
    pub(super) is_durable: bool,
    pub(super) unless: Option<Since>,
    pub(super) done: Done,
}

/// What the writing thread is asked to do.
pub(super) enum Job {
    Append(Append),
    Seal {
        done: Box<dyn FnOnce(Result<Head>) + Send>,
    },
    /// Takes in what other replicas have written.
    Pull {
        done: Box<dyn FnOnce(Result<()>) + Send>,
    },
    Stop,
}

/// A way to the writing thread for those that may outlive it.
#[derive(Clone, Debug)]
pub(crate) struct Door(pub(super) SyncSender<Job>);

impl Door {
    /// As [`Writer::append`](super::Writer::append).
    pub(crate) fn append(&self, drafts: Vec<Draft>, is_durable: bool, unless: Option<Since>, done: Done) {
        let append = Append { drafts, is_durable, unless, done };
        if let Err(unsent) = self.0.send(Job::Append(append))
            && let Job::Append(Append { done, .. }) = unsent.0
        {
            done(Err(Error::Stopped("the writer has ended".to_owned())));
        }
    }
}

/// Jobs that are written together.
#[derive(Default)]
pub(super) struct Group {
    pub(super) jobs: Vec<Append>,
    pub(super) is_durable: bool,
    pub(super) bytes: usize,
}

impl Group {
    pub(super) fn add(&mut self, append: Append) {
        self.bytes += append.drafts.iter().map(|d| d.payload.len() + 128).sum::<usize>();
        self.is_durable |= append.is_durable;
        self.jobs.push(append);
    }
}
