//! The forms of a party cell, as data, and how they are filled in.

use super::super::choice::Choice;
use model::entry::IdentifierType;
use serde::Deserialize;

/// The file of forms; it is part of the program, so that a measurement can be repeated.
const FILE: &str = include_str!("forms.toml");

/// Characters of a line, as the address lines of trade messages have it.
const LINE: usize = 35;

/// Every form, and what is invented to fill them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forms {
    /// Forms with a name.
    #[serde(rename = "form")]
    pub(super) names: Vec<NameForm>,
    /// Forms with a labelled number.
    #[serde(rename = "number")]
    pub(super) numbers: Vec<NumberForm>,
    /// Parties and addresses that nobody lists.
    pub(super) invented: Invented,
}

/// A form with a name in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameForm {
    /// Stable name.
    pub(super) id: String,
    /// Language, ISO 639-1.
    pub(super) language: String,
    /// The cell with its placeholders.
    pub(super) cell: String,
    /// Whether the cell is written in capitals.
    #[serde(default)]
    upper: bool,
    /// Whether the cell is broken into lines of [`LINE`] characters.
    #[serde(default)]
    wrap: bool,
}

/// A form with a number behind its label.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberForm {
    /// Stable name.
    pub(super) id: String,
    /// Language, ISO 639-1.
    pub(super) language: String,
    /// The types of numbers that the label is for, by their words.
    pub(super) types: Vec<String>,
    /// The countries that use the label; empty for any.
    #[serde(default)]
    pub(super) countries: Vec<String>,
    /// The cell with its placeholders.
    pub(super) cell: String,
    /// Whether only numbers of digits alone can be written so.
    #[serde(default)]
    pub(super) digits: bool,
    /// Whether the number is written in full-width characters.
    #[serde(default)]
    pub(super) full_width: bool,
}

/// Parts of unlisted parties.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invented {
    first: Vec<String>,
    second: Vec<String>,
    trade: Vec<String>,
    legal: Vec<String>,
    banks: Vec<String>,
    people: Vec<String>,
    addresses: Vec<String>,
}

/// The party that a form is filled with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filling<'a> {
    /// Its name; empty in a form of numbers.
    pub(super) name: &'a str,
    /// Its address on one line.
    pub(super) address: &'a str,
    /// Its number; empty in a form of names.
    pub(super) number: &'a str,
}

impl Forms {
    /// The forms of the program.
    ///
    /// # Panics
    /// When the file in the program is damaged, which a test rules out.
    pub(super) fn read() -> Self {
        toml::from_str(FILE).expect("the forms in the program are valid")
    }
}

impl NameForm {
    /// The cell with this party in it.
    pub(super) fn written(&self, with: Filling<'_>, invented: &Invented, choice: &mut Choice) -> String {
        let mut cell = filled(&self.cell, with, invented, choice);
        if self.upper {
            cell = cell.to_uppercase();
        }
        if self.wrap {
            let letters: Vec<char> = cell.chars().collect();
            cell = letters.chunks(LINE).map(String::from_iter).collect::<Vec<_>>().join("\n");
        }
        cell
    }
}

impl NumberForm {
    /// The cell with this number in it.
    pub(super) fn written(&self, number: &str, invented: &Invented, choice: &mut Choice) -> String {
        let wide: String = number.chars().map(|c| if self.full_width { full_width(c) } else { c }).collect();
        let address = invented.address(choice);
        filled(&self.cell, Filling { name: "", address: &address, number: &wide }, invented, choice)
    }

    /// Whether the label is for numbers of this type.
    pub(super) fn takes(&self, kind: IdentifierType) -> bool {
        self.types.iter().any(|word| word == kind.as_str())
    }
}

impl Invented {
    /// A company that nobody lists.
    pub(super) fn company(&self, choice: &mut Choice) -> String {
        let parts = [&self.first, &self.second, &self.trade, &self.legal].map(|words| one(choice, words));
        parts.join(" ").trim_end().to_owned()
    }

    /// An address that nobody lists, on one line.
    pub(super) fn address(&self, choice: &mut Choice) -> String {
        one(choice, &self.addresses).to_owned()
    }
}

fn one<'a>(choice: &mut Choice, words: &'a [String]) -> &'a str {
    choice.of(words).map_or("", String::as_str)
}

/// The cell with every placeholder replaced. Texts that come in are never searched for placeholders.
fn filled(cell: &str, with: Filling<'_>, invented: &Invented, choice: &mut Choice) -> String {
    let mut out = String::with_capacity(cell.len() + with.name.len() + with.address.len());
    let mut rest = cell;
    while let Some((before, (key, after))) =
        rest.split_once('{').and_then(|(before, inner)| Some((before, inner.split_once('}')?)))
    {
        out.push_str(before);
        out.push_str(&value(key, with, invented, choice));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn value(key: &str, with: Filling<'_>, invented: &Invented, choice: &mut Choice) -> String {
    match key {
        "name" => with.name.to_owned(),
        "address" => with.address.to_owned(),
        "lines" => with.address.split([',', ';']).map(str::trim).collect::<Vec<_>>().join("\n"),
        "city" => with.address.rsplit([',', ';']).next().unwrap_or_default().trim().to_owned(),
        "number" => with.number.to_owned(),
        "other" => invented.company(choice),
        "bank" => one(choice, &invented.banks).to_owned(),
        "person" => one(choice, &invented.people).to_owned(),
        "phone" => {
            format!("+{} {} {}", 30 + choice.below(60), 100 + choice.below(900), 100_000 + choice.below(900_000))
        }
        "email" => format!("office@{}.example", one(choice, &invented.second).to_lowercase()),
        "reg" => (100_000_000 + choice.below(900_000_000)).to_string(),
        unknown => format!("{{{unknown}}}"),
    }
}

/// A Latin letter or digit in its full-width form.
fn full_width(c: char) -> char {
    let is_wide = c.is_ascii_graphic();
    char::from_u32(u32::from(c) + 0xfee0).filter(|_| is_wide).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn forms_have_one_name_each_and_only_known_placeholders() {
        let forms = Forms::read();
        let ids: BTreeSet<_> = forms.names.iter().map(|f| &f.id).chain(forms.numbers.iter().map(|f| &f.id)).collect();
        assert_eq!(ids.len(), forms.names.len() + forms.numbers.len());
        assert!(forms.names.len() >= 20 && forms.names[0].id == "bare");
        let languages: BTreeSet<_> = forms.names.iter().map(|f| f.language.as_str()).collect();
        assert_eq!(languages, ["ar", "de", "en", "es", "fr", "it", "pt", "ru", "tr", "zh"].into());
        let with = Filling { name: "Alpha {x} GmbH", address: "Weg 1, Bonn", number: "77" };
        for form in &forms.names {
            let cell = form.written(with, &forms.invented, &mut Choice::new(1, &form.id));
            let letters = cell.replace('\n', "").to_uppercase();
            assert!(letters.contains("ALPHA {X} GMBH"), "{cell}");
            assert_eq!(cell.matches('{').count(), 1, "{cell}");
        }
        let known = |word: &String| {
            let types = ["imo", "mmsi", "uscc", "inn", "ogrn", "lei", "tax", "registration", "passport"];
            types.contains(&word.as_str()) || ["national_id", "bic"].contains(&word.as_str())
        };
        for form in &forms.numbers {
            assert!(form.types.iter().all(known) && form.cell.contains("{number}"), "{}", form.id);
        }
    }

    #[test]
    fn the_whole_cell_is_written_as_the_form_says() {
        let forms = Forms::read();
        let with = Filling { name: "Alpha GmbH", address: "Weg 1, 53111 Bonn, Germany", number: "" };
        let written = |id: &str| {
            let form = forms.names.iter().find(|f| f.id == id).expect("the form is there");
            form.written(with, &forms.invented, &mut Choice::new(1, id))
        };
        assert_eq!(written("lines"), "Alpha GmbH\nWeg 1\n53111 Bonn\nGermany");
        assert_eq!(written("city"), "Alpha GmbH, Germany");
        assert_eq!(written("wrapped_35"), "ALPHA GMBH WEG 1, 53111 BONN, GERMA\nNY");
        let wide = forms.numbers.iter().find(|f| f.id == "full_width").expect("the form is there");
        assert!(wide.written("7A", &forms.invented, &mut Choice::new(1, "x")).ends_with("：７Ａ"));
    }
}
