//! Numbers of parties, with and without their labels, and contacts.

use super::marks::{Marked, Parted};
use super::words::{Cue, Label, Words};
use model::entry::{IdentifierType, Scheme, has_right_check_digits};
use std::ops::Range;

/// Letters and digits that a labelled number has at least.
const LEAST: usize = 5;
/// Digits from which a number without a label may be one that a list has.
const LEAST_ALONE: usize = 8;
/// Labels that stand before numbers together: `INN/KPP a/b`.
const MOST_LABELS: usize = 4;
/// Tokens of one number or contact, at most.
const MOST_TOKENS: usize = 12;

/// Numbers found, each with the bytes of its value, and the token behind all of it. No value: what stands behind the
/// label is too short to mean one party.
pub(super) struct Numbers {
    pub(super) values: Vec<(Label, Range<u32>)>,
    pub(super) next: usize,
}

/// The numbers that begin at a token, labelled or known by their check digits.
pub(super) fn at(m: &Marked<'_>, at: usize) -> Option<Numbers> {
    labelled(m, at).or_else(|| glued(m, at)).or_else(|| alone(m, at))
}

/// `INN 7802170553`, `INN/KPP 7802170553/780201001`, `VAT No: DE 123456789`.
fn labelled(m: &Marked<'_>, at: usize) -> Option<Numbers> {
    let is_label = |cue: Cue| matches!(cue, Cue::Label(_));
    let mut labels = Vec::new();
    let mut next = at;
    while labels.len() < MOST_LABELS
        && next < m.len()
        && let Some(mark) = m.cue(next, is_label)
    {
        if !labels.is_empty() && m.toks[next].gap.parted == Parted::Line {
            break;
        }
        if let Cue::Label(label) = mark.cue {
            labels.push(label);
        }
        next = mark.last + 1;
        // A label may be a phrase of two cues (`INN/KPP`), which then stands for both.
        if m.original(mark.first, mark.last).contains('/') && labels.len() == 1 && mark.last > mark.first {
            let is_inn = labels[0].scheme == Some(Scheme::Inn);
            labels.push(Label { kind: IdentifierType::Other, scheme: is_inn.then_some(Scheme::Kpp) });
        }
    }
    if labels.is_empty() {
        return None;
    }
    let labels_end = next;
    for _ in 0..3 {
        let filler = (next < m.len()).then(|| m.cue(next, |cue| cue == Cue::Filler)).flatten();
        match filler {
            Some(mark) if m.toks[next].gap.parted < Parted::Line && m.toks[next].digits == 0 => next = mark.last + 1,
            _ => break,
        }
    }
    let has_filler = next > labels_end;
    let mut values = Vec::new();
    for label in &labels {
        if next >= m.len() || (!values.is_empty() && m.toks[next].gap.parted == Parted::Line) {
            break;
        }
        let gap = m.toks[next].gap;
        if values.is_empty() && gap.parted == Parted::Line && !gap.has_colon {
            break;
        }
        // "INN 7802170553/780201001" are two numbers as well, though it names one.
        let is_one_of_several = labels.len() > 1 || label.scheme == Some(Scheme::Inn);
        let Some(value) = value(m, next, label.kind, is_one_of_several) else { break };
        next = after_spreadsheet_zero(m, value.end);
        values.push((*label, m.toks[value.start].start..m.toks[value.end - 1].end));
    }
    if !values.is_empty() {
        return Some(Numbers { values, next });
    }
    let is_announced = has_filler || labels_end - at > 1 || labels[0].scheme.is_some();
    is_too_short(m, next, is_announced).then_some(Numbers { values, next: next + 1 })
}

/// Whether one short number stands behind a label and nothing joins it: `CR No. 1234`.
fn is_too_short(m: &Marked<'_>, at: usize, is_announced: bool) -> bool {
    let Some(tok) = m.toks.get(at) else { return false };
    let is_short = tok.letters == 0 && tok.digits > 0 && usize::from(tok.digits) < LEAST;
    let is_behind = tok.gap.has_colon || (is_announced && tok.gap.parted == Parted::Not);
    let is_alone = m.toks.get(at + 1).is_none_or(|next| next.gap.parted > Parted::Not);
    is_short && is_behind && is_alone
}

/// The tokens of a number that begins at `from`.
fn value(m: &Marked<'_>, from: usize, kind: IdentifierType, is_one_of_several: bool) -> Option<Range<usize>> {
    let mut end = if is_one_of_several { from + 1 } else { behind_tight(m, from) };
    let is_code = kind == IdentifierType::Bic && matches!(m.toks[from].letters + m.toks[from].digits, 8 | 11);
    while end < m.len() && end - from < MOST_TOKENS {
        let tok = &m.toks[end];
        let between = &m.text[m.toks[end - 1].end as usize..tok.start as usize];
        let is_joined = matches!(between, "-" | "." | "–" | "" | "_")
            || (between == "/" && !is_one_of_several && tok.digits > 0)
            || between == "- ";
        let goes_on = if is_joined {
            let is_zero = between == "." && matches!(m.word(end), "0" | "00") && digits(m, from..end) >= LEAST;
            (tok.digits > 0 || tok.letters <= 2) && !is_zero
        } else {
            // Groups of digits with blanks between, and a country's letters before the digits.
            let is_group = tok.letters == 0 && tok.gap.parted == Parted::Not && !tok.gap.has_plus;
            let last = &m.toks[end - 1];
            let in_groups = last.letters == 0 && last.digits <= 4 && tok.digits <= 4 && digits(m, from..end) < 16;
            let is_short = digits(m, from..end) < LEAST && end - from <= 2 && m.toks[from].letters <= 4;
            is_group && !between.contains('\n') && (in_groups || is_short)
        };
        if !goes_on {
            break;
        }
        end += 1;
    }
    let all = digits(m, from..end) + m.toks[from..end].iter().map(|t| usize::from(t.letters)).sum::<usize>();
    (is_code || (all >= LEAST && digits(m, from..end) >= 3)).then_some(from..end)
}

/// One past the last token with a digit among those that strokes, hyphens and dots join without a blank, letters with
/// them: `CD/KNG/RCCM/18-B-01272`, `7/KATAKHA(N)007836`.
fn behind_tight(m: &Marked<'_>, from: usize) -> usize {
    let between = |at: usize| &m.text[m.toks[at - 1].end as usize..m.toks[at].start as usize];
    let mut last = from;
    let mut has_letters = false;
    for at in from + 1..m.len().min(from + MOST_TOKENS) {
        let is_bracket = between(at) == "(" && m.toks[at].letters + m.toks[at].digits <= 2;
        let is_behind_bracket = between(at) == ")" && m.toks[at].digits > 0;
        if !matches!(between(at), "/" | "-" | "." | "\\") && !is_bracket && !is_behind_bracket {
            break;
        }
        has_letters |= m.toks[at].letters > 0;
        if m.toks[at].digits > 0 {
            last = at;
        }
    }
    // Digits alone have rules of their own, for the zero of a spreadsheet and two numbers beside each other.
    if has_letters { last + 1 } else { from + 1 }
}

/// The token behind the `.0` that a spreadsheet adds to a number.
fn after_spreadsheet_zero(m: &Marked<'_>, at: usize) -> usize {
    let is_zero = at < m.len()
        && matches!(m.word(at), "0" | "00")
        && &m.text[m.toks[at - 1].end as usize..m.toks[at].start as usize] == ".";
    at + usize::from(is_zero)
}

/// `INN7802170553`: a label and its number in one token.
fn glued(m: &Marked<'_>, at: usize) -> Option<Numbers> {
    let tok = &m.toks[at];
    if tok.letters < 2 || usize::from(tok.digits) < LEAST {
        return None;
    }
    let word = m.word(at);
    let label = &word[..word.find(|c: char| c.is_numeric())?];
    let label_of = *Words::get().labels.get(label)?;
    let token = m.folded.tokens()[at];
    let (start, _) = m.folded.original(token.start as usize + label.len(), token.end as usize);
    Some(Numbers { values: vec![(label_of, start..tok.end)], next: after_spreadsheet_zero(m, at + 1) })
}

/// A number that its check digits make one of a kind, or that is long enough to be looked up.
fn alone(m: &Marked<'_>, at: usize) -> Option<Numbers> {
    let tok = &m.toks[at];
    if usize::from(tok.digits) < LEAST_ALONE || tok.gap.has_plus {
        return None;
    }
    let joins = |at: usize| {
        m.toks.get(at).is_some_and(|next| {
            let between = &m.text[m.toks[at - 1].end as usize..next.start as usize];
            matches!(between, "-" | "–") || next.gap.has_at
        })
    };
    // Groups of digits with hyphens between are a phone number.
    if (at > 0 && joins(at)) || joins(at + 1) {
        return None;
    }
    use IdentifierType as T;
    let word = m.word(at);
    let kind = [T::Inn, T::Ogrn, T::Uscc, T::Lei]
        .into_iter()
        .find(|kind| has_right_check_digits(*kind, word) == Some(true))
        .unwrap_or(T::Other);
    let label = Label { kind, scheme: None };
    Some(Numbers { values: vec![(label, tok.start..tok.end)], next: after_spreadsheet_zero(m, at + 1) })
}

fn digits(m: &Marked<'_>, tokens: Range<usize>) -> usize {
    m.toks[tokens].iter().map(|tok| usize::from(tok.digits)).sum()
}

/// The token behind a contact that begins at a token.
pub(super) fn contact(m: &Marked<'_>, at: usize) -> Option<usize> {
    net(m, at).or_else(|| phone(m, at))
}

/// An address of electronic mail or a web page: tokens with no blank between.
fn net(m: &Marked<'_>, at: usize) -> Option<usize> {
    let label = m.cue(at, |cue| cue == Cue::Net).map(|mark| mark.last + 1);
    let start = match label {
        Some(next) if next < m.len() => next,
        _ => at,
    };
    let mut end = start + 1;
    let mut has_at = false;
    while end < m.len() && end - start < MOST_TOKENS {
        let between = &m.text[m.toks[end - 1].end as usize..m.toks[end].start as usize];
        if between.contains(char::is_whitespace) || between.contains([',', ';', '(', ')']) {
            break;
        }
        has_at |= m.toks[end].gap.has_at;
        end += 1;
    }
    let is_page = matches!(m.word(start), "www" | "http" | "https") && end > start + 1;
    let is_labelled = start > at && m.toks[start].gap.has_colon;
    (has_at || is_page || is_labelled).then_some(end)
}

fn phone(m: &Marked<'_>, at: usize) -> Option<usize> {
    let is_phone = |cue: Cue| cue == Cue::Phone;
    let mut end = at;
    while end < m.len()
        && let Some(mark) = m.cue(end, is_phone)
        && (end == at || m.toks[end].gap.parted < Parted::Line)
    {
        end = mark.last + 1;
    }
    let is_labelled = end > at;
    while is_labelled && end < m.len() && m.toks[end].gap.parted < Parted::Line {
        match m.cue(end, |cue| cue == Cue::Filler) {
            Some(mark) if m.toks[end].digits == 0 => end = mark.last + 1,
            _ => break,
        }
    }
    let first = m.toks.get(end)?;
    let begins = if is_labelled {
        first.is_number() && (first.gap.parted < Parted::Line || first.gap.has_colon)
    } else {
        first.gap.has_plus && first.is_number()
    };
    if !begins {
        return None;
    }
    let start = end;
    while end < m.len() && end - start < MOST_TOKENS {
        let tok = &m.toks[end];
        let goes_on = end == start
            || (tok.is_number()
                && tok.gap.parted != Parted::Line
                && (tok.gap.parted != Parted::Comma || tok.digits >= 5))
            || matches!(m.word(end), "ext" | "доб");
        if !goes_on {
            break;
        }
        end += 1;
    }
    (digits(m, start..end) >= LEAST).then_some(end)
}
