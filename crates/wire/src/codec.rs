//! The protobuf codec of the services, with a guard before it.
//!
//! An empty shipment takes two bytes on the wire and some six hundred in memory: without the guard, a message of
//! 16 MiB grew the service to 5 GiB. So the parts of a message are counted on the bytes, by a walk that allocates
//! nothing, before any of them is built. What is damaged is left to prost to say.

use super::v1;
use prost::Message;
use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use tonic::codec::{BufferSettings, DecodeBuf, Decoder};
use tonic::{Code, Status};
use tonic_prost::{ProstDecoder, ProstEncoder};
use tonic_types::{ErrorDetails, StatusExt as _};

/// Shipments of one message at most.
pub const MAX_SHIPMENTS: usize = 100_000;

/// Shipments, parties, goods lines and other repeated parts of one message at most, all counted; some 600 bytes of
/// memory each at the very worst.
pub const MAX_PARTS: usize = 500_000;

/// prost's codec, with the parts of shipments counted first.
#[derive(Debug)]
pub struct Bounded<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for Bounded<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T: Message + 'static, U: Message + Default + 'static> tonic::codec::Codec for Bounded<T, U> {
    type Encode = T;
    type Decode = U;
    type Encoder = ProstEncoder<T>;
    type Decoder = BoundedDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        ProstEncoder::default()
    }

    fn decoder(&mut self) -> Self::Decoder {
        BoundedDecoder(ProstDecoder::default())
    }
}

/// The decoding half.
#[derive(Debug)]
pub struct BoundedDecoder<U>(ProstDecoder<U>);

impl<U: Message + Default + 'static> Decoder for BoundedDecoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        let id = TypeId::of::<U>();
        if id == TypeId::of::<v1::ScreenRequest>()
            || id == TypeId::of::<v1::ScreenBatchRequest>()
            || id == TypeId::of::<v1::ScreenStreamRequest>()
        {
            // tonic hands a message over in one piece.
            check(prost::bytes::Buf::chunk(message)).map_err(|too_many| {
                let details = ErrorDetails::with_error_info("BATCH_TOO_LARGE", "tidewaiter", HashMap::new());
                Status::with_error_details(Code::InvalidArgument, too_many.to_string(), details)
            })?;
        }
        self.0.decode(message)
    }

    fn buffer_settings(&self) -> BufferSettings {
        self.0.buffer_settings()
    }
}

/// What a run of bytes is, as far as counting goes.
#[derive(Clone, Copy)]
enum Part {
    Request,
    Shipment,
    Party,
    Goods,
    Route,
    /// Nothing in it repeats.
    Leaf,
}

impl Part {
    /// The repeated part, or the message that holds some, under this field number.
    fn within(self, field: u64) -> Option<Self> {
        match (self, field) {
            (Self::Request, 1) => Some(Self::Shipment),
            (Self::Shipment, 4) => Some(Self::Party),
            (Self::Shipment, 5) => Some(Self::Goods),
            (Self::Shipment, 6) => Some(Self::Route),
            (Self::Shipment, 7 | 9) | (Self::Party, 3 | 6) | (Self::Goods, 8 | 15) | (Self::Route, 3 | 7) => {
                Some(Self::Leaf)
            }
            _ => None,
        }
    }
}

#[derive(Default)]
struct Count {
    shipments: usize,
    parts: usize,
}

/// What a message holds too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TooMany {
    Shipments,
    Parts,
}

impl fmt::Display for TooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipments => write!(f, "more than {MAX_SHIPMENTS} shipments in one message"),
            Self::Parts => {
                write!(f, "more than {MAX_PARTS} shipments, parties, goods lines and other parts in one message")
            }
        }
    }
}

/// Counts the parts of a request.
fn check(message: &[u8]) -> Result<(), TooMany> {
    let mut count = Count::default();
    count.walk(message, Part::Request);
    if count.shipments > MAX_SHIPMENTS {
        return Err(TooMany::Shipments);
    }
    if count.parts > MAX_PARTS {
        return Err(TooMany::Parts);
    }
    Ok(())
}

impl Count {
    /// Stops early at damage and when there is too much.
    fn walk(&mut self, mut bytes: &[u8], part: Part) -> Option<()> {
        while !bytes.is_empty() && self.shipments <= MAX_SHIPMENTS && self.parts <= MAX_PARTS {
            let key = varint(&mut bytes)?;
            match key & 7 {
                0 => drop(varint(&mut bytes)?),
                1 => bytes = bytes.get(8..)?,
                5 => bytes = bytes.get(4..)?,
                2 => {
                    let length = usize::try_from(varint(&mut bytes)?).ok()?;
                    let (inner, rest) = bytes.split_at_checked(length)?;
                    bytes = rest;
                    if let Some(part) = part.within(key >> 3) {
                        self.parts += 1;
                        self.shipments += usize::from(matches!(part, Part::Shipment));
                        if !matches!(part, Part::Leaf) {
                            self.walk(inner, part)?;
                        }
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(shipments: Vec<v1::Shipment>) -> (usize, usize) {
        let mut count = Count::default();
        let whole = count.walk(&v1::ScreenBatchRequest { shipments, verbose: false }.encode_to_vec(), Part::Request);
        assert!(whole.is_some());
        (count.shipments, count.parts)
    }

    #[test]
    fn every_part_that_repeats_is_counted() {
        let party = v1::Party {
            name: "a".repeat(300),
            role: 4,
            other_names: vec![String::new(); 3],
            identifiers: vec![v1::Identifier::default(); 2],
            ..v1::Party::default()
        };
        let route = v1::Route {
            loading: Some(v1::Place::default()),
            transshipment: vec![v1::Place::default(); 4],
            routing_countries: vec!["DE".to_owned(); 5],
            ..v1::Route::default()
        };
        let goods = v1::Goods {
            other_hs_codes: vec![String::new(); 3],
            licences: vec![v1::Licence::default(); 2],
            ..v1::Goods::default()
        };
        let shipment = v1::Shipment {
            reference: "x".to_owned(),
            parties: vec![party; 2],
            goods: vec![goods; 6],
            attestations: vec![v1::Attestation::default(); 8],
            vessels: vec![v1::Vessel::default(); 7],
            route: Some(route),
            dates: Some(v1::ShipmentDates::default()),
            ..v1::Shipment::default()
        };
        let one = 1 + 2 * (1 + 3 + 2) + 6 * (1 + 3 + 2) + 7 + 8 + (1 + 4 + 5);
        assert_eq!(count(vec![shipment.clone()]), (1, one));
        assert_eq!(count(vec![shipment; 10]), (10, 10 * one));
        assert_eq!(count(vec![]), (0, 0));
    }

    #[test]
    fn too_much_is_said_and_damage_is_left_to_prost() {
        let shipments = |n: usize| b"\x0a\x00".repeat(n);
        assert_eq!(check(&shipments(MAX_SHIPMENTS)), Ok(()));
        assert!(check(&shipments(MAX_SHIPMENTS + 1)) == Err(TooMany::Shipments));
        let shipment = v1::Shipment { goods: vec![v1::Goods::default(); MAX_PARTS], ..v1::Shipment::default() };
        let request = v1::ScreenRequest { shipment: Some(shipment), verbose: false }.encode_to_vec();
        assert!(check(&request) == Err(TooMany::Parts));
        for damaged in
            [&b"\x0a\xff"[..], b"\x0a", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x0b", b"\x09\x00"]
        {
            assert_eq!(check(damaged), Ok(()));
        }
    }
}
