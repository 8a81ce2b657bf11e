//! What can agree or differ between two names, each kind counted.

/// Declares the features with their names in the file of costs.
macro_rules! features {
    ($($(#[$doc:meta])* $feature:ident => $name:literal,)+) => {
        /// A kind of agreement or difference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Feature {
            $($(#[$doc])* $feature,)+
        }

        impl Feature {
            /// Every feature, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$feature,)+];

            /// Its name in the file of costs.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$feature => $name,)+
                }
            }
        }
    };
}

features! {
    /// Tenths of a bit of words that agree and that other names have: trade words, places, usual names.
    Common => "common",
    /// Tenths of a bit of words that agree and that are rare, by their letters.
    Rare => "rare",
    /// The same of trade words, places and numbers that are spelt otherwise or translated.
    CommonOtherwise => "common_otherwise",
    /// Words with another letter.
    Edit => "edit",
    /// Letters beyond the first in one word.
    NextEdit => "next_edit",
    /// Words with another letter where both are words that companies carry: no misspelling.
    OtherWord => "other_word",
    /// Words romanised otherwise.
    Romanised => "romanised",
    /// Words romanised otherwise by a rule: the same sounds, or the orthography of another language.
    SameSound => "same_sound",
    /// Forms of one given name.
    Nickname => "nickname",
    /// Words that say the same in two languages.
    Translation => "translation",
    /// Shortened words.
    ShortForm => "short_form",
    /// Words made of parts of several.
    Blend => "blend",
    /// Words that differ by more than a typo.
    Distant => "distant",
    /// Words that are hardly alike.
    Faint => "faint",
    /// Pairs of words split or joined.
    Respaced => "respaced",
    /// A match glued to a neighbouring word.
    Glued => "glued",
    /// Initials that stand for a word.
    Initial => "initial",
    /// Letters of acronyms.
    AcronymLetter => "acronym_letter",
    /// Distinctive and everyday words that only one of the names has.
    OverIdentifying => "over_identifying",
    /// The same: numbers.
    OverNumber => "over_number",
    /// The same: trade words.
    OverGeneric => "over_generic",
    /// The same: places.
    OverPlace => "over_place",
    /// The same: initials.
    OverInitial => "over_initial",
    /// The same: fathers' names.
    OverPatronymic => "over_patronymic",
    /// Both names have a distinctive or everyday word that the other lacks.
    BothIdentifying => "both_identifying",
    /// The same: trade words.
    BothGeneric => "both_generic",
    /// The same: places.
    BothPlace => "both_place",
    /// The same: numbers.
    BothNumber => "both_number",
    /// A word is spelt otherwise, and another is only in one of the names.
    TwiceInDoubt => "twice_in_doubt",
    /// The only word that tells the company is romanised otherwise or made of parts.
    LoneOtherwise => "lone_otherwise",
    /// The legal forms differ.
    FormDiffers => "form_differs",
    /// Only one name has a legal form.
    FormMissing => "form_missing",
}

/// How often each feature occurs in a pair of names.
#[derive(Clone, Copy, Debug)]
pub struct Features([i32; Feature::ALL.len()]);

impl Default for Features {
    fn default() -> Self {
        Self([0; Feature::ALL.len()])
    }
}

impl Features {
    /// Adds to a feature.
    pub(in crate::name) fn add(&mut self, feature: Feature, count: i32) {
        self.0[feature as usize] += count;
    }

    /// Tenths of a bit of the words that agree.
    pub(in crate::name) fn worth(&self) -> i32 {
        self.of(Feature::Common) + self.of(Feature::Rare)
    }

    /// Whether no word of either name that carries weight is without a counterpart.
    pub fn is_aligned(&self) -> bool {
        use Feature::{Faint, OverGeneric, OverIdentifying};
        [Faint, OverGeneric, OverIdentifying].iter().all(|&feature| self.of(feature) == 0)
    }

    /// Whether each name of a person has a counterpart, written out.
    pub fn is_whole_person(&self) -> bool {
        use Feature::{Initial, OverInitial, OverPatronymic};
        self.is_aligned() && [Initial, OverInitial, OverPatronymic].iter().all(|&feature| self.of(feature) == 0)
    }

    /// Whether every word agrees letter for letter; the legal forms may differ.
    pub fn is_same_words(&self) -> bool {
        let may_be = |feature: Feature| {
            use Feature::{Common, FormDiffers, FormMissing, Rare};
            matches!(feature, Common | Rare | FormMissing | FormDiffers)
        };
        Feature::ALL.iter().all(|&feature| may_be(feature) || self.of(feature) == 0)
    }

    /// The count of a feature.
    pub fn of(&self, feature: Feature) -> i32 {
        self.0[feature as usize]
    }
}
