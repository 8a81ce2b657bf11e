//! The clauses of the summary: what each finding says in few words.

use super::names::difference;
use super::rules::{in_territory, lies_in, no_text};
use super::words::{country, goods_field, listed_on, meaning, one_line, party, quoted, the};
use crate::fact::{Fact, Found};
use crate::rule::{Leg, MissingRole, RuleFact, Side, Vagueness};
use model::entry::{Effect, EntryKind};
use model::finding::{EvidenceKind, Finding, Reason, Score};

/// What one finding says in the summary. Two findings may say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    /// Words.
    Plain(String),
    /// A text of the shipment and a listed entry; those of one text, and of one effect, are said together.
    Listed(Listed),
}

/// A text of the shipment and a listed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// The text, for example `party "DJI"`.
    pub(super) subject: String,
    /// What it is to the entry, for example `resembles`.
    pub(super) relation: &'static str,
    /// The entry's name; `None` where the text is that name.
    pub(super) name: Option<String>,
    /// Where it is listed.
    pub(super) listed: String,
    /// What the listing means, where the listing is the text's own.
    pub(super) effect: Option<Effect>,
}

/// The clause of a finding that is not a combination.
pub(super) fn clause(found: &Found) -> Clause {
    let finding = &found.finding;
    match &found.fact {
        Fact::Brand(brand) if brand.is_model => Clause::Plain(format!("goods are named as the model {}", brand.name)),
        Fact::Brand(brand) => Clause::Plain(format!("goods carry the brand {}", brand.name)),
        Fact::Stale(list) => Clause::Plain(super::stale::clause(list)),
        Fact::Rule(fact) => Clause::Plain(of_rule(fact)),
        Fact::Name(_) | Fact::Number(_) | Fact::Address(_) | Fact::Owners(_) => of_entry(finding),
    }
}

fn of_entry(finding: &Finding) -> Clause {
    let field = field_words(&finding.field_path);
    let what = finding.spans.first().map(|s| one_line(&s.text)).unwrap_or_default();
    let Some(entry) = &finding.entry else {
        return Clause::Plain(format!("{field} \"{what}\" ({})", finding.reason.as_str()));
    };
    let listed = listed_on(entry.effect, &entry.list_title);
    let name = Some(entry.name.clone());
    let effect = Some(entry.effect);
    let of = |subject: String, relation, name, effect| {
        Clause::Listed(Listed { subject, relation, name, listed: listed.clone(), effect })
    };
    match finding.reason {
        // What the listing means for a party that is not listed itself is for the finding to say.
        Reason::PartyOwnership if finding.score == Score::FULL => {
            of(format!("{field} \"{what}\""), "is owned by", name, None)
        }
        Reason::PartyOwnership => of(format!("{field} \"{what}\""), "may be owned by", name, None),
        Reason::PartyAddress if entry.kind == EntryKind::Address => {
            of(format!("address \"{what}\""), "is", None, effect)
        }
        Reason::PartyAddress => of(format!("address \"{what}\""), "is also that of", name, None),
        Reason::PartyIdentifier => of(format!("number \"{what}\""), "is that of", name, effect),
        Reason::PartyListedWeak => of(format!("{field} \"{what}\""), "may be", name, effect),
        _ if is_alike_only(finding) => of(format!("{field} \"{what}\""), "resembles", name, effect),
        _ => {
            let name = name.filter(|name| !what.eq_ignore_ascii_case(name));
            of(format!("{field} \"{what}\""), "is", name, effect)
        }
    }
}

/// Whether the text says something else than the listed name, legal form and blanks aside.
fn is_alike_only(finding: &Finding) -> bool {
    /// Another wording of the form costs less than another form.
    const LEAST_OTHER_FORM: i32 = -40;
    finding.evidence.iter().any(|e| match e.kind {
        EvidenceKind::Edits => true,
        EvidenceKind::Respaced => false,
        EvidenceKind::LegalForm => e.points <= LEAST_OTHER_FORM,
        _ => difference(e).is_some(),
    })
}

fn field_words(path: &str) -> &'static str {
    match path.split(['[', '.']).next() {
        Some("parties") => "party",
        Some("goods") => "goods text",
        Some("vessels") => "vessel",
        _ => "text",
    }
}

/// The clause of what a rule found; empty for a combination, which has those of its parts.
fn of_rule(fact: &RuleFact) -> String {
    match fact {
        RuleFact::Vague { line, text, why, .. } => {
            let (field, text) = (goods_field(*line, "description"), quoted(text));
            match why {
                Vagueness::Listed | Vagueness::OnlyClasses | Vagueness::PartsOf => format!("{field} says only {text}"),
                Vagueness::Holds => format!("{field} holds {text}"),
                Vagueness::NoGoods => format!("{field} {text} names no goods"),
            }
        }
        RuleFact::InvalidText { line, text, why } => {
            format!("{} {} {}", goods_field(*line, "description"), quoted(text), no_text(*why))
        }
        RuleFact::ListedCode { code, title, is_uav: true, .. } => format!("HS {code} is a code of {title}"),
        RuleFact::ListedCode { code, list, tier, .. } => format!("HS {code} is on {}, tier {tier}", the(list)),
        RuleFact::ClauseMissing { code, to, .. } => {
            format!("no re-export clause is attested for HS {code} to {}", country(*to))
        }
        RuleFact::CodeConflict { text, code, means, meant_by, .. } => match meant_by {
            Side::Text => format!("text says {} and HS {code} is of other goods", quoted(text)),
            Side::Code => format!("HS {code} is of {means} and the text says {}", quoted(text)),
        },
        RuleFact::Embargo { spot, territory, doubt, .. } => in_territory(spot, territory, *doubt),
        RuleFact::Transshipment { stop, country: of_stop, list } => match stop.leg {
            Leg::Receiver(_) => format!("the {}, on {}", lies_in(stop, *of_stop), the(list)),
            _ if stop.place.is_empty() => format!("goods go by {}, on {}", country(*of_stop), the(list)),
            _ => format!("goods go by {}, {}, on {}", one_line(&stop.place), country(*of_stop), the(list)),
        },
        RuleFact::Detour { first, by, last, .. } => {
            format!("{} is far out of the way from {} to {}", one_line(by), one_line(first), one_line(last))
        }
        RuleFact::LeavesDestination { country: left_for, end, .. } => {
            format!("goods leave {} again for {}", country(*end), country(*left_for))
        }
        RuleFact::ListedPlace { name, what, .. } => format!("{name} is a listed {what}"),
        RuleFact::ForwarderFinal { role, .. } => format!("{} is a freight forwarder", party(*role)),
        RuleFact::BankConsignee { role, .. } => format!("{} is a bank", party(*role)),
        RuleFact::ToOrder { role, .. } => format!("{} is to order", party(*role)),
        RuleFact::RoleMissing(MissingRole::Sender) => "no sender is named".to_owned(),
        RuleFact::RoleMissing(MissingRole::Receiver) => "no receiver is named".to_owned(),
        RuleFact::RoleDisputed { role, confidence, .. } => {
            let state = if confidence.is_some() { "unsure" } else { "disputed" };
            format!("the role of {} is {state}", party(*role))
        }
        RuleFact::Placeholder { role, name } => format!("{} is given as {}", party(*role), quoted(name)),
        RuleFact::RedFlag { title, .. } => format!("red flag attested: {title}"),
        RuleFact::Combination { .. } => String::new(),
    }
}

/// The clause on a route that touches a country of a combination.
pub(super) fn route(stop: &crate::rule::StopName, of_stop: model::country::Country) -> Clause {
    Clause::Plain(format!("the {}", lies_in(stop, of_stop)))
}

impl Clause {
    /// The clause on its own.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Plain(words) => words.clone(),
            Self::Listed(listed) => listed.words(),
        }
    }
}

impl Listed {
    fn words(&self) -> String {
        let Self { subject, relation, name, listed, effect } = self;
        let name = name.as_ref().map_or_else(String::new, |name| format!("{name}, "));
        let meaning = effect.map_or_else(String::new, |effect| format!(", {}", meaning(effect)));
        format!("{subject} {relation} {name}{listed}{meaning}")
    }
}
