//! The sentences on what rules found. Their clauses for the summary stand in `clause`.

use super::words::{country, goods_field, one_line, party, quoted, the};
use crate::rule::{Doubt, GoodsLine, Leg, MissingRole, NoText, RoleMark, RuleFact, Side, Spot, StopName, Vagueness};
use model::country::Country;
use model::finding::{Score, Severity};
use model::shipment::Role;

/// One sentence on what a rule found, but for combinations, which are worded from the clauses of their parts.
pub(super) fn rule(fact: &RuleFact, severity: Severity) -> String {
    match fact {
        RuleFact::Vague { line, text, why, list } => vague(*line, text, *why, list.as_deref()),
        RuleFact::InvalidText { line, text, why } => {
            let field = goods_field(*line, "description");
            format!("The {field} {} {}: it does not describe goods.", quoted(text), no_text(*why))
        }
        RuleFact::ListedCode { line, code, list, tier, title, is_uav } => {
            let field = goods_field(*line, "code");
            if *is_uav {
                format!("The {field} {code} belongs to heading {tier}, {title} ({list}).")
            } else {
                let list = the(list);
                format!(
                    "The {field} {code} is on {list}, tier {tier} ({title}): items that Russia seeks for its weapons, so ask who uses them and where they end."
                )
            }
        }
        RuleFact::ClauseMissing { line, code, from, to } => format!(
            "The {} {code} is one of the common high priority goods that go from {}, in the European Union, to {}: the contract must forbid re-export to Russia, and the record does not attest that it does.",
            goods_field(*line, "code"),
            country(*from),
            country(*to)
        ),
        RuleFact::CodeConflict { line, text, code, means, meant_by } => {
            let (field, text) = (goods_field(*line, "description"), quoted(text));
            match meant_by {
                Side::Text => format!(
                    "The {field} says {text}, {means}, and the code {code} is for other goods; one of the two is wrong."
                ),
                Side::Code => format!(
                    "The code {code} is for {means}, and the {field} {text} does not say so; one of the two is wrong."
                ),
            }
        }
        RuleFact::Embargo { spot, text, territory, measure, doubt } => {
            embargo(spot, text, territory, measure, *doubt, severity)
        }
        RuleFact::Transshipment { stop, country, list } => format!(
            "The {}, which is on {}. Trade with such a country is ordinary; the finding counts together with others.",
            lies_in(stop, *country),
            the(list)
        ),
        RuleFact::Detour { first, by, last, by_km, direct_km } => format!(
            "The route from {} to {} goes by {}: about {} km where the straight way is {} km.",
            one_line(first),
            one_line(last),
            one_line(by),
            by_km / 100 * 100,
            direct_km / 100 * 100
        ),
        RuleFact::LeavesDestination { stop, country: left_for, end } => format!(
            "The goods reach {}, where the route ends, and leave it again: the {}.",
            country(*end),
            lies_in(stop, *left_for)
        ),
        RuleFact::ListedPlace { stop, name, what, measure } => {
            format!("The {} is the listed {what} {name}: {measure}.", stop_words(stop))
        }
        RuleFact::Combination { .. } => String::new(),
        _ => of_party(fact),
    }
}

/// One sentence on what a rule found of a party or of what a party attests.
fn of_party(fact: &RuleFact) -> String {
    match fact {
        RuleFact::ForwarderFinal { role, name, mark } => format!(
            "The {} {} is a freight forwarder ({}), and no other last receiver is named: who uses the goods is not known.",
            party(*role),
            quoted(name),
            role_mark(mark, "forwarder")
        ),
        RuleFact::BankConsignee { role, name, mark } => format!(
            "The {} {} is a bank ({}): usual under a letter of credit, but a bank does not use the goods.",
            party(*role),
            quoted(name),
            role_mark(mark, "bank")
        ),
        RuleFact::ToOrder { role, name, names_somebody } => {
            let written = if name.is_empty() { String::new() } else { format!(", as {}", quoted(name)) };
            let rest = if *names_somebody {
                "the party behind the order may hand the goods on by endorsement"
            } else {
                "the document names nobody who receives the goods, so nobody could be screened as such"
            };
            format!("The {} is to order{written}: {rest}.", party(*role))
        }
        RuleFact::RoleMissing(missing) => {
            let (what, roles) = match missing {
                MissingRole::Sender => ("sender", "shipper, exporter or seller"),
                MissingRole::Receiver => ("receiver", "consignee, end user or buyer"),
            };
            format!("The record names no {what} of the goods ({roles}), so none could be screened.")
        }
        RuleFact::RoleDisputed { role, name, source, note, confidence } => {
            role_disputed(*role, name, source, note, *confidence)
        }
        RuleFact::Placeholder { role, name } => {
            format!(
                "The {}'s name is {}, which names nobody: the party could not be screened.",
                party(*role),
                quoted(name)
            )
        }
        RuleFact::RedFlag { title, by, note } => {
            let by = if by.trim().is_empty() { "The caller".to_owned() } else { quoted(by) };
            let note = if note.trim().is_empty() { String::new() } else { format!(" ({})", one_line(note)) };
            format!(
                "{by} attests a red flag: {title}{note}. It asks for an inquiry, with its answer on file, before the goods go."
            )
        }
        _ => String::new(),
    }
}

/// One sentence on a combination, from the clauses of its parts.
pub(super) fn combination(title: &str, clauses: &[String], because: &str) -> String {
    format!("Together ({title}): {}. The reason: {because}.", clauses.join("; "))
}

fn vague(line: GoodsLine, text: &str, why: Vagueness, list: Option<&str>) -> String {
    let (field, text) = (goods_field(line, "description"), quoted(text));
    let list = list.map(|l| format!(", a term of {}", the(l))).unwrap_or_default();
    match why {
        Vagueness::Listed => format!("The {field} says only {text}{list}: it does not tell what the goods are."),
        Vagueness::Holds => {
            format!("The {field} holds {text}{list}: wherever it stands, it does not tell what the goods are.")
        }
        Vagueness::OnlyClasses => format!(
            "The {field} says only {text}: quantities, looks and words for whole classes of goods, none that names goods."
        ),
        Vagueness::PartsOf => {
            format!("The {field} says only {text}: it names what the goods belong to, not which parts they are.")
        }
        Vagueness::NoGoods => format!("The {field} {text} holds no word that is known to name goods."),
    }
}

/// Why a goods text describes nothing, as the rest of a clause.
pub(super) fn no_text(why: NoText) -> &'static str {
    match why {
        NoText::OneCharacter => "is one character over and over",
        NoText::NoLetters => "has neither letters nor digits",
        NoText::DigitsOnly => "is digits only",
        NoText::FileName => "is the name of a file",
    }
}

fn embargo(
    spot: &Spot,
    text: &str,
    territory: &str,
    measure: &str,
    doubt: Option<Doubt>,
    severity: Severity,
) -> String {
    let (field, quoted) = (spot_words(spot), quoted(text));
    match doubt {
        None if is_country(spot) => format!("The {field} is {territory} ({quoted}): {measure}."),
        None => format!("The {field} gives {quoted}, in {territory}: {measure}."),
        Some(doubt) => {
            let kept = if severity == Severity::Info { ", so it is kept for the record only" } else { "" };
            format!("The {field} holds {quoted}, which is also a name of {territory}; {}{kept}.", doubt.as_str())
        }
    }
}

/// The clause of an embargoed spot.
pub(super) fn in_territory(spot: &Spot, territory: &str, doubt: Option<Doubt>) -> String {
    let field = spot_words(spot);
    match doubt {
        None if is_country(spot) => format!("the {field} is {territory}"),
        None => format!("the {field} is in {territory}"),
        Some(_) => format!("the {field} holds a name of {territory} that means something else"),
    }
}

/// Whether the spot is given as a country, which is not in itself.
fn is_country(spot: &Spot) -> bool {
    match spot {
        Spot::PartyCountry(_) | Spot::GoodsOrigin(_) => true,
        Spot::PartyAddress(_) => false,
        Spot::Stop(stop) => matches!(stop.leg, Leg::Receiver(_) | Leg::Routing),
    }
}

fn spot_words(spot: &Spot) -> String {
    match spot {
        Spot::Stop(stop) => stop_words(stop),
        Spot::PartyAddress(role) => format!("{}'s address", party(*role)),
        Spot::PartyCountry(role) => format!("{}'s country", party(*role)),
        Spot::GoodsOrigin(line) => goods_field(*line, "origin"),
    }
}

/// `place of discharge Almaty`, `consignee's country`.
fn stop_words(stop: &StopName) -> String {
    let leg = match stop.leg {
        Leg::Receipt => "place of receipt",
        Leg::Loading => "place of loading",
        Leg::Transshipment => "place of transshipment",
        Leg::Routing => "country of the routing",
        Leg::Discharge => "place of discharge",
        Leg::Delivery => "place of delivery",
        Leg::Destination => "destination",
        Leg::Receiver(role) => return format!("{}'s country", party(Some(role))),
    };
    if stop.place.is_empty() { leg.to_owned() } else { format!("{leg} {}", one_line(&stop.place)) }
}

/// `place of discharge Almaty is in Kazakhstan (KZ)`, `consignee's country is Kazakhstan (KZ)`.
pub(super) fn lies_in(stop: &StopName, country_of: Country) -> String {
    let is = if matches!(stop.leg, Leg::Receiver(_) | Leg::Routing) { "is" } else { "is in" };
    format!("{} {is} {}", stop_words(stop), country(country_of))
}

fn role_mark(mark: &RoleMark, role: &str) -> String {
    match mark {
        RoleMark::SameParty => format!("the same name is given as the {role}"),
        RoleMark::Word(word) => format!("\"{word}\" in the name"),
    }
}

fn role_disputed(role: Option<Role>, name: &str, source: &str, note: &str, confidence: Option<Score>) -> String {
    let who = if name.is_empty() { "a party".to_owned() } else { quoted(name) };
    let source = if source.is_empty() { String::new() } else { format!(", given by {},", one_line(source)) };
    let role = party(role);
    let state = match confidence {
        None => "is disputed".to_owned(),
        Some(sure) => format!("is unsure: its source gives it {} of 1000", sure.get()),
    };
    let note = if note.is_empty() { String::new() } else { format!(" ({})", one_line(note)) };
    format!(
        "That {who} is the {role}{source} {state}{note}; the party is screened all the same, and the role is to be settled before a match is ruled on."
    )
}
