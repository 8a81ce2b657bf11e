//! The ways in which a text is worth a search.

use text::{Folded, Reading, may_be_disguised};

/// The readings of a text worth a search beside the one as written, by its letters.
pub(super) fn other_readings(text: &str, as_written: &Folded) -> impl Iterator<Item = Reading> + use<> {
    let look_alike = as_written.has_look_alikes().then_some(Reading::LookAlike);
    let romanised = as_written.is_foreign().then_some(Reading::Romanised);
    let undisguised = may_be_disguised(text).then_some(Reading::Undisguised);
    look_alike.into_iter().chain(romanised).chain(undisguised)
}
