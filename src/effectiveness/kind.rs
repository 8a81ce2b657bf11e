//! What is measured separately: manipulations, kinds of entries, lengths, fields, and what a name can be expected to do.

use model::entry::EntryKind;

/// What was done to a listed name. The names are stable; scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Nothing: the control.
    Verbatim,
    /// One letter is another: a neighbour on the keyboard, or any.
    Typo,
    /// One letter is left out.
    Drop,
    /// Two neighbouring letters are exchanged.
    Swap,
    /// One letter stands twice.
    Double,
    /// One vowel is another.
    VowelSwap,
    /// A blank inside a word.
    StrayBlank,
    /// One blank or every blank is left out.
    Glued,
    /// A person's names are turned, two neighbouring words of any other name exchanged.
    Order,
    /// Given names are initials.
    Initials,
    /// The legal form is left out.
    LegalFormDropped,
    /// The legal form is written another way.
    LegalFormChanged,
    /// Dots, commas, hyphens, apostrophes and ampersands are added, left out or changed.
    Punctuation,
    /// Marks on letters are stripped, or added where there are none.
    Diacritics,
    /// Letters are Cyrillic or Greek twins.
    LookAlikes,
    /// A Latin name is romanised by another habit, a name of another script is romanised.
    Romanisation,
    /// The listed name in its own script, as listed.
    NativeScript,
    /// A line of 35 characters ends inside the name.
    LineBreak,
}

impl Kind {
    /// Every kind, controls first.
    pub const ALL: [Self; 18] = [
        Self::Verbatim,
        Self::NativeScript,
        Self::Typo,
        Self::Drop,
        Self::Swap,
        Self::Double,
        Self::VowelSwap,
        Self::StrayBlank,
        Self::Glued,
        Self::Order,
        Self::Initials,
        Self::LegalFormDropped,
        Self::LegalFormChanged,
        Self::Punctuation,
        Self::Diacritics,
        Self::LookAlikes,
        Self::Romanisation,
        Self::LineBreak,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verbatim => "verbatim",
            Self::Typo => "typo",
            Self::Drop => "drop",
            Self::Swap => "swap",
            Self::Double => "double",
            Self::VowelSwap => "vowel_swap",
            Self::StrayBlank => "stray_blank",
            Self::Glued => "glued",
            Self::Order => "order",
            Self::Initials => "initials",
            Self::LegalFormDropped => "legal_form_dropped",
            Self::LegalFormChanged => "legal_form_changed",
            Self::Punctuation => "punctuation",
            Self::Diacritics => "diacritics",
            Self::LookAlikes => "look_alikes",
            Self::Romanisation => "romanisation",
            Self::NativeScript => "native_script",
            Self::LineBreak => "line_break",
        }
    }

    /// Whether the name is as listed.
    pub fn is_control(self) -> bool {
        matches!(self, Self::Verbatim | Self::NativeScript)
    }
}

/// Letters and digits of the listed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// Up to 4.
    UpTo4,
    /// 5 to 8.
    UpTo8,
    /// 9 to 20.
    UpTo20,
    /// More than 20.
    Over20,
}

impl Length {
    /// Every length, shortest first.
    pub const ALL: [Self; 4] = [Self::UpTo4, Self::UpTo8, Self::UpTo20, Self::Over20];

    /// The length of a name.
    pub fn of(name: &str) -> Self {
        match name.chars().filter(|c| c.is_alphanumeric()).count() {
            0..=4 => Self::UpTo4,
            5..=8 => Self::UpTo8,
            9..=20 => Self::UpTo20,
            _ => Self::Over20,
        }
    }

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpTo4 => "1-4",
            Self::UpTo8 => "5-8",
            Self::UpTo20 => "9-20",
            Self::Over20 => "21+",
        }
    }
}

/// Where the name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// In a name field: a party's, or a vessel's for vessels and aircraft.
    Party,
    /// Inside a goods description.
    Text,
}

impl Field {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Party, Self::Text];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Text => "text",
        }
    }
}

/// Whether a listed name is meant to raise an alert on its own in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// It is: these make up the recall.
    Alert,
    /// One distinctive word: enough for a party, for the record only in running text.
    SingleWord,
    /// Up to four letters, or an acronym.
    Short,
    /// Nothing but everyday words, trade words and places.
    Everyday,
    /// Called weak by the publisher.
    Weak,
    /// The policy reports entries of this effect for the record only.
    ForTheRecord,
}

impl Reach {
    /// Every reach.
    pub const ALL: [Self; 6] =
        [Self::Alert, Self::SingleWord, Self::Short, Self::Everyday, Self::Weak, Self::ForTheRecord];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::SingleWord => "single_word",
            Self::Short => "short",
            Self::Everyday => "everyday",
            Self::Weak => "weak",
            Self::ForTheRecord => "for_the_record",
        }
    }
}

/// The kinds of entries that have names, in the order of the report.
pub(super) const TYPES: [EntryKind; 5] =
    [EntryKind::Person, EntryKind::Company, EntryKind::Vessel, EntryKind::Aircraft, EntryKind::Unknown];

/// The stable name of a kind of entry.
pub(super) fn type_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Unknown => "unknown",
        EntryKind::Person => "person",
        EntryKind::Company => "company",
        EntryKind::Vessel => "vessel",
        EntryKind::Aircraft => "aircraft",
        EntryKind::Address => "address",
        EntryKind::Category => "category",
    }
}
