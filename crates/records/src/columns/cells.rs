//! The cells of a CSV record.

/// The cells of a record that the reader of files has cut: quotes are balanced.
pub(super) fn all(record: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
    until_damage(record, delimiter).0
}

/// The cells of a record, and how many of them come before the first damaged quote.
pub(super) fn until_damage(record: &[u8], delimiter: u8) -> (Vec<Vec<u8>>, usize) {
    let mut cells = Vec::new();
    let mut sound = None;
    let mut rest = record;
    loop {
        let mut cell = Vec::new();
        if rest.first() == Some(&b'"') {
            rest = &rest[1..];
            let mut is_closed = false;
            while let Some(quote) = memchr::memchr(b'"', rest) {
                cell.extend_from_slice(&rest[..quote]);
                rest = &rest[quote + 1..];
                if rest.first() != Some(&b'"') {
                    is_closed = true;
                    break;
                }
                cell.push(b'"');
                rest = &rest[1..];
            }
            if !is_closed || rest.first().is_some_and(|b| *b != delimiter) {
                sound.get_or_insert(cells.len());
            }
        }
        let end = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        cell.extend_from_slice(&rest[..end]);
        cells.push(cell);
        match rest.get(end + 1..) {
            Some(next) => rest = next,
            None => {
                let count = cells.len();
                return (cells, sound.unwrap_or(count));
            }
        }
    }
}
