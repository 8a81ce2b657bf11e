//! Brands and models of the lexicon in goods texts.

use super::super::Engine;
use super::super::fields::Place;
use super::{Judge, MAX_SPANS, field_name, span};
use crate::explain;
use crate::policy::Mode;
use crate::rule::BrandHit;
use model::finding::{Finding, Reason, Score, Severity, Span};
use text::Folded;

impl<'a> Judge<'a> {
    /// Brands of the lexicon in a goods text.
    pub(super) fn brands(&mut self, place: Place, text: &str, folded: &Folded) {
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
}

/// A brand inside a listed name of the same text is part of that name.
pub(super) fn drop_brands_of_listed_names(findings: &mut Vec<(Place, Finding)>, engine: &Engine) {
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

pub(super) fn is_brand(reason: Reason) -> bool {
    matches!(reason, Reason::GoodsBrand | Reason::GoodsModel)
}
