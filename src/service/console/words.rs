//! Words of the pages: reasons, effects, kinds, scripts; and texts of strangers as they may be shown.

use crate::wording::ages::duration;
use crate::wording::visible::{shown as sign, visible};
use crate::wording::{counted, entries};
use ::console::Piece;
use model::entry::{Effect, EntryKind, IdentifierType, NameKind};
use model::finding::Reason;
use wire::v1;

/// Characters of a text shown before and after what matched; the rest is left out.
const AROUND: usize = 400;

/// A text of a stranger or a publisher, with signs for characters that would act.
pub(super) fn shown(text: &str) -> String {
    visible(text)
}

/// The address of an entry's page.
pub(super) fn entry_url(list: &str, id: &str) -> String {
    let encoded = |text: &str| -> String {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
        text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    format!("/console/entries/{}/{}", encoded(list), encoded(id))
}

/// What is screened against, in a line.
pub(super) fn in_force(ages: &[v1::ListAge], fingerprint: &str) -> String {
    let total: u64 = ages.iter().map(|age| u64::from(age.entries)).sum();
    let oldest = ages.iter().filter(|age| !age.since.is_empty()).map(|age| age.age_hours).max();
    let oldest = oldest.map(|hours| format!(", the oldest {} old", duration(hours))).unwrap_or_default();
    let short = fingerprint.trim_start_matches("sha256:").get(..12).unwrap_or_default();
    format!("{}, {}{oldest}; snapshot {short}", counted(ages.len() as u64, "list", "lists"), entries(total))
}

/// What is listed, in a word.
pub(super) fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Unknown => "party",
        other => other.as_str(),
    }
}

/// What a listing means, in a word.
pub(super) fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::ForcedLabour => "forced labour",
        other => other.as_str(),
    }
}

/// What a listing means for a shipment, in a sentence.
pub(super) fn meaning(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "Dealings with this party are prohibited.",
        Effect::Licence => "Items that the entry names need a licence.",
        Effect::Investment => "Securities, debt or banking dealings are restricted; this is not a ban on shipping.",
        Effect::Procurement => "Public procurement is restricted; this is not a ban on shipping.",
        Effect::Equipment => "Authorisation of equipment is restricted; this is not a ban on shipping.",
        Effect::ForcedLabour => "Imports are presumed made with forced labour.",
        Effect::Watch => "The listing has no legal effect; it is reported for attention.",
    }
}

/// How a name relates to its entry, in words.
pub(super) fn name_kind(kind: NameKind, is_weak: bool) -> String {
    let word = match kind {
        NameKind::Primary => "listed name",
        NameKind::Alias => "also known as",
        NameKind::Former => "formerly",
        NameKind::Acronym => "acronym",
    };
    if is_weak { format!("{word}, weak") } else { word.to_owned() }
}

/// What a number is, in words.
pub(super) fn identifier(kind: IdentifierType) -> &'static str {
    match kind {
        IdentifierType::Imo => "IMO number",
        IdentifierType::Mmsi => "MMSI",
        IdentifierType::Uscc => "USCC",
        IdentifierType::Inn => "INN",
        IdentifierType::Ogrn => "OGRN",
        IdentifierType::Lei => "LEI",
        IdentifierType::Tax => "Tax number",
        IdentifierType::Registration => "Registration",
        IdentifierType::Passport => "Passport",
        IdentifierType::NationalId => "National identity",
        IdentifierType::Bic => "BIC",
        IdentifierType::Aircraft => "Aircraft",
        IdentifierType::Other => "Number",
    }
}

/// A script by its ISO 15924 code, in words.
pub(super) fn script(code: &str) -> String {
    let word = match code {
        "" => "Without letters",
        "Latn" => "Latin",
        "Cyrl" => "Cyrillic",
        "Arab" => "Arabic",
        "Hani" | "Hans" | "Hant" => "Chinese characters",
        "Hang" | "Kore" => "Korean",
        "Jpan" | "Hira" | "Kana" => "Japanese",
        "Hebr" => "Hebrew",
        "Grek" => "Greek",
        "Thai" => "Thai",
        "Deva" => "Devanagari",
        "Geor" => "Georgian",
        "Armn" => "Armenian",
        other => other,
    };
    word.to_owned()
}

/// Why a finding is reported, in words.
pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::PartyListed => "Listed party",
        Reason::PartyListedWeak => "Weak name of a listed party",
        Reason::PartyIdentifier => "Number of a listed party",
        Reason::PartyWatch => "Party on a watch list",
        Reason::TextListed => "Listed name in the text",
        Reason::GoodsBrand => "Brand of a listed maker",
        Reason::GoodsVague => "Vague description of goods",
        Reason::GoodsInvalidText => "Text that describes no goods",
        Reason::GoodsHsPriority => "Goods code on the Common High Priority List",
        Reason::GoodsHsUav => "Goods code of unmanned aircraft",
        Reason::GoodsCodeConflict => "Goods text and code differ",
        Reason::GoodsModel => "Known model",
        Reason::RouteEmbargo => "Embargoed country or territory",
        Reason::RouteTransshipment => "Country named for diversion",
        Reason::RouteDetour => "Detour",
        Reason::RouteListedPlace => "Listed port, lock or airport",
        Reason::RoleForwarderFinal => "A forwarder is the last receiver",
        Reason::RoleBankConsignee => "A bank is the receiver",
        Reason::RoleToOrder => "Consigned to order",
        Reason::RoleMissing => "No shipper or no receiver",
        Reason::RoleDisputed => "Disputed role",
        Reason::PartyPlaceholder => "Placeholder for a name",
        Reason::PartyAddress => "Listed address",
        Reason::PartyOwnership => "Owned by listed parties",
        Reason::ReexportClauseMissing => "Clause against re-export missing",
        Reason::ListStale => "A list is older than it may be",
        Reason::Combination => "Findings that say more together",
        Reason::AttestedRedFlag => "Attested red flag",
    }
}

/// A reason of the wire, in words.
pub(super) fn wire_reason(wanted: v1::finding::Reason) -> &'static str {
    let known = Reason::ALL.iter().find(|known| known.as_str() == wanted.as_str_name());
    known.map_or("Finding", |known| reason(*known))
}

/// A text in parts, with what matched marked, and signs for characters that would act. Of a long text what stands around
/// the first match is shown.
pub(super) fn marked(text: &str, spans: &[v1::Span]) -> Vec<Piece> {
    let is_inside = |at: usize| spans.iter().any(|s| (s.start as usize..s.end as usize).contains(&at));
    let first = spans.first().map_or(0, |span| span.start as usize);
    let last = spans.first().map_or(0, |span| span.end as usize);
    let (from, to) = (first.saturating_sub(AROUND), last.saturating_add(AROUND));
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |text: &str, is_marked: bool| match pieces.last_mut() {
        Some(piece) if piece.is_marked == is_marked => piece.text.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), is_marked }),
    };
    for (at, c) in text.char_indices() {
        if at < from || at >= to {
            if at == 0 || at == to {
                add("\u{2026}", false);
            }
            continue;
        }
        match sign(c) {
            Some(sign) => add(&sign, is_inside(at)),
            None => add(c.encode_utf8(&mut [0; 4]), is_inside(at)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matched_is_marked_and_what_would_act_is_a_sign() {
        let text = "an\u{202e} ACME\n Ltd";
        let start = text.find("ACME").unwrap() as u32;
        let span = v1::Span { start, end: start + 5, text: String::new() };
        let pieces = marked(text, &[span]);
        let shown: Vec<_> = pieces.iter().map(|p| (p.text.as_str(), p.is_marked)).collect();
        assert_eq!(shown, [("an<U+202E> ", false), ("ACME\u{21b5}", true), (" Ltd", false)]);
    }

    #[test]
    fn an_id_stays_one_part_of_an_address() {
        assert_eq!(entry_url("us-x", "../a b?c#d/\"é"), "/console/entries/us-x/..%2Fa%20b%3Fc%23d%2F%22%C3%A9");
    }
}
