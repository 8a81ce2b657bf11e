//! The grammar: pieces of a cell, one after the other, become segments.

use super::cut::{self, Shape};
use super::marks::{Marked, Parted, mended};
use super::words::Cue;
use super::{Cell, MAX_NAMES, MAX_SEGMENTS, Relation, Segment, SegmentKind, numbers};
use model::country::Country;
use std::ops::Range;

/// Words of a name that goes on behind a comma or bracket, at most.
const LONGEST_JOINED: usize = 14;
/// Words of a family name, or of given names behind it, at most.
const SHORT_NAME: usize = 2;

/// Reads a cell as documents carry it; the spans are of `cell` itself. An empty cell has no segments.
pub fn read(cell: &str) -> Cell {
    let mended = mended(cell);
    let marked = Marked::of(&mended);
    read_marked(&marked, 0..marked.len(), Relation::Party)
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

    /// Judges a run of words.
    fn free(&mut self, run: Run) {
        let shape = cut::shape(self.m, run.first, run.last);
        self.last_runs = [self.last_runs[1], self.last_runs[2], Some(run)];
        if run.is_numbered {
            self.close_group();
            self.state = State { expects_name: true, ..State::default() };
        }
        if self.state.expects_address && !shape.is_organisation {
            self.state.in_address = true;
            self.address(run.first, run.last + 1);
            return;
        }
        if !self.state.has_name {
            self.first_name(run, shape);
        } else if run.parted == Parted::Not {
            self.goes_on(run, shape);
        } else {
            self.next_piece(run, shape);
        }
    }

    /// The first run of a party, or the one that a cue announces.
    fn first_name(&mut self, run: Run, shape: Shape) {
        let is_announced = std::mem::take(&mut self.state.expects_name);
        let relation = self.pending;
        if shape.is_address
            && !shape.is_organisation
            && (shape.is_place || self.m.toks[run.first].digits > 0)
            && !is_announced
        {
            self.address(run.first, run.last + 1);
            self.name_segment(run.first, run.first, run.last + 1, run.last + 1, relation, false);
            return;
        }
        self.state.has_name = true;
        self.state.in_address = false;
        self.state.relation = relation;
        self.name_of_run(run, relation, true);
    }

    /// What stands behind a number or contact in the same line.
    fn goes_on(&mut self, run: Run, shape: Shape) {
        if shape.is_address || self.state.in_address {
            self.state.in_address = true;
            self.address(run.first, run.last + 1);
        } else if shape.is_organisation {
            self.name_of_run(run, Relation::And, true);
        } else {
            self.join(run, false);
            self.push(SegmentKind::Note, run.first, run.last + 1);
        }
    }

    /// A run behind a separator, when the party has its name already.
    fn next_piece(&mut self, run: Run, shape: Shape) {
        self.maybe_given_name(run);
        let relation = if run.in_brackets { Relation::KnownAs } else { Relation::And };
        let is_firmly_parted = run.parted == Parted::Line || run.is_numbered;
        if shape.is_form && !self.state.in_address {
            self.join(run, true);
            self.push(SegmentKind::Note, run.first, run.last + 1);
        } else if shape.is_address && !shape.is_organisation && (shape.is_place || !shape.is_branch) {
            let address = self.address_behind_name(run, shape);
            if !run.in_brackets {
                self.state.in_address = true;
                self.close_group();
            } else {
                self.join(run, false);
            }
            self.address(address, run.last + 1);
        } else if shape.is_branch && !shape.ends_in_form {
            self.join(run, false);
            self.push(SegmentKind::Note, run.first, run.last + 1);
        } else if shape.is_organisation {
            if !self.state.in_address {
                self.join(run, false);
            }
            self.state.in_address = false;
            self.name_of_run(run, relation, !shape.is_generic);
        } else if self.state.in_address {
            let is_stroke = run.parted == Parted::Stroke && !run.in_brackets;
            if is_firmly_parted || is_stroke {
                self.name_segment(run.first, run.first, run.last + 1, run.last + 1, relation, false);
            }
            self.address(run.first, run.last + 1);
        } else {
            self.join(run, false);
            let is_other_party = run.parted == Parted::Stroke && !run.in_brackets;
            self.name_of_run(run, relation, is_other_party);
        }
    }

    /// A short piece behind the comma of a short name may be a given name, whatever else it means: `MARTIC, Milan`.
    fn maybe_given_name(&mut self, run: Run) {
        let Some(group) = self.group.filter(|group| group.pieces == 1 && !group.is_closed) else { return };
        let is_short = run.last < run.first + SHORT_NAME && group.end <= group.first + SHORT_NAME;
        let says_other =
            |cue: Cue| matches!(cue, Cue::Street | Cue::StreetBehind | Cue::Area | Cue::Box | Cue::Organisation);
        let is_word = |at: usize| {
            let is_other = self.m.cue(at, says_other).is_some() || self.m.form_at(at).is_some();
            self.m.toks[at].digits == 0 && !is_other
        };
        if run.parted == Parted::Comma && is_short && (group.first..=run.last).all(is_word) {
            let end = run.last + 1;
            self.name_segment(group.first, group.core, end, end, group.relation, false);
        }
    }

    /// Where the address in a run begins: behind the rest of a name, as in `SMITH, John 12 High Street`.
    fn address_behind_name(&mut self, run: Run, shape: Shape) -> usize {
        let is_open = self.group.is_some_and(|group| !group.is_closed) && run.parted == Parted::Comma;
        let begins_as_address = self.m.toks[run.first].digits > 0 || cut::begins_with_place(self.m, run.first);
        if !is_open || shape.is_place || begins_as_address {
            return run.first;
        }
        let Some(address) = cut::name(self.m, run.first, run.last).address.filter(|&at| at > run.first) else {
            return run.first;
        };
        self.join(Run { last: address - 1, ..run }, false);
        address
    }

    /// Emits the name at the start of a run, and the address behind it.
    fn name_of_run(&mut self, run: Run, relation: Relation, is_sure: bool) {
        let found = cut::name(self.m, run.first, run.last);
        let core = found.core.min(found.end - 1);
        if let Some(other) = found.other.filter(|&other| other > core && other < found.end) {
            self.name_segment(run.first, core, found.least.min(other), other, relation, is_sure);
        }
        self.name_segment(run.first, core, found.least, found.end, relation, is_sure);
        if self.group.is_none() && found.address.is_none() {
            let has_form = self.m.forms.iter().any(|form| form.0 > run.first && form.1 == found.end);
            self.group = Some(Group {
                first: run.first,
                core,
                least: found.least,
                end: found.end,
                pieces: 1,
                is_closed: has_form,
                relation,
            });
        }
        if let Some(address) = found.address.filter(|&address| address <= run.last) {
            self.close_group();
            self.state.in_address = true;
            self.address(address, run.last + 1);
        }
    }

    /// What ends the cell behind the country or code that an address ends in may be the name (`12 High Street, Leeds, UK,
    /// JONES, Mary`): in doubt, since it may be a place that no table has.
    fn name_behind_address(&mut self) {
        let [first, second, Some(last)] = self.last_runs else { return };
        let shape = |run: Run| cut::shape(self.m, run.first, run.last);
        let ends_address = |run: Option<Run>| run.is_some_and(|run| shape(run).is_place);
        let may_be = |run: Run| {
            let has_digits = (run.first..=run.last).any(|at| self.m.toks[at].digits > 0);
            run.parted == Parted::Comma && !has_digits && !shape(run).is_address
        };
        if last.last + 1 != self.until || !may_be(last) {
            return;
        }
        let is_short = |run: &Run| run.last < run.first + SHORT_NAME;
        let begins = if ends_address(second) {
            Some(last)
        } else {
            second.filter(|run| is_short(run) && may_be(*run) && ends_address(first))
        };
        if let Some(begins) = begins {
            let (end, relation) = (last.last + 1, self.state.relation);
            self.name_segment(begins.first, begins.first, end, end, relation, false);
        }
    }

    /// The run may be the rest of the name before it.
    fn join(&mut self, run: Run, is_form: bool) {
        if let Some(group) = &mut self.group {
            let is_short = run.last + 1 - group.first <= LONGEST_JOINED;
            if is_short && (is_form || !group.is_closed || run.in_brackets) {
                group.end = run.last + 1;
                group.pieces += 1;
            }
        }
    }

    fn close_group(&mut self) {
        if let Some(group) = self.group.take().filter(|group| group.pieces > 1) {
            self.name_segment(group.first, group.core, group.least, group.end, group.relation, true);
        }
    }

    fn name_segment(&mut self, first: usize, core: usize, least: usize, end: usize, relation: Relation, is_sure: bool) {
        if self.names >= MAX_NAMES {
            self.is_cut = true;
            return;
        }
        self.names += 1;
        let toks = &self.m.toks;
        self.out.push(Segment {
            kind: SegmentKind::Name,
            start: toks[first].start,
            end: toks[end - 1].end,
            least_end: toks[least.clamp(core + 1, end) - 1].end,
            core_start: toks[core].start,
            relation,
            is_sure,
            scheme: None,
        });
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
