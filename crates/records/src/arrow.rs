//! Arrow tables in, and Arrow tables of answers out (feature `arrow`).
//!
//! A column of a table is understood by its name as a column of a CSV file is, and a cell is read as the text that it
//! would be there: the same record gives the same answer in either form. The columns of the answers are those of
//! [`Answers`], version [`VERSION`]; `docs/batch.md` is the text for users.

mod answer;
mod answers;
mod build;
mod cells;
mod findings;
mod table;

pub use answer::{Answer, Entry, Exception, Found, Listed, Used};
pub use answers::{ADDED, ADDED_PER_FINDING, Answered, Answers, Form, VERSION};
pub use cells::UnreadableColumn;
pub use table::{Record, Records, Table, TableError, texts};
