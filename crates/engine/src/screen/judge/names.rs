//! Names found in a field: one finding an entry, the one that asks for most.

use super::covered::Covered;
use super::state::{Judge, MAX_FINDINGS, MAX_SPANS, PlacedHit, ReadAs};
use crate::fact::{Fact, Found, NameFact};
use crate::matcher::{Field, Hit, How, NameRecord, Scratch, Strength, reading_cost};
use crate::name::found as points;
use crate::name::{Feature, Features, Weight, several};
use crate::place::Place;
use crate::policy::FieldKind;
use crate::record::Relation;
use crate::screen::corroborate::{Corroboration, Given, MAX_BYTES, SaidCountry};
use crate::screen::ideographs::Ideographs;
use crate::screen::listings;
use crate::screen::meaning::{Judged, could_be_chance, judge, weakened};
use crate::screen::spans::span;
use model::entry::{Entry, NameKind};
use model::finding::{Evidence, EvidenceKind, Finding, Score, Severity, Span};
use model::ids::EntryId;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use text::Reading;

/// Entries reported for one field, at most; beyond, the answer says how many were left out.
const MAX_ENTRIES: usize = 100;
/// Entries weighed in one field, at most.
const MAX_WEIGHED: usize = 5000;
/// An exact hit of the whole listed name sorts before other ways to the same score.
const WHOLE: How = How::Exact { without_form: false, respaced: 0, is_glued: false };

impl<'a> Judge<'a> {
    /// Searches each of the names that a field gives: `New Name (formerly Old Name)`.
    pub(super) fn names_given(&mut self, place: Place, text: &str, floor: u16, scratch: &mut Scratch) {
        for part in several(text) {
            let again = |hit: &mut PlacedHit| {
                hit.relation = Relation::KnownAs;
                true
            };
            self.search_readings(place, text, part.clone(), (Field::Name, floor), scratch, again);
        }
    }

    /// Judges the names found in a field: one finding an entry.
    pub(super) fn names(&mut self, place: Place, text: &'a str, scratch: &mut Scratch) {
        let mut hits = std::mem::take(&mut self.hits);
        hits.retain(|f| self.is_in_force(f.entry));
        self.keep_weighed(place, &mut hits);
        hits.sort_by_key(|f| (f.entry, std::cmp::Reverse(f.hit.score), f.hit.how != WHOLE, f.span, f.hit.name));
        let mut of_field: Vec<Found> = Vec::new();
        for of_entry in hits.chunk_by(|a, b| a.entry == b.entry) {
            if scratch.stop_check().is_due() {
                break;
            }
            of_field.extend(self.name_finding(place, text, of_entry, scratch));
        }
        drop_what_is_said(&mut of_field);
        listings::one_a_party(self.engine, self.shipment, &mut of_field);
        of_field.sort_by_key(|f| std::cmp::Reverse((f.finding.severity, f.finding.score)));
        if of_field.len() > MAX_ENTRIES {
            let count = of_field.len();
            self.truncated.push(format!("{place}: {count} entries match, the {MAX_ENTRIES} strongest are given"));
            of_field.truncate(MAX_ENTRIES);
        }
        self.found.extend(of_field);
        self.keep_strongest(2 * MAX_FINDINGS);
        self.hits = hits;
    }

    /// Keeps the hits of as many entries as are weighed in one field: those with the best scores, of equals the first.
    fn keep_weighed(&mut self, place: Place, hits: &mut Vec<PlacedHit>) {
        if hits.len() <= MAX_WEIGHED {
            return;
        }
        let mut best: BTreeMap<EntryId, u16> = BTreeMap::new();
        for found in hits.iter() {
            let score = best.entry(found.entry).or_default();
            *score = found.hit.score.max(*score);
        }
        if best.len() <= MAX_WEIGHED {
            return;
        }
        let mut order: Vec<(Reverse<u16>, EntryId)> =
            best.into_iter().map(|(id, score)| (Reverse(score), id)).collect();
        order.sort_unstable();
        let count = order.len();
        order.truncate(MAX_WEIGHED);
        let kept: BTreeSet<EntryId> = order.into_iter().map(|(_, id)| id).collect();
        hits.retain(|found| kept.contains(&found.entry));
        self.truncated
            .push(format!("{place}: {count} entries are similar, the {MAX_WEIGHED} most similar are weighed"));
    }

    /// The finding for the hits of one entry in one field: the one that asks for most, then the best score.
    fn name_finding(&mut self, place: Place, text: &str, hits: &[PlacedHit], scratch: &mut Scratch) -> Option<Found> {
        let index = self.engine.index();
        let policy = self.engine.policy();
        let id = hits.first()?.entry;
        let entry = self.engine.snapshot().entry_at(id);
        let own_role = place.party().and_then(|at| self.shipment.parties[at].role);
        let limits = |found: &PlacedHit| {
            let field = match (found.reads, place) {
                (ReadAs::Text | ReadAs::Address | ReadAs::PartOfName, place) if place.is_name() => FieldKind::Goods,
                (ReadAs::Name, place) if !place.is_name() => FieldKind::PartyName,
                _ => place.kind(),
            };
            policy.limits(entry.list.as_str(), entry.effect, found.role.or(own_role), field)
        };
        let corroboration = self.corroboration(place, text, hits, entry);
        let mut chosen: Option<Chosen<'_>> = None;
        for found in hits {
            let matched = &text[found.span.0 as usize..found.span.1 as usize];
            let spelling = &index.spelling(index.name(found.hit.name)).text;
            let within = &text[found.within.0 as usize..found.within.1 as usize];
            let ideographs = Ideographs::of((matched, within), found.hit.reading, spelling, entry);
            // Where the listed address stands beside the listed name, the name is one, however the cell was cut.
            let is_exact = matches!(found.hit.how, How::Exact { is_glued: false, .. });
            let is_name = found.reads == ReadAs::Name || (is_exact && corroboration.has_address());
            let limits = limits(found);
            let mut judged = judge(place, is_name, &found.hit, entry, &corroboration, index, limits.review, ideographs);
            let review = i32::from(limits.review);
            // What is taken from a name that was found makes it less; it never hides it. It is kept for the record.
            if judged.score.max(i32::from(found.hit.score)) < review || !policy.is_on(judged.reason) {
                continue;
            }
            if is_name && judged.score < review {
                judged.severity = Severity::Info;
            }
            let has_other_words = found.reads != ReadAs::Address;
            let features = is_party(place)
                .then(|| index.features(within, &found.hit, corroboration.said, has_other_words, scratch));
            let of_names = (features.as_ref(), &corroboration);
            let (severity, chance) = self.severity(place, found, &judged, limits.hold, of_names);
            // Of equal ones the first stands.
            if chosen.as_ref().is_none_or(|best| (severity, judged.score) > (best.severity, best.judged.score)) {
                chosen = Some(Chosen { found, judged, severity, chance });
            }
        }
        let Chosen { found: best, judged, severity, chance } = chosen?;
        let record = index.name(best.hit.name);
        let mut evidence = self.evidence(text, best, record, scratch);
        if let Some((weight, follows)) = chance {
            let said = could_be_chance(weight, follows);
            evidence.push(Evidence::new(EvidenceKind::CouldBeChance, 0, said));
        }
        evidence.extend(judged.evidence);
        let score = Score::clamped(judged.score);
        balance(&mut evidence, i32::from(score.get()));
        let spelling = index.spelling(record);
        let (start, end) = best.span;
        let fact = NameFact {
            entry: id,
            kind: spelling.kind,
            text: text[start as usize..end as usize].to_owned(),
            how: best.hit.how,
            reading: best.hit.reading,
            is_whole: best.hit.is_whole,
            strength: record.strength,
            is_corroborated: judged.is_corroborated,
        };
        let list_title = self.engine.snapshot().title(&entry.list);
        let finding = Finding {
            score,
            spans: spans(text, best, hits),
            matched_name: spelling.text.clone(),
            evidence,
            ..Finding::new(judged.reason, severity, place.to_string()).on_entry(entry, list_title)
        };
        Some(Found { place, finding, fact: Fact::Name(fact) })
    }

    /// How severe a hit is, before what the rest of the shipment adds; and its weight, where that is too little for more
    /// than information. A party's name is weighed: `features` is what agrees and differs.
    fn severity(
        &self,
        place: Place,
        found: &PlacedHit,
        judged: &Judged,
        hold: u16,
        (features, corroboration): (Option<&Features>, &Corroboration),
    ) -> (Severity, Option<(Weight, &'static str)>) {
        let mut severity = judged.severity;
        if matches!(found.reads, ReadAs::Address | ReadAs::PartOfName) && !self.is_certain_in_address(&found.hit) {
            severity = Severity::Info;
        }
        if severity == Severity::High && judged.score < i32::from(hold) {
            severity = Severity::Medium;
        }
        severity = weakened(place, severity, corroboration);
        let chance = features.filter(|_| severity > Severity::Info).and_then(|features| {
            let is_person = self.engine.index().name(found.hit.name).is_person;
            let weight = Weight::of(features, is_person).with(corroboration.weight());
            let is_firm = weight.is_firm(features, found.hit.score, is_person)
                || self.is_the_name(found, features, corroboration);
            if !is_firm {
                severity = Severity::Info;
                return Some((weight, "and too little else points to the entry"));
            }
            let is_homonym = is_person && severity == Severity::High && !weight.holds_alone();
            is_homonym.then(|| {
                severity = Severity::Medium;
                (weight, "so it holds nothing without something else that points to the entry")
            })
        });
        (severity.min(listings::ceiling(self.engine, self.shipment, found.entry)), chance)
    }

    /// Whether a name that stands among the words of an address is one: letter for letter, and no name of two words,
    /// which streets and buildings are called by.
    fn is_certain_in_address(&self, hit: &Hit) -> bool {
        let record = self.engine.index().name(hit.name);
        matches!(hit.how, How::Exact { .. }) && (!record.is_person || record.word_count() > 2)
    }

    /// Whether the field is the listed name itself, but for its legal form: another party of just that name is a
    /// homonym, which a person has to tell from the listed one. A name that says little on its own needs something beside
    /// it.
    fn is_the_name(&self, found: &PlacedHit, features: &Features, corroboration: &Corroboration) -> bool {
        let index = self.engine.index();
        let record = index.name(found.hit.name);
        let is_primary = index.spelling(record).kind == NameKind::Primary;
        let says_enough = match record.strength {
            Strength::Strong | Strength::SingleWord => true,
            Strength::Short | Strength::Everyday => is_primary || corroboration.supports(),
            Strength::Weak => corroboration.supports(),
        };
        says_enough
            && found.hit.is_whole
            && features.of(Feature::Glued) == 0
            && (matches!(found.hit.how, How::Exact { .. }) || features.is_same_words())
    }

    /// The country of a party: as given, as its address ends in it, or as the address in its name cell does.
    fn said_country(&self, at: usize) -> Option<SaidCountry> {
        let party = &self.shipment.parties[at];
        let named = |address: &str| self.engine.rules().country_named(address);
        let given = party.country.or_else(|| named(&party.whole_address())).map(SaidCountry::certain);
        given.or_else(|| {
            let cell = self.prepared.cell(at);
            let mut addresses = cell.addresses();
            // Of several addresses one is another party's.
            let (Some(_), None) = (addresses.next(), addresses.next()) else { return None };
            // What stands beside a name in its cell takes nothing from it.
            cell.country.map(|country| SaidCountry { country, is_certain: false })
        })
    }

    fn corroboration(&mut self, place: Place, text: &str, hits: &[PlacedHit], entry: &Entry) -> Corroboration {
        match place {
            _ if !place.is_name() => Corroboration::default(),
            Place::VesselName(at) => Corroboration::of_vessel(&self.shipment.vessels[at as usize], entry),
            _ => {
                let Some(at) = place.party() else { return Corroboration::default() };
                let index = self.engine.index();
                let given = self.given(at);
                let mut found = Corroboration::of_party(given, entry);
                found.address_beside(&beside(text, hits), given, entry);
                let is_weak = |f: &PlacedHit| index.name(f.hit.name).strength > Strength::Strong;
                if let Some((start, end)) = hits.first().map(|f| f.span).filter(|_| hits.iter().all(is_weak)) {
                    found.look_beside(given, &text[start as usize..end as usize], entry);
                }
                found
            }
        }
    }

    /// What the record says about a party beside its name.
    fn given(&mut self, at: usize) -> &mut Given<'a> {
        let given = match self.given.take() {
            Some((of, given)) if of == at => given,
            _ => Given::of(&self.shipment.parties[at], self.said_country(at)),
        };
        &mut self.given.insert((at, given)).1
    }

    /// What speaks for and against the letters of a hit in a field.
    fn evidence(&self, text: &str, found: &PlacedHit, record: &NameRecord, scratch: &mut Scratch) -> Vec<Evidence> {
        let hit = &found.hit;
        let mut evidence = match hit.how {
            How::Near => {
                let within = &text[found.within.0 as usize..found.within.1 as usize];
                self.engine.index().evidence(within, hit, scratch)
            }
            How::Typo { edits, .. } => {
                let detail = format!("but for {edits} added, left out, exchanged or replaced");
                let cost = i32::from(reading_cost(record, hit.reading));
                vec![
                    Evidence::new(
                        EvidenceKind::SameLetters,
                        i32::from(points::WHOLE),
                        "the letters stand in the order of the listed name",
                    ),
                    Evidence::new(EvidenceKind::Edits, i32::from(hit.score) + cost - i32::from(points::WHOLE), detail),
                ]
            }
            How::Exact { without_form, respaced, is_glued } => exact_evidence(without_form, respaced, is_glued),
        };
        let cost = i32::from(reading_cost(record, hit.reading));
        if hit.reading == Reading::Undisguised {
            let detail = "disguised letters are read as they are meant";
            evidence.push(Evidence::new(EvidenceKind::LookAlike, -cost, detail));
        } else if hit.reading == Reading::LookAlike {
            let detail = "letters of another script are read as the Latin letters they look like";
            evidence.push(Evidence::new(EvidenceKind::LookAlike, -cost, detail));
        } else if cost > 0 {
            evidence.push(Evidence::new(EvidenceKind::Romanised, -cost, "letters of another script are romanised"));
        }
        if let How::Exact { .. } = hit.how
            && !hit.is_whole
        {
            let more = i32::from(hit.score) - sum(&evidence);
            if more < 0 {
                let detail = "the field says more than the listed name";
                evidence.push(Evidence::new(EvidenceKind::MoreInField, more, detail));
            }
        }
        balance(&mut evidence, i32::from(hit.score));
        if found.within != (0, text.len() as u32) || found.relation != Relation::Party {
            evidence.push(Evidence::new(EvidenceKind::OneOfAlternatives, 0, said_of(found)));
        }
        evidence
    }
}

/// The hit of an entry that stands for it.
struct Chosen<'h> {
    found: &'h PlacedHit,
    judged: Judged,
    severity: Severity,
    /// Its weight and what follows from it, where that makes it less severe.
    chance: Option<(Weight, &'static str)>,
}

/// Whether a field names a party. Ships are told by their numbers, and their names are few words that many bear.
fn is_party(place: Place) -> bool {
    place.is_name() && !matches!(place, Place::VesselName(_))
}

/// How the field says the name that was found.
fn said_of(found: &PlacedHit) -> String {
    match (found.role, found.relation) {
        (Some(role), Relation::Party) => format!("the text names it as {}", role.as_str().replace('_', " ")),
        (_, Relation::Party) => "the field says more than a name, and this is the name".to_owned(),
        (_, relation) => {
            let how = relation.as_str().replace('_', " ");
            format!("the field gives several names, and this is one of them: {how}")
        }
    }
}

fn exact_evidence(without_form: bool, respaced: u8, is_glued: bool) -> Vec<Evidence> {
    let mut evidence =
        vec![Evidence::new(EvidenceKind::Identical, i32::from(points::WHOLE), "the letters are equal once folded")];
    if without_form {
        evidence.push(Evidence::new(
            EvidenceKind::LegalForm,
            -i32::from(points::WITHOUT_FORM),
            "the listed legal form is left out",
        ));
    }
    if respaced > 0 {
        let (taken, detail) = (-i32::from(points::respaced(respaced)), format!("{respaced} blanks added or taken out"));
        evidence.push(Evidence::new(EvidenceKind::Respaced, taken, detail));
    }
    if is_glued {
        evidence.push(Evidence::new(
            EvidenceKind::Glued,
            -i32::from(points::GLUED),
            "an end is glued to a neighbouring word",
        ));
    }
    evidence
}

fn sum(evidence: &[Evidence]) -> i32 {
    evidence.iter().map(|e| e.points).sum()
}

/// Says what a limit of the score adds or takes, so that the points shown are the score.
fn balance(evidence: &mut Vec<Evidence>, score: i32) {
    let rest = score - sum(evidence);
    if rest != 0 {
        let detail =
            if rest < 0 { "a name like this scores no more here" } else { "a name like this scores no less here" };
        evidence.push(Evidence::new(EvidenceKind::Limit, rest, detail));
    }
}

/// The beginning of the text of a field without the names found in it.
fn beside(text: &str, hits: &[PlacedHit]) -> String {
    let mut spans: Vec<(u32, u32)> = hits.iter().map(|found| found.span).collect();
    spans.sort_unstable();
    let (mut out, mut at) = (String::new(), 0);
    for (start, end) in spans {
        let (start, end) = (start as usize, end as usize);
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push(' ');
        at = at.max(end);
        if out.len() > MAX_BYTES {
            return out;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The places of an entry in a field: of the best hit, and of others that do not overlap it.
fn spans(text: &str, best: &PlacedHit, hits: &[PlacedHit]) -> Vec<Span> {
    let mut places: Vec<(u32, u32)> = Vec::new();
    for found in std::iter::once(best).chain(hits) {
        let (start, end) = found.span;
        if places.len() < MAX_SPANS && places.iter().all(|&(s, e)| end <= s || e <= start) {
            places.push((start, end));
        }
    }
    places.sort_unstable();
    places.into_iter().map(|(start, end)| span(text, start, end)).collect()
}

/// A weak name that is a part of a stronger match of the same field says nothing new. One that is the field itself does.
fn drop_what_is_said(of_field: &mut Vec<Found>) {
    let is_weak = |f: &Finding| f.evidence.iter().any(|e| e.kind == EvidenceKind::WeakName);
    let strong = of_field.iter().filter(|f| !is_weak(&f.finding));
    let strong = Covered::by(strong.flat_map(|f| f.finding.spans.iter().map(|s| ((), s.start, s.end))));
    of_field.retain(|Found { finding, fact, .. }| {
        let is_whole = matches!(fact, Fact::Name(NameFact { is_whole: true, .. }));
        let inside = |s: &Span| strong.covers((), s.start, s.end);
        is_whole || !(finding.severity == Severity::Info && is_weak(finding) && finding.spans.iter().all(inside))
    });
}
