//! Which listed names are written in another way, and how.

use super::super::choice::Choice;
use super::super::kind::Kind;
use super::super::manipulate::written;
use super::super::words::Romanised;
use super::setup::Setup;
use engine::screen::Engine;
use model::entry::{Entry, script_of};
use std::collections::BTreeMap;

/// A listed name and another way of writing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    /// Number of the entry in the snapshot.
    pub(super) entry: u32,
    /// Which of its names.
    pub(super) name: u16,
    /// ISO 15924 code of the listed name; empty for a name without letters.
    pub(super) script: &'static str,
    /// What was done to it.
    pub(super) kind: Kind,
    /// What was done to it after that.
    pub(super) then: Option<Kind>,
    /// The name as written.
    pub(super) written: String,
}

/// Draws up to `count` names of every list and script. Each name is written in one way or, every third, in two, one
/// after the other; the ways take turns, and a name comes again only when every name of its list and script has come.
pub(super) fn draw(engine: &Engine, setup: &Setup) -> Vec<Pair> {
    let entries = engine.snapshot().entries();
    let mut groups: BTreeMap<(&str, &'static str), Vec<(usize, usize)>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        for (name, listed) in entry.names.iter().enumerate() {
            groups.entry((entry.list.as_str(), script_of(&listed.text))).or_default().push((at, name));
        }
    }
    let drawing = Drawing { entries, seed: setup.seed, romanised: Romanised::of(entries) };
    let mut pairs = Vec::new();
    for ((list, script), mut names) in groups {
        Choice::new(setup.seed, &format!("agreement {list} {script}")).shuffle(&mut names);
        let all = (0..Kind::ALL.len()).flat_map(|turn| names.iter().enumerate().map(move |(n, name)| (turn, n, *name)));
        let written =
            all.filter_map(|(turn, n, name)| drawing.pair(Kind::ALL[(turn + n) % Kind::ALL.len()], name, script));
        pairs.extend(written.take(setup.count as usize));
    }
    pairs
}

struct Drawing<'a> {
    entries: &'a [Entry],
    seed: u64,
    romanised: Romanised,
}

impl Drawing<'_> {
    /// The name written in this way; `None` where that changes nothing or does not apply.
    fn pair(&self, kind: Kind, (at, name): (usize, usize), script: &'static str) -> Option<Pair> {
        let entry = &self.entries[at];
        let listed = &entry.names[name].text;
        // A stream for each name: what one name takes from it disturbs no other.
        let mut choice = Choice::new(self.seed, &format!("agreement {} {at} {name}", kind.as_str()));
        let once = written(kind, listed, entry, &self.romanised, &mut choice)?;
        let mut pair = Pair { entry: at as u32, name: name as u16, script, kind, then: None, written: once };
        if choice.one_in(1, 3)
            && let Some(&then) = choice.of(&Kind::ALL)
            && let Some(twice) = written(then, &pair.written, entry, &self.romanised, &mut choice)
        {
            (pair.then, pair.written) = (Some(then), twice);
        }
        Some(pair)
    }
}
