//! The ways in which a text is worth a search.

use text::{Folded, Reading};

/// The readings worth a search: as written, and the others when the letters call for it.
pub(super) fn readings(text: &str) -> impl Iterator<Item = Reading> {
    let (look_alike, foreign) = if text.is_ascii() {
        (false, false)
    } else {
        let folded = Folded::of(text, Reading::Plain);
        (folded.has_look_alikes(), folded.is_foreign())
    };
    [Some(Reading::Plain), look_alike.then_some(Reading::LookAlike), foreign.then_some(Reading::Romanised)]
        .into_iter()
        .flatten()
}
