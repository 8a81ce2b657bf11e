//! Parties by name: punctuation, spacing and the wording of a legal form do not make another party, its class does.
//!
//! `OOO Vektor`, `Vektor LLC` and `ООО «Вектор»` are one party, `Vektor JSC` is another. A name without a legal form is
//! the one party of that name, where there is one; where there are several nobody can tell, and all are looked at.

use super::link::PartyId;
use crate::name::{Class, FormClass, Uniform, parse};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use text::{Folded, Reading};

/// Parties of one name that differ in the class of their legal form, at most as many as there are classes.
type Namesakes = Vec<(Option<FormClass>, PartyId)>;

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
        let folded = other_reading(&plain).map_or(plain, |reading| Folded::of(name, reading));
        Self::of_folded(&folded)
    }

    fn of_folded(folded: &Folded) -> Option<Self> {
        let mut words = Vec::new();
        parse(folded.as_text(), false, &Uniform, &mut words);
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

/// How a name is read that is not of Latin letters alone.
fn other_reading(plain: &Folded) -> Option<Reading> {
    match (plain.is_foreign(), plain.has_look_alikes()) {
        (true, _) => Some(Reading::Romanised),
        (false, true) => Some(Reading::LookAlike),
        (false, false) => None,
    }
}

/// The first bytes of a name, zeros where it is shorter.
type Head = [u8; 4];

fn head(of: &[u8]) -> Head {
    std::array::from_fn(|at| of.get(at).copied().unwrap_or_default())
}

/// Parties by name.
#[derive(Debug, Default)]
pub(super) struct Directory {
    by_core: BTreeMap<Box<str>, Namesakes>,
    /// How the names begin, each beginning of up to four bytes: most names of a record begin otherwise and need not be
    /// parsed.
    heads: FxHashSet<Head>,
}

impl Directory {
    /// The party of exactly this name and form.
    pub(super) fn get(&self, key: &Key) -> Option<PartyId> {
        let namesakes = self.by_core.get(key.core.as_str())?;
        namesakes.iter().find(|(form, _)| *form == key.form).map(|(_, party)| *party)
    }

    /// Gives a name to a party, unless it is another's already.
    pub(super) fn insert(&mut self, key: Key, party: PartyId) {
        let core = key.core.as_bytes();
        self.heads.extend((1..=core.len().min(4)).map(|length| head(&core[..length])));
        let namesakes = self.by_core.entry(key.core.into_boxed_str()).or_default();
        if !namesakes.iter().any(|(form, _)| *form == key.form) {
            namesakes.push((key.form, party));
            namesakes.sort_unstable();
        }
    }

    /// Pairs of parties that are one: the first is named without a form, the second is the only one of that name with one.
    pub(super) fn same(&self) -> Vec<(PartyId, PartyId)> {
        let pair = |namesakes: &Namesakes| match namesakes[..] {
            [(None, bare), (Some(_), full)] if bare != full => Some((bare, full)),
            _ => None,
        };
        self.by_core.values().filter_map(pair).collect()
    }

    /// Leads every name of a party to the one that `alias` has for it.
    pub(super) fn redirect(&mut self, alias: &[PartyId]) {
        for (_, party) in self.by_core.values_mut().flatten() {
            *party = alias[party.index()];
        }
    }

    /// Whether a name could be known: without its legal forms it begins with one of its tokens, whatever follows that.
    fn may_have(&self, folded: &Folded) -> bool {
        let squeezed = folded.squeezed().as_bytes();
        let mut tokens = folded.tokens().iter().map(|token| &squeezed[token.start as usize..token.end as usize]);
        tokens.any(|token| self.heads.contains(&head(token)))
    }

    /// The parties that this name, folded as written, may be of, in order, and whether it is of the one for certain.
    pub(super) fn find(&self, name: &str, plain: &Folded) -> (Vec<PartyId>, bool) {
        let other = other_reading(plain).map(|reading| Folded::of(name, reading));
        let folded = other.as_ref().unwrap_or(plain);
        if !self.may_have(folded) {
            return (Vec::new(), true);
        }
        let Some(key) = Key::of_folded(folded) else { return (Vec::new(), true) };
        let Some(namesakes) = self.by_core.get(key.core.as_str()) else { return (Vec::new(), true) };
        let of =
            |wanted: Option<FormClass>| namesakes.iter().find(|(form, _)| *form == wanted).map(|(_, party)| *party);
        if let Some(party) = of(key.form) {
            // With several forms known, a bare name may be of any.
            let is_certain = key.form.is_some() || namesakes.len() <= 2;
            return (vec![party], is_certain);
        }
        if key.form.is_some() {
            // "Vektor LLC" where only "Vektor" is known, and not where "Vektor JSC" is.
            let bare = of(None).filter(|_| namesakes.len() == 1);
            return (bare.into_iter().collect(), true);
        }
        let mut parties: Vec<PartyId> = namesakes.iter().map(|(_, party)| *party).collect();
        parties.sort_unstable();
        parties.dedup();
        let is_certain = parties.len() == 1;
        (parties, is_certain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_passed_over_unparsed_is_of_nobody() {
        let known = [
            "AB LLC Vektor",
            "X",
            "Ab",
            "A B Vektor Ltd",
            "ООО Вектор",
            "Limited",
            "深圳市大疆创新科技有限公司",
            "PT Maju",
            "Öz Ltd",
        ];
        let mut directory = Directory::default();
        for (node, name) in (0..).zip(known) {
            directory.insert(Key::of(name).unwrap(), PartyId(node));
        }
        let mut folded = Folded::default();
        let asked = [
            "OOO Vektor",
            "x ltd",
            "A.B. LLC",
            "Limited Liability Company AB Vektor",
            "ABVektor",
            "大疆创新",
            "Maju",
            "OEZ",
            "A B LLC Vektor",
        ];
        let mut met = 0;
        for name in known.into_iter().chain(asked) {
            if directory.by_core.contains_key(Key::of(name).unwrap().core.as_str()) {
                met += 1;
                folded.fold(name, Reading::Plain);
                if let Some(reading) = other_reading(&folded) {
                    folded.fold(name, reading);
                }
                assert!(directory.may_have(&folded), "{name}");
            }
        }
        assert!(met > known.len() + 3, "{met}");
        folded.fold("Harbour Dynamics Ltd", Reading::Plain);
        assert!(!directory.may_have(&folded));
    }
}
