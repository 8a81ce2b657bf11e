//! The place, for callers of any kind: its connection lives on a thread of its own, because the client blocks and must
//! not do so on the threads of an asynchronous service.

use crate::address::Address;
use crate::link::Link;
use ledger::shared::{Addition, Chunk, Shared, Tip};
use ledger::{Error, Result};
use std::fmt;
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::thread;

type Question = Box<dyn FnOnce(&mut Link) + Send>;

struct Place {
    name: String,
    questions: Sender<Question>,
}

/// The place of a ledger: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with `sslmode` and `sslrootcert` as libpq has
/// them. It connects when it is first asked.
///
/// # Errors
/// When the address cannot be read, or names no authority that could be trusted.
pub fn open(address: &str) -> Result<Box<dyn Shared>> {
    let address = Address::read(address.trim())?;
    let name = address.name.clone();
    let (questions, asked) = channel::<Question>();
    let run = move || {
        let mut link = Link::new(address);
        asked.into_iter().for_each(|question| question(&mut link));
    };
    let thread = thread::Builder::new().name("ledger postgres".to_owned()).spawn(run);
    thread.map_err(|e| Error::Database { place: name.clone(), why: format!("its thread cannot be started: {e}") })?;
    Ok(Box::new(Place { name, questions }))
}

impl Place {
    fn ask<T: Send + 'static>(&self, ask: impl FnOnce(&mut Link) -> Result<T> + Send + 'static) -> Result<T> {
        let gone = || Error::Database { place: self.name.clone(), why: "its thread has ended".to_owned() };
        let (tell, hear) = sync_channel(1);
        let question = Box::new(move |link: &mut Link| drop(tell.send(ask(link))));
        self.questions.send(question).map_err(|_| gone())?;
        hear.recv().map_err(|_| gone())?
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Shared for Place {
    fn place(&self) -> &str {
        &self.name
    }

    fn create(&mut self, files: Vec<(String, Vec<u8>)>) -> Result<()> {
        self.ask(move |link| link.create(&files))
    }

    fn tip(&mut self) -> Result<Tip> {
        self.ask(Link::tip)
    }

    fn begin(&mut self) -> Result<Tip> {
        self.ask(Link::begin)
    }

    fn commit(&mut self, addition: Addition) -> Result<()> {
        self.ask(move |link| link.commit(&addition))
    }

    fn rollback(&mut self) {
        // A connection that is gone has no turn.
        let _gone = self.ask(|link| {
            link.rollback();
            Ok(())
        });
    }

    fn chunks(&mut self, from: u64, until: u64) -> Result<Vec<Chunk>> {
        self.ask(move |link| link.chunks(from, until))
    }

    fn heads(&mut self, from: u64, until: u64) -> Result<Vec<(u64, String)>> {
        self.ask(move |link| link.heads(from, until))
    }

    fn names(&mut self, from: u64, until: u64) -> Result<Vec<String>> {
        self.ask(move |link| link.names(from, until))
    }

    fn file(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let name = name.to_owned();
        self.ask(move |link| link.file(&name))
    }
}
