//! What else in the record points to an entry, or away from it: every fact with a name and points.
//!
//! Letters find an entry; what the record says beside them tells equals apart. Nothing here vetoes: a wrong number or
//! another year of birth lowers the score and the severity, and the finding stays.

mod births;

use crate::matcher::identifier_key;
use crate::name::found as points;
use crate::name::{Tables, corroboration_weight};
use births::Agreement;
use model::country::Country;
use model::entry::{Entry, EntryKind, Identifier, IdentifierType, has_right_check_digits};
use model::finding::{Evidence, EvidenceKind};
use model::shipment::{Party, Role, Vessel};
use text::{Folded, Reading, Token, beginning};

/// Words of a text that are compared with a entry's, at most.
const MAX_WORDS: usize = 100;
/// Bytes of a text in which those words are looked for. Each entry found is compared with the text beside it: without a
/// bound, a long text of many names would cost its length times itself.
pub(super) const MAX_BYTES: usize = 4096;
/// Names of a party that are looked at for words beside the one found, at most.
const MAX_NAMES: usize = 16;

/// What a record says about an entry beside the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Corroboration {
    /// What speaks for the entry and against it, in a fixed order.
    pub(super) evidence: Vec<Evidence>,
    /// The country that the record gives for the party.
    pub(super) said: Option<Country>,
    /// The countries agree, differ, or one is not known.
    pub(super) country: Option<bool>,
    /// What only one party has is the same, is another, or is not known on both sides.
    pub(super) identity: Option<bool>,
}

/// The country that a record gives for a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SaidCountry {
    pub(super) country: Country,
    /// It is given as such, or an address of its own ends in it. One that is read in a name cell can agree and never differs.
    pub(super) is_certain: bool,
}

impl SaidCountry {
    /// A country that is given as such.
    pub(super) fn certain(country: Country) -> Self {
        Self { country, is_certain: true }
    }
}

impl Corroboration {
    /// Compares a party with an entry.
    pub(super) fn of_party(given: &mut Given<'_>, entry: &Entry) -> Self {
        let Given { party, country, address, listed, .. } = given;
        let mut found = Self { said: country.map(|said| said.country), ..Self::default() };
        found.numbers(&party.identifiers, entry);
        found.dates(party, entry);
        found.country(*country, entry, "countries");
        if address.is_shared(entry, listed) {
            found.say(EvidenceKind::AddressAgrees, points::ADDRESS_AGREES, "the addresses share distinctive words");
        }
        found.role(party.role, entry);
        found
    }

    /// Compares a vessel with an entry.
    pub(super) fn of_vessel(vessel: &Vessel, entry: &Entry) -> Self {
        let mut found = Self::default();
        if !vessel.imo.is_empty() {
            let imo = Identifier { kind: IdentifierType::Imo, value: vessel.imo.clone(), country: None };
            found.numbers(&[imo], entry);
        }
        if entry.kind == EntryKind::Vessel {
            found.country(vessel.flag.map(SaidCountry::certain), entry, "flags");
        }
        found
    }

    /// Adds the address that stands beside a name in its field, unless the party's own address agrees already.
    pub(super) fn address_beside(&mut self, beside: &str, given: &mut Given<'_>, entry: &Entry) {
        if !self.has_address() && AddressWords::of(beside).is_shared(entry, &mut given.listed) {
            self.say(
                EvidenceKind::AddressAgrees,
                points::ADDRESS_AGREES,
                "the words beside the name stand in an address of the entry",
            );
        }
    }

    /// Whether an address agrees.
    pub(super) fn has_address(&self) -> bool {
        self.evidence.iter().any(|e| e.kind == EvidenceKind::AddressAgrees)
    }

    /// Adds what only matters for a name that says little on its own: words beside it that stand in the entry's names.
    pub(super) fn look_beside(&mut self, given: &mut Given<'_>, matched: &str, entry: &Entry) {
        if let Some(word) = given.shared_word(matched, entry, |word| word.is_distinctive) {
            self.say(
                EvidenceKind::NameAgrees,
                points::NAME_AGREES,
                &format!("\"{word}\" beside it stands in another name of the entry"),
            );
        } else if let Some(form) = given.shared_word(matched, entry, |word| word.is_rare_form) {
            self.say(
                EvidenceKind::LegalFormAgrees,
                points::FORM_AGREES,
                &format!("\"{form}\" is the legal form of the entry"),
            );
        }
    }

    /// Whether anything in the record points to the entry.
    pub(super) fn supports(&self) -> bool {
        self.evidence.iter().any(|e| e.points > 0)
    }

    /// The same, of what few others share.
    pub(super) fn supports_beyond_country(&self) -> bool {
        self.evidence.iter().any(|e| e.points > 0 && e.kind != EvidenceKind::CountryAgrees)
    }

    /// Points of what never hides a finding: numbers and dates.
    pub(super) fn identity_points(&self) -> i32 {
        self.points(EvidenceKind::is_identity)
    }

    /// Points of all else.
    pub(super) fn other_points(&self) -> i32 {
        self.points(|kind| !kind.is_identity())
    }

    /// What the record adds to the weight of the names, in tenths of a bit.
    pub(super) fn weight(&self) -> i32 {
        self.evidence.iter().map(|e| corroboration_weight(e.kind)).sum()
    }

    fn points(&self, counts: impl Fn(EvidenceKind) -> bool) -> i32 {
        self.evidence.iter().filter(|e| counts(e.kind)).map(|e| e.points).sum()
    }

    fn say(&mut self, kind: EvidenceKind, points: i32, detail: &str) {
        self.evidence.push(Evidence { kind, points, detail: detail.to_owned() });
    }

    fn numbers(&mut self, given: &[Identifier], entry: &Entry) {
        for number in given {
            match number_agreement(number, entry) {
                Some(true) => {
                    self.say(
                        EvidenceKind::IdentifierAgrees,
                        points::NUMBER_AGREES,
                        &format!("{} is a number of the entry", number.value.trim()),
                    );
                    self.identity = Some(true);
                    return;
                }
                Some(false) if self.identity.is_none() => {
                    self.say(
                        EvidenceKind::IdentifierDiffers,
                        points::NUMBER_DIFFERS,
                        &format!("{} is not the entry's number", number.value.trim()),
                    );
                    self.identity = Some(false);
                }
                _ => {}
            }
        }
    }

    fn dates(&mut self, party: &Party, entry: &Entry) {
        let (given, what) = match entry.kind {
            EntryKind::Person => (party.born, "birth"),
            EntryKind::Company => (party.incorporated, "incorporation"),
            _ => (party.born.or(party.incorporated), "birth"),
        };
        let Some(given) = given else { return };
        let is_birth = what == "birth";
        let listed = entry.births.join("; ");
        let mut say = |birth, incorporation, added, detail: String| {
            self.say(if is_birth { birth } else { incorporation }, added, &detail);
        };
        match births::agreement(given, &entry.births) {
            Some(Agreement::SameDay) => {
                say(
                    EvidenceKind::BirthAgrees,
                    EvidenceKind::IncorporationAgrees,
                    points::SAME_DAY,
                    format!("the day of {what} is that of the entry, {given}"),
                );
            }
            Some(Agreement::Agrees) => {
                say(
                    EvidenceKind::BirthAgrees,
                    EvidenceKind::IncorporationAgrees,
                    points::DATE_AGREES,
                    format!("{given} agrees with the entry's {listed}"),
                );
            }
            Some(Agreement::Near) => {
                say(
                    EvidenceKind::BirthNear,
                    EvidenceKind::IncorporationNear,
                    points::DATE_NEAR,
                    format!("{given} is near the entry's {listed}"),
                );
            }
            Some(Agreement::Differs) => {
                say(
                    EvidenceKind::BirthDiffers,
                    EvidenceKind::IncorporationDiffers,
                    points::DATE_DIFFERS,
                    format!("{given}, where the entry says {listed}"),
                );
                self.identity = self.identity.or(Some(false));
            }
            None => {}
        }
    }

    fn country(&mut self, given: Option<SaidCountry>, entry: &Entry, what: &str) {
        let agrees = |given: SaidCountry| agree(given.country, entry).filter(|agrees| *agrees || given.is_certain);
        self.country = given.and_then(agrees);
        match self.country {
            Some(true) => self.say(EvidenceKind::CountryAgrees, points::COUNTRY_AGREES, &format!("the {what} agree")),
            Some(false) => {
                self.say(EvidenceKind::CountryDiffers, points::COUNTRY_DIFFERS, &format!("the {what} differ"))
            }
            None => {}
        }
    }

    fn role(&mut self, role: Option<Role>, entry: &Entry) {
        match role {
            Some(Role::Bank) if is_bank(entry) => {
                self.say(EvidenceKind::RoleAgrees, points::ROLE_AGREES, "the role and the entry are a bank's")
            }
            Some(Role::VesselOwner | Role::Carrier) if is_shipping_company(entry) => {
                self.say(
                    EvidenceKind::RoleAgrees,
                    points::ROLE_AGREES,
                    "the role and the entry are a shipping company's",
                );
            }
            Some(Role::Bank) if entry.kind == EntryKind::Person => {
                self.say(
                    EvidenceKind::RoleDiffers,
                    points::ROLE_DIFFERS,
                    "the entry lists a person, and no person is a bank",
                );
            }
            _ => {}
        }
    }
}

/// Whether a number is the entry's, is another than the entry's, or says nothing. Only kinds of which a party has one
/// can differ, and only a number that can be right.
fn number_agreement(given: &Identifier, entry: &Entry) -> Option<bool> {
    let number = identifier_key(&given.value);
    if number.is_empty() {
        return None;
    }
    if entry.identifiers.iter().any(|listed| identifier_key(&listed.value) == number) {
        return Some(true);
    }
    let is_right = has_right_check_digits(given.kind, &number).unwrap_or(true);
    let is_one_of_a_kind = |listed: &Identifier| match given.kind {
        IdentifierType::Imo
        | IdentifierType::Uscc
        | IdentifierType::Inn
        | IdentifierType::Ogrn
        | IdentifierType::Lei => true,
        // Numbers of one registry: the same country on both sides.
        IdentifierType::Tax | IdentifierType::NationalId => given.country.is_some() && given.country == listed.country,
        _ => false,
    };
    let mut of_kind = entry.identifiers.iter().filter(|listed| listed.kind == given.kind).peekable();
    of_kind.peek()?;
    (is_right && of_kind.all(is_one_of_a_kind)).then_some(false)
}

fn agree(given: Country, entry: &Entry) -> Option<bool> {
    let mut listed = entry.all_countries().peekable();
    listed.peek()?;
    Some(listed.any(|c| c == given || is_same_customs(c, given)))
}

/// Entries list Hong Kong and Macau under China and under their own codes.
fn is_same_customs(a: Country, b: Country) -> bool {
    let china = |c: Country| matches!(c.code(), "CN" | "HK" | "MO");
    china(a) && china(b)
}

/// The entry is of a list of banks, has a bank's code, or is called a bank.
fn is_bank(entry: &Entry) -> bool {
    entry.identifiers.iter().any(|i| i.kind == IdentifierType::Bic)
        || words_of(entry.primary_name()).iter().any(|w| matches!(w.as_str(), "bank" | "banka" | "banco" | "banque"))
}

/// A company with an IMO company number, or called a shipping company.
fn is_shipping_company(entry: &Entry) -> bool {
    entry.kind != EntryKind::Vessel
        && (entry.identifiers.iter().any(|i| i.kind == IdentifierType::Imo)
            || words_of(entry.primary_name()).iter().any(|w| matches!(w.as_str(), "shipping" | "maritime" | "marine")))
}

/// The first words of a text; what stands beside a name is short, and hostile text is not followed.
fn words_of(text: &str) -> Vec<String> {
    let folded = Folded::of(beginning(text, MAX_BYTES), Reading::Plain);
    folded.tokens().iter().take(MAX_WORDS).map(|t| folded.text(*t).to_owned()).collect()
}

fn is_distinctive(word: &str) -> bool {
    let tables = Tables::get();
    let letters = word.chars().count();
    (letters >= 4 || (letters >= 2 && !word.is_ascii()))
        && !word.bytes().any(|b| b.is_ascii_digit())
        && !tables.is_everyday(word)
        && !tables.is_place(word)
        && !tables.is_trade_word(word)
        && !tables.is_legal_form(word)
}

/// A legal form that half the world's companies do not have.
fn is_rare_form(word: &str) -> bool {
    const COMMON: [&str; 8] = ["ltd", "limited", "co", "company", "inc", "corp", "corporation", "llc"];
    Tables::get().is_legal_form(word) && !COMMON.contains(&word)
}

/// What a record says about a party beside the name that is compared. Read once for all entries that the party is compared with.
#[derive(Debug)]
pub(super) struct Given<'a> {
    party: &'a Party,
    country: Option<SaidCountry>,
    address: AddressWords,
    /// The words of its names, once they were asked for.
    words: Option<Vec<WordBeside>>,
    /// What the entries' texts are folded in.
    listed: Folded,
}

/// A word of a party's names, which may stand beside the one that is compared.
#[derive(Debug)]
struct WordBeside {
    text: String,
    is_distinctive: bool,
    is_rare_form: bool,
}

impl<'a> Given<'a> {
    /// Of a party, which is in `country` as far as the record says.
    pub(super) fn of(party: &'a Party, country: Option<SaidCountry>) -> Self {
        let address = AddressWords::of(&party.whole_address());
        Self { party, country, address, words: None, listed: Folded::default() }
    }

    /// A word of the party's names, outside the matched text, that stands in a name of the entry that the match is not.
    fn shared_word(&mut self, matched: &str, entry: &Entry, counts: impl Fn(&WordBeside) -> bool) -> Option<&str> {
        let Self { party, words, listed, .. } = self;
        let words = words.get_or_insert_with(|| {
            let names = std::iter::once(&party.name).chain(&party.other_names).take(MAX_NAMES);
            let words = names.flat_map(|name| words_of(name)).map(|text| {
                let (is_distinctive, is_rare_form) = (is_distinctive(&text), is_rare_form(&text));
                WordBeside { text, is_distinctive, is_rare_form }
            });
            words.filter(|word| word.is_distinctive || word.is_rare_form).collect()
        });
        // Mostly the field is the name alone: then the entry's names, which may be hundreds, are not looked at.
        let mut beside = words.iter().filter(|word| counts(word)).peekable();
        beside.peek()?;
        listed.fold(beginning(matched, MAX_BYTES), Reading::Plain);
        let beside: Vec<&WordBeside> = beside.filter(|word| !has_word(listed, &word.text)).collect();
        if beside.is_empty() {
            return None;
        }
        let mut found = vec![false; beside.len()];
        for name in &entry.names {
            listed.fold(beginning(&name.text, MAX_BYTES), Reading::Plain);
            found.iter_mut().zip(&beside).for_each(|(found, word)| *found |= has_word(listed, &word.text));
        }
        beside.into_iter().zip(found).find(|(_, found)| *found).map(|(word, _)| word.text.as_str())
    }
}

/// Whether one of the first words is this one.
fn has_word(folded: &Folded, word: &str) -> bool {
    folded.tokens().iter().take(MAX_WORDS).any(|token| folded.text(*token) == word)
}

/// The words of an address that tell it from others.
#[derive(Debug)]
struct AddressWords {
    folded: Folded,
    /// Each with whether it is a number.
    words: Vec<(Token, bool)>,
}

impl AddressWords {
    fn of(text: &str) -> Self {
        if text.trim_ascii().is_empty() {
            return Self { folded: Folded::default(), words: Vec::new() };
        }
        let folded = Folded::of(beginning(text, MAX_BYTES), Reading::Plain);
        let tables = Tables::get();
        let tells = |token: &Token| {
            let word = folded.text(*token);
            let is_number = word.bytes().any(|b| b.is_ascii_digit());
            // Not those that many addresses have.
            let is_rare = || word.len() >= 4 && !tables.is_everyday(word) && !tables.is_place(word);
            (is_number || is_rare()).then_some((*token, is_number))
        };
        let words = folded.tokens().iter().take(MAX_WORDS).filter_map(tells).collect();
        Self { folded, words }
    }

    /// Whether two of these words, or one and a number, stand in one address of the entry. `listed`: what that is folded in.
    fn is_shared(&self, entry: &Entry, listed: &mut Folded) -> bool {
        // Mostly nothing stands beside a name: then the entry's addresses are not looked at.
        if !is_enough(self.words.iter()) {
            return false;
        }
        entry.addresses.iter().any(|address| {
            listed.fold(&address.text, Reading::Plain);
            let stands_there = |word: &str| listed.tokens().iter().any(|token| listed.text(*token) == word);
            is_enough(self.words.iter().filter(|(token, _)| stands_there(self.folded.text(*token))))
        })
    }
}

/// Whether these words tell an address: two, or one and a number.
fn is_enough<'a>(words: impl Iterator<Item = &'a (Token, bool)>) -> bool {
    let (numbers, words) = words.fold(
        (0, 0),
        |(numbers, words), (_, is_number)| {
            if *is_number { (numbers + 1, words) } else { (numbers, words + 1) }
        },
    );
    words >= 2 || (words == 1 && numbers >= 1)
}
