//! The sentences on listed names and numbers, on brands, and on two names compared.

use super::words::{field, listed_on, listing, meaning, one_line};
use crate::fact::{BrandFact, NameFact, NumberFact};
use crate::matcher::{How, Strength};
use crate::place::Place;
use model::entry::{Entry, EntryKind, NameKind};
use model::finding::{Evidence, EvidenceKind, Finding, Severity};
use model::shipment::Shipment;
use text::Reading;

/// One sentence on a listed name.
pub(super) fn name(
    place: Place,
    shipment: &Shipment,
    finding: &Finding,
    fact: &NameFact,
    entry: &Entry,
    title: &str,
) -> String {
    let mut out = format!("The {} ", field(place, shipment));
    if !fact.is_whole {
        out.push_str("contains ");
    }
    out.push_str(&format!("\"{}\"", one_line(&fact.text)));
    out.push_str(&relation(finding, fact));
    out.push_str(&listing(entry, title, fact.kind));
    out.push_str(&beside(&finding.evidence));
    out.push_str(&doubt(finding, fact));
    out.push_str(&format!("; {}.", meaning(entry.effect)));
    out
}

fn relation(finding: &Finding, fact: &NameFact) -> String {
    let (listed, score) = (format!("\"{}\"", one_line(&finding.matched_name)), finding.score.get());
    let joint = if fact.is_whole { " " } else { ", which " };
    let is_identical = || finding.evidence.iter().any(|e| e.kind == EvidenceKind::Identical);
    let mut how = match fact.how {
        How::Exact { without_form: true, .. } => format!("is the listed name {listed} without its legal form"),
        How::Exact { is_glued: true, .. } => format!("is the listed name {listed}, glued to a neighbouring word"),
        How::Exact { respaced, .. } if respaced > 0 => format!("is the listed name {listed} with other spacing"),
        How::Exact { .. } => format!("is the listed name {listed}"),
        How::Typo { edits, .. } => {
            let letters = if edits == 1 { "one letter".to_owned() } else { format!("{edits} letters") };
            format!("is the listed name {listed} but for {letters} (score {score})")
        }
        How::Near if is_identical() => format!("is the listed name {listed}"),
        How::Near => {
            let differences: Vec<String> = finding.evidence.iter().filter_map(difference).take(4).collect();
            let differences =
                if differences.is_empty() { String::new() } else { format!("; {}", differences.join(", ")) };
            format!("resembles the listed name {listed} (score {score}{differences})")
        }
    };
    match fact.reading {
        Reading::Plain => {}
        Reading::LookAlike => how.push_str(" once look-alike letters of another script are read as Latin"),
        Reading::Romanised => how.push_str(" once romanised"),
        Reading::Undisguised => how.push_str(" once its disguised letters are read as they are meant"),
    }
    format!("{joint}{how}")
}

/// What the rest of the record says, as clauses.
fn beside(evidence: &[Evidence]) -> String {
    let clause = |what: &str, agrees: bool| {
        let is_meant = |e: &&Evidence| e.kind.is_beside_the_name() && (e.points > 0) == agrees;
        let details: Vec<&str> = evidence.iter().filter(is_meant).map(|e| e.detail.as_str()).collect();
        if details.is_empty() { String::new() } else { format!("; {what}: {}", details.join(", ")) }
    };
    clause("the record agrees", true) + &clause("the record disagrees", false)
}

/// A word that only one of the names has is spoken of when it takes as much from the score.
const LEAST_WORTH_A_WORD: i32 = -20;

/// What one piece of evidence says of the letters, where it is worth a word.
pub(super) fn difference(evidence: &Evidence) -> Option<String> {
    use EvidenceKind as K;
    Some(match evidence.kind {
        K::Typo | K::Distant => format!("spelt {}", evidence.detail),
        K::Romanisation | K::NameVariant => format!("written {}", evidence.detail),
        K::Initial | K::ShortForm | K::Acronym => format!("shortened: {}", evidence.detail),
        K::ExtraWord if evidence.points <= LEAST_WORTH_A_WORD => format!("\"{}\" is extra", evidence.detail),
        K::MissingWord if evidence.points <= LEAST_WORTH_A_WORD => format!("\"{}\" is missing", evidence.detail),
        K::NumberDiffers
        | K::WordOrder
        | K::InitialDiffers
        | K::PatronymicTurned
        | K::LegalForm
        | K::Respaced
        | K::KindDiffers => evidence.detail.clone(),
        _ => return None,
    })
}

/// What makes the name weak, and what follows. Only a finding that asks for nothing is kept for the record only.
fn doubt(finding: &Finding, fact: &NameFact) -> String {
    let why = match fact.strength {
        Strength::Strong => return String::new(),
        Strength::SingleWord if fact.is_whole => return String::new(),
        Strength::SingleWord => "a single word",
        Strength::Short => "a very short name",
        Strength::Everyday => "made of everyday words",
        Strength::Weak => "called weak by the publisher",
    };
    let is_raised = finding.evidence.iter().any(|e| e.kind == EvidenceKind::Corroborated);
    if fact.is_corroborated || is_raised {
        format!("; the name is {why}, but something else in the record points to the same entry")
    } else {
        let kept = match finding.severity {
            Severity::Info if !fact.is_whole => ", so it is kept for the record only",
            _ => "",
        };
        format!("; the name is {why} and nothing else in the record points to the entry{kept}")
    }
}

/// One sentence on a listed number.
pub(super) fn number(place: Place, shipment: &Shipment, fact: &NumberFact, entry: &Entry, title: &str) -> String {
    let renamed = fact.other_name.as_ref().map_or_else(String::new, |given| {
        let why = match entry.kind {
            EntryKind::Vessel | EntryKind::Aircraft => "the number stays when the name changes",
            _ => "the number outranks the name",
        };
        format!("; the name given, \"{}\", differs from the listed name, and {why}", one_line(given))
    });
    format!(
        "The {} gives \"{}\", a number of {}{}{renamed}; {}.",
        field(place, shipment),
        one_line(&fact.text),
        entry.primary_name(),
        listing(entry, title, NameKind::Primary),
        meaning(entry.effect)
    )
}

/// One sentence on a brand in the goods.
pub(super) fn brand(place: Place, shipment: &Shipment, fact: &BrandFact) -> String {
    let what = match (fact.is_model, fact.name == fact.maker) {
        (true, _) => format!("{}, a model of {}", fact.name, fact.maker),
        (false, true) => format!("the brand {}", fact.name),
        (false, false) => format!("{}, a brand of {}", fact.name, fact.maker),
    };
    let listed = fact
        .listing
        .as_ref()
        .map_or_else(String::new, |(effect, title)| format!("; the maker is {}", listed_on(*effect, title)));
    format!(
        "The {} names \"{}\": {what}{listed}; a brand in the goods does not make its maker a party to the shipment.",
        field(place, shipment),
        one_line(&fact.text)
    )
}

/// One sentence on two names compared. `score` is in thousandths, 0 to 1000.
pub fn comparison(score: u16, is_match: bool, evidence: &[Evidence]) -> String {
    if evidence.iter().any(|e| e.kind == EvidenceKind::Homophone) {
        return format!(
            "The names are not alike enough (score {score}): they sound alike, and their ideographs differ."
        );
    }
    if evidence.iter().any(|e| e.kind == EvidenceKind::Identical) {
        return "The names are equal once case, punctuation and spacing are set aside.".to_owned();
    }
    let differences: Vec<String> = evidence.iter().filter_map(difference).take(6).collect();
    let verdict = if is_match { "alike" } else { "not alike enough" };
    if differences.is_empty() {
        format!("The names are {verdict} (score {score}).")
    } else {
        format!("The names are {verdict} (score {score}): {}.", differences.join(", "))
    }
}
