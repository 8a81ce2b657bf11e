//! Cards: each distinct party, vessel and goods text of all requests, once. What lists are asked against after they changed.

use prost::{DecodeError, Message as _};
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
    /// The name as it is compared; empty for goods.
    pub(super) squeezed: String,
    pub(super) bytes: Vec<u8>,
}

/// A name as it is compared: folded, without blanks.
pub(crate) fn squeezed(name: &str) -> String {
    Folded::of(name, Reading::Plain).squeezed().to_owned()
}

/// The cards of a request.
pub(super) fn cards_of(request: v1::Shipment) -> Vec<NewCard> {
    let mut cards = Vec::with_capacity(request.parties.len() + request.vessels.len() + request.goods.len());
    for party in request.parties {
        let squeezed = squeezed(&party.name);
        // The same party in another role is the same party.
        let party = v1::Party {
            role: 0,
            role_source: String::new(),
            role_confidence: None,
            is_disputed: false,
            dispute_note: String::new(),
            ..party
        };
        cards.push(NewCard { kind: CardKind::Party, squeezed, bytes: party.encode_to_vec() });
    }
    for vessel in request.vessels {
        let squeezed = squeezed(&vessel.name);
        cards.push(NewCard { kind: CardKind::Vessel, squeezed, bytes: vessel.encode_to_vec() });
    }
    for goods in request.goods {
        // Numbers and weights name nobody.
        let v1::Goods { description, marks, brand, model, .. } = goods;
        let goods = v1::Goods { description, marks, brand, model, ..Default::default() };
        if goods != v1::Goods::default() {
            let bytes = goods.encode_to_vec();
            cards.push(NewCard { kind: CardKind::Goods, squeezed: String::new(), bytes });
        }
    }
    cards
}

/// A card as the index has it.
pub(super) fn card(id: i64, kind: i64, bytes: &[u8]) -> Result<Card, DecodeError> {
    let mut shipment = v1::Shipment::default();
    let kind = match kind {
        1 => {
            shipment.parties.push(v1::Party::decode(bytes)?);
            CardKind::Party
        }
        2 => {
            shipment.vessels.push(v1::Vessel::decode(bytes)?);
            CardKind::Vessel
        }
        _ => {
            shipment.goods.push(v1::Goods::decode(bytes)?);
            CardKind::Goods
        }
    };
    Ok(Card { id, kind, shipment })
}

/// Distances between growing numbers, in as few bytes as each needs: seven bits a byte, the lowest first.
pub(super) fn distances(numbers: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.len() * 2);
    for pair in numbers.windows(2) {
        let mut distance = pair[1] - pair[0];
        while distance > 127 {
            bytes.push((distance & 127) as u8 | 128);
            distance >>= 7;
        }
        bytes.push(distance as u8);
    }
    bytes
}

/// Puts the numbers behind `out` that [`distances`] was given.
pub(super) fn numbers(first: i64, distances: &[u8], out: &mut Vec<i64>) {
    out.push(first);
    let (mut last, mut distance, mut shift) = (first, 0, 0);
    for byte in distances {
        distance |= i64::from(byte & 127) << shift;
        shift += 7;
        if byte & 128 == 0 {
            last += distance;
            out.push(last);
            (distance, shift) = (0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_from_their_distances() {
        for given in
            [vec![7], vec![0, 1], vec![5, 6, 133, 134, 20_000, 1 << 40], (0..500).map(|n| n * n * 31).collect()]
        {
            let mut read = Vec::new();
            numbers(given[0] as i64, &distances(&given), &mut read);
            assert!(read.into_iter().eq(given.into_iter().map(|number| number as i64)));
        }
    }
}
