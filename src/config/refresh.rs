//! Keeping lists current, and how old they may be.

use super::value::within;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How the lists of the data directory are kept current.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Refresh {
    /// Whether lists are fetched while serving; default true. Without a data directory nothing is fetched.
    pub enabled: bool,
    /// Publications of the catalogue; empty: those it marks as default.
    pub publications: Vec<String>,
    /// Minutes between two fetches of a publication, 1..=10,080; default 60.
    #[serde(deserialize_with = "within::<_, 1, 10_080>")]
    pub interval_minutes: usize,
    /// Seconds before the attempt after a failure, 1..=86,400; default 60.
    #[serde(deserialize_with = "within::<_, 1, 86_400>")]
    pub retry_seconds: usize,
    /// Seconds for one file, 1..=86,400; default 900.
    #[serde(deserialize_with = "within::<_, 1, 86_400>")]
    pub timeout_seconds: usize,
    /// MiB of one file as sent, 1..=65,536; default 512.
    #[serde(deserialize_with = "within::<_, 1, 65_536>")]
    pub max_file_mib: usize,
    /// Percent of its entries that a list may lose, 0..=100; default 10.
    #[serde(deserialize_with = "within::<_, 0, 100>")]
    pub shrink_percent: usize,
    /// Percent that a list may grow by, 0..=100,000; default 50.
    #[serde(deserialize_with = "within::<_, 0, 100_000>")]
    pub grow_percent: usize,
    /// Days that a superseded publication is kept, 0..=36,500; default 800.
    #[serde(deserialize_with = "within::<_, 0, 36_500>")]
    pub keep_days: usize,
    /// Mirrors, by the id of the publication.
    pub mirrors: BTreeMap<String, Mirror>,
}

/// An address to fetch a publication from in place of the publisher's: in the file a text, or a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// The address; `{token}` in it stands for the publisher's token.
    pub url: String,
    /// Whether it may be plain HTTP to another machine: the operator says that nobody on the way can change the list.
    /// Default false.
    pub trusted: bool,
}

/// A mirror as the table of it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MirrorTable {
    url: String,
    #[serde(default)]
    trusted: bool,
}

impl<'de> Deserialize<'de> for Mirror {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct TextOrTable;
        impl<'de> Visitor<'de> for TextOrTable {
            type Value = Mirror;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an address, or a table with `url` and `trusted`")
            }

            fn visit_str<E: de::Error>(self, url: &str) -> Result<Mirror, E> {
                Ok(Mirror { url: url.to_owned(), trusted: false })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Mirror, A::Error> {
                let MirrorTable { url, trusted } = MirrorTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Mirror { url, trusted })
            }
        }
        input.deserialize_any(TextOrTable)
    }
}

/// How old lists may be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Freshness {
    /// Whether health says NOT_SERVING while a list is stale; default false.
    pub stale_is_not_serving: bool,
    /// The greatest age of a list in hours, by the id of the list or its publication; 0 for no limit.
    pub stale_after_hours: BTreeMap<String, u32>,
}

impl Default for Refresh {
    fn default() -> Self {
        Self {
            enabled: true,
            publications: Vec::new(),
            interval_minutes: 60,
            retry_seconds: 60,
            timeout_seconds: 900,
            max_file_mib: 512,
            shrink_percent: 10,
            grow_percent: 50,
            keep_days: 800,
            mirrors: BTreeMap::new(),
        }
    }
}

impl Refresh {
    /// Between two fetches.
    pub fn interval(&self) -> Duration {
        Duration::from_secs(self.interval_minutes as u64 * 60)
    }

    /// After the first failure.
    pub fn retry(&self) -> Duration {
        Duration::from_secs(self.retry_seconds as u64)
    }

    /// For one file.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_is_an_address_or_a_table_that_may_say_it_is_trusted() {
        let read = |text: &str| toml::from_str::<Refresh>(text).map(|r| r.mirrors).map_err(|e| e.message().to_owned());
        let text =
            "[mirrors]\na = 'https://m/a'\nb = { url = 'http://m/b', trusted = true }\nc = { url = 'https://m/c' }";
        let mirrors: Vec<_> = read(text).unwrap().into_values().map(|m| (m.url, m.trusted)).collect();
        let expected = [("https://m/a", false), ("http://m/b", true), ("https://m/c", false)];
        assert_eq!(mirrors, expected.map(|(url, trusted)| (url.to_owned(), trusted)));
        assert!(read("[mirrors]\na = { url = 'x', trust = true }").unwrap_err().contains("unknown field `trust`"));
        assert!(read("[mirrors]\na = { trusted = true }").unwrap_err().contains("missing field `url`"));
        assert!(read("[mirrors]\na = true").unwrap_err().contains("expected an address, or a table"));
    }
}
