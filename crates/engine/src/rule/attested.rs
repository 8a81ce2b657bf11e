//! `ATTESTED_RED_FLAG`: what the caller states against a shipment and no record can show.

use super::case::Case;
use super::draft::Draft;
use super::fact::{RuleFact, Ruled};
use super::pack::{Error, Fact, Heading, Source, Text};
use model::finding::{Evidence, EvidenceKind, Reason, Severity};
use model::shipment::AttestationKind;
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pack: Heading,
    flag: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    attestation: Spanned<String>,
    title: String,
    severity: Spanned<String>,
}

#[derive(Debug)]
struct Flag {
    kind: AttestationKind,
    severity: Severity,
    fact: Fact,
}

/// What each red flag means.
#[derive(Debug, Default)]
pub(super) struct RedFlags {
    flags: Vec<Flag>,
}

impl RedFlags {
    #[cfg(test)]
    pub(super) fn facts(&self) -> Vec<&Fact> {
        self.flags.iter().map(|f| &f.fact).collect()
    }

    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.flag {
            let word = row.attestation.get_ref();
            let wrong = |what: &str| Err(text.error(row.attestation.span(), what));
            let Some(kind) = AttestationKind::parse(word).filter(|kind| kind.is_red_flag()) else {
                let flags = AttestationKind::ALL.into_iter().filter(|kind| kind.is_red_flag());
                let known: Vec<&str> = flags.map(AttestationKind::as_str).collect();
                return wrong(&format!("unknown red flag `{word}`, expected one of {}", known.join(", ")));
            };
            if self.flags.iter().any(|f| f.kind == kind) {
                return wrong(&format!(
                    "`{word}` has a row already; leave out the pack `red-flags` to replace its rows"
                ));
            }
            let severity = text.severity(&row.severity, &Severity::ALL)?;
            let fact = text.fact(&file.pack, word, &row.title, Source::default())?;
            self.flags.push(Flag { kind, severity, fact });
        }
        Ok(())
    }

    /// One finding for each statement; the same flag from two people is two statements.
    pub(super) fn find(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let attestations = &case.shipment.attestations;
        if attestations.is_empty() {
            return Some("the record attests nothing");
        }
        if self.flags.is_empty() {
            return Some("no pack has red flags");
        }
        let has_statement = case.shipment.attests(AttestationKind::EndUseStatement);
        for (at, attestation) in attestations.iter().enumerate() {
            let Some(flag) = self.flags.iter().find(|f| f.kind == attestation.kind) else { continue };
            let mut evidence = Vec::new();
            if let Some(day) = attestation.date {
                evidence.push(Evidence {
                    kind: EvidenceKind::AttestedOn,
                    points: 0,
                    detail: format!("attested on {day}"),
                });
            }
            if has_statement {
                let detail = "an end-use statement is attested too; it does not answer the red flag".to_owned();
                evidence.push(Evidence { kind: EvidenceKind::EndUseStatement, points: 0, detail });
            }
            out.push(
                Draft {
                    reason: Reason::AttestedRedFlag,
                    severity: flag.severity,
                    score: 1000,
                    path: format!("attestations[{at}].kind"),
                    spans: Vec::new(),
                    matched: attestation.kind.as_str().to_owned(),
                    fact: Some(&flag.fact),
                    evidence,
                    says: RuleFact::RedFlag {
                        title: flag.fact.title.clone(),
                        by: attestation.by.clone(),
                        note: attestation.note.clone(),
                    },
                }
                .finish(),
            );
        }
        None
    }
}
