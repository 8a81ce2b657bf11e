//! Listed addresses: does a party sit where a list says, letter by letter or not?
//!
//! Two addresses are one building when a house number and the words that say where agree; they are one unit when the
//! unit agrees as well, or neither has one. Words agree when they are equal, when two on one side are one on the other
//! (Fa Yuen, Fayuen), or when one letter differs (Jinping, Jingping); each weighs by how rare it is among the listed
//! addresses, so that SHENZHEN and KOWLOON carry nothing. A number that contradicts ends it.
//!
//! Cost: one look-up for each number and word of the address; a comparison for each candidate, [`MAX_CANDIDATES`] at most.

mod compare;
mod parse;
mod rarity;

use compare::compare;
use model::binary::{Binary, BytesIn, BytesOut, Malformed};
use model::entry::Entry;
use model::ids::EntryId;
use parse::Parsed;
use rarity::{DISTINCTIVE, Rarity};
use rustc_hash::FxHasher;
use std::hash::{Hash as _, Hasher as _};
use text::{Folded, Reading};

/// Listed addresses compared with one address, at most.
pub const MAX_CANDIDATES: usize = 256;

/// How far two addresses are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sameness {
    /// The same building; the units differ, or the building has many and one side does not say which.
    Building,
    /// The same house, and nothing in the lists says that it has several units; one side may not say which.
    House,
    /// The same unit.
    Unit,
}

/// A listed address that an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressHit {
    /// The entry.
    pub entry: EntryId,
    /// Number of the address among those of the entry.
    pub address: u16,
    /// How far they are the same.
    pub sameness: Sameness,
    /// 0..=1000.
    pub score: u16,
}

#[derive(Debug)]
struct Listed {
    entry: EntryId,
    address: u16,
    parsed: Parsed,
    /// Several units of its building are listed.
    is_shared: bool,
}

model::binary_fields!(Listed { entry, address, parsed, is_shared });

/// The addresses of a snapshot, compiled.
#[derive(Debug, Default)]
pub struct Addresses {
    listed: Vec<Listed>,
    /// Keys of number and word with the places in `listed` that have them, ascending.
    keys: Vec<(u64, u32)>,
    rarity: Rarity,
}

impl Addresses {
    /// Compiles the addresses of these entries.
    pub fn build(entries: &[Entry]) -> Self {
        let mut all = Self::default();
        for (at, entry) in entries.iter().enumerate() {
            for (address, given) in entry.addresses.iter().enumerate() {
                let Ok(address) = u16::try_from(address) else { break };
                let mut parsed = Parsed::of(&given.text);
                parsed.shrink();
                if parsed.places.is_empty() || (parsed.houses.is_empty() && parsed.units.is_empty()) {
                    continue;
                }
                all.listed.push(Listed { entry: EntryId::from_index(at), address, parsed, is_shared: false });
            }
        }
        all.listed.shrink_to_fit();
        all.rarity = rarity(&all.listed);
        for (at, listed) in all.listed.iter().enumerate() {
            each_key(&listed.parsed, &all.rarity, |key| all.keys.push((key, at as u32)));
        }
        all.keys.sort_unstable();
        all.keys.dedup();
        all.keys.shrink_to_fit();
        all.mark_shared();
        all
    }

    /// A building of which several units are listed is one that many share.
    fn mark_shared(&mut self) {
        let shared: Vec<bool> = (0..self.listed.len())
            .map(|at| {
                let own = &self.listed[at].parsed;
                let mut units: Vec<&String> = own.units.iter().chain(&own.floors).take(1).collect();
                for other in self.candidates(own).0 {
                    let other = &self.listed[other as usize].parsed;
                    let unit = other.units.iter().chain(&other.floors).next();
                    if let Some(unit) = unit.filter(|u| !units.contains(u))
                        && compare(own, other, &self.rarity).is_some()
                    {
                        units.push(unit);
                    }
                }
                units.len() >= 3
            })
            .collect();
        for (listed, shared) in self.listed.iter_mut().zip(shared) {
            listed.is_shared = shared;
        }
    }

    /// Whether no entry has an address that can be compared.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Listed addresses that share a number and a distinctive word, ascending; and whether there were too many.
    fn candidates(&self, parsed: &Parsed) -> (Vec<u32>, bool) {
        let mut found: Vec<u32> = Vec::new();
        each_key(parsed, &self.rarity, |key| {
            let from = self.keys.partition_point(|(k, _)| *k < key);
            found.extend(self.keys[from..].iter().take_while(|(k, _)| *k == key).map(|(_, at)| *at));
        });
        found.sort_unstable();
        found.dedup();
        let is_cut = found.len() > MAX_CANDIDATES;
        found.truncate(MAX_CANDIDATES);
        (found, is_cut)
    }

    /// The listed addresses that this address is, the nearest first, one an entry; and whether the search was truncated.
    pub fn find(&self, text: &str) -> (Vec<AddressHit>, bool) {
        self.find_folded(text, &Folded::of(text, Reading::Plain))
    }

    /// The same for an address that is folded as written already.
    pub fn find_folded(&self, text: &str, folded: &Folded) -> (Vec<AddressHit>, bool) {
        if self.listed.is_empty() || text.is_empty() {
            return (Vec::new(), false);
        }
        let parsed = Parsed::of_folded(text, folded);
        let (candidates, is_cut) = self.candidates(&parsed);
        let mut hits: Vec<AddressHit> = Vec::new();
        for at in candidates {
            let listed = &self.listed[at as usize];
            let Some(agreement) = compare(&parsed, &listed.parsed, &self.rarity) else { continue };
            let sameness = match agreement.unit {
                Some(true) => Sameness::Unit,
                Some(false) => Sameness::Building,
                None if listed.is_shared || agreement.is_loose => Sameness::Building,
                None => Sameness::House,
            };
            let score = agreement.score - if sameness == Sameness::Building { 150 } else { 0 };
            hits.push(AddressHit { entry: listed.entry, address: listed.address, sameness, score });
        }
        hits.sort_by(|a, b| {
            (b.sameness, b.score).cmp(&(a.sameness, a.score)).then((a.entry, a.address).cmp(&(b.entry, b.address)))
        });
        let mut seen: Vec<EntryId> = Vec::new();
        hits.retain(|hit| {
            let is_new = !seen.contains(&hit.entry);
            seen.push(hit.entry);
            is_new
        });
        (hits, is_cut)
    }
}

impl Binary for Addresses {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        let Self { listed, keys, rarity: _ } = self;
        listed.write_to(out);
        keys.write_to(out);
    }

    /// The words are counted again.
    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let (listed, keys) = <(Vec<Listed>, Vec<(u64, u32)>)>::read_from(bytes)?;
        let rarity = rarity(&listed);
        Ok(Self { listed, keys, rarity })
    }
}

/// How rare words are among these addresses.
fn rarity(all: &[Listed]) -> Rarity {
    let mut rarity = Rarity { total: all.len() as u32, ..Rarity::default() };
    for listed in all {
        let mut words: Vec<&str> = listed.parsed.places.iter().map(|p| p.text.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        for word in words {
            match rarity.counts.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(rarity.counts.insert(word.into(), 1)),
            }
        }
    }
    rarity
}

/// A key for each number and distinctive word, and for two short words that may be one.
fn each_key(parsed: &Parsed, rarity: &Rarity, mut see: impl FnMut(u64)) {
    let mut numbers: Vec<(u8, &str, u32)> = Vec::new();
    for house in &parsed.houses {
        // The ends of a range; what lies between is rarely how anybody writes a house.
        for number in [house.first, house.last] {
            numbers.push((0, "", number));
        }
    }
    if parsed.houses.is_empty() {
        numbers.extend(parsed.units.iter().map(|unit| (1, unit.as_str(), 0)));
    }
    let mut words: Vec<u64> = Vec::new();
    for (at, place) in parsed.places.iter().enumerate() {
        if place.text.len() > 3 && rarity.weight(&place.text) >= DISTINCTIVE {
            words.push(skeleton(&place.text, ""));
        }
        if let Some(next) = parsed.places.get(at + 1).filter(|_| place.joins) {
            words.push(skeleton(&place.text, &next.text));
        }
    }
    for word in words {
        for (kind, text, number) in &numbers {
            let mut hasher = FxHasher::default();
            (word, kind, text, number).hash(&mut hasher);
            see(hasher.finish());
        }
    }
}

/// What stays of a word when vowels, doubled letters and the g of `ng` are left out: candidates may differ in those.
fn skeleton(first: &str, second: &str) -> u64 {
    let mut hasher = FxHasher::default();
    let mut last = '\0';
    for c in first.chars().chain(second.chars()) {
        let drops = matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h') || c == last || (c == 'g' && last == 'n');
        if !drops || last == '\0' {
            c.hash(&mut hasher);
        }
        last = c;
    }
    hasher.finish()
}

#[cfg(test)]
mod tests;
