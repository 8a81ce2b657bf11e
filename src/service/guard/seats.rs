//! Seats: which connections are let in, and which give way.
//!
//! A connection is unknown until a call on it shows a key or certificate that is valid (where callers need none: until its
//! first call). Unknown connections never take all the room: a part is kept for callers who are known. When there is no
//! room for one more, the oldest unknown connection of the address that has most of them gives way, so that whoever opens
//! connections and says nothing shuts out nobody but itself.

use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// The room for connections.
#[derive(Debug)]
pub(in crate::service) struct Seats {
    taken: Mutex<Taken>,
    most: usize,
    most_unknown: usize,
    most_of_address: usize,
}

#[derive(Debug, Default)]
struct Taken {
    known: usize,
    /// By age.
    unknown: BTreeMap<u64, (Network, CancellationToken)>,
    by_network: FxHashMap<Network, BTreeSet<u64>>,
    next: u64,
}

/// Where connections come from: an address of IPv4, a network of 64 bits of IPv6, which one customer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Network(IpAddr);

/// A connection that was let in; dropping it makes room.
#[derive(Debug)]
pub(in crate::service) struct Seat {
    seats: Arc<Seats>,
    number: u64,
    network: Network,
    /// Cancelled when the connection has to give way.
    pub(in crate::service) away: CancellationToken,
}

/// How a connection came in.
#[derive(Debug)]
pub(in crate::service) enum Entry {
    /// There was room.
    Free(Arc<Seat>),
    /// Another one gives way.
    InPlaceOfAnother(Arc<Seat>),
    /// There is no room: all connections are of callers who are known.
    Refused,
}

impl Seats {
    /// Room for `most` connections. `unknown` of them may be unknown, and `of_address` of those from one address.
    pub(in crate::service) fn new(most: usize, unknown: usize, of_address: usize) -> Arc<Self> {
        Arc::new(Self {
            taken: Mutex::default(),
            most,
            most_unknown: unknown.clamp(1, most),
            most_of_address: of_address.max(1),
        })
    }

    /// Lets a connection in, or refuses it at once.
    pub(in crate::service) fn enter(self: &Arc<Self>, address: IpAddr) -> Entry {
        let network = Network::of(address);
        let mut taken = self.lock();
        let of_network = taken.by_network.get(&network).map_or(0, BTreeSet::len);
        let gives_way = if of_network >= self.most_of_address {
            Some(network)
        } else if taken.unknown.len() >= self.most_unknown || taken.known + taken.unknown.len() >= self.most {
            match taken.greediest() {
                Some(greediest) => Some(greediest),
                None => return Entry::Refused,
            }
        } else {
            None
        };
        if let Some(oldest) = gives_way.and_then(|network| taken.by_network.get(&network)?.first().copied())
            && let Some((network, away)) = taken.unknown.remove(&oldest)
        {
            taken.forget(network, oldest);
            away.cancel();
        }
        let (number, away) = (taken.next, CancellationToken::new());
        taken.next += 1;
        taken.unknown.insert(number, (network, away.clone()));
        taken.by_network.entry(network).or_default().insert(number);
        drop(taken);
        let seat = Arc::new(Seat { seats: Arc::clone(self), number, network, away });
        if gives_way.is_some() { Entry::InPlaceOfAnother(seat) } else { Entry::Free(seat) }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // Nothing that can panic runs under the lock.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// The address with most unknown connections; of equals, the one whose connection is oldest.
    fn greediest(&self) -> Option<Network> {
        let of = |network: &Network| self.by_network.get(network).map_or(0, BTreeSet::len);
        // By age, so that the choice does not depend on a map's order; the first of the largest stays.
        let mut best: Option<(usize, Network)> = None;
        for (network, _) in self.unknown.values() {
            let count = of(network);
            if best.is_none_or(|(most, _)| count > most) {
                best = Some((count, *network));
            }
        }
        best.map(|(_, network)| network)
    }

    fn forget(&mut self, network: Network, number: u64) {
        if let Some(numbers) = self.by_network.get_mut(&network) {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.by_network.remove(&network);
            }
        }
    }
}

impl Seat {
    /// The caller has shown who it is: the connection gives way to nobody any more.
    pub(in crate::service) fn becomes_known(&self) {
        let mut taken = self.seats.lock();
        if taken.unknown.remove(&self.number).is_some() {
            taken.forget(self.network, self.number);
            taken.known += 1;
        }
    }

    /// Whether the caller has shown who it is.
    pub(in crate::service) fn is_known(&self) -> bool {
        !self.away.is_cancelled() && !self.seats.lock().unknown.contains_key(&self.number)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        if taken.unknown.remove(&self.number).is_some() {
            taken.forget(self.network, self.number);
        } else if !self.away.is_cancelled() {
            taken.known -= 1;
        }
    }
}

impl Network {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64))),
            v4 => Self(v4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn in_with(entry: Entry) -> Arc<Seat> {
        match entry {
            Entry::Free(seat) | Entry::InPlaceOfAnother(seat) => seat,
            Entry::Refused => panic!("there is room"),
        }
    }

    #[test]
    fn silent_connections_shut_out_nobody() {
        let seats = Seats::new(8, 6, 100);
        let silent: Vec<_> = (0..6).map(|_| in_with(seats.enter(at(1)))).collect();
        let caller = in_with(seats.enter(at(2)));
        assert!(silent[0].away.is_cancelled() && !silent[1].away.is_cancelled(), "the oldest of the greediest goes");
        caller.becomes_known();
        assert!(caller.is_known() && !silent[1].is_known());
        for _ in 0..100 {
            in_with(seats.enter(at(1)));
        }
        assert!(!caller.away.is_cancelled());
        drop((silent, caller));
        let taken = seats.lock();
        assert_eq!((taken.known, taken.unknown.len(), taken.by_network.len()), (0, 0, 0));
    }

    #[test]
    fn known_callers_keep_their_room_and_a_full_house_refuses() {
        let seats = Seats::new(3, 2, 100);
        let known: Vec<_> = (0..3)
            .map(|_| {
                let seat = in_with(seats.enter(at(1)));
                seat.becomes_known();
                seat
            })
            .collect();
        assert!(matches!(seats.enter(at(2)), Entry::Refused));
        drop(known);
        assert!(matches!(seats.enter(at(2)), Entry::Free(_)));
    }

    #[test]
    fn one_address_has_so_many_and_no_more() {
        let seats = Seats::new(100, 75, 3);
        let of_one: Vec<_> = (0..3).map(|_| in_with(seats.enter(at(1)))).collect();
        let other = in_with(seats.enter(at(2)));
        assert!(matches!(seats.enter(at(1)), Entry::InPlaceOfAnother(_)));
        assert!(of_one[0].away.is_cancelled() && !other.away.is_cancelled());
        let six = |last: u16| IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]);
        let network: Vec<_> = (0..3).map(|last| in_with(seats.enter(six(last)))).collect();
        assert!(matches!(seats.enter(six(9)), Entry::InPlaceOfAnother(_)), "one network");
        drop(network);
    }
}
