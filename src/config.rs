//! Configuration: one TOML file, checked as it is read.
//!
//! Every key is documented in [`DEFAULT_FILE`], with unit, range and default; a test holds that file equal to the
//! defaults here. Unknown keys and values out of range are errors that name file, line and column.

use serde::{Deserialize, Deserializer, de};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

/// The commented default file.
pub const DEFAULT_FILE: &str = include_str!("config/default.toml");

/// Everything `serve` can be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Policy file; `None`: the built-in policy.
    pub policy: Option<PathBuf>,
    /// Which lists.
    pub lists: Lists,
    /// How to serve.
    pub server: Server,
    /// Bounds on a record.
    pub limits: Limits,
    /// What to log.
    pub log: Log,
}

/// Which lists are loaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lists {
    /// Publishers' files.
    pub paths: Vec<PathBuf>,
    /// Whether the curated lists are loaded too; default true.
    pub builtin: bool,
}

/// How to serve.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port; default 127.0.0.1:50051.
    pub listen: SocketAddr,
    /// Whether an address that other machines can reach may be served without TLS; default false.
    pub allow_plaintext_remote: bool,
    /// Bytes of one request message, 1 KiB to 1 GiB; default 16 MiB.
    #[serde(deserialize_with = "within::<_, 1024, 1_073_741_824>")]
    pub max_message_bytes: usize,
    /// Calls worked on at once, streams apart, 1..=1,000,000; default 1,024.
    #[serde(deserialize_with = "within::<_, 1, 1_000_000>")]
    pub max_in_flight: usize,
    /// Streams open at once, 1..=100,000; default 256.
    #[serde(deserialize_with = "within::<_, 1, 100_000>")]
    pub max_streams: usize,
    /// Messages of one stream worked on at once, 1..=1,024; default 32.
    #[serde(deserialize_with = "within::<_, 1, 1_024>")]
    pub stream_in_flight: usize,
    /// Threads that screen, 0..=1,024; default 0, one for each processor.
    #[serde(deserialize_with = "within::<_, 0, 1_024>")]
    pub workers: usize,
    /// Seconds for calls in progress at the stop, 0..=3,600; default 30.
    #[serde(rename = "drain_seconds", deserialize_with = "seconds")]
    pub drain: Duration,
}

/// Bounds on a record; `screen::Limits` says the same to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one text field, 64 B to 16 MiB; default 65,536.
    #[serde(deserialize_with = "within::<_, 64, 16_777_216>")]
    pub field_bytes: usize,
    /// Goods lines of one shipment, 1..=1,000,000; default 1,000.
    #[serde(deserialize_with = "within::<_, 1, 1_000_000>")]
    pub goods_lines: usize,
    /// Parties of one shipment, 1..=1,000,000; default 200.
    #[serde(deserialize_with = "within::<_, 1, 1_000_000>")]
    pub parties: usize,
}

/// What to log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Form of the lines; default plain.
    pub format: LogFormat,
    /// From which level; default info.
    pub level: LogLevel,
}

/// Form of the log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One readable line.
    #[default]
    Plain,
    /// One JSON object a line.
    Json,
}

/// From which level on lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Faults only.
    Error,
    /// What may need a person.
    Warn,
    /// Start, stop, reload.
    #[default]
    Info,
    /// Each call.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The word of the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

impl Default for Lists {
    fn default() -> Self {
        Self { paths: Vec::new(), builtin: true }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 50051),
            allow_plaintext_remote: false,
            max_message_bytes: 16 << 20,
            max_in_flight: 1024,
            max_streams: 256,
            stream_in_flight: 32,
            workers: 0,
            drain: Duration::from_secs(30),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { field_bytes: 65_536, goods_lines: 1_000, parties: 200 }
    }
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A key or value is wrong.
    #[error("{origin}:{line}:{column}: {message}")]
    Invalid {
        /// The file.
        origin: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong and what was expected.
        message: String,
    },
}

impl Config {
    /// Reads and checks a file; paths in it are taken relative to it.
    ///
    /// # Errors
    /// When it cannot be read, has an unknown key, or a value is out of range.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let mut config = Self::from_toml(&text, &path.display().to_string())?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for path in config.lists.paths.iter_mut().chain(&mut config.policy) {
            *path = folder.join(&*path);
        }
        Ok(config)
    }

    /// Checks a file's text; `origin` names the file in errors.
    ///
    /// # Errors
    /// An unknown key, or a value out of range, with its place.
    pub fn from_toml(text: &str, origin: &str) -> Result<Self, Error> {
        let invalid = |at: usize, message: String| {
            let before = text.get(..at).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
            Error::Invalid { origin: origin.to_owned(), line, column, message }
        };
        let config: Self = toml::from_str(text)
            .map_err(|e| invalid(e.span().map_or(0, |span| span.start), e.message().replace('\n', "; ")))?;
        if config.lists.paths.is_empty() && !config.lists.builtin {
            let at = text.find("builtin").unwrap_or(0);
            return Err(invalid(at, "no lists: give `paths` or leave `builtin` true".to_owned()));
        }
        Ok(config)
    }
}

fn within<'de, D: Deserializer<'de>, const MIN: usize, const MAX: usize>(input: D) -> Result<usize, D::Error> {
    let value = i64::deserialize(input)?;
    usize::try_from(value)
        .ok()
        .filter(|v| (MIN..=MAX).contains(v))
        .ok_or_else(|| de::Error::custom(format_args!("{value} is out of range; expected {MIN}..={MAX}")))
}

fn seconds<'de, D: Deserializer<'de>>(input: D) -> Result<Duration, D::Error> {
    within::<D, 0, 3_600>(input).map(|seconds| Duration::from_secs(seconds as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        Config::from_toml(text, "t.toml").unwrap_err().to_string()
    }

    #[test]
    fn the_default_file_says_the_defaults() {
        assert_eq!(Config::from_toml(DEFAULT_FILE, "default.toml").unwrap(), Config::default());
        assert_eq!(Config::from_toml("", "empty").unwrap(), Config::default());
        // Every key there is stands in the file: without one of them the text would no longer parse.
        for key in DEFAULT_FILE.lines().filter_map(|l| l.split_once(" = ")).map(|(key, _)| key.trim_start_matches("# "))
        {
            let misspelt = DEFAULT_FILE.replacen(&format!("\n{key} ="), &format!("\n{key}x ="), 1);
            assert!(key == "policy" || Config::from_toml(&misspelt, "t").is_err(), "{key}");
        }
    }

    #[test]
    fn faults_are_named_by_place() {
        assert_eq!(fault("[server]\nmax_in_flight = 0\n"), "t.toml:2:17: 0 is out of range; expected 1..=1000000");
        assert!(fault("[server]\n  lisen = 'x'\n").starts_with("t.toml:2:3: unknown field `lisen`, expected one of"));
        assert!(fault("[log]\nformat = 'xml'").starts_with("t.toml:2:10: unknown variant `xml`"));
        assert!(fault("[server]\nlisten = 'localhost'").starts_with("t.toml:2:10: invalid socket address"));
        assert_eq!(fault("[lists]\nbuiltin = false"), "t.toml:2:1: no lists: give `paths` or leave `builtin` true");
        assert!(fault("[server]\ndrain_seconds = -1").contains("expected 0..=3600"));
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "policy = 'p.toml'\n[lists]\npaths = ['a.csv', '/b.csv']").unwrap();
        let config = Config::load(&file).unwrap();
        assert_eq!(config.policy, Some(folder.path().join("p.toml")));
        assert_eq!(config.lists.paths, [folder.path().join("a.csv"), PathBuf::from("/b.csv")]);
        assert!(config.lists.builtin);
    }
}
