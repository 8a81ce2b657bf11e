//! The spellings of one entry as a reader collects them, each once, with the repairs and notes that come of it.
//!
//! For lists that give each spelling a field. Whatever else the field holds beside the name, the reader takes out first.

use super::acronym::{is_acronym_of, trailing_acronym};
use super::lookup::Lookup;
use super::repairs::Repairs;
use super::tidy::tidy;
use model::entry::{EntryKind, Name, NameKind};

/// Spellings in the order they were added.
pub(crate) struct Spellings {
    kind: EntryKind,
    names: Vec<Name>,
    places: Lookup,
    /// Repairs made so far.
    pub(crate) repairs: Repairs,
    /// What goes to the remarks.
    pub(crate) notes: Vec<String>,
}

impl Spellings {
    /// None yet, of an entry of this kind.
    pub(crate) fn new(kind: EntryKind) -> Self {
        Self { kind, names: Vec::new(), places: Lookup::default(), repairs: Repairs::default(), notes: Vec::new() }
    }

    /// The spellings, the primary one first.
    pub(crate) fn take(&mut self) -> Vec<Name> {
        self.places = Lookup::default();
        std::mem::take(&mut self.names)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Characters, blanks and quotes as they were meant; what cannot be repaired is counted.
    pub(crate) fn tidy(&mut self, text: &str) -> String {
        let text = tidy(text, &mut self.repairs);
        let inner = text.strip_prefix('“').and_then(|t| t.strip_suffix('”')).filter(|t| !t.contains(['“', '”']));
        match inner {
            Some(inner) if !inner.is_empty() => {
                self.repairs.add("wrapped_quotes");
                inner.to_owned()
            }
            _ => text,
        }
    }

    /// Adds a spelling. The initials that a company's name carries in parentheses become a spelling of their own.
    pub(crate) fn add(&mut self, text: &str, kind: NameKind, weak: bool) {
        let text = self.tidy(text);
        self.add_tidy(&text, kind, weak);
    }

    /// Adds a spelling that [`Self::tidy`] has been over, as a whole or as a part.
    pub(crate) fn add_tidy(&mut self, text: &str, kind: NameKind, weak: bool) {
        let text = text.trim();
        if text.is_empty() {
            self.repairs.add("empty_alias");
            return;
        }
        if self.kind == EntryKind::Company
            && let Some((name, acronym)) = trailing_acronym(text)
        {
            self.repairs.add("acronym_split");
            self.push(name, kind, weak);
            self.push(acronym, NameKind::Acronym, weak);
            return;
        }
        self.push(text, kind, weak);
    }

    fn push(&mut self, text: &str, kind: NameKind, weak: bool) {
        if let Some(known) = self.places.place(&self.names, text, |n| &n.text) {
            let known = &mut self.names[known];
            // Of two markings the one that screens more holds.
            known.weak &= weak;
            self.repairs.add("duplicate_alias");
            return;
        }
        let short = kind == NameKind::Alias
            && self.kind == EntryKind::Company
            && self.names.first().is_some_and(|primary| is_acronym_of(text, &primary.text));
        let kind = if short { NameKind::Acronym } else { kind };
        self.names.push(Name { text: text.to_owned(), kind, weak });
    }
}
