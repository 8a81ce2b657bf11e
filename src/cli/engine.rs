//! Who screens: the engine built here from the lists named, or a running service.

use crate::batch::screener::{BoxError, Identity, Local, Screener};
use crate::current::{Current, Loaded, Recipe};
use crate::service::grpc::client::{ApiKey, Remote, Target};
use anyhow::Context as _;
use clap::Args;
use engine::policy::{OwnershipFile, Policy};
use engine::rule::{Pack, Rules};
use engine::screen::{Engine, Limits};
use lists::{Snapshot, Source};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wire::v1;

/// Which lists.
#[derive(Clone, Debug, Args)]
pub(crate) struct Lists {
    /// List to screen against: a file in any known format, plain, .gz or .zip; `builtin` for the lists inside the
    /// program, where a file with one of them replaces it; or `curated` for its curated entries alone. May be repeated.
    /// Without it: builtin.
    #[arg(long = "list", value_name = "PATH")]
    pub(crate) lists: Vec<String>,
    /// Data directory with fetched lists (`tidewaiter lists fetch`), used together with those of --list or builtin.
    #[arg(long, value_name = "DIR", env = "TIDEWAITER_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Days after which the whole lists inside the program are stale, and every answer says LIST_STALE; 0 for never.
    /// Without it: 365 days after the day on which their text was current.
    #[arg(long, value_name = "DAYS", env = "TIDEWAITER_BUILTIN_STALE_AFTER")]
    pub(crate) builtin_stale_after: Option<u16>,
}

impl Lists {
    /// Reads the lists.
    pub(crate) fn load(&self) -> anyhow::Result<Snapshot> {
        Ok(lists::load(&self.sources())?)
    }

    /// What is read, in the order in which later entries win.
    pub(crate) fn sources(&self) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::with_capacity(self.lists.len().max(1));
        for list in &self.lists {
            let source = match list.as_str() {
                "builtin" => Source::Builtin,
                "curated" => Source::Curated,
                path => Source::Path(PathBuf::from(path)),
            };
            // A list named twice would count twice.
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        if sources.is_empty() {
            sources.push(Source::Builtin);
        }
        sources.extend(self.data_dir.clone().map(Source::Store));
        sources
    }

    /// Reads the lists and compiles them, with their ages and their history.
    pub(crate) fn loaded(&self, policy: &PolicyFile, rules: Arc<Rules>) -> anyhow::Result<Arc<Loaded>> {
        let policy = Arc::new(policy.load()?);
        let recipe = Recipe { sources: self.sources(), policy, limits: Limits::default(), rules };
        let hours = self.builtin_stale_after.map(|days| ("builtin".to_owned(), u32::from(days) * 24));
        Ok(Current::new(recipe).with_stale_after(hours.into_iter().collect()).reload()?.now)
    }

    /// Reads the lists and compiles them.
    pub(crate) fn engine(&self, policy: &PolicyFile) -> anyhow::Result<Arc<Engine>> {
        let policy = Arc::new(policy.load()?);
        Ok(Arc::new(Engine::build(Arc::new(self.load()?), policy, Limits::default())?))
    }
}

/// Which rule packs.
#[derive(Clone, Debug, Args)]
pub(crate) struct Packs {
    /// Rule pack of your own (TOML, see docs/rules.md), used together with those in the program. May be repeated.
    #[arg(long = "pack", value_name = "FILE", conflicts_with = "url")]
    packs: Vec<PathBuf>,
    /// Leave out this rule pack of the program, by its id. May be repeated.
    #[arg(long, value_name = "ID", conflicts_with = "url")]
    without_pack: Vec<String>,
}

/// Compiles the program's packs, without those in `off`, and the files.
pub(crate) fn rules(files: &[PathBuf], off: &[String]) -> anyhow::Result<Arc<Rules>> {
    if files.is_empty() && off.is_empty() {
        return Ok(Rules::builtin());
    }
    let read = |path: &PathBuf| -> anyhow::Result<Pack> {
        let origin = path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(|| format!("read the pack {origin}"))?;
        Ok(Pack { origin, text })
    };
    let packs = files.iter().map(read).collect::<anyhow::Result<Vec<Pack>>>()?;
    Ok(Arc::new(Rules::load(&packs, off)?))
}

/// Which policy.
#[derive(Clone, Debug, Args)]
pub(crate) struct PolicyFile {
    /// Policy file (TOML): thresholds, rules, outcomes and suppressors (see docs/policy.md).
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Ownership file: CSV with owner, owned, share in percent and, where known, source and date.
    #[arg(long, value_name = "FILE")]
    pub(crate) ownership: Option<PathBuf>,
}

impl PolicyFile {
    /// Reads what is named.
    pub(crate) fn load(&self) -> anyhow::Result<Policy> {
        load_policy(self.policy.as_deref(), self.ownership.as_deref())
    }
}

/// Reads a policy file and an ownership file; without one, the default policy and no owners.
pub(crate) fn load_policy(policy: Option<&Path>, ownership: Option<&Path>) -> anyhow::Result<Policy> {
    let policy = match policy {
        None => Policy::default(),
        Some(path) => {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path).with_context(|| format!("read the policy {name}"))?;
            Policy::from_toml(&text, &name).with_context(|| format!("read the policy {name}"))?
        }
    };
    let Some(path) = ownership else { return Ok(policy) };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("read the ownership file {name}"))?;
    let file = OwnershipFile::read(&text, &name).with_context(|| format!("read the ownership file {name}"))?;
    Ok(policy.with_ownership(file))
}

/// Lists, policy and service, as `screen` and `batch` take them.
#[derive(Clone, Debug, Args)]
pub(crate) struct Screening {
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    policy: PolicyFile,
    #[command(flatten)]
    packs: Packs,
    #[command(flatten)]
    server: Server,
}

/// A running service.
#[derive(Clone, Debug, Args)]
pub(crate) struct Server {
    /// Ask the service at this URL, for example http://127.0.0.1:50051; its lists and policy apply.
    #[arg(long = "server", value_name = "URL", conflicts_with_all = ["lists", "policy", "data_dir", "ownership"])]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) credentials: Credentials,
}

/// How to authenticate to a service.
#[derive(Clone, Debug, Args)]
pub(crate) struct Credentials {
    /// Root certificates that the service's certificate must lead to (PEM), for https.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_TLS_CA")]
    tls_ca: Option<PathBuf>,
    /// Client certificate chain (PEM), where the service asks for one.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of that certificate (PEM).
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// File with the API key. The variable TIDEWAITER_API_KEY can hold the key itself; an argument could be read by
    /// others.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_API_KEY_FILE")]
    api_key_file: Option<PathBuf>,
}

impl Credentials {
    /// The service at `url`, with these.
    pub(crate) fn target(&self, url: &str) -> anyhow::Result<Target> {
        let (key, source) = match &self.api_key_file {
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| format!("read the key {}", path.display()))?;
                (Some(text), path.display().to_string())
            }
            None => (std::env::var("TIDEWAITER_API_KEY").ok(), "TIDEWAITER_API_KEY".to_owned()),
        };
        let key = key
            .map(|text| ApiKey::new(&text).with_context(|| format!("{source} does not hold a valid API key")))
            .transpose()?;
        let identity = self.tls_cert.clone().zip(self.tls_key.clone());
        Ok(Target { url: url.to_owned(), ca: self.tls_ca.clone(), identity, key })
    }
}

impl Server {
    /// A connection, where a service is named.
    pub(crate) fn connect(&self) -> anyhow::Result<Option<Remote>> {
        let Some(url) = &self.url else { return Ok(None) };
        Ok(Some(Remote::open(&self.credentials.target(url)?)?))
    }
}

/// Who screens.
pub(crate) enum Backend {
    /// This process.
    Local(Arc<Loaded>),
    /// A service.
    Remote(Target, Identity),
}

impl Screening {
    /// Builds the engine, or asks the service for its identity.
    pub(crate) fn backend(&self) -> anyhow::Result<Backend> {
        let Some(url) = &self.server.url else {
            let rules = rules(&self.packs.packs, &self.packs.without_pack)?;
            return Ok(Backend::Local(self.lists.loaded(&self.policy, rules)?));
        };
        let target = self.server.credentials.target(url)?;
        let v1::GetStatusResponse { snapshot, policy, engine, .. } = Remote::open(&target)?.status()?;
        Ok(Backend::Remote(target, Identity { snapshot, policy, engine }))
    }
}

/// A connection to a service.
struct Service(Remote);

impl Screener for Service {
    fn screen(&mut self, shipments: Vec<v1::Shipment>) -> Result<Vec<v1::Screening>, BoxError> {
        Ok(self.0.screen_batch(shipments)?)
    }
}

impl Backend {
    /// What it screens with.
    pub(crate) fn identity(&self) -> Identity {
        match self {
            Self::Local(loaded) => Identity::of(loaded.engine()),
            Self::Remote(_, identity) => identity.clone(),
        }
    }

    /// One screener a thread.
    pub(crate) fn screeners(&self, threads: usize) -> anyhow::Result<Vec<Box<dyn Screener>>> {
        let screener = |_| -> anyhow::Result<Box<dyn Screener>> {
            match self {
                Self::Local(loaded) => Ok(Box::new(Local::new(Arc::clone(loaded)))),
                Self::Remote(target, _) => Ok(Box::new(Service(Remote::open(target)?))),
            }
        };
        (0..threads).map(screener).collect()
    }
}
