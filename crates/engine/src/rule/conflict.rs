//! `GOODS_CODE_CONFLICT`: the goods text says one thing and the goods code another.

use super::case::Case;
use super::draft::{Draft, span, whole};
use super::fact::{GoodsLine, RuleFact, Ruled, Side};
use super::pack::{Error, Fact, Heading, Source, Text};
use super::prepared::Line;
use super::terms::Terms;
use super::vague::Vague;
use model::finding::{Evidence, EvidenceKind, Reason, Severity};
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
                    Some(code) => {
                        Err(text.error(code.span(), format_args!("`{}` is no code of 2 to 10 digits", code.get_ref())))
                    }
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

    /// `GOODS_CODE_CONFLICT`.
    pub(super) fn find(&self, case: &Case<'_>, vague: &Vague, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let mut has_both = false;
        let lines = case.shipment.goods.len();
        for (line, goods) in case.shipment.goods.iter().enumerate() {
            let text = &goods.description;
            let codes: Vec<(String, String)> = goods
                .hs_codes()
                .map(|(_, code)| (code.to_owned(), code.chars().filter(char::is_ascii_digit).collect::<String>()))
                .filter(|(_, digits)| digits.len() >= 4)
                .collect();
            if text.trim().is_empty() || codes.is_empty() {
                continue;
            }
            has_both = true;
            let Line { folded, brands } = case.prepared.line(line);
            let starts = |prefixes: &[String]| {
                codes.iter().find(|(_, digits)| prefixes.iter().any(|p| digits.starts_with(p.as_str())))
            };
            for conflict in &self.conflicts {
                // A line with a right code beside the wrong one says what it is.
                let said = conflict.said(folded);
                let is_right = starts(&conflict.right).is_some();
                let (code, found, said_by, meant_by) = if let (Some((first, last)), false, Some((code, _))) =
                    (said, is_right, starts(&conflict.wrong))
                {
                    if conflict.unless.first(folded).is_some() {
                        continue;
                    }
                    let found = span(text, folded, first, last);
                    let words = found.text.clone();
                    (code, vec![found], words, Side::Text)
                } else if let (None, Some((code, _))) = (said, starts(&conflict.only)) {
                    let says_other = brands.is_empty() && !folded.is_foreign() && vague.judge(folded, &[]).is_none();
                    // The words of the heading itself are not other goods.
                    let is_aircraft = folded.tokens().iter().any(|&t| {
                        let word = folded.text(t);
                        ["aircraft", "aerial", "unmanned", "uncrewed", "uas", "rpas", "vtol", "copter", "helicopter"]
                            .iter()
                            .any(|w| word.starts_with(w))
                    });
                    if !says_other || is_aircraft {
                        continue;
                    }
                    (code, whole(text), text.clone(), Side::Code)
                } else {
                    continue;
                };
                out.push(
                    Draft {
                        reason: Reason::GoodsCodeConflict,
                        severity: Severity::Low,
                        score: 900,
                        path: format!("goods[{line}].description"),
                        spans: found,
                        matched: code.clone(),
                        fact: Some(&conflict.fact),
                        evidence: vec![Evidence {
                            kind: EvidenceKind::Code,
                            points: 0,
                            detail: format!("the code is {code}"),
                        }],
                        says: RuleFact::CodeConflict {
                            line: GoodsLine { line, of: lines },
                            text: said_by,
                            code: code.clone(),
                            means: conflict.means.clone(),
                            meant_by,
                        },
                    }
                    .finish(),
                );
            }
        }
        (!has_both).then_some("no goods line has both a description and a code")
    }
}

impl Conflict {
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
