//! The place, for callers of any kind.

use crate::address::Address;
use crate::link::Link;
use crate::on_thread::OnThread;
use crate::tables::PostgresTables;
use ledger::Result;
use ledger::index::Tables;
use ledger::shared::{Addition, Chunk, IndexPlace, Shared, Tip};

#[derive(Debug)]
struct Place {
    address: Address,
    thread: OnThread<Link>,
}

/// The place of its index.
#[derive(Debug)]
struct IndexTables(Address);

/// The place of a ledger: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with `sslmode` and `sslrootcert` as libpq has
/// them. It connects when it is first asked.
///
/// # Errors
/// When the address cannot be read, or names no authority that could be trusted.
pub fn open(address: &str) -> Result<Box<dyn Shared>> {
    let address = Address::read(address.trim())?;
    let thread = OnThread::start(&address.name, Link::new(address.clone()))?;
    Ok(Box::new(Place { address, thread }))
}

impl IndexPlace for IndexTables {
    fn open(&self) -> Result<Box<dyn Tables>> {
        Ok(Box::new(PostgresTables::new(self.0.clone())?))
    }
}

impl Shared for Place {
    fn place(&self) -> &str {
        self.thread.name()
    }

    fn create(&mut self, files: Vec<(String, Vec<u8>)>, has_index: bool) -> Result<()> {
        self.thread.ask(move |link| link.create(&files, has_index))
    }

    fn index(&self) -> Box<dyn IndexPlace> {
        Box::new(IndexTables(self.address.clone()))
    }

    fn move_index(&mut self, is_here: bool) -> Result<()> {
        self.thread.ask(move |link| link.move_index(is_here))
    }

    fn tip(&mut self) -> Result<Tip> {
        self.thread.ask(Link::tip)
    }

    fn begin(&mut self) -> Result<Tip> {
        self.thread.ask(Link::begin)
    }

    fn commit(&mut self, addition: Addition) -> Result<()> {
        self.thread.ask(move |link| link.commit(&addition))
    }

    fn rollback(&mut self) {
        // A connection that is gone has no turn.
        let _gone = self.thread.ask(|link| {
            link.rollback();
            Ok(())
        });
    }

    fn chunks(&mut self, from: u64, until: u64) -> Result<Vec<Chunk>> {
        self.thread.ask(move |link| link.chunks(from, until))
    }

    fn heads(&mut self, from: u64, until: u64) -> Result<Vec<(u64, String)>> {
        self.thread.ask(move |link| link.heads(from, until))
    }

    fn names(&mut self, from: u64, until: u64) -> Result<Vec<String>> {
        self.thread.ask(move |link| link.names(from, until))
    }

    fn file(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let name = name.to_owned();
        self.thread.ask(move |link| link.file(&name))
    }
}
