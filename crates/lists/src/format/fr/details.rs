//! What becomes of each detail of a party.

use super::numbers;
use crate::build::EntryBuilder;
use crate::input::scalar;
use model::entry::{EntryKind, IdentifierType, NameKind};
use serde_json::{Map, Value};

/// One value of one detail.
pub(super) struct Detail<'a> {
    /// What it is (`TypeChamp`).
    pub(super) field: &'a str,
    /// Its parts.
    pub(super) parts: &'a Map<String, Value>,
}

impl Detail<'_> {
    pub(super) fn get(&self, part: &str) -> Option<String> {
        self.parts.get(part).and_then(scalar)
    }

    fn text(&self, part: &str) -> String {
        self.get(part).unwrap_or_default()
    }

    /// The parts that have a value, as the table of fields names them: `ALIAS@Alias`.
    pub(super) fn fields(&self) -> impl Iterator<Item = String> {
        let given = self.parts.iter().filter(|(_, value)| scalar(value).is_some());
        given.map(|(part, _)| format!("{}@{part}", self.field))
    }

    /// Adds it to the entry. Parts that are not read for what they are become remarks.
    pub(super) fn add_to(&self, one: &mut EntryBuilder) {
        let read: &[&str] = match self.field {
            // The reader of the record makes names of it.
            "PRENOM" => &["Prenom"],
            "ALIAS" => {
                one.name(&self.text("Alias"), NameKind::Alias, false);
                &["Alias"]
            }
            "NATIONALITE" => {
                one.country("Nationality", &self.text("Pays"));
                &["Pays"]
            }
            "ADRESSE_PP" | "ADRESSE_PM" => {
                one.address([self.text("Adresse").as_str()], &self.text("Pays"));
                &["Adresse", "Pays"]
            }
            "DATE_DE_NAISSANCE" => {
                one.birth(&self.birth());
                &["Jour", "Mois", "Annee"]
            }
            "NUMERO_OMI" => {
                one.imo(&self.text("NumeroOMI"));
                &["NumeroOMI"]
            }
            "PASSEPORT" => {
                self.document(one, IdentifierType::Passport, "NumeroPasseport");
                &["NumeroPasseport"]
            }
            "AUTRE_IDENTITE" => {
                let is_person = one.entry.kind == EntryKind::Person;
                let kind = if is_person { IdentifierType::NationalId } else { IdentifierType::Other };
                self.document(one, kind, "NumeroCarte");
                &["NumeroCarte"]
            }
            "IDENTIFICATION" => {
                let (label, number) = (self.text("Commentaire"), self.text("Identification"));
                numbers::add(one, &label, &number);
                let parts = [label, number].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
                one.note("Identification", &parts.join(": "));
                &["Commentaire", "Identification"]
            }
            "REFERENCE_UE" => {
                one.citation(&self.text("ReferenceUe"));
                &["ReferenceUe"]
            }
            "REFERENCE_ONU" => {
                one.citation(&self.text("ReferenceOnu"));
                &["ReferenceOnu"]
            }
            "FONDEMENT_JURIDIQUE" => {
                let label = self.text("FondementJuridiqueLabel");
                one.programme(&label);
                one.citation(&label);
                // A code beside the label.
                &["FondementJuridiqueLabel", "FondementJuridique"]
            }
            _ => &[],
        };
        self.note_rest(one, read);
    }

    /// A number of a document; a text about one stays a remark.
    fn document(&self, one: &mut EntryBuilder, kind: IdentifierType, part: &str) {
        let text = self.text(part);
        match numbers::single(&text) {
            Some(number) => one.typed(kind, number, None),
            None => one.note(label(self.field), &text),
        }
    }

    /// `1966-02-13`, `1966-02` or `1966`; anything else as it is written.
    fn birth(&self) -> String {
        let number = |part: &str, digits: usize| {
            let text = self.text(part);
            text.parse::<u16>().ok().filter(|n| *n > 0).map(|n| format!("{n:0digits$}"))
        };
        match (number("Annee", 4), number("Mois", 2), number("Jour", 2)) {
            (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
            (Some(year), Some(month), None) => format!("{year}-{month}"),
            (Some(year), None, _) => year,
            (None, ..) => {
                let parts = ["Jour", "Mois", "Annee"].map(|part| self.text(part));
                parts.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn note_rest(&self, one: &mut EntryBuilder, read: &[&str]) {
        let rest: Vec<String> = self
            .parts
            .iter()
            .filter(|(part, _)| !read.contains(&part.as_str()))
            .filter_map(|(_, value)| scalar(value))
            .collect();
        one.note(label(self.field), &rest.join(", "));
    }
}

/// The label of a detail among the remarks.
fn label(field: &str) -> &str {
    match field {
        "SEXE" => "Gender",
        "TITRE" => "Title",
        "SITE_INTERNET" => "Website",
        "TELEPHONE" => "Telephone",
        "COURRIEL" => "Email",
        "LIEU_DE_NAISSANCE" => "Place of birth",
        "PASSEPORT" => "Passport",
        "AUTRE_IDENTITE" => "Identity document",
        "MOTIFS" => "Reasons",
        other => other,
    }
}
