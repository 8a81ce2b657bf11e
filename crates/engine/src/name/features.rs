//! What agrees and differs between two names, read off their alignment.

use super::align::align;
use super::alignment::{Pair, words_of};
use super::compare::{Forms, legal_forms};
use super::model::likeness::{NATIONAL, SAME};
use super::model::{Counts, Feature, Features, People, WORTH};
use super::similar::Likeness;
use super::tables::{Tables, WordKinds};
use super::word::{Class, Part, View, Word};
use model::country::Country;

/// Whom two names are of: it says which counts tell how rare a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// A company, or what the publisher does not say the kind of.
    Company,
    /// A person, and the country of the party where it is known.
    Person(Option<Country>),
}

/// Words beside a match that count: a field may say much besides.
const MOST_BESIDE: i32 = 2;

impl Features {
    /// Of a listed name that stands in the field letter for letter.
    pub fn of_exact(listed: View<'_>, of: Bearer, respaced: u8, is_glued: bool) -> Self {
        let mut features = Self::default();
        for word in listed.words {
            features.agree(&listed, word, of);
        }
        features.add(Feature::Respaced, i32::from(respaced.min(4)));
        features.add(Feature::Glued, i32::from(is_glued));
        features
    }

    /// Of a listed name that stands in the field but for `edits` letters, there as the words `field`: they say as much
    /// as the side that says less.
    pub fn of_edited(field: View<'_>, listed: View<'_>, of: Bearer, edits: u8) -> Self {
        let (of_field, of_listed) = (Self::of_exact(field, of, 0, false), Self::of_exact(listed, of, 0, false));
        let mut features = if of_field.worth() < of_listed.worth() { of_field } else { of_listed };
        features.edits(i32::from(edits));
        features
    }

    /// Of a listed name that stands in the field but for letters of its legal form.
    pub fn of_form_misspelt(listed: View<'_>, of: Bearer) -> Self {
        let mut features = Self::of_exact(listed, of, 0, false);
        features.add(Feature::FormMissing, 1);
        features
    }

    /// Adds the words of the field outside a match: another party may be named by them.
    pub fn add_beside(&mut self, words: impl Iterator<Item = Word>) {
        let mut count = 0;
        for word in words {
            let is_counted = word.class.is_identifying() && count < MOST_BESIDE;
            count += i32::from(is_counted);
            self.add(Feature::OverIdentifying, i32::from(is_counted));
        }
    }

    /// Of two names that are compared word by word; `counts` is whether a left word without a counterpart counts.
    pub fn of_names(left: View<'_>, right: View<'_>, of: Bearer, counts: impl Fn(&Word) -> bool) -> Self {
        let mut features = Self::default();
        let found = align(&left, &right);
        let sides = Sides { left, right, of };
        for pair in found.pairs() {
            let (l, r) = (words_of(found.left.words(), pair.left), words_of(found.right.words(), pair.right));
            features.pair(&sides, pair, l, r);
        }
        let mut over = [Over::default(), Over::default()];
        found.left.left_over().filter(|word| counts(word)).for_each(|word| over[0].add(word, &mut features));
        found.right.left_over().for_each(|word| over[1].add(word, &mut features));
        let both = |has: fn(&Over) -> bool| i32::from(over.iter().all(has));
        features.add(Feature::BothIdentifying, both(|side| side.has_identifying));
        features.add(Feature::BothGeneric, both(|side| side.has_generic));
        features.add(Feature::BothPlace, both(|side| side.has_place));
        features.add(Feature::BothNumber, both(|side| side.has_number));
        let is_spelt_otherwise = |features: &Self| {
            [Feature::Edit, Feature::Romanised, Feature::SameSound, Feature::Nickname, Feature::Distant]
                .iter()
                .any(|&feature| features.of(feature) > 0)
        };
        let is_in_doubt = is_spelt_otherwise(&features) && features.of(Feature::OverIdentifying) > 0;
        // `Candera`, `Candiru`; `Interphone Service`, `Interservice`: no other word bears the doubt out.
        let is_telling = |pair: &&Pair| {
            let tells = |words: &[&Word]| words.iter().any(|w| w.class == Class::Distinctive);
            // `Raven` for `Ravenna`: a word of the one may be a place in the other.
            tells(words_of(found.left.words(), pair.left)) || tells(words_of(found.right.words(), pair.right))
        };
        let mut telling = found.pairs().filter(is_telling);
        let is_lone = match (telling.next(), telling.next()) {
            (Some(only), None) if of == Bearer::Company => {
                // Companies bear the names of people, and some publishers do not say which of the two an entry is.
                let is_usual = |view: &View<'_>, words: &[&Word]| words.iter().any(|w| is_usual_name(view.letters(w)));
                matches!(only.how, Likeness::Romanisation | Likeness::Blend)
                    || is_usual(&sides.left, words_of(found.left.words(), only.left))
            }
            _ => false,
        };
        features.add(Feature::TwiceInDoubt, i32::from(is_in_doubt));
        features.add(Feature::LoneOtherwise, i32::from(is_lone));
        match legal_forms(&left, &right, counts) {
            Forms::Equal | Forms::Alike => {}
            Forms::Missing => features.add(Feature::FormMissing, 1),
            Forms::OtherBody | Forms::Differ => features.add(Feature::FormDiffers, 1),
        }
        features
    }

    fn edits(&mut self, edits: i32) {
        self.add(Feature::Edit, 1);
        self.add(Feature::NextEdit, edits.max(1) - 1);
    }

    /// A word that agrees.
    fn agree(&mut self, view: &View<'_>, word: &Word, of: Bearer) {
        let (feature, worth) = worth(view, word, of);
        self.add(feature, worth);
    }

    /// A pair of words, or of words split or joined: it says as much as the side that says less.
    fn pair(&mut self, sides: &Sides<'_>, pair: &Pair, left: &[&Word], right: &[&Word]) {
        match pair.how {
            Likeness::Initial => return self.add(Feature::Initial, 1),
            Likeness::Acronym => {
                let letters: usize = if left.len() == 1 { left } else { right }.iter().map(|w| w.letter_count()).sum();
                return self.add(Feature::AcronymLetter, letters as i32);
            }
            Likeness::Faint => return self.add(Feature::Faint, 1),
            _ => {}
        }
        let of = |view: &View<'_>, words: &[&Word]| {
            words.iter().map(|word| worth(view, word, sides.of)).fold((0, 0), |(common, rare), one| match one {
                (Feature::Common, worth) => (common + worth, rare),
                (_, worth) => (common, rare + worth),
            })
        };
        let (l, r) = (of(&sides.left, left), of(&sides.right, right));
        let (common, rare) = if l.0 + l.1 < r.0 + r.1 { l } else { r };
        self.add(Feature::Respaced, i32::from(pair.is_respaced()));
        let is_spelt_otherwise = !matches!(pair.how, Likeness::Equal);
        // A trade word misspelt tells as little as one left out: there is nothing to take off.
        if is_spelt_otherwise && left.iter().chain(right).any(|word| !word.class.is_identifying()) {
            return self.add(Feature::CommonOtherwise, common + rare);
        }
        self.add(Feature::Common, common);
        self.add(Feature::Rare, rare);
        let longest = left.iter().chain(right).map(|word| word.letter_count()).max().unwrap_or(1);
        match pair.how {
            Likeness::Typo => {
                self.edits((i32::from(SAME - pair.alike) * longest as i32 + i32::from(SAME / 2)) / i32::from(SAME))
            }
            Likeness::Romanisation if pair.alike >= NATIONAL => self.add(Feature::SameSound, 1),
            Likeness::Romanisation => self.add(Feature::Romanised, 1),
            Likeness::Nickname => self.add(Feature::Nickname, 1),
            Likeness::Translation => self.add(Feature::Translation, 1),
            Likeness::ShortForm => self.add(Feature::ShortForm, 1),
            Likeness::Blend => self.add(Feature::Blend, 1),
            Likeness::Distant => self.add(Feature::Distant, 1),
            Likeness::Equal | Likeness::Initial | Likeness::Acronym | Likeness::Faint => {}
        }
        let is_carried = |view: &View<'_>, words: &[&Word]| match words {
            [word] => Counts::get().rarity(view.letters(word)).is_some(),
            _ => false,
        };
        let is_other = matches!(pair.how, Likeness::Typo | Likeness::Romanisation | Likeness::Distant)
            && is_carried(&sides.left, left)
            && is_carried(&sides.right, right);
        self.add(Feature::OtherWord, i32::from(is_other));
    }
}

/// Two names under comparison.
struct Sides<'a> {
    left: View<'a>,
    right: View<'a>,
    of: Bearer,
}

/// What a word that agrees says, in tenths of a bit, and whether other names have it.
fn worth(view: &View<'_>, word: &Word, of: Bearer) -> (Feature, i32) {
    let letters = view.letters(word);
    let usual = |otherwise: i32| (Feature::Common, Counts::get().rarity(letters).unwrap_or(otherwise).min(otherwise));
    match word.class {
        Class::LegalForm(_) => (Feature::Common, 0),
        Class::Particle | Class::Title => (Feature::Common, WORTH.joining),
        Class::Initial => (Feature::Common, WORTH.initial),
        Class::Number(_) => (Feature::Common, WORTH.number),
        Class::Place => usual(WORTH.place),
        Class::Generic => usual(WORTH.generic),
        Class::Everyday => usual(WORTH.everyday),
        Class::Distinctive if let Bearer::Person(country) = of => match People::get().rarity_in(letters, country) {
            // Its forms in other languages are counted one by one: together they are borne by more.
            Some(counted) if is_listed_as_usual(letters) => (Feature::Common, counted.min(WORTH.usual_name)),
            Some(counted) => (Feature::Common, counted.min(by_letters(word))),
            None if is_listed_as_usual(letters) => (Feature::Common, WORTH.usual_name),
            None if word.traits.is_syllable => (Feature::Common, WORTH.syllable),
            None => (Feature::Rare, by_letters(word)),
        },
        Class::Distinctive => match Counts::get().rarity(letters) {
            Some(counted) => (Feature::Common, counted.min(by_letters(word))),
            None => (Feature::Rare, by_letters(word)),
        },
    }
}

/// Whether many people bear the word as a given or family name.
fn is_usual_name(word: &str) -> bool {
    People::get().rarity(word).is_some() || is_listed_as_usual(word)
}

/// Whether hand lists have the word as such: a given name with its forms, a family name that the counts do not have.
fn is_listed_as_usual(word: &str) -> bool {
    let kinds = Tables::get().kinds(word);
    kinds.has(WordKinds::GIVEN) || kinds.has(WordKinds::SURNAME)
}

/// What a word says that no count has: the longer, the more.
fn by_letters(word: &Word) -> i32 {
    let each = if word.traits.is_ascii { WORTH.letter } else { WORTH.sign };
    (each * word.letter_count() as i32).min(WORTH.most)
}

/// The words of one name that the other lacks.
#[derive(Default)]
struct Over {
    has_identifying: bool,
    has_generic: bool,
    has_place: bool,
    has_number: bool,
}

impl Over {
    fn add(&mut self, word: &Word, features: &mut Features) {
        let feature = match word.class {
            Class::LegalForm(_) | Class::Particle | Class::Title => return,
            Class::Initial => Feature::OverInitial,
            Class::Number(_) => Feature::OverNumber,
            Class::Place => Feature::OverPlace,
            Class::Generic => Feature::OverGeneric,
            Class::Distinctive | Class::Everyday if word.traits.part == Part::Patronymic => Feature::OverPatronymic,
            Class::Distinctive | Class::Everyday => Feature::OverIdentifying,
        };
        features.add(feature, 1);
        self.has_identifying |= word.class.is_identifying();
        self.has_generic |= word.class == Class::Generic;
        self.has_place |= word.class == Class::Place;
        self.has_number |= matches!(word.class, Class::Number(_));
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Weight;
    use super::super::parse::parse;
    use super::super::word::Uniform;
    use super::*;
    use text::{Folded, Reading};

    fn features(left: &str, right: &str, is_person: bool) -> Features {
        let folded = [left, right].map(|name| Folded::of(name, Reading::Plain));
        let words = folded.each_ref().map(|folded| {
            let mut words = Vec::new();
            parse(folded.as_text(), is_person, &Uniform, &mut words);
            words
        });
        let view = |at: usize| View { text: folded[at].squeezed(), words: &words[at] };
        let of = if is_person { Bearer::Person(None) } else { Bearer::Company };
        Features::of_names(view(0), view(1), of, |_| true)
    }

    fn weight(left: &str, right: &str) -> Weight {
        Weight::of(&features(left, right, false), false)
    }

    fn is_firm(left: &str, right: &str, is_person: bool) -> bool {
        let features = features(left, right, is_person);
        Weight::of(&features, is_person).is_firm(&features, 700, is_person)
    }

    /// Pairs of real companies that are two, and listed names as people misspell them.
    #[test]
    fn near_names_of_other_companies_are_weaker_than_misspelt_ones() {
        for (stranger, listed) in [
            ("Huafei Technology", "Huawei Technology"),
            ("Hydra Controls", "Hydra"),
            ("Boston Technology", "Boson Technology"),
            ("Pioneer Corporation", "Pioneer Logistics"),
            ("Sigma Corporation", "Sigma Tech Company"),
            ("A-One Co., Ltd.", "Alfa One, C.A."),
            ("Teleco, Inc.", "Telec"),
        ] {
            assert!(!is_firm(stranger, listed, false), "{stranger} {listed}");
        }
        for (written, listed) in [
            ("Hangzhou Hikvison Digital Technology", "Hangzhou Hikvision Digital Technology"),
            ("Kronshtat JSC", "Kronshtadt AO"),
            ("Yangtze Memory Tecnologies", "Yangtze Memory Technologies Co., Ltd."),
            ("Rosoboroneksport", "Rosoboronexport"),
        ] {
            assert!(is_firm(written, listed, false), "{written} {listed}");
        }
        assert!(is_firm("Viktor Anatolievich Bout", "BOUT, Viktor Anatolijevitch", true));
        assert!(!is_firm("Maria Lopes", "SANCHEZ LOPEZ, Maria Luisa", true));
    }

    #[test]
    fn usual_names_say_less_where_they_are_usual() {
        let of = |name: &str, country: Option<Country>| {
            let folded = Folded::of(name, Reading::Plain);
            let mut words = Vec::new();
            parse(folded.as_text(), true, &Uniform, &mut words);
            let view = View { text: folded.squeezed(), words: &words };
            Weight::of(&Features::of_exact(view, Bearer::Person(country), 0, false), true)
        };
        for usual in ["MOHAMMED ALI", "IVANOV, Ivan", "LI, Wei", "GARCIA, Jose", "KIM, Chol"] {
            assert!(!of(usual, None).holds_alone(), "{usual}: {:?}", of(usual, None));
        }
        for rare in ["BOUT, Viktor Anatolijevitch", "Kronshtadtskiy, Ivan", "PAULICHENKA, Dzmitry"] {
            assert!(of(rare, None).holds_alone(), "{rare}: {:?}", of(rare, None));
        }
        assert!(of("GARCIA, Jose", Country::from_code("MX")) < of("GARCIA, Jose", Country::from_code("RU")));
    }

    #[test]
    fn whichever_name_is_asked_for_the_weight_is_the_same() {
        for (one, other) in [("Huafei Technology", "Huawei Technologies"), ("Northstar Systems", "Northstar Trading")] {
            assert_eq!(weight(one, other), weight(other, one), "{one} {other}");
        }
    }
}
