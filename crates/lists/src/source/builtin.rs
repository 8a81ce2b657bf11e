//! The curated lists that ship inside the binary, in the format of `crate::format`.

/// File name and content of each.
pub(super) const FILES: &[(&str, &str)] = &[("lists/uas.toml", include_str!("../../../../lists/uas.toml"))];
