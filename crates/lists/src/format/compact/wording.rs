//! Our words for licence requirements and review policies, from `lists/us/wording.toml`.

use crate::error::Error;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Codes and their words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wording {
    requirement: BTreeMap<String, String>,
    policy: BTreeMap<String, String>,
}

impl Wording {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not such TOML, or a key is missing or unknown.
    pub(crate) fn read(file: &str, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |s| s.start);
            let line = 1 + text[..at].matches('\n').count() as u64;
            Error::Syntax { file: file.into(), line, column: None, problem: e.message().to_owned() }
        })
    }

    /// The words of a requirement: a code, and sections of the EAR behind it. `None` for an unknown code.
    pub(super) fn requirement(&self, code: &str) -> Option<String> {
        let mut parts = code.split(' ');
        let text = self.requirement.get(parts.next()?)?;
        let sections = sections(&parts.collect::<Vec<_>>());
        let see = if sections.is_empty() { String::new() } else { format!(" (see {sections} of the EAR)") };
        Some(text.replace("{see}", &see).replace("{sections}", &sections))
    }

    /// The words of a review policy; `None` for an unknown code.
    pub(super) fn policy(&self, code: &str) -> Option<String> {
        self.policy.get(code).cloned()
    }
}

/// "§ 744.11", "§§ 734.9(g) and 744.21(b)", "§§ 734.9(g), 746.8(a)(3) and 744.21(b)".
fn sections(numbers: &[&str]) -> String {
    match numbers {
        [] => String::new(),
        [one] => format!("§ {one}"),
        [most @ .., last] => format!("§§ {} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_worded_with_its_sections() {
        let text =
            "[requirement]\near = \"All items{see}.\"\nfor = \"Projects in {sections}.\"\n[policy]\nx = \"No.\"\n";
        let wording = Wording::read("w.toml", text).unwrap();
        assert_eq!(wording.requirement("ear").unwrap(), "All items.");
        assert_eq!(wording.requirement("ear 744.11").unwrap(), "All items (see § 744.11 of the EAR).");
        assert_eq!(
            wording.requirement("ear 734.9(g) 746.8(a)(3) 744.21(b)").unwrap(),
            "All items (see §§ 734.9(g), 746.8(a)(3) and 744.21(b) of the EAR)."
        );
        assert_eq!(wording.requirement("for 746.8(a)(4)").unwrap(), "Projects in § 746.8(a)(4).");
        assert_eq!((wording.requirement("what"), wording.policy("y")), (None, None));
        assert!(Wording::read("w.toml", "[policy]\nx = 1\n").is_err());
    }
}
