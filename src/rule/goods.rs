//! Brands in goods: `lists/brands.toml`, matched in goods text.
//!
//! A brand says what the goods are, never who takes part. A word that is also an everyday word counts only beside
//! a word of the lexicon's context, its maker or another of its maker's brands.

use crate::text::{Folded, Reading};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::Deserialize;
use std::sync::OnceLock;
use toml::value::Datetime;

const TEXT: &str = include_str!("../../lists/brands.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    lexicon: Heading,
    brand: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "read")]
    _read: Datetime,
    context: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    kind: String,
    maker: String,
    entry_list: Option<String>,
    entry_id: Option<String>,
    spellings: Vec<String>,
    #[serde(default)]
    needs_context: bool,
    citation: String,
    #[serde(default)]
    source_url: String,
    #[serde(rename = "read")]
    _read: Datetime,
}

/// A brand or model of the lexicon.
#[derive(Clone, Debug)]
pub struct Brand {
    /// The brand or model, as its maker writes it.
    pub name: String,
    /// Whether it is a model rather than a brand.
    pub is_model: bool,
    /// Who makes it.
    pub maker: String,
    /// List and id of the maker's row in the built-in lists, where there is one.
    pub entry: Option<(String, String)>,
    /// Where the fact was read.
    pub citation: String,
    needs_context: bool,
}

/// A brand found in goods text.
#[derive(Clone, Copy, Debug)]
pub struct BrandHit<'a> {
    /// What was found.
    pub brand: &'a Brand,
    /// First squeezed byte.
    pub start: usize,
    /// One past the last squeezed byte.
    pub end: usize,
}

#[derive(Clone, Copy, Debug)]
enum Meaning {
    Brand(u32),
    Maker(u32),
    Context,
}

/// The brand and model lexicon.
#[derive(Debug)]
pub struct Lexicon {
    brands: Vec<Brand>,
    automaton: AhoCorasick,
    /// For each pattern, what it means; a word may mean several things.
    meanings: Vec<Vec<Meaning>>,
}

impl Lexicon {
    /// The lexicon that ships with the binary.
    pub fn get() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::read(TEXT).expect("the lexicon that ships is read by a test"))
    }

    fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut patterns: Vec<String> = Vec::new();
        let mut meanings: Vec<Vec<Meaning>> = Vec::new();
        let mut add = |spelling: &str, meaning: Meaning| {
            let squeezed = Folded::of(spelling, Reading::Plain).squeezed().to_owned();
            match patterns.iter().position(|p| *p == squeezed) {
                Some(at) => meanings[at].push(meaning),
                None => {
                    patterns.push(squeezed);
                    meanings.push(vec![meaning]);
                }
            }
        };
        for word in &file.lexicon.context {
            add(word, Meaning::Context);
        }
        let mut brands = Vec::with_capacity(file.brand.len());
        for (number, row) in file.brand.into_iter().enumerate() {
            for spelling in &row.spellings {
                add(spelling, Meaning::Brand(number as u32));
            }
            add(&row.maker, Meaning::Maker(number as u32));
            let citation =
                if row.source_url.is_empty() { row.citation } else { format!("{} <{}>", row.citation, row.source_url) };
            brands.push(Brand {
                name: row.name,
                is_model: row.kind == "model",
                maker: row.maker,
                entry: row.entry_list.zip(row.entry_id),
                citation,
                needs_context: row.needs_context,
            });
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            // A few hundred short words: the fastest kind costs little memory here.
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns.iter().map(String::as_bytes))
            .map_err(|e| e.to_string())?;
        Ok(Self { brands, automaton, meanings })
    }

    /// Brands in goods text, in order of place; `found` is called once for each place.
    pub fn find<'a>(&'a self, folded: &Folded, mut found: impl FnMut(BrandHit<'a>)) {
        let mut places: Vec<(usize, usize, u32)> = Vec::new();
        let mut has_context = false;
        let mut makers: Vec<u32> = Vec::new();
        for m in self.automaton.find_overlapping_iter(folded.squeezed().as_bytes()) {
            if !ends_a_word(folded, m.start(), m.end()) {
                continue;
            }
            for meaning in &self.meanings[m.pattern().as_usize()] {
                match *meaning {
                    Meaning::Context => has_context = true,
                    Meaning::Maker(brand) => makers.push(brand),
                    Meaning::Brand(brand) => places.push((m.start(), m.end(), brand)),
                }
            }
        }
        places.sort_unstable();
        for &(start, end, number) in &places {
            let brand = &self.brands[number as usize];
            let stands_alone = |other: &Brand| !other.needs_context && other.maker == brand.maker;
            let beside_kin = || {
                makers.contains(&number) || places.iter().any(|&(.., other)| stands_alone(&self.brands[other as usize]))
            };
            if !brand.needs_context || has_context || beside_kin() {
                found(BrandHit { brand, start, end });
            }
        }
    }
}

/// On token boundaries; a digit may follow the letters, as in `MAVIC3`.
fn ends_a_word(folded: &Folded, start: usize, end: usize) -> bool {
    let bytes = folded.squeezed().as_bytes();
    folded.is_boundary(start)
        && (folded.is_boundary(end) || (bytes[end].is_ascii_digit() && bytes[end - 1].is_ascii_alphabetic()))
        && (end - start >= 3 || !bytes[start].is_ascii())
        && (end - start > 6 || folded.token_at(start) == folded.token_at(end - 1) || !bytes[start].is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brands(text: &str) -> Vec<String> {
        let lexicon = Lexicon::get();
        let mut names = Vec::new();
        lexicon.find(&Folded::of(text, Reading::Plain), |hit| names.push(hit.brand.name.clone()));
        names
    }

    #[test]
    fn finds_brands_and_leaves_everyday_words() {
        assert_eq!(brands("MAVIC 3 DRONE PARTS"), ["Mavic"]);
        assert_eq!(brands("DJI MAVIC3"), ["DJI", "Mavic"]);
        assert!(brands("spark plugs and phantom power adapters").is_empty());
        assert!(brands("PARTS FOR DRONES: PHANTOM 4").contains(&"Phantom".to_owned()));
    }
}
