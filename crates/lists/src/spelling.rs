//! The spellings of one row as a reader collects them, each once, with the repairs and notes that come of it.
//!
//! For lists that give a field to each spelling; what stands inside a field beside the name is the reader's matter.

use super::draft::Repairs;
use super::markers::{is_acronym_of, trailing_acronym};
use super::names;
use model::entry::{EntryKind, Name, NameKind};

/// Spellings in the order they were added.
pub(super) struct Spellings {
    kind: EntryKind,
    names: Vec<Name>,
    /// Repairs made on the row.
    pub(super) repairs: Repairs,
    /// What goes to the remarks.
    pub(super) notes: Vec<String>,
}

impl Spellings {
    /// None yet, of a row of this kind.
    pub(super) fn new(kind: EntryKind) -> Self {
        Self { kind, names: Vec::new(), repairs: Repairs::default(), notes: Vec::new() }
    }

    /// The spellings, the primary one first.
    pub(super) fn take(&mut self) -> Vec<Name> {
        std::mem::take(&mut self.names)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Characters, blanks and quotes as they were meant; what cannot be repaired is counted.
    pub(super) fn tidy(&mut self, text: &str) -> String {
        let text = names::tidy(text, &mut self.repairs);
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
    pub(super) fn add(&mut self, text: &str, kind: NameKind, weak: bool) {
        let text = self.tidy(text);
        self.add_tidy(&text, kind, weak);
    }

    /// Adds a spelling that [`Self::tidy`] has been over, as a whole or as a part.
    pub(super) fn add_tidy(&mut self, text: &str, kind: NameKind, weak: bool) {
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
        if let Some(known) = self.names.iter_mut().find(|n| n.text == text) {
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
