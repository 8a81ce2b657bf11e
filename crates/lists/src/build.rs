//! A row in the making: what a reader collects, possibly over several records of the file, until it becomes an entry.

use super::catalogue;
use super::details::note;
use super::draft::{Draft, Repairs};
use super::error::Error;
use super::identifiers;
use super::phrases;
use super::spelling::Spellings;
use jiff::civil::Date;
use model::country::Country;
use model::entry::{Address, Entry, EntryKind, Identifier, IdentifierType, ListId, NameKind, Relation, RelationKind};

struct Pending {
    text: String,
    kind: NameKind,
    weak: bool,
}

/// A row in the making.
pub(super) struct Building {
    /// All but names and remarks.
    pub(super) entry: Entry,
    /// Repairs so far.
    pub(super) repairs: Repairs,
    /// Line of the first record.
    pub(super) line: u64,
    /// Records of the file that went into it.
    pub(super) records: u32,
    names: Vec<Pending>,
    notes: Vec<String>,
}

impl Building {
    /// A row of a list of the catalogue, begun on this line.
    pub(super) fn new(list: &str, id: &str, kind: EntryKind, line: u64) -> Self {
        let entry = Entry::new(ListId::new(list), id, kind, catalogue::effect(list));
        Self { entry, repairs: Repairs::default(), line, records: 1, names: Vec::new(), notes: Vec::new() }
    }

    /// Adds a spelling; the same one again is no repair, as several records repeat it.
    pub(super) fn name(&mut self, text: &str, kind: NameKind, weak: bool) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match self.names.iter_mut().find(|n| n.text == text) {
            Some(known) => {
                known.weak &= weak;
                if kind == NameKind::Primary {
                    known.kind = kind;
                }
            }
            None => self.names.push(Pending { text: text.to_owned(), kind, weak }),
        }
    }

    /// Whether a spelling was added.
    pub(super) fn has_name(&self) -> bool {
        !self.names.is_empty()
    }

    /// Adds a labelled remark, each once.
    pub(super) fn note(&mut self, label: &str, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if label.is_empty() {
            self.remark(text);
            return;
        }
        let known = |n: &String| n.len() == label.len() + 2 + text.len() && n.starts_with(label) && n.ends_with(text);
        if !self.notes.iter().any(known) {
            note(&mut self.notes, label, text);
        }
    }

    /// Adds a remark, each once.
    pub(super) fn remark(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && !self.notes.iter().any(|n| n == text) {
            self.notes.push(text.to_owned());
        }
    }

    /// Adds a nationality, citizenship or flag; one that we do not know is counted and noted.
    pub(super) fn country(&mut self, label: &str, text: &str) {
        let text = text.trim().trim_end_matches(['.', ',', ';']);
        if text.is_empty() || ["na", "n/a", "none", "unknown", "00"].iter().any(|w| text.eq_ignore_ascii_case(w)) {
            return;
        }
        match Country::parse(text).or_else(|| super::nationality::parse(text)) {
            Some(country) if self.entry.countries.contains(&country) => {}
            Some(country) => self.entry.countries.push(country),
            None => {
                self.repairs.add("unknown_country");
                self.note(label, text);
            }
        }
    }

    /// Adds an address of these parts, each once. A country that we do not know stays part of the text.
    pub(super) fn address<'t>(&mut self, parts: impl IntoIterator<Item = &'t str>, country: &'t str) {
        let country = country.trim();
        let found = Country::parse(country);
        let mut text = String::new();
        let last = (found.is_none() && !country.is_empty()).then_some(country);
        if last.is_some() {
            self.repairs.add("unknown_country");
        }
        for part in parts.into_iter().chain(last) {
            for word in part.trim().trim_end_matches([',', ' ']).split_whitespace() {
                if !text.is_empty() && !text.ends_with(", ") {
                    text.push(' ');
                }
                text.push_str(word);
            }
            if !text.is_empty() && !text.ends_with(", ") && !part.trim().is_empty() {
                text.push_str(", ");
            }
        }
        text.truncate(text.trim_end_matches([',', ' ']).len());
        let address = Address { text, country: found };
        if (address.country.is_some() || !address.text.is_empty()) && !self.entry.addresses.contains(&address) {
            self.entry.addresses.push(address);
        }
    }

    /// Adds an address that is written in one line and ends with its country.
    pub(super) fn address_line(&mut self, text: &str) {
        let text = text.trim().trim_end_matches(['.', ' ']);
        let (head, last) = text.rsplit_once(',').map_or(("", text), |(head, last)| (head, last.trim()));
        match Country::parse(last).filter(|_| last.len() > 3) {
            Some(_) => self.address([head], last),
            None => self.address([text], ""),
        }
    }

    /// Adds a number under the publisher's label, in the words of [`identifiers`]; where it names none, a remark.
    pub(super) fn number(&mut self, label: &str, value: &str, country: Option<Country>) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let home: Vec<Country> = self.entry.all_countries().collect();
        match identifiers::read(label, value, country, &home, self.entry.kind) {
            Some(identifier) => self.identifier(identifier),
            None => self.note(label, value),
        }
    }

    /// Adds a number of known type.
    pub(super) fn typed(&mut self, kind: IdentifierType, value: &str, country: Option<Country>) {
        let value = value.trim();
        if !value.is_empty() {
            self.identifier(Identifier { kind, value: value.to_owned(), country });
        }
    }

    /// Adds the IMO number of a ship; what is none is noted and counted.
    pub(super) fn imo(&mut self, text: &str) {
        let number = text.trim().trim_start_matches("IMO").trim_start_matches([' ', ':']);
        if number.len() == 7 && number.bytes().all(|b| b.is_ascii_digit()) {
            self.typed(IdentifierType::Imo, number, None);
        } else if !number.is_empty() {
            self.repairs.add("not_an_imo_number");
            self.note("IMO number", text);
        }
    }

    fn identifier(&mut self, identifier: Identifier) {
        if !self.entry.identifiers.contains(&identifier) {
            self.entry.identifiers.push(identifier);
        }
    }

    /// Adds a relation to a party that is only named, or given by its number on the list.
    pub(super) fn relation(&mut self, kind: RelationKind, name: &str) {
        let name = name.trim().trim_end_matches([',', ';']).trim();
        if name.is_empty() {
            return;
        }
        let mut relation = Relation::named(kind, name);
        if name.len() >= 4 && name.bytes().all(|b| b.is_ascii_digit()) {
            relation = Relation { kind, name: String::new(), id: Some(name.to_owned()), share: None };
        }
        self.related(relation);
    }

    /// Adds a relation, each once.
    pub(super) fn related(&mut self, relation: Relation) {
        if !self.entry.relations.contains(&relation) {
            self.entry.relations.push(relation);
        }
    }

    /// Adds the relations that the remarks state in a set phrase. A person is owned by nobody.
    pub(super) fn relate_by_remarks(&mut self) {
        if self.entry.kind != EntryKind::Person {
            for remark in std::mem::take(&mut self.notes) {
                phrases::relations(&remark, |relation| self.related(relation));
                self.notes.push(remark);
            }
        }
    }

    /// Adds a date of birth, each once.
    pub(super) fn birth(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && !self.entry.births.iter().any(|b| b == text) {
            self.entry.births.push(text.to_owned());
        }
    }

    /// Adds a text to a series, each once.
    pub(super) fn programme(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && !self.entry.programmes.iter().any(|p| p == text) {
            self.entry.programmes.push(text.to_owned());
        }
    }

    /// Adds a citation, each once.
    pub(super) fn citation(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && !self.entry.citations.iter().any(|c| c == text) {
            self.entry.citations.push(text.to_owned());
        }
    }

    /// The earlier of the known first day and this one.
    pub(super) fn in_force_from(&mut self, day: Option<Date>) {
        if let Some(day) = day {
            self.entry.effective = Some(self.entry.effective.map_or(day, |known| known.min(day)));
        }
    }

    /// Hands the finished row to the draft.
    ///
    /// # Errors
    /// When it has no name, naming the field where one belongs.
    pub(super) fn finish(mut self, file: &str, field: &str, draft: &mut Draft) -> Result<(), Error> {
        let mut names = Spellings::new(self.entry.kind);
        names.repairs = self.repairs;
        if !self.names.is_empty() && self.names.iter().all(|n| n.kind != NameKind::Primary) {
            names.repairs.add("no_primary_name");
            self.names[0].kind = NameKind::Primary;
        }
        // Stable: the primary name first, the others in the order of the file.
        self.names.sort_by_key(|n| n.kind != NameKind::Primary);
        for (index, name) in self.names.iter().enumerate() {
            let kind = if index > 0 && name.kind == NameKind::Primary { NameKind::Alias } else { name.kind };
            names.add(&name.text, kind, name.weak);
        }
        if names.is_empty() {
            let found = if self.names.is_empty() { "nothing" } else { "punctuation" };
            return Err(Error::Field {
                file: file.into(),
                line: self.line,
                field: field.into(),
                problem: format!("expected a name for row {}, found {found}", self.entry.id),
            });
        }
        self.entry.names = names.take();
        self.entry.remarks = self.notes.join("; ");
        draft.push_many(self.entry, self.line, names.repairs, self.records);
        Ok(())
    }
}

/// The members of "(1) A (2) B" or "a) A b) B"; a text that is no such enumeration is its only member.
pub(super) fn enumerated(text: &str) -> Vec<&str> {
    let text = text.trim();
    let starts = |marks: &dyn Fn(usize) -> String| {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut from = 0;
        for n in 0.. {
            let mark = marks(n);
            let at = text[from..]
                .match_indices(mark.as_str())
                .map(|(at, _)| at + from)
                .find(|&at| at == 0 || text[..at].ends_with([' ', ';', ',', '.', '\n']));
            let Some(at) = at else { break };
            if n == 0 && at != 0 {
                break;
            }
            found.push((at, at + mark.len()));
            from = at + mark.len();
            if n == 25 {
                break;
            }
        }
        found
    };
    let numbered = starts(&|n| format!("({})", n + 1));
    let lettered = starts(&|n| format!("{}) ", char::from(b'a' + n as u8)));
    let marks = if numbered.len() >= lettered.len() { numbered } else { lettered };
    if marks.len() < 2 {
        let text = marks.first().map_or(text, |m| &text[m.1..]);
        return if text.is_empty() { Vec::new() } else { vec![text.trim()] };
    }
    let mut pieces = Vec::with_capacity(marks.len());
    for (index, mark) in marks.iter().enumerate() {
        let end = marks.get(index + 1).map_or(text.len(), |next| next.0);
        let piece = text[mark.1..end].trim().trim_end_matches([';', ',', '.']).trim();
        if !piece.is_empty() {
            pieces.push(piece);
        }
    }
    pieces
}

/// A date in one of these forms; an error names them.
pub(super) fn day(text: &str, forms: &[&str]) -> Option<Date> {
    forms.iter().find_map(|form| Date::strptime(form, text).ok()).filter(|d| (1900..=2200).contains(&d.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enumerations_split_and_other_texts_stay() {
        assert_eq!(enumerated("(1) Germany. (2) Morocco"), ["Germany", "Morocco"]);
        assert_eq!(enumerated("a) Kabul, Afghanistan b) Quetta, Pakistan"), ["Kabul, Afghanistan", "Quetta, Pakistan"]);
        assert_eq!(enumerated("Bank (1) of 2"), ["Bank (1) of 2"]);
        assert_eq!(enumerated("(1) Only one"), ["Only one"]);
        assert_eq!(enumerated("(1)"), [""; 0]);
        assert_eq!(enumerated(""), [""; 0]);
        assert_eq!(enumerated("Алматы a) б"), ["Алматы a) б"]);
    }
}
