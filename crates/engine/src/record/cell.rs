//! The grammar: pieces of a cell, one after the other, become segments.

mod runs;

use super::cut;
use super::marks::{Marked, Parted, mended};
use super::words::Cue;
use super::{Cell, MAX_SEGMENTS, Relation, Segment, SegmentKind, numbers};
use model::country::Country;
use std::borrow::Cow;
use std::ops::Range;
use text::Folded;

/// Reads a cell as documents carry it; the spans are of `cell` itself. An empty cell has no segments.
pub fn read(cell: &str) -> Cell {
    read_folded(cell, None)
}

/// The same for a cell whose folding as written is known.
pub(crate) fn read_folded(cell: &str, folded: Option<&Folded>) -> Cell {
    let mended = mended(cell);
    let marked = Marked::of(&mended, folded.filter(|_| matches!(mended, Cow::Borrowed(_))));
    read_marked(&marked, 0..marked.len(), Relation::Party).on_characters_of(cell)
}

/// Reads the tokens of a marked text as a cell.
pub(super) fn read_marked(marked: &Marked<'_>, tokens: Range<usize>, relation: Relation) -> Cell {
    let mut reader = Reader {
        m: marked,
        until: tokens.end,
        out: Vec::new(),
        pending: relation,
        state: State::default(),
        group: None,
        country: None,
        too_short: Vec::new(),
        numbered: None,
        last_runs: [None; 3],
        names: 0,
        is_cut: false,
    };
    reader.run(tokens.start);
    reader.finish()
}

/// What has been read of the party at hand.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    has_name: bool,
    in_address: bool,
    /// The cell says that an address comes next.
    expects_address: bool,
    /// A cue says that a name comes next.
    expects_name: bool,
    /// The relation of the last name.
    relation: Relation,
}

/// A name that may go on behind a comma.
#[derive(Clone, Copy, Debug)]
struct Group {
    first: usize,
    core: usize,
    least: usize,
    end: usize,
    pieces: usize,
    is_closed: bool,
    relation: Relation,
}

/// A run of words without a separator or cue in it.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: usize,
    last: usize,
    parted: Parted,
    in_brackets: bool,
    is_numbered: bool,
}

struct Reader<'m, 't> {
    m: &'m Marked<'t>,
    until: usize,
    out: Vec<Segment>,
    pending: Relation,
    state: State,
    group: Option<Group>,
    /// The country that an address named last.
    country: Option<Country>,
    too_short: Vec<Range<u32>>,
    /// The number of the last numbered party.
    numbered: Option<u32>,
    /// The last three runs, the latest last.
    last_runs: [Option<Run>; 3],
    names: usize,
    is_cut: bool,
}

impl Reader<'_, '_> {
    fn run(&mut self, from: usize) {
        let mut at = from;
        let mut is_numbered = false;
        let mut depth = 0i32;
        while at < self.until {
            if self.out.len() >= MAX_SEGMENTS {
                self.is_cut = true;
                self.push(SegmentKind::Note, at, self.until);
                return;
            }
            let gap = self.m.toks[at].gap;
            depth = (depth - i32::from(gap.closes)).max(0) + i32::from(gap.opens);
            if self.is_numbering(at, from) || self.is_next_number(at) {
                is_numbered = true;
                self.numbered = self.m.word(at).parse().ok();
                at += 1;
                continue;
            }
            if let Some(next) = self.special(at, from) {
                at = next.min(self.until).max(at + 1);
                continue;
            }
            let end = self.end_of_run(at);
            let parted = if at == from { Parted::Line } else { gap.parted };
            let run = Run { first: at, last: end - 1, parted, in_brackets: depth > 0, is_numbered };
            self.free(run);
            is_numbered = false;
            at = end;
        }
    }

    /// `1.`, `2)` at the start of a line.
    fn is_numbering(&self, at: usize, from: usize) -> bool {
        let tok = &self.m.toks[at];
        let begins = at == from || tok.gap.parted == Parted::Line;
        let is_short = tok.letters == 0 && tok.digits <= 2;
        begins
            && is_short
            && self.m.toks.get(at + 1).is_some_and(|next| (next.gap.has_dot || next.gap.closes) && !next.gap.is_empty)
    }

    /// `2)` behind a party that is numbered `1)`, in the same line.
    fn is_next_number(&self, at: usize) -> bool {
        let is_next = |before: u32| self.m.word(at).parse() == Ok(before + 1);
        self.numbered.is_some_and(is_next) && self.m.toks.get(at + 1).is_some_and(|next| next.gap.closes)
    }

    /// Numbers, contacts, relations, notes and prefixes at a token; the token behind them.
    fn special(&mut self, at: usize, from: usize) -> Option<usize> {
        let m = self.m;
        if let Some(numbers) = numbers::at(m, at).filter(|found| found.next <= self.until) {
            self.close_group();
            if numbers.values.is_empty() {
                self.too_short.push(m.toks[at].start..m.toks[numbers.next - 1].end);
                self.push(SegmentKind::Note, at, numbers.next);
            }
            for (label, value) in numbers.values {
                self.push_bytes(SegmentKind::Identifier(label.kind), value);
                self.out.last_mut().expect("pushed just now").scheme = label.scheme;
            }
            return Some(numbers.next);
        }
        if let Some(next) = numbers::contact(m, at).filter(|next| *next <= self.until) {
            self.close_group();
            self.push(SegmentKind::Contact, at, next);
            return Some(next);
        }
        let begins = at == from || m.toks[at].gap.parted > Parted::Not || self.state.expects_name;
        let has_colon = |last: usize| m.toks.get(last + 1).is_some_and(|tok| tok.gap.has_colon);
        let mark = *m.cues(at).find(|mark| {
            mark.last < self.until
                && match mark.cue {
                    Cue::Relation(_) => mark.last + 1 < self.until || self.state.has_name,
                    Cue::Note => true,
                    Cue::Role(_) => begins && has_colon(mark.last),
                    Cue::Prefix => begins && mark.last + 1 < self.until,
                    Cue::AddressPrefix => has_colon(mark.last) || (begins && mark.last > mark.first),
                    _ => false,
                }
        })?;
        self.close_group();
        match mark.cue {
            Cue::Relation(relation) => self.open(relation, mark.first, mark.last),
            Cue::Role(_) => {
                self.open(if self.state.has_name { Relation::And } else { self.pending }, mark.first, mark.last)
            }
            Cue::AddressPrefix => {
                self.push(SegmentKind::Note, mark.first, mark.last + 1);
                self.state.expects_address = true;
            }
            Cue::Prefix => {
                self.push(SegmentKind::Note, mark.first, mark.last + 1);
                self.state.expects_name = true;
            }
            _ => self.push(SegmentKind::Note, mark.first, mark.last + 1),
        }
        Some(mark.last + 1)
    }

    fn open(&mut self, relation: Relation, first: usize, last: usize) {
        self.pending = relation;
        self.state = State { expects_name: true, relation, ..State::default() };
        self.push(SegmentKind::Relation, first, last + 1);
    }

    /// One past the last token of the run that begins at a token.
    fn end_of_run(&self, from: usize) -> usize {
        let m = self.m;
        let mut at = from + 1;
        while at < self.until {
            let gap = m.toks[at].gap;
            let is_inside_form = || m.forms.iter().any(|form| form.0 < at && at < form.1);
            let parts = gap.parted > Parted::Not && !is_inside_form() && !self.is_mere_stroke(at);
            if parts || self.begins_special(at) {
                break;
            }
            at += 1;
        }
        at
    }

    /// A stroke inside a word or number: `S/A`, `12/3`, `import/export`.
    fn is_mere_stroke(&self, at: usize) -> bool {
        let m = self.m;
        let (before, after) = (&m.toks[at - 1], &m.toks[at]);
        if after.gap.parted != Parted::Stroke || !after.gap.has_stroke {
            return false;
        }
        let is_tight = after.start - before.end == 1;
        let is_trade_word = |at: usize| m.cue(at, |cue| cue == Cue::Organisation).is_some();
        let is_short = |at: usize| m.toks[at].letters + m.toks[at].digits <= 2;
        let has_digits = before.digits > 0 || after.digits > 0;
        is_tight && (has_digits || is_short(at) || is_short(at - 1) || (is_trade_word(at) && is_trade_word(at - 1)))
    }

    fn begins_special(&self, at: usize) -> bool {
        let m = self.m;
        let has_colon = |last: usize| m.toks.get(last + 1).is_some_and(|tok| tok.gap.has_colon);
        m.cues(at).any(|mark| match mark.cue {
            Cue::Relation(_) => mark.last < self.until,
            Cue::Note => true,
            Cue::AddressPrefix => has_colon(mark.last) || mark.last > mark.first,
            _ => false,
        }) || self.is_next_number(at)
            || numbers::at(m, at).is_some()
            || numbers::contact(m, at).is_some()
    }

    fn address(&mut self, first: usize, end: usize) {
        let named = (first..end).rev().find_map(|at| match self.m.cue(at, |cue| matches!(cue, Cue::Country(_)))?.cue {
            Cue::Country(country) => Some(country),
            _ => None,
        });
        // Two letters are a code where they stand alone: "Dubai, AE".
        let is_alone = self.m.toks[end - 1].gap.parted > Parted::Not;
        let coded = cut::code_at(self.m, end - 1).filter(|_| is_alone);
        self.country = named.or(coded).or(self.country);
        let (start, stop) = (self.m.toks[first].start, self.m.toks[end - 1].end);
        match self.out.last_mut() {
            Some(last) if last.kind == SegmentKind::Address && last.end <= start => {
                last.end = stop;
                last.least_end = stop;
            }
            _ => self.push(SegmentKind::Address, first, end),
        }
    }

    fn push(&mut self, kind: SegmentKind, first: usize, end: usize) {
        if first >= end {
            return;
        }
        self.push_bytes(kind, self.m.toks[first].start..self.m.toks[end - 1].end);
    }

    fn push_bytes(&mut self, kind: SegmentKind, bytes: Range<u32>) {
        let Range { start, end } = bytes;
        let relation = self.state.relation;
        self.out.push(Segment {
            kind,
            start,
            end,
            least_end: end,
            core_start: start,
            relation,
            is_sure: true,
            scheme: None,
        });
    }

    fn finish(mut self) -> Cell {
        self.name_behind_address();
        self.close_group();
        self.out.sort_by_key(|s| (s.start, std::cmp::Reverse(s.end), s.kind));
        self.out.dedup_by(|a, b| {
            a.kind == b.kind && a.start == b.start && a.end == b.end && {
                b.is_sure |= a.is_sure;
                b.least_end = b.least_end.min(a.least_end);
                true
            }
        });
        Cell { segments: self.out, country: self.country, too_short: self.too_short, is_cut: self.is_cut }
    }
}
