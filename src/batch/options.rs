//! The options on the command line that say how inputs are read, for every command that reads them.

use records::adapter::InputKind;
use records::columns::{Mapping, MappingError};

/// What a file is said to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum InputFormat {
    /// Recognised by content.
    #[default]
    Auto,
    /// DCSA eBL 3.0 JSON: transport documents or shipping instructions.
    Dcsa,
    /// Cargo-IMP text: FWB and FHL messages.
    CargoImp,
}

impl InputFormat {
    /// The same, as readers take it.
    fn kind(self) -> InputKind {
        match self {
            Self::Auto => InputKind::Auto,
            Self::Dcsa => InputKind::Dcsa,
            Self::CargoImp => InputKind::CargoImp,
        }
    }
}

/// How inputs are read.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct InputOptions {
    /// Read a column as a field, for example "Goods Description=description"; `#3` names the third column. Columns are
    /// recognised by their names; --explain-columns shows how. May be repeated.
    #[arg(long, value_name = "COLUMN=FIELD")]
    pub map: Vec<String>,
    /// Leave a column out although it holds parties or goods. May be repeated.
    #[arg(long, value_name = "COLUMN")]
    pub ignore_column: Vec<String>,
    /// What the input is, where it should not be recognised by content.
    #[arg(long, value_enum, default_value_t)]
    pub input_format: InputFormat,
    /// Encoding of text that is not UTF-8 or UTF-16, for example windows-1251, iso-8859-1 or gb18030.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Sheet of a workbook. Without it: the first.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Take an input without records. Without it: an error.
    #[arg(long)]
    pub allow_empty: bool,
}

impl InputOptions {
    /// What they say.
    ///
    /// # Errors
    /// When one of them cannot be taken.
    pub fn mapping(&self) -> Result<Mapping, MappingError> {
        Ok(Mapping::parse(&self.map)?
            .of_kind(self.input_format.kind())
            .ignoring(&self.ignore_column)
            .in_encoding(self.encoding.as_deref())?
            .of_sheet(self.sheet.clone())
            .allowing_empty(self.allow_empty))
    }

    /// The options that change the answers, for the identity of a run.
    pub fn words(&self) -> Vec<String> {
        let mut words = self.map.clone();
        words.extend(self.ignore_column.iter().map(|c| format!("ignore_column {c}")));
        words.push(format!("input_format {}", self.input_format.kind().as_str()));
        words.extend(self.encoding.iter().map(|e| format!("encoding {e}")));
        words.extend(self.sheet.iter().map(|s| format!("sheet {s}")));
        words
    }
}
