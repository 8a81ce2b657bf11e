//! Names in ideographs. Thousands of names share their sound, so two are compared as they are written; what they sound
//! like says something only where one of them is not written in ideographs.

use model::entry::Entry;
use text::{Folded, Reading, is_ideograph, is_syllable_sign};

/// What a romanised hit says of the ideographs of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ideographs {
    /// There are none, or they were not romanised.
    No,
    /// The entry is not listed in ideographs: the sound is all there is.
    Sounded,
    /// The entry is listed in other ideographs of the same sound.
    Others,
    /// It is the sound of a part of the name that the field gives; nobody gives half of such a name.
    Part,
}

impl Ideographs {
    /// What a name has in common with the entry where it is nothing but the sound.
    pub(super) fn only_sounds_so(self) -> Option<&'static str> {
        match self {
            Self::No | Self::Sounded => None,
            Self::Others => Some("other ideographs of the same sound"),
            Self::Part => Some("a part of the name sounds so"),
        }
    }

    /// Of a hit in the romanised text `matched` of the name `within`, on the name of an entry that is listed as
    /// `spelling`.
    pub(super) fn of((matched, within): (&str, &str), reading: Reading, spelling: &str, entry: &Entry) -> Self {
        let signs = |text: &str| text.chars().filter(|c| is_syllable_sign(*c)).count();
        if reading != Reading::Romanised || signs(matched) == 0 {
            return Self::No;
        }
        if signs(within) > signs(matched) {
            return Self::Part;
        }
        if !is_in_ideographs(matched) {
            return Self::Sounded;
        }
        let romanised = |name: &str| Folded::of(name, Reading::Romanised).squeezed().to_owned();
        let sound = romanised(matched);
        let listed = entry.names.iter().map(|name| name.text.as_str()).filter(|name| is_in_ideographs(name));
        let sounds_so = listed.filter(|name| *name == spelling || romanised(name) == sound);
        if differ(sounds_so, matched) { Self::Others } else { Self::Sounded }
    }
}

/// Whether there are names, and none of them is written as `matched`.
fn differ<'n>(names: impl Iterator<Item = &'n str>, matched: &str) -> bool {
    let plain = |name: &str| Folded::of(name, Reading::Plain).squeezed().to_owned();
    let written = plain(matched);
    let mut names = names.peekable();
    names.peek().is_some() && names.all(|name| plain(name) != written)
}

/// Whether all letters are ideographs.
pub(super) fn is_in_ideographs(name: &str) -> bool {
    let mut letters = name.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(is_ideograph)
}
