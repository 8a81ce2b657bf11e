//! Phrases that several sentences share.

use crate::place::Place;
use crate::rule::GoodsLine;
use model::country::Country;
use model::entry::{Effect, Entry, NameKind};
use model::finding::Severity;
use model::shipment::{Role, Shipment};

/// Line breaks and runs of blanks as single blanks.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text in quotation marks, on one line; a long one is shortened.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 80;
    let line = one_line(text);
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("\"{} ...\"", line[..at].trim_end()),
        None => format!("\"{line}\""),
    }
}

/// `one finding`, `3 findings`.
pub(super) fn counted(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("one {one}"),
        _ => format!("{number} {many}"),
    }
}

/// Thousandths as a percentage.
pub fn percent(thousandths: u16) -> String {
    match thousandths % 10 {
        0 => format!("{}%", thousandths / 10),
        rest => format!("{}.{rest}%", thousandths / 10),
    }
}

/// The word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
        Severity::Info => "INFO",
    }
}

/// A country by name and code.
pub(super) fn country(country: Country) -> String {
    let name = match country.code() {
        "RU" => "Russia",
        _ => country.name().split(" (").next().unwrap_or("?"),
    };
    format!("{name} ({})", country.code())
}

/// `ultimate consignee`, or `party` when the record gives no role.
pub(super) fn party(role: Option<Role>) -> String {
    role.map_or_else(|| "party".to_owned(), |r| r.as_str().replace('_', " "))
}

/// `goods description`, or `description of goods line 2` where there are several lines.
pub(super) fn goods_field(line: GoodsLine, what: &str) -> String {
    if line.of > 1 { format!("{what} of goods line {}", line.line + 1) } else { format!("goods {what}") }
}

/// Whose text stands in a place, for the sentence: `consignee's name`.
pub(super) fn field(place: Place, shipment: &Shipment) -> String {
    let of = |at: u32, what: &str| format!("{}'s {what}", party(shipment.parties[at as usize].role));
    match place {
        Place::PartyName(at) | Place::PartyOtherName(at, _) => of(at, "name"),
        Place::PartyIdentifier(at, _) => of(at, "number"),
        Place::PartyAddress(at) | Place::PartyAddressPart(at, _) | Place::PartyStructuredAddress(at) => {
            of(at, "address")
        }
        Place::VesselName(_) => "vessel's name".to_owned(),
        Place::VesselImo(_) => "vessel's IMO number".to_owned(),
        Place::GoodsDescription(_) => "goods description".to_owned(),
        Place::GoodsMarks(_) => "shipping marks".to_owned(),
        Place::GoodsBrand(_) => "goods brand".to_owned(),
        Place::GoodsModel(_) => "goods model".to_owned(),
        Place::Rule(_) | Place::Lists => "record".to_owned(),
    }
}

/// `listed on the Entity List`; watch lists are no official lists, and are called by name.
pub(super) fn listed_on(effect: Effect, list_title: &str) -> String {
    match effect {
        Effect::Watch => format!("on the watch list \"{list_title}\""),
        _ => format!("listed on {}", the(list_title)),
    }
}

/// A title with its article, once.
pub(super) fn the(title: &str) -> String {
    format!("the {}", title.trim_start_matches("the "))
}

/// `, an alias of X, listed on the Y (citation; in force since ...)`.
pub(super) fn listing(entry: &Entry, list_title: &str, kind: NameKind) -> String {
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
    format!("{of} {}{facts}", listed_on(entry.effect, list_title))
}

/// What a listing means for a shipment, as a clause.
pub(super) fn meaning(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "dealings with it are prohibited",
        Effect::Licence => "a licence is required as the entry says",
        Effect::Investment => "the listing restricts securities or banking dealings and is not a shipping ban",
        Effect::Procurement => "the listing restricts public procurement and is not a shipping ban",
        Effect::Equipment => "the listing restricts the authorisation of equipment and is not a shipping ban",
        Effect::ForcedLabour => "imports of its goods are presumed to be made with forced labour",
        Effect::Watch => "this is not an official listing and has no legal effect, and is reported for attention",
    }
}

/// The same for several entries.
pub(super) fn meanings(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "dealings with them are prohibited",
        Effect::Licence => "a licence is required as the entries say",
        Effect::Investment => "the listings restrict securities or banking dealings and are not shipping bans",
        Effect::Procurement => "the listings restrict public procurement and are not shipping bans",
        Effect::Equipment => "the listings restrict the authorisation of equipment and are not shipping bans",
        Effect::ForcedLabour => "imports of their goods are presumed to be made with forced labour",
        Effect::Watch => "these are not official listings and have no legal effect, and are reported for attention",
    }
}
