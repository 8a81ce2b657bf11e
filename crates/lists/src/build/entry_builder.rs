//! One listed party while a reader collects it, possibly over several records of the file, until it becomes an entry.

use super::field_text::labelled;
use super::identifiers::identifier;
use super::lookup::Lookup;
use super::nationality;
use super::parsed_file::ParsedFile;
use super::part_of_name::is_part_of;
use super::repairs::Repairs;
use super::spellings::Spellings;
use super::stated_relations::stated_relations;
use super::text_numbers::text_numbers;
use crate::catalogue;
use crate::error::Error;
use crate::memory::{MAX_NAMES_OF_ENTRY, MAX_OF_A_KIND};
use jiff::civil::Date;
use model::country::Country;
use model::entry::{
    Address, Entry, EntryKind, Identifier, IdentifierType, ListId, Name, NameKind, Relation, RelationKind,
};
use text::{Folded, Reading};

/// A spelling as the file writes it, before [`Spellings`] has read it.
struct ListedName {
    text: String,
    kind: NameKind,
    weak: bool,
}

/// A listed party while it is read. Every reader makes its entries with this.
pub(crate) struct EntryBuilder {
    /// All but names and remarks.
    pub(crate) entry: Entry,
    /// Repairs so far.
    pub(crate) repairs: Repairs,
    /// Line of the first record, counted from 1.
    pub(crate) line: u64,
    /// Records of the file that the entry comes from.
    pub(crate) records: u32,
    /// Spellings that [`Self::finish`] still has to read.
    listed: Vec<ListedName>,
    places: Lookup,
    /// Spellings that the reader has read itself, the primary one first.
    names: Vec<Name>,
    remarks: Vec<String>,
}

impl EntryBuilder {
    /// An entry of a list of the catalogue, begun on this line, with the effect that the catalogue gives the list.
    pub(crate) fn new(list: &str, id: &str, kind: EntryKind, line: u64) -> Self {
        Self {
            entry: Entry::new(ListId::new(list), id, kind, catalogue::effect(list)),
            repairs: Repairs::default(),
            line,
            records: 1,
            listed: Vec::new(),
            places: Lookup::default(),
            names: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Adds a spelling; the same one again is not a repair, as several records repeat it.
    pub(crate) fn name(&mut self, text: &str, kind: NameKind, weak: bool) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match self.places.place(&self.listed, text, |n| &n.text) {
            Some(known) => {
                let known = &mut self.listed[known];
                known.weak &= weak;
                if kind == NameKind::Primary {
                    known.kind = kind;
                }
            }
            // What is beyond the limit is refused at the end.
            None if self.listed.len() > MAX_NAMES_OF_ENTRY => {}
            None => self.listed.push(ListedName { text: text.to_owned(), kind, weak }),
        }
    }

    /// Marks aliases of a person as weak that are only another spelling of a part of the name: "Andrey" or "Andrey
    /// Sergeevich" of Andrei Siarheevich Palchik. For lists that do not say how strong an alias is.
    pub(crate) fn weaken_parts_of_names(&mut self) {
        if self.entry.kind != EntryKind::Person {
            return;
        }
        let Some(primary) = self.listed.iter().find(|n| n.kind == NameKind::Primary).map(|n| n.text.clone()) else {
            return;
        };
        let others = self.listed.iter_mut().filter(|n| n.kind == NameKind::Alias);
        others.filter(|n| is_part_of(&n.text, &primary)).for_each(|n| n.weak = true);
    }

    /// Whether a spelling was added with [`Self::name`].
    pub(crate) fn has_name(&self) -> bool {
        !self.listed.is_empty()
    }

    /// Sets the spellings, the primary one first, where the reader has read and repaired them itself.
    pub(crate) fn set_names(&mut self, names: Vec<Name>) {
        self.names = names;
    }

    /// Takes over spellings with the repairs and remarks that come of them.
    pub(crate) fn set_spellings(&mut self, mut spellings: Spellings) {
        self.names = spellings.take();
        self.repairs.merge(spellings.repairs);
        self.remarks.append(&mut spellings.notes);
    }

    /// Adds a labelled remark, each once.
    pub(crate) fn note(&mut self, label: &str, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if label.is_empty() {
            self.remark(text);
            return;
        }
        if self.remarks.len() > MAX_OF_A_KIND {
            return;
        }
        let known = |n: &String| n.len() == label.len() + 2 + text.len() && n.starts_with(label) && n.ends_with(text);
        if !self.remarks.iter().any(known) {
            self.remarks.extend(labelled(label, text));
        }
    }

    /// Adds a labelled remark, even if it was added before.
    pub(crate) fn labelled_remark(&mut self, label: &str, text: &str) {
        self.remarks.extend(labelled(label, text));
    }

    /// Adds a remark as it is written, even if it was added before.
    pub(crate) fn verbatim_remark(&mut self, text: String) {
        if !text.is_empty() {
            self.remarks.push(text);
        }
    }

    /// Adds a remark, each once.
    pub(crate) fn remark(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && self.remarks.len() <= MAX_OF_A_KIND && !self.remarks.iter().any(|n| n == text) {
            self.remarks.push(text.to_owned());
        }
    }

    /// Adds a nationality, citizenship or flag, by name, code or adjective; one that we do not know is counted and
    /// becomes a remark.
    pub(crate) fn country(&mut self, label: &str, text: &str) {
        let text = text.trim().trim_end_matches(['.', ',', ';']);
        if text.is_empty() || ["na", "n/a", "none", "unknown", "00"].iter().any(|w| text.eq_ignore_ascii_case(w)) {
            return;
        }
        match Country::parse(text).or_else(|| nationality::parse(text)) {
            Some(country) => self.known_country(country),
            None => {
                self.repairs.add("unknown_country");
                self.note(label, text);
            }
        }
    }

    /// Adds a nationality, citizenship or flag that the list writes as a name or code only.
    pub(crate) fn country_name(&mut self, label: &str, text: &str) {
        match Country::parse(text) {
            Some(country) => self.known_country(country),
            None => {
                self.repairs.add("unknown_country");
                self.labelled_remark(label, text);
            }
        }
    }

    fn known_country(&mut self, country: Country) {
        if !self.entry.countries.contains(&country) {
            self.entry.countries.push(country);
        }
    }

    /// Adds an address of these parts, each once. A country that we do not know stays part of the text.
    pub(crate) fn address<'t>(&mut self, parts: impl IntoIterator<Item = &'t str>, country: &'t str) {
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
        if address.country.is_some() || !address.text.is_empty() {
            add_once(&mut self.entry.addresses, address);
        }
    }

    /// Adds an address that is written in one line and ends with its country.
    pub(crate) fn address_line(&mut self, text: &str) {
        let text = text.trim().trim_end_matches(['.', ' ']);
        let (head, last) = text.rsplit_once(',').map_or(("", text), |(head, last)| (head, last.trim()));
        match Country::parse(last).filter(|_| last.len() > 3) {
            Some(_) => self.address([head], last),
            None => self.address([text], ""),
        }
    }

    /// Adds a number under the publisher's label, see [`identifier`]; a label that names no number makes it a remark.
    pub(crate) fn number(&mut self, label: &str, value: &str, country: Option<Country>) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let home: Vec<Country> = self.entry.all_countries().collect();
        match identifier(label, value, country, &home, self.entry.kind) {
            Some(found) => self.identifier(found),
            None => self.note(label, value),
        }
    }

    /// Adds a number of known type.
    pub(crate) fn typed(&mut self, kind: IdentifierType, value: &str, country: Option<Country>) {
        let value = value.trim();
        if !value.is_empty() {
            self.identifier(Identifier { kind, value: value.to_owned(), country });
        }
    }

    /// Adds the IMO number of a ship; an invalid one is counted and becomes a remark.
    pub(crate) fn imo(&mut self, text: &str) {
        let number = text.trim().trim_start_matches("IMO").trim_start_matches([' ', ':']);
        if number.len() == 7 && number.bytes().all(|b| b.is_ascii_digit()) {
            self.typed(IdentifierType::Imo, number, None);
        } else if !number.is_empty() {
            self.repairs.add("not_an_imo_number");
            self.note("IMO number", text);
        }
    }

    /// Adds a number, each once.
    pub(crate) fn identifier(&mut self, identifier: Identifier) {
        add_once(&mut self.entry.identifiers, identifier);
    }

    /// Adds a relation to a party that is only named, or given by its number on the list.
    pub(crate) fn relation(&mut self, kind: RelationKind, name: &str) {
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
    pub(crate) fn related(&mut self, relation: Relation) {
        add_once(&mut self.entry.relations, relation);
    }

    /// Adds the relations that the remarks state in a set phrase. Nobody owns a person.
    pub(crate) fn relate_by_remarks(&mut self) {
        if self.entry.kind != EntryKind::Person {
            for remark in std::mem::take(&mut self.remarks) {
                stated_relations(&remark, |relation| self.related(relation));
                self.remarks.push(remark);
            }
        }
    }

    /// Adds a date of birth, each once.
    pub(crate) fn birth(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            add_once(&mut self.entry.births, text.to_owned());
        }
    }

    /// Adds a text to a series, each once.
    pub(crate) fn programme(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            add_once(&mut self.entry.programmes, text.to_owned());
        }
    }

    /// Adds a citation, each once.
    pub(crate) fn citation(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            add_once(&mut self.entry.citations, text.to_owned());
        }
    }

    /// The earlier of the known first day and this one.
    pub(crate) fn in_force_from(&mut self, day: Option<Date>) {
        if let Some(day) = day {
            self.entry.effective = Some(self.entry.effective.map_or(day, |known| known.min(day)));
        }
    }

    /// Adds the finished entry to the file.
    ///
    /// # Errors
    /// When it has no name, naming the field where one is expected. Only an address or a category needs none.
    pub(crate) fn finish(mut self, file: &str, field: &str, parsed: &mut ParsedFile) -> Result<(), Error> {
        self.keep_within_limits(file)?;
        let is_read = !self.names.is_empty();
        if !self.listed.is_empty() {
            self.read_listed_names();
        }
        let needs_name = !matches!(self.entry.kind, EntryKind::Address | EntryKind::Category);
        if needs_name && self.names.first().is_none_or(|name| name.text.is_empty()) {
            let found = if self.listed.is_empty() && !is_read { "nothing" } else { "punctuation" };
            return Err(Error::Field {
                file: file.into(),
                line: self.line,
                field: field.into(),
                problem: format!("expected a name for entry {}, found {found}", self.entry.id),
            });
        }
        self.take_numbers_of_texts();
        self.entry.names = self.names;
        self.entry.remarks = self.remarks.join("; ");
        count_what_never_matches(&self.entry, &mut self.repairs);
        parsed.push(self.entry, self.line, self.repairs, self.records)
    }

    /// Refuses an entry that holds more of something than any entry does: each is compared with the others.
    fn keep_within_limits(&self, file: &str) -> Result<(), Error> {
        let entry = &self.entry;
        for (count, most, what) in [
            (self.listed.len().max(self.names.len()), MAX_NAMES_OF_ENTRY, "names"),
            (entry.addresses.len(), MAX_OF_A_KIND, "addresses"),
            (entry.identifiers.len(), MAX_OF_A_KIND, "numbers"),
            (entry.relations.len(), MAX_OF_A_KIND, "relations"),
            (entry.births.len(), MAX_OF_A_KIND, "dates of birth"),
            (entry.programmes.len(), MAX_OF_A_KIND, "programmes"),
            (entry.citations.len(), MAX_OF_A_KIND, "citations"),
            (self.remarks.len(), MAX_OF_A_KIND, "remarks"),
        ] {
            if count > most {
                let what = format!("{most} {what} of entry `{}` ({})", entry.id, entry.list);
                return Err(Error::Budget { file: file.into(), line: self.line, limit: what });
            }
        }
        Ok(())
    }

    /// Takes the numbers that stand in remarks, citations, addresses and the names of other parties. A number of a kind that the
    /// list has given the entry already in a field is not taken from a text, but for IMO numbers.
    fn take_numbers_of_texts(&mut self) {
        let given: Vec<IdentifierType> = self.entry.identifiers.iter().map(|i| i.kind).collect();
        let mut found: Vec<Identifier> = Vec::new();
        let relations = self.entry.relations.iter().map(|r| &r.name);
        let addresses = self.entry.addresses.iter().map(|a| &a.text);
        for text in self.remarks.iter().chain(&self.entry.citations).chain(relations).chain(addresses) {
            text_numbers(text, |number| found.push(number));
        }
        for number in found {
            let is_known = self.entry.identifiers.iter().any(|i| i.kind == number.kind && i.value == number.value);
            if !is_known && (number.kind == IdentifierType::Imo || !given.contains(&number.kind)) {
                self.repairs.add("number_in_text");
                self.entry.identifiers.push(number);
            }
        }
    }

    /// Reads the spellings of the file, the primary one first and the others in the order of the file. Without a
    /// primary name the first one serves.
    fn read_listed_names(&mut self) {
        if self.listed.iter().all(|n| n.kind != NameKind::Primary) {
            self.repairs.add("no_primary_name");
            self.listed[0].kind = NameKind::Primary;
        }
        // A stable sort.
        self.listed.sort_by_key(|n| n.kind != NameKind::Primary);
        let mut spellings = Spellings::new(self.entry.kind);
        for (index, name) in self.listed.iter().enumerate() {
            let kind = if index > 0 && name.kind == NameKind::Primary { NameKind::Alias } else { name.kind };
            spellings.add(&name.text, kind, name.weak);
        }
        self.set_spellings(spellings);
    }
}

/// Adds to a series what is not in it yet. What is beyond the limit is refused at the end.
fn add_once<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if all.len() <= MAX_OF_A_KIND && !all.contains(&one) {
        all.push(one);
    }
}

/// Counts names that no text can match, as nothing or one letter is left of them, and the entry that has no other.
fn count_what_never_matches(entry: &Entry, repairs: &mut Repairs) {
    let never = |name: &&Name| Folded::of(&name.text, Reading::Plain).squeezed().len() < 2;
    // Folding costs; nearly every name has two letters or digits of ASCII.
    let is_short = |name: &&Name| name.text.bytes().filter(u8::is_ascii_alphanumeric).count() < 2;
    let names = entry.names.iter().filter(is_short).filter(never).count();
    for _ in 0..names {
        repairs.add("name_never_matches");
    }
    if names > 0 && names == entry.names.len() && entry.identifiers.is_empty() {
        repairs.add("entry_never_matches");
    }
}
