//! Cards: each distinct party, vessel and goods text of all requests, once. What lists are asked against after they changed.

use prost::Message as _;
use text::{Folded, Reading};
use wire::v1;

/// What a card is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CardKind {
    /// A party.
    Party = 1,
    /// A vessel.
    Vessel = 2,
    /// A goods line.
    Goods = 3,
}

/// A party, vessel or goods line as it stood in requests.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its number in the index.
    pub id: i64,
    /// What it is of.
    pub kind: CardKind,
    /// A shipment of it alone.
    pub shipment: v1::Shipment,
}

/// A card that is not in the index yet.
pub(super) struct NewCard {
    pub(super) kind: CardKind,
    pub(super) squeezed: String,
    pub(super) bytes: Vec<u8>,
    /// Its place among those of its kind.
    pub(super) at: usize,
    pub(super) role: i32,
}

/// A name as it is compared: folded, without blanks.
pub(crate) fn squeezed(name: &str) -> String {
    Folded::of(name, Reading::Plain).squeezed().to_owned()
}

/// The cards of a request.
pub(super) fn cards_of(request: v1::Shipment) -> Vec<NewCard> {
    let mut cards = Vec::with_capacity(request.parties.len() + request.vessels.len() + request.goods.len());
    for (at, party) in request.parties.into_iter().enumerate() {
        let (role, squeezed) = (party.role, squeezed(&party.name));
        // The same party in another role is the same party.
        let party = v1::Party {
            role: 0,
            role_source: String::new(),
            role_confidence: None,
            is_disputed: false,
            dispute_note: String::new(),
            ..party
        };
        cards.push(NewCard { kind: CardKind::Party, squeezed, bytes: party.encode_to_vec(), at, role });
    }
    for (at, vessel) in request.vessels.into_iter().enumerate() {
        let squeezed = squeezed(&vessel.name);
        cards.push(NewCard { kind: CardKind::Vessel, squeezed, bytes: vessel.encode_to_vec(), at, role: 0 });
    }
    for (at, goods) in request.goods.into_iter().enumerate() {
        // Numbers and weights name nobody.
        let v1::Goods { description, marks, brand, model, .. } = goods;
        let goods = v1::Goods { description, marks, brand, model, ..Default::default() };
        if goods != v1::Goods::default() {
            let bytes = goods.encode_to_vec();
            cards.push(NewCard { kind: CardKind::Goods, squeezed: String::new(), bytes, at, role: 0 });
        }
    }
    cards
}

pub(super) fn card(id: i64, kind: i64, bytes: &[u8]) -> Option<Card> {
    let mut shipment = v1::Shipment::default();
    let kind = match kind {
        1 => {
            shipment.parties.push(v1::Party::decode(bytes).ok()?);
            CardKind::Party
        }
        2 => {
            shipment.vessels.push(v1::Vessel::decode(bytes).ok()?);
            CardKind::Vessel
        }
        _ => {
            shipment.goods.push(v1::Goods::decode(bytes).ok()?);
            CardKind::Goods
        }
    };
    Some(Card { id, kind, shipment })
}
