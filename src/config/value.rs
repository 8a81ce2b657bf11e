//! Reading and checking single values.

use model::EvidenceMode;
use serde::{Deserialize as _, Deserializer, de};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Takes a path relative to `folder`.
pub(super) fn absolute(path: &mut Option<PathBuf>, folder: &Path) {
    if let Some(path) = path {
        *path = folder.join(&*path);
    }
}

/// A number within `MIN..=MAX`.
pub(super) fn within<'de, D: Deserializer<'de>, const MIN: usize, const MAX: usize>(
    input: D,
) -> Result<usize, D::Error> {
    let value = i64::deserialize(input)?;
    usize::try_from(value)
        .ok()
        .filter(|v| (MIN..=MAX).contains(v))
        .ok_or_else(|| de::Error::custom(format_args!("{value} is out of range; expected {MIN}..={MAX}")))
}

/// Seconds within `MIN..=MAX`.
pub(super) fn seconds<'de, D: Deserializer<'de>, const MIN: usize, const MAX: usize>(
    input: D,
) -> Result<Duration, D::Error> {
    within::<D, MIN, MAX>(input).map(|seconds| Duration::from_secs(seconds as u64))
}

/// When an answer may leave: `off`, `async` or `durable`.
pub(crate) fn evidence<'de, D: Deserializer<'de>, T: From<EvidenceMode>>(input: D) -> Result<T, D::Error> {
    let word = String::deserialize(input)?;
    EvidenceMode::parse(&word).map(T::from).ok_or_else(|| {
        let words = EvidenceMode::ALL.map(EvidenceMode::as_str).join(", ");
        de::Error::custom(format_args!("unknown mode `{word}`; expected one of {words}"))
    })
}
