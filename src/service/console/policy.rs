//! The page Policy: what it says, in words.

use super::desk::html;
use super::visit::Visit;
use super::words;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use ::console::{PolicyPage, Rule, Section, Tab};
use axum::response::Response;
use engine::policy::Policy;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::entry::Effect;
use model::finding::{Outcome, Reason, Severity};
use toml::{Table, Value};

const SEVERITIES: [(Severity, &str); 4] =
    [(Severity::High, "high"), (Severity::Medium, "medium"), (Severity::Low, "low"), (Severity::Info, "info")];

/// The page.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Lists)?;
    let loaded = visit.console.web.shared.in_force()?;
    let policy = loaded.engine().policy();
    let file = policy.to_toml();
    let table: Table = toml::from_str(&file).unwrap_or_default();
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let mut sections = vec![thresholds(policy, &table), effects(policy, &table), outcomes(policy)];
    sections.extend(suppressors(&table));
    let rule = |reason: &Reason| Rule {
        title: words::reason(*reason).to_owned(),
        code: reason.as_str().to_owned(),
        mode: policy.mode(*reason).as_str().to_owned(),
    };
    let mut warnings = policy.warnings(Some(today));
    warnings.extend(policy.void_suppressors(loaded.engine().snapshot()));
    Ok(html(&PolicyPage {
        shell: visit.shell(Tab::Policy),
        fingerprint: policy.fingerprint().to_owned(),
        sections,
        rules: Reason::ALL.iter().map(rule).collect(),
        warnings: warnings.iter().map(|w| words::shown(w)).collect(),
        file,
    }))
}

fn section(title: &str, sentences: Vec<String>) -> Section {
    Section { title: title.to_owned(), sentences }
}

fn thresholds(policy: &Policy, table: &Table) -> Section {
    let of = policy.thresholds();
    let mut sentences = vec![
        format!("A party name that scores below {} is not reported.", of.party_review),
        format!(
            "From {} to {} it leads to a review at most; from {} on it can hold a shipment.",
            of.party_review,
            of.party_hold - 1,
            of.party_hold
        ),
        format!("A listed name in running text below {} is not reported.", of.text_review),
    ];
    for near in array(table, "threshold") {
        let keys = ["review", "hold"].iter().filter_map(|k| Some(format!("{k} from {}", near.get(*k)?)));
        sentences.push(format!("For {}: {}.", scope(near), keys.collect::<Vec<_>>().join(", ")));
    }
    section("Thresholds", sentences)
}

fn effects(policy: &Policy, table: &Table) -> Section {
    let sentence = |effect: Effect| {
        let ceiling = policy.ceiling(effect);
        let word = word_of(ceiling);
        let own = table.get("outcomes").and_then(|o| o.get(effect.as_str())?.get(word)?.as_str().map(str::to_owned));
        let outcome = own.map_or_else(|| outcome_words(policy.outcome(ceiling)).to_owned(), |o| o.replace('_', " "));
        format!("{}: at most {word}, which means {outcome}.", capital(words::effect(effect)))
    };
    section("What a listing can ask for", Effect::ALL.into_iter().map(sentence).collect())
}

fn outcomes(policy: &Policy) -> Section {
    let sentence = |(severity, word): (Severity, &str)| {
        format!("A finding of severity {word} means {}.", outcome_words(policy.outcome(severity)))
    };
    let mut sentences: Vec<String> = SEVERITIES.into_iter().map(sentence).collect();
    sentences.push("The strongest finding decides. “No finding” is not an approval.".to_owned());
    section("Outcomes", sentences)
}

fn suppressors(table: &Table) -> Option<Section> {
    let text = |of: &Table, key: &str| {
        of.get(key).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).unwrap_or_default()
    };
    let sentence = |of: &Table| {
        let lowered = Some(text(of, "lower_to")).filter(|t| !t.is_empty()).unwrap_or_else(|| "info".to_owned());
        words::shown(&format!(
            "{}, until {}: lowered to {lowered} for {}. {}",
            text(of, "id"),
            text(of, "expires"),
            scope(of),
            text(of, "reason")
        ))
    };
    let sentences: Vec<String> = array(table, "suppressor").map(sentence).collect();
    (!sentences.is_empty()).then(|| section("Suppressors", sentences))
}

fn array<'t>(table: &'t Table, key: &str) -> impl Iterator<Item = &'t Table> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

/// What a nearer threshold or a suppressor is about.
fn scope(of: &Table) -> String {
    let keys = ["list", "entry", "effect", "role", "field", "rule", "text"];
    let one = |key: &&str| {
        let value = of.get(*key)?;
        let words = match value {
            Value::Array(values) => values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some(format!("{key} {words}"))
    };
    words::shown(&keys.iter().filter_map(one).collect::<Vec<_>>().join(", "))
}

fn word_of(severity: Severity) -> &'static str {
    SEVERITIES.into_iter().find(|(known, _)| *known == severity).map_or("info", |(_, word)| word)
}

fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NoFinding => "no finding",
        Outcome::Review => "review",
        Outcome::Hold => "hold",
        Outcome::Refused => "refused",
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
