//! What speaks for or against a match: a kind that code may ask for, points, and a detail for people.

/// Declares the kinds with their stable names, so that a kind and its name stand in one place.
macro_rules! evidence_kinds {
    ($($(#[$doc:meta])* $kind:ident => $name:literal,)+) => {
        /// Kinds of evidence. Code branches on these, never on the detail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EvidenceKind {
            $($(#[$doc])* $kind,)+
        }

        impl EvidenceKind {
            /// Every kind, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// The stable name, for example `typo`. Scripts rely on it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

evidence_kinds! {
    // The letters as a whole.
    /// The names are equal once folded.
    Identical => "identical",
    /// The letters stand in the order of the listed name, but for a few.
    SameLetters => "same_letters",
    /// Letters added, left out, exchanged or replaced in a name that is otherwise letter for letter the same.
    Edits => "slip",
    /// Words are split or joined, or blanks are added or taken out.
    Respaced => "respaced",
    /// An end of the name is glued to a neighbouring word.
    Glued => "glued",
    /// The field says more than the listed name.
    MoreInField => "more_in_field",
    /// Letters of another script are read as the Latin letters they look like.
    LookAlike => "look_alike",
    /// Letters of another script are romanised.
    Romanised => "romanised",
    /// The field gives several names, and this is one of them.
    OneOfAlternatives => "one_of_alternatives",
    /// Ideographs of the same sound: others, or not all of them.
    Homophone => "homophone",

    /// The names are compared word by word; what follows is taken off.
    Compared => "compared",
    /// What a limit of the score adds or takes.
    Limit => "limit",

    // One pair of words.
    /// Two words are equal.
    SameWord => "same_word",
    /// One word is a known variant or nickname of the other.
    NameVariant => "name_variant",
    /// One word translates the other.
    Translation => "translation",
    /// Two romanisations of one word.
    Romanisation => "romanisation",
    /// An initial stands for its word.
    Initial => "initial",
    /// A word is shortened.
    ShortForm => "short_form",
    /// The first letters of several words stand for them.
    Acronym => "acronym",
    /// A letter or two of a word differ.
    Typo => "typo",
    /// A word is made of parts of several.
    Blend => "blend",
    /// A word differs by more than a typo.
    Distant => "distant",
    /// A word is hardly alike.
    Faint => "faint",

    // What is left over, and what contradicts.
    /// The text has a word that the listed name lacks.
    ExtraWord => "extra_word",
    /// The listed name has a word that the text lacks.
    MissingWord => "missing_word",
    /// Both names carry numbers, and not the same.
    NumberDiffers => "number_differs",
    /// Only one name carries a number.
    NumberMissing => "number_missing",
    /// The words stand in another order.
    WordOrder => "word_order",
    /// Only one distinctive word is alike, and not letter for letter.
    SingleWord => "single_word",
    /// One word is alike among several distinctive ones.
    OneOfSeveral => "one_of_several",
    /// The legal forms differ, or one is missing.
    LegalForm => "legal_form",
    /// A word differs by more than a typo, which counts against the whole name.
    DistantWord => "distant_word",
    /// A word is hardly alike, which counts against the whole name.
    FaintWord => "faint_word",
    /// The initials differ.
    InitialDiffers => "initial_differs",
    /// No distinctive word is equal letter for letter, and others are left over.
    NoneEqual => "none_equal",
    /// The names carry different places.
    PlaceDiffers => "place_differs",
    /// Only one name carries a place.
    PlaceMissing => "place_missing",
    /// The names carry different trade words.
    TradeDiffers => "trade_differs",
    /// Only one name says its trade.
    TradeMissing => "trade_missing",
    /// Few distinctive words in common, and only one name has others.
    FewInCommon => "few_in_common",
    /// One of two distinctive words is alike, and no more than that.
    UncertainWord => "uncertain_word",
    /// Another letter in the short word that tells the company is another company.
    ShortWordDiffers => "short_word_differs",
    /// Nothing in common but a shortened trade word.
    ShortFormAlone => "short_form_alone",
    /// The fathers' names differ.
    PatronymicDiffers => "patronymic_differs",
    /// Father and child change places.
    PatronymicTurned => "patronymic_turned",
    /// The family names have nothing in common.
    FamilyDiffers => "family_differs",
    /// Only one name has a family name.
    FamilyMissing => "family_missing",
    /// Family names stand for given names.
    NamesCrossed => "names_crossed",
    /// Family and given names change places.
    NamesSwapped => "names_swapped",
    /// The words stand in another order, and not all of them.
    TurnedAndLeftOut => "turned_and_left_out",
    /// Only one name is that of a father or mother of somebody.
    KunyaMissing => "kunya_missing",
    /// Nothing in common but whose father or mother they are called.
    KunyaAlone => "kunya_alone",
    /// The given name by which a person is called is missing.
    FirstNameMissing => "first_name_missing",
    /// The given names by which the persons are called differ.
    FirstNameDiffers => "first_name_differs",
    /// One name in common, under different titles.
    TitleDiffers => "title_differs",
    /// Both names have a distinctive word that the other lacks.
    Contradiction => "contradiction",
    /// Few letters agree and other words differ.
    LittleInCommon => "little_in_common",

    // What the place of the match and the strength of the name say.
    /// The entry is of another kind than the field.
    KindDiffers => "kind_differs",
    /// The listed name is very short.
    ShortName => "short_name",
    /// The listed name says little on its own.
    WeakName => "weak_name",
    /// So many names are as close to the listed one that this may be a stranger's; informational.
    CouldBeChance => "could_be_chance",

    // What the rest of the record says.
    /// A number is one of the entry's.
    IdentifierAgrees => "identifier_agrees",
    /// A number is not the entry's.
    IdentifierDiffers => "identifier_differs",
    /// The date of birth is the entry's.
    BirthAgrees => "birth_agrees",
    /// The date of birth is near the entry's.
    BirthNear => "birth_near",
    /// The date of birth is not the entry's.
    BirthDiffers => "birth_differs",
    /// The date of incorporation is the entry's.
    IncorporationAgrees => "incorporation_agrees",
    /// The date of incorporation is near the entry's.
    IncorporationNear => "incorporation_near",
    /// The date of incorporation is not the entry's.
    IncorporationDiffers => "incorporation_differs",
    /// The countries or flags agree.
    CountryAgrees => "country_agrees",
    /// The countries or flags differ.
    CountryDiffers => "country_differs",
    /// The addresses share distinctive words.
    AddressAgrees => "address_agrees",
    /// A word beside the match stands in another name of the entry.
    NameAgrees => "name_agrees",
    /// The legal form beside the match is the entry's.
    LegalFormAgrees => "legal_form_agrees",
    /// The role suits the entry.
    RoleAgrees => "role_agrees",
    /// The role does not suit the entry.
    RoleDiffers => "role_differs",
    /// Another field of the record names the same entry.
    Corroborated => "corroborated",

    // Numbers, addresses, owners.
    /// The number is a listed number.
    Identifier => "identifier",
    /// Whether the check digit of the listed number is right.
    CheckDigit => "check_digit",
    /// The name given beside a listed number is not the entry's.
    NameDiffers => "name_differs",
    /// The address is the listed one, unit included.
    SameUnit => "same_unit",
    /// The address is in the same house.
    SameHouse => "same_house",
    /// The address is in the same building, which many share.
    SameBuilding => "same_building",
    /// A listed owner, with the share in thousandths as points.
    Owner => "owner",

    // Rules.
    /// The pack of facts that the rule rests on, and the day it was read.
    Pack => "pack",
    /// The reason of one finding that a combination is made of.
    Part => "part",
    /// Words of the goods text that name no goods; the share in thousandths as points.
    SaysNothing => "says_nothing",
    /// The record does not say of which edition its HS code is.
    EditionNotSaid => "edition_not_said",
    /// The receiver is the very party named as the forwarder.
    SameAsForwarder => "same_as_forwarder",
    /// A word of the name marks a freight forwarder.
    ForwarderWord => "forwarder_word",
    /// A word of the name marks a bank.
    BankWord => "bank_word",
    /// The day of an attestation.
    AttestedOn => "attested_on",
    /// What the record says of an end-use statement.
    EndUseStatement => "end_use_statement",
    /// The code that the goods text contradicts.
    Code => "code",
    /// How far the route goes, and how far the straight way is, in kilometres.
    Distance => "distance",
    /// The goods leave the country of destination again for this one.
    LeavesDestination => "leaves_destination",
    /// The words around a place name say that it means something else.
    SomethingElse => "something_else",
    /// The age of a list.
    ListAge => "list_age",
}

impl EvidenceKind {
    /// Whether it compares what only one party has: a number, a day of birth or of incorporation.
    pub const fn is_identity(self) -> bool {
        matches!(
            self,
            Self::IdentifierAgrees
                | Self::IdentifierDiffers
                | Self::BirthAgrees
                | Self::BirthNear
                | Self::BirthDiffers
                | Self::IncorporationAgrees
                | Self::IncorporationNear
                | Self::IncorporationDiffers
        )
    }

    /// Whether it comes from the record beside the matched name, rather than from the letters of the name.
    pub const fn is_beside_the_name(self) -> bool {
        self.is_identity()
            || matches!(
                self,
                Self::CountryAgrees
                    | Self::CountryDiffers
                    | Self::AddressAgrees
                    | Self::NameAgrees
                    | Self::RoleAgrees
                    | Self::RoleDiffers
            )
    }
}

/// One thing that speaks for or against a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What kind of thing.
    pub kind: EvidenceKind,
    /// Points added to the score, or taken from it when negative.
    pub points: i32,
    /// What it is about, for people to read.
    pub detail: String,
}

impl Evidence {
    /// Evidence of a kind.
    pub fn new(kind: EvidenceKind, points: i32, detail: impl Into<String>) -> Self {
        Self { kind, points, detail: detail.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::EvidenceKind;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_a_stable_name_of_its_own() {
        let names: BTreeSet<&str> = EvidenceKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), EvidenceKind::ALL.len());
        let is_plain = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(names.iter().all(is_plain), "{names:?}");
    }
}
