//! Combinations: findings that together say more than each alone. Each is named, cited and written in a pack; there is
//! no hidden sum.

use super::case::Case;
use super::countries::MEANINGS;
use super::draft::Draft;
use super::fact::{Part, RuleFact, Ruled};
use super::pack::{Error, Fact, Heading, Source, Text};
use model::finding::{Evidence, EvidenceKind, Reason, Severity};
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pack: Heading,
    combination: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    title: String,
    severity: Spanned<String>,
    #[serde(default)]
    all: Vec<Spanned<String>>,
    #[serde(default)]
    any: Vec<Spanned<String>>,
    route: Option<Spanned<String>>,
    ends: Option<Spanned<String>>,
    because: String,
    #[serde(default)]
    means: String,
}

#[derive(Debug)]
struct Combination {
    title: String,
    severity: Severity,
    all: Vec<Reason>,
    any: Vec<Reason>,
    /// The meaning of a country list that the route must touch.
    route: Option<String>,
    /// The meaning of a country list that the route or a receiver must end in.
    ends: Option<String>,
    because: String,
    means: String,
    fact: Fact,
}

/// Every combination in force.
#[derive(Debug, Default)]
pub(super) struct Combinations {
    combinations: Vec<Combination>,
}

impl Combinations {
    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.combination {
            let reasons = |given: &[Spanned<String>]| {
                given
                    .iter()
                    .map(|word| {
                        let known = Reason::ALL.into_iter().find(|r| r.as_str() == word.get_ref());
                        known.filter(|r| *r != Reason::Combination).ok_or_else(|| {
                            text.error(
                                word.span(),
                                format_args!(
                                    "unknown reason `{}`, expected one other than COMBINATION",
                                    word.get_ref()
                                ),
                            )
                        })
                    })
                    .collect::<Result<Vec<Reason>, Error>>()
            };
            let (all, any) = (reasons(&row.all)?, reasons(&row.any)?);
            let meaning = |given: Option<Spanned<String>>| match given {
                Some(word) if !MEANINGS.contains(&word.get_ref().as_str()) => {
                    let what = format!("unknown meaning `{}`, expected one of {}", word.get_ref(), MEANINGS.join(", "));
                    Err(text.error(word.span(), what))
                }
                word => Ok(word.map(Spanned::into_inner)),
            };
            let (route, ends) = (meaning(row.route)?, meaning(row.ends)?);
            let places = usize::from(route.is_some()) + usize::from(ends.is_some());
            if all.len() + usize::from(!any.is_empty()) + places < 2 {
                return Err(text.error(row.id.span(), "a combination needs at least two things to combine"));
            }
            let severity = text.severity(&row.severity, &[Severity::High, Severity::Medium, Severity::Low])?;
            let fact = text.fact(&file.pack, row.id.get_ref(), &row.title, Source::default())?;
            self.combinations.push(Combination {
                title: row.title,
                severity,
                all,
                any,
                route,
                ends,
                because: row.because,
                means: row.means,
                fact,
            });
        }
        self.combinations.sort_by_key(|c| std::cmp::Reverse(c.severity));
        Ok(())
    }

    /// `COMBINATION`: one finding for each combination whose parts were reported.
    pub(super) fn find(&self, case: &Case<'_>, parts: &[Part], out: &mut Vec<Ruled>) -> Option<&'static str> {
        if self.combinations.is_empty() {
            return Some("no pack has a combination");
        }
        // The severest first; one that adds nothing to those before it is not reported.
        let mut used_before: Vec<&str> = Vec::new();
        for combination in &self.combinations {
            let of = |reason: Reason| parts.iter().find(|p| p.reason == reason);
            let all: Option<Vec<&Part>> = combination.all.iter().map(|r| of(*r)).collect();
            let Some(mut used) = all else { continue };
            if !combination.any.is_empty() {
                let any: Vec<&Part> = combination.any.iter().filter_map(|r| of(*r)).collect();
                if any.is_empty() {
                    continue;
                }
                used.extend(any);
            }
            let (mut route, mut path) = (None, String::new());
            let place = combination.ends.as_deref().map(|meaning| case.end_in(meaning));
            let place = place.or_else(|| combination.route.as_deref().map(|meaning| case.first_stop_in(meaning)));
            if let Some(stop) = place {
                let Some(stop) = stop else { continue };
                let Some(country) = stop.country else { continue };
                route = Some((stop.name(), country));
                path.clone_from(&stop.path);
            }
            let keys = used
                .iter()
                .map(|p| p.reason.as_str())
                .chain(combination.route.as_deref().or(combination.ends.as_deref()));
            let fresh: Vec<&str> = keys.filter(|key| !used_before.contains(key)).collect();
            if fresh.is_empty() {
                continue;
            }
            used_before.extend(fresh);
            let evidence = used
                .iter()
                .map(|p| Evidence { kind: EvidenceKind::Part, points: 0, detail: p.reason.as_str().to_owned() })
                .collect();
            out.push(
                Draft {
                    reason: Reason::Combination,
                    severity: combination.severity,
                    score: 1000,
                    path,
                    spans: Vec::new(),
                    matched: combination.fact.list.clone(),
                    fact: Some(&combination.fact),
                    evidence,
                    says: RuleFact::Combination {
                        title: combination.title.clone(),
                        parts: used.into_iter().copied().collect(),
                        route,
                        because: combination.because.clone(),
                        means: combination.means.clone(),
                    },
                }
                .finish(),
            );
        }
        None
    }
}
