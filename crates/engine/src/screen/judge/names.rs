//! Names found in a field: one finding a row, the one that asks for most.

use super::super::corroborate::Corroboration;
use super::super::fields::Place;
use super::super::listings;
use super::super::meaning::{judge, weakened};
use super::{Judge, MAX_SPANS, field_name, other_readings, row_finding, span};
use crate::explain::{self, NameFacts};
use crate::matcher::{Field, Hit, How, NameRecord, Scratch, Strength};
use crate::name::several;
use model::entry::Entry;
use model::finding::{Evidence, EvidenceKind, Finding, Score, Severity, Span};
use model::ids::EntryId;
use text::Reading;

/// Rows reported for one field, at most; beyond, the answer says how many were left out.
pub(super) const MAX_ROWS: usize = 100;
/// Below this score two doubts are too many.
const TWICE_IN_DOUBT: u16 = 780;
/// Weight of a word that tells names apart.
const TELLING: i32 = 150;
/// An exact hit of the whole listed name sorts before other ways to the same score.
const WHOLE: How = How::Exact { without_form: false, respaced: 0, is_glued: false };

/// A hit with its place in the original text.
pub(super) struct Found {
    pub(super) hit: Hit,
    pub(super) entry: EntryId,
    pub(super) span: (u32, u32),
    /// The part of the field that was searched: all of it, or one of the names that it gives.
    pub(super) within: (u32, u32),
}

impl<'a> Judge<'a> {
    /// Searches each of the names that a field gives: `New Name (formerly Old Name)`.
    pub(super) fn names_given(&mut self, place: Place, text: &str, floor: u16, scratch: &mut Scratch) {
        for part in several(text) {
            self.search(place, text, part.clone(), (Field::Name, Reading::Plain, floor), scratch);
            for reading in other_readings(scratch.folded()) {
                self.search(place, text, part.clone(), (Field::Name, reading, floor), scratch);
            }
        }
    }

    /// Judges the names found in a field: one finding a row.
    pub(super) fn names(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        let mut found = std::mem::take(&mut self.found);
        found.retain(|f| self.is_in_force(f.entry));
        found.sort_by_key(|f| (f.entry, std::cmp::Reverse(f.hit.score), f.hit.how != WHOLE, f.span, f.hit.name));
        let mut of_field: Vec<Finding> = Vec::new();
        for rows in found.chunk_by(|a, b| a.entry == b.entry) {
            of_field.extend(self.name_finding(place, text, rows, scratch));
        }
        drop_what_is_said(&mut of_field);
        listings::one_a_party(self.engine, self.shipment, &mut of_field);
        of_field.sort_by_key(|f| std::cmp::Reverse((f.severity, f.score)));
        if of_field.len() > MAX_ROWS {
            self.cut.push(format!("{place}: {} listed rows match, the {MAX_ROWS} strongest are given", of_field.len()));
            of_field.truncate(MAX_ROWS);
        }
        self.findings.extend(of_field.into_iter().map(|f| (place, f)));
        self.found = found;
    }

    /// The finding for the hits of one row in one field: the one that asks for most, then the best score.
    fn name_finding(&self, place: Place, text: &str, rows: &[Found], scratch: &mut Scratch) -> Option<Finding> {
        let index = self.engine.index();
        let policy = self.engine.policy();
        let entry = index.entry_of(index.name(rows.first()?.hit.name));
        let role = place.party().and_then(|at| self.shipment.parties[at].role);
        let limits = policy.limits(entry.list.as_str(), entry.effect, role, place.kind());
        let corroboration = self.corroboration(place, text, rows, entry);
        let weigh = |found: &Found| {
            let matched = &text[found.span.0 as usize..found.span.1 as usize];
            let is_han = found.hit.reading == Reading::Romanised && matched.chars().any(is_ideograph);
            judge(place, &found.hit, entry, &corroboration, index, limits.review, is_han)
        };
        let weighed = rows.iter().map(|found| (found, weigh(found)));
        // Of equal ones the first stands; `max_by_key` would take the last.
        let (best, judged) = weighed.rev().max_by_key(|(_, judged)| (judged.severity, judged.score))?;
        // A weak name in running text is kept for the record below the threshold that found it.
        let score = if place.is_name() { judged.score } else { i32::from(best.hit.score) };
        if score < i32::from(limits.review) || !policy.is_on(judged.reason) {
            return None;
        }
        let mut severity = judged.severity;
        if severity == Severity::High && judged.score < i32::from(limits.hold) {
            severity = Severity::Medium;
        }
        let record = index.name(best.hit.name);
        let within = &text[best.within.0 as usize..best.within.1 as usize];
        let mut evidence = self.evidence(within, &best.hit, record, scratch);
        if best.within != (0, text.len() as u32) {
            let detail = "the field gives several names, and this is one of them".to_owned();
            evidence.push(Evidence { kind: EvidenceKind::OneOfAlternatives, points: 0, detail });
        }
        severity = weakened(place, severity, &corroboration);
        if place.is_name() && !judged.is_corroborated && is_twice_in_doubt(&evidence, best.hit.score) {
            severity = Severity::Info;
            let detail = "a word is spelt otherwise and another is only in one of the names".to_owned();
            evidence.push(Evidence { kind: EvidenceKind::TwiceInDoubt, points: 0, detail });
        }
        let severity = severity.min(listings::ceiling(self.engine, self.shipment, entry));
        evidence.extend(judged.evidence);
        let spelling = index.spelling(record);
        let list_title = self.engine.snapshot().title(&entry.list);
        let field = field_name(place, self.shipment);
        let (start, end) = best.span;
        let explanation = explain::name(&NameFacts {
            field: &field,
            text: &text[start as usize..end as usize],
            spelling,
            entry,
            list_title,
            how: best.hit.how,
            reading: best.hit.reading,
            score: judged.score as u16,
            is_whole: best.hit.is_whole,
            strength: record.strength,
            is_corroborated: judged.is_corroborated,
            is_for_the_record: severity == Severity::Info,
            evidence: &evidence,
        });
        Some(Finding {
            spans: spans(text, best, rows),
            matched_name: spelling.text.clone(),
            evidence,
            explanation,
            ..row_finding(judged.reason, severity, Score::clamped(judged.score), place, entry, list_title)
        })
    }

    fn corroboration(&self, place: Place, text: &str, rows: &[Found], entry: &Entry) -> Corroboration {
        match place {
            _ if !place.is_name() => Corroboration::default(),
            Place::VesselName(at) => Corroboration::of_vessel(&self.shipment.vessels[at as usize], entry),
            _ => {
                let Some(party) = place.party().map(|at| &self.shipment.parties[at]) else {
                    return Corroboration::default();
                };
                let mut found = Corroboration::of_party(party, entry);
                let is_weak = |f: &Found| self.engine.index().name(f.hit.name).strength > Strength::Strong;
                if let Some((start, end)) = rows.first().map(|f| f.span).filter(|_| rows.iter().all(is_weak)) {
                    found.look_beside(party, &text[start as usize..end as usize], entry);
                }
                found
            }
        }
    }

    fn evidence(&self, text: &str, hit: &Hit, record: &NameRecord, scratch: &mut Scratch) -> Vec<Evidence> {
        let say = |kind, points, detail: &str| Evidence { kind, points, detail: detail.to_owned() };
        let mut evidence = match hit.how {
            How::Near => self.engine.index().evidence(text, hit, scratch),
            How::Typo { edits } => vec![
                say(EvidenceKind::SameLetters, 1000, "the letters stand in the order of the listed name"),
                Evidence {
                    kind: EvidenceKind::Edits,
                    points: i32::from(hit.score) - 1000,
                    detail: format!("but for {edits} added, left out, exchanged or replaced"),
                },
            ],
            How::Exact { without_form, respaced, is_glued } => {
                let mut evidence = vec![say(EvidenceKind::Identical, 1000, "the letters are equal once folded")];
                if without_form {
                    evidence.push(say(EvidenceKind::LegalForm, -20, "the listed legal form is left out"));
                }
                if respaced > 0 {
                    let detail = format!("{respaced} blanks added or taken out");
                    evidence.push(Evidence {
                        kind: EvidenceKind::Respaced,
                        points: -10 * i32::from(respaced.min(8)),
                        detail,
                    });
                }
                if is_glued {
                    evidence.push(say(EvidenceKind::Glued, -60, "an end is glued to a neighbouring word"));
                }
                if !hit.is_whole && hit.score < 940 {
                    evidence.push(say(
                        EvidenceKind::MoreInField,
                        i32::from(hit.score) - 1000,
                        "the field says more than the listed name",
                    ));
                }
                evidence
            }
        };
        if hit.reading == Reading::LookAlike {
            evidence.push(say(
                EvidenceKind::LookAlike,
                -30,
                "letters of another script are read as the Latin letters they look like",
            ));
        }
        if hit.reading == Reading::Romanised || record.reading == Reading::Romanised {
            evidence.push(say(EvidenceKind::Romanised, -40, "letters of another script are romanised"));
        }
        evidence
    }
}

/// A name that resembles the listed one only if both a misspelling and a missing word are forgiven: for the record,
/// unless the score is high or something else in the record points to the row.
fn is_twice_in_doubt(evidence: &[Evidence], score: u16) -> bool {
    let is_spelling = |e: &Evidence| e.kind.is_other_spelling();
    let is_leftover = |e: &Evidence| e.kind.is_leftover_word() && e.points <= -TELLING;
    score < TWICE_IN_DOUBT && evidence.iter().any(is_spelling) && evidence.iter().any(is_leftover)
}

/// The unified ideographs of Unicode, their first block and extension A.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// The places of a row in a field: of the best hit, and of others that do not overlap it.
fn spans(text: &str, best: &Found, rows: &[Found]) -> Vec<Span> {
    let mut places: Vec<(u32, u32)> = Vec::new();
    for found in std::iter::once(best).chain(rows) {
        let (start, end) = found.span;
        if places.len() < MAX_SPANS && places.iter().all(|&(s, e)| end <= s || e <= start) {
            places.push((start, end));
        }
    }
    places.sort_unstable();
    places.into_iter().map(|(start, end)| span(text, start, end)).collect()
}

/// A weak name inside a stronger match of the same field says nothing new.
fn drop_what_is_said(findings: &mut Vec<Finding>) {
    let strong: Vec<(u32, u32)> = findings
        .iter()
        .filter(|f| f.evidence.iter().all(|e| e.kind != EvidenceKind::WeakName))
        .flat_map(|f| f.spans.iter().map(|s| (s.start, s.end)))
        .collect();
    findings.retain(|f| {
        let is_weak = f.severity == Severity::Info && f.evidence.iter().any(|e| e.kind == EvidenceKind::WeakName);
        let inside = |s: &Span| strong.iter().any(|&(start, end)| start <= s.start && s.end <= end);
        !(is_weak && f.spans.iter().all(inside))
    });
}
