//! Lists of goods codes: Common High Priority List, unmanned aircraft, goods that need a re-export clause.

use super::case::Case;
use super::draft::{Draft, whole};
use super::fact::{GoodsLine, RuleFact, Ruled};
use super::pack::{Error, Fact, Heading, Text, cited};
use model::finding::{Evidence, EvidenceKind, Reason, Severity};
use model::shipment::{AttestationKind, Goods};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pack: Heading,
    list: Vec<Row>,
}

cited! {
    struct Row {
        id: String,
        meaning: Spanned<String>,
        title: String,
        #[serde(default)]
        editions: Vec<Spanned<u16>>,
        tier: Vec<Tier>,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    name: String,
    title: String,
    codes: Vec<Spanned<String>>,
}

/// What standing on a list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Priority,
    Uav,
    Clause,
}

#[derive(Debug)]
struct List {
    meaning: Meaning,
    fact: Fact,
    /// HS editions the codes are of; empty: any.
    editions: Vec<u16>,
    /// Code to the number of its tier.
    codes: FxHashMap<Box<str>, u32>,
    /// Name and title.
    tiers: Vec<(String, String)>,
    /// Fewest and most digits of a code.
    digits: (usize, usize),
}

/// Every list of codes.
#[derive(Debug, Default)]
pub(super) struct CodeLists {
    lists: Vec<List>,
}

impl CodeLists {
    #[cfg(test)]
    pub(super) fn facts(&self) -> Vec<&Fact> {
        self.lists.iter().map(|l| &l.fact).collect()
    }

    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.list {
            let meaning = match row.meaning.get_ref().as_str() {
                "priority" => Meaning::Priority,
                "uav" => Meaning::Uav,
                "clause" => Meaning::Clause,
                other => {
                    let what = format!("unknown meaning `{other}`, expected priority, uav or clause");
                    return Err(text.error(row.meaning.span(), what));
                }
            };
            let fact = text.fact(&file.pack, &row.id, &row.title, row.source())?;
            for edition in &row.editions {
                if !Goods::HS_EDITIONS.contains(edition.get_ref()) {
                    let known = Goods::HS_EDITIONS.map(|year| year.to_string()).join(", ");
                    let what = format!("invalid HS edition {}, expected one of {known}", edition.get_ref());
                    return Err(text.error(edition.span(), what));
                }
            }
            let mut list = List {
                meaning,
                fact,
                editions: row.editions.into_iter().map(Spanned::into_inner).collect(),
                codes: FxHashMap::default(),
                tiers: Vec::new(),
                digits: (usize::MAX, 0),
            };
            for (number, tier) in row.tier.into_iter().enumerate() {
                for code in tier.codes {
                    let (span, code) = (code.span(), code.into_inner());
                    if !(4..=10).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_digit()) {
                        return Err(text.error(span, format_args!("invalid code `{code}`, expected 4 to 10 digits")));
                    }
                    list.digits = (list.digits.0.min(code.len()), list.digits.1.max(code.len()));
                    if list.codes.insert(code.as_str().into(), number as u32).is_some() {
                        return Err(text.error(span, format_args!("`{code}` is given twice")));
                    }
                }
                list.tiers.push((tier.name, tier.title));
            }
            self.lists.push(list);
        }
        Ok(())
    }

    /// The codes of a list, with their tiers, in order.
    #[expect(clippy::disallowed_methods, reason = "sorted at once")]
    pub(super) fn codes_of(&self, list: &str) -> Vec<(String, String)> {
        let Some(list) = self.lists.iter().find(|l| l.fact.list == list) else { return Vec::new() };
        let mut codes: Vec<_> =
            list.codes.iter().map(|(code, &tier)| (list.tiers[tier as usize].0.clone(), code.to_string())).collect();
        codes.sort_unstable();
        codes
    }

    /// `GOODS_HS_PRIORITY`.
    pub(super) fn priority(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        self.of(case, Meaning::Priority, Reason::GoodsHsPriority, out)
    }

    /// `GOODS_HS_UAV`.
    pub(super) fn uav(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        self.of(case, Meaning::Uav, Reason::GoodsHsUav, out)
    }

    fn of(&self, case: &Case<'_>, meaning: Meaning, reason: Reason, out: &mut Vec<Ruled>) -> Option<&'static str> {
        self.each(case, meaning, |line, path, code, list, tier, edition| {
            let (name, title) = &list.tiers[tier as usize];
            out.push(
                Draft {
                    reason,
                    severity: Severity::Info,
                    score: 1000,
                    path,
                    spans: whole(code),
                    matched: name.clone(),
                    fact: Some(&list.fact),
                    evidence: edition.into_iter().collect(),
                    says: RuleFact::ListedCode {
                        line: GoodsLine { line, of: case.shipment.goods.len() },
                        code: code.to_owned(),
                        list: list.fact.title.clone(),
                        tier: name.clone(),
                        title: title.clone(),
                        is_uav: meaning == Meaning::Uav,
                    },
                }
                .finish(),
            );
        })
    }

    /// Calls `found` with every code of a list of this meaning; says why it could not.
    fn each(
        &self,
        case: &Case<'_>,
        meaning: Meaning,
        mut found: impl FnMut(usize, String, &str, &List, u32, Option<Evidence>),
    ) -> Option<&'static str> {
        let lists = || self.lists.iter().filter(|l| l.meaning == meaning);
        if lists().next().is_none() {
            return Some("no pack has such codes");
        }
        let mut has_code = false;
        for (line, goods) in case.shipment.goods.iter().enumerate() {
            if case.stop.is_due() {
                break;
            }
            for (at, written) in goods.hs_codes() {
                let digits: String = written.chars().filter(char::is_ascii_digit).collect();
                if digits.len() < 6 {
                    continue;
                }
                has_code = true;
                for list in lists().filter(|l| l.fact.in_force(case.shipment.as_of, case.shipment.known_on)) {
                    let is_of_edition = |e: u16| list.editions.is_empty() || list.editions.contains(&e);
                    if !goods.hs_edition.is_none_or(is_of_edition) {
                        continue;
                    }
                    let longest = digits.len().min(list.digits.1);
                    let tier = (list.digits.0..=longest).rev().find_map(|n| list.codes.get(&digits[..n]));
                    if let Some(&tier) = tier {
                        let edition = (!list.editions.is_empty() && goods.hs_edition.is_none()).then(|| Evidence {
                            kind: EvidenceKind::EditionNotSaid,
                            points: 0,
                            detail: format!("the code is read as one of the HS edition of {}", list.editions[0]),
                        });
                        found(line, format!("goods[{line}].{at}"), written, list, tier, edition);
                    }
                }
            }
        }
        (!has_code).then_some("no goods line has a code of six digits or more")
    }

    /// `REEXPORT_CLAUSE_MISSING`.
    pub(super) fn clause(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let Some(from) = case.itinerary.origin() else { return Some("the route does not say where it begins") };
        let Some(to) = case.itinerary.end() else { return Some("neither the route nor a receiver says where it ends") };
        let applies = case.is_named("union", from)
            && !case.is_named("union", to)
            && !case.is_named("partner", to)
            && !case.is_named("restricted", to)
            && !case.shipment.attests(AttestationKind::ReexportClause);
        self.each(case, Meaning::Clause, |line, path, code, list, _, _| {
            if !applies {
                return;
            }
            out.push(
                Draft {
                    reason: Reason::ReexportClauseMissing,
                    severity: Severity::Low,
                    score: 1000,
                    path,
                    spans: whole(code),
                    matched: String::new(),
                    fact: Some(&list.fact),
                    evidence: Vec::new(),
                    says: RuleFact::ClauseMissing {
                        line: GoodsLine { line, of: case.shipment.goods.len() },
                        code: code.to_owned(),
                        from,
                        to,
                    },
                }
                .finish(),
            );
        })
    }
}
