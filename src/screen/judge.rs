//! From hits to findings: what a hit means in its place, how severe it is, and what is left out as said already.

use super::corroborate::Corroboration;
use super::fields::Place;
use super::meaning::{judge, weakened};
use super::{Engine, addresses, listings, order, owners};
use crate::entry::{Entry, Identifier, IdentifierType, has_right_check_digits};
use crate::explain::{self, NameFacts};
use crate::finding::{EntryReference, Evidence, Finding, Reason, Score, Severity, Span};
use crate::matcher::{Field, Hit, How, NameRecord, Scratch, Strength, identifier_key};
use crate::policy::Mode;
use crate::rule::{BrandHit, Part, Prepared};
use crate::shipment::Shipment;
use crate::text::{Folded, Reading};

/// Rows reported for one field, at most; beyond, the answer says how many were left out.
const MAX_ROWS: usize = 100;
/// Spans given for one finding, at most.
const MAX_SPANS: usize = 16;

/// Below this score two doubts are too many.
const TWICE_IN_DOUBT: u16 = 780;
/// Weight of a word that tells names apart.
const TELLING: i32 = 150;

/// The readings worth a search: as written, and the others when the letters call for it.
pub(super) fn readings(text: &str) -> impl Iterator<Item = Reading> {
    let (look_alike, foreign) = if text.is_ascii() {
        (false, false)
    } else {
        let folded = Folded::of(text, Reading::Plain);
        (folded.has_look_alikes(), folded.is_foreign())
    };
    [Some(Reading::Plain), look_alike.then_some(Reading::LookAlike), foreign.then_some(Reading::Romanised)]
        .into_iter()
        .flatten()
}

/// A hit with its place in the original text.
struct Found {
    hit: Hit,
    entry: u32,
    span: (u32, u32),
}

/// Judges one shipment.
pub(super) struct Judge<'a> {
    engine: &'a Engine,
    shipment: &'a Shipment,
    /// What the rules read, gathered on the way.
    prepared: &'a mut Prepared,
    findings: Vec<(Place, Finding)>,
    cut: Vec<String>,
    found: Vec<Found>,
    /// Clauses of the rule findings, by number.
    clauses: Vec<String>,
    ran: Vec<(Reason, Option<&'static str>)>,
}

/// What became of a shipment.
pub(super) struct Judged {
    /// Strongest first.
    pub(super) findings: Vec<Finding>,
    /// The clause of each finding in the summary.
    pub(super) clauses: Vec<String>,
    /// Bounds that cut the work short.
    pub(super) cut: Vec<String>,
    /// The rules that are on, and why those that could not run could not.
    pub(super) ran: Vec<(Reason, Option<&'static str>)>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(engine: &'a Engine, shipment: &'a Shipment, prepared: &'a mut Prepared) -> Self {
        prepared.start(shipment);
        Self {
            engine,
            shipment,
            prepared,
            findings: Vec::new(),
            cut: Vec::new(),
            found: Vec::new(),
            clauses: Vec::new(),
            ran: Vec::new(),
        }
    }

    /// Searches one field and judges what it holds.
    pub(super) fn field(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        if matches!(place, Place::VesselImo(_)) {
            return;
        }
        let index = self.engine.index();
        let field = if place.is_name() { Field::Name } else { Field::Text };
        let floor = self.engine.policy().floor(!place.is_name());
        self.found.clear();
        for reading in readings(text) {
            if index.find(text, field, reading, floor, scratch) {
                self.cut.push(format!("{place}: more listed names came into question than are compared"));
            }
            let folded = scratch.folded();
            for hit in scratch.hits() {
                let entry = index.name(hit.name).entry;
                let span = folded.original(hit.start as usize, hit.end as usize);
                self.found.push(Found { hit: *hit, entry, span });
            }
            if field == Field::Text && reading == Reading::Plain {
                self.numbers_in_text(place, text, scratch);
            }
            if place.is_goods() && reading == Reading::Plain {
                self.brands(place, text, scratch.folded());
            }
            if reading == Reading::Plain {
                match place {
                    Place::PartyName(at) => self.prepared.keep_name(at as usize, scratch.folded_mut()),
                    Place::GoodsDescription(at) => self.prepared.keep_description(at as usize, scratch.folded_mut()),
                    _ => {}
                }
            }
        }
        self.names(place, text);
    }

    /// Judges the names found in a field: one finding a row.
    fn names(&mut self, place: Place, text: &'a str) {
        let mut found = std::mem::take(&mut self.found);
        found.retain(|f| self.is_in_force(f.entry));
        found.sort_by_key(|f| (f.entry, std::cmp::Reverse(f.hit.score), f.hit.how != WHOLE, f.span, f.hit.name));
        let mut of_field: Vec<Finding> = Vec::new();
        for rows in found.chunk_by(|a, b| a.entry == b.entry) {
            of_field.extend(self.name_finding(place, text, rows));
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
    fn name_finding(&self, place: Place, text: &str, rows: &[Found]) -> Option<Finding> {
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
        let mut evidence = self.evidence(text, &best.hit, record);
        severity = weakened(place, severity, &corroboration);
        if place.is_name() && !judged.is_corroborated && is_twice_in_doubt(&evidence, best.hit.score) {
            severity = Severity::Info;
            let detail = "a word is spelt otherwise and another is only in one of the names".to_owned();
            evidence.push(Evidence { name: "twice_in_doubt", points: 0, detail });
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

    fn evidence(&self, text: &str, hit: &Hit, record: &NameRecord) -> Vec<Evidence> {
        let say = |name, points, detail: &str| Evidence { name, points, detail: detail.to_owned() };
        let mut evidence = match hit.how {
            How::Near => self.engine.index().evidence(text, hit),
            How::Slip { slips } => vec![
                say("same_letters", 1000, "the letters stand in the order of the listed name"),
                Evidence {
                    name: "slip",
                    points: i32::from(hit.score) - 1000,
                    detail: format!("but for {slips} added, left out, exchanged or replaced"),
                },
            ],
            How::Exact { without_form, respaced, is_glued } => {
                let mut evidence = vec![say("identical", 1000, "the letters are equal once folded")];
                if without_form {
                    evidence.push(say("legal_form", -20, "the listed legal form is left out"));
                }
                if respaced > 0 {
                    let detail = format!("{respaced} blanks added or taken out");
                    evidence.push(Evidence { name: "respaced", points: -10 * i32::from(respaced.min(8)), detail });
                }
                if is_glued {
                    evidence.push(say("glued", -60, "an end is glued to a neighbouring word"));
                }
                if !hit.is_whole && hit.score < 940 {
                    evidence.push(say(
                        "more_in_field",
                        i32::from(hit.score) - 1000,
                        "the field says more than the listed name",
                    ));
                }
                evidence
            }
        };
        if hit.reading == Reading::LookAlike {
            evidence.push(say(
                "look_alike",
                -30,
                "letters of another script are read as the Latin letters they look like",
            ));
        }
        if hit.reading == Reading::Romanised || record.reading == Reading::Romanised {
            evidence.push(say("romanised", -40, "letters of another script are romanised"));
        }
        evidence
    }

    fn is_in_force(&self, entry: u32) -> bool {
        let shipment = self.shipment;
        self.engine.snapshot().entries()[entry as usize].in_force(shipment.as_of, shipment.known_on)
    }

    /// Brands of the lexicon in a goods text.
    fn brands(&mut self, place: Place, text: &str, folded: &Folded) {
        let policy = self.engine.policy();
        let mut hits: Vec<BrandHit<'_>> = Vec::new();
        self.engine.rules().lexicon().find(folded, |hit| hits.push(hit));
        if let Place::GoodsDescription(at) = place {
            hits.iter().for_each(|hit| self.prepared.keep_brand(at as usize, hit.tokens(folded)));
        }
        hits.sort_by(|a, b| (&a.brand.name, a.start).cmp(&(&b.brand.name, b.start)));
        for of_brand in hits.chunk_by(|a, b| a.brand.name == b.brand.name && a.brand.maker == b.brand.maker) {
            let hit = &of_brand[0];
            let reason = if hit.brand.is_model { Reason::GoodsModel } else { Reason::GoodsBrand };
            if !policy.is_on(reason) {
                continue;
            }
            let places: Vec<(u32, u32)> =
                of_brand.iter().map(|h| folded.original(h.start, h.end)).take(MAX_SPANS).collect();
            let listing = hit.brand.entry.as_ref().and_then(|(list, id)| {
                let entry = self.engine.snapshot().entry(Some(list), id)?;
                entry
                    .in_force(self.shipment.as_of, self.shipment.known_on)
                    .then(|| (entry, self.engine.snapshot().title(&entry.list)))
            });
            let (start, end) = places[0];
            let field = field_name(place, self.shipment);
            let explanation = explain::brand(&field, &text[start as usize..end as usize], hit, listing);
            self.findings.push((
                place,
                Finding {
                    reason,
                    severity: Severity::Info,
                    score: Score::FULL,
                    field_path: place.to_string(),
                    spans: places.into_iter().map(|(start, end)| span(text, start, end)).collect(),
                    entry: None,
                    matched_name: hit.brand.name.clone(),
                    citations: vec![hit.brand.citation.clone()],
                    licence_requirement: String::new(),
                    licence_policy: String::new(),
                    effective: None,
                    published: None,
                    evidence: Vec::new(),
                    explanation,
                    also_listed: Vec::new(),
                    is_shadow: false,
                    suppressions: Vec::new(),
                },
            ));
        }
    }

    /// Listed numbers in running text.
    fn numbers_in_text(&mut self, place: Place, text: &str, scratch: &Scratch) {
        let folded = scratch.folded();
        let mut hits = Vec::new();
        self.engine.index().identifiers_in_text(scratch, |hit| hits.push(hit));
        for hit in hits {
            let (start, end) = folded.original(hit.start as usize, hit.end as usize);
            self.number(place, text, (start, end), hit.entry, hit.identifier);
        }
    }

    /// The numbers of the parties and vessels.
    pub(super) fn numbers(&mut self) {
        let shipment = self.shipment;
        for (n, party) in shipment.parties.iter().enumerate() {
            for (m, identifier) in party.identifiers.iter().enumerate() {
                self.given_number(Place::PartyIdentifier(n as u32, m as u32), identifier);
            }
        }
        for (n, vessel) in shipment.vessels.iter().enumerate() {
            let imo = Identifier { kind: IdentifierType::Imo, value: vessel.imo.clone(), country: None };
            self.given_number(Place::VesselImo(n as u32), &imo);
        }
    }

    fn given_number(&mut self, place: Place, given: &Identifier) {
        let mut hits = Vec::new();
        self.engine.index().identifiers_of(given, |entry, identifier| hits.push((entry, identifier)));
        for (entry, identifier) in hits {
            self.number(place, &given.value, (0, given.value.len() as u32), entry, identifier);
        }
    }

    fn number(&mut self, place: Place, text: &str, at: (u32, u32), entry: u32, identifier: u16) {
        let policy = self.engine.policy();
        if !self.is_in_force(entry) || !policy.is_on(Reason::PartyIdentifier) {
            return;
        }
        let entry = &self.engine.snapshot().entries()[entry as usize];
        let list_title = self.engine.snapshot().title(&entry.list);
        let listed = &entry.identifiers[usize::from(identifier)];
        let written = &text[at.0 as usize..at.1 as usize];
        let field = field_name(place, self.shipment);
        let mut evidence = vec![Evidence {
            name: "identifier",
            points: 1000,
            detail: format!("{} is listed for {}", listed.value, entry.primary_name()),
        }];
        if let Some(is_right) = has_right_check_digits(listed.kind, &identifier_key(&listed.value)) {
            let detail =
                if is_right { "the check digit is right" } else { "the check digit is wrong, on the list too" };
            evidence.push(Evidence { name: "check_digit", points: 0, detail: detail.to_owned() });
        }
        let other_name = self.name_beside(place).filter(|given| !self.is_name_of(given, entry));
        if let Some(given) = other_name {
            let detail = format!("the name given is \"{given}\", the row lists {}", entry.primary_name());
            evidence.push(Evidence { name: "name_differs", points: 0, detail });
        }
        let finding = Finding {
            spans: vec![span(text, at.0, at.1)],
            matched_name: listed.value.clone(),
            evidence,
            explanation: explain::identifier(&field, written, entry, list_title, other_name),
            ..row_finding(
                Reason::PartyIdentifier,
                Severity::High.min(listings::ceiling(self.engine, self.shipment, entry)),
                Score::FULL,
                place,
                entry,
                list_title,
            )
        };
        let is_new = |(p, f): &(Place, Finding)| *p != place || f.entry != finding.entry || f.reason != finding.reason;
        if self.findings.iter().all(is_new) {
            self.findings.push((place, finding));
        }
    }

    /// The findings of rules that need no name; they may combine with what names and brands have brought. What is in the
    /// shadow or suppressed takes no part in a combination.
    pub(super) fn rules(&mut self) {
        let (policy, shipment) = (self.engine.policy(), self.shipment);
        let settle = |finding: &mut Finding| {
            policy.settle(finding, shipment);
            explain::settled(finding);
            counts(finding)
        };
        let known: Vec<Part> = self
            .findings
            .iter()
            .filter(|(_, f)| counts(f) && (f.entry.is_none() || f.severity > Severity::Info))
            .map(|(_, f)| Part { reason: f.reason, clause: explain::clause(f) })
            .collect();
        let report = self.engine.rules().screen(shipment, self.prepared, |reason| policy.is_on(reason), settle, &known);
        for (number, ruled) in report.findings.into_iter().enumerate() {
            self.findings.push((Place::Rule(number as u32), ruled.finding));
            self.clauses.push(ruled.clause);
        }
        self.ran = report.ran;
    }

    /// The name that stands beside a number in the record.
    fn name_beside(&self, place: Place) -> Option<&'a str> {
        let shipment = self.shipment;
        let name = match place {
            Place::PartyIdentifier(at, _) => &shipment.parties[at as usize].name,
            Place::VesselImo(at) => &shipment.vessels[at as usize].name,
            _ => return None,
        };
        Some(name.as_str()).filter(|name| name.chars().any(char::is_alphanumeric))
    }

    /// Whether a name is alike to one of the row's, as the policy has it for parties.
    fn is_name_of(&self, given: &str, entry: &Entry) -> bool {
        let names = entry.names.iter().take(MAX_ROWS);
        let mut compared = names.map(|name| self.engine.compare(given, &name.text, entry.kind));
        compared.any(|found| found.is_match)
    }

    /// The findings in order, and what cut the work short. What is in the shadow neither raises nor hides another finding.
    pub(super) fn finish(mut self) -> Judged {
        for (found, cut) in
            [addresses::judge(self.engine, self.shipment, &self.findings), owners::judge(self.engine, self.shipment)]
        {
            self.findings.extend(found);
            self.cut.extend(cut);
        }
        raise_what_is_corroborated(&mut self.findings, self.engine);
        listings::one_a_number(self.engine, self.shipment, &mut self.findings);
        drop_brands_of_listed_names(&mut self.findings, self.engine);
        for (_, finding) in &mut self.findings {
            self.engine.policy().settle(finding, self.shipment);
            explain::settled(finding);
        }
        self.rules();
        order(&mut self.findings);
        let clause = |(place, finding): &(Place, Finding)| match *place {
            Place::Rule(number) => self.clauses[number as usize].clone(),
            _ => explain::clause(finding),
        };
        let clauses = self.findings.iter().map(clause).collect();
        let findings = self.findings.into_iter().map(|(_, finding)| finding).collect();
        Judged { findings, clauses, cut: self.cut, ran: self.ran }
    }
}

/// An exact hit of the whole listed name sorts before other ways to the same score.
const WHOLE: How = How::Exact { without_form: false, respaced: 0, is_glued: false };

/// A name that resembles the listed one only if both a misspelling and a missing word are forgiven: for the record,
/// unless the score is high or something else in the record points to the row.
fn is_twice_in_doubt(evidence: &[Evidence], score: u16) -> bool {
    let is_spelling = |e: &Evidence| matches!(e.name, "typo" | "romanisation" | "name_variant" | "distant");
    let is_leftover = |e: &Evidence| matches!(e.name, "extra_word" | "missing_word") && e.points <= -TELLING;
    score < TWICE_IN_DOUBT && evidence.iter().any(is_spelling) && evidence.iter().any(is_leftover)
}

/// The unified ideographs of Unicode, their first block and extension A.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

pub(super) fn row_finding(
    reason: Reason,
    severity: Severity,
    score: Score,
    place: Place,
    entry: &Entry,
    list_title: &str,
) -> Finding {
    Finding {
        reason,
        severity,
        score,
        field_path: place.to_string(),
        spans: Vec::new(),
        entry: Some(EntryReference::new(entry, list_title)),
        matched_name: String::new(),
        citations: entry.citations.clone(),
        licence_requirement: entry.licence_requirement.clone().unwrap_or_default(),
        licence_policy: entry.licence_policy.clone().unwrap_or_default(),
        effective: entry.effective,
        published: entry.published,
        evidence: Vec::new(),
        explanation: String::new(),
        also_listed: Vec::new(),
        is_shadow: false,
        suppressions: Vec::new(),
    }
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

pub(super) fn span(text: &str, start: u32, end: u32) -> Span {
    Span { start, end, text: text[start as usize..end as usize].to_owned() }
}

/// A weak name inside a stronger match of the same field says nothing new.
fn drop_what_is_said(findings: &mut Vec<Finding>) {
    let strong: Vec<(u32, u32)> = findings
        .iter()
        .filter(|f| f.evidence.iter().all(|e| e.name != "weak_name"))
        .flat_map(|f| f.spans.iter().map(|s| (s.start, s.end)))
        .collect();
    findings.retain(|f| {
        let is_weak = f.severity == Severity::Info && f.evidence.iter().any(|e| e.name == "weak_name");
        let inside = |s: &Span| strong.iter().any(|&(start, end)| start <= s.start && s.end <= end);
        !(is_weak && f.spans.iter().all(inside))
    });
}

/// A brand inside a listed name of the same text is part of that name.
fn drop_brands_of_listed_names(findings: &mut Vec<(Place, Finding)>, engine: &Engine) {
    if engine.policy().mode(Reason::TextListed) != Mode::On {
        return;
    }
    let names: Vec<(Place, u32, u32)> = findings
        .iter()
        .filter(|(_, f)| f.reason == Reason::TextListed && f.severity > Severity::Info)
        .flat_map(|(place, f)| f.spans.iter().map(|s| (*place, s.start, s.end)))
        .collect();
    findings.retain(|(place, f)| {
        let inside = |s: &Span| names.iter().any(|&(p, start, end)| p == *place && start <= s.start && s.end <= end);
        !is_brand(f.reason) || !f.spans.iter().all(inside)
    });
}

/// A weak name of a row that another field of the record names firmly is no longer weak.
fn raise_what_is_corroborated(findings: &mut [(Place, Finding)], engine: &Engine) {
    let firm: Vec<(Place, EntryReference)> = findings
        .iter()
        .filter(|(_, f)| {
            f.severity >= Severity::Medium
                && f.reason != Reason::PartyOwnership
                && engine.policy().mode(f.reason) == Mode::On
        })
        .filter_map(|(place, f)| f.entry.clone().map(|e| (*place, e)))
        .collect();
    for (place, finding) in findings.iter_mut() {
        let Some(entry) = &finding.entry else { continue };
        // An address or an owner that points to a row is no name of it.
        let is_weak = finding.severity <= Severity::Low
            && !is_brand(finding.reason)
            && !matches!(finding.reason, Reason::PartyAddress | Reason::PartyOwnership);
        if is_weak && firm.iter().any(|(other, e)| other != place && listings::is_same_party(engine, e, entry)) {
            finding.severity = Severity::Medium.min(engine.policy().ceiling(entry.effect));
            finding.evidence.push(Evidence {
                name: "corroborated",
                points: 0,
                detail: "another field of the record names the same row".to_owned(),
            });
        }
    }
}

/// Whether a finding may take part in a combination.
fn counts(finding: &Finding) -> bool {
    !finding.is_shadow && finding.suppressions.iter().all(|s| s.lowered_from.is_none())
}

fn is_brand(reason: Reason) -> bool {
    matches!(reason, Reason::GoodsBrand | Reason::GoodsModel)
}

/// Whose text it is, for the sentence.
fn field_name(place: Place, shipment: &Shipment) -> String {
    let role = |at: u32| shipment.parties[at as usize].role;
    let of = |at: u32, what: &str| match role(at) {
        Some(role) => format!("{}'s {what}", role.as_str().replace('_', " ")),
        None => format!("party's {what}"),
    };
    match place {
        Place::PartyName(at) | Place::PartyOtherName(at, _) => explain::party_field(role(at)),
        Place::PartyIdentifier(at, _) => of(at, "number"),
        Place::PartyAddress(at) | Place::PartyAddressPart(at, _) | Place::PartyStructuredAddress(at) => {
            of(at, "address")
        }
        Place::VesselName(_) => "vessel's name".to_owned(),
        Place::VesselImo(_) => "vessel's IMO number".to_owned(),
        Place::GoodsDescription(_) => "goods description".to_owned(),
        Place::GoodsMarks(_) => "shipping marks".to_owned(),
        Place::GoodsBrand(_) => "goods brand".to_owned(),
        Place::GoodsModel(_) => "goods model".to_owned(),
        Place::Rule(_) => "record".to_owned(),
    }
}
