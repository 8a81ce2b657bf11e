//! Something that lives on a thread of its own, because the client of Postgres blocks and must not do so on the threads of
//! an asynchronous service.

use ledger::{Error, Result};
use std::fmt;
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::thread;

type Question<T> = Box<dyn FnOnce(&mut T) + Send>;

/// A way to it. It ends with the last way.
pub(crate) struct OnThread<T> {
    /// What messages call it.
    name: String,
    questions: Sender<Question<T>>,
}

impl<T: Send + 'static> OnThread<T> {
    pub(crate) fn start(name: &str, mut it: T) -> Result<Self> {
        let (questions, asked) = channel::<Question<T>>();
        let run = move || asked.into_iter().for_each(|question| question(&mut it));
        let thread = thread::Builder::new().name("ledger postgres".to_owned()).spawn(run);
        let name = name.to_owned();
        thread
            .map_err(|e| Error::Database { place: name.clone(), why: format!("its thread cannot be started: {e}") })?;
        Ok(Self { name, questions })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn ask<A: Send + 'static>(&self, ask: impl FnOnce(&mut T) -> Result<A> + Send + 'static) -> Result<A> {
        let gone = || Error::Database { place: self.name.clone(), why: "its thread has ended".to_owned() };
        let (tell, hear) = sync_channel(1);
        let question = Box::new(move |it: &mut T| drop(tell.send(ask(it))));
        self.questions.send(question).map_err(|_| gone())?;
        hear.recv().map_err(|_| gone())?
    }
}

impl<T> fmt::Debug for OnThread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
