//! Who screens: the engine built here from the lists named, or a running service.

use super::loading::{self, put_over, refuse_missing, sources, variables};
use crate::config::Config;
use crate::service::grpc::client::{ApiKey, Remote, Target};
use anyhow::Context as _;
use clap::Args;
use current::screener::{BoxError, Identity, Local, Screener};
use current::{Keep, Loaded, Recipe, files};
use engine::policy::Policy;
use engine::screen::{Engine, Use};
use lists::{Snapshot, Source};
use std::path::PathBuf;
use std::sync::Arc;
use wire::v1;

/// Which lists.
#[derive(Clone, Debug, Args)]
pub(crate) struct Lists {
    /// List to screen against: a file in any known format, plain, .gz or .zip; `builtin` for the lists inside the
    /// program, where a file with one of them replaces it; or `curated` for its curated entries alone. May be repeated.
    /// Without it: those of the configuration, or else builtin.
    #[arg(long = "list", value_name = "PATH")]
    pub(crate) lists: Vec<PathBuf>,
    /// Data directory with fetched lists (`tidewaiter lists fetch`), used together with those of --list or builtin.
    #[arg(long, value_name = "DIR", env = "TIDEWAITER_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// List that must be in force, by its id; without it nothing is screened. May be repeated.
    #[arg(long, value_name = "LIST")]
    require: Vec<String>,
    /// Configuration file of `serve` (TOML): its lists, policy, packs and limits apply here too; options override them.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Days after which the whole lists inside the program are stale, and every answer says LIST_STALE; 0 for never.
    /// Without it: 365 days after the day on which their text was current.
    #[arg(long, value_name = "DAYS", env = "TIDEWAITER_BUILTIN_STALE_AFTER")]
    builtin_stale_after: Option<u16>,
}

impl Lists {
    /// The configuration, with these options over it.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        let mut config = Config::load(self.config.as_deref(), variables())?;
        put_over(&mut config.lists, &self.lists, self.data_dir.clone(), &self.require);
        loading::put_builtin_limit(&mut config, self.builtin_stale_after);
        Ok(config)
    }

    /// Reads the lists.
    pub(crate) fn load(&self) -> anyhow::Result<Snapshot> {
        Ok(loading::read(&self.config()?)?.snapshot)
    }

    /// What is read, in the order in which later entries win.
    pub(crate) fn sources(&self) -> anyhow::Result<Vec<Source>> {
        Ok(sources(&self.config()?.lists))
    }

    /// Reads the lists and compiles them, with their ages and their history, whether or not all that are required are
    /// among them.
    pub(crate) fn loaded(&self, policy: &PolicyFile, packs: &Packs, for_use: Use) -> anyhow::Result<Arc<Loaded>> {
        self.loaded_for(policy, packs, for_use, |_| Ok(()))
    }

    /// As [`Lists::loaded`], with what `prepare` puts into the configuration.
    fn loaded_for(
        &self,
        policy: &PolicyFile,
        packs: &Packs,
        for_use: Use,
        prepare: impl FnOnce(&mut Config) -> anyhow::Result<()>,
    ) -> anyhow::Result<Arc<Loaded>> {
        let mut config = self.config()?;
        policy.put_over(&mut config);
        prepare(&mut config)?;
        config.packs.files.extend_from_slice(&packs.packs);
        config.packs.off.extend_from_slice(&packs.without_pack);
        let current = loading::keeping(loading::current(&config)?, &config.lists, Keep::First);
        let current = if for_use == Use::Few { current.for_few_answers() } else { current };
        let loaded = current.reload()?.now;
        // A command ends with its lists: the system takes their memory back at once, names one by one take a while.
        std::mem::forget(Arc::clone(&loaded));
        Ok(loaded)
    }

    /// Reads the lists and compiles them.
    pub(crate) fn engine(&self, policy: &PolicyFile) -> anyhow::Result<Arc<Engine>> {
        let mut config = self.config()?;
        policy.put_over(&mut config);
        let Recipe { policy, limits, rules, .. } = loading::recipe(&config)?;
        let snapshot = loading::read(&config)?.snapshot;
        Ok(Arc::new(Engine::build_with(Arc::new(snapshot), policy, limits, rules)?))
    }
}

/// Which rule packs.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Packs {
    /// Rule pack of your own (TOML, see docs/rules.md), used together with those in the program. May be repeated.
    #[arg(long = "pack", value_name = "FILE", conflicts_with = "url")]
    packs: Vec<PathBuf>,
    /// Leave out this rule pack of the program, by its id. May be repeated.
    #[arg(long, value_name = "ID", conflicts_with = "url")]
    without_pack: Vec<String>,
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
        Ok(files::policy(self.policy.as_deref(), self.ownership.as_deref())?)
    }

    /// Puts what is named over the policy of a configuration.
    fn put_over(&self, config: &mut Config) {
        config.policy = self.policy.clone().or(config.policy.take());
        config.ownership = self.ownership.clone().or(config.ownership.take());
    }
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
    #[arg(long = "server", value_name = "URL", conflicts_with_all = ["lists", "policy", "data_dir", "ownership", "require"])]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) credentials: Credentials,
}

/// How to authenticate to a service.
#[derive(Clone, Debug, Args)]
pub(crate) struct Credentials {
    /// Root certificates that the service's certificate must chain to (PEM), for https. Without them: those that the
    /// system trusts.
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
    Remote(Target, Box<Identity>),
}

impl Screening {
    /// Builds the engine for so many answers, or asks the service for its identity.
    pub(crate) fn backend(&self, for_use: Use) -> anyhow::Result<Backend> {
        self.backend_for(for_use, |_| Ok(()))
    }

    /// As [`Screening::backend`], with what `prepare` puts into the configuration of an engine in this process.
    pub(crate) fn backend_for(
        &self,
        for_use: Use,
        prepare: impl FnOnce(&mut Config) -> anyhow::Result<()>,
    ) -> anyhow::Result<Backend> {
        let Some(url) = &self.server.url else {
            let loaded = self.lists.loaded_for(&self.policy, &self.packs, for_use, prepare)?;
            refuse_missing(loaded.missing())?;
            return Ok(Backend::Local(loaded));
        };
        let target = self.server.credentials.target(url)?;
        let v1::GetStatusResponse { snapshot, policy, engine, lists, .. } = Remote::open(&target)?.status()?;
        // A list that was read from several sources stands there once for each.
        let mut ages: Vec<v1::ListAge> = lists.into_iter().filter_map(|list| list.age).collect();
        ages.dedup_by(|a, b| a.list == b.list);
        let identity = Identity { snapshot, policy, engine, lists: ages };
        Ok(Backend::Remote(target, Box::new(identity)))
    }
}

/// A connection to a service.
struct Service(Remote);

impl Screener for Service {
    fn screen(&mut self, shipments: Vec<v1::Shipment>, verbose: bool) -> Result<Vec<v1::Screening>, BoxError> {
        Ok(self.0.screen_batch(shipments, verbose)?)
    }
}

impl Backend {
    /// What it screens with.
    pub(crate) fn identity(&self) -> Identity {
        match self {
            Self::Local(loaded) => Identity::of_loaded(loaded),
            Self::Remote(_, identity) => Identity::clone(identity),
        }
    }

    /// The set that an engine in this process screens with; `None`: a service screens.
    pub(crate) fn loaded(&self) -> Option<&Arc<Loaded>> {
        match self {
            Self::Local(loaded) => Some(loaded),
            Self::Remote(..) => None,
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
