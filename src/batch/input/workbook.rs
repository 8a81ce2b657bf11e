//! Workbooks (xlsx, xlsm, xlsb, xls, ods): the rows of one sheet as CSV records.

use crate::batch::error::{MAX_WORKBOOK, WorkbookError};
use calamine::{Data, Reader as _};
use std::collections::VecDeque;
use std::io::{self, Cursor, Read};

/// What stands between the cells of the records that are made of rows.
pub(super) const DELIMITER: u8 = b',';

/// Whether a file begins like a workbook: a zip archive, or Microsoft's older container.
pub(super) fn is_workbook(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// Rows of a sheet, each with its number, as CSV records.
pub(super) type Rows = VecDeque<(u64, Vec<u8>)>;

/// The rows of a sheet that are not empty.
pub(super) fn rows(reader: &mut dyn Read, sheet: Option<&str>) -> io::Result<Result<Rows, WorkbookError>> {
    let mut bytes = Vec::new();
    reader.take(MAX_WORKBOOK + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_WORKBOOK {
        return Ok(Err(WorkbookError::TooLarge));
    }
    Ok(read(bytes, sheet))
}

fn read(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Rows, WorkbookError> {
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(WorkbookError::Unreadable)?;
    let sheets = workbook.sheet_names();
    let name = match sheet {
        Some(wanted) => match sheets.iter().find(|name| name.eq_ignore_ascii_case(wanted)) {
            Some(name) => name.clone(),
            None => return Err(WorkbookError::NoSheet { wanted: wanted.to_owned(), sheets }),
        },
        None => sheets.first().cloned().ok_or(WorkbookError::NoSheets)?,
    };
    let range = workbook.worksheet_range(&name).map_err(WorkbookError::Unreadable)?;
    let first = range.start().map_or(0, |(row, _)| u64::from(row));
    let is_empty = |row: &[Data]| row.iter().all(|cell| matches!(cell, Data::Empty));
    let numbered = (first + 1..).zip(range.rows()).filter(|(_, row)| !is_empty(row));
    Ok(numbered.map(|(number, row)| (number, record(row))).collect())
}

fn record(row: &[Data]) -> Vec<u8> {
    let mut out = Vec::new();
    put_record(&row.iter().map(text).collect::<Vec<_>>(), &mut out);
    out
}

/// Appends the cells of a row as a CSV record.
pub(super) fn put_record(cells: &[String], out: &mut Vec<u8>) {
    for (at, text) in cells.iter().enumerate() {
        if at > 0 {
            out.push(DELIMITER);
        }
        if text.contains(['"', ',', '\n', '\r']) {
            out.push(b'"');
            out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// A cell as a person reads it.
fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        // A whole number has no point; codes and tax numbers are such.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Error(_) => String::new(),
        _ => cell.to_string(),
    }
}
