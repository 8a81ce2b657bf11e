//! How the findings of rules are worded: a sentence for the finding, and a clause for the summary.

use super::{Wording, one_line};
use crate::rule::Why;
use model::country::Country;
use model::shipment::Role;

fn wording(why: String, clause: String) -> Wording {
    Wording { why, clause }
}

fn quoted(text: &str) -> String {
    const MOST: usize = 80;
    let line = one_line(text);
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("\"{} ...\"", line[..at].trim_end()),
        None => format!("\"{line}\""),
    }
}

/// A place as written, without marks around it.
pub(crate) fn quoted_place(text: &str) -> String {
    one_line(text)
}

/// A country by name and code, and the place if it is named.
fn country_words(country: Country) -> String {
    let name = match country.code() {
        "RU" => "Russia",
        _ => country.name().split(" (").next().unwrap_or("?"),
    };
    format!("{name} ({})", country.code())
}

/// "goods description", or "description of goods line 2" where there are several.
pub(crate) fn goods_field(lines: usize, line: usize, what: &str) -> String {
    if lines > 1 { format!("{what} of goods line {}", line + 1) } else { format!("goods {what}") }
}

/// "consignee", or "party".
pub(crate) fn party(role: Option<Role>) -> String {
    role.map_or_else(|| "party".to_owned(), |r| r.as_str().replace('_', " "))
}

/// "consignee's address".
pub(crate) fn party_field(role: Option<Role>, what: &str) -> String {
    format!("{}'s {what}", party(role))
}

pub(crate) fn priority_code(field: &str, code: &str, list: &str, tier: &str, title: &str) -> Wording {
    wording(
        format!(
            "The {field} {code} is on the {list}, tier {tier} ({title}): items that Russia seeks for its weapons, so ask who uses them and where they end."
        ),
        format!("HS {code} is on the {list}, tier {tier}"),
    )
}

pub(crate) fn uav_code(field: &str, code: &str, list: &str, heading: &str, title: &str) -> Wording {
    wording(
        format!("The {field} {code} belongs to heading {heading}, {title} ({list})."),
        format!("HS {code} is a code of {title}"),
    )
}

pub(crate) fn clause_missing(field: &str, code: &str, from: Country, to: Country) -> Wording {
    let (from, to) = (country_words(from), country_words(to));
    wording(
        format!(
            "The {field} {code} is one of the common high priority goods that go from {from}, in the European Union, to {to}: the contract must forbid re-export to Russia, and the record does not attest that it does."
        ),
        format!("no re-export clause is attested for HS {code} to {to}"),
    )
}

pub(crate) fn transshipment(stop: &str, country: Country, list: &str) -> Wording {
    let country = country_words(country);
    wording(
        format!(
            "The {stop} is in {country}, which stands in the {list}. Trade with such a country is ordinary; the finding counts together with others."
        ),
        format!("goods go by {} {country}, on the {list}", place_of(stop)).replace("  ", " "),
    )
}

/// The place's own name out of "place of transshipment Almaty"; empty for a bare country.
fn place_of(stop: &str) -> String {
    for lead in ["place of transshipment ", "place of discharge ", "place of delivery ", "destination "] {
        if let Some(name) = stop.strip_prefix(lead) {
            return format!("{name},");
        }
    }
    if stop.ends_with("'s country") { format!("the {stop},") } else { String::new() }
}

/// The clause of a route that touches a restricted country.
pub(crate) fn restricted_route(stop: &str, country: Country) -> String {
    format!("the {stop} is in {}", country_words(country))
}

pub(crate) fn detour(first: &str, by: &str, last: &str, by_km: u32, direct_km: u32) -> Wording {
    let (first, by, last) = (one_line(first), one_line(by), one_line(last));
    let (by_km, direct_km) = (by_km / 100 * 100, direct_km / 100 * 100);
    wording(
        format!(
            "The route from {first} to {last} goes by {by}: about {by_km} km where the straight way is {direct_km} km."
        ),
        format!("{by} is far out of the way from {first} to {last}"),
    )
}

pub(crate) fn detour_back(stop: &str, country: Country, end: Country) -> Wording {
    let (country, end) = (country_words(country), country_words(end));
    wording(
        format!("The goods reach {end}, where the route ends, and leave it again: the {stop} is in {country}."),
        format!("goods leave {end} again for {country}"),
    )
}

pub(crate) fn listed_place(stop: &str, name: &str, what: &str, measure: &str) -> Wording {
    wording(format!("The {stop} is the listed {what} {name}: {measure}."), format!("{name} is a listed {what}"))
}

pub(crate) fn embargo(field: &str, text: &str, territory: &str, measure: &str, doubt: Option<&str>) -> Wording {
    let text = quoted(text);
    match doubt {
        None => wording(
            format!("The {field} gives {text}, in {territory}: {measure}."),
            format!("the {field} is in {territory}"),
        ),
        Some(why) => wording(
            format!(
                "The {field} holds {text}, which is also a name of {territory}; {why}, so it is kept for the record only."
            ),
            format!("the {field} holds a name of {territory} that means something else"),
        ),
    }
}

pub(crate) fn forwarder_final(role: &str, name: &str, how: &str) -> Wording {
    let name = quoted(name);
    wording(
        format!(
            "The {role} {name} is a freight forwarder ({how}), and no other last receiver is named: who uses the goods is not known."
        ),
        format!("{role} is a freight forwarder"),
    )
}

pub(crate) fn bank_consignee(role: &str, name: &str, how: &str) -> Wording {
    let name = quoted(name);
    wording(
        format!(
            "The {role} {name} is a bank ({how}): usual under a letter of credit, but a bank does not use the goods."
        ),
        format!("{role} is a bank"),
    )
}

pub(crate) fn to_order(role: &str, name: &str, names_somebody: bool) -> Wording {
    let written = if name.is_empty() { String::new() } else { format!(", as {}", quoted(name)) };
    let rest = if names_somebody {
        "the party behind the order may hand the goods on by endorsement"
    } else {
        "the document names nobody who receives the goods, so nobody could be screened as such"
    };
    wording(format!("The {role} is to order{written}: {rest}."), format!("{role} is to order"))
}

pub(crate) fn role_missing(what: &str, roles: &str) -> Wording {
    wording(
        format!("The record names no {what} of the goods ({roles}), so none could be screened."),
        format!("no {what} is named"),
    )
}

pub(crate) fn role_disputed(
    role: &str,
    name: &str,
    source: &str,
    is_disputed: bool,
    note: &str,
    confidence: Option<u16>,
) -> Wording {
    let name = if name.is_empty() { String::new() } else { format!(" {}", quoted(name)) };
    let source = if source.is_empty() { String::new() } else { format!(", given by {},", one_line(source)) };
    let mut why = match (is_disputed, confidence) {
        (true, _) => format!("That{name} is the {role}{source} is disputed"),
        (false, sure) => {
            format!(
                "That{name} is the {role}{source} is unsure: its source gives it {} of 1000",
                sure.unwrap_or_default()
            )
        }
    };
    if !note.is_empty() {
        why.push_str(&format!(" ({})", one_line(note)));
    }
    why.push_str("; the party is screened all the same, and the role is to be settled before a match is ruled on.");
    let state = if is_disputed { "disputed" } else { "unsure" };
    wording(why.replace("  ", " "), format!("the role of {role} is {state}"))
}

pub(crate) fn placeholder(role: &str, name: &str) -> Wording {
    let name = quoted(name);
    wording(
        format!("The {role}'s name is {name}, which names nobody: the party could not be screened."),
        format!("{role} is given as {name}"),
    )
}

pub(crate) fn vague(field: &str, text: &str, why: Why, list: Option<&str>) -> Wording {
    let text = quoted(text);
    let list = list.map(|l| format!(", a term of the {l}")).unwrap_or_default();
    match why {
        Why::Listed => wording(
            format!("The {field} says only {text}{list}: it does not tell what the goods are."),
            format!("{field} says only {text}"),
        ),
        Why::Holds => wording(
            format!("The {field} holds {text}{list}: wherever it stands, it does not tell what the goods are."),
            format!("{field} holds {text}"),
        ),
        Why::OnlyClasses => wording(
            format!(
                "The {field} says only {text}: quantities, looks and words for whole classes of goods, none that names goods."
            ),
            format!("{field} says only {text}"),
        ),
        Why::PartsOf => wording(
            format!("The {field} says only {text}: it names what the goods belong to, not which parts they are."),
            format!("{field} says only {text}"),
        ),
        Why::NoGoods => wording(
            format!("The {field} {text} holds no word that is known to name goods."),
            format!("{field} {text} names no goods"),
        ),
    }
}

pub(crate) fn invalid_text(field: &str, text: &str, why: &str) -> Wording {
    let text = quoted(text);
    wording(format!("The {field} {text} {why}: it is no description."), format!("{field} {text} {why}"))
}

pub(crate) fn code_conflict(field: &str, text: &str, code: &str, means: &str) -> Wording {
    let text = quoted(text);
    wording(
        format!(
            "The {field} says {text}, {means}, and the code {code} is one of other goods; one of the two is wrong."
        ),
        format!("text says {text} and HS {code} is of other goods"),
    )
}

pub(crate) fn code_conflict_other(field: &str, text: &str, code: &str, means: &str) -> Wording {
    let text = quoted(text);
    wording(
        format!("The code {code} is one of {means}, and the {field} {text} does not say so; one of the two is wrong."),
        format!("HS {code} is of {means} and the text says {text}"),
    )
}

pub(crate) fn red_flag(title: &str, by: &str, note: &str) -> Wording {
    let by = if by.trim().is_empty() { "The caller".to_owned() } else { quoted(by) };
    let note = if note.trim().is_empty() { String::new() } else { format!(" ({})", one_line(note)) };
    wording(
        format!(
            "{by} attests a red flag: {title}{note}. It asks for an inquiry, with its answer on file, before the goods go."
        ),
        format!("red flag attested: {title}"),
    )
}

pub(crate) fn combination(title: &str, clauses: &[String], because: &str) -> Wording {
    let clauses = clauses.join("; ");
    wording(format!("Together ({title}): {clauses}. The reason: {because}."), clauses)
}
