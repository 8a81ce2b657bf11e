//! How much a JSON text would take in memory, before any of it is built.
//!
//! An empty party takes three bytes of JSON and some six hundred of memory. So objects and values are counted on the bytes,
//! by a walk that allocates nothing. What is malformed is left to the reader of JSON to say.

use std::fmt;

/// Objects of one JSON text at most; some 600 bytes of memory each at the very worst.
pub const MAX_OBJECTS: usize = 500_000;

/// Values in lists and objects of one JSON text at most; some 24 bytes of memory each.
pub const MAX_VALUES: usize = 2_000_000;

/// What a JSON text has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMany {
    /// Objects.
    Objects,
    /// Values.
    Values,
}

impl fmt::Display for TooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Objects => write!(f, "more than {MAX_OBJECTS} objects in one JSON text"),
            Self::Values => write!(f, "more than {MAX_VALUES} values in one JSON text"),
        }
    }
}

impl std::error::Error for TooMany {}

/// Counts the objects and values of a JSON text.
///
/// # Errors
/// When there are too many.
pub fn check_json(text: &[u8]) -> Result<(), TooMany> {
    let (mut objects, mut values) = (0, 0);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'{' => objects += 1,
            b',' => values += 1,
            _ => {}
        }
    }
    if objects > MAX_OBJECTS {
        return Err(TooMany::Objects);
    }
    if values > MAX_VALUES { Err(TooMany::Values) } else { Ok(()) }
}

/// To behind the closing quotation mark.
fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_strings_does_not_count() {
        let many = |n: usize| format!("[{}{{}}]", "{},".repeat(n - 1));
        assert_eq!(check_json(many(MAX_OBJECTS).as_bytes()), Ok(()));
        assert_eq!(check_json(many(MAX_OBJECTS + 1).as_bytes()), Err(TooMany::Objects));
        let quoted = format!(r#"["{}\"{}"]"#, "{".repeat(MAX_OBJECTS + 1), ",".repeat(MAX_VALUES + 1));
        assert_eq!(check_json(quoted.as_bytes()), Ok(()));
        assert_eq!(check_json(&b"\"\","[..1].repeat(3)), Ok(()), "damage is left to the reader");
        assert_eq!(check_json(format!("[0{}]", ",0".repeat(MAX_VALUES + 1)).as_bytes()), Err(TooMany::Values));
    }
}
