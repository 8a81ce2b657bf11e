//! The index in an SQLite file beside the log.

use super::tables::{Column, Each, Row, Tables, Value};
use crate::error::{Error, Result};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, ToSql, params_from_iter};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Statements that stay prepared.
const STATEMENTS: usize = 64;

/// An open file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    db: Connection,
    path: PathBuf,
}

impl Sqlite {
    /// Opens the file; one that is no database is as good as none.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let readable = |db: &Connection| db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()));
        let db = match connect(path).and_then(|db| readable(&db).map(|()| db)) {
            Ok(db) => db,
            Err(_) => {
                remove(path)?;
                connect(path).map_err(|source| Error::Index { path: path.to_owned(), source })?
            }
        };
        Ok(Self { db, path: path.to_owned() })
    }

    fn fault(&self, source: rusqlite::Error) -> Error {
        Error::Index { path: self.path.clone(), source }
    }

    fn prepared(&self, sql: &str) -> Result<CachedStatement<'_>> {
        self.db.prepare_cached(sql).map_err(|e| self.fault(e))
    }
}

/// Takes the file away.
pub(super) fn remove(path: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("remove", path)(e)),
            _ => {}
        }
    }
    Ok(())
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Made by us first, so that it is for its owner alone.
    let mut options = std::fs::File::options();
    options.create(true).append(true);
    crate::bytes::private(&mut options);
    let _unwritable = options.open(path);
    let db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(60))?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise SQLite plans a query again whenever its values change: more than half of the time it takes to fill the index.
    // A query that an index `WHERE ...` is for therefore says that condition itself.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // It is rebuilt when it is lost, so nobody waits for the disk.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536;",
    )?;
    Ok(db)
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Number(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            // As `json_each` reads them.
            Self::Numbers(numbers) => {
                let text = serde_json::to_string(numbers).expect("numbers have a JSON form");
                ToSqlOutput::Owned(rusqlite::types::Value::Text(text))
            }
        })
    }
}

struct SqliteRow<'a> {
    row: &'a rusqlite::Row<'a>,
    path: &'a Path,
}

impl SqliteRow<'_> {
    fn get(&self, at: usize) -> Result<ValueRef<'_>> {
        self.row.get_ref(at).map_err(|e| self.fault(e))
    }

    fn fault(&self, source: rusqlite::Error) -> Error {
        Error::Index { path: self.path.to_owned(), source }
    }
}

impl Row for SqliteRow<'_> {
    fn number(&self, at: usize) -> Result<i64> {
        self.get(at)?.as_i64().map_err(|e| self.fault(e.into()))
    }

    fn text(&self, at: usize) -> Result<&str> {
        self.get(at)?.as_str().map_err(|e| self.fault(e.into()))
    }

    fn bytes(&self, at: usize) -> Result<&[u8]> {
        self.get(at)?.as_blob().map_err(|e| self.fault(e.into()))
    }
}

impl Tables for Sqlite {
    fn is_shared(&self) -> bool {
        false
    }

    fn among(&self) -> &'static str {
        "IN (SELECT value FROM json_each(?))"
    }

    fn wrong(&self, why: String) -> Error {
        self.fault(rusqlite::Error::ToSqlConversionFailure(why.into()))
    }

    fn begin(&mut self) -> Result<()> {
        self.run("BEGIN IMMEDIATE", &[]).map(drop)
    }

    fn commit(&mut self) -> Result<()> {
        self.run("COMMIT", &[]).map(drop)
    }

    fn look(&mut self) -> Result<bool> {
        Ok(true)
    }

    fn end(&mut self) {
        if !self.db.is_autocommit() {
            // What cannot be rolled back ends with the connection.
            let _ended = self.run("ROLLBACK", &[]);
        }
    }

    fn is_there(&mut self) -> Result<bool> {
        let there = self.db.query_row("SELECT 1 FROM sqlite_master WHERE name = 'meta'", [], |_| Ok(())).optional();
        there.map(|there| there.is_some()).map_err(|e| self.fault(e))
    }

    fn remake(&mut self, tables: &str) -> Result<()> {
        self.end();
        // Closed before its files go: closing takes a file away by its name, which is the new one's then.
        self.db = Connection::open_in_memory().map_err(|e| self.fault(e))?;
        remove(&self.path)?;
        self.db = connect(&self.path).map_err(|e| self.fault(e))?;
        self.begin()?;
        self.db.execute_batch(tables).map_err(|e| self.fault(e))
    }

    fn run(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let done = self.prepared(sql)?.execute(params_from_iter(values));
        done.map(|changed| changed as u64).map_err(|e| self.fault(e))
    }

    fn run_each(&mut self, sql: &str, columns: &[Column<'_>]) -> Result<()> {
        let mut statement = self.prepared(sql)?;
        for row in 0..columns.first().map_or(0, Column::rows) {
            let done = statement.execute(params_from_iter(columns.iter().map(|column| column.at(row))));
            done.map_err(|e| self.fault(e))?;
        }
        Ok(())
    }

    fn ask(&mut self, sql: &str, values: &[Value<'_>], each: Each<'_>) -> Result<()> {
        let mut statement = self.prepared(sql)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(|e| self.fault(e))?;
        while let Some(row) = rows.next().map_err(|e| self.fault(e))? {
            each(&SqliteRow { row, path: &self.path })?;
        }
        Ok(())
    }

    fn ask_each(&mut self, sql: &str, columns: &[Column<'_>]) -> Result<Vec<Option<i64>>> {
        let mut statement = self.prepared(sql)?;
        let mut ask = |row: usize| {
            let values = columns.iter().map(|column| column.at(row));
            statement.query_row(params_from_iter(values), |row| row.get(0)).optional()
        };
        let rows = columns.first().map_or(0, Column::rows);
        (0..rows).map(|row| ask(row).map_err(|e| self.fault(e))).collect()
    }

    fn has_grown(&mut self) -> Result<()> {
        Ok(())
    }
}
