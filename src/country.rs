//! Countries: the ISO 3166-1 alpha-2 code that lists and shipments are compared by.
//!
//! Lists write countries as codes, English short names, historic names and regions; [`Country::parse`] reads
//! those it knows and refuses the rest, so that an unknown spelling is seen and never taken for a country.

use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::OnceLock;

/// An ISO 3166-1 alpha-2 code, upper case. `XK` (Kosovo, user-assigned) is accepted as lists use it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// Names that lists use and ISO 3166 does not, or writes otherwise; folded to lower-case letters and blanks.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("afghanistan", "AF"),
    ("bolivia", "BO"),
    ("bosnia", "BA"),
    ("british virgin islands", "VG"),
    ("brunei", "BN"),
    ("burma", "MM"),
    ("cabo verde", "CV"),
    ("cape verde", "CV"),
    ("congo democratic republic of the", "CD"),
    ("congo republic of the", "CG"),
    ("cote d ivoire", "CI"),
    ("cote divoire", "CI"),
    ("czech republic", "CZ"),
    ("democratic republic of the congo", "CD"),
    ("east timor", "TL"),
    ("gambia", "GM"),
    ("great britain", "GB"),
    ("hong kong sar", "HK"),
    ("iran", "IR"),
    ("ivory coast", "CI"),
    ("korea north", "KP"),
    ("korea south", "KR"),
    ("kosovo", "XK"),
    ("laos", "LA"),
    ("macau", "MO"),
    ("macedonia", "MK"),
    ("micronesia", "FM"),
    ("moldova", "MD"),
    ("north korea", "KP"),
    ("north macedonia the republic of", "MK"),
    ("palestine", "PS"),
    ("palestinian", "PS"),
    ("peoples republic of china", "CN"),
    ("region gaza", "PS"),
    ("region kafia kingi", "SD"),
    ("republic of korea", "KR"),
    ("russia", "RU"),
    ("south korea", "KR"),
    ("swaziland", "SZ"),
    ("syria", "SY"),
    ("taiwan", "TW"),
    ("tanzania", "TZ"),
    ("the bahamas", "BS"),
    ("the gambia", "GM"),
    ("turkey", "TR"),
    ("u a e", "AE"),
    ("uae", "AE"),
    ("uk", "GB"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("usa", "US"),
    ("venezuela", "VE"),
    ("vietnam", "VN"),
    ("virgin islands british", "VG"),
    ("virgin islands us", "VI"),
    ("west bank", "PS"),
];

impl Country {
    /// Reads an alpha-2 code, in either case. `None` when ISO 3166-1 does not assign it.
    pub fn from_code(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        let code = bytes.map(|b| b.to_ascii_uppercase());
        let known = code == *b"XK" || rust_iso3166::from_alpha2(std::str::from_utf8(&code).ok()?).is_some();
        known.then_some(Self(code))
    }

    /// Reads an alpha-2 or alpha-3 code or an English name. `None` when it is none that we know.
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
                if let Some(found) = rust_iso3166::from_alpha3(&text.to_ascii_uppercase()) {
                    return Self::from_code(found.alpha2);
                }
            }
            _ => {}
        }
        names().get(plain(text).as_str()).copied()
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
        rust_iso3166::from_alpha2(self.code()).map_or("?", |c| c.name)
    }
}

/// Every name we know, folded. Folding the names of ISO 3166 anew at each call cost 20 us; once is enough.
fn names() -> &'static FxHashMap<String, Country> {
    static NAMES: OnceLock<FxHashMap<String, Country>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let iso = rust_iso3166::ALL.iter().map(|c| (plain(c.name), c.alpha2));
        let other = OTHER_NAMES.iter().map(|&(name, code)| (name.to_owned(), code));
        // Where both know a name, ours stands.
        iso.chain(other).filter_map(|(name, code)| Some((name, Country::from_code(code)?))).collect()
    })
}

/// Lower-case ASCII letters and single blanks; accents and apostrophes dropped, "&" read as "and", "St." as "Saint".
fn plain(text: &str) -> String {
    let ascii = any_ascii::any_ascii(text).replace('\'', "").replace('&', " and ");
    let mut out = String::with_capacity(ascii.len());
    for word in ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        let word = if word.eq_ignore_ascii_case("st") { "saint" } else { word };
        out.extend(word.chars().map(|c| c.to_ascii_lowercase()));
    }
    out
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
    fn names_are_sorted_folded_and_of_countries() {
        assert!(OTHER_NAMES.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(OTHER_NAMES.iter().all(|(name, code)| plain(name) == *name && Country::from_code(code).is_some()));
    }

    #[test]
    fn reads_codes_and_names_and_refuses_the_rest() {
        let code = |t| Country::parse(t).map(|c| c.code().to_owned());
        assert_eq!(code("cn").as_deref(), Some("CN"));
        assert_eq!(code("RUS").as_deref(), Some("RU"));
        assert_eq!(code("Korea, North").as_deref(), Some("KP"));
        assert_eq!(code("Germany").as_deref(), Some("DE"));
        assert_eq!(code("Türkiye").as_deref(), Some("TR"));
        assert_eq!(code("undetermined"), None);
        assert_eq!(code("ZZ"), None);
    }
}
