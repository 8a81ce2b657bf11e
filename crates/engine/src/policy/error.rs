//! Why a policy file was refused.

/// Why a policy file was refused: the file, the line, the key, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub(super) origin: String,
    pub(super) line: usize,
    pub(super) key: String,
    pub(super) what: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = if self.key.is_empty() { String::new() } else { format!("{} ", self.key) };
        write!(f, "{} line {}: {key}{}", self.origin, self.line, self.what)
    }
}

impl std::error::Error for Error {}
