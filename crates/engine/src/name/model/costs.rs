//! What each agreement and each difference is worth, in tenths of a bit. The one place for these numbers.

use super::features::{Feature, Features};
use model::finding::EvidenceKind;

/// A word that neither counts nor letters say more about.
pub(in crate::name) struct Worth {
    /// `of`, `al`, `Dr`: says next to nothing.
    pub(in crate::name) joining: i32,
    pub(in crate::name) initial: i32,
    pub(in crate::name) number: i32,
    /// A place, trade word or everyday word that the counts do not have.
    pub(in crate::name) place: i32,
    pub(in crate::name) generic: i32,
    pub(in crate::name) everyday: i32,
    /// A given or family name that many people bear and no count has; a given name with forms in other languages never
    /// says more.
    pub(in crate::name) usual_name: i32,
    /// A single Chinese or Korean syllable.
    pub(in crate::name) syllable: i32,
    /// Each letter of a word that no count has: less than the 4.7 bits of a letter drawn blindly, since words are
    /// built alike.
    pub(in crate::name) letter: i32,
    /// Each ideograph or syllable sign.
    pub(in crate::name) sign: i32,
    /// No word says more: there are not more companies.
    pub(in crate::name) most: i32,
}

pub(in crate::name) const WORTH: Worth = Worth {
    joining: 5,
    initial: 30,
    number: 40,
    place: 50,
    generic: 50,
    everyday: 90,
    usual_name: 70,
    syllable: 50,
    letter: 33,
    sign: 65,
    most: 300,
};

/// Hundredths of a bit for one of each feature, for companies and for persons. Rounded from a logistic regression on
/// misspelt names of listed companies against companies that nobody lists (`examples/fit.rs`), and held towards what is
/// known of records: a writer leaves out a trade word or a legal form more often than he strikes a wrong key.
const POINTS: &[(Feature, i32, i32)] = &[
    // Common words agree a little more than by chance: who shares one shares a line of business.
    (Feature::Common, 11, 11),
    (Feature::Rare, 9, 9),
    // A trade word spelt otherwise is as good as the word: nobody tells companies apart by it.
    (Feature::CommonOtherwise, 18, 18),
    (Feature::Edit, -300, -300),
    // Two wrong letters in one word are rarely an accident.
    (Feature::NextEdit, -1000, -1000),
    (Feature::OtherWord, -300, 0),
    (Feature::Romanised, -400, -400),
    // Each language has its own way, and writes every person's name by it; companies write their own names one way.
    (Feature::SameSound, -400, -200),
    (Feature::Nickname, -150, -150),
    (Feature::Translation, -150, -150),
    (Feature::ShortForm, -250, -250),
    (Feature::Blend, -300, -300),
    (Feature::Distant, -900, -900),
    (Feature::Faint, -600, -600),
    (Feature::Respaced, -350, -350),
    (Feature::Glued, -600, -600),
    // One letter in a dozen or so, and the rest of the word may be anything.
    (Feature::Initial, 150, 300),
    (Feature::AcronymLetter, 300, 300),
    (Feature::OverIdentifying, -450, -250),
    (Feature::OverNumber, -500, -500),
    (Feature::OverGeneric, -500, -500),
    (Feature::OverPlace, -300, -300),
    (Feature::OverInitial, -150, -150),
    (Feature::OverPatronymic, -100, -100),
    (Feature::BothIdentifying, -400, -400),
    (Feature::BothGeneric, -250, -250),
    (Feature::BothPlace, -300, -300),
    (Feature::BothNumber, -500, -500),
    // Decided by the score, see `TWICE_IN_DOUBT`.
    (Feature::TwiceInDoubt, 0, 0),
    (Feature::LoneOtherwise, 0, 0),
    (Feature::FormDiffers, -200, 0),
    (Feature::FormMissing, -70, 0),
];

/// Tenths of a bit from which a name that is not the listed name itself asks for a person without anything else.
/// With the 40,000 names of the larger lists, some four strangers in a thousand reach it.
const FIRM: i32 = 155;
/// The same for persons: their names have less variety, and fewer of them are parties of shipments.
const FIRM_PERSON: i32 = 95;
/// The same where each name of the one has a counterpart in the other: `IBAHIM, Ali` is a listed name misspelt, however many
/// people bear it, and a person has to look.
const FIRM_WHOLE_PERSON: i32 = 60;

/// The same for companies that one word tells, where it is romanised otherwise or made of parts: short words sound alike
/// too often (`Candera`, `Candiru`).
const FIRM_LONE: i32 = 200;

/// Tenths of a bit from which a person's name alone holds a shipment: one in 32,000 people of its region has such a name, so
/// that a country has some thousands of them below.
const HELD_PERSON: i32 = 150;

/// The score below which a word spelt otherwise and another left out are too many doubts.
const TWICE_IN_DOUBT: u16 = 780;

/// Hundredths of a bit for one of a feature.
pub fn points(feature: Feature, is_person: bool) -> i32 {
    let of = |&&(known, ..): &&(Feature, i32, i32)| known == feature;
    POINTS.iter().find(of).map_or(0, |&(_, company, person)| if is_person { person } else { company })
}

/// The logarithm of the odds that two names this alike are one party's rather than a stranger's, before anything else
/// is known, in tenths of a bit. 200 says: one stranger in a million has a name as close as this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(pub i32);

impl Weight {
    /// Of what agrees and differs.
    pub fn of(features: &Features, is_person: bool) -> Self {
        let points = |&(feature, company, person): &(Feature, i32, i32)| {
            features.of(feature) * if is_person { person } else { company }
        };
        Self(POINTS.iter().map(points).sum::<i32>() / 10)
    }

    /// With what the rest of the record adds, in tenths of a bit.
    #[must_use]
    pub fn with(self, corroboration: i32) -> Self {
        Self(self.0 + corroboration)
    }

    /// Whether names of these features and this score ask for a person without anything else in the record.
    pub fn is_firm(self, features: &Features, score: u16, is_person: bool) -> bool {
        let is_in_doubt = features.of(Feature::TwiceInDoubt) > 0 && score < TWICE_IN_DOUBT;
        let least = match is_person {
            true if features.is_whole_person() => FIRM_WHOLE_PERSON,
            true => FIRM_PERSON,
            false if features.of(Feature::LoneOtherwise) > 0 => FIRM_LONE,
            false => FIRM,
        };
        self.0 >= least && !is_in_doubt
    }

    /// Whether a person's name says enough to hold a shipment with nothing else in the record.
    pub fn holds_alone(self) -> bool {
        self.0 >= HELD_PERSON
    }

    /// One name in so many is as close as this.
    pub fn one_in(self) -> u64 {
        1u64 << (self.0.max(0) / 10).min(40)
    }
}

/// What a fact beside the name adds, in tenths of a bit: the rarer it is that a stranger shares it, the more.
pub fn corroboration_weight(kind: EvidenceKind) -> i32 {
    match kind {
        EvidenceKind::IdentifierAgrees => 300,
        EvidenceKind::AddressAgrees => 120,
        EvidenceKind::BirthAgrees | EvidenceKind::IncorporationAgrees => 100,
        EvidenceKind::NameAgrees => 80,
        // A fifth of the world's trade is of one country.
        EvidenceKind::CountryAgrees => 30,
        EvidenceKind::LegalFormAgrees => 15,
        EvidenceKind::RoleAgrees => 10,
        EvidenceKind::CountryDiffers => -20,
        EvidenceKind::BirthDiffers | EvidenceKind::IncorporationDiffers => -60,
        EvidenceKind::IdentifierDiffers => -100,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What differs never speaks for a match, what agrees never against it: so the weight falls with every difference,
    /// whatever else the names hold.
    #[test]
    fn every_feature_has_points_of_the_right_sign() {
        use Feature::{AcronymLetter, Common, CommonOtherwise, Initial, Rare};
        for &feature in Feature::ALL {
            assert_eq!(POINTS.iter().filter(|(known, ..)| *known == feature).count(), 1, "{}", feature.as_str());
            let agrees = matches!(feature, Common | Rare | CommonOtherwise | Initial | AcronymLetter);
            for is_person in [false, true] {
                let points = points(feature, is_person);
                assert!(if agrees { points > 0 } else { points <= 0 }, "{}: {points}", feature.as_str());
            }
        }
    }

    #[test]
    fn weights_are_said_as_one_name_in_so_many() {
        assert_eq!(
            [Weight(-40), Weight(0), Weight(100), Weight(155), Weight(9999)].map(Weight::one_in),
            [1, 1, 1024, 32768, 1 << 40]
        );
    }
}
