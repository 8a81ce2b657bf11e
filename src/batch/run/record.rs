//! One record read, whatever it is written in.

use crate::batch::adapter::{DocumentError, cargo_imp, dcsa};
use crate::batch::cause::Cause;
use crate::batch::input::{Format, MAX_RECORD, Raw};
use crate::batch::json;
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
        Format::Dcsa => document("DCSA eBL", dcsa::read(record)),
        _ if dcsa::is_dcsa(record) => document("DCSA eBL", dcsa::read(record)),
        _ => {
            let shipment = json::shipment(record);
            (shipment.as_ref().map_or_else(|_| json_reference(record), |s| s.reference.clone()), shipment)
        }
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

/// The reference of a JSON object that is no shipment, so that its answer can be told apart.
fn json_reference(record: &[u8]) -> String {
    let value = serde_json::from_slice::<serde_json::Value>(record).unwrap_or_default();
    value.get("reference").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}
