//! One record read, whatever it is written in.

use crate::batch::input::{Format, MAX_RECORD, Raw};
use records::Cause;
use records::adapter::{DocumentError, cargo_imp, dcsa};
use records::json;
use wire::v1;

/// A record as it was read.
#[derive(Debug)]
pub struct ReadRecord {
    /// What stands beside the answer in a CSV output: the cells of a row; of other forms the reference alone.
    pub cells: Vec<String>,
    /// Its own reference; empty where it has none or none can be read.
    pub reference: String,
    /// The shipment, or why there is none.
    pub shipment: Result<v1::Shipment, Cause>,
}

/// Reads one record: its bytes, and what the reader found out about them.
pub fn read_record(format: &Format, raw: &Raw, record: &[u8]) -> ReadRecord {
    // A JSON document may hold a larger record than a line does.
    let too_long = (record.len() > MAX_RECORD).then_some(Cause::TooLong);
    if let Some(cause) = raw.bad.clone().or(too_long) {
        // What stands before the damage is sound, and most often the reference is part of it.
        let cells = match format {
            Format::Csv(header) => header.sound_cells(&record[..record.len().min(EXCERPT)]),
            Format::Json | Format::Dcsa | Format::CargoImp => Vec::new(),
        };
        let reference = match format {
            Format::Csv(header) => header.reference(&cells).to_owned(),
            _ => String::new(),
        };
        return ReadRecord { cells, reference, shipment: Err(cause) };
    }
    if let Format::Csv(header) = format {
        let (cells, shipment) = header.read(record);
        let reference = header.reference(&cells).to_owned();
        return ReadRecord { cells, reference, shipment };
    }
    let Ok(text) = std::str::from_utf8(record) else {
        return ReadRecord { cells: vec![String::new()], reference: String::new(), shipment: Err(Cause::Encoding) };
    };
    let (reference, shipment) = match format {
        Format::CargoImp => document("Cargo-IMP", cargo_imp::read(text, raw.line)),
        Format::Dcsa => document(dcsa::STANDARD, dcsa::read(record)),
        _ => json::record(record),
    };
    ReadRecord { cells: vec![reference.clone()], reference, shipment }
}

/// How much of a damaged row is looked at for its reference, in bytes.
const EXCERPT: usize = 4096;

fn document(
    standard: &'static str,
    read: Result<v1::Shipment, DocumentError>,
) -> (String, Result<v1::Shipment, Cause>) {
    let reference = read.as_ref().map_or_else(|_| String::new(), |s| s.reference.clone());
    (reference, read.map_err(|error| Cause::Document { standard, error }))
}
