//! The only place that words a reason: one sentence for the file, from the facts of a finding.

mod address;
mod ownership;
pub(crate) mod rules;
mod summary;

pub use address::{AddressFacts, address};
pub use ownership::{OwnershipFacts, ownership};
pub use summary::{clause, summary};

use crate::matcher::{How, Strength};
use crate::rule::BrandHit;
use model::entry::{Effect, Entry, EntryKind, NameKind};
use model::finding::{Evidence, EvidenceKind, Finding, Listing, Severity, StaleList};
use model::shipment::Role;
use text::Reading;

/// A finding of a rule in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    /// One sentence for the file.
    pub(crate) why: String,
    /// A clause for the summary of the shipment.
    pub(crate) clause: String,
}

/// What a name finding is worded from.
#[derive(Debug)]
pub struct NameFacts<'a> {
    /// Whose field, for example "consignee's name".
    pub field: &'a str,
    /// The text found, as sent.
    pub text: &'a str,
    /// The listed spelling.
    pub spelling: &'a model::entry::Name,
    /// The row.
    pub entry: &'a Entry,
    /// Title of its list.
    pub list_title: &'a str,
    /// How it was found.
    pub how: How,
    /// How the letters were read.
    pub reading: Reading,
    /// 0..=1000.
    pub score: u16,
    /// Whether the field says nothing else.
    pub is_whole: bool,
    /// How much the name says on its own.
    pub strength: Strength,
    /// Whether something else in the record points to the row.
    pub is_corroborated: bool,
    /// Whether the finding asks for nothing.
    pub is_for_the_record: bool,
    /// What spoke for and against.
    pub evidence: &'a [Evidence],
}

/// Whose name it is, for the sentence.
pub fn party_field(role: Option<Role>) -> String {
    match role {
        Some(role) => format!("{}'s name", role.as_str().replace('_', " ")),
        None => "party's name".to_owned(),
    }
}

/// One sentence on a listed name.
pub fn name(facts: &NameFacts<'_>) -> String {
    let mut out = format!("The {} ", facts.field);
    if !facts.is_whole {
        out.push_str("contains ");
    }
    out.push_str(&format!("\"{}\"", one_line(facts.text)));
    out.push_str(&relation(facts));
    out.push_str(&row(facts.entry, facts.list_title, facts.spelling.kind));
    out.push_str(&beside(facts.evidence));
    out.push_str(&doubt(facts));
    out.push_str(&format!("; {}.", meaning(facts.entry.effect)));
    out
}

fn relation(facts: &NameFacts<'_>) -> String {
    let listed = format!("\"{}\"", one_line(&facts.spelling.text));
    let joint = if facts.is_whole { " " } else { ", which " };
    let mut how = match facts.how {
        How::Exact { without_form: true, .. } => format!("is the listed name {listed} without its legal form"),
        How::Exact { is_glued: true, .. } => format!("is the listed name {listed}, glued to a neighbouring word"),
        How::Exact { respaced, .. } if respaced > 0 => format!("is the listed name {listed} with other spacing"),
        How::Exact { .. } => format!("is the listed name {listed}"),
        How::Typo { edits } => {
            let edits = if edits == 1 { "one letter".to_owned() } else { format!("{edits} letters") };
            format!("is the listed name {listed} but for {edits} (score {})", facts.score)
        }
        How::Near if facts.evidence.iter().any(|e| e.kind == EvidenceKind::Identical) => {
            format!("is the listed name {listed}")
        }
        How::Near => {
            let differences: Vec<String> = facts.evidence.iter().filter_map(difference).take(4).collect();
            let differences =
                if differences.is_empty() { String::new() } else { format!("; {}", differences.join(", ")) };
            format!("resembles the listed name {listed} (score {}{differences})", facts.score)
        }
    };
    match facts.reading {
        Reading::Plain => {}
        Reading::LookAlike => how.push_str(" once look-alike letters of another script are read as Latin"),
        Reading::Romanised => how.push_str(" once romanised"),
    }
    format!("{joint}{how}")
}

/// What the rest of the record says, as clauses.
fn beside(evidence: &[Evidence]) -> String {
    let facts = evidence.iter().filter(|e| e.kind.is_beside_the_name());
    let told = |speaks_for: bool| {
        let of = facts.clone().filter(|e| (e.points > 0) == speaks_for);
        of.map(|e| e.detail.as_str()).collect::<Vec<_>>().join(", ")
    };
    let clause = |what: &str, told: String| if told.is_empty() { told } else { format!("; {what}: {told}") };
    clause("the record agrees", told(true)) + &clause("the record disagrees", told(false))
}

fn difference(evidence: &Evidence) -> Option<String> {
    Some(match evidence.kind {
        EvidenceKind::Typo | EvidenceKind::Distant => format!("spelt {}", evidence.detail),
        EvidenceKind::Romanisation | EvidenceKind::NameVariant => format!("written {}", evidence.detail),
        EvidenceKind::Initial | EvidenceKind::ShortForm | EvidenceKind::Acronym => {
            format!("shortened: {}", evidence.detail)
        }
        EvidenceKind::ExtraWord if evidence.points <= -100 => format!("\"{}\" is extra", evidence.detail),
        EvidenceKind::MissingWord if evidence.points <= -100 => format!("\"{}\" is missing", evidence.detail),
        EvidenceKind::NumberDiffers
        | EvidenceKind::WordOrder
        | EvidenceKind::InitialDiffers
        | EvidenceKind::PatronymicTurned
        | EvidenceKind::LegalForm
        | EvidenceKind::Respaced
        | EvidenceKind::KindDiffers => evidence.detail.clone(),
        _ => return None,
    })
}

/// ", an alias of X on the Y (citation; in force since ...)".
fn row(entry: &Entry, list_title: &str, kind: NameKind) -> String {
    let of = match kind {
        NameKind::Primary => ",".to_owned(),
        NameKind::Alias => format!(", an alias of {},", entry.primary_name()),
        NameKind::Former => format!(", a former name of {},", entry.primary_name()),
        NameKind::Acronym => format!(", an acronym of {},", entry.primary_name()),
    };
    let mut facts: Vec<String> = Vec::new();
    if !entry.citations.is_empty() {
        facts.push(entry.citations.join("; "));
    }
    match (entry.effective, entry.published) {
        (Some(day), Some(published)) if published != day => {
            facts.push(format!("in force since {day}, published {published}"));
        }
        (Some(day), _) => facts.push(format!("in force since {day}")),
        (None, Some(day)) => facts.push(format!("published {day}")),
        (None, None) => {}
    }
    if let Some(end) = entry.ends {
        facts.push(format!("until {end}"));
    }
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join("; ")) };
    let verb = if entry.effect == Effect::Watch { "watched" } else { "listed" };
    format!("{of} {verb} on the {list_title}{facts}", list_title = list_title.trim_start_matches("the "))
}

fn doubt(facts: &NameFacts<'_>) -> String {
    let why = match facts.strength {
        Strength::Strong => return String::new(),
        Strength::SingleWord if facts.is_whole => return String::new(),
        Strength::SingleWord => "a single word",
        Strength::Short => "a very short name",
        Strength::Everyday => "made of everyday words",
        Strength::Weak => "called weak by the publisher",
    };
    if facts.is_corroborated {
        format!("; the name is {why}, but something else in the record points to the same row")
    } else if facts.is_whole {
        format!("; the name is {why} and nothing else in the record points to the row")
    } else {
        format!(
            "; the name is {why} and nothing else in the record points to the row, so it is kept for the record only"
        )
    }
}

/// What a listing means for a shipment, as a clause.
pub fn meaning(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "dealings with it are prohibited",
        Effect::Licence => "a licence is required as the row says",
        Effect::Investment => "the listing restricts securities or banking dealings and is not a shipping ban",
        Effect::Procurement => "the listing restricts public procurement and is not a shipping ban",
        Effect::Equipment => "the listing restricts the authorisation of equipment and is not a shipping ban",
        Effect::ForcedLabour => "imports of its goods are presumed to be made with forced labour",
        Effect::Watch => "this is no official listing and has no legal effect; it is reported for attention",
    }
}

/// One sentence on a listed number.
/// `other_name` is the name that the record gives beside the number, where it is none of the row's.
pub fn identifier(field: &str, text: &str, entry: &Entry, list_title: &str, other_name: Option<&str>) -> String {
    let renamed = other_name.map_or_else(String::new, |given| {
        let given = one_line(given);
        let why = match entry.kind {
            EntryKind::Vessel | EntryKind::Aircraft => "the number stays when the name changes",
            _ => "the number outranks the name",
        };
        format!("; the name given, \"{given}\", differs from the listed name, and {why}")
    });
    format!(
        "The {field} gives \"{}\", a number of {}{}{renamed}; {}.",
        one_line(text),
        entry.primary_name(),
        row(entry, list_title, NameKind::Primary),
        meaning(entry.effect)
    )
}

/// One sentence on the further listings of a party.
pub fn also_listed(listings: &[Listing]) -> String {
    let told: Vec<String> = listings
        .iter()
        .map(|l| {
            let title = if l.entry.list_title.is_empty() { l.entry.list.as_str() } else { l.entry.list_title.as_str() };
            let since = l.effective.or(l.published).map_or_else(String::new, |day| format!(", {day}"));
            let effect = l.entry.effect.as_str().replace('_', " ");
            let no_ban = match l.entry.effect {
                Effect::Investment | Effect::Procurement | Effect::Equipment => ", not a shipping ban",
                Effect::Watch => ", no official listing",
                Effect::Blocking | Effect::Licence | Effect::ForcedLabour => "",
            };
            format!("the {} ({effect}{since}{no_ban})", title.trim_start_matches("the "))
        })
        .collect();
    format!("The same party stands also on {}.", told.join(", "))
}

/// One sentence on a list that is older than it may be.
pub fn stale(list: &StaleList) -> String {
    let age = match list.age_hours {
        Some(hours) => format!("was last known to be current {} ago", hours_in_words(hours)),
        None => "has never been known to be current".to_owned(),
    };
    format!(
        "The {} {age}, and {} are allowed: what was listed since is not screened against.",
        list.title.trim_start_matches("the "),
        hours_in_words(list.limit_hours)
    )
}

fn hours_in_words(hours: u32) -> String {
    if hours < 72 { format!("{hours} hours") } else { format!("{} days", hours / 24) }
}

/// One sentence on a brand in the goods. `listing` is the maker's row when the loaded lists have it.
pub fn brand(field: &str, text: &str, hit: &BrandHit<'_>, listing: Option<(&Entry, &str)>) -> String {
    let brand = hit.brand;
    let what = match (brand.is_model, brand.name == brand.maker) {
        (true, _) => format!("{}, a model of {}", brand.name, brand.maker),
        (false, true) => format!("the brand {}", brand.name),
        (false, false) => format!("{}, a brand of {}", brand.name, brand.maker),
    };
    let listed = match listing {
        Some((entry, title)) if entry.effect == Effect::Watch => format!("; the maker is watched on the {title}"),
        Some((_, title)) => format!("; the maker is listed on the {title}"),
        None => String::new(),
    };
    format!(
        "The {field} names \"{}\": {what}{listed}; a brand in the goods does not make its maker a party to the shipment.",
        one_line(text)
    )
}

/// Thousandths as a percentage.
pub fn percent(thousandths: u16) -> String {
    match thousandths % 10 {
        0 => format!("{}%", thousandths / 10),
        rest => format!("{}.{rest}%", thousandths / 10),
    }
}

/// Adds to the sentence what the policy made of the finding.
pub fn settled(finding: &mut Finding) {
    let mut more = String::new();
    for s in &finding.suppressions {
        match s.lowered_from {
            Some(from) => more.push_str(&format!(
                " Lowered from {} to {} by suppressor {} until {}: {}.",
                severity(from),
                severity(finding.severity),
                s.id,
                s.expires,
                s.reason.trim_end_matches('.')
            )),
            None => more.push_str(&format!(" Suppressor {} was not applied: {}.", s.id, s.not_applied)),
        }
    }
    if finding.is_shadow {
        more.push_str(" Recorded in the shadow: the outcome does not depend on it.");
    }
    finding.explanation.push_str(&more);
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
        Severity::Info => "INFO",
    }
}

/// One sentence on a comparison of two names.
pub fn comparison(score: u16, is_match: bool, evidence: &[Evidence]) -> String {
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

/// Line breaks and runs of blanks as single blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
