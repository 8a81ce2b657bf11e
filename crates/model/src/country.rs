//! Countries: the ISO 3166-1 alpha-2 code that lists and shipments are compared by.
//!
//! Lists write countries as codes, English short names, historic names and regions; [`Country::parse`] reads
//! those it knows and refuses the rest, so that an unknown spelling is seen and never taken for a country.

mod iso3166;

use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::OnceLock;

/// An ISO 3166-1 alpha-2 code, upper case. `XK` (Kosovo, user-assigned) is accepted as lists use it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// Names that lists use and ISO 3166 does not, or writes otherwise; folded to lower-case letters and blanks.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("afghanistan", "AF"),
    ("america", "US"),
    ("bolivia", "BO"),
    ("bosnia", "BA"),
    ("british virgin islands", "VG"),
    ("brunei", "BN"),
    ("burma", "MM"),
    ("cabo verde", "CV"),
    ("cape verde", "CV"),
    ("china hong kong special administrative region", "HK"),
    ("congo democratic republic", "CD"),
    ("congo democratic republic of the", "CD"),
    ("congo republic of the", "CG"),
    ("cote d ivoire", "CI"),
    ("cote divoire", "CI"),
    ("czech republic", "CZ"),
    ("democratic republic of the congo", "CD"),
    ("dprk", "KP"),
    ("drc", "CD"),
    ("east timor", "TL"),
    ("emirates", "AE"),
    ("england", "GB"),
    ("gambia", "GM"),
    ("gaza", "PS"),
    ("gaza strip", "PS"),
    ("great britain", "GB"),
    ("holland", "NL"),
    ("hong kong sar", "HK"),
    ("hong kong special administrative region", "HK"),
    ("hongkong", "HK"),
    ("iran", "IR"),
    ("islamic republic of afghanistan", "AF"),
    ("ivory coast", "CI"),
    ("kingdom of saudi arabia", "SA"),
    ("korea north", "KP"),
    ("korea south", "KR"),
    ("kosovo", "XK"),
    ("kyrgyz republic", "KG"),
    ("lao", "LA"),
    ("laos", "LA"),
    ("libyan arab jamahiriya", "LY"),
    ("macao sar", "MO"),
    ("macau", "MO"),
    ("macedonia", "MK"),
    ("mainland china", "CN"),
    ("man isle of", "IM"),
    ("micronesia", "FM"),
    ("moldova", "MD"),
    ("north korea", "KP"),
    ("north macedonia the republic of", "MK"),
    ("northern ireland", "GB"),
    ("occupied palestinian territories", "PS"),
    ("occupied palestinian territory", "PS"),
    ("p r c", "CN"),
    ("p r china", "CN"),
    ("palestine", "PS"),
    ("palestinian", "PS"),
    ("palestinian territories", "PS"),
    ("peoples republic of china", "CN"),
    ("pr china", "CN"),
    ("prc", "CN"),
    ("region gaza", "PS"),
    ("region kafia kingi", "SD"),
    ("region west bank", "PS"),
    ("republic of belarus", "BY"),
    ("republic of kazakhstan", "KZ"),
    ("republic of korea", "KR"),
    ("republic of singapore", "SG"),
    ("republic of turkey", "TR"),
    ("russia", "RU"),
    ("saint helena", "SH"),
    ("scotland", "GB"),
    ("slovak republic", "SK"),
    ("south korea", "KR"),
    ("sultanate of oman", "OM"),
    ("swaziland", "SZ"),
    ("syria", "SY"),
    ("taiwan", "TW"),
    ("taiwan r o c", "TW"),
    ("taiwan roc", "TW"),
    ("tanzania", "TZ"),
    ("the bahamas", "BS"),
    ("the gambia", "GM"),
    ("turkey", "TR"),
    ("turks and caicos", "TC"),
    ("u a e", "AE"),
    ("u k", "GB"),
    ("u s", "US"),
    ("u s a", "US"),
    ("uae", "AE"),
    ("uk", "GB"),
    ("union of the comoros", "KM"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("united states of america", "US"),
    ("usa", "US"),
    ("vatican", "VA"),
    ("vatican city", "VA"),
    ("venezuela", "VE"),
    ("vietnam", "VN"),
    ("virgin islands british", "VG"),
    ("virgin islands us", "VI"),
    ("wales", "GB"),
    ("west bank", "PS"),
];

impl Country {
    /// Reads an alpha-2 code, in either case. `None` when ISO 3166-1 does not assign it.
    pub fn from_code(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        let code = bytes.map(|b| b.to_ascii_uppercase());
        let known = code == *b"XK" || iso3166::by_alpha2(std::str::from_utf8(&code).ok()?).is_some();
        known.then_some(Self(code))
    }

    /// Reads an alpha-2 or alpha-3 code or an English name; `None` for any other text.
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
        let folded = plain(text);
        let bare = || folded.strip_prefix("the ").or_else(|| folded.strip_suffix(" the"));
        names().get(folded.as_str()).or_else(|| names().get(bare()?)).copied()
    }

    /// Every name that [`Country::parse`] knows, in lower-case letters and blanks, in the order of the names.
    #[expect(clippy::disallowed_methods, reason = "sorted right below")]
    pub fn all_names() -> Vec<(&'static str, Self)> {
        let mut all: Vec<_> = names().iter().map(|(name, country)| (name.as_str(), *country)).collect();
        all.sort_unstable();
        all
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

/// Every known name, folded. Folding the names of ISO 3166 anew at each call cost 20 us; once is enough.
fn names() -> &'static FxHashMap<String, Country> {
    static NAMES: OnceLock<FxHashMap<String, Country>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut all = FxHashMap::default();
        for c in &iso3166::ALL {
            let Some(country) = Country::from_code(c.alpha2) else { continue };
            all.insert(plain(c.name), country);
            // "Korea (the Republic of)" is also written "Republic of Korea", and "Iran (Islamic Republic of)" "Iran"
            // where no other country is called so.
            if let Some((short, rest)) = c.name.split_once('(') {
                let turned = plain(&format!("{} {short}", rest.trim_end_matches(')')));
                all.insert(turned.strip_prefix("the ").unwrap_or(&turned).to_owned(), country);
                let alone = iso3166::ALL.iter().filter(|o| o.name.split('(').next() == Some(short)).count() == 1;
                let taken = iso3166::ALL.iter().any(|o| o.name == short.trim());
                if alone && !taken {
                    all.insert(plain(short), country);
                }
            }
        }
        // Where both tables have a name, the one above takes precedence.
        for &(name, code) in OTHER_NAMES {
            if let Some(country) = Country::from_code(code) {
                all.insert(name.to_owned(), country);
            }
        }
        all
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
