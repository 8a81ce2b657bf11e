//! Who receives the goods: forwarders, banks, order clauses, placeholders, missing and disputed roles.

use super::case::Case;
use super::draft::{Draft, whole};
use super::fact::{MissingRole, RoleMark, RuleFact, Ruled};
use super::itinerary::RECEIVERS;
use super::pack::{Error, Fact, Heading, Source, Text};
use super::terms::Terms;
use crate::record::{Cell, Relation, Segment, SegmentKind};
use model::finding::{Evidence, EvidenceKind, Reason, Severity};
use model::shipment::{Party, Role};
use serde::Deserialize;
use text::Folded;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pack: Heading,
    words: Words,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Words {
    forwarder: Vec<Spanned<String>>,
    not_forwarder: Vec<Spanned<String>>,
    bank: Vec<Spanned<String>>,
    not_bank: Vec<Spanned<String>>,
    to_order: Vec<Spanned<String>>,
    placeholder: Vec<Spanned<String>>,
    same_as: Vec<Spanned<String>>,
}

/// Words that mark forwarders, banks, order clauses and placeholders.
#[derive(Debug, Default)]
pub(super) struct PartyWords {
    forwarder: Terms,
    not_forwarder: Terms,
    bank: Terms,
    not_bank: Terms,
    to_order: Terms,
    placeholder: Terms,
    same_as: Terms,
    facts: Vec<Fact>,
}

/// Below this the source itself doubts the role.
const SURE_OF_ROLE: u16 = 500;

impl PartyWords {
    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        let number = self.facts.len() as u32;
        let title = file.pack.title.clone();
        self.facts.push(text.fact(&file.pack, &file.pack.id, &title, Source::default())?);
        let words = file.words;
        for (given, known) in [
            (&words.forwarder, &mut self.forwarder),
            (&words.not_forwarder, &mut self.not_forwarder),
            (&words.bank, &mut self.bank),
            (&words.not_bank, &mut self.not_bank),
            (&words.to_order, &mut self.to_order),
            (&words.placeholder, &mut self.placeholder),
            (&words.same_as, &mut self.same_as),
        ] {
            for word in given {
                if !known.add(word.get_ref(), number) {
                    return Err(text.error(word.span(), "a word without letters or digits"));
                }
            }
        }
        Ok(())
    }

    /// A word of `yes` that is not inside a phrase of `no`, nor in an address beside the name.
    fn mark_in(folded: &Folded, cell: &Cell, yes: &Terms, no: &Terms) -> Option<(String, u32)> {
        let mut not: Vec<(usize, usize)> = Vec::new();
        no.each(folded, |h| not.push((h.first, h.last)));
        let mut found = None;
        yes.each(folded, |h| {
            let (from, to) = bytes_of(folded, h.first, h.last);
            let is_other =
                not.iter().any(|&(first, last)| first <= h.first && h.last <= last) || cell.is_only_address(from, to);
            if !is_other && found.is_none() {
                let words: Vec<&str> = folded.tokens()[h.first..=h.last].iter().map(|&t| folded.text(t)).collect();
                found = Some((words.join(" "), h.value));
            }
        });
        found
    }

    fn is_order_or_nobody(&self, party: &Party, folded: &Folded) -> bool {
        party.is_to_order
            || self.order_clause(folded).is_some()
            || self.placeholder.whole(folded).is_some()
            || self.same_as.whole(folded).is_some()
    }

    /// The clause at the start of a name, and how many tokens it has.
    fn order_clause(&self, folded: &Folded) -> Option<usize> {
        let hit = self.to_order.first(folded)?;
        (hit.first == 0).then_some(hit.last + 1)
    }

    /// The party that receives the goods last and is named, with its place in the record.
    fn last_receiver<'a>(&self, case: &Case<'a>) -> Option<(usize, &'a Party)> {
        let parties = &case.shipment.parties;
        RECEIVERS.iter().filter(|r| **r != Role::IntermediateConsignee).find_map(|role| {
            let of_role = |(_, p): &(usize, &Party)| p.role == Some(*role) && !p.name.is_empty();
            parties
                .iter()
                .enumerate()
                .find(|found| of_role(found) && !self.is_order_or_nobody(found.1, case.prepared.name(found.0)))
        })
    }

    /// `ROLE_FORWARDER_FINAL`.
    pub(super) fn forwarder(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let Some((at, party)) = self.last_receiver(case) else { return Some("no receiver of the goods is named") };
        let folded = case.prepared.name(at);
        let same = case.same_name_as(Role::Forwarder, folded);
        let marked = Self::mark_in(folded, case.prepared.cell(at), &self.forwarder, &self.not_forwarder);
        let (mark, evidence, fact) = match (same, marked) {
            (true, marked) => {
                let detail = "the same name is given as the forwarder";
                let evidence = Evidence::new(EvidenceKind::SameAsForwarder, 1000, detail);
                (RoleMark::SameParty, evidence, marked.map(|t| t.1))
            }
            (false, Some((word, fact))) => {
                let evidence = Evidence::new(EvidenceKind::ForwarderWord, 900, format!("\"{word}\" in the name"));
                (RoleMark::Word(word), evidence, Some(fact))
            }
            (false, None) => return None,
        };
        out.push(
            Draft {
                reason: Reason::RoleForwarderFinal,
                severity: Severity::Info,
                score: evidence.points as u16,
                path: format!("parties[{at}].name"),
                spans: whole(&party.name),
                matched: String::new(),
                fact: fact.and_then(|f| self.facts.get(f as usize)),
                says: RuleFact::ForwarderFinal { role: party.role, name: party.name.clone(), mark },
                evidence: vec![evidence],
            }
            .finish(),
        );
        None
    }

    /// `ROLE_BANK_CONSIGNEE`.
    pub(super) fn bank(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let parties = &case.shipment.parties;
        let receives = |p: &&(usize, &Party)| p.1.role.is_some_and(|r| RECEIVERS.contains(&r)) && !p.1.name.is_empty();
        let named: Vec<(usize, &Party)> = parties.iter().enumerate().collect();
        let mut has_receiver = false;
        for &(at, party) in named.iter().filter(receives) {
            has_receiver = true;
            let folded = case.prepared.name(at);
            let same = case.same_name_as(Role::Bank, folded);
            let marked = Self::mark_in(folded, case.prepared.cell(at), &self.bank, &self.not_bank);
            let (mark, detail, fact) = match (same, marked) {
                (true, marked) => {
                    (RoleMark::SameParty, "the same name is given as the bank".to_owned(), marked.map(|t| t.1))
                }
                (false, Some((word, fact))) => {
                    let detail = format!("\"{word}\" in the name");
                    (RoleMark::Word(word), detail, Some(fact))
                }
                (false, None) => continue,
            };
            out.push(
                Draft {
                    reason: Reason::RoleBankConsignee,
                    severity: Severity::Info,
                    score: 900,
                    path: format!("parties[{at}].name"),
                    spans: whole(&party.name),
                    matched: String::new(),
                    fact: fact.and_then(|f| self.facts.get(f as usize)),
                    evidence: vec![Evidence::new(EvidenceKind::BankWord, 900, detail)],
                    says: RuleFact::BankConsignee { role: party.role, name: party.name.clone(), mark },
                }
                .finish(),
            );
        }
        (!has_receiver).then_some("no receiver of the goods is named")
    }

    /// `ROLE_TO_ORDER`.
    pub(super) fn to_order(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let receives = |p: &Party| p.role.is_some_and(|r| RECEIVERS.contains(&r));
        let mut has_receiver = false;
        for (at, party) in case.shipment.parties.iter().enumerate().filter(|(_, p)| receives(p)) {
            if case.stop.is_due() {
                break;
            }
            has_receiver = true;
            let folded = case.prepared.name(at);
            let clause = self.order_clause(folded);
            // "Blue Harbour, to the order of ...", in the languages that cells are read in.
            let cell = case.prepared.cell(at);
            let is_ordered = has_order_clause(cell, &party.name);
            if !party.is_to_order && clause.is_none() && !is_ordered {
                continue;
            }
            let is_named = is_ordered && cell.names().next().is_some();
            let names_somebody = is_named || clause.is_some_and(|tokens| tokens < folded.tokens().len());
            let path =
                if party.name.is_empty() { format!("parties[{at}].isToOrder") } else { format!("parties[{at}].name") };
            let says = RuleFact::ToOrder { role: party.role, name: party.name.clone(), names_somebody };
            out.push(plain(Reason::RoleToOrder, path, &party.name, says));
        }
        (!has_receiver).then_some("the record has no receiver of the goods")
    }

    /// `ROLE_MISSING`.
    pub(super) fn missing(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        const SENDERS: [Role; 5] =
            [Role::Shipper, Role::Exporter, Role::Seller, Role::OnBehalfOfShipper, Role::Manufacturer];
        let parties = &case.shipment.parties;
        if !parties.iter().any(|p| p.role.is_some()) {
            return Some("no party has a role");
        }
        let has = |roles: &[Role]| parties.iter().any(|p| p.role.is_some_and(|r| roles.contains(&r)));
        if !has(&SENDERS) {
            let says = RuleFact::RoleMissing(MissingRole::Sender);
            out.push(plain(Reason::RoleMissing, "parties".to_owned(), "", says));
        }
        let receivers = [&RECEIVERS[..], &[Role::Buyer, Role::Endorsee]].concat();
        if !has(&receivers) {
            let says = RuleFact::RoleMissing(MissingRole::Receiver);
            out.push(plain(Reason::RoleMissing, "parties".to_owned(), "", says));
        }
        None
    }

    /// `ROLE_DISPUTED`.
    pub(super) fn disputed(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        if case.shipment.parties.is_empty() {
            return Some("the record names no party");
        }
        for (at, party) in case.shipment.parties.iter().enumerate() {
            let unsure = party.role_confidence.filter(|c| c.get() < SURE_OF_ROLE);
            if !party.is_disputed && unsure.is_none() {
                continue;
            }
            let path = if party.is_disputed {
                format!("parties[{at}].isDisputed")
            } else {
                format!("parties[{at}].roleConfidence")
            };
            let says = RuleFact::RoleDisputed {
                role: party.role,
                name: party.name.clone(),
                source: party.role_source.clone(),
                note: party.dispute_note.clone(),
                confidence: unsure.filter(|_| !party.is_disputed),
            };
            out.push(plain(Reason::RoleDisputed, path, "", says));
        }
        None
    }

    /// `PARTY_PLACEHOLDER`. A receiver or sender that is nobody could not be screened: that asks for a person. Any
    /// other role that is left out with a word is for the record.
    pub(super) fn placeholder(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        const WEIGHTY: [Role; 6] = [
            Role::Shipper,
            Role::Exporter,
            Role::Consignee,
            Role::UltimateConsignee,
            Role::EndUser,
            Role::DeliveryParty,
        ];
        let mut has_name = false;
        for (at, party) in case.shipment.parties.iter().enumerate().filter(|(_, p)| !p.name.is_empty()) {
            if case.stop.is_due() {
                break;
            }
            has_name = true;
            let folded = case.prepared.name(at);
            let hit = self.placeholder.whole(folded);
            let says_nothing = !party.name.chars().any(char::is_alphabetic);
            if hit.is_none() && !says_nothing {
                continue;
            }
            let weighty = party.role.is_some_and(|r| WEIGHTY.contains(&r));
            out.push(
                Draft {
                    reason: Reason::PartyPlaceholder,
                    severity: if weighty { Severity::Low } else { Severity::Info },
                    score: 1000,
                    path: format!("parties[{at}].name"),
                    spans: whole(&party.name),
                    matched: String::new(),
                    fact: hit.and_then(|h| self.facts.get(h.value as usize)),
                    evidence: Vec::new(),
                    says: RuleFact::Placeholder { role: party.role, name: party.name.clone() },
                }
                .finish(),
            );
        }
        (!has_name).then_some("the record names no party")
    }
}

/// Whether a cell says that it is to somebody's order. Two words (`to order`) may be part of a name, `Tailored to Order
/// Ltd`, unless they stand apart.
fn has_order_clause(cell: &Cell, text: &str) -> bool {
    let orders = |segment: &&Segment| {
        segment.kind == SegmentKind::Relation && segment.relation == Relation::ToOrderOf && {
            let before = text[..segment.start as usize].trim_end();
            let stands_apart = before.is_empty() || before.ends_with(|c: char| !c.is_alphanumeric());
            stands_apart || text[segment.span()].split_whitespace().count() != 2
        }
    };
    cell.segments.iter().any(|segment| orders(&segment))
}

/// The bytes of the original text of tokens `first..=last`.
fn bytes_of(folded: &Folded, first: usize, last: usize) -> (u32, u32) {
    let tokens = folded.tokens();
    folded.original(tokens[first].start as usize, tokens[last].end as usize)
}

/// A finding for the record that rests on what the record itself says.
fn plain(reason: Reason, path: String, text: &str, says: RuleFact) -> Ruled {
    Draft {
        reason,
        severity: Severity::Info,
        score: 1000,
        path,
        spans: whole(text),
        matched: String::new(),
        fact: None,
        evidence: Vec::new(),
        says,
    }
    .finish()
}
