//! How usual a word is among the names of people, by region.

use super::counts::log2_tenths;
use model::country::Country;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

const PEOPLE: &str = include_str!("../../../../../lists/person_names.tsv");

/// Counts of words in people's names.
#[derive(Debug)]
pub(in crate::name) struct People {
    text: &'static str,
    regions: Vec<Region>,
    words: FxHashMap<&'static str, Borne>,
}

/// Countries that share their names.
#[derive(Debug)]
struct Region {
    code: &'static str,
    people: u64,
    countries: &'static str,
}

/// How often a word is borne.
#[derive(Clone, Copy, Debug)]
struct Borne {
    /// Where the file counts it, region by region.
    start: u32,
    length: u16,
    /// How rare it is where it is most usual, in tenths of a bit.
    rarity: u8,
}

impl People {
    /// The counts that ship with the binary.
    pub(in crate::name) fn get() -> &'static Self {
        static TABLE: OnceLock<People> = OnceLock::new();
        TABLE.get_or_init(|| Self::read(PEOPLE).expect("the counts that ship are read by a test"))
    }

    /// `None` when a line is not a region or a word and its counts.
    fn read(text: &'static str) -> Option<Self> {
        let (head, words) = text.split_once("\n\n")?;
        let region = |line: &'static str| {
            let (code, rest) = line.split_once('\t')?;
            let (people, countries) = rest.split_once('\t')?;
            Some(Region { code, people: people.parse().ok().filter(|people| *people > 0)?, countries })
        };
        let regions = head.lines().filter(|line| !line.starts_with('#')).map(region).collect::<Option<_>>()?;
        let mut table = Self { text, regions, words: FxHashMap::default() };
        table.words.reserve(words.lines().count());
        let mut start = text.len() - words.len();
        for line in words.lines() {
            let (word, counts) = line.split_once('\t')?;
            let usual = table.shares(counts).try_fold(0, |most, share| Some(share?.1.max(most)))?;
            let rarity = u8::try_from(rarity_of(usual)).ok()?;
            let (at, length) = (u32::try_from(start + word.len() + 1).ok()?, u16::try_from(counts.len()).ok()?);
            table.words.insert(word, Borne { start: at, length, rarity });
            start += line.len() + 1;
        }
        Some(table)
    }

    /// Each region of a line of counts with the share of its people, in parts of 2^32; `None` for what is no count.
    fn shares<'a>(&'a self, counts: &'a str) -> impl Iterator<Item = Option<(&'a Region, u64)>> {
        counts.split(' ').map(|one| {
            let (code, count) = one.split_at_checked(2)?;
            let region = self.regions.iter().find(|region| region.code == code)?;
            Some((region, (count.parse::<u64>().ok()? << 32) / region.people))
        })
    }

    /// How rare a name is where it is most usual, in tenths of a bit; `None` for one that few bear anywhere.
    pub(in crate::name) fn rarity(&self, word: &str) -> Option<i32> {
        self.words.get(word).map(|borne| i32::from(borne.rarity))
    }

    /// How rare a name is among the parties of a country, in tenths of a bit; where the country is not known or not
    /// counted, where it is most usual.
    pub(in crate::name) fn rarity_in(&self, word: &str, country: Option<Country>) -> Option<i32> {
        let borne = self.words.get(word)?;
        let of_country =
            |region: &&Region| country.is_some_and(|c| region.countries.split(' ').any(|of| of == c.code()));
        let Some(region) = self.regions.iter().find(of_country) else { return Some(i32::from(borne.rarity)) };
        let counts = &self.text[borne.start as usize..][..usize::from(borne.length)];
        let (mut there, mut most) = (0, 0);
        for (of, share) in self.shares(counts).flatten() {
            most = share.max(most);
            if of.code == region.code {
                there = share;
            }
        }
        // Half of the country's parties are taken to bear names of elsewhere: people move.
        Some(rarity_of(there.midpoint(most)))
    }
}

/// How rare a share of parts of 2^32 is, in tenths of a bit.
fn rarity_of(share: u64) -> i32 {
    320 - log2_tenths(u32::try_from(share).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_less_rare_where_they_are_usual() {
        let people = People::get();
        let of = |word: &str| people.rarity(word);
        assert!(of("ali") < of("hassan") && of("hassan") < of("haidar"), "{:?} {:?}", of("hassan"), of("haidar"));
        assert_eq!(of("kronshtadt"), None);
        let there = |code: &str| people.rarity_in("garcia", Country::from_code(code));
        assert!(there("MX") < there("RU"), "{:?} {:?}", there("MX"), there("RU"));
        assert_eq!(people.rarity_in("garcia", None), of("garcia"));
    }

    /// A name that is counted is in no hand list too.
    #[test]
    fn hand_lists_have_what_is_not_counted() {
        let words: toml::Table = include_str!("../../../../../lists/words.toml").parse().expect("the words are TOML");
        let lines = words["surnames"].as_array().expect("a list").iter().filter_map(|line| line.as_str());
        let counted: Vec<&str> =
            lines.flat_map(str::split_whitespace).filter(|name| People::get().rarity(name).is_some()).collect();
        assert!(counted.is_empty(), "person_names.tsv has {counted:?} too: take them out of words.toml");
    }

    #[test]
    fn a_file_of_another_form_is_refused() {
        for text in
            ["", "us\t10\tUS\n", "us\t0\tUS\n\nsmith\tus1\n", "us\t10\tUS\n\nsmith\tfr1\n", "us\t10\tUS\n\nsmith us1\n"]
        {
            assert!(People::read(text).is_none(), "{text:?}");
        }
        assert!(People::read("# made\nus\t10\tUS\n\nsmith\tus1\n").is_some());
    }
}
