//! How a file is to be read, as the caller says.

use super::field::Field;
use crate::adapter::InputKind;
use encoding_rs::Encoding;

/// What `--map`, `--ignore-column`, `--input-format`, `--encoding`, `--sheet` and `--allow-empty` say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    pairs: Vec<(String, Field)>,
    ignored: Vec<String>,
    kind: InputKind,
    encoding: Option<&'static Encoding>,
    sheet: Option<String>,
    allow_empty: bool,
    explains: bool,
}

/// Why an option about the input cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// `--map` without a field.
    #[error("{0:?} has no field; expected COLUMN=FIELD, for example \"Goods Description=description\"")]
    NoField(String),
    /// `--map` with a field that does not exist.
    #[error("{field:?} is not a field; expected one of {}", Field::names().join(", "))]
    UnknownField {
        /// What was written.
        field: String,
    },
    /// `--encoding` with a name that does not exist.
    #[error("{0:?} is not an encoding; expected for example utf-8, utf-16le, iso-8859-1, windows-1251 or gb18030")]
    UnknownEncoding(String),
}

impl Mapping {
    /// Reads `column=field` pairs.
    ///
    /// # Errors
    /// When a pair has no `=` or names no field.
    pub fn parse(pairs: &[String]) -> Result<Self, MappingError> {
        let pair = |pair: &String| {
            let (column, field) = pair.rsplit_once('=').ok_or_else(|| MappingError::NoField(pair.clone()))?;
            let unknown = || MappingError::UnknownField { field: field.to_owned() };
            Ok((column.trim().to_owned(), Field::parse(field).ok_or_else(unknown)?))
        };
        let pairs = pairs.iter().map(pair).collect::<Result<_, MappingError>>()?;
        Ok(Self { pairs, ..Self::default() })
    }

    /// The same, for files of this kind.
    #[must_use]
    pub fn of_kind(self, kind: InputKind) -> Self {
        Self { kind, ..self }
    }

    /// The same, without these columns, whatever they hold.
    #[must_use]
    pub fn ignoring(self, columns: &[String]) -> Self {
        Self { ignored: columns.iter().map(|c| c.trim().to_owned()).collect(), ..self }
    }

    /// The same, for text in this encoding, named as the WHATWG Encoding Standard names it.
    ///
    /// # Errors
    /// When there is no such encoding.
    pub fn in_encoding(self, name: Option<&str>) -> Result<Self, MappingError> {
        let known = |name: &str| {
            Encoding::for_label(name.as_bytes()).ok_or_else(|| MappingError::UnknownEncoding(name.to_owned()))
        };
        Ok(Self { encoding: name.map(known).transpose()?, ..self })
    }

    /// The same, for this sheet of a workbook; without a name, the first.
    #[must_use]
    pub fn of_sheet(self, sheet: Option<String>) -> Self {
        Self { sheet, ..self }
    }

    /// The same; an input without records is no error when `allow` is set.
    #[must_use]
    pub fn allowing_empty(self, allow: bool) -> Self {
        Self { allow_empty: allow, ..self }
    }

    /// The same, to show what is made of the columns: one that should be read is then no error.
    #[must_use]
    pub fn explaining(self) -> Self {
        Self { explains: true, allow_empty: true, ..self }
    }

    /// Whether the columns are only to be explained.
    pub(super) fn explains(&self) -> bool {
        self.explains
    }

    /// What files are said to be.
    pub fn kind(&self) -> InputKind {
        self.kind
    }

    /// What the text is written in, where the caller says so.
    pub fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding
    }

    /// Which sheet of a workbook is read.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Whether an input may hold no record.
    pub fn allows_empty(&self) -> bool {
        self.allow_empty
    }

    /// The field that the caller gives a column, by its name or by its position as in `#3`.
    pub(super) fn field(&self, at: usize, column: &str) -> Option<Field> {
        self.pairs.iter().find(|(name, _)| is_column(name, at, column)).map(|(_, field)| *field)
    }

    /// Whether the caller leaves a column out.
    pub(super) fn ignores(&self, at: usize, column: &str) -> bool {
        self.ignored.iter().any(|name| is_column(name, at, column))
    }

    /// The first column that the caller names and that is not there.
    pub(super) fn missing(&self, columns: &[String]) -> Option<&str> {
        let named = self.pairs.iter().map(|(name, _)| name).chain(&self.ignored);
        let is_there = |name: &str| columns.iter().enumerate().any(|(at, column)| is_column(name, at, column));
        named.map(String::as_str).find(|name| !is_there(name))
    }
}

fn is_column(name: &str, at: usize, column: &str) -> bool {
    name == column
        || column.to_lowercase() == name.to_lowercase()
        || name.strip_prefix('#').and_then(|n| n.parse().ok()) == Some(at + 1)
}
