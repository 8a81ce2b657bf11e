//! Configuration: one TOML file, checked as it is read.
//!
//! Every key is documented in [`DEFAULT_FILE`], with unit, range and default; a test keeps that file equal to the
//! defaults here. Unknown keys and values out of range are errors that name file, line and column.

mod error;
mod http;
mod ledger;
mod observe;
mod oidc;
mod overrides;
mod refresh;
mod server;
pub(crate) mod value;
mod webhooks;

pub use error::Error;
pub use http::{Console, Http};
pub use ledger::{IndexIn, Ledger};
pub use observe::{Log, LogFormat, LogLevel, Observe, Traces};
pub use oidc::Oidc;
pub use overrides::PREFIX;
pub use refresh::{Freshness, Mirror, Refresh};
pub use server::{Access, ClientCertificates, Server, Tls};
pub use webhooks::{WebhookEvent, WebhookTarget, Webhooks};

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use value::within;

/// The commented default file.
pub const DEFAULT_FILE: &str = include_str!("config/default.toml");

/// The settings of `serve`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Policy file; `None`: the built-in policy.
    pub policy: Option<PathBuf>,
    /// Ownership file; `None`: only the owners that the lists name.
    pub ownership: Option<PathBuf>,
    /// Which lists.
    pub lists: Lists,
    /// How the lists of the data directory are kept current.
    pub refresh: Refresh,
    /// How old lists may be.
    pub freshness: Freshness,
    /// Which rule packs.
    pub packs: Packs,
    /// How to serve.
    pub server: Server,
    /// JSON over HTTP, and the interfaces of others.
    pub http: Http,
    /// The console.
    pub console: Console,
    /// Where screenings are recorded.
    pub ledger: Ledger,
    /// Who is told what happened.
    pub webhooks: Webhooks,
    /// Limits on a record.
    pub limits: Limits,
    /// Metrics and probes.
    pub observe: Observe,
    /// Traces.
    pub traces: Traces,
    /// What to log.
    pub log: Log,
    /// Suppressors that the ledger's exceptions are, as a policy file writes them; no key of the file.
    #[serde(skip)]
    pub exceptions: String,
}

/// Which lists are loaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lists {
    /// Publishers' files.
    pub paths: Vec<PathBuf>,
    /// Whether the curated lists are loaded too; default true.
    pub builtin: bool,
    /// Where fetched lists are kept; `None`: nothing is fetched.
    pub data_dir: Option<PathBuf>,
    /// Ids of lists that must be in force; without them nothing is screened.
    pub require: Vec<String>,
    /// The least entries that a list must have, by its id; the list is required too.
    pub min_entries: BTreeMap<String, u32>,
    /// Whether compiled lists are kept in the data directory for the next start; default true.
    pub keep_compiled: bool,
    /// MiB that all lists together may take, 64..=1,048,576; default 4,096. One list may take half of it.
    #[serde(deserialize_with = "value::within::<_, 64, 1_048_576>")]
    pub memory_mib: usize,
}

/// Rule packs beside those that ship.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Packs {
    /// Files of the operator's own packs.
    pub files: Vec<PathBuf>,
    /// Ids of shipped packs that are left out.
    pub off: Vec<String>,
}

/// Limits on a record; the engine's `Limits` has the same fields.
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

impl Default for Lists {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            builtin: true,
            data_dir: None,
            require: Vec::new(),
            min_entries: BTreeMap::new(),
            keep_compiled: true,
            memory_mib: 4096,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { field_bytes: 65_536, goods_lines: 1_000, parties: 200 }
    }
}

impl Config {
    /// Reads and checks a file, and the variables that begin with [`PREFIX`] over it; paths are taken relative to
    /// the file. Without a file the defaults stand in its place.
    ///
    /// # Errors
    /// When it cannot be read, has an unknown key, or a value is out of range.
    pub fn load(path: Option<&Path>, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        let (text, variables) = Self::sources(path, variables)?;
        let origin = path.map(|p| p.display().to_string()).unwrap_or_default();
        let mut config = Self::from_toml(&text, &origin)?;
        if let Some((last, _)) = variables.last() {
            config = overrides::apply(&text, &variables)?;
            if let Some((_, message)) = config.contradiction() {
                return Err(Error::Variable { name: last.clone(), message: message.to_owned() });
            }
        }
        let folder = path.and_then(Path::parent).unwrap_or(Path::new(""));
        let files = config.lists.paths.iter_mut().chain(&mut config.packs.files);
        let files = files.chain(&mut config.policy).chain(&mut config.ownership);
        for path in files.chain(&mut config.lists.data_dir) {
            *path = folder.join(&*path);
        }
        config.server.make_absolute(folder);
        config.console.make_absolute(folder);
        config.ledger.make_absolute(folder);
        config.webhooks.make_absolute(folder);
        Ok(config)
    }

    /// Every key with the value in force, as TOML: the defaults, the file over them, the variables over both. Paths
    /// are shown as they were given.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn show(path: Option<&Path>, variables: impl IntoIterator<Item = (String, String)>) -> Result<String, Error> {
        let (text, variables) = Self::sources(path, variables)?;
        Self::load(path, variables.clone())?;
        overrides::in_force(DEFAULT_FILE, &text, &variables)
    }

    /// The file's text, and the variables that concern it.
    fn sources(
        path: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(String, Vec<(String, String)>), Error> {
        let read =
            |path: &Path| fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source });
        let mut variables: Vec<_> = variables.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        // An environment has no order; sorted, the same fault is named every time.
        variables.sort();
        Ok((path.map(read).transpose()?.unwrap_or_default(), variables))
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
        if let Some((key, message)) = config.contradiction() {
            let at = text.lines().map(|line| (line.as_ptr() as usize - text.as_ptr() as usize, line));
            let at = at.filter(|(_, line)| line.trim_start().starts_with(key)).map(|(at, _)| at).next();
            return Err(invalid(at.unwrap_or(0), message.to_owned()));
        }
        Ok(config)
    }

    /// Settings that contradict each other: the key to change, and why.
    fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        if self.lists.paths.is_empty() && !self.lists.builtin && self.lists.data_dir.is_none() {
            return Some(("builtin", "no lists: give `paths` or `data_dir`, or leave `builtin` true"));
        }
        let console = || self.console.contradiction(&self.http);
        let ledger = || self.ledger.contradiction();
        self.server.contradiction().or_else(console).or_else(ledger).or_else(|| self.webhooks.contradiction())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        Config::from_toml(text, "t.toml").unwrap_err().to_string()
    }

    #[test]
    fn the_default_file_states_the_defaults() {
        assert_eq!(Config::from_toml(DEFAULT_FILE, "default.toml").unwrap(), Config::default());
        assert_eq!(Config::from_toml("", "empty").unwrap(), Config::default());
        // Every key of the file is known: misspelt, it is refused.
        let keys = DEFAULT_FILE.lines().filter_map(|l| l.split_once(" = ")).map(|(key, _)| key);
        for key in keys.filter(|key| !key.starts_with('#')) {
            let misspelt = DEFAULT_FILE.replacen(&format!("\n{key} ="), &format!("\n{key}x ="), 1);
            assert!(Config::from_toml(&misspelt, "t").is_err(), "{key}");
        }
        // Keys without a default are there as comments, valid once uncommented.
        let keyed = |line: &str| line.strip_prefix("# ").filter(|l| l.contains(" = \"")).map(str::to_owned);
        let uncommented: Vec<_> = DEFAULT_FILE.lines().map(|line| keyed(line).unwrap_or(line.to_owned())).collect();
        let config = Config::from_toml(&uncommented.join("\n"), "t").unwrap();
        assert!(config.policy.is_some() && config.server.tls.client_ca.is_some() && config.traces.endpoint.is_some());
        assert!(config.ledger.dir.is_some() && config.ledger.key_file.is_some());
    }

    #[test]
    fn faults_are_named_by_place() {
        assert_eq!(fault("[server]\nmax_in_flight = 0\n"), "t.toml:2:17: 0 is out of range; expected 1..=1000000");
        assert!(fault("[server]\n  lisen = 'x'\n").starts_with("t.toml:2:3: unknown field `lisen`, expected one of"));
        assert!(fault("[log]\nformat = 'xml'").starts_with("t.toml:2:10: unknown variant `xml`"));
        assert!(fault("[server]\nlisten = 'localhost'").starts_with("t.toml:2:10: invalid socket address"));
        assert_eq!(
            fault("[lists]\nbuiltin = false"),
            "t.toml:2:1: no lists: give `paths` or `data_dir`, or leave `builtin` true"
        );
        assert_eq!(
            fault("[ledger]\nevidence = 'sync'"),
            "t.toml:2:12: unknown mode `sync`; expected one of off, async, durable"
        );
        assert_eq!(
            fault("[ledger]\nkey_file = 'k'\nkey_command = 'c'"),
            "t.toml:3:1: ledger: give `key_file` or `key_command`, not both"
        );
        assert!(fault("[ledger]\nindex = 'file'").contains("ledger: give `index` only beside `postgres_file`"));
        assert!(fault("[server]\ndrain_seconds = -1").contains("expected 0..=3600"));
        assert!(
            fault("[server.tls]\nkey = 'k'").starts_with("t.toml:2:1: server.tls: give both `certificate` and `key`")
        );
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "policy = 'p.toml'\n[lists]\npaths = ['a.csv', '/b.csv']").unwrap();
        let config = Config::load(Some(&file), []).unwrap();
        assert_eq!(config.policy, Some(folder.path().join("p.toml")));
        assert_eq!(config.lists.paths, [folder.path().join("a.csv"), PathBuf::from("/b.csv")]);
        assert!(config.lists.builtin);
    }

    #[test]
    fn variables_win_over_the_file_and_are_checked_like_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "[server]\nmax_streams = 3\nmax_in_flight = 7").unwrap();
        let load = |pairs: &[(&str, &str)]| {
            let pairs: Vec<_> = pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect();
            Config::load(Some(&file), pairs)
        };
        let config = load(&[
            ("TIDEWAITER__SERVER__MAX_STREAMS", "5"),
            ("TIDEWAITER__SERVER__LISTEN", "127.0.0.1:7"),
            ("TIDEWAITER__SERVER__ACCESS__CALLERS", "who.toml"),
            ("TIDEWAITER__LISTS__PATHS", "['a', 'b']"),
            ("TIDEWAITER_LISTEN", "ignored here"),
        ]);
        let config = config.unwrap();
        assert_eq!((config.server.max_streams, config.server.max_in_flight, config.server.listen.port()), (5, 7, 7));
        assert_eq!(config.server.access.callers, Some(folder.path().join("who.toml")));
        assert_eq!(config.lists.paths.len(), 2);
        let fault = |name, value| load(&[(name, value)]).unwrap_err().to_string();
        assert!(fault("TIDEWAITER__SERVER__MAX_STREAMS", "0").starts_with("TIDEWAITER__SERVER__MAX_STREAMS: 0 is out"));
        assert!(fault("TIDEWAITER__SERVER__MAX_STREAM", "1").contains("unknown field `max_stream`"));
        assert!(fault("TIDEWAITER__SERVER__TLS__KEY", "k").contains("give both"));
        // What is shown is a configuration, and an equal one.
        let variable = ("TIDEWAITER__SERVER__MAX_STREAMS".to_owned(), "5".to_owned());
        let shown = Config::show(Some(&file), [variable.clone()]).unwrap();
        let again = Config::from_toml(&shown, "shown").unwrap();
        assert_eq!(again, Config::load(Some(&file), [variable]).unwrap());
    }
}
