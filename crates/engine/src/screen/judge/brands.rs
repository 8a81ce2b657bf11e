//! Brands and models of the lexicon in goods texts.

use super::covered::Covered;
use super::state::{Judge, MAX_SPANS};
use crate::fact::{BrandFact, Fact, Found};
use crate::place::Place;
use crate::policy::Mode;
use crate::rule::BrandHit;
use crate::screen::engine::Engine;
use crate::screen::spans::span;
use model::finding::{Finding, Reason, Severity, Span};
use text::Folded;

impl Judge<'_> {
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
                    .then(|| (entry.effect, self.engine.snapshot().title(&entry.list).to_owned()))
            });
            let (start, end) = places[0];
            let fact = BrandFact {
                text: text[start as usize..end as usize].to_owned(),
                name: hit.brand.name.clone(),
                maker: hit.brand.maker.clone(),
                is_model: hit.brand.is_model,
                listing,
            };
            let finding = Finding {
                spans: places.into_iter().map(|(start, end)| span(text, start, end)).collect(),
                matched_name: hit.brand.name.clone(),
                citations: vec![hit.brand.citation.clone()],
                ..Finding::new(reason, Severity::Info, place.to_string())
            };
            self.found.push(Found { place, finding, fact: Fact::Brand(fact) });
        }
    }
}

/// A brand inside a listed name of the same text is part of that name.
pub(super) fn drop_brands_of_listed_names(all: &mut Vec<Found>, engine: &Engine) {
    if engine.policy().mode(Reason::TextListed) != Mode::On {
        return;
    }
    let names = all.iter().filter(|f| f.finding.reason == Reason::TextListed && f.finding.severity > Severity::Info);
    let names = Covered::by(names.flat_map(|f| f.finding.spans.iter().map(|s| (f.place, s.start, s.end))));
    all.retain(|f| {
        let inside = |s: &Span| names.covers(f.place, s.start, s.end);
        !is_brand(f.finding.reason) || !f.finding.spans.iter().all(inside)
    });
}

pub(super) fn is_brand(reason: Reason) -> bool {
    matches!(reason, Reason::GoodsBrand | Reason::GoodsModel)
}
