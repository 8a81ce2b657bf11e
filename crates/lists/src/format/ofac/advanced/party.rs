//! One party of the advanced form: its names in all scripts, and its details.

use super::period::{DateParts, Period};
use super::tables::Tables;
use crate::error::ValueError;
use crate::format::ofac::record::{Aka, OfacAddress, OfacEntry};

/// Parts of a person's name that go before the comma, and those after it; every other kind is a whole name.
const SURNAME: &[&str] = &["Last Name", "Maiden Name", "Matronymic"];
const GIVEN: &[&str] = &["First Name", "Middle Name", "Patronymic"];

/// One written name: its parts with the group that says what each is.
struct WrittenName {
    is_primary: bool,
    is_weak: bool,
    is_latin: bool,
    alias_type: String,
    parts: Vec<(String, String)>,
}

/// A party while it is read.
#[derive(Default)]
pub(super) struct Party {
    raw: OfacEntry,
    profile: String,
    identities: Vec<String>,
    written: Vec<WrittenName>,
    /// What each group of name parts is.
    groups: Vec<(String, String)>,
    // The alias, name part, feature or date that is open.
    is_primary: bool,
    is_weak: bool,
    alias_type: String,
    group: String,
    label: String,
    detail: String,
    place: Option<OfacAddress>,
    period: Period,
    is_end: bool,
    date: DateParts,
}

/// A party that was read to its end.
pub(super) struct FinishedParty {
    pub(super) profile: String,
    pub(super) identities: Vec<String>,
    pub(super) raw: OfacEntry,
}

impl Party {
    /// An element begins.
    pub(super) fn begin(
        &mut self,
        name: &str,
        attribute: impl Fn(&str) -> String,
        line: u64,
        tables: &Tables,
    ) -> Result<(), ValueError> {
        match name {
            "DistinctParty" => {
                let raw = OfacEntry { line, uid: attribute("FixedRef"), ..OfacEntry::default() };
                if raw.uid.is_empty() {
                    return Err(ValueError::missing("the attribute `FixedRef`, the id of the entry"));
                }
                *self = Self { raw, ..Self::default() };
            }
            "Profile" => {
                self.profile = attribute("ID");
                self.raw.kind = kind(&attribute("PartySubTypeID"), tables)?;
            }
            "Identity" => self.identities.push(attribute("ID")),
            "Alias" => {
                self.is_primary = attribute("Primary") == "true";
                self.is_weak = attribute("LowQuality") == "true";
                self.alias_type = tables.text("AliasType", &attribute("AliasTypeID"))?.to_owned();
            }
            "DocumentedName" => self.written.push(WrittenName {
                is_primary: self.is_primary,
                is_weak: self.is_weak,
                is_latin: true,
                alias_type: self.alias_type.clone(),
                parts: Vec::new(),
            }),
            "NamePartValue" => self.begin_name_part(attribute("NamePartGroupID"), &attribute("ScriptID"), tables)?,
            "NamePartGroup" => {
                let what = tables.text("NamePartType", &attribute("NamePartTypeID"))?;
                self.groups.push((attribute("ID"), what.to_owned()));
            }
            "Feature" => self.label = tables.text("FeatureType", &attribute("FeatureTypeID"))?.to_owned(),
            "FeatureVersion" => {
                self.detail.clear();
                self.place = None;
                self.period = Period::default();
            }
            "VersionDetail" => {
                let reference = attribute("DetailReferenceID");
                if !reference.is_empty() {
                    self.detail = tables.text("DetailReference", &reference)?.to_owned();
                }
            }
            "VersionLocation" => self.place = Some(tables.location(&attribute("LocationID"))?.clone()),
            "Start" | "End" => {
                self.is_end = name == "End";
                self.period.is_approximate |= attribute("Approximate") == "true";
            }
            "From" | "To" => self.date = DateParts::default(),
            _ => {}
        }
        Ok(())
    }

    fn begin_name_part(&mut self, group: String, script: &str, tables: &Tables) -> Result<(), ValueError> {
        self.group = group;
        if !script.is_empty()
            && tables.text("Script", script)? != "Latin"
            && let Some(name) = self.written.last_mut()
        {
            name.is_latin = false;
        }
        Ok(())
    }

    /// An element ends; gives the party when it was its last.
    pub(super) fn end(&mut self, parent: &str, name: &str, text: String) -> Result<Option<FinishedParty>, ValueError> {
        match (parent, name) {
            ("DistinctParty", "Comment") => self.raw.remarks = text,
            ("DocumentedNamePart", "NamePartValue") if !text.is_empty() => {
                let group = std::mem::take(&mut self.group);
                if let Some(name) = self.written.last_mut() {
                    name.parts.push((group, text));
                }
            }
            ("FeatureVersion", "VersionDetail") if !text.is_empty() => self.detail = text,
            ("From" | "To", "Year" | "Month" | "Day") => self.date.take(name, &text)?,
            (_, "From" | "To") => self.period.take(self.is_end, name == "To", self.date),
            ("Feature", "FeatureVersion") => self.feature(),
            ("Profile", "Identity") => self.name(),
            (_, "DistinctParty") => {
                if self.profile.is_empty() {
                    return Err(ValueError::missing("a `Profile` with an `ID` in every party"));
                }
                if self.raw.last.is_empty() {
                    return Err(ValueError::missing(format!("a name for entry {}", self.raw.uid)));
                }
                let Self { profile, identities, raw, .. } = std::mem::take(self);
                return Ok(Some(FinishedParty { profile, identities, raw }));
            }
            _ => {}
        }
        Ok(None)
    }

    /// Takes the names of an identity: the first that is primary and Latin is the entry's.
    fn name(&mut self) {
        let groups = std::mem::take(&mut self.groups);
        let mut written = std::mem::take(&mut self.written);
        written.retain(|name| !name.parts.is_empty());
        let main = written
            .iter()
            .position(|name| name.is_primary && name.is_latin)
            .or_else(|| written.iter().position(|name| name.is_primary))
            .unwrap_or(0);
        for (at, name) in written.iter().enumerate() {
            let text = name.text(&groups);
            if at == main && self.raw.last.is_empty() {
                self.raw.last = text;
                continue;
            }
            let kind = if name.alias_type == "F.K.A." { "f.k.a." } else { "a.k.a." };
            let category = if name.is_weak { "weak" } else { "strong" };
            let aka = Aka { kind: kind.into(), category: category.into(), first: String::new(), last: text };
            self.raw.akas.push(aka);
        }
    }

    fn feature(&mut self) {
        let label = self.label.trim().to_owned();
        let detail = std::mem::take(&mut self.detail);
        let period = self.period.text();
        match self.place.take() {
            Some(place) if label == "Location" => {
                if !place.parts.is_empty() || !place.country.is_empty() {
                    self.raw.addresses.push(place);
                }
            }
            Some(mut place) if detail.is_empty() => {
                if !place.country.is_empty() {
                    place.parts.push(place.country);
                }
                self.raw.feature(&label, place.parts.join(", "));
            }
            _ if detail.is_empty() => self.raw.feature(&label, period),
            _ => self.raw.feature(&label, detail),
        }
    }
}

impl WrittenName {
    /// `LASTNAME, First` as in the other forms; scripts other than Latin write no comma.
    fn text(&self, groups: &[(String, String)]) -> String {
        let what = |group: &str| groups.iter().find(|(id, _)| id == group).map_or("", |(_, what)| what.as_str());
        let part = |kinds: &[&str]| -> String {
            let texts = self.parts.iter().filter(|(group, _)| kinds.contains(&what(group)));
            texts.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
        };
        let (surname, given) = (part(SURNAME), part(GIVEN));
        let of_persons = self.parts.iter().all(|(g, _)| SURNAME.contains(&what(g)) || GIVEN.contains(&what(g)));
        if self.is_latin && of_persons && !surname.is_empty() && !given.is_empty() {
            return format!("{surname}, {given}");
        }
        self.parts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// What a party is, in the word of the classic form.
fn kind(subtype: &str, tables: &Tables) -> Result<String, ValueError> {
    let subtype = tables.value("PartySubType", subtype)?;
    // People and companies have no subtype; there the type says it.
    let word = match subtype.text.as_str() {
        "Unknown" | "" => tables.text("PartyType", &subtype.more)?,
        text => text,
    };
    match word {
        "Individual" | "Entity" | "Vessel" | "Aircraft" => Ok(word.to_owned()),
        other => Err(ValueError::unexpected("Individual, Entity, Vessel or Aircraft", other)),
    }
}
