//! Names of countries: of ISO 3166, as lists write them, and in other languages.

use super::iso3166;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Names in many languages, of the Unicode CLDR; `lists/country_names.py` writes the file.
const OF_LANGUAGES: &str = include_str!("../../../../lists/country_names.txt");

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
    ("china peoples republic of", "CN"),
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

/// An alpha-2 code.
type Code = [u8; 2];

/// Every known name.
#[derive(Debug)]
pub(super) struct Names {
    by_key: FxHashMap<String, Code>,
    /// The names that are looked for in running text, in order.
    in_text: Vec<(String, Code)>,
}

impl Names {
    /// Folding the names anew at each call cost 20 us; once is enough.
    pub(super) fn get() -> &'static Self {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(Self::read)
    }

    /// The code of the country that a text is the name of.
    pub(super) fn of(&self, text: &str) -> Option<Code> {
        if !text.is_ascii()
            && let Some(country) = self.by_key.get(&native(text))
        {
            return Some(*country);
        }
        let folded = plain(text);
        let bare = || folded.strip_prefix("the ").or_else(|| folded.strip_suffix(" the"));
        self.by_key.get(folded.as_str()).or_else(|| self.by_key.get(bare()?)).copied()
    }

    pub(super) fn in_text(&self) -> &[(String, Code)] {
        &self.in_text
    }

    #[expect(clippy::disallowed_methods, reason = "sorted right below")]
    fn read() -> Self {
        let mut all = of_iso();
        // Where both tables have a name, the one above takes precedence.
        for &(name, code) in OTHER_NAMES {
            if let Some(country) = code_of(code) {
                all.insert(name.to_owned(), country);
            }
        }
        let mut in_text: Vec<_> = all.iter().map(|(name, country)| (name.clone(), *country)).collect();
        let mut of_languages: Vec<(String, Code)> = Vec::new();
        for (country, name, is_in_text) in of_languages_in_file() {
            of_languages.extend(keys(name).map(|key| (key, country)));
            if is_in_text {
                in_text.push((native(name), country));
            }
        }
        of_languages.sort_unstable();
        of_languages.dedup();
        for of_key in of_languages.chunk_by(|a, b| a.0 == b.0) {
            // A name that two countries bear in different languages names neither.
            if let [(key, country)] = of_key {
                all.entry(key.clone()).or_insert(*country);
            }
        }
        in_text.retain(|(name, country)| all.get(name).or_else(|| all.get(&plain(name))) == Some(country));
        in_text.sort_unstable();
        in_text.dedup();
        Self { by_key: all, in_text }
    }
}

/// The bytes of an alpha-2 code in capitals that is assigned, or `XK`.
pub(super) fn code_of(code: &str) -> Option<Code> {
    let bytes: Code = code.as_bytes().try_into().ok()?;
    (code == "XK" || iso3166::by_alpha2(code).is_some()).then_some(bytes)
}

fn of_iso() -> FxHashMap<String, Code> {
    let mut all = FxHashMap::default();
    for c in &iso3166::ALL {
        let Some(country) = code_of(c.alpha2) else { continue };
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
    all
}

/// Country, name, and whether the name is looked for in running text.
fn of_languages_in_file() -> impl Iterator<Item = (Code, &'static str, bool)> {
    OF_LANGUAGES.lines().filter(|line| !line.starts_with('#')).flat_map(|line| {
        let mut fields = line.split('\t');
        let country = fields.next().and_then(code_of);
        let fields = fields.zip([true, false]);
        let names = fields.flat_map(|(names, is_in_text)| names.split("; ").map(move |name| (name, is_in_text)));
        names
            .filter(|(name, _)| !name.is_empty())
            .filter_map(move |(name, is_in_text)| Some((country?, name, is_in_text)))
    })
}

/// What a name of another language is looked up by: its own letters and, where it is written in Latin ones and long
/// enough to be no other word, those without marks.
fn keys(name: &str) -> impl Iterator<Item = String> {
    let is_latin = name.chars().all(|c| !c.is_alphabetic() || is_latin(c));
    let plain = Some(plain(name)).filter(|plain| is_latin && plain.len() >= 4);
    let native = native(name);
    plain.into_iter().chain([native])
}

fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Lower-case letters of any script and single blanks; vowel signs and apostrophes dropped, Arabic and Persian letters
/// that are exchanged for one another made one.
fn native(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let c = match c {
            '\''
            | '’'
            | '׳'
            | 'ʻ'
            | 'ʼ'
            | '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | 'ـ'
            | '\u{64b}'..='\u{65f}' => continue,
            'أ' | 'إ' | 'آ' => 'ا',
            'ى' | 'ی' => 'ي',
            'ک' => 'ك',
            'ة' => 'ه',
            'ё' => 'е',
            c => c,
        };
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_folded_and_of_countries() {
        assert!(OTHER_NAMES.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(OTHER_NAMES.iter().all(|(name, code)| plain(name) == *name && code_of(code).is_some()));
    }

    #[test]
    fn every_line_of_the_file_is_of_a_country_and_has_names() {
        for line in OF_LANGUAGES.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<_> = line.split('\t').collect();
            assert!(fields.len() == 3 && code_of(fields[0]).is_some() && fields[1].len() > 3, "{line}");
        }
    }

    #[test]
    fn countries_are_read_in_other_languages() {
        for (text, expected) in [
            ("Deutschland", "DE"),
            ("ALLEMAGNE", "DE"),
            ("Россия", "RU"),
            ("РОССИЙСКАЯ ФЕДЕРАЦИЯ", "RU"),
            ("РФ", "RU"),
            ("中国", "CN"),
            ("俄罗斯", "RU"),
            ("Irán", "IR"),
            ("IRÁN", "IR"),
            ("Irã", "IR"),
            ("Turquía", "TR"),
            ("TURQUIA", "TR"),
            ("Türkei", "TR"),
            ("Çin", "CN"),
            ("Weißrussland", "BY"),
            ("Biélorussie", "BY"),
            ("الصين", "CN"),
            ("إيران", "IR"),
            ("ايران", "IR"),
            ("ایران", "IR"),
            ("Corea del Norte", "KP"),
            ("Estados Unidos", "US"),
            ("Україна", "UA"),
            ("Китай", "CN"),
            ("日本", "JP"),
            ("Côte d'Ivoire", "CI"),
        ] {
            assert_eq!(Names::get().of(text).as_ref().map(|code| &code[..]), Some(expected.as_bytes()), "{text}");
        }
        for refused in ["ira", "cin", "Shanghai", "Москва", "x", "—", "Ý"] {
            assert_eq!(Names::get().of(refused), None, "{refused}");
        }
    }
}
