//! Shipments cut into messages of a stream.

use prost::Message as _;
use wire::v1;

/// The most shipments and bytes of one message; the server screens several messages at once.
const MESSAGE_SHIPMENTS: usize = 64;
const MESSAGE_BYTES: usize = 256 * 1024;

/// Cuts shipments into messages when they are needed.
pub(super) struct Messages {
    shipments: std::iter::Peekable<std::vec::IntoIter<v1::Shipment>>,
    verbose: bool,
}

impl Messages {
    pub(super) fn of(shipments: Vec<v1::Shipment>, verbose: bool) -> Self {
        Self { shipments: shipments.into_iter().peekable(), verbose }
    }
}

impl Iterator for Messages {
    type Item = v1::ScreenStreamRequest;

    fn next(&mut self) -> Option<Self::Item> {
        let mut shipments = Vec::with_capacity(self.shipments.len().min(MESSAGE_SHIPMENTS));
        let mut bytes = 0;
        while shipments.len() < MESSAGE_SHIPMENTS
            && let Some(shipment) = self.shipments.next_if(|s| {
                bytes += s.encoded_len();
                shipments.is_empty() || bytes <= MESSAGE_BYTES
            })
        {
            shipments.push(shipment);
        }
        (!shipments.is_empty()).then_some(v1::ScreenStreamRequest { shipments, verbose: self.verbose })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_hold_every_shipment_once_and_stay_small() {
        let shipment = |i: usize| v1::Shipment {
            reference: "r".repeat(if i == 100 { 2 * MESSAGE_BYTES } else { 1 + i * 20 }),
            ..v1::Shipment::default()
        };
        let shipments: Vec<_> = (0..300).map(shipment).collect();
        let messages: Vec<_> = Messages::of(shipments.clone(), false).collect();
        for message in &messages {
            let n = message.shipments.len();
            assert!((1..=MESSAGE_SHIPMENTS).contains(&n));
            assert!(n == 1 || message.encoded_len() <= MESSAGE_BYTES + 8 * n);
        }
        let back: Vec<_> = messages.into_iter().flat_map(|m| m.shipments).collect();
        assert_eq!(back, shipments);
    }
}
