//! The index in the database: the statements of the ledger, in the words of Postgres.
//!
//! Its tables are in a schema of their own, which holds nothing else. Whoever fills or empties it holds a lock for a
//! transaction; whoever reads holds one, shared, on the table `meta`, so that nobody empties the tables meanwhile: a table that is
//! emptied looks so to older transactions, too.

use crate::address::Address;
use crate::on_thread::OnThread;
use ledger::index::{Column, Each, Row, Tables, Value};
use ledger::{Error, Result};
use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, GenericClient, Statement};
use std::collections::HashMap;

/// Whoever changes the index holds this lock: the beginning of "tideindex" in ASCII.
pub(crate) const LOCK: i64 = 0x7469_6465_696e_6465;

/// Statements that stay prepared; one more begins anew.
const STATEMENTS: usize = 256;

/// The tables of an index.
#[derive(Debug)]
pub(crate) struct PostgresTables {
    thread: OnThread<Session>,
}

impl PostgresTables {
    pub(crate) fn new(address: Address) -> Result<Self> {
        let name = address.name.clone();
        let (client, statements) = (None, HashMap::new());
        let session = Session { address, client, statements, is_within: false };
        Ok(Self { thread: OnThread::start(&name, session)? })
    }
}

/// A connection that the index is asked and filled over.
struct Session {
    address: Address,
    client: Option<Client>,
    /// By the statements as the ledger has them.
    statements: HashMap<String, Statement>,
    /// Whether a transaction was begun.
    is_within: bool,
}

/// What a statement is given.
type Values = Vec<Box<dyn ToSql + Sync + Send>>;

impl Session {
    fn wrong(&self, error: &postgres::Error) -> Error {
        self.address.wrong(error)
    }

    /// Begins a transaction; on a new connection where the one that there was has broken.
    fn begin(&mut self, begin: &str) -> std::result::Result<(), Begun> {
        self.end();
        loop {
            let is_new = self.client.is_none();
            if is_new {
                self.client = Some(self.open().map_err(Begun::Not)?);
            }
            let Some(client) = &mut self.client else { continue };
            match client.batch_execute(begin) {
                Ok(()) => {
                    self.is_within = true;
                    return Ok(());
                }
                Err(error) if error.is_closed() && !is_new => self.forget(),
                Err(error) => {
                    let missing = [&SqlState::UNDEFINED_TABLE, &SqlState::INVALID_SCHEMA_NAME];
                    let is_missing = error.code().is_some_and(|code| missing.contains(&code));
                    let error = self.wrong(&error);
                    self.is_within = true;
                    self.end();
                    return Err(if is_missing { Begun::NoTables } else { Begun::Not(error) });
                }
            }
        }
    }

    fn open(&self) -> Result<Client> {
        let mut client = self.address.connect()?;
        // What the server loses of the index in a crash is filled in again; it never has the later without the earlier.
        let session = "SET search_path = tidewaiter_index; SET synchronous_commit = off";
        client.batch_execute(session).map_err(|e| self.wrong(&e))?;
        Ok(client)
    }

    fn forget(&mut self) {
        self.client = None;
        self.statements.clear();
        self.is_within = false;
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.is_within)
            && self.client.as_mut().is_none_or(|client| client.batch_execute("ROLLBACK").is_err())
        {
            self.forget();
        }
    }

    /// Asks within the transaction.
    fn within<T>(&mut self, ask: impl FnOnce(&mut Client) -> std::result::Result<T, postgres::Error>) -> Result<T> {
        match &mut self.client {
            Some(client) if self.is_within => ask(client).map_err(|e| self.address.wrong(&e)),
            _ => Err(self.address.fault("the connection of the index broke; nothing was changed".to_owned())),
        }
    }

    /// A statement of the ledger, prepared as `words` has it.
    fn prepared(&mut self, sql: &str, words: impl FnOnce(&str) -> String) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let words = words(sql);
        let statement = self.within(|client| client.prepare(&words))?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn run(&mut self, sql: &str, values: &Values) -> Result<u64> {
        let statement = self.prepared(sql, numbered)?;
        self.within(|client| client.execute(&statement, &borrowed(values)))
    }

    fn ask(&mut self, sql: &str, values: &Values) -> Result<Vec<postgres::Row>> {
        let statement = self.prepared(sql, numbered)?;
        self.within(|client| client.query(&statement, &borrowed(values)))
    }

    fn is_there(&mut self) -> Result<bool> {
        let sql = "SELECT to_regclass('tidewaiter_index.meta') IS NOT NULL, current_setting('server_encoding'), \
                   (SELECT has_index FROM tidewaiter_ledger.tip)";
        let row = self.within(|client| client.query_one(sql, &[]))?;
        let (is_there, encoding, is_here): (bool, String, Option<bool>) = (row.get(0), row.get(1), row.get(2));
        if encoding != "UTF8" {
            return Err(self.address.fault(format!("its encoding is {encoding}; expected UTF8 for the index")));
        }
        match is_here {
            Some(true) => Ok(is_there),
            _ => Err(self.address.fault("the index was moved into files meanwhile; ask again".to_owned())),
        }
    }

    fn remake(&mut self, tables: &str) -> Result<()> {
        let words = in_postgres(tables);
        self.within(|client| {
            take_away(client)?;
            // What was erased must not come back with a crash of the server.
            client.batch_execute("SET LOCAL synchronous_commit = on; CREATE SCHEMA tidewaiter_index")?;
            client.batch_execute(&words)
        })?;
        self.statements.clear();
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        let done = self.within(|client| client.batch_execute("COMMIT"));
        self.is_within = false;
        if done.is_err() {
            self.forget();
        }
        done
    }
}

/// Drops the tables, for whoever holds the lock.
pub(crate) fn take_away(client: &mut impl GenericClient) -> std::result::Result<(), postgres::Error> {
    // Readers begin with this table: whoever has begun ends, and others wait. Dropping alone could wait for one of them with
    // half of the locks, while that one waits for the other half.
    if client.query_one("SELECT to_regclass('tidewaiter_index.meta') IS NOT NULL", &[])?.get(0) {
        client.batch_execute("LOCK TABLE tidewaiter_index.meta IN ACCESS EXCLUSIVE MODE")?;
    }
    client.batch_execute("DROP SCHEMA IF EXISTS tidewaiter_index CASCADE")
}

/// Why a transaction did not begin.
enum Begun {
    NoTables,
    Not(Error),
}

/// `?` as Postgres has it.
fn numbered(sql: &str) -> String {
    replaced(sql, |number| format!("${number}"))
}

fn replaced(sql: &str, mark: impl Fn(usize) -> String) -> String {
    let mut parts = sql.split('?');
    let mut words = parts.next().unwrap_or_default().to_owned();
    for (number, part) in (1..).zip(parts) {
        words.push_str(&mark(number));
        words.push_str(part);
    }
    words
}

/// A list of arrays, which stand for columns.
fn arrays(columns: &[Column<'_>]) -> String {
    let array = |(number, column): (usize, &Column<'_>)| {
        let of = match column {
            Column::Numbers(_) => "bigint",
            Column::Texts(_) => "text",
            Column::Bytes(_) => "bytea",
        };
        format!("${number}::{of}[]")
    };
    (1..).zip(columns).map(array).collect::<Vec<_>>().join(", ")
}

/// An insertion of one row as one of many.
fn insertion(sql: &str, arrays: &str) -> String {
    let Some((before, rest)) = sql.split_once("VALUES (") else { return sql.to_owned() };
    let after = rest.split_once(')').map_or("", |(_, after)| after);
    format!("{before}SELECT * FROM unnest({arrays}){after}")
}

/// A question as one for many rows.
fn question(sql: &str, arrays: &str, columns: usize) -> String {
    let one = replaced(sql, |number| format!("many.v{number}"));
    let names: Vec<String> = (1..=columns).map(|number| format!("v{number}")).collect();
    let names = names.join(", ");
    format!("SELECT ({one}) FROM unnest({arrays}) WITH ORDINALITY AS many ({names}, at) ORDER BY many.at")
}

/// The tables in the words of Postgres. Texts are ordered by their bytes, as SQLite does.
fn in_postgres(tables: &str) -> String {
    let words = [
        (" STRICT, WITHOUT ROWID", ""),
        (" STRICT", ""),
        (" INTEGER", " bigint"),
        (" BLOB", " bytea"),
        (" TEXT", " text COLLATE \"C\""),
        ("/*+", ""),
        ("*/", ""),
    ];
    words.iter().fold(tables.to_owned(), |tables, (from, to)| tables.replace(from, to))
}

/// Postgres has no text with a zero in it.
fn without_zero(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn owned(values: &[Value<'_>]) -> Values {
    let one = |value: &Value<'_>| -> Box<dyn ToSql + Sync + Send> {
        match *value {
            Value::Number(number) => Box::new(number),
            Value::Text(text) => Box::new(without_zero(text)),
            Value::Bytes(bytes) => Box::new(bytes.to_owned()),
            Value::Numbers(numbers) => Box::new(numbers.to_owned()),
        }
    };
    values.iter().map(one).collect()
}

fn owned_columns(columns: &[Column<'_>]) -> Values {
    let one = |column: &Column<'_>| -> Box<dyn ToSql + Sync + Send> {
        match column {
            Column::Numbers(numbers) => Box::new(numbers.clone()),
            Column::Texts(texts) => Box::new(texts.iter().map(|text| without_zero(text)).collect::<Vec<_>>()),
            Column::Bytes(bytes) => Box::new(bytes.iter().map(|bytes| bytes.to_vec()).collect::<Vec<_>>()),
        }
    };
    columns.iter().map(one).collect()
}

fn borrowed(values: &Values) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect()
}

struct PostgresRow<'a> {
    row: &'a postgres::Row,
    place: &'a str,
}

impl<'a> PostgresRow<'a> {
    fn get<T: postgres::types::FromSql<'a>>(&self, at: usize) -> Result<T> {
        let wrong =
            |e: postgres::Error| Error::Database { place: self.place.to_owned(), why: format!("the index: {e}") };
        self.row.try_get(at).map_err(wrong)
    }
}

impl Row for PostgresRow<'_> {
    fn number(&self, at: usize) -> Result<i64> {
        self.get(at)
    }

    fn text(&self, at: usize) -> Result<&str> {
        self.get(at)
    }

    fn bytes(&self, at: usize) -> Result<&[u8]> {
        self.get(at)
    }
}

impl Tables for PostgresTables {
    fn is_shared(&self) -> bool {
        true
    }

    fn among(&self) -> &'static str {
        "= ANY (?)"
    }

    fn wrong(&self, why: String) -> Error {
        Error::Database { place: self.thread.name().to_owned(), why: format!("the index: {why}") }
    }

    fn begin(&mut self) -> Result<()> {
        let begin = format!("BEGIN; SELECT pg_advisory_xact_lock({LOCK})");
        self.thread.ask(move |session| match session.begin(&begin) {
            Ok(()) => Ok(()),
            Err(Begun::Not(error)) => Err(error),
            Err(Begun::NoTables) => Err(session.address.fault("it has no lock".to_owned())),
        })
    }

    fn commit(&mut self) -> Result<()> {
        self.thread.ask(Session::commit)
    }

    fn look(&mut self) -> Result<bool> {
        // Locked before the first statement that sees a moment: what it sees is not emptied any more.
        let begin =
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE tidewaiter_index.meta IN ACCESS SHARE MODE";
        self.thread.ask(move |session| match session.begin(begin) {
            Ok(()) => Ok(true),
            Err(Begun::NoTables) => Ok(false),
            Err(Begun::Not(error)) => Err(error),
        })
    }

    fn end(&mut self) {
        // Without a thread there is no transaction.
        let _gone = self.thread.ask(|session| {
            session.end();
            Ok(())
        });
    }

    fn is_there(&mut self) -> Result<bool> {
        self.thread.ask(Session::is_there)
    }

    fn remake(&mut self, tables: &str) -> Result<()> {
        let tables = tables.to_owned();
        self.thread.ask(move |session| session.remake(&tables))
    }

    fn run(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let (sql, values) = (sql.to_owned(), owned(values));
        self.thread.ask(move |session| session.run(&sql, &values))
    }

    fn run_each(&mut self, sql: &str, columns: &[Column<'_>]) -> Result<()> {
        if columns.first().is_none_or(|column| column.rows() == 0) {
            return Ok(());
        }
        let (sql, values, arrays) = (sql.to_owned(), owned_columns(columns), arrays(columns));
        self.thread.ask(move |session| {
            let statement = session.prepared(&format!("each {sql}"), |_| insertion(&sql, &arrays))?;
            session.within(|client| client.execute(&statement, &borrowed(&values))).map(drop)
        })
    }

    fn ask(&mut self, sql: &str, values: &[Value<'_>], each: Each<'_>) -> Result<()> {
        let (words, values) = (sql.to_owned(), owned(values));
        let rows = self.thread.ask(move |session| session.ask(&words, &values))?;
        rows.iter().try_for_each(|row| each(&PostgresRow { row, place: self.thread.name() }))
    }

    fn ask_each(&mut self, sql: &str, columns: &[Column<'_>]) -> Result<Vec<Option<i64>>> {
        if columns.first().is_none_or(|column| column.rows() == 0) {
            return Ok(Vec::new());
        }
        let (sql, values, arrays) = (sql.to_owned(), owned_columns(columns), arrays(columns));
        let rows = self.thread.ask(move |session| {
            let words = |_: &str| question(&sql, &arrays, values.len());
            let statement = session.prepared(&format!("each {sql}"), words)?;
            session.within(|client| client.query(&statement, &borrowed(&values)))
        })?;
        rows.iter().map(|row| PostgresRow { row, place: self.thread.name() }.get(0)).collect()
    }

    fn has_grown(&mut self) -> Result<()> {
        self.thread.ask(|session| session.within(|client| client.batch_execute(ANALYZE)))
    }
}

/// Tells the planner about the tables that grow: without that, it may go through all records to find one.
const ANALYZE: &str = "ANALYZE record, card, print, name, seen, finding, cases, case_alert, case_event";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_put_in_the_words_of_postgres() {
        assert_eq!(numbered("SELECT a FROM b WHERE c = ? AND d > ?"), "SELECT a FROM b WHERE c = $1 AND d > $2");
        let columns = [Column::Numbers(vec![1]), Column::Texts(vec!["a"]), Column::Bytes(vec![b"b"])];
        let arrays = arrays(&columns);
        assert_eq!(arrays, "$1::bigint[], $2::text[], $3::bytea[]");
        assert_eq!(
            insertion("INSERT INTO t VALUES (?, ?, ?) ON CONFLICT DO NOTHING", &arrays),
            format!("INSERT INTO t SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING")
        );
        assert_eq!(
            question("SELECT id FROM t WHERE a = ? AND b = ?", "$1::bigint[], $2::text[]", 2),
            "SELECT (SELECT id FROM t WHERE a = many.v1 AND b = many.v2) \
             FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS many (v1, v2, at) ORDER BY many.at"
        );
        assert_eq!(
            in_postgres(
                "CREATE TABLE t (a INTEGER, b TEXT, c BLOB) STRICT; CREATE INDEX i ON t /*+ USING hash */ (b);"
            ),
            "CREATE TABLE t (a bigint, b text COLLATE \"C\", c bytea); CREATE INDEX i ON t  USING hash  (b);"
        );
    }
}
