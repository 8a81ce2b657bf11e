//! The door to the database that the index is in. Its statements are written once, in the SQL that SQLite and Postgres have in
//! common; a mark `?` stands for a value. Where the two differ, their door knows.

use crate::error::{Error, Result};
use std::fmt;

/// A value for a mark.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Numbers, for [`Tables::among`].
    Numbers(&'a [i64]),
}

/// The values of one mark for many rows. The columns of a call are equally long.
#[derive(Clone, Debug)]
pub enum Column<'a> {
    /// Whole numbers.
    Numbers(Vec<i64>),
    /// Texts.
    Texts(Vec<&'a str>),
    /// Bytes.
    Bytes(Vec<&'a [u8]>),
}

impl Column<'_> {
    /// The value of a row.
    pub fn at(&self, row: usize) -> Value<'_> {
        match self {
            Self::Numbers(numbers) => Value::Number(numbers[row]),
            Self::Texts(texts) => Value::Text(texts[row]),
            Self::Bytes(bytes) => Value::Bytes(bytes[row]),
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// A row of an answer; its columns are counted from 0.
pub trait Row {
    /// A whole number.
    ///
    /// # Errors
    /// When there is something else.
    fn number(&self, at: usize) -> Result<i64>;

    /// A text.
    ///
    /// # Errors
    /// When there is something else.
    fn text(&self, at: usize) -> Result<&str>;

    /// Bytes.
    ///
    /// # Errors
    /// When there is something else.
    fn bytes(&self, at: usize) -> Result<&[u8]>;
}

/// Gets the rows of an answer, one after the other.
pub type Each<'a> = &'a mut dyn FnMut(&dyn Row) -> Result<()>;

/// The tables of an index. Every fault is an [`Error`] that names their place, and never a password.
pub trait Tables: Send + fmt::Debug {
    /// Whether other replicas fill and empty them, too.
    fn is_shared(&self) -> bool;

    /// How SQL says that a number is among [`Value::Numbers`], for one mark.
    fn among(&self) -> &'static str;

    /// What is wrong with them.
    fn wrong(&self, why: String) -> Error;

    /// Begins to change them: nobody else does until [`Tables::commit`] or [`Tables::end`].
    ///
    /// # Errors
    /// When they cannot be reached, or somebody else changes them for too long.
    fn begin(&mut self) -> Result<()>;

    /// Keeps all that was changed since [`Tables::begin`].
    ///
    /// # Errors
    /// When that is not known.
    fn commit(&mut self) -> Result<()>;

    /// Begins to read: until [`Tables::end`], all answers are of one moment. Says whether there are tables; where there are
    /// none, nothing was begun.
    ///
    /// # Errors
    /// When they cannot be reached, or somebody empties them for too long.
    fn look(&mut self) -> Result<bool>;

    /// Ends what was begun; what was changed since [`Tables::begin`] is not.
    fn end(&mut self);

    /// Whether there are tables, for whoever changes them.
    ///
    /// # Errors
    /// When they cannot be reached, or this is no place for an index any more.
    fn is_there(&mut self) -> Result<bool>;

    /// Takes away whatever there is, and makes the tables anew, for whoever changes them. Nothing that they held is in the
    /// files of the database then.
    ///
    /// # Errors
    /// When that cannot be done.
    fn remake(&mut self, tables: &str) -> Result<()>;

    /// Runs a statement; says how many rows it changed.
    ///
    /// # Errors
    /// When it fails.
    fn run(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64>;

    /// Runs a statement with `INSERT` and `VALUES (?, ...)` for each row of the columns.
    ///
    /// # Errors
    /// When it fails for one of them.
    fn run_each(&mut self, sql: &str, columns: &[Column<'_>]) -> Result<()>;

    /// Asks something.
    ///
    /// # Errors
    /// When the question fails; what `each` says.
    fn ask(&mut self, sql: &str, values: &[Value<'_>], each: Each<'_>) -> Result<()>;

    /// Asks a question that has one number for its answer, or none, for each row of the columns.
    ///
    /// # Errors
    /// When it fails for one of them.
    fn ask_each(&mut self, sql: &str, columns: &[Column<'_>]) -> Result<Vec<Option<i64>>>;

    /// Many rows came, of which the database may want to know.
    ///
    /// # Errors
    /// When that fails.
    fn has_grown(&mut self) -> Result<()>;
}

/// All that a question is answered.
pub(super) fn all<T>(
    tables: &mut dyn Tables,
    sql: &str,
    values: &[Value<'_>],
    read: impl Fn(&dyn Row) -> Result<T>,
) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    tables.ask(sql, values, &mut |row| {
        rows.push(read(row)?);
        Ok(())
    })?;
    Ok(rows)
}

/// The answer to a question that has one row, or none.
pub(super) fn one<T>(
    tables: &mut dyn Tables,
    sql: &str,
    values: &[Value<'_>],
    read: impl Fn(&dyn Row) -> Result<T>,
) -> Result<Option<T>> {
    let mut found = None;
    tables.ask(sql, values, &mut |row| {
        found = Some(read(row)?);
        Ok(())
    })?;
    Ok(found)
}
