//! Brands and models in goods: packs of the kind `brands`, matched in goods text.
//!
//! A brand says what the goods are, never who takes part. A word that is also an everyday word counts only beside
//! a word of the lexicon's context, its maker or another of its maker's brands.

use super::pack::{Error, Heading, Text};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::Deserialize;
use text::{Folded, Reading};
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "pack")]
    _pack: Heading,
    #[serde(default)]
    context: Vec<String>,
    brand: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    kind: Spanned<String>,
    maker: String,
    entry_list: Option<String>,
    entry_id: Option<String>,
    spellings: Vec<Spanned<String>>,
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
    /// List and id of the maker's entry in the built-in lists, where there is one.
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

impl BrandHit<'_> {
    /// First and last token of the text it was found in.
    pub fn tokens(&self, folded: &Folded) -> (u32, u32) {
        (folded.token_at(self.start) as u32, folded.token_at(self.end - 1) as u32)
    }
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

/// A lexicon being gathered from packs.
#[derive(Debug, Default)]
pub(super) struct LexiconDraft {
    brands: Vec<Brand>,
    patterns: Vec<String>,
    meanings: Vec<Vec<Meaning>>,
}

impl LexiconDraft {
    fn pattern(&mut self, spelling: &str, meaning: Meaning) -> bool {
        let squeezed = Folded::of(spelling, Reading::Plain).squeezed().to_owned();
        if squeezed.is_empty() {
            return false;
        }
        match self.patterns.iter().position(|p| *p == squeezed) {
            Some(at) => self.meanings[at].push(meaning),
            None => {
                self.patterns.push(squeezed);
                self.meanings.push(vec![meaning]);
            }
        }
        true
    }

    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for word in &file.context {
            self.pattern(word, Meaning::Context);
        }
        for row in file.brand {
            let number = self.brands.len() as u32;
            let is_model = match row.kind.get_ref().as_str() {
                "model" => true,
                "brand" => false,
                other => {
                    return Err(
                        text.error(row.kind.span(), format_args!("unknown kind `{other}`, expected brand or model"))
                    );
                }
            };
            for spelling in &row.spellings {
                if !self.pattern(spelling.get_ref(), Meaning::Brand(number)) {
                    return Err(text.error(spelling.span(), "a spelling without letters or digits"));
                }
            }
            self.pattern(&row.maker, Meaning::Maker(number));
            let citation =
                if row.source_url.is_empty() { row.citation } else { format!("{} <{}>", row.citation, row.source_url) };
            self.brands.push(Brand {
                name: row.name,
                is_model,
                maker: row.maker,
                entry: row.entry_list.zip(row.entry_id),
                citation,
                needs_context: row.needs_context,
            });
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Lexicon {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            // A few hundred short words: the fastest kind costs little memory here.
            .kind(Some(AhoCorasickKind::DFA))
            .build(self.patterns.iter().map(String::as_bytes))
            .expect("a lexicon is far below the limits of the automaton");
        Lexicon { brands: self.brands, automaton, meanings: self.meanings }
    }
}

impl Lexicon {
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
        let rules = crate::rule::Rules::builtin();
        let lexicon = rules.lexicon();
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
