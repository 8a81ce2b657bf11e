//! Runs of words without a separator or cue in them: names, what goes on with them, and addresses.

use super::super::cut::{self, Shape};
use super::super::marks::Parted;
use super::super::words::Cue;
use super::super::{MAX_NAMES, Relation, Segment, SegmentKind};
use super::{Group, Reader, Run, State};

/// Words of a name that goes on behind a comma or bracket, at most.
const LONGEST_JOINED: usize = 14;
/// Words of a family name, or of given names behind it, at most.
const SHORT_NAME: usize = 2;

impl Reader<'_, '_> {
    /// Judges a run of words.
    pub(super) fn free(&mut self, run: Run) {
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
    pub(super) fn name_behind_address(&mut self) {
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

    pub(super) fn close_group(&mut self) {
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
}
