//! Two addresses taken apart, compared.

use super::parse::{House, Parsed, Place};
use super::rarity::{DISTINCTIVE, Rarity};

/// What two addresses of one building have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Agreement {
    /// Whether the units agree; `None` when a side does not give one.
    pub(super) unit: Option<bool>,
    /// 0..=1000.
    pub(super) score: u16,
    /// One side gives a direction of the street and the other does not.
    pub(super) is_loose: bool,
}

/// Bits that the words in common must carry together.
const ENOUGH: u32 = 10;

/// `None` when they are not one building.
pub(super) fn compare(a: &Parsed, b: &Parsed, rarity: &Rarity) -> Option<Agreement> {
    let have_houses = !a.houses.is_empty() && !b.houses.is_empty();
    let houses = Houses::compare(a, b, rarity);
    if have_houses && houses.meeting == 0 {
        return None;
    }
    if differ(&a.directions, &b.directions) || differ(&a.ordinals, &b.ordinals) {
        return None;
    }
    let unit = same_unit(a, b);
    // Without a house number on both sides the unit has to speak for the building.
    if !have_houses && unit != Some(true) {
        return None;
    }
    let words = align(&a.places, &b.places, rarity);
    let needed = if have_houses { 1 } else { 2 };
    // Half of what one of the two says must stand in the other: addresses are written at every length.
    let is_half = words.shared_a * 2 >= words.of_a || words.shared_b * 2 >= words.of_b;
    // A word that is only nearly the same proves nothing alone, unless the unit agrees.
    let distinctive = words.distinctive + if unit == Some(true) { words.near_distinctive } else { 0 };
    if words.shared_b < ENOUGH || distinctive < needed || !is_half {
        return None;
    }
    // Another street, or another town, is another place however much the rest agrees.
    // A word that every fourth address has names a country.
    let is_town = |p: &Place| (2..DISTINCTIVE).contains(&rarity.weight(&p.text));
    if contradicts(a, b, |p| p.street.is_some()) || contradicts(a, b, is_town) {
        return None;
    }
    // All words in common and none misspelt is 1000; what only one side says costs little.
    let missing = |shared: u32, of: u32| 30 * (of - shared.min(of)) / of.max(1);
    let missing = missing(words.shared_a, words.of_a) + missing(words.shared_b, words.of_b);
    let score = 1000 - missing - 10 * words.near.min(5);
    let is_loose = a.directions.is_empty() != b.directions.is_empty()
        || a.ordinals.is_empty() != b.ordinals.is_empty()
        || houses.is_doubtful(a, b)
        || differ(&a.posts, &b.posts)
        || contradicts(a, b, |p| p.street.is_none() && rarity.weight(&p.text) >= 2);
    Some(Agreement { unit, score: score as u16, is_loose })
}

/// Whether both say something and nothing in common.
fn differ<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    !a.is_empty() && !b.is_empty() && !a.iter().any(|x| b.contains(x))
}

/// What the house numbers of two addresses have in common.
#[derive(Clone, Copy, Debug, Default)]
struct Houses {
    /// Numbers of the first that stand in the second, on the same street.
    meeting: usize,
    /// Numbers of the side that has fewer.
    fewest: usize,
    /// Some pair of them agrees in the kind of street too, or a side does not say it.
    is_same_kind: bool,
}

impl Houses {
    fn compare(a: &Parsed, b: &Parsed, rarity: &Rarity) -> Self {
        // Where both sides say which number is the house's, no other number of theirs is.
        let all_marked = [a, b].iter().all(|p| p.houses.iter().any(|h| h.is_marked));
        let counted = |p: &'_ House| p.is_marked || !all_marked;
        let mut out = Self::default();
        for x in a.houses.iter().filter(|h| counted(h)) {
            let mut meets = false;
            for y in b.houses.iter().filter(|h| counted(h)) {
                let (own, others) = (&a.places[x.street.clone()], &b.places[y.street.clone()]);
                if !x.meets(y) || !is_same_street(own, others, rarity) {
                    continue;
                }
                meets = true;
                let kind = |places: &[Place]| places.iter().find_map(|p| p.street);
                out.is_same_kind |= kind(own).zip(kind(others)).is_none_or(|(own, others)| own == others);
            }
            out.meeting += usize::from(meets);
        }
        let count = |p: &Parsed| p.houses.iter().filter(|h| counted(h)).count();
        out.fewest = count(a).min(count(b));
        out
    }

    /// Numbers that disagree are evidence against, even where one agrees; so is a square where a street is listed.
    fn is_doubtful(&self, a: &Parsed, b: &Parsed) -> bool {
        !a.houses.is_empty() && !b.houses.is_empty() && (self.meeting * 2 < self.fewest || !self.is_same_kind)
    }
}

/// Whether the words beside two numbers can be one street: half of what one of them says stands in the other.
fn is_same_street(a: &[Place], b: &[Place], rarity: &Rarity) -> bool {
    let words = align(a, b, rarity);
    words.of_a == 0 || words.of_b == 0 || words.shared_a * 2 >= words.of_a || words.shared_b * 2 >= words.of_b
}

/// Whether both have words of a kind, and none of either stands in the other.
fn contradicts(a: &Parsed, b: &Parsed, is_kind: impl Fn(&Place) -> bool) -> bool {
    let stands_in = |word: &Place, at: usize, from: &Parsed, other: &Parsed| {
        let joined = from.places.get(at + 1).filter(|_| word.joins).map(|next| format!("{}{}", word.text, next.text));
        let before = at.checked_sub(1).and_then(|n| from.places.get(n)).filter(|p| p.joins);
        let joined_before = before.map(|p| format!("{}{}", p.text, word.text));
        other.places.iter().enumerate().filter(|(_, p)| is_kind(p)).any(|(n, p)| {
            let is_same = |text: &str| p.text == text || is_near(&p.text, text);
            is_same(&word.text)
                || joined.as_deref().is_some_and(is_same)
                || joined_before.as_deref().is_some_and(is_same)
                || other.places.get(n + 1).is_some_and(|q| p.joins && is_joined(&word.text, &p.text, &q.text))
        })
    };
    let any = |x: &Parsed| x.places.iter().any(&is_kind);
    let meets = |x: &Parsed, y: &Parsed| {
        x.places.iter().enumerate().any(|(at, word)| is_kind(word) && stands_in(word, at, x, y))
    };
    any(a) && any(b) && !meets(a, b) && !meets(b, a)
}

/// `None` when a side says neither unit nor floor, or they speak of different things.
fn same_unit(a: &Parsed, b: &Parsed) -> Option<bool> {
    let meet = |x: &[String], y: &[String]| x.iter().any(|u| y.contains(u));
    let floors = (!a.floors.is_empty() && !b.floors.is_empty()).then(|| meet(&a.floors, &b.floors));
    match (a.units.is_empty(), b.units.is_empty()) {
        // A block that differs is another building of the same yard.
        _ if !a.blocks.is_empty() && !b.blocks.is_empty() && !meet(&a.blocks, &b.blocks) => Some(false),
        (false, false) => Some(meet(&a.units, &b.units) && floors != Some(false)),
        (true, true) => match floors {
            Some(agree) => Some(agree),
            // Neither says more than the house: that is all there is to agree on.
            None if a.floors.is_empty() && b.floors.is_empty() => None,
            None => None,
        },
        _ => {
            if floors == Some(false) {
                Some(false)
            } else {
                None
            }
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Words {
    /// Bits of the first that stand in the second.
    shared_a: u32,
    /// Bits of the second that stand in the first.
    shared_b: u32,
    /// Words in common that say where, letter by letter.
    distinctive: u32,
    /// Words in common that say where and are nearly the same.
    near_distinctive: u32,
    /// Words in common that are spelt differently.
    near: u32,
    of_a: u32,
    of_b: u32,
}

/// Aligns the words of two addresses in any order; each is used once.
fn align(a: &[Place], b: &[Place], rarity: &Rarity) -> Words {
    let weigh = |p: &Place| rarity.weight(&p.text);
    let mut words = Words { of_a: sum_once(a, rarity), of_b: sum_once(b, rarity), ..Words::default() };
    let mut used = vec![false; b.len()];
    let mut at = 0;
    while at < a.len() {
        let place = &a[at];
        // The same word twice in one address says nothing new.
        if a[..at].iter().any(|p| p.text == place.text) {
            at += 1;
            continue;
        }
        let find = |used: &[bool], test: &dyn Fn(usize) -> bool| (0..b.len()).find(|i| !used[*i] && test(*i));
        if let Some(hit) = find(&used, &|i| b[i].text == place.text) {
            used[hit] = true;
            words.add(weigh(place), weigh(&b[hit]), false);
            at += 1;
            continue;
        }
        // Two of ours are one of theirs.
        if let Some(next) = a.get(at + 1).filter(|_| place.joins) {
            let joined = format!("{}{}", place.text, next.text);
            if let Some(hit) = find(&used, &|i| b[i].text == joined || is_near(&b[i].text, &joined)) {
                used[hit] = true;
                words.add(weigh(place) + weigh(next), weigh(&b[hit]), b[hit].text != joined);
                at += 2;
                continue;
            }
        }
        // One of ours is two of theirs.
        if let Some(hit) = find(&used, &|i| {
            b[i].joins
                && b.get(i + 1).is_some_and(|next| !used[i + 1] && is_joined(&place.text, &b[i].text, &next.text))
        }) {
            used[hit] = true;
            used[hit + 1] = true;
            words.add(weigh(place), weigh(&b[hit]) + weigh(&b[hit + 1]), false);
            at += 1;
            continue;
        }
        if let Some(hit) = find(&used, &|i| is_near(&b[i].text, &place.text)) {
            used[hit] = true;
            words.add(weigh(place), weigh(&b[hit]), true);
        }
        at += 1;
    }
    words
}

impl Words {
    fn add(&mut self, of_a: u32, of_b: u32, is_near: bool) {
        self.shared_a += of_a;
        self.shared_b += of_b;
        let tells = u32::from(of_a.min(of_b) >= DISTINCTIVE);
        self.distinctive += if is_near { 0 } else { tells };
        self.near_distinctive += if is_near { tells } else { 0 };
        self.near += u32::from(is_near);
    }
}

fn sum_once(places: &[Place], rarity: &Rarity) -> u32 {
    let is_first = |at: &usize| places[..*at].iter().all(|p| p.text != places[*at].text);
    (0..places.len()).filter(is_first).map(|at| rarity.weight(&places[at].text)).sum()
}

fn is_joined(whole: &str, first: &str, second: &str) -> bool {
    whole.strip_prefix(first).is_some_and(|rest| rest == second)
}

/// One letter added, left out or changed, in words of at least five letters.
pub(super) fn is_near(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 5 || long.len() - short.len() > 1 || !a.is_ascii() || !b.is_ascii() {
        return false;
    }
    let same = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
    let (rest_short, rest_long) = (&short[same..], &long[same..]);
    if short.len() == long.len() {
        let swapped = rest_short.len() >= 2
            && rest_short.as_bytes()[0] == rest_long.as_bytes()[1]
            && rest_short.as_bytes()[1] == rest_long.as_bytes()[0]
            && rest_short[2..] == rest_long[2..];
        swapped || rest_short.get(1..) == rest_long.get(1..)
    } else {
        Some(rest_short) == rest_long.get(1..)
    }
}
