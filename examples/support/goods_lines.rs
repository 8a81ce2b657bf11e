//! Goods lines of about 250 bytes, joined from the item descriptions of real deliveries.

use anyhow::Context as _;
use std::path::Path;

/// Item description, vendor and class of goods.
const COLUMNS: [usize; 3] = [18, 17, 16];
/// Bytes from which a line is long enough.
const ENOUGH: usize = 240;

pub(crate) fn read(data: &Path) -> anyhow::Result<Vec<String>> {
    let path = data.join("goods/usaid_scms_deliveries.csv");
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_path(&path).with_context(|| path.display().to_string())?;
    let (mut lines, mut line) = (Vec::new(), String::new());
    for record in reader.byte_records() {
        let record = record?;
        for column in COLUMNS {
            line.push_str(&String::from_utf8_lossy(record.get(column).unwrap_or_default()));
            line.push(' ');
        }
        if line.len() >= ENOUGH {
            lines.push(std::mem::take(&mut line));
        }
    }
    Ok(lines)
}
