//! How much each listed name says on its own, and what it can be expected to do.

use super::kind::{Field, Reach};
use engine::matcher::Strength;
use engine::screen::Engine;
use model::entry::NameKind;
use model::finding::Severity;
use rustc_hash::FxHashMap;

/// How much each listed name says on its own: entry and name, to the strongest of its readings.
pub(super) struct Strengths(FxHashMap<(u32, u16), Strength>);

impl Strengths {
    /// Looks every name of the engine up.
    pub(super) fn of(engine: &Engine) -> Self {
        let index = engine.index();
        let mut strengths = FxHashMap::default();
        for (_, record) in index.names() {
            let known = strengths.entry((record.entry.index() as u32, record.name)).or_insert(record.strength);
            *known = record.strength.min(*known);
        }
        Self(strengths)
    }

    /// What the engine means a name of an entry to do in a field, as the glossary of strengths says it.
    pub(super) fn reach(&self, engine: &Engine, field: Field, (entry_at, name): (u32, u16)) -> Reach {
        let entry = &engine.snapshot().entries()[entry_at as usize];
        if engine.policy().ceiling(entry.effect) == Severity::Info {
            return Reach::ForTheRecord;
        }
        let is_party = field == Field::Party;
        let is_primary = entry.names[usize::from(name)].kind == NameKind::Primary;
        match self.0.get(&(entry_at, name)) {
            // A name without a letter that can be compared is the engine's miss, not its design.
            None | Some(Strength::Strong) => Reach::Alert,
            Some(Strength::SingleWord) if is_party => Reach::Alert,
            Some(Strength::Short) if is_party && is_primary => Reach::Alert,
            Some(Strength::SingleWord) => Reach::SingleWord,
            Some(Strength::Short) => Reach::Short,
            Some(Strength::Everyday) => Reach::Everyday,
            Some(Strength::Weak) => Reach::Weak,
        }
    }
}
