//! The connection: made when it is needed, made again when it broke, and never in the middle of a turn.

use crate::address::Address;
use crate::{schema, tables};
use ledger::shared::{Addition, Chunk, Tip};
use ledger::{Error, Result};
use postgres::{Client, Row};

/// Bytes of records that are read at once, beside those of the last chunk.
const READ: i64 = 8 << 20;

const TIP: &str = "SELECT size, last_time, root, heads, files, has_index FROM tidewaiter_ledger.tip";

/// A connection to the place of a ledger.
pub(crate) struct Link {
    address: Address,
    client: Option<Client>,
    /// Whether a transaction holds the turn.
    has_turn: bool,
    /// Whether the tables of a ledger were seen there.
    has_tables: bool,
}

impl Link {
    pub(crate) fn new(address: Address) -> Self {
        Self { address, client: None, has_turn: false, has_tables: false }
    }

    fn fault(&self, why: String) -> Error {
        self.address.fault(why)
    }

    /// Asks the server. A connection that broke is made again the next time.
    fn ask<T>(&mut self, ask: impl FnOnce(&mut Client) -> std::result::Result<T, postgres::Error>) -> Result<T> {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            if std::mem::take(&mut self.has_turn) {
                return Err(self.fault("the connection broke in the middle of a turn; nothing was written".to_owned()));
            }
            self.client = None;
            self.client = Some(self.address.connect()?);
        }
        let client = self.client.as_mut().expect("it was just made");
        let answer = ask(client);
        answer.map_err(|e| self.address.wrong(&e))
    }

    /// What there is, where there is a ledger.
    fn tip_of(&mut self, row: Option<Row>) -> Result<Tip> {
        let row = row.ok_or_else(|| self.fault(NONE.to_owned()))?;
        let number = |at: usize| row.get::<_, i64>(at) as u64;
        let root: &[u8] = row.get(2);
        let root = root.try_into().map_err(|_| self.fault("the root in `tip` has not 32 bytes".to_owned()))?;
        let has_index = row.get(5);
        Ok(Tip { size: number(0), last_time: row.get(1), root, heads: number(3), files: number(4), has_index })
    }

    /// Refuses a database without the tables of a ledger.
    fn must_hold_one(&mut self) -> Result<()> {
        self.has_tables = self.has_tables || self.ask(schema::version)? > 0;
        if self.has_tables { Ok(()) } else { Err(self.fault(NONE.to_owned())) }
    }

    pub(crate) fn create(&mut self, files: &[(String, Vec<u8>)], has_index: bool) -> Result<()> {
        self.ask(schema::migrate)?;
        let tip = Tip::start(files.len() as u64, has_index);
        let made = self.ask(|client| {
            let mut turn = client.transaction()?;
            let sql = "INSERT INTO tidewaiter_ledger.tip (size, last_time, root, heads, files, has_index) \
                       VALUES ($1, $2, $3, 0, $4, $5) ON CONFLICT DO NOTHING";
            let root = &tip.root[..];
            if turn.execute(sql, &[&(tip.size as i64), &tip.last_time, &root, &(tip.files as i64), &has_index])? == 0 {
                return Ok(false);
            }
            for (at, (name, bytes)) in (0_i64..).zip(files) {
                turn.execute("INSERT INTO tidewaiter_ledger.file VALUES ($1, $2, $3)", &[&at, name, bytes])?;
            }
            turn.commit().map(|()| true)
        })?;
        let there = "it holds a ledger already; `tidewaiter ledger join` makes a copy of it";
        if made { Ok(()) } else { Err(self.fault(there.to_owned())) }
    }

    /// Says whether the index is there, and takes its tables away where it is not.
    pub(crate) fn move_index(&mut self, is_here: bool) -> Result<()> {
        self.must_hold_one()?;
        self.ask(|client| {
            let mut turn = client.transaction()?;
            // Nobody fills it meanwhile, or makes it again.
            turn.execute("SELECT pg_advisory_xact_lock($1)", &[&tables::LOCK])?;
            if !is_here {
                tables::take_away(&mut turn)?;
            }
            // Last: whoever writes records waits for it.
            turn.execute("UPDATE tidewaiter_ledger.tip SET has_index = $1", &[&is_here])?;
            turn.commit()
        })
    }

    pub(crate) fn tip(&mut self) -> Result<Tip> {
        self.must_hold_one()?;
        let row = self.ask(|client| client.query_opt(TIP, &[]))?;
        self.tip_of(row)
    }

    pub(crate) fn begin(&mut self) -> Result<Tip> {
        self.must_hold_one()?;
        let row = self.ask(|client| {
            client.batch_execute("BEGIN")?;
            client.query_opt(&format!("{TIP} FOR UPDATE"), &[])
        });
        self.has_turn = true;
        let tip = row.and_then(|row| self.tip_of(row));
        if tip.is_err() {
            self.rollback();
        }
        tip
    }

    pub(crate) fn commit(&mut self, addition: &Addition) -> Result<()> {
        if !self.has_turn {
            return Err(self.fault("there is no turn that could be ended".to_owned()));
        }
        let written = self.ask(|client| write(client, addition));
        if written.is_err() {
            self.rollback();
            return written;
        }
        let done = self.ask(|client| client.batch_execute("COMMIT"));
        self.has_turn = false;
        if done.is_err() {
            // Nothing more comes over this connection: what became of the transaction, the next one asks.
            self.client = None;
        }
        done
    }

    pub(crate) fn rollback(&mut self) {
        if self.has_turn && self.ask(|client| client.batch_execute("ROLLBACK")).is_err() {
            self.client = None;
        }
        self.has_turn = false;
    }

    pub(crate) fn chunks(&mut self, from: u64, until: u64) -> Result<Vec<Chunk>> {
        let sql = "SELECT first, count, frames FROM ( \
                       SELECT *, sum(octet_length(frames)) OVER (ORDER BY first) - octet_length(frames) AS before \
                       FROM tidewaiter_ledger.chunk \
                       WHERE first >= (SELECT max(first) FROM tidewaiter_ledger.chunk WHERE first <= $1) AND first < $2 \
                       ORDER BY first LIMIT 4096 \
                   ) AS counted WHERE before < $3 ORDER BY first";
        let rows = self.ask(|client| client.query(sql, &[&(from as i64), &(until as i64), &READ]))?;
        let chunk = |row: Row| Chunk {
            first: row.get::<_, i64>(0) as u64,
            count: row.get::<_, i64>(1) as u64,
            frames: row.get(2),
        };
        Ok(rows.into_iter().map(chunk).collect())
    }

    pub(crate) fn heads(&mut self, from: u64, until: u64) -> Result<Vec<(u64, String)>> {
        let sql = "SELECT size, note FROM tidewaiter_ledger.head WHERE at >= $1 AND at < $2 ORDER BY at";
        let rows = self.ask(|client| client.query(sql, &[&(from as i64), &(until as i64)]))?;
        Ok(rows.into_iter().map(|row| (row.get::<_, i64>(0) as u64, row.get(1))).collect())
    }

    pub(crate) fn names(&mut self, from: u64, until: u64) -> Result<Vec<String>> {
        let sql = "SELECT name FROM tidewaiter_ledger.file WHERE at >= $1 AND at < $2 ORDER BY at";
        let rows = self.ask(|client| client.query(sql, &[&(from as i64), &(until as i64)]))?;
        Ok(rows.into_iter().map(|row| row.get(0)).collect())
    }

    pub(crate) fn file(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        self.must_hold_one()?;
        let sql = "SELECT bytes FROM tidewaiter_ledger.file WHERE name = $1";
        Ok(self.ask(|client| client.query_opt(sql, &[&name]))?.map(|row| row.get(0)))
    }
}

const NONE: &str = "it holds no ledger; `tidewaiter ledger init DIR --postgres-file FILE` makes one";

/// Writes what a turn adds.
fn write(client: &mut Client, addition: &Addition) -> std::result::Result<(), postgres::Error> {
    let tip = &addition.tip;
    if let Some(Chunk { first, count, frames }) = &addition.chunk {
        let sql = "INSERT INTO tidewaiter_ledger.chunk VALUES ($1, $2, $3)";
        client.execute(sql, &[&(*first as i64), &(*count as i64), frames])?;
    }
    if let Some((size, note)) = &addition.head {
        let at = tip.heads as i64 - 1;
        client.execute("INSERT INTO tidewaiter_ledger.head VALUES ($1, $2, $3)", &[&at, &(*size as i64), note])?;
    }
    let first = (tip.files - addition.files.len() as u64) as i64;
    for (at, (name, bytes)) in (first..).zip(&addition.files) {
        client.execute("INSERT INTO tidewaiter_ledger.file VALUES ($1, $2, $3)", &[&at, name, bytes])?;
    }
    for name in &addition.gone {
        client.execute("DELETE FROM tidewaiter_ledger.file WHERE name = $1", &[name])?;
    }
    let sql = "UPDATE tidewaiter_ledger.tip SET size = $1, last_time = $2, root = $3, heads = $4, files = $5";
    let (size, root) = (tip.size as i64, &tip.root[..]);
    client.execute(sql, &[&size, &tip.last_time, &root, &(tip.heads as i64), &(tip.files as i64)])?;
    Ok(())
}
