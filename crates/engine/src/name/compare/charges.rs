//! What is taken off the score of two names, step by step. Later steps look at the score that earlier ones left.

use super::features::{LEAST_MISSPELT, LIGHT, NameFeatures};
use super::forms::Forms;
use super::persons::{PersonFeatures, PersonParts};
use model::finding::{Evidence, EvidenceKind};

/// The most that a single word in common scores beside other distinctive words: no match.
const ONE_OF_SEVERAL: i64 = 650;

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

    /// Half of what the score has above `floor`, and no more than `most`, as points to take off: separates sure matches
    /// from others, and leaves those near the floor in their order.
    fn half_above(&self, floor: i64, most: i64) -> i64 {
        -((self.score - floor) / 2).clamp(0, most)
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
            self.charge(EvidenceKind::Respaced, -10 * respaced.min(4), "words are split or joined");
        }
    }

    fn numbers_and_order(&mut self, features: &NameFeatures) {
        let sides = &features.sides;
        if features.has_code_typo {
            let detail = "another sign in a code is another code";
            let points = if features.equal_pairs < 2 { ONE_OF_SEVERAL - self.score } else { -180 };
            self.charge(EvidenceKind::NumberDiffers, points.min(0), detail);
        }
        if sides.both(|side| side.numbers > 0) {
            self.charge(EvidenceKind::NumberDiffers, -250, "the names have different numbers");
        } else if sides.just_one(|side| side.numbers > 0) {
            self.charge(EvidenceKind::NumberMissing, -180, "only one name has a number");
        }
        if features.is_order_broken {
            self.charge(EvidenceKind::WordOrder, -20, "the words stand in another order");
        }
    }

    /// One heavy word in common is little, unless it is equal letter for letter and all there is.
    fn single_word(&mut self, features: &NameFeatures) {
        if features.heavy_pairs > 1 {
            return;
        }
        if features.has_unequal_pair {
            let points = match features.matched_letters {
                6.. => -80 - ((self.score - 80 - 740) / 2).clamp(0, 30),
                5 => -120,
                // In three or four letters another letter is another name, unless they are the initials of the other.
                4 if features.is_whole_acronym => -120,
                _ if features.is_whole_acronym => -240,
                _ => -200,
            };
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
            self.charge(EvidenceKind::DistantWord, -60, "one word differs by more than a typo");
        }
        if features.has_faint_pair {
            self.charge(EvidenceKind::FaintWord, -220, "one word is hardly alike");
        }
        if features.sides.both(|side| side.initials > 0) {
            self.charge(EvidenceKind::InitialDiffers, -150, "the initials differ");
        }
        let (_, most_unmatched) = features.unmatched();
        if features.equal_pairs == 0 && features.identifying_pairs >= 2 && most_unmatched > 150 {
            let detail = "no distinctive word is equal letter for letter, and others are left over";
            self.charge(EvidenceKind::NoneEqual, -100, detail);
        }
    }

    fn places_and_trade(&mut self, features: &NameFeatures) {
        let sides = &features.sides;
        if sides.both(|side| side.places > 0) {
            self.charge(EvidenceKind::PlaceDiffers, -150, "the names have different places");
        } else if sides.just_one(|side| side.places > 0) {
            self.charge(EvidenceKind::PlaceMissing, -30, "only one name has a place");
        }
        if sides.both(|side| side.trade_words > 0) {
            // Beside a single word in common it is another company: `Pioneer Logistics`, `Pioneer Aviation`.
            let points = if features.identifying_pairs <= 1 { -150 } else { -70 };
            self.charge(EvidenceKind::TradeDiffers, points, "the names have different trade words");
        }
        if sides.just_one(|side| side.trade_words > 0) && features.heavy_pairs <= 2 {
            let points = if features.heavy_pairs <= 1 { -120 } else { self.half_above(720, 40) };
            let detail = "few words in common, and only one name has a trade word";
            self.charge(EvidenceKind::TradeMissing, points, detail);
        }
    }

    fn few_in_common(&mut self, features: &NameFeatures) {
        let is_one_sided = features.sides.just_one(|side| side.identifying > 0);
        if is_one_sided && features.identifying_pairs <= 2 && self.score > 740 {
            let detail = "few distinctive words in common, and only one name has others";
            self.charge(EvidenceKind::FewInCommon, self.half_above(740, 60), detail);
        }
        if features.heavy_pairs == 2 && features.worst_shortfall > 130 && self.score > 720 {
            let detail = "only two distinctive words in common, and one of them is merely similar";
            self.charge(EvidenceKind::UncertainWord, self.half_above(720, 60), detail);
        }
        let is_told_by_it = features.equal_letters < LEAST_MISSPELT && !features.is_whole_acronym;
        if features.has_short_typo && is_told_by_it && self.score > ONE_OF_SEVERAL {
            let detail = "another letter in the short word that tells the name is another name";
            self.charge(EvidenceKind::ShortWordDiffers, ONE_OF_SEVERAL - self.score, detail);
        }
        if features.identifying_pairs == 0 && features.has_short_form {
            self.charge(EvidenceKind::ShortFormAlone, -250, "nothing in common but an abbreviated trade word");
        }
    }

    fn persons(&mut self, features: &NameFeatures, person: &PersonFeatures) {
        let sides = &features.sides;
        if sides.both(|side| side.patronymics > 0) {
            self.charge(EvidenceKind::PatronymicDiffers, -150, "the fathers' names differ");
        }
        if let Some((kind, points, detail)) = person.parts.weigh(features) {
            self.charge(kind, points, detail);
        }
        if sides.left.has_kunya || sides.right.has_kunya {
            let points = if features.identifying_pairs <= 1 { -120 } else { -70 };
            self.charge(EvidenceKind::KunyaMissing, points, "only one name is a parent's name (Abu, Umm)");
        }
        if features.has_common_kunya && features.identifying_pairs <= 1 {
            let detail = "nothing in common but that both are a parent's name (Abu, Umm)";
            self.charge(EvidenceKind::KunyaAlone, -130, detail);
        }
        if person.has_two_first_names {
            let detail = "the first given names differ";
            self.charge(EvidenceKind::FirstNameDiffers, -110, detail);
        }
        if person.has_other_first_name {
            let detail = "the first given name of one is missing in the other";
            self.charge(EvidenceKind::FirstNameMissing, -110, detail);
        }
        if sides.both(|side| side.titles > 0) && features.identifying_pairs <= 1 {
            self.charge(EvidenceKind::TitleDiffers, -130, "one name in common, under different titles");
        }
        if person.has_turned_patronymic {
            self.charge(EvidenceKind::PatronymicTurned, -320, "father and child change places");
        }
    }

    fn contradictions(&mut self, features: &NameFeatures) {
        if features.sides.both(|side| side.identifying > 0) {
            let detail = "both names have a distinctive word that the other lacks";
            self.charge(EvidenceKind::Contradiction, -60, detail);
        }
        let (least, most) = features.unmatched();
        if features.matched_letters <= 4 && least + most > 100 {
            self.charge(EvidenceKind::LittleInCommon, -200, "few letters agree and other words differ");
        }
    }
}

impl PersonParts {
    /// What the agreement of the parts is worth, where it says something.
    fn weigh(&self, features: &NameFeatures) -> Option<(EvidenceKind, i64, &'static str)> {
        let (least_unmatched, most_unmatched) = features.unmatched();
        let is_partial = most_unmatched > 100;
        if self.known.left && self.known.right {
            return match (self.family_pairs, self.crossed) {
                (0, 0) => Some((EvidenceKind::FamilyDiffers, -100, "the family names have nothing in common")),
                (0, _) if is_partial => {
                    Some((EvidenceKind::NamesCrossed, -120, "a family name of one is a given name of the other"))
                }
                (0, _) => Some((EvidenceKind::NamesSwapped, -40, "family and given names change places")),
                (_, 1..) if is_partial => {
                    Some((EvidenceKind::NamesCrossed, -60, "a family name of one is a given name of the other"))
                }
                _ => None,
            };
        }
        if self.known.left || self.known.right {
            let missing = (EvidenceKind::FamilyMissing, -100, "the family name is missing");
            return (self.family_pairs == 0).then_some(missing);
        }
        let is_turned = features.is_order_broken && is_partial && least_unmatched <= LIGHT;
        let detail = "the words stand in another order, and not all of them";
        (is_turned && features.identifying_pairs <= 2).then_some((EvidenceKind::TurnedAndLeftOut, -50, detail))
    }
}
