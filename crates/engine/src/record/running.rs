//! Names inside running text: role words that open a party.

use super::cell::read_marked;
use super::marks::{Marked, Parted, mended};
use super::words::{Cue, Words};
use super::{Cell, Relation, SegmentKind};
use model::shipment::Role;
use std::borrow::Cow;
use text::Folded;

/// Parties opened in one text, at most.
const MAX_OPENED: usize = 16;
/// Words of one opened party, at most.
const LONGEST: usize = 32;

/// A party that running text names with its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What the text says that the party does.
    pub role: Role,
    /// How the words behind the role were read; spans are of the whole text.
    pub cell: Cell,
}

/// The parties that a text names with their role: `SHIPPER: ...`, `made by ...`, `SHP/...`, `NAD+CN+++...`. At most
/// sixteen.
pub fn parties_in_text(text: &str) -> Vec<Opened> {
    parties_in_folded(text, None)
}

/// The same for a text whose folding as written is known.
pub(crate) fn parties_in_folded(text: &str, folded: Option<&Folded>) -> Vec<Opened> {
    let mended = mended(text);
    let mut opened = edifact(text, &mended);
    let folded = folded.filter(|_| matches!(mended, Cow::Borrowed(_)));
    // Hardly any goods text names a role.
    if folded.is_some_and(|folded| !Words::get().has_role(folded)) {
        return opened;
    }
    let marked = Marked::of(&mended, folded);
    let mut at = 0;
    while at < marked.len() && opened.len() < MAX_OPENED {
        let Some(Opening { role, from, is_sure }) = opens(&marked, at) else {
            at += 1;
            continue;
        };
        let end = end_of_party(&marked, from);
        if from < end {
            let mut cell = read_marked(&marked, from..end, Relation::Party);
            for segment in cell.segments.iter_mut().filter(|segment| segment.kind == SegmentKind::Name) {
                segment.is_sure &= is_sure;
            }
            if cell.names().next().is_some() {
                opened.push(Opened { role, cell: cell.on_characters_of(text) });
            }
        }
        at = end.max(at + 1);
    }
    opened
}

/// A role word, and where its party begins.
#[derive(Clone, Copy)]
struct Opening {
    role: Role,
    /// The first token of the party.
    from: usize,
    /// Whether a mark, a preposition or a line says that a name follows. Otherwise the name counts only where it is a
    /// listed one letter for letter: `consignee MAHAN AIR`, but also `carrier grade`.
    is_sure: bool,
}

/// The role that the words at a token open.
fn opens(m: &Marked<'_>, at: usize) -> Option<Opening> {
    let begins_line = at == 0 || m.toks[at].gap.parted >= Parted::Stroke;
    m.cues(at).find_map(|mark| {
        let Cue::Role(role) = mark.cue else { return None };
        let next = m.toks.get(mark.last + 1)?;
        let between = &m.text[m.toks[mark.last].end as usize..next.start as usize];
        let is_marked = next.gap.has_colon || between.contains(" - ") || between.contains(" – ");
        let is_code = begins_line && next.gap.has_stroke && next.start - m.toks[mark.last].end == 1;
        let is_beside = next.gap.parted == Parted::Not;
        let is_preposition = role == Role::OnBehalfOfConsignee || says_by(m, mark.first, mark.last);
        let is_phrase = is_beside && is_preposition;
        let is_line = begins_line && next.gap.parted == Parted::Line;
        let is_sure = is_marked || is_code || is_phrase || is_line;
        let is_capital = m.text[next.start as usize..].chars().next().is_some_and(|c| !c.is_lowercase());
        (is_sure || (is_beside && is_capital)).then_some(Opening { role, from: mark.last + 1, is_sure })
    })
}

/// Whether a phrase ends in a word behind which a name must stand: `made by`, `on behalf of`, `hergestellt von`.
fn says_by(m: &Marked<'_>, first: usize, last: usize) -> bool {
    let word = m.word(last);
    let is_preposition = matches!(word, "by" | "of" | "to" | "por" | "de" | "von" | "par" | "da" | "di" | "a" | "an");
    is_preposition || (last > first && !m.original(first, last).is_ascii())
}

/// One past the last token of the party that begins at a token: the line, or the lines below a role on its own.
fn end_of_party(m: &Marked<'_>, from: usize) -> usize {
    let own_line = m.toks.get(from).is_some_and(|tok| tok.gap.parted < Parted::Line);
    let mut at = from + 1;
    while at < m.len() && at - from < LONGEST {
        let is_end = m.toks[at].gap.parted == Parted::Line && own_line;
        if is_end || opens(m, at).is_some_and(|opening| opening.is_sure) {
            break;
        }
        at += 1;
    }
    at.min(m.len())
}

/// Parties of UN/EDIFACT name and address segments: `NAD+CN+++NAME+STREET+CITY++IR'`.
/// `mended` is `text` as it is read.
fn edifact(text: &str, mended: &str) -> Vec<Opened> {
    let mut opened = Vec::new();
    for (at, tag) in mended.match_indices("NAD+") {
        if opened.len() >= MAX_OPENED {
            break;
        }
        let body = at + tag.len();
        let segment = &mended[body..];
        let segment = &segment[..segment.find(['\'', '\n']).unwrap_or(segment.len())];
        let mut elements = segment.splitn(3, '+');
        let (Some(code), Some(_), Some(rest)) = (elements.next(), elements.next(), elements.next()) else { continue };
        let Some(&role) = Words::get().qualifiers.get(code) else { continue };
        let offset = (body + segment.len() - rest.len()) as u32;
        let readable = rest.replace('+', ";");
        let mut cell = super::read(&readable);
        for part in &mut cell.segments {
            part.start += offset;
            part.end += offset;
            part.least_end += offset;
            part.core_start += offset;
        }
        opened.push(Opened { role, cell: cell.on_characters_of(text) });
    }
    opened
}
