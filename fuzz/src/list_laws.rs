//! Readers of lists: whatever the content, an error or a whole list, never a panic and never an empty list.

use lists::{Format, probe};

/// Reads content as this format.
pub fn read(format: Format, data: &[u8]) {
    if let Ok(rows) = probe(format, data) {
        assert!(rows > 0, "a list without rows was read as {}", format.as_str());
    }
}
