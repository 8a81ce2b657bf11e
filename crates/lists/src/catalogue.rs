//! The catalogue `lists/sources.toml`: the lists that we know, what a listing means, and where publishers offer them.
//!
//! The file ships inside the binary and is checked by a test; it is parsed once.

mod fields;
mod format;
mod known;
mod parse;

#[cfg(test)]
pub(crate) use fields::fields;
pub(crate) use fields::is_known_field;
pub use format::Format;
pub use known::{Catalogue, KnownList, Publication, RemoteFile, Terms, Token};

use model::entry::{Effect, ListId};
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../../lists/sources.toml");

/// Title and publisher of a list.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    pub(crate) title: String,
    pub(crate) publisher: String,
}

/// The catalogue that ships inside the binary.
///
/// # Panics
/// Never: a test reads the shipped file.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| parse::parse(TEXT).expect("the shipped catalogue is well formed"))
}

/// What a listing on this list means. A list that the catalogue does not know blocks, so that it is looked at.
pub(crate) fn effect(id: &str) -> Effect {
    catalogue().list(id).map_or(Effect::Blocking, |l| l.effect)
}

/// The list that a `source` text of the Consolidated Screening List names, as in
/// `Entity List (EL) - Bureau of Industry and Security`.
pub(crate) fn by_source(source: &str) -> Option<&'static KnownList> {
    let code = source.split_once('(')?.1.split_once(')')?.0;
    // The menu-based list alone writes "(NS-MBS List)".
    let code = code.trim().trim_start_matches("NS-").trim_end_matches(" List");
    catalogue().lists.iter().find(|k| !k.csl.is_empty() && k.csl == code)
}

/// The codes of the `source` column, for a message.
pub(crate) fn codes() -> String {
    let codes = catalogue().lists.iter().map(|k| k.csl.as_str()).filter(|c| !c.is_empty());
    codes.collect::<Vec<_>>().join(", ")
}

/// Title and publisher of a list; its id for both where we do not know it.
pub(crate) fn heading(id: &ListId) -> Heading {
    match catalogue().list(id.as_str()) {
        Some(known) => Heading { title: known.title.clone(), publisher: known.publisher.clone() },
        None => Heading { title: id.to_string(), publisher: String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_catalogue_holds_together() {
        let catalogue = parse::parse(TEXT).unwrap();
        let plain =
            |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        for (at, list) in catalogue.lists.iter().enumerate() {
            assert!(plain(list.id.as_str()) && !list.title.is_empty() && !list.publisher.is_empty(), "{list:?}");
            let others = &catalogue.lists[..at];
            assert!(others.iter().all(|o| o.id != list.id && (list.csl.is_empty() || o.csl != list.csl)), "{list:?}");
        }
        for (at, publication) in catalogue.publications.iter().enumerate() {
            let p = publication;
            assert!(plain(&p.id) && catalogue.publications[..at].iter().all(|o| o.id != p.id), "{p:?}");
            assert!(!p.files.is_empty() && !p.seen.is_empty() && !p.page.is_empty() && !p.lists.is_empty(), "{p:?}");
            assert!(p.lists.iter().all(|id| catalogue.list(id.as_str()).is_some()), "{p:?}");
            for file in &p.files {
                let host = file.url.strip_prefix("https://").and_then(|r| r.split('/').next()).expect("https only");
                assert!(p.hosts.iter().any(|h| h == host), "{host} is not among the hosts of {}", p.id);
                assert_eq!(file.url.contains("{token}"), p.token.is_some(), "{}", p.id);
                assert!(!file.name.contains(['/', '\\']) && !file.name.is_empty(), "{}", p.id);
            }
            assert!(p.hosts.iter().all(|h| !h.contains([':', '/', '*'])), "{p:?}");
            assert!(!p.entries.is_empty() && *p.entries.start() > 0, "{p:?}");
            assert!(p.usual_hours > 0 && p.fresh_hours > p.usual_hours, "{p:?}");
            assert!(p.closed.is_none() || !p.is_default, "a closed list is not fetched: {p:?}");
        }
        assert!(catalogue.defaults().count() >= 5);
    }

    #[test]
    fn a_list_is_known_by_the_code_of_the_screening_list() {
        let id = |text| by_source(text).map(|l| l.id.as_str());
        assert_eq!(id("Entity List (EL) - Bureau of Industry and Security"), Some("us-bis-el"));
        assert_eq!(id("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department"), Some("us-ofac-mbs"));
        assert_eq!(id("Some List (XX) - Somebody"), None);
        assert_eq!(effect("no-such-list"), Effect::Blocking);
    }
}
