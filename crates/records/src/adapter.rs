//! Documents of other standards, turned into shipments as they would come over the wire.
//!
//! Nothing that names a party is dropped: one whose role has no counterpart here is kept without a role, and its source
//! says where it stood. A key, segment or value that is not known is an error that names its place: a document that is
//! only half understood is not screened as if it were whole.

pub mod cargo_imp;
pub mod dcsa;

/// Why a document of another standard cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is not JSON.
    #[error("{0}")]
    Json(String),
    /// A key of a JSON document.
    #[error("{path}: {expected}")]
    Key {
        /// Path of the key.
        path: String,
        /// What is wrong, or what was expected.
        expected: String,
    },
    /// A segment of a message.
    #[error("line {line}, segment {segment}: {expected}")]
    Segment {
        /// Line, from 1.
        line: u64,
        /// Name of the segment.
        segment: String,
        /// What is wrong, or what was expected.
        expected: String,
    },
    /// A line of a message that belongs to no segment.
    #[error("line {line}: {expected}")]
    Line {
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        expected: String,
    },
}

impl DocumentError {
    fn key(path: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Key { path: path.into(), expected: expected.into() }
    }

    fn line(line: u64, expected: impl Into<String>) -> Self {
        Self::Line { line, expected: expected.into() }
    }
}

/// What a file is said to be; without it, it is recognised by content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Recognised by content.
    #[default]
    Auto,
    /// DCSA eBL 3.0 JSON: transport documents or shipping instructions.
    Dcsa,
    /// Cargo-IMP text: FWB and FHL messages.
    CargoImp,
}

impl InputKind {
    /// Its word, as the command line and the bindings have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dcsa => "dcsa",
            Self::CargoImp => "cargo-imp",
        }
    }
}
