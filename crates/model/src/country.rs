//! Countries: the ISO 3166-1 alpha-2 code that lists and shipments are compared by.
//!
//! Lists write countries as codes, English short names, historic names and regions, documents in the language of their
//! country; [`Country::parse`] reads those it knows and refuses the rest, so that an unknown spelling is seen and never
//! taken for a country.

mod iso3166;
mod names;

use names::Names;
use std::fmt;

/// An ISO 3166-1 alpha-2 code, upper case. `XK` (Kosovo, user-assigned) is accepted as lists use it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads an alpha-2 code, in either case. `None` when ISO 3166-1 does not assign it.
    pub fn from_code(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        let code = bytes.map(|b| b.to_ascii_uppercase());
        names::code_of(std::str::from_utf8(&code).ok()?).map(Self)
    }

    /// Reads an alpha-2 or alpha-3 code or a name, English or of one of some forty other languages; `None` for any other
    /// text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.len() {
            0 => return None,
            2 => {
                if let Some(country) = Self::from_code(text) {
                    return Some(country);
                }
            }
            3 => {
                if let Some(found) = iso3166::by_alpha3(&text.to_ascii_uppercase()) {
                    return Self::from_code(found.alpha2);
                }
            }
            _ => {}
        }
        Names::get().of(text).map(Self)
    }

    /// The names that are looked for in running text: English ones and those of the languages that party cells are read
    /// in, lower-case, in the order of the names.
    pub fn names_in_text() -> impl Iterator<Item = (&'static str, Self)> {
        Names::get().in_text().iter().map(|(name, code)| (name.as_str(), Self(*code)))
    }

    /// Reads the table of names, which whoever needs it first reads otherwise.
    pub fn read_names() {
        Names::get();
    }

    /// The two letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// The English short name of ISO 3166, for explanations.
    pub fn name(&self) -> &'static str {
        if self.0 == *b"XK" {
            return "Kosovo";
        }
        iso3166::by_alpha2(self.code()).map_or("?", |c| c.name)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_codes_and_names_and_refuses_the_rest() {
        let code = |t| Country::parse(t).map(|c| c.code().to_owned());
        assert_eq!(code("cn").as_deref(), Some("CN"));
        assert_eq!(code("RUS").as_deref(), Some("RU"));
        assert_eq!(code("Korea, North").as_deref(), Some("KP"));
        assert_eq!(code("Germany").as_deref(), Some("DE"));
        assert_eq!(code("Türkiye").as_deref(), Some("TR"));
        for (text, expected) in [
            ("Democratic People's Republic of Korea", "KP"),
            ("Republic of Korea", "KR"),
            ("Netherlands", "NL"),
            ("The Netherlands", "NL"),
            ("Islamic Republic of Iran", "IR"),
            ("St. Kitts & Nevis", "KN"),
            ("Bahamas, The", "BS"),
            ("Man, Isle of", "IM"),
            ("Region: West Bank", "PS"),
            ("Virgin Islands, British", "VG"),
            ("U.S.A.", "US"),
            ("Côte d’Ivoire", "CI"),
            ("Congo, Democratic Republic of the", "CD"),
        ] {
            assert_eq!(code(text).as_deref(), Some(expected), "{text}");
        }
        for refused in ["undetermined", "Korea", "Virgin Islands", "Region: Crimea", "Netherlands Antilles"] {
            assert_eq!(code(refused), None, "{refused}");
        }
        assert_eq!(code("ZZ"), None);
    }
}
