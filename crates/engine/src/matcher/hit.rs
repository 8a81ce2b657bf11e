//! What a search looks in and what it finds.

use model::ids::NameId;
use text::Reading;

/// What kind of field is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A name: the whole field is one.
    Name,
    /// Running text: names may stand anywhere in it.
    Text,
}

/// How a name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Letter for letter on token boundaries.
    Exact {
        /// The legal form was left out.
        without_form: bool,
        /// Blanks added or taken out.
        respaced: u8,
        /// One end is glued to a neighbouring word.
        is_glued: bool,
    },
    /// Letter for letter but for one or two edits.
    Typo {
        /// Letters added, left out, exchanged or replaced.
        edits: u8,
        /// An edit is in a short word that alone tells the company: as the name of a party it is another name.
        is_doubtful: bool,
    },
    /// By comparison.
    Near,
}

/// A listed name found in a field; positions are bytes of the squeezed text of the reading.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// The name found.
    pub name: NameId,
    /// 0..=1000.
    pub score: u16,
    /// First squeezed byte.
    pub start: u32,
    /// One past the last squeezed byte.
    pub end: u32,
    /// How it was found.
    pub how: How,
    /// How the field's letters were read.
    pub reading: Reading,
    /// Whether the field says nothing else: for a name, nothing but legal forms outside the match.
    pub is_whole: bool,
}
