//! The CSV form: 29 columns, found by name.

use super::columns::{COLUMNS, SHAPE};
use super::entry::{CslRow, entry};
use crate::build::ParsedFile;
use crate::error::Error;
use crate::input::Table;
use std::io::Read;

/// Reads every record.
///
/// # Errors
/// When a column is missing or unknown, a record has another number of fields, text is not UTF-8, a source is unknown,
/// an id or name is missing, or a date is invalid.
pub(crate) fn read(file: &str, input: impl Read) -> Result<ParsedFile, Error> {
    let (mut table, _) = Table::open(file, &SHAPE, input, 0)?;
    let mut parsed = ParsedFile::new(file);
    while let Some(record) = table.next()? {
        let fields = COLUMNS.map(|column| record.untrimmed(column));
        let row = CslRow { file, line: record.line, within: String::new(), fields };
        entry(&row)?.finish(file, "name", &mut parsed)?;
    }
    Ok(parsed)
}
