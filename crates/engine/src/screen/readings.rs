//! The ways in which a text is worth a search.

use text::{Folded, Reading};

/// The readings worth a search beside the one as written, by the letters of the text.
pub(super) fn other_readings(as_written: &Folded) -> impl Iterator<Item = Reading> + use<> {
    let look_alike = as_written.has_look_alikes().then_some(Reading::LookAlike);
    let romanised = as_written.is_foreign().then_some(Reading::Romanised);
    let undisguised = as_written.is_disguised().then_some(Reading::Undisguised);
    look_alike.into_iter().chain(romanised).chain(undisguised)
}
