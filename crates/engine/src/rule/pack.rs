//! Rule packs: TOML files of cited facts, those that ship and those a user adds, read by the same code.
//!
//! A mistake is an error that names file, line and key; nothing of a faulty file is used.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::Spanned;
use toml::value::Datetime;

use model::country::Country;
use model::finding::Severity;

/// Why a pack was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}: {what}")]
pub struct Error {
    /// The file.
    pub origin: String,
    /// Line, from 1.
    pub line: usize,
    /// The key, what is wrong and what was expected.
    pub what: String,
}

/// What a pack says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// Stable id, by which it is switched off.
    pub id: String,
    /// What it holds: `codes`, `vague`, `words` ...
    pub kind: String,
    /// Its version, for example a date.
    pub version: String,
    /// Its name for people.
    pub title: String,
    /// Where its facts were read, unless each list of it says so.
    #[serde(default)]
    pub citation: String,
    /// The page.
    #[serde(default)]
    pub source_url: String,
    /// The day it was read.
    #[serde(default)]
    pub read: Option<Datetime>,
}

/// A pack's text and where it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub(super) origin: &'a str,
    pub(super) text: &'a str,
}

impl Text<'_> {
    /// An error at a place of the text.
    pub(super) fn error(&self, at: Range<usize>, what: impl std::fmt::Display) -> Error {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let key = self.key_at(at.start).map(|key| format!("`{key}`: ")).unwrap_or_default();
        Error { origin: self.origin.to_owned(), line, what: format!("{key}{what}") }
    }

    /// The key whose value begins at or holds this place, found in the lines above it.
    fn key_at(&self, at: usize) -> Option<&str> {
        let end = self.text.get(at..)?.find('\n').map_or(self.text.len(), |n| at + n);
        self.text.get(..end)?.lines().rev().find_map(|line| {
            let (key, _) = line.split_once('=')?;
            let key = key.trim().trim_start_matches('{').trim();
            key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then_some(key).filter(|k| !k.is_empty())
        })
    }

    /// Reads the whole text as `T`.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        toml::from_str(self.text).map_err(|e| {
            let message = e.message().replace('\n', "; ");
            let mut error = self.error(e.span().unwrap_or_default(), &message);
            if message.contains(" field `") {
                // It names the key itself.
                error.what = message;
            }
            error
        })
    }

    /// Reads only the heading.
    pub(super) fn heading(&self) -> Result<Heading, Error> {
        #[derive(Deserialize)]
        struct Probe {
            pack: Heading,
        }
        Ok(self.parse::<Probe>()?.pack)
    }

    /// A country code of ISO 3166-1.
    pub(super) fn country(&self, code: &Spanned<String>) -> Result<Country, Error> {
        let known = Country::from_code(code.get_ref()).filter(|c| c.code() == code.get_ref());
        known.ok_or_else(|| {
            self.error(
                code.span(),
                format_args!("invalid country `{}`, expected an ISO 3166-1 alpha-2 code in capitals", code.get_ref()),
            )
        })
    }

    /// A list of such codes.
    pub(super) fn countries(&self, codes: &[Spanned<String>]) -> Result<Vec<Country>, Error> {
        codes.iter().map(|code| self.country(code)).collect()
    }

    /// One of these severities.
    pub(super) fn severity(&self, given: &Spanned<String>, known: &[Severity]) -> Result<Severity, Error> {
        let word = |severity: Severity| match severity {
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::Info => "info",
        };
        known.iter().copied().find(|s| word(*s) == given.get_ref()).ok_or_else(|| {
            let known: Vec<&str> = known.iter().copied().map(word).collect();
            let what = format_args!("invalid severity `{}`, expected one of {}", given.get_ref(), known.join(", "));
            self.error(given.span(), what)
        })
    }

    /// A date without a time.
    pub(super) fn date(&self, given: Option<&Spanned<Datetime>>) -> Result<Option<Date>, Error> {
        let Some(given) = given else { return Ok(None) };
        let date = given.get_ref().to_string().parse();
        date.map(Some).map_err(|_| self.error(given.span(), "expected a date, YYYY-MM-DD"))
    }

    /// The fact that a list states, from its own keys.
    pub(super) fn fact(&self, heading: &Heading, id: &str, title: &str, source: Source<'_>) -> Result<Fact, Error> {
        let Source { citation, source_url, read, since, until } = source;
        let (citation, source_url) = if citation.is_empty() {
            (heading.citation.as_str(), heading.source_url.as_str())
        } else {
            (citation, source_url)
        };
        if citation.is_empty() {
            return Err(Error {
                origin: self.origin.to_owned(),
                line: 1,
                what: format!("`citation`: {id} has no source; give one in the list or under [pack]"),
            });
        }
        let read = self.date(read)?.map(|d| d.to_string()).or_else(|| heading.read.map(|d| d.to_string()));
        Ok(Fact {
            pack: format!("{} {}", heading.id, heading.version),
            list: id.to_owned(),
            title: title.to_owned(),
            citation: match source_url {
                "" => citation.to_owned(),
                url => format!("{citation} <{url}>"),
            },
            read: read.unwrap_or_default(),
            since: self.date(since)?,
            until: self.date(until)?,
        })
    }
}

/// The keys by which a list says what it rests on; those left out are the heading's.
#[derive(Clone, Copy, Default)]
pub(super) struct Source<'a> {
    pub(super) citation: &'a str,
    pub(super) source_url: &'a str,
    /// The day it was read.
    pub(super) read: Option<&'a Spanned<Datetime>>,
    /// First day.
    pub(super) since: Option<&'a Spanned<Datetime>>,
    /// Last day.
    pub(super) until: Option<&'a Spanned<Datetime>>,
}

/// Declares a row of a pack with keys of its own and those of a [`Source`], which `source()` gives.
macro_rules! cited {
    (struct $name:ident { $($(#[$of_field:meta])* $field:ident: $kind:ty,)* }) => {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            $($(#[$of_field])* $field: $kind,)*
            #[serde(default)]
            citation: String,
            #[serde(default)]
            source_url: String,
            read: Option<toml::Spanned<toml::value::Datetime>>,
            since: Option<toml::Spanned<toml::value::Datetime>>,
            until: Option<toml::Spanned<toml::value::Datetime>>,
        }

        impl $name {
            fn source(&self) -> $crate::rule::pack::Source<'_> {
                $crate::rule::pack::Source {
                    citation: &self.citation,
                    source_url: &self.source_url,
                    read: self.read.as_ref(),
                    since: self.since.as_ref(),
                    until: self.until.as_ref(),
                }
            }
        }
    };
}

pub(super) use cited;

/// A cited list: what a finding of it rests on.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    /// Id and version of the pack.
    pub(super) pack: String,
    /// Id of the list in the pack.
    pub(super) list: String,
    pub(super) title: String,
    pub(super) citation: String,
    pub(super) read: String,
    /// First day.
    pub(super) since: Option<Date>,
    /// Last day.
    pub(super) until: Option<Date>,
}

impl Fact {
    /// Whether the fact stands on the day asked for; without one, whether it has not ended.
    pub(super) fn in_force(&self, as_of: Option<Date>, known_on: Option<Date>) -> bool {
        let begun = |day: Option<Date>| day.is_none_or(|day| self.since.is_none_or(|since| since <= day));
        let ended = match as_of {
            Some(day) => self.until.is_some_and(|until| until < day),
            None => self.until.is_some(),
        };
        begun(as_of) && begun(known_on) && !ended
    }
}
