//! Parties by name: punctuation, spacing and the wording of a legal form do not make another party, its class does.
//!
//! `OOO Vektor`, `Vektor LLC` and `ООО «Вектор»` are one party, `Vektor JSC` is another. A name without a legal form is
//! the one party of that name, where there is one; where there are several nobody can tell, and all are looked at.

use crate::name::{Class, FormClass, Uniform, parse};
use crate::text::{Folded, Reading};
use std::collections::BTreeMap;

/// Parties of one name that differ in the class of their legal form, at most as many as there are classes.
type Namesakes = Vec<(Option<FormClass>, u32)>;

/// What two spellings of a party's name have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// The name without legal forms, folded, without blanks.
    core: String,
    /// `None` without a form, or with one that says nothing of the company.
    form: Option<FormClass>,
}

impl Key {
    /// `None` for a name without letters.
    pub(super) fn of(name: &str) -> Option<Self> {
        let plain = Folded::of(name, Reading::Plain);
        let reading = match (plain.is_foreign(), plain.has_look_alikes()) {
            (true, _) => Some(Reading::Romanised),
            (false, true) => Some(Reading::LookAlike),
            (false, false) => None,
        };
        let folded = reading.map_or(plain, |reading| Folded::of(name, reading));
        let mut words = Vec::new();
        parse(&folded, folded.tokens(), false, &Uniform, &mut words);
        let (mut core, mut form) = (String::new(), None);
        for word in &words {
            match word.class {
                Class::LegalForm(class) => form = form.or(Some(class).filter(|c| *c != FormClass::Other)),
                _ => core.push_str(&folded.squeezed()[word.start as usize..word.end as usize]),
            }
        }
        if core.is_empty() {
            // Nothing but a form: a name all the same.
            (core, form) = (folded.squeezed().to_owned(), None);
        }
        (!core.is_empty()).then_some(Self { core, form })
    }

    /// Letters and digits of the name itself.
    pub(super) fn length(&self) -> usize {
        self.core.chars().count()
    }
}

/// Parties by name.
#[derive(Debug, Default)]
pub(super) struct Directory {
    by_core: BTreeMap<Box<str>, Namesakes>,
}

impl Directory {
    /// The party of exactly this name and form.
    pub(super) fn get(&self, key: &Key) -> Option<u32> {
        let namesakes = self.by_core.get(key.core.as_str())?;
        namesakes.iter().find(|(form, _)| *form == key.form).map(|(_, node)| *node)
    }

    /// Gives a name to a party, unless it is another's already.
    pub(super) fn insert(&mut self, key: Key, node: u32) {
        let namesakes = self.by_core.entry(key.core.into_boxed_str()).or_default();
        if !namesakes.iter().any(|(form, _)| *form == key.form) {
            namesakes.push((key.form, node));
            namesakes.sort_unstable();
        }
    }

    /// Pairs of parties that are one: the first is named without a form, the second is the only one of that name with one.
    pub(super) fn same(&self) -> Vec<(u32, u32)> {
        let pair = |namesakes: &Namesakes| match namesakes[..] {
            [(None, bare), (Some(_), full)] if bare != full => Some((bare, full)),
            _ => None,
        };
        self.by_core.values().filter_map(pair).collect()
    }

    /// Leads every name of the party `from` to `to`.
    pub(super) fn redirect(&mut self, alias: &[u32]) {
        for (_, node) in self.by_core.values_mut().flatten() {
            *node = alias[*node as usize];
        }
    }

    /// The parties that this name may be of, in order, and whether it is of the one for certain.
    pub(super) fn find(&self, name: &str) -> (Vec<u32>, bool) {
        let Some(key) = Key::of(name) else { return (Vec::new(), true) };
        let Some(namesakes) = self.by_core.get(key.core.as_str()) else { return (Vec::new(), true) };
        let of = |wanted: Option<FormClass>| namesakes.iter().find(|(form, _)| *form == wanted).map(|(_, node)| *node);
        if let Some(node) = of(key.form) {
            // With several forms known, a bare name may be of any.
            let is_certain = key.form.is_some() || namesakes.len() <= 2;
            return (vec![node], is_certain);
        }
        if key.form.is_some() {
            // "Vektor LLC" where only "Vektor" is known, and not where "Vektor JSC" is.
            let bare = of(None).filter(|_| namesakes.len() == 1);
            return (bare.into_iter().collect(), true);
        }
        let mut nodes: Vec<u32> = namesakes.iter().map(|(_, node)| *node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let is_certain = nodes.len() == 1;
        (nodes, is_certain)
    }
}
