//! The work on one shipment.

use crate::fact::Found;
use crate::matcher::Hit;
use crate::place::Place;
use crate::record::Relation;
use crate::rule::Prepared;
use crate::screen::corroborate::Given;
use crate::screen::engine::Engine;
use jiff::civil::Date;
use model::finding::Reason;
use model::ids::EntryId;
use model::shipment::{Problem, Role, Shipment};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Spans given for one finding, at most.
pub(super) const MAX_SPANS: usize = 16;
/// Findings of names, numbers and brands of one shipment, at most: the strongest. Beyond, no person reads them, and each
/// would be weighed against all others.
pub(super) const MAX_FINDINGS: usize = 2000;

/// Judges one shipment: first field by field, then as a whole.
pub(in crate::screen) struct Judge<'a> {
    pub(super) engine: &'a Engine,
    pub(super) shipment: &'a Shipment,
    /// The caller's day, for what the record gives none for.
    pub(super) today: Option<Date>,
    /// What the rules read, gathered on the way.
    pub(super) prepared: &'a mut Prepared,
    pub(super) found: Vec<Found>,
    /// Limits that were reached.
    pub(super) truncated: Vec<String>,
    /// Numbers that are wrong or too short to be compared.
    pub(super) problems: Vec<Problem>,
    /// The hits of the field that is judged.
    pub(super) hits: Vec<PlacedHit>,
    /// What the record says about the party that was compared last, with the number of that party.
    pub(super) given: Option<(usize, Given<'a>)>,
    /// The entries found by number, with their place.
    pub(super) numbered: BTreeSet<(Place, EntryId)>,
    /// Findings that were left out because others are stronger.
    left_out: usize,
}

/// What became of a shipment.
pub(in crate::screen) struct Judged {
    /// In the order in which it was found.
    pub(in crate::screen) found: Vec<Found>,
    /// Numbers that are wrong or too short to be compared.
    pub(in crate::screen) problems: Vec<Problem>,
    /// Limits that were reached.
    pub(in crate::screen) truncated: Vec<String>,
    /// The rules that are on, and why those that could not run could not.
    pub(in crate::screen) ran: Vec<(Reason, Option<&'static str>)>,
}

impl<'a> Judge<'a> {
    pub(in crate::screen) fn new(
        engine: &'a Engine,
        shipment: &'a Shipment,
        today: Option<Date>,
        prepared: &'a mut Prepared,
    ) -> Self {
        prepared.start(shipment);
        Self {
            engine,
            shipment,
            today,
            prepared,
            found: Vec::new(),
            truncated: Vec::new(),
            problems: Vec::new(),
            hits: Vec::new(),
            given: None,
            numbered: BTreeSet::new(),
            left_out: 0,
        }
    }

    /// Keeps the strongest [`MAX_FINDINGS`] findings, in their order, once there are more than `most`.
    pub(super) fn keep_strongest(&mut self, most: usize) {
        if self.found.len() <= most {
            return;
        }
        let rank = |at: &usize| Reverse((self.found[*at].finding.severity, self.found[*at].finding.score));
        let mut order: Vec<usize> = (0..self.found.len()).collect();
        order.sort_by_key(rank);
        let mut is_kept = vec![false; self.found.len()];
        order[..MAX_FINDINGS].iter().for_each(|&at| is_kept[at] = true);
        self.left_out += self.found.len() - MAX_FINDINGS;
        let mut kept = is_kept.into_iter();
        self.found.retain(|_| kept.next().unwrap_or(true));
    }

    /// Says how many findings were left out, if any.
    pub(super) fn say_left_out(&mut self) {
        if self.left_out > 0 {
            let count = self.left_out + self.found.len();
            self.truncated.push(format!("the shipment has {count} findings, the {MAX_FINDINGS} strongest are given"));
        }
    }

    pub(super) fn is_in_force(&self, entry: EntryId) -> bool {
        let shipment = self.shipment;
        self.engine.snapshot().entry_at(entry).in_force(shipment.as_of, shipment.known_on)
    }
}

/// A hit with its place in the original text.
pub(super) struct PlacedHit {
    pub(super) hit: Hit,
    pub(super) entry: EntryId,
    pub(super) span: (u32, u32),
    /// The part of the field that was searched: all of it, or one of the names that it gives.
    pub(super) within: (u32, u32),
    /// Whether the hit is of a name or of running text.
    pub(super) reads: ReadAs,
    /// How the name belongs to the party of the field.
    pub(super) relation: Relation,
    /// The role that the text gives the named party, where it gives one.
    pub(super) role: Option<Role>,
}

/// How the text of a hit is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadAs {
    /// As the name of a party or vessel.
    Name,
    /// As words among others.
    Text,
    /// As words of an address that stands beside a name.
    Address,
    /// As a part of a name that is searched as a whole too.
    PartOfName,
}
