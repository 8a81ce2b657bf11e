//! What a run of words is, and where a name in it ends and an address begins.

use super::marks::{Marked, Parted};
use super::words::Cue;
use model::country::Country;

/// Words that may lie between a number and the word that makes it one of an address.
const REACH: usize = 6;
/// Words of the name of a street, at most, before `street`.
const STREET_NAME: usize = 3;

/// What speaks for a run of words being what.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// An address or part of one.
    pub(super) is_address: bool,
    /// Nothing but places, numbers and words of addresses.
    pub(super) is_place: bool,
    /// The name of an organisation.
    pub(super) is_organisation: bool,
    /// Nothing but words that thousands of organisations carry.
    pub(super) is_generic: bool,
    /// Ends in a legal form.
    pub(super) ends_in_form: bool,
    /// Nothing but a legal form.
    pub(super) is_form: bool,
    /// Says that it is a branch, office or department.
    pub(super) is_branch: bool,
}

/// Where the name at the start of a run ends. Tokens; ends are exclusive.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameCut {
    /// Behind a legal form at the start.
    pub(super) core: usize,
    /// The longest reading.
    pub(super) end: usize,
    /// The shortest.
    pub(super) least: usize,
    /// A shorter reading that is as good as the longest.
    pub(super) other: Option<usize>,
    /// Where the address begins.
    pub(super) address: Option<usize>,
}

/// What tokens `first..=last` are.
pub(super) fn shape(m: &Marked<'_>, first: usize, last: usize) -> Shape {
    let mut shape = Shape::default();
    let (mut streets, mut numbers, mut units, mut areas, mut places, mut organisations) = (0, 0, 0, 0, 0, 0);
    let mut covered_to = first;
    let mut uncovered = 0;
    for at in first..=last {
        let tok = &m.toks[at];
        numbers += usize::from(tok.digits > 0);
        let mut reach = if tok.digits > 0 || is_country_code(m, at, first, last) { at + 1 } else { at };
        for mark in m.cues(at).filter(|mark| mark.last <= last) {
            match mark.cue {
                Cue::Street | Cue::StreetBehind => streets += 1,
                Cue::Box => units += usize::from(m.toks.get(mark.last + 1).is_some_and(|t| t.digits > 0)),
                Cue::Unit => units += usize::from(has_number_beside(m, mark.first, mark.last, first, last)),
                Cue::Area => {
                    areas += 1;
                    // "industrial zone" says more than "city".
                    streets += usize::from(mark.last > mark.first && m.word(at).len() > 3);
                }
                Cue::City | Cue::Country(_) => places += 1,
                Cue::Organisation => organisations += usize::from(at >= covered_to),
                Cue::Branch => shape.is_branch = true,
                _ => continue,
            }
            if !matches!(mark.cue, Cue::Organisation | Cue::Branch) {
                reach = reach.max(mark.last + 1);
            }
        }
        covered_to = covered_to.max(reach);
        uncovered += usize::from(at >= covered_to);
    }
    let form = m.forms.iter().find(|form| form.0 >= first && form.1 == last + 1);
    shape.is_form = form.is_some_and(|form| form.0 == first);
    shape.ends_in_form = form.is_some_and(|form| form.0 > first && is_firm_form(m, form.0, form.1));
    let begins_with_form = m.form_at(first).is_some_and(|end| end <= last && is_firm_form(m, first, end));
    shape.is_place = uncovered == 0 && (places + numbers + areas + units > 0 || covered_to > first);
    let begins_with_number = m.toks[first].digits > 0 && last > first;
    let has_evidence = streets > 0 || units > 0 || (numbers > 0 && areas + places > 0) || begins_with_number;
    let is_named = shape.ends_in_form || begins_with_form;
    let is_only_number = first == last && m.toks[first].is_number() && m.toks[first].digits >= 3;
    shape.is_organisation = is_named || (organisations > 0 && !has_evidence && !shape.is_place);
    shape.is_generic = is_generic(m, first, last);
    shape.is_address = !is_named
        && (shape.is_place || is_only_number || (has_evidence && (organisations == 0 || numbers > 0 || streets > 0)));
    shape
}

/// Whether a run holds nothing but words that thousands of organisations carry, and legal forms.
fn is_generic(m: &Marked<'_>, first: usize, last: usize) -> bool {
    let mut at = first;
    while at <= last {
        if let Some(end) = m.form_at(at) {
            at = end;
        } else if let Some(mark) = m.cue(at, |cue| cue == Cue::Organisation) {
            at = mark.last + 1;
        } else if matches!(m.word(at), "and" | "of" | "for" | "the" | "y" | "e" | "und" | "et" | "ve") {
            at += 1;
        } else {
            return false;
        }
    }
    true
}

/// Two capital letters that are the code of a country, at the end of a run.
fn is_country_code(m: &Marked<'_>, at: usize, first: usize, last: usize) -> bool {
    at == last && (at > first || m.toks[at].gap.parted > Parted::Not) && code_at(m, at).is_some()
}

/// The country whose code stands in capitals at a token.
pub(super) fn code_at(m: &Marked<'_>, at: usize) -> Option<Country> {
    let code = m.original(at, at);
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())).then(|| Country::from_code(code)).flatten()
}

/// A legal form that is not just two letters, which may stand for anything.
fn is_firm_form(m: &Marked<'_>, from: usize, end: usize) -> bool {
    end - from > 1 || m.word(from).chars().count() > 2
}

fn has_number_beside(m: &Marked<'_>, from: usize, to: usize, first: usize, last: usize) -> bool {
    let is_number = |at: usize| {
        let tok = &m.toks[at];
        tok.digits > 0 || (tok.letters == 1 && m.word(at).is_ascii())
    };
    (to < last && is_number(to + 1)) || (from > first && m.toks[from - 1].digits > 0)
}

/// Whether the first run of a text is an address, or becomes one behind at most so many words, which may name its street:
/// `Azadi Avenue`, `12 High Street`, `SY`. A legal form in the run makes a company of it.
pub(super) fn address_follows(m: &Marked<'_>, words: usize) -> bool {
    let is_parted = |at: usize| m.toks[at].gap.parted > Parted::Not;
    let end = (1..m.len()).find(|&at| is_parted(at)).unwrap_or(m.len());
    if (0..end).any(|at| m.form_at(at).is_some_and(|behind| is_firm_form(m, at, behind))) {
        return false;
    }
    for at in 0..end.min(words + 1) {
        let begins = match at {
            0 => m.toks[0].digits > 0 || begins_with_place(m, 0) || (end == 1 && code_at(m, 0).is_some()),
            // One word more may be a part of the name: only a street makes it one of an address.
            1 if words == 1 => m.cue(at, |cue| matches!(cue, Cue::Street | Cue::StreetBehind)).is_some(),
            _ => begins_with_place(m, at) || m.cue(at, |cue| cue == Cue::StreetBehind).is_some(),
        };
        if begins {
            return true;
        }
        if m.cue(at, |cue| matches!(cue, Cue::Organisation | Cue::Branch)).is_some() {
            return false;
        }
    }
    false
}

/// Whether a place or a word of addresses stands at a token.
pub(super) fn begins_with_place(m: &Marked<'_>, at: usize) -> bool {
    m.cue(at, |cue| cue.is_place() || (is_of_address(cue) && cue != Cue::StreetBehind)).is_some()
}

/// Where the name at the start of tokens `first..=last` ends.
pub(super) fn name(m: &Marked<'_>, first: usize, last: usize) -> NameCut {
    let core = m.form_at(first).filter(|&end| end <= last).unwrap_or(first);
    let mut cut = NameCut { core, end: last + 1, least: last + 1, other: None, address: None };
    let mut at = core + 1;
    while at <= last {
        if let Some(mut end) = m.form_at(at).filter(|&end| end <= last + 1) {
            while let Some(next) = m.form_at(end).filter(|&next| next <= last + 1) {
                end = next;
            }
            if ends_name(m, &mut cut, at, end, last) {
                return cut;
            }
            at = end;
            continue;
        }
        if let Some(begin) = begins_address(m, core, at, last) {
            // What stands before the number may belong to it: "Tariq Block 437".
            let soft =
                begin.saturating_sub(STREET_NAME).max(core + 2).max(behind_organisation(m, core, begin)).min(begin);
            cut.least = cut.least.min(soft);
            cut.end = begin;
            cut.address = Some(begin);
            return cut;
        }
        if m.cue(at, |cue| cue == Cue::StreetBehind).is_some() && at >= core + 2 && is_street(m, at, last) {
            let least = at.saturating_sub(STREET_NAME).max(core + 1).max(behind_organisation(m, core, at - 1));
            cut.end = (at - 1).max(least);
            cut.least = cut.least.min(least);
            cut.address = Some(cut.end);
            return cut;
        }
        if let Some(places) = m.cue(at, Cue::is_place).and_then(|_| chain_of_places(m, at, last))
            && !is_joined_by_preposition(m, at)
        {
            cut.least = cut.least.min(at);
            if places >= 2 {
                (cut.end, cut.address) = (at, Some(at));
                return cut;
            }
            cut.other = cut.other.or(Some(at));
        }
        let is_branch = m.cue(at, |cue| cue == Cue::Branch).is_some();
        if is_branch || m.toks[at].digits > 0 {
            cut.least = cut.least.min(if is_branch { behind_places(m, core, at) } else { at });
            if is_branch {
                cut.other = cut.other.or(Some(at));
            }
        }
        at += 1;
    }
    // "HAILIN LIN WI": two capitals at the end are the code of a state or country.
    let ends_in_code = last >= core + 2 && m.original(last, last).bytes().all(|b| b.is_ascii_uppercase());
    if ends_in_code && m.toks[last].letters == 2 && m.toks[last].digits == 0 {
        cut.least = cut.least.min(last);
    }
    cut
}

/// Before the places that stand directly before a token: `X DUBAI BRANCH`.
fn behind_places(m: &Marked<'_>, core: usize, at: usize) -> usize {
    let begin = (core + 1..at).find(|&from| m.cue(from, Cue::is_place).is_some_and(|mark| mark.last + 1 == at));
    begin.unwrap_or(at)
}

/// Notes a legal form, tokens `from..end`, behind a name. Whether the name ends with it for certain.
fn ends_name(m: &Marked<'_>, cut: &mut NameCut, from: usize, end: usize, last: usize) -> bool {
    if end > last {
        cut.least = cut.least.min(from);
        return true;
    }
    let goes_on = matches!(m.word(end), "of" | "for" | "and" | "de" | "di" | "und" | "et" | "и" | "у" | "y");
    if goes_on {
        return false;
    }
    let is_near = |at: usize| {
        m.toks[at].digits > 0 || m.cue(at, |cue| is_of_address(cue) && cue != Cue::Unit || cue.is_place()).is_some()
    };
    if (end..=last.min(end + REACH)).any(is_near) {
        cut.least = cut.least.min(from);
        cut.end = end;
        cut.address = Some(end);
        return true;
    }
    if is_firm_form(m, from, end) {
        cut.least = cut.least.min(from);
        cut.other = cut.other.or(Some(end));
    }
    false
}

fn is_of_address(cue: Cue) -> bool {
    matches!(cue, Cue::Street | Cue::StreetBehind | Cue::Unit | Cue::Area | Cue::Box)
}

/// Where an address that `at` belongs to begins, if `at` is a number, a post box, or a word that begins one.
fn begins_address(m: &Marked<'_>, core: usize, at: usize, last: usize) -> Option<usize> {
    let reach = last.min(at + REACH);
    let has_form_behind =
        || m.forms.iter().any(|form| form.0 > at && form.1 <= last + 1 && is_firm_form(m, form.0, form.1));
    let names_address = |at: usize| m.cue(at, |cue| is_of_address(cue) || cue.is_place()).is_some();
    if let Some(mark) = m.cue(at, |cue| matches!(cue, Cue::Box | Cue::AddressPrefix | Cue::Street | Cue::Unit)) {
        let has_number = (mark.last + 1..=last.min(mark.last + 4)).any(|t| m.toks[t].digits > 0);
        let is_next = mark.last < last && m.toks[mark.last + 1].digits > 0;
        let is_long = m.word(at).chars().count() >= 4;
        let begins = match mark.cue {
            Cue::Box | Cue::Unit => is_next,
            Cue::AddressPrefix => mark.last < last,
            _ => mark.last < last && (has_number || is_long),
        };
        if begins && !has_form_behind() {
            return Some(at);
        }
    }
    if m.toks[at].digits == 0 || has_form_behind() {
        return None;
    }
    let is_unit_before = at > core + 1 && m.cue(at - 1, |cue| cue == Cue::Unit).is_some();
    let is_place_before = at > core + 1 && m.cue(at - 1, Cue::is_place).is_some();
    let mut begin = at;
    if is_unit_before {
        begin -= 1;
    }
    ((at + 1..=reach).any(names_address) || is_unit_before || is_place_before).then_some(begin)
}

/// Whether the word for a street at a token names one: no word of an organisation stands behind it.
fn is_street(m: &Marked<'_>, at: usize, last: usize) -> bool {
    let is_named = |at: usize| m.cue(at, |cue| cue == Cue::Organisation).is_some() || m.form_at(at).is_some();
    !(at + 1..=last.min(at + 3)).any(is_named)
}

/// The token behind the last word of an organisation among `from..to`.
fn behind_organisation(m: &Marked<'_>, from: usize, to: usize) -> usize {
    (from..to).rev().find(|&at| m.cue(at, |cue| cue == Cue::Organisation).is_some()).map_or(0, |at| at + 1)
}

/// How many places and numbers follow one another from a token to the end of the run; none when something else does.
fn chain_of_places(m: &Marked<'_>, from: usize, last: usize) -> Option<usize> {
    let mut at = from;
    let mut count = 0;
    while at <= last {
        if let Some(mark) = m.cue(at, |cue| cue.is_place() || matches!(cue, Cue::Area | Cue::Box)) {
            count += usize::from(mark.cue.is_place());
            at = mark.last + 1;
        } else if m.toks[at].digits > 0 {
            count += 1;
            at += 1;
        } else {
            return None;
        }
    }
    Some(count)
}

fn is_joined_by_preposition(m: &Marked<'_>, at: usize) -> bool {
    at > 0 && matches!(m.word(at - 1), "of" | "de" | "di" | "du" | "del" | "da" | "do" | "and" | "the" | "la")
}
