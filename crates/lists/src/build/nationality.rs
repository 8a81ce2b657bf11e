//! Countries by the adjective that lists write for a citizenship ("Russian", "Iraqi"), from general knowledge of
//! English. Adjectives that fit several countries (Congolese, Korean, Guinean) are left out.

use model::country::Country;

const ADJECTIVES: &[(&str, &str)] = &[
    ("afghan", "AF"),
    ("albanian", "AL"),
    ("algerian", "DZ"),
    ("american", "US"),
    ("angolan", "AO"),
    ("armenian", "AM"),
    ("australian", "AU"),
    ("austrian", "AT"),
    ("azerbaijani", "AZ"),
    ("bahraini", "BH"),
    ("bangladeshi", "BD"),
    ("belarusian", "BY"),
    ("belarussian", "BY"),
    ("belgian", "BE"),
    ("bosnian", "BA"),
    ("brazilian", "BR"),
    ("british", "GB"),
    ("bulgarian", "BG"),
    ("burmese", "MM"),
    ("cambodian", "KH"),
    ("cameroonian", "CM"),
    ("canadian", "CA"),
    ("chadian", "TD"),
    ("chinese", "CN"),
    ("colombian", "CO"),
    ("croatian", "HR"),
    ("cuban", "CU"),
    ("cypriot", "CY"),
    ("czech", "CZ"),
    ("danish", "DK"),
    ("dutch", "NL"),
    ("egyptian", "EG"),
    ("emirati", "AE"),
    ("eritrean", "ER"),
    ("estonian", "EE"),
    ("ethiopian", "ET"),
    ("filipino", "PH"),
    ("finnish", "FI"),
    ("french", "FR"),
    ("georgian", "GE"),
    ("german", "DE"),
    ("ghanaian", "GH"),
    ("greek", "GR"),
    ("haitian", "HT"),
    ("hungarian", "HU"),
    ("indian", "IN"),
    ("indonesian", "ID"),
    ("iranian", "IR"),
    ("iraqi", "IQ"),
    ("irish", "IE"),
    ("israeli", "IL"),
    ("italian", "IT"),
    ("japanese", "JP"),
    ("jordanian", "JO"),
    ("kazakh", "KZ"),
    ("kazakhstani", "KZ"),
    ("kenyan", "KE"),
    ("kosovar", "XK"),
    ("kuwaiti", "KW"),
    ("kyrgyz", "KG"),
    ("latvian", "LV"),
    ("lebanese", "LB"),
    ("libyan", "LY"),
    ("lithuanian", "LT"),
    ("malaysian", "MY"),
    ("malian", "ML"),
    ("maltese", "MT"),
    ("mauritanian", "MR"),
    ("mexican", "MX"),
    ("moldovan", "MD"),
    ("montenegrin", "ME"),
    ("moroccan", "MA"),
    ("nicaraguan", "NI"),
    ("nigerian", "NG"),
    ("north korean", "KP"),
    ("norwegian", "NO"),
    ("omani", "OM"),
    ("pakistani", "PK"),
    ("palestinian", "PS"),
    ("philippine", "PH"),
    ("polish", "PL"),
    ("portuguese", "PT"),
    ("qatari", "QA"),
    ("romanian", "RO"),
    ("russian", "RU"),
    ("rwandan", "RW"),
    ("saudi", "SA"),
    ("saudi arabian", "SA"),
    ("senegalese", "SN"),
    ("serbian", "RS"),
    ("singaporean", "SG"),
    ("slovak", "SK"),
    ("slovenian", "SI"),
    ("somali", "SO"),
    ("south african", "ZA"),
    ("south korean", "KR"),
    ("south sudanese", "SS"),
    ("spanish", "ES"),
    ("sudanese", "SD"),
    ("swedish", "SE"),
    ("swiss", "CH"),
    ("syrian", "SY"),
    ("taiwanese", "TW"),
    ("tajik", "TJ"),
    ("tanzanian", "TZ"),
    ("thai", "TH"),
    ("tunisian", "TN"),
    ("turkish", "TR"),
    ("turkmen", "TM"),
    ("ugandan", "UG"),
    ("ukrainian", "UA"),
    ("uzbek", "UZ"),
    ("venezuelan", "VE"),
    ("vietnamese", "VN"),
    ("yemeni", "YE"),
    ("zimbabwean", "ZW"),
];

/// The country of an adjective, in any case.
pub(crate) fn parse(text: &str) -> Option<Country> {
    let text = text.trim();
    if text.len() > 20 || !text.is_ascii() {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let at = ADJECTIVES.binary_search_by(|(adjective, _)| (*adjective).cmp(lower.as_str())).ok()?;
    Country::from_code(ADJECTIVES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjectives_are_sorted_and_of_countries() {
        assert!(ADJECTIVES.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(ADJECTIVES.iter().all(|(_, code)| Country::from_code(code).is_some()));
        assert_eq!(parse("Russian"), Country::from_code("RU"));
        assert_eq!(parse("Korean"), None);
    }
}
