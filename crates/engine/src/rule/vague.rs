//! `GOODS_VAGUE`: what a goods text says once quantities, packages, marks, references, looks
//! and brands are taken off.
//!
//! A text is vague when what is left is a phrase of a published list, only words for whole classes of goods, one thing
//! followed by "parts", or nothing that names goods. One word that names goods makes it specific, wherever it stands.
//! What is said is judged, not whether it is true. Texts in other scripts are not judged: the words are not known.

use super::case::Case;
use super::draft::{Draft, span};
use super::fact::{GoodsLine, RuleFact, Ruled, Vagueness};
use super::invalid::invalid;
use super::pack::{Error, Fact, Heading, Text, cited};
use super::prepared::Line;
use super::terms::Terms;
use model::finding::{Evidence, EvidenceKind, Reason, Severity};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use text::{Folded, Reading};
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermFile {
    pack: Heading,
    list: Vec<TermRow>,
}

cited! {
    struct TermRow {
        id: String,
        title: String,
        #[serde(default)]
        standalone: Vec<Spanned<String>>,
        #[serde(default)]
        anywhere: Vec<Spanned<String>>,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordFile {
    #[serde(rename = "pack")]
    _pack: Heading,
    words: Words,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Words {
    grammar: String,
    package: String,
    look: String,
    generic: String,
    heads: String,
    material: String,
    form: String,
    purpose: String,
    tool: String,
    chemical_endings: String,
    specific: String,
    nomenclature: String,
}

/// What a word says. A word of several lists has several bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Says(u16);

impl Says {
    /// Grammar and trade papers, looks: nothing about which goods.
    const EMPTY: Self = Self(1);
    /// Quantities, units and packages.
    const PACKAGE: Self = Self(2);
    /// A class of goods too wide to tell.
    const GENERIC: Self = Self(4);
    const HEAD: Self = Self(8);
    const MATERIAL: Self = Self(16);
    const FORM: Self = Self(32);
    const PURPOSE: Self = Self(64);
    const TOOL: Self = Self(128);
    /// Names goods.
    const SPECIFIC: Self = Self(256);
    /// Names goods in the Harmonized System, unless a list above knows better.
    const NOMENCLATURE: Self = Self(512);
    /// Begins a phrase of a published list, and says nothing by that.
    const BEGINS: Self = Self(1024);

    /// What the word says; `None` where it only begins a phrase.
    fn known(self) -> Option<Self> {
        let said = Self(self.0 & !Self::BEGINS.0);
        (said != Self::default()).then_some(said)
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn names_goods(self) -> bool {
        let known_better = Self(Self::EMPTY.0 | Self::PACKAGE.0 | Self::GENERIC.0 | Self::MATERIAL.0 | Self::FORM.0);
        self.has(Self::SPECIFIC) || (self.has(Self::NOMENCLATURE) && !self.has(known_better))
    }

    /// Says nothing of which goods: not even a class of them.
    fn is_empty(self) -> bool {
        self.has(Self(Self::EMPTY.0 | Self::PACKAGE.0)) && !self.names_goods()
    }
}

/// Words and phrases by which goods texts are judged.
#[derive(Debug, Default)]
pub(super) struct Vague {
    standalone: Terms,
    anywhere: Terms,
    facts: Vec<Fact>,
    words: FxHashMap<Box<str>, Says>,
    /// Endings of chemical names, by their last two bytes.
    endings: FxHashMap<[u8; 2], Vec<Box<str>>>,
}

/// A verdict on one text.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) why: Vagueness,
    /// First and last token of what was judged.
    pub(super) tokens: (usize, usize),
    fact: Option<u32>,
    /// Words with letters, and how many of them name no goods.
    counts: (usize, usize),
}

/// The score of a text that is vague in this way, in thousandths.
fn score_of(why: Vagueness) -> u16 {
    match why {
        Vagueness::Listed => 1000,
        Vagueness::Holds => 950,
        Vagueness::OnlyClasses => 900,
        Vagueness::PartsOf => 700,
        Vagueness::NoGoods => 600,
    }
}

/// In which way a text is vague, its first and last token that say so, and the number of the list's fact.
type Found = (Vagueness, (usize, usize), Option<u32>);

/// What the words of a text say.
#[derive(Debug, Default)]
struct Said {
    /// One a token; `None` for a word that is not known.
    says: Vec<Option<Says>>,
    /// What any of them says.
    any: Says,
    /// Words with letters.
    with_letters: usize,
    /// Those of them that name no goods.
    silent: usize,
    /// Whether one may begin a phrase that counts anywhere.
    begins_phrase: bool,
}

impl Said {
    fn all(&self) -> (usize, usize) {
        (0, self.says.len() - 1)
    }

    /// A text of no list's phrase is vague when its words name no goods, or one thing and "parts".
    fn unlisted(&self) -> Option<Found> {
        let (says, any) = (&self.says, self.any);
        let names_goods = |at: usize| says[at].is_some_and(Says::names_goods);
        let names_together =
            (any.has(Says::MATERIAL) && any.has(Says::FORM)) || (any.has(Says::PURPOSE) && any.has(Says::TOOL));
        if !names_together && !(0..says.len()).any(names_goods) {
            return self.without_goods();
        }
        let has_content = |what: &Option<Says>| !what.is_some_and(Says::is_empty);
        let mut content = says.iter().enumerate().filter(|(_, what)| has_content(what)).map(|(at, _)| at);
        match (content.next(), content.next(), content.next()) {
            (Some(thing), Some(head), None) if names_goods(thing) && says[head].is_some_and(|s| s.has(Says::HEAD)) => {
                Some((Vagueness::PartsOf, (thing, head), None))
            }
            _ => None,
        }
    }

    /// No word names goods. A long text of mostly unknown words is not judged.
    fn without_goods(&self) -> Option<Found> {
        let unknown = self.says.iter().filter(|what| what.is_none()).count();
        if unknown == self.says.len() {
            return (unknown < OTHER_LANGUAGE).then(|| (Vagueness::NoGoods, self.all(), None));
        }
        let is_other_language =
            unknown >= OTHER_LANGUAGE && unknown * 2 > self.with_letters && !self.any.has(Says::GENERIC);
        (!is_other_language).then(|| (Vagueness::OnlyClasses, self.all(), None))
    }
}

/// A text of this many unknown words and no known one is more likely another language than a vague text.
const OTHER_LANGUAGE: usize = 4;

impl Vague {
    #[cfg(test)]
    pub(super) fn facts(&self) -> Vec<&Fact> {
        self.facts.iter().collect()
    }

    pub(super) fn add_terms(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: TermFile = text.parse()?;
        for row in file.list {
            let fact = text.fact(&file.pack, &row.id, &row.title, row.source())?;
            let number = self.facts.len() as u32;
            self.facts.push(fact);
            for phrase in &row.anywhere {
                let folded = Folded::of(phrase.get_ref(), Reading::Plain);
                if let Some(first) = folded.tokens().first() {
                    self.words.entry(folded.text(*first).into()).or_default().0 |= Says::BEGINS.0;
                }
            }
            for (terms, known) in [(&row.standalone, &mut self.standalone), (&row.anywhere, &mut self.anywhere)] {
                for term in terms {
                    if !known.add(term.get_ref(), number) {
                        return Err(text.error(term.span(), "a term without letters or digits"));
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn add_words(&mut self, text: Text<'_>) -> Result<(), Error> {
        let words = text.parse::<WordFile>()?.words;
        for (list, says) in [
            (&words.grammar, Says::EMPTY),
            (&words.look, Says::EMPTY),
            (&words.package, Says::PACKAGE),
            (&words.generic, Says::GENERIC),
            (&words.heads, Says(Says::HEAD.0 | Says::GENERIC.0)),
            (&words.material, Says::MATERIAL),
            (&words.form, Says::FORM),
            (&words.purpose, Says::PURPOSE),
            (&words.tool, Says::TOOL),
            (&words.specific, Says::SPECIFIC),
            (&words.nomenclature, Says::NOMENCLATURE),
        ] {
            for word in list.split_whitespace() {
                let folded = Folded::of(word, Reading::Plain);
                self.words.entry(folded.squeezed().into()).or_default().0 |= says.0;
            }
        }
        for ending in words.chemical_endings.split_whitespace() {
            let Some(last) = ending.as_bytes().last_chunk() else {
                return Err(text.error(0..0, "an ending of one letter, expected two or more"));
            };
            self.endings.entry(*last).or_default().push(ending.into());
        }
        Ok(())
    }

    /// What the tables say of a word as it is written.
    fn known(&self, word: &str) -> Option<Says> {
        self.words.get(word).and_then(|says| says.known())
    }

    /// What a word says that the tables do not know as it is written; `None` when it is not known otherwise either.
    fn says(&self, word: &str, scratch: &mut String) -> Option<Says> {
        if word.bytes().any(|b| b.is_ascii_digit()) {
            // `240ml`, `B08XK2`: a quantity or a reference, unless its letters say more.
            let mut letters = word.split(|c: char| c.is_ascii_digit()).filter(|part| part.len() >= 3);
            return Some(letters.find_map(|part| self.known(part)).unwrap_or(Says::PACKAGE));
        }
        if word.len() < 3 {
            return Some(Says::PACKAGE);
        }
        if let Some(stem) = word.strip_suffix('s') {
            if let Some(says) = self.known(stem).or_else(|| self.known(stem.strip_suffix('e')?)) {
                return Some(says);
            }
            if let Some(stem) = stem.strip_suffix("ie") {
                scratch.clear();
                scratch.push_str(stem);
                scratch.push('y');
                if let Some(says) = self.known(scratch) {
                    return Some(says);
                }
            }
        }
        let stem = word.strip_suffix('s').unwrap_or(word);
        let endings = stem.as_bytes().last_chunk().and_then(|last| self.endings.get(last)).filter(|_| word.len() >= 7);
        endings.is_some_and(|endings| endings.iter().any(|e| stem.ends_with(&**e))).then_some(Says::SPECIFIC)
    }

    /// Judges one text; `brands` are the tokens that brands and models take.
    pub(super) fn judge(&self, folded: &Folded, brands: &[bool]) -> Option<Verdict> {
        let said = self.read(folded, brands);
        if said.with_letters == 0 {
            return None;
        }
        let (why, tokens, fact) = self.listed(folded, &said).or_else(|| said.unlisted())?;
        Some(Verdict { why, tokens, fact, counts: (said.with_letters, said.silent) })
    }

    /// Looks up every word of a text.
    fn read(&self, folded: &Folded, brands: &[bool]) -> Said {
        let mut said = Said { says: Vec::with_capacity(folded.tokens().len()), ..Said::default() };
        let mut scratch = String::new();
        for (at, &token) in folded.tokens().iter().enumerate() {
            let word = folded.text(token);
            let as_written = self.words.get(word).copied().unwrap_or_default();
            said.begins_phrase |= as_written.has(Says::BEGINS);
            let what = match brands.get(at) {
                Some(true) => Some(Says::EMPTY),
                _ => as_written.known().or_else(|| self.says(word, &mut scratch)),
            };
            if !word.bytes().all(|b| b.is_ascii_digit()) {
                said.with_letters += 1;
                said.silent += usize::from(!what.is_some_and(Says::names_goods));
            }
            said.any.0 |= what.unwrap_or_default().0;
            said.says.push(what);
        }
        said
    }

    /// A phrase of a published list: the whole text, all but quantities and packages at its ends, or a part of it.
    fn listed(&self, folded: &Folded, said: &Said) -> Option<Found> {
        if let Some(hit) = self.standalone.whole(folded) {
            return Some((Vagueness::Listed, said.all(), Some(hit.value)));
        }
        let is_bare = |what: &Option<Says>| !what.is_some_and(|s| s.has(Says::PACKAGE));
        let bare = said.says.iter().position(is_bare).zip(said.says.iter().rposition(is_bare));
        if let Some((first, last)) = bare
            && let Some(hit) = self.standalone.exactly(folded, first, last)
        {
            return Some((Vagueness::Listed, (first, last), Some(hit.value)));
        }
        let hit = said.begins_phrase.then(|| self.anywhere.first(folded))??;
        Some((Vagueness::Holds, (hit.first, hit.last), Some(hit.value)))
    }

    /// `GOODS_VAGUE`, over the descriptions of all goods lines; those that are none are another rule's.
    pub(super) fn find(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let lines = case.shipment.goods.len();
        let (mut has_text, mut judged) = (false, false);
        let mut brands: Vec<bool> = Vec::new();
        for (line, goods) in case.shipment.goods.iter().enumerate() {
            if case.stop.is_due() {
                break;
            }
            let text = &goods.description;
            if text.trim().is_empty() || invalid(text).is_some() {
                continue;
            }
            has_text = true;
            let Line { folded, brands: found } = case.prepared.line(line);
            let listed = || self.standalone.whole(folded).is_some() || self.anywhere.first(folded).is_some();
            if folded.is_foreign() && !listed() {
                continue;
            }
            judged = true;
            brands.clear();
            brands.resize(folded.tokens().len(), false);
            for &(first, last) in found {
                brands[first as usize..=last as usize].fill(true);
            }
            let Some(verdict) = self.judge(folded, &brands) else { continue };
            let fact = verdict.fact.and_then(|f| self.facts.get(f as usize));
            let found = span(text, folded, verdict.tokens.0, verdict.tokens.1);
            let (words, silent) = verdict.counts;
            let share = silent * 1000 / words.max(1);
            out.push(
                Draft {
                    reason: Reason::GoodsVague,
                    severity: Severity::Info,
                    score: score_of(verdict.why),
                    path: format!("goods[{line}].description"),
                    matched: found.text.clone(),
                    says: RuleFact::Vague {
                        line: GoodsLine { line, of: lines },
                        text: found.text.clone(),
                        why: verdict.why,
                        list: fact.map(|f| f.title.clone()),
                    },
                    spans: vec![found],
                    fact,
                    evidence: vec![Evidence {
                        kind: EvidenceKind::SaysNothing,
                        points: share as i32,
                        detail: format!("{silent} of {words} words name no goods"),
                    }],
                }
                .finish(),
            );
        }
        if !has_text {
            Some("no goods line has a description")
        } else if !judged {
            Some("the descriptions are in a script whose words are not known")
        } else {
            None
        }
    }
}
