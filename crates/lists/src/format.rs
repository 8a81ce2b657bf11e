//! The formats of the publishers: a room for each, and what several of them share.
//!
//! Every reader makes a [`ParsedFile`] of entries. `source` recognises a format and opens the file; nothing here knows
//! where the content comes from.

pub(crate) mod compact;
pub(crate) mod curated;
pub(crate) mod ofac;

mod au;
mod bis;
mod ca;
mod ch;
mod csl;
mod document_number;
mod ecfr;
mod eu;
mod fr;
mod linked_to;
mod name_markers;
mod name_repair;
mod opensanctions;
mod own;
mod ua;
mod uk;
mod un;
mod us_details;
mod wb;

pub(crate) use own::is_header as is_own_header;

use crate::build::ParsedFile;
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Shape, from_io};
use std::io::BufRead;

/// The tables that are recognised by their columns.
pub(crate) const SHAPES: [(&Shape, Format); 6] = [
    (&bis::SHAPE, Format::BisDpl),
    (&eu::SHAPE, Format::EuFsfCsv),
    (&uk::OFSI, Format::UkOfsiCsv),
    (&uk::FCDO, Format::UkFcdoCsv),
    (&opensanctions::SIMPLE, Format::OpenSanctionsCsv),
    (&csl::SHAPE, Format::UsCslCsv),
];

/// Reads content in this format; `file` is its name for messages. OFAC's legacy format is three files and is read with
/// [`ofac::Legacy`].
///
/// # Errors
/// When the content is not in this format, or an entry or the file breaks its rules.
pub(crate) fn read(format: Format, file: &str, content: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    match format {
        Format::UsCslCsv => csl::read_table(file, content),
        Format::UsCslJson => csl::read_json(file, content),
        Format::OfacXml => ofac::read_classic(file, content),
        Format::OfacEnhancedXml => ofac::read_enhanced(file, content),
        Format::OfacAdvancedXml => ofac::read_advanced(file, content),
        Format::BisDpl => bis::read(file, content),
        Format::UnXml => un::read(file, content),
        Format::EuFsfXml => eu::read_xml(file, content),
        Format::EuFsfCsv => eu::read_table(file, content),
        Format::UkOfsiCsv => uk::read_ofsi(file, content),
        Format::UkFcdoCsv => uk::read_fcdo(file, content),
        Format::UkFcdoXml => uk::read_xml(file, content),
        Format::AuDfatXlsx => {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes).map_err(|e| from_io(file, e))?;
            au::read(file, bytes)
        }
        Format::ChSecoXml => ch::read(file, content),
        Format::CaSemaXml => ca::read(file, content),
        Format::UsEcfrXml => ecfr::read(file, content),
        Format::FrGelsJson => fr::read(file, content),
        Format::UaSfmsXml => ua::read(file, content),
        Format::WorldBankJson => wb::read(file, content),
        Format::OpenSanctionsFtm => opensanctions::read_ftm(file, content),
        Format::OpenSanctionsCsv => opensanctions::read_simple(file, content),
        Format::OwnCsv => own::read(file, content),
        Format::Curated => curated::read(file, content),
        Format::OfacLegacyCsv => Err(Error::NoEntries { file: file.into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::SHAPES;
    use crate::catalogue::fields;

    /// Every column that a reader of tables reads is in the table of fields.
    #[test]
    fn every_column_that_is_read_is_named() {
        for (shape, format) in SHAPES {
            let named = fields(format);
            let unnamed: Vec<_> = shape.columns().filter(|column| !named.contains(*column)).collect();
            assert!(unnamed.is_empty(), "{}: {unnamed:?}", format.as_str());
        }
    }
}
