//! Australia's consolidated list, an Excel workbook, in the layout until 2025 (12 columns) and since (19).

mod entries;
mod sheet;

pub(super) use entries::read;
