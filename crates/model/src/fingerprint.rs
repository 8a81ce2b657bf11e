//! The fingerprint of a snapshot: SHA-256 over every field of every entry.
//!
//! Canonical encoding, so that no two different sets of entries encode alike:
//! - the tag `tidewaiter.entries.2`, then the number of entries, then the entries in order of list and id;
//! - a number is 8 bytes, little end first; a text is its length in bytes, then its UTF-8;
//! - a series is its length, then its members; an optional value is a byte 0, or a byte 1 and the value;
//! - dates are texts (`2020-12-18`), countries and words for kinds likewise; a flag is a byte.
//!
//! Fields follow the order of [`Entry`]. File names, formats and the order of files take no part. A changed
//! encoding gets a new tag.

use crate::country::Country;
use crate::entry::{Entry, Identifier};
use crate::shipment::{Party, Role};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// `sha256:` and 64 hexadecimal digits over entries that are ordered by list and id.
pub(crate) fn of(entries: &[Entry]) -> String {
    let mut hash = Encoder(Sha256::new());
    hash.text("tidewaiter.entries.2");
    hash.series(entries, Encoder::entry);
    hash.finish()
}

/// `sha256:` and 64 hexadecimal digits over every field of one entry.
pub(crate) fn of_entry(entry: &Entry) -> String {
    let mut hash = Encoder(Sha256::new());
    hash.text("tidewaiter.entry.1");
    hash.entry(entry);
    hash.finish()
}

/// `sha256:` and 64 hexadecimal digits over all that a record says of a party: who it is and what it does. Who says so, and
/// who disputes it, is not part of it. Another value means that it is another party than somebody examined, or is described
/// otherwise.
pub fn party_fingerprint(party: &Party) -> String {
    let mut hash = Encoder(Sha256::new());
    hash.text("tidewaiter.party.1");
    hash.optional(party.role.map(Role::as_str));
    hash.text(&party.name);
    hash.series(&party.other_names, |hash, text| hash.text(text));
    hash.text(&party.whole_address());
    hash.country(party.country);
    hash.series(&party.identifiers, Encoder::identifier);
    for date in [party.born, party.incorporated] {
        hash.optional(date.map(|d| d.to_string()).as_deref());
    }
    hash.finish()
}

struct Encoder(Sha256);

impl Encoder {
    fn finish(self) -> String {
        let mut out = String::from("sha256:");
        for byte in self.0.finalize() {
            write!(out, "{byte:02x}").expect("writing to a string does not fail");
        }
        out
    }

    fn entry(&mut self, entry: &Entry) {
        self.text(entry.list.as_str());
        self.text(&entry.id);
        self.text(entry.kind.as_str());
        self.text(entry.effect.as_str());
        self.series(&entry.names, |hash, name| {
            hash.text(&name.text);
            hash.text(name.kind.as_str());
            hash.0.update([u8::from(name.weak)]);
        });
        self.series(&entry.identifiers, Self::identifier);
        self.series(&entry.addresses, |hash, address| {
            hash.text(&address.text);
            hash.country(address.country);
        });
        self.series(&entry.countries, |hash, country| hash.text(country.code()));
        self.series(&entry.relations, |hash, relation| {
            hash.text(relation.kind.as_str());
            hash.text(&relation.name);
            hash.optional(relation.id.as_deref());
            hash.optional(relation.share.map(|s| s.to_string()).as_deref());
        });
        self.series(&entry.programmes, |hash, text| hash.text(text));
        self.series(&entry.citations, |hash, text| hash.text(text));
        self.optional(entry.licence_requirement.as_deref());
        self.optional(entry.licence_policy.as_deref());
        self.date(entry.effective);
        self.date(entry.published);
        self.date(entry.ends);
        self.series(&entry.births, |hash, text| hash.text(text));
        self.text(&entry.remarks);
        self.text(&entry.source_url);
        self.date(entry.read_on);
    }

    fn identifier(&mut self, id: &Identifier) {
        self.text(id.kind.as_str());
        self.text(&id.value);
        self.country(id.country);
    }

    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        self.0.update([u8::from(text.is_some())]);
        if let Some(text) = text {
            self.text(text);
        }
    }

    fn date(&mut self, date: Option<Date>) {
        self.optional(date.map(|d| d.to_string()).as_deref());
    }

    fn country(&mut self, country: Option<Country>) {
        self.optional(country.as_ref().map(Country::code));
    }

    fn series<T>(&mut self, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.number(items.len());
        for item in items {
            each(self, item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Effect, EntryKind, ListId, Name, NameKind};

    #[test]
    fn a_text_cannot_slide_from_one_field_to_the_next() {
        let mut one = Entry::new(ListId::new("l"), "1", EntryKind::Company, Effect::Watch);
        one.names.push(Name::new("AB", NameKind::Primary));
        let mut two = one.clone();
        one.programmes = vec!["ab".into(), "c".into()];
        two.programmes = vec!["a".into(), "bc".into()];
        assert_ne!(of(std::slice::from_ref(&one)), of(std::slice::from_ref(&two)));
        two.programmes.clone_from(&one.programmes);
        assert_eq!(of(&[one.clone()]), of(&[two.clone()]));
        two.names[0].weak = true;
        assert_ne!(of(&[one]), of(&[two]));
    }
}
