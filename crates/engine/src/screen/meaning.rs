//! What a hit means in its place: the reason, how severe it is, and what the record around it adds.

use super::corroborate::Corroboration;
use super::ideographs::Ideographs;
use crate::matcher::{Hit, How, Index, NameRecord, Strength};
use crate::name::found::{self as points, FIRM_HOMOPHONE, HOMOPHONE, LONG, NEARLY_CERTAIN, WEAK_NAME_IN_TEXT};
use crate::name::{Class, Weight, is_given_name};
use crate::place::Place;
use model::entry::{Effect, Entry, EntryKind, NameKind};
use model::finding::{Evidence, EvidenceKind, Reason, Severity};

/// What a hit means.
pub(super) struct Judged {
    pub(super) reason: Reason,
    /// Before the policy's ceiling.
    pub(super) severity: Severity,
    /// 0..=1000.
    pub(super) score: i32,
    /// What the place of the hit and the rest of the record add.
    pub(super) evidence: Vec<Evidence>,
    pub(super) is_corroborated: bool,
}

impl Judged {
    /// Only the sound is the same: another name, unless something else points to the entry.
    fn lower_to_homophone(&mut self, detail: &str, corroboration: &Corroboration) {
        let least = self.score.min(i32::from(HOMOPHONE));
        self.evidence.push(Evidence::new(EvidenceKind::Homophone, least - self.score, detail));
        self.score = least;
        let is_supported = corroboration.supports_beyond_country();
        self.severity = self.severity.min(if is_supported { Severity::Low } else { Severity::Info });
    }
}

/// What another number or another date of birth leaves of a severity: less, and never nothing.
pub(super) fn weakened(place: Place, severity: Severity, corroboration: &Corroboration) -> Severity {
    let is_another_ship = matches!(place, Place::VesselName(_));
    match severity {
        _ if corroboration.identity != Some(false) => severity,
        Severity::High if !is_another_ship => Severity::Medium,
        Severity::Info => Severity::Info,
        _ => Severity::Low,
    }
}

/// What a hit means: reason, severity before the policy's ceiling, and score with what the record says beside it.
/// `floor` is the score below which nothing is reported.
#[expect(clippy::too_many_arguments, reason = "what a hit is judged by; a struct would be built at one place only")]
pub(super) fn judge(
    place: Place,
    is_name: bool,
    hit: &Hit,
    entry: &Entry,
    corroboration: &Corroboration,
    index: &Index,
    floor: u16,
    ideographs: Ideographs,
) -> Judged {
    let record = index.name(hit.name);
    if !is_name {
        let mut judged = judge_text(hit, record, entry, index);
        if place.is_name() {
            judged.reason = party_reason(record, entry, index);
        }
        if let Some(detail) = ideographs.only_sounds_so() {
            judged.lower_to_homophone(detail, corroboration);
        }
        return judged;
    }
    let mut judged = judge_name(place, hit, entry, corroboration, index);
    let most = i32::from(NEARLY_CERTAIN).max(judged.score);
    judged.score = (judged.score + corroboration.other_points()).min(most);
    // A number or a date that differs makes less of a match; it never hides one.
    let least = judged.score.min(i32::from(floor));
    judged.score = (judged.score + corroboration.identity_points()).clamp(least, most);
    // The syllables of ideographs are shared by thousands: a name that is not even spelt alike says next to nothing.
    let is_homophone = hit.how == How::Near && ideographs == Ideographs::Sounded;
    if let Some(detail) = ideographs.only_sounds_so() {
        judged.lower_to_homophone(detail, corroboration);
    } else if is_homophone && judged.score < FIRM_HOMOPHONE && !corroboration.supports() {
        judged.severity = Severity::Info;
        let detail = "ideographs of the same sound, and not all of them".to_owned();
        judged.evidence.push(Evidence { kind: EvidenceKind::Homophone, points: 0, detail });
    }
    judged.evidence.extend(corroboration.evidence.iter().cloned());
    judged
}

/// What a party of this name is reported for.
fn party_reason(record: &NameRecord, entry: &Entry, index: &Index) -> Reason {
    let is_primary = index.spelling(record).kind == NameKind::Primary;
    match record.strength {
        _ if entry.effect == Effect::Watch => Reason::PartyWatch,
        Strength::Strong | Strength::SingleWord => Reason::PartyListed,
        Strength::Short if is_primary => Reason::PartyListed,
        _ => Reason::PartyListedWeak,
    }
}

fn judge_name(place: Place, hit: &Hit, entry: &Entry, corroboration: &Corroboration, index: &Index) -> Judged {
    let record = index.name(hit.name);
    let is_primary = index.spelling(record).kind == NameKind::Primary;
    let is_corroborated = corroboration.supports();
    let differs = corroboration.country == Some(false);
    let reason = party_reason(record, entry, index);
    let score = i32::from(hit.score);
    let is_exact = matches!(hit.how, How::Exact { .. });
    let plain = |severity| Judged { reason, severity, score, evidence: Vec::new(), is_corroborated };
    let less = |severity, points: i32, least: i32, kind, detail: &str| {
        let lowered = (score + points).max(least);
        Judged { score: lowered, evidence: vec![Evidence::new(kind, lowered - score, detail)], ..plain(severity) }
    };
    // A ship is rarely a party, and a company rarely a ship: another kind of thing of the same name.
    let is_vessel_field = matches!(place, Place::VesselName(_));
    let is_vessel = matches!(entry.kind, EntryKind::Vessel | EntryKind::Aircraft);
    if entry.kind != EntryKind::Unknown && is_vessel != is_vessel_field && !is_corroborated {
        let is_firm = hit.is_whole && is_exact && record.strength <= Strength::SingleWord;
        let severity = if is_firm { Severity::Low } else { Severity::Info };
        let least = if is_firm { i32::from(points::STAYS_IN_SIGHT) } else { 0 };
        return less(
            severity,
            points::KIND_DIFFERS,
            least,
            EvidenceKind::KindDiffers,
            "the entry is of another kind than the field",
        );
    }
    let listed = index.listed(record);
    let view = listed.view();
    let is_given_name = view.words.iter().all(|word| is_given_name(view.letters(word)));
    let is_long = view.squeezed().chars().count() >= LONG;
    match record.strength {
        Strength::Strong if hit.is_whole || is_exact => plain(Severity::High),
        Strength::Strong => plain(Severity::Medium),
        Strength::SingleWord if hit.is_whole && is_exact => plain(Severity::High),
        Strength::SingleWord if hit.is_whole || is_corroborated => plain(Severity::Medium),
        // Somebody's given name that is all that the entry says.
        Strength::SingleWord if is_given_name => plain(Severity::Info),
        Strength::SingleWord => plain(Severity::Low),
        Strength::Short if is_primary && hit.is_whole && !differs => {
            less(Severity::High, points::SHORT_NAME, 0, EvidenceKind::ShortName, "the listed name is very short")
        }
        strength => {
            let severity = match (hit.is_whole, is_corroborated, differs) {
                (true, true, _) => Severity::Medium,
                // A name that says little, and is not even that name, is no lead without anything else.
                (true, false, false) if is_exact || is_long => Severity::Low,
                (false, true, _) if strength != Strength::Everyday => Severity::Low,
                (false, false, false) if strength == Strength::Short && is_primary => Severity::Low,
                _ => Severity::Info,
            };
            let taken = if hit.is_whole { points::WEAK_NAME } else { points::WEAK_NAME_IN_PART };
            less(
                severity,
                taken,
                i32::from(points::STAYS_IN_SIGHT),
                EvidenceKind::WeakName,
                "the listed name says little on its own",
            )
        }
    }
}

/// In words: how many names are as close as this, and what follows.
pub(super) fn could_be_chance(weight: Weight, follows: &str) -> String {
    match weight.one_in() {
        0..10 => format!("names as close as this are common, {follows}"),
        count => format!("about one name in {count} is as close as this, {follows}"),
    }
}

fn judge_text(hit: &Hit, record: &NameRecord, entry: &Entry, index: &Index) -> Judged {
    let listed = index.listed(record);
    let view = listed.view();
    // A single word with its legal form beside it is a company's name; alone it is a word.
    let has_form = view.words.iter().any(|w| matches!(w.class, Class::LegalForm(_)));
    let is_exact_whole = matches!(hit.how, How::Exact { without_form: false, .. });
    let is_long = is_exact_whole && view.squeezed().chars().count() >= LONG;
    let is_near_person = entry.kind == EntryKind::Person && hit.how == How::Near;
    // Two words, or a family name with initials, may well be another person's.
    let is_person_of_two = is_near_person && (record.word_count() <= 2 || hit.score <= points::FAMILY_AND_INITIALS);
    let has_edits = matches!(hit.how, How::Typo { .. });
    let severity = match record.strength {
        // The name is long and all but a letter or two of it stand in order: worth a look, whatever its words.
        Strength::Strong if has_edits && view.squeezed().chars().count() >= points::TWICE_LONG => Severity::Medium,
        Strength::Weak => Severity::Info,
        // Another letter in the short word that alone tells a company is another company (`MS` for `MRS International`).
        _ if matches!(hit.how, How::Typo { is_doubtful: true, .. }) => Severity::Info,
        _ if has_edits => Severity::Low,
        Strength::Strong if is_person_of_two => Severity::Low,
        Strength::Strong => Severity::Medium,
        Strength::SingleWord if is_exact_whole && has_form => Severity::Medium,
        // A long name letter for letter is worth a look even when it is made of common words.
        Strength::SingleWord if is_long => Severity::Low,
        Strength::Everyday if is_long && view.words.len() > 1 => Severity::Low,
        _ => Severity::Info,
    };
    let (score, evidence) = if severity == Severity::Info {
        let detail = "the listed name says little on its own in running text".to_owned();
        (
            i32::from(hit.score) + WEAK_NAME_IN_TEXT,
            vec![Evidence::new(EvidenceKind::WeakName, WEAK_NAME_IN_TEXT, detail)],
        )
    } else {
        (i32::from(hit.score), Vec::new())
    };
    Judged { reason: Reason::TextListed, severity, score, evidence, is_corroborated: false }
}
