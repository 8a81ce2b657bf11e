//! Opens a path: one file, or the three tables of OFAC's legacy format in a folder, an archive or side by side.

use super::recognise::Found;
use super::siblings;
use super::unpack::{Take, file};
use crate::error::Error;
use crate::input::UnpackLimits;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// 2 GiB is about 300 times the largest published list; XML lists pack about 20:1.
pub(crate) const LIMITS: UnpackLimits = UnpackLimits { total: 2 << 30, ratio: 200, free: 64 << 20 };

/// Opens `path`, unpacks it and hands its pieces to `take`, each with what it is and its text without byte order mark.
/// Most sources have one piece; OFAC's legacy files are three, in a folder, in an archive, or side by side.
///
/// # Errors
/// When a file cannot be opened, is damaged or too large, or is in a format that cannot be read; and what `take` returns.
pub(super) fn pieces(path: &Path, limits: UnpackLimits, take: Take<'_>) -> Result<(), Error> {
    if path.is_dir() {
        return siblings::folder(path, limits, take);
    }
    let mut part = None;
    file(path, limits, &mut |name, found, content| {
        if let Found::Legacy(found) = found {
            part = Some(found);
        }
        take(name, found, content)
    })?;
    match part {
        // An archive holds all three.
        Some(_) if is_zip(path) => Ok(()),
        Some(part) => siblings::beside(path, part, limits, take),
        None => Ok(()),
    }
}

fn is_zip(path: &Path) -> bool {
    let mut magic = [0; 2];
    File::open(path).and_then(|mut f| f.read_exact(&mut magic)).is_ok() && magic == *b"PK"
}
