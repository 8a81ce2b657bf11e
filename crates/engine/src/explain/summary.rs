//! The short sentence on a shipment: the outcome, and what it rests on, strongest first.

use super::clause::{Clause, Listed};
use super::words::{counted, meaning, meanings};
use model::entry::Effect;
use model::finding::{Finding, Outcome, Reason, Severity};
use model::shipment::{Problem, UnreadField};

/// Clauses said before the rest is counted.
const MOST: usize = 6;
/// Entries named for one text before the rest is counted.
const MOST_ENTRIES: usize = 3;

/// A finding with its explanation, and what it says in the summary.
pub(super) struct Worded {
    pub(super) finding: Finding,
    /// One clause with the finding's reason; for a combination those of its parts.
    pub(super) clauses: Vec<(Reason, Clause)>,
}

/// `Refused: parties[0].country: ...`.
pub(super) fn refused(problems: &[Problem]) -> String {
    let problems: Vec<String> = problems
        .iter()
        .map(|p| match p.field_path.as_str() {
            "" => p.description.clone(),
            path => format!("{path}: {}", p.description),
        })
        .collect();
    format!("Refused: {}.", problems.join("; "))
}

/// `Review: goods description says only "PARTS"; ...`. The findings stand strongest first.
pub(super) fn summary(outcome: Outcome, findings: &[Worded], unread: &[UnreadField], is_truncated: bool) -> String {
    let lead = match outcome {
        Outcome::NoFinding => "No finding",
        Outcome::Review => "Review",
        Outcome::Hold => "Hold",
        Outcome::Refused => "Refused",
    };
    let asks = |w: &&Worded| w.finding.severity > Severity::Info && !w.finding.is_shadow;
    let groups = grouped(said(findings.iter().filter(asks)));
    let for_the_record = findings.len() - findings.iter().filter(asks).count();
    let mut out = match groups.is_empty() {
        true if is_truncated || outcome != Outcome::NoFinding => lead.to_owned(),
        true => format!("{lead}: nothing that asks for a person's attention"),
        false => format!("{lead}: {}", shown(groups)),
    };
    if let Some(first) = unread.first() {
        let joint = if out == lead { ": " } else { "; " };
        let path = &first.problem.field_path;
        out.push_str(&match unread.len() {
            1 => format!("{joint}{path} could not be read"),
            n => format!("{joint}{n} fields could not be read, {path} first"),
        });
    }
    if is_truncated {
        let joint = if out == lead { ": " } else { "; " };
        out.push_str(&format!("{joint}the search was truncated because a limit was reached"));
    }
    if for_the_record > 0 && outcome == Outcome::NoFinding {
        let are = if for_the_record == 1 { "is" } else { "are" };
        out.push_str(&format!("; {} {are} kept for the record", counted(for_the_record, "finding", "findings")));
    }
    out.push('.');
    out
}

/// What is said, each clause once: the severest first, then in the order of the protocol, which goes from parties by
/// goods and route to roles.
fn said<'a>(findings: impl Iterator<Item = &'a Worded>) -> Vec<Clause> {
    let mut said: Vec<(Severity, Reason, &Clause)> = Vec::new();
    for worded in findings {
        for (reason, clause) in &worded.clauses {
            if !said.iter().any(|(.., known)| *known == clause) {
                said.push((worded.finding.severity, *reason, clause));
            }
        }
    }
    said.sort_by_key(|(severity, reason, _)| (std::cmp::Reverse(*severity), *reason));
    said.into_iter().map(|(.., clause)| clause.clone()).collect()
}

/// What is said together: the entries that one text was found as, and the texts whose listings mean the same.
enum Group {
    Plain(String),
    Listed(Option<Effect>, Vec<Match>),
}

/// One text and the entries it was found as on one list.
struct Match {
    /// The first of them; the others differ in the name alone.
    first: Listed,
    names: Vec<String>,
}

impl Match {
    fn takes(&self, other: &Listed) -> bool {
        let Listed { subject, relation, name, listed, effect } = &self.first;
        name.is_some()
            && other.name.is_some()
            && (subject, relation, listed, effect) == (&other.subject, &other.relation, &other.listed, &other.effect)
    }

    fn words(&self) -> String {
        let Listed { subject, relation, listed, .. } = &self.first;
        let rest = self.names.len().saturating_sub(MOST_ENTRIES);
        let mut names: Vec<String> = self.names.iter().take(MOST_ENTRIES).cloned().collect();
        if rest > 0 {
            names.push(counted(rest, "more entry", "more entries"));
        }
        match (names.pop(), names.is_empty()) {
            (None, _) => format!("{subject} {relation} {listed}"),
            (Some(only), true) => format!("{subject} {relation} {only}, {listed}"),
            (Some(last), false) => format!("{subject} {relation} {} and {last}, {listed}", names.join(", ")),
        }
    }
}

fn grouped(clauses: Vec<Clause>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for clause in clauses {
        let listed = match clause {
            Clause::Plain(words) => {
                groups.push(Group::Plain(words));
                continue;
            }
            Clause::Listed(listed) => listed,
        };
        let of_effect = groups.iter_mut().find_map(|group| match group {
            Group::Listed(effect, matches) if *effect == listed.effect => Some(matches),
            _ => None,
        });
        let one = |listed: Listed| Match { names: listed.name.iter().cloned().collect(), first: listed };
        match of_effect {
            None => groups.push(Group::Listed(listed.effect, vec![one(listed)])),
            Some(matches) => match matches.iter_mut().find(|m| m.takes(&listed)) {
                Some(known) => known.names.extend(listed.name),
                None => matches.push(one(listed)),
            },
        }
    }
    groups
}

/// The first clauses, and how many findings are left out.
fn shown(groups: Vec<Group>) -> String {
    let mut room = MOST;
    let mut left_out = 0;
    let mut out: Vec<String> = Vec::new();
    for group in groups {
        match group {
            Group::Plain(words) if room > 0 => {
                room -= 1;
                out.push(words);
            }
            Group::Plain(_) => left_out += 1,
            Group::Listed(effect, matches) => {
                let taken = room.min(matches.len());
                room -= taken;
                let (said, rest) = matches.split_at(taken);
                left_out += rest.iter().map(|m| m.names.len().max(1)).sum::<usize>();
                out.extend(matches_in_words(effect, said));
            }
        }
    }
    if left_out > 0 {
        out.push(format!("and {}", counted(left_out, "more finding", "more findings")));
    }
    out.join("; ")
}

/// The texts of one effect, and what the listings mean, said once.
fn matches_in_words(effect: Option<Effect>, matches: &[Match]) -> Option<String> {
    let words: Vec<String> = matches.iter().map(Match::words).collect();
    let entries: usize = matches.iter().map(|m| m.names.len().max(1)).sum();
    let what = match (words.len(), effect, entries) {
        (0, ..) => return None,
        (_, None, _) => return Some(words.join("; ")),
        (1, Some(effect), 1) => format!(", {}", meaning(effect)),
        (_, Some(effect), 1) => format!(": {}", meaning(effect)),
        (_, Some(effect), _) => format!(": {}", meanings(effect)),
    };
    Some(words.join(", and ") + &what)
}
