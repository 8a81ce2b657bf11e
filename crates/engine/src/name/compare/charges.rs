//! What is taken off the score of two names, step by step. Later steps look at the score that earlier ones left.

use super::super::model::charges::{self as points, ONE_OF_SEVERAL};
use super::super::model::likeness::LEAST_MISSPELT;
use super::super::model::words::LIGHT;
use super::features::NameFeatures;
use super::forms::Forms;
use super::persons::{PersonFeatures, PersonParts};
use model::finding::{Evidence, EvidenceKind};

/// The score of two names under way, in thousandths, with the evidence where it is asked for.
pub(super) struct Scorecard<'e> {
    pub(super) score: i64,
    pub(super) evidence: Option<&'e mut Vec<Evidence>>,
}

impl Scorecard<'_> {
    /// Adds `points`, below zero for what counts against a match.
    fn charge(&mut self, kind: EvidenceKind, points: i64, detail: &str) {
        self.score += points;
        if let Some(evidence) = self.evidence.as_deref_mut() {
            evidence.push(Evidence { kind, points: points as i32, detail: detail.to_owned() });
        }
    }

    /// All charges, in their order.
    pub(super) fn charge_all(&mut self, features: &NameFeatures, forms: Forms, person: &PersonFeatures) {
        self.numbers_and_order(features);
        self.single_word(features);
        self.legal_forms(forms);
        self.unlike_words(features);
        self.places_and_trade(features);
        self.few_in_common(features);
        self.persons(features, person);
        self.contradictions(features);
        let respaced = i64::from(features.respaced_pairs);
        if respaced > 0 {
            self.charge(EvidenceKind::Respaced, points::respaced(respaced), "words are split or joined");
        }
    }

    /// Nothing agrees but names that many people bear, and not all of them letter for letter.
    pub(super) fn charge_usual_names(&mut self, features: &NameFeatures, worth: impl FnOnce() -> Option<i32>) {
        let left_over = features.sides.left.identifying + features.sides.right.identifying;
        let is_same = left_over == 0 && !features.has_unequal_pair;
        if self.score > points::USUAL_NAMES.floor
            && !is_same
            && worth().is_some_and(|tenths| tenths < points::LEAST_TELLING)
        {
            let detail = "nothing agrees but names that many people bear";
            self.charge(EvidenceKind::FewInCommon, points::USUAL_NAMES.points(self.score), detail);
        }
    }

    fn numbers_and_order(&mut self, features: &NameFeatures) {
        let sides = &features.sides;
        if features.has_code_typo {
            let detail = "another sign in a code is another code";
            let points = if features.equal_pairs < 2 { ONE_OF_SEVERAL - self.score } else { points::CODE_DIFFERS };
            self.charge(EvidenceKind::NumberDiffers, points.min(0), detail);
        }
        if sides.both(|side| side.numbers > 0) {
            self.charge(EvidenceKind::NumberDiffers, points::NUMBER_DIFFERS, "the names have different numbers");
        } else if sides.just_one(|side| side.numbers > 0) {
            self.charge(EvidenceKind::NumberMissing, points::NUMBER_MISSING, "only one name has a number");
        }
        if features.is_order_broken {
            self.charge(EvidenceKind::WordOrder, points::WORD_ORDER, "the words stand in another order");
        }
    }

    /// One heavy word in common is little, unless it is equal letter for letter and all there is.
    fn single_word(&mut self, features: &NameFeatures) {
        if features.heavy_pairs > 1 {
            return;
        }
        if features.has_unequal_pair {
            let points = points::lone_word(features.matched_letters, features.is_whole_acronym, self.score);
            let detail = "only one distinctive word is alike, and not letter for letter";
            self.charge(EvidenceKind::SingleWord, points, detail);
        }
        if features.sides.left.distinctive > 0 && self.score > ONE_OF_SEVERAL {
            let points = ONE_OF_SEVERAL - self.score;
            self.charge(EvidenceKind::OneOfSeveral, points, "only one of several distinctive words is alike");
        }
    }

    fn legal_forms(&mut self, forms: Forms) {
        if forms != Forms::Equal {
            let (points, detail) = forms.weigh();
            self.charge(EvidenceKind::LegalForm, points, detail);
        }
    }

    fn unlike_words(&mut self, features: &NameFeatures) {
        if features.has_distant_pair {
            self.charge(EvidenceKind::DistantWord, points::DISTANT_WORD, "one word differs by more than a typo");
        }
        if features.has_faint_pair {
            self.charge(EvidenceKind::FaintWord, points::FAINT_WORD, "one word is hardly alike");
        }
        if features.sides.both(|side| side.initials > 0) {
            self.charge(EvidenceKind::InitialDiffers, points::INITIAL_DIFFERS, "the initials differ");
        }
        let (_, most_unmatched) = features.unmatched();
        if features.equal_pairs == 0 && features.identifying_pairs >= 2 && most_unmatched > points::NONE_EQUAL_OVER {
            let detail = "no distinctive word is equal letter for letter, and others are left over";
            self.charge(EvidenceKind::NoneEqual, points::NONE_EQUAL, detail);
        }
    }

    fn places_and_trade(&mut self, features: &NameFeatures) {
        let sides = &features.sides;
        if sides.both(|side| side.places > 0) {
            self.charge(EvidenceKind::PlaceDiffers, points::PLACE_DIFFERS, "the names have different places");
        } else if sides.just_one(|side| side.places > 0) {
            self.charge(EvidenceKind::PlaceMissing, points::PLACE_MISSING, "only one name has a place");
        }
        if sides.both(|side| side.trade_words > 0) {
            let points = points::trade_differs(features.identifying_pairs);
            self.charge(EvidenceKind::TradeDiffers, points, "the names have different trade words");
        }
        if sides.just_one(|side| side.trade_words > 0) && features.heavy_pairs <= 2 {
            let points = points::trade_missing(features.heavy_pairs, self.score);
            let detail = "few words in common, and only one name has a trade word";
            self.charge(EvidenceKind::TradeMissing, points, detail);
        }
    }

    fn few_in_common(&mut self, features: &NameFeatures) {
        let is_one_sided = features.sides.just_one(|side| side.identifying > 0);
        if is_one_sided && features.identifying_pairs <= 2 && self.score > points::FEW_IN_COMMON.floor {
            let detail = "few distinctive words in common, and only one name has others";
            self.charge(EvidenceKind::FewInCommon, points::FEW_IN_COMMON.points(self.score), detail);
        }
        if features.heavy_pairs == 2
            && features.worst_shortfall > points::UNCERTAIN_SHORTFALL
            && self.score > points::UNCERTAIN_WORD.floor
        {
            let detail = "only two distinctive words in common, and one of them is merely similar";
            self.charge(EvidenceKind::UncertainWord, points::UNCERTAIN_WORD.points(self.score), detail);
        }
        let is_told_by_it = features.equal_letters < LEAST_MISSPELT as u32 && !features.is_whole_acronym;
        if features.has_short_typo && is_told_by_it && self.score > ONE_OF_SEVERAL {
            let detail = "another letter in the short word that tells the name is another name";
            self.charge(EvidenceKind::ShortWordDiffers, ONE_OF_SEVERAL - self.score, detail);
        }
        if features.identifying_pairs == 0 && features.has_short_form {
            self.charge(
                EvidenceKind::ShortFormAlone,
                points::SHORT_FORM_ALONE,
                "nothing in common but an abbreviated trade word",
            );
        }
    }

    fn persons(&mut self, features: &NameFeatures, person: &PersonFeatures) {
        let sides = &features.sides;
        if sides.both(|side| side.patronymics > 0) {
            self.charge(EvidenceKind::PatronymicDiffers, points::PATRONYMIC_DIFFERS, "the fathers' names differ");
        }
        if let Some((kind, points, detail)) = person.parts.weigh(features) {
            self.charge(kind, points, detail);
        }
        if sides.left.has_kunya || sides.right.has_kunya {
            let points = points::kunya_missing(features.identifying_pairs);
            self.charge(EvidenceKind::KunyaMissing, points, "only one name is a parent's name (Abu, Umm)");
        }
        if features.has_common_kunya && features.identifying_pairs <= 1 {
            let detail = "nothing in common but that both are a parent's name (Abu, Umm)";
            self.charge(EvidenceKind::KunyaAlone, points::KUNYA_ALONE, detail);
        }
        if person.has_two_first_names {
            let detail = "the first given names differ";
            self.charge(EvidenceKind::FirstNameDiffers, points::FIRST_NAME_DIFFERS, detail);
        }
        if person.has_other_first_name {
            let detail = "the first given name of one is missing in the other";
            self.charge(EvidenceKind::FirstNameMissing, points::FIRST_NAME_MISSING, detail);
        }
        if sides.both(|side| side.titles > 0) && features.identifying_pairs <= 1 {
            self.charge(
                EvidenceKind::TitleDiffers,
                points::TITLE_DIFFERS,
                "one name in common, under different titles",
            );
        }
        if person.has_turned_patronymic {
            self.charge(EvidenceKind::PatronymicTurned, points::PATRONYMIC_TURNED, "father and child change places");
        }
    }

    fn contradictions(&mut self, features: &NameFeatures) {
        if features.sides.both(|side| side.identifying > 0) {
            let detail = "both names have a distinctive word that the other lacks";
            self.charge(EvidenceKind::Contradiction, points::CONTRADICTION, detail);
        }
        let (least, most) = features.unmatched();
        if features.matched_letters <= points::FEW_LETTERS && least + most > points::FEW_LETTERS_OVER {
            self.charge(
                EvidenceKind::LittleInCommon,
                points::LITTLE_IN_COMMON,
                "few letters agree and other words differ",
            );
        }
    }
}

impl PersonParts {
    /// What the agreement of the parts is worth, where it says something.
    fn weigh(&self, features: &NameFeatures) -> Option<(EvidenceKind, i64, &'static str)> {
        let (least_unmatched, most_unmatched) = features.unmatched();
        let is_partial = most_unmatched > points::PARTIAL_OVER;
        if self.known.left && self.known.right {
            return match (self.family_pairs, self.crossed) {
                (0, 0) => Some((
                    EvidenceKind::FamilyDiffers,
                    points::FAMILY_DIFFERS,
                    "the family names have nothing in common",
                )),
                (0, _) if is_partial => Some((
                    EvidenceKind::NamesCrossed,
                    points::NAMES_CROSSED,
                    "a family name of one is a given name of the other",
                )),
                (0, _) => {
                    Some((EvidenceKind::NamesSwapped, points::NAMES_SWAPPED, "family and given names change places"))
                }
                (_, 1..) if is_partial => Some((
                    EvidenceKind::NamesCrossed,
                    points::NAMES_CROSSED_BESIDE,
                    "a family name of one is a given name of the other",
                )),
                _ => None,
            };
        }
        if self.known.left || self.known.right {
            let missing = (EvidenceKind::FamilyMissing, points::FAMILY_MISSING, "the family name is missing");
            return (self.family_pairs == 0).then_some(missing);
        }
        let is_turned = features.is_order_broken && is_partial && least_unmatched <= i64::from(LIGHT);
        let detail = "the words stand in another order, and not all of them";
        (is_turned && features.identifying_pairs <= 2).then_some((
            EvidenceKind::TurnedAndLeftOut,
            points::TURNED_AND_LEFT_OUT,
            detail,
        ))
    }
}
