//! The short sentence on a shipment: the outcome, and what it rests on, strongest first.

use super::{difference, meaning, one_line};
use model::entry::EntryKind;
use model::finding::{Finding, Outcome, Reason, Score, Screening, Severity};

/// Clauses named before the rest is counted.
const MOST: usize = 6;

/// "Review: goods description says only "PARTS"; ...". `clauses` are those of the findings, by position.
pub fn summary(screening: &Screening, clauses: &[String]) -> String {
    let lead = match screening.outcome {
        Outcome::NoFinding => "No finding",
        Outcome::Review => "Review",
        Outcome::Hold => "Hold",
        Outcome::Refused => "Refused",
    };
    if screening.outcome == Outcome::Refused {
        let problems: Vec<String> = screening
            .problems
            .iter()
            .map(|p| match p.field_path.as_str() {
                "" => p.description.clone(),
                path => format!("{path}: {}", p.description),
            })
            .collect();
        return format!("{lead}: {}.", problems.join("; "));
    }
    let asks = |f: &&(usize, &Finding)| f.1.severity > Severity::Info && !f.1.is_shadow;
    let all: Vec<(usize, &Finding)> = screening.findings.iter().enumerate().collect();
    // What is said, each clause once: the severest first, then in the order of the protocol, which goes from parties by
    // goods and route to roles.
    let mut said: Vec<(Severity, Reason, String)> = Vec::new();
    let mut say = |severity: Severity, reason: Reason, clause: &str| {
        if !said.iter().any(|(_, _, known)| known == clause) {
            said.push((severity, reason, clause.to_owned()));
        }
    };
    for &(at, finding) in all.iter().filter(asks) {
        let clause = clauses.get(at).cloned().unwrap_or_else(|| clause(finding));
        if finding.reason != Reason::Combination {
            say(finding.severity, finding.reason, &clause);
            continue;
        }
        // A combination is made of the clauses of its parts; what has no part is the route.
        let parts = finding.evidence.iter().filter(|e| e.name == "part");
        let mut reasons = parts.filter_map(|e| Reason::ALL.into_iter().find(|r| r.as_str() == e.detail));
        for part in clause.split("; ") {
            say(finding.severity, reasons.next().unwrap_or(Reason::RouteTransshipment), part);
        }
    }
    said.sort_by_key(|(severity, reason, _)| (std::cmp::Reverse(*severity), *reason));
    let said: Vec<String> = said.into_iter().map(|(_, _, clause)| clause).collect();
    let for_the_record = all.len() - all.iter().filter(asks).count();
    let mut out = if said.is_empty() {
        format!("{lead}: nothing that asks for a person's attention")
    } else {
        let more = said.len().saturating_sub(MOST);
        let mut shown: Vec<String> = said.into_iter().take(MOST).collect();
        if more > 0 {
            shown.push(format!("and {more} more"));
        }
        format!("{lead}: {}", shown.join("; "))
    };
    match screening.problems.as_slice() {
        [] => {}
        [one] => out.push_str(&format!("; {} could not be read", one.field_path)),
        [first, ..] => {
            out.push_str(&format!("; {} fields could not be read, {} first", screening.problems.len(), first.field_path));
        }
    }
    if !screening.limits_reached.is_empty() {
        out.push_str("; a bound cut the work short");
    }
    match for_the_record {
        0 => {}
        1 if screening.outcome == Outcome::NoFinding => out.push_str("; one finding is kept for the record"),
        n if screening.outcome == Outcome::NoFinding => {
            out.push_str(&format!("; {n} findings are kept for the record"))
        }
        _ => {}
    }
    out.push('.');
    out
}

/// The clause of a finding of names, numbers or brands.
pub fn clause(finding: &Finding) -> String {
    match finding.reason {
        Reason::GoodsBrand => return format!("goods carry the brand {}", finding.matched_name),
        Reason::GoodsModel => return format!("goods are named as the model {}", finding.matched_name),
        _ => {}
    }
    let field = field_words(&finding.field_path);
    let what = finding.spans.first().map(|s| one_line(&s.text)).unwrap_or_default();
    let Some(entry) = &finding.entry else { return format!("{field} \"{what}\" ({})", finding.reason.as_str()) };
    let verb = if finding.reason == Reason::PartyWatch { "watched" } else { "listed" };
    let listed = format!("{verb} on the {}", entry.list_title.trim_start_matches("the "));
    let (name, meaning) = (&entry.name, meaning(entry.effect));
    match finding.reason {
        // What the listing means for a party that is not listed itself is for the finding to say.
        Reason::PartyOwnership => {
            let is = if finding.score == Score::FULL { "is" } else { "may be" };
            format!("{field} \"{what}\" {is} owned by {name}, {listed}")
        }
        Reason::PartyAddress if entry.kind == EntryKind::Address => {
            format!("address \"{what}\" is {listed} as an address, {meaning}")
        }
        Reason::PartyAddress => format!("address \"{what}\" is also that of {name}, {listed}"),
        Reason::PartyIdentifier => format!("number \"{what}\" is that of {name}, {listed}, {meaning}"),
        Reason::PartyListedWeak => format!("{field} \"{what}\" may be {name}, {listed}, {meaning}"),
        _ if is_alike_only(finding) => format!("{field} \"{what}\" resembles {name}, {listed}, {meaning}"),
        _ => format!("{field} \"{what}\" is {} {listed}, {meaning}", of(&what, name)),
    }
}

/// Whether the text says something else than the listed name, legal form and blanks aside.
fn is_alike_only(finding: &Finding) -> bool {
    /// Another wording of the form costs less than another form.
    const LEAST_OTHER_FORM: i32 = -40;
    finding.evidence.iter().any(|e| match e.name {
        "slip" => true,
        "respaced" => false,
        "legal_form" => e.points <= LEAST_OTHER_FORM,
        _ => difference(e).is_some(),
    })
}

/// The entry's name, unless the text is that name.
fn of(text: &str, name: &str) -> String {
    if text.eq_ignore_ascii_case(name) { String::new() } else { format!("{name},") }
}

fn field_words(path: &str) -> &'static str {
    match path.split(['[', '.']).next() {
        Some("parties") => "party",
        Some("goods") => "goods text",
        Some("vessels") => "vessel",
        _ => "text",
    }
}
