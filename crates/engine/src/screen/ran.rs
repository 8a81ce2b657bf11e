//! Which rules ran on a shipment, and why the others could not.

use super::engine::Engine;
use crate::record::Cell;
use crate::rule::{Prepared, Rules};
use model::finding::{Reason, Screening, SkippedRule};
use model::shipment::Shipment;

/// The reasons that names, numbers and brands report; the others are those of [`Rules`]. A reason without a rule is
/// neither run nor skipped: the answer does not speak of it.
const BY_NAME: [Reason; 9] = [
    Reason::PartyListed,
    Reason::PartyListedWeak,
    Reason::PartyIdentifier,
    Reason::PartyWatch,
    Reason::TextListed,
    Reason::GoodsBrand,
    Reason::GoodsModel,
    Reason::PartyAddress,
    Reason::PartyOwnership,
];

/// Writes into the screening which rules ran; `ran` is what the rules of packs say of themselves.
pub(super) fn state(
    engine: &Engine,
    shipment: &Shipment,
    prepared: &Prepared,
    ran: Vec<(Reason, Option<&'static str>)>,
    screening: &mut Screening,
) {
    let has_party = shipment.parties.iter().any(|p| !p.name.is_empty() || !p.other_names.is_empty())
        || shipment.vessels.iter().any(|v| !v.name.is_empty());
    let has_number = !shipment.parties.iter().all(|p| p.identifiers.is_empty())
        || shipment.vessels.iter().any(|v| !v.imo.is_empty());
    let in_cells = |is_it: fn(&Cell) -> bool| (0..shipment.parties.len()).any(|at| is_it(prepared.cell(at)));
    let has_number = has_number || in_cells(|cell| cell.identifiers().next().is_some());
    let has_goods = !shipment.goods.is_empty();
    let has_address = shipment.parties.iter().any(|p| !p.whole_address().is_empty());
    let has_text = has_goods || has_address;
    let has_address = has_address || in_cells(|cell| cell.addresses().next().is_some());
    let mut stated = ran;
    for reason in BY_NAME {
        let cause = match reason {
            _ if !engine.policy().is_on(reason) => Some("switched off by the policy"),
            Reason::PartyListed | Reason::PartyListedWeak | Reason::PartyWatch if !has_party => {
                Some("the record names no party")
            }
            Reason::PartyIdentifier if !has_number && !has_text => Some("the record has no number and no text"),
            Reason::TextListed if !has_text => Some("the record has no text"),
            Reason::PartyAddress if !has_address => Some("the record gives no address of a party"),
            Reason::PartyAddress if engine.addresses().is_empty() => Some("the lists have no address to compare with"),
            Reason::PartyOwnership if !has_party => Some("the record names no party"),
            Reason::PartyOwnership if engine.ownership().is_empty() => {
                Some("no owners are known: neither the lists nor an ownership file name any")
            }
            Reason::GoodsBrand | Reason::GoodsModel if !has_goods => Some("the record has no goods line"),
            _ => None,
        };
        stated.push((reason, cause));
    }
    for reason in Rules::REASONS.into_iter().filter(|r| !engine.policy().is_on(*r)) {
        stated.push((reason, Some("switched off by the policy")));
    }
    stated.sort_unstable_by_key(|(reason, _)| *reason);
    for (reason, cause) in stated {
        match cause {
            Some(cause) => screening.rules_skipped.push(SkippedRule { rule: reason, cause }),
            None => screening.rules_run.push(reason),
        }
    }
}
