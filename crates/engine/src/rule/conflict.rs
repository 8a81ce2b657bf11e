//! `GOODS_CODE_CONFLICT`: the goods text says one thing and the goods code another.

use super::case::Case;
use super::draft::{Draft, span, whole};
use super::fact::{GoodsLine, RuleFact, Ruled, Side};
use super::pack::{Error, Fact, Heading, Source, Text};
use super::prepared::Line;
use super::terms::Terms;
use super::vague::Vague;
use model::finding::{Evidence, EvidenceKind, Reason, Severity, Span};
use model::shipment::Goods;
use serde::Deserialize;
use text::Folded;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pack: Heading,
    conflict: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    means: String,
    says: Vec<Spanned<String>>,
    #[serde(default)]
    right: Vec<Spanned<String>>,
    wrong: Vec<Spanned<String>>,
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    #[serde(default)]
    beside: Vec<Spanned<String>>,
    #[serde(default)]
    only: Vec<Spanned<String>>,
}

#[derive(Debug)]
struct Conflict {
    means: String,
    fact: Fact,
    says: Terms,
    unless: Terms,
    beside: Terms,
    right: Vec<String>,
    wrong: Vec<String>,
    only: Vec<String>,
}

/// What texts and codes may not say together.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    conflicts: Vec<Conflict>,
}

impl Conflicts {
    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.conflict {
            let fact = text.fact(&file.pack, &row.id, &row.means, Source::default())?;
            let terms = |given: &[Spanned<String>]| {
                let mut terms = Terms::default();
                for term in given {
                    if !terms.add(term.get_ref(), 0) {
                        return Err(text.error(term.span(), "a word without letters or digits"));
                    }
                }
                Ok(terms)
            };
            let headings = |given: &[Spanned<String>]| {
                let is_code = |code: &str| (2..=10).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
                match given.iter().find(|code| !is_code(code.get_ref())) {
                    Some(code) => Err(text.error(
                        code.span(),
                        format_args!("invalid code `{}`, expected 2 to 10 digits", code.get_ref()),
                    )),
                    None => Ok(given.iter().map(|code| code.get_ref().clone()).collect()),
                }
            };
            self.conflicts.push(Conflict {
                says: terms(&row.says)?,
                unless: terms(&row.unless)?,
                beside: terms(&row.beside)?,
                right: headings(&row.right)?,
                wrong: headings(&row.wrong)?,
                only: headings(&row.only)?,
                means: row.means,
                fact,
            });
        }
        Ok(())
    }

    /// `GOODS_CODE_CONFLICT`, over all goods lines that have both a description and a code.
    pub(super) fn find(&self, case: &Case<'_>, vague: &Vague, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let mut has_both = false;
        let of = case.shipment.goods.len();
        for (line, goods) in case.shipment.goods.iter().enumerate() {
            if case.stop.is_due() {
                break;
            }
            let codes = Codes::of(goods);
            if goods.description.trim().is_empty() || codes.0.is_empty() {
                continue;
            }
            has_both = true;
            let prepared = case.prepared.line(line);
            for conflict in &self.conflicts {
                let contradiction = conflict
                    .by_text(&goods.description, &prepared.folded, &codes)
                    .or_else(|| conflict.by_code(&goods.description, prepared, &codes, vague));
                if let Some(contradiction) = contradiction {
                    out.push(conflict.finding(contradiction, GoodsLine { line, of }));
                }
            }
        }
        (!has_both).then_some("no goods line has both a description and a code")
    }
}

/// The codes of a goods line that are long enough to say something, as written and as digits.
struct Codes(Vec<(String, String)>);

impl Codes {
    fn of(goods: &Goods) -> Self {
        let digits = |code: &str| code.chars().filter(char::is_ascii_digit).collect::<String>();
        let codes = goods.hs_codes().map(|(_, code)| (code.to_owned(), digits(code)));
        Self(codes.filter(|(_, digits)| digits.len() >= 4).collect())
    }

    /// The first code of one of these headings, as written.
    fn of_heading(&self, headings: &[String]) -> Option<&str> {
        let is_in = |digits: &str| headings.iter().any(|heading| digits.starts_with(heading.as_str()));
        self.0.iter().find(|(_, digits)| is_in(digits)).map(|(code, _)| code.as_str())
    }
}

/// A text and a code that cannot both be right.
struct Contradiction<'a> {
    code: &'a str,
    spans: Vec<Span>,
    /// The words of the text that speak against the code.
    words: String,
    meant_by: Side,
}

/// How words for the aircraft begin that headings of aircraft have in their own titles: a text that only repeats its
/// heading describes no other goods.
const AIRCRAFT: [&str; 9] =
    ["aircraft", "aerial", "unmanned", "uncrewed", "uas", "rpas", "vtol", "copter", "helicopter"];

impl Conflict {
    /// The text names the goods, and the only codes given are for others.
    fn by_text<'a>(&self, text: &str, folded: &Folded, codes: &'a Codes) -> Option<Contradiction<'a>> {
        let (first, last) = self.said(folded)?;
        // A line with a right code beside the wrong one says what it is.
        if codes.of_heading(&self.right).is_some() || self.unless.first(folded).is_some() {
            return None;
        }
        let code = codes.of_heading(&self.wrong)?;
        let found = span(text, folded, first, last);
        Some(Contradiction { code, words: found.text.clone(), spans: vec![found], meant_by: Side::Text })
    }

    /// The code is for these goods alone, and the text names others.
    fn by_code<'a>(&self, text: &str, line: &Line, codes: &'a Codes, vague: &Vague) -> Option<Contradiction<'a>> {
        let Line { folded, brands } = line;
        let code = codes.of_heading(&self.only)?;
        let begins = |word: &str| AIRCRAFT.iter().any(|aircraft| word.starts_with(aircraft));
        let names_other_goods = || {
            brands.is_empty()
                && !folded.is_foreign()
                && vague.judge(folded, &[]).is_none()
                && !folded.tokens().iter().any(|&token| begins(folded.text(token)))
        };
        let contradicts = self.said(folded).is_none() && names_other_goods();
        contradicts.then(|| Contradiction { code, spans: whole(text), words: text.to_owned(), meant_by: Side::Code })
    }

    fn finding(&self, contradiction: Contradiction<'_>, line: GoodsLine) -> Ruled {
        let Contradiction { code, spans, words, meant_by } = contradiction;
        Draft {
            reason: Reason::GoodsCodeConflict,
            severity: Severity::Low,
            score: 900,
            path: format!("goods[{}].description", line.line),
            spans,
            matched: code.to_owned(),
            fact: Some(&self.fact),
            evidence: vec![Evidence { kind: EvidenceKind::Code, points: 0, detail: format!("the code is {code}") }],
            says: RuleFact::CodeConflict {
                line,
                text: words,
                code: code.to_owned(),
                means: self.means.clone(),
                meant_by,
            },
        }
        .finish()
    }

    /// The first word for the goods that is not only what they are for ("battery for drone").
    fn said(&self, folded: &Folded) -> Option<(usize, usize)> {
        let mut said = None;
        let mut beside: Vec<usize> = Vec::new();
        self.beside.each(folded, |h| beside.push(h.last));
        self.says.each(folded, |h| {
            // Up to two words may stand between: "for the RC drone".
            let is_purpose = beside.iter().any(|&b| b < h.first && h.first - b <= 3);
            if said.is_none() && !is_purpose {
                said = Some((h.first, h.last));
            }
        });
        said
    }
}
