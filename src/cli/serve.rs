//! `tidewaiter serve`: the gRPC service.

use super::in_force;
use super::ledger::Recording;
use super::loading::{self, variables};
use super::output::say;
use super::refresher::refresher;
use super::serving::{refuse_exposure, refuse_targets};
use crate::config::{self, ClientCertificates, Config};
use crate::evidence::Recorder;
use crate::refresh::{self, Pace, Refresher, Report, Wall};
use crate::service::grpc::{Drain, Handle, Server};
use crate::service::http::{Api, Observer};
use crate::shutdown::{Shutdown, on_signals};
use crate::telemetry;
use crate::webhooks::Notifier;
use crate::wording::{counted, entries, grouped, names};
use anyhow::Context as _;
use current::{self, Current, Keep, Loaded};
use jiff::Timestamp;
use lists::store::Store;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::num::{NonZero, NonZeroU32};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wire::list_age_to_wire;

/// Different states of the past that are compiled a minute; each takes about a second with all official lists.
const PAST_STATES_A_MINUTE: NonZeroU32 = NonZeroU32::new(12).expect("12 is not 0");

/// Serves screening over gRPC until it is stopped (SIGTERM, SIGINT). SIGHUP reads lists, certificates and callers again.
///
/// Settings come from flags, then from variables TIDEWAITER__TABLE__KEY, then from the file, then from the defaults.
/// `tidewaiter config init` prints every setting with its meaning; `tidewaiter config check` says what is wrong with them.
///
/// Without TLS only this machine can call, unless --allow-remote says that the network is trusted. With --callers every
/// caller needs a key or a certificate and has scopes: screen, lists, ledger, decide, admin.
///
/// Exit codes: 0 it was stopped, 2 it could not start or continue.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// Configuration file (TOML); flags override it.
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_CONFIG")]
    config: Option<PathBuf>,
    /// List to load, in any known format, plain, .gz or .zip; `builtin` is the lists inside the program, `curated` its
    /// curated entries alone. May be repeated. Replaces the lists of the configuration.
    #[arg(long = "list", value_name = "PATH")]
    lists: Vec<PathBuf>,
    /// List that must be in force, by its id; without it nothing is screened. May be repeated; adds to those of the
    /// configuration.
    #[arg(long, value_name = "LIST")]
    require: Vec<String>,
    /// Data directory: lists are fetched into it while serving, and those in it are in force.
    #[arg(long, value_name = "DIR", env = "TIDEWAITER_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Days after which the whole lists inside the program are stale, and every answer says LIST_STALE; 0 for never.
    /// Replaces `builtin` in freshness.stale_after_hours.
    #[arg(long, value_name = "DAYS", env = "TIDEWAITER_BUILTIN_STALE_AFTER")]
    builtin_stale_after: Option<u16>,
    /// Policy file; replaces that of the configuration.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Ownership file; replaces that of the configuration.
    #[arg(long, value_name = "FILE")]
    ownership: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", env = "TIDEWAITER_LISTEN")]
    listen: Option<SocketAddr>,
    /// Serve an address that other machines can reach without TLS.
    #[arg(long)]
    allow_remote: bool,
    /// Certificate chain of the service (PEM); needs --tls-key.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Root certificates that callers' certificates must chain to (PEM); callers without one are refused.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_client_ca: Option<PathBuf>,
    /// Who may call: names, hashes of keys, scopes. `tidewaiter config caller` writes an entry for it.
    #[arg(long, value_name = "FILE")]
    callers: Option<PathBuf>,
    /// Address and port of JSON over HTTP, of the interfaces of yente, watchman and OpenRefine, and of the console. Keys,
    /// limits and TLS are those of the service. Without it there are none.
    #[arg(long, value_name = "ADDR", env = "TIDEWAITER_HTTP")]
    http: Option<SocketAddr>,
    /// Accounts of the console at /console; `tidewaiter config account` writes an entry for it. Needs --http.
    #[arg(long, value_name = "FILE")]
    console_accounts: Option<PathBuf>,
    /// Let everyone on this machine use the console without signing in. Needs --http with an address of this machine.
    #[arg(long, conflicts_with = "console_accounts")]
    console_open: bool,
    /// Address and port of /metrics, /healthz and /readyz over HTTP. Without it there are none.
    #[arg(long, value_name = "ADDR", env = "TIDEWAITER_OBSERVE")]
    observe: Option<SocketAddr>,
    #[command(flatten)]
    recording: Recording,
}

impl Args {
    /// Serves until it is stopped.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let recording = self.recording.clone();
        let mut config = self.into_config()?;
        refuse_exposure(&config)?;
        refuse_targets(&config)?;
        let recorder = recording.open(&mut config, true)?;
        let ledger = recorder.as_ref().map(|recorder| Arc::clone(recorder.ledger()));
        if let Some(recorder) = &recorder {
            recorder.index_in_background();
            if let Some(command) = config.ledger.stamp_command.clone() {
                recorder.stamp_in_background(command, Duration::from_secs(config.ledger.stamp_hours as u64 * 3600));
            }
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("start the runtime")?;
        let served = runtime.block_on(async {
            let tracer = telemetry::start(config.log, &config.traces)?;
            let served = serve(config, recorder).await;
            // Sending the last spans blocks.
            let _ = tokio::task::spawn_blocking(|| drop(tracer)).await;
            served
        });
        // Behind everything that was handed to the ledger.
        if let Some(Err(error)) = ledger.map(|ledger| ledger.seal()) {
            say(format_args!("attention: the last records could not be sealed: {error}"));
        }
        // Calls were drained; whatever still runs can end with the program.
        runtime.shutdown_background();
        served
    }
}

async fn serve(config: Config, recorder: Option<Arc<Recorder>>) -> anyhow::Result<ExitCode> {
    let current = current(&config)?;
    let refresher = fetching(&config)?;
    let shutdown = Shutdown::default();
    let server = Server::bind_recording(&config.server, current, recorder).await?;
    let address = server.local_addr().context("ask for the address")?;
    let handle = server.handle();
    let observing = observe(&config, &handle, &shutdown).await?;
    let (http, serving_http) = serve_http(&config, &handle, &shutdown).await?;
    let mut plan = Plan::of(&config, address);
    (plan.observing, plan.http) = (observing, http);
    plan.to_fetch = refresher.as_ref().map(first_fetch).transpose()?.flatten();
    reload_on_hangup(&handle, &shutdown)?;
    let telling = tell(&config, &handle)?;

    let mut serving = tokio::spawn(server.serve(shutdown.clone()));
    tokio::select! {
        loaded = handle.reload() => {
            // If the log cannot be written, its disk full, screening goes on.
            let _unread = match loaded {
                Ok(loaded) => summary(&loaded.now, &plan),
                Err(error) if refresher.is_some() && error.is_nothing_in_force() => waiting(&error, &plan),
                Err(error) => return Err(error).context("load the lists"),
            };
        }
        // Stopped while loading.
        served = &mut serving => return Ok(finish(served.context("serve")??)),
    }
    if let Some(refresher) = refresher {
        keep_current(refresher, &config, handle.clone(), &shutdown);
    }
    let drain = serving.await.context("serve")??;
    // What happened last is on disk before the program ends.
    if let Some((telling, stop)) = telling {
        stop.cancel();
        let _ended = telling.await;
    }
    // Answers over HTTP are drained with those of gRPC; what is left is their last bytes.
    if let Some(serving_http) = serving_http {
        let _ended = serving_http.await;
    }
    Ok(finish(drain))
}

/// What is screened against, not yet loaded, with limits on questions about the past.
fn current(config: &Config) -> anyhow::Result<Current> {
    let threads = match config.server.workers {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        n => n,
    };
    // One thread is left to those who ask about the present.
    let current = loading::keeping(loading::current(config)?, &config.lists, Keep::Behind);
    Ok(current.remembering_files().with_past_bound(PAST_STATES_A_MINUTE, threads.saturating_sub(1)))
}

/// Reads lists, certificates and callers again on SIGHUP; stops on SIGTERM and SIGINT.
fn reload_on_hangup(handle: &Handle, shutdown: &Shutdown) -> anyhow::Result<()> {
    let handle = handle.clone();
    let on_hangup = move || {
        let handle = handle.clone();
        async move {
            // A failure is in the log already; the lists are read all the same.
            let _ = handle.refresh().await;
            if let Err(error) = handle.reload().await {
                tracing::error!(%error, "reload failed; the old lists stay in force");
            }
        }
    };
    on_signals(shutdown.clone(), on_hangup).context("handle signals")
}

fn finish(drain: Drain) -> ExitCode {
    match drain {
        Drain::Complete => say(format_args!("stopped; every call was answered")),
        Drain::CutOff => say(format_args!("stopped; calls that were still open were ended")),
    }
    ExitCode::SUCCESS
}

impl Args {
    /// The file, with the flags over it.
    fn into_config(self) -> anyhow::Result<Config> {
        let mut config = config::Config::load(self.config.as_deref(), variables())?;
        loading::put_over(&mut config.lists, &self.lists, self.data_dir, &self.require);
        loading::put_builtin_limit(&mut config, self.builtin_stale_after);
        config.policy = self.policy.or(config.policy);
        config.ownership = self.ownership.or(config.ownership);
        config.server.listen = self.listen.unwrap_or(config.server.listen);
        config.server.allow_plaintext_remote |= self.allow_remote;
        let tls = &mut config.server.tls;
        if self.tls_cert.is_some() {
            (tls.certificate, tls.key) = (self.tls_cert, self.tls_key);
        }
        tls.client_ca = self.tls_client_ca.or(tls.client_ca.take());
        config.server.access.callers = self.callers.or(config.server.access.callers);
        config.http.listen = self.http.or(config.http.listen);
        if self.console_accounts.is_some() {
            (config.console.accounts, config.console.open) = (self.console_accounts, false);
        }
        if self.console_open {
            (config.console.accounts, config.console.open) = (None, true);
            config.console.oidc = config::Oidc::default();
        }
        config.observe.listen = self.observe.or(config.observe.listen);
        Ok(config)
    }
}

/// What fetches lists, where there is a data directory to keep them.
fn fetching(config: &Config) -> anyhow::Result<Option<Refresher>> {
    let Some(folder) = config.lists.data_dir.as_ref().filter(|_| config.refresh.enabled) else { return Ok(None) };
    if !refresh::CAN_FETCH {
        tracing::warn!("built without the feature `fetch`: the lists of the data directory are served, never fetched");
        return Ok(None);
    }
    let store = Store::open(folder).with_context(|| format!("open the data directory {}", folder.display()))?;
    refresher(store, &config.refresh, &[]).map(Some)
}

/// What is fetched for the first time, in a line; `None` when every publication is in force.
fn first_fetch(refresher: &Refresher) -> anyhow::Result<Option<String>> {
    let states = refresher.states(Timestamp::now()).context("read the data directory")?;
    let is_new = |id: &str| states.iter().any(|s| s.publication == id && s.fetched_at.is_none());
    let new: Vec<&str> = refresher.targets().iter().map(|t| t.id.as_str()).filter(|id| is_new(id)).collect();
    let (count, folder) = (counted(new.len() as u64, "publication", "publications"), refresher.store().root());
    Ok((!new.is_empty())
        .then(|| format!("fetching {count} into {} for the first time: {}", folder.display(), new.join(", "))))
}

/// Said once, after the first fetches of a start: which publications are not in force, so that nobody takes them for
/// screened against. The log says why of each.
fn after_first_fetch(reports: &[Report]) {
    let missing: Vec<&str> = reports.iter().filter(|r| r.in_force.is_none()).map(|r| r.publication.as_str()).collect();
    if missing.is_empty() {
        return;
    }
    say(format_args!(
        "attention: {} of {} publications asked for are not in force and not screened against: {}; the log says why",
        missing.len(),
        reports.len(),
        missing.join(", ")
    ));
}

/// Fetches lists until the service stops, and puts new publications into force.
fn keep_current(refresher: Refresher, config: &Config, handle: Handle, shutdown: &Shutdown) {
    let seed = RandomState::new().hash_one(std::process::id());
    let pace = Pace { interval: config.refresh.interval(), retry: config.refresh.retry(), seed };
    let refresher = Arc::new(refresher);
    handle.kept_by(Arc::clone(&refresher));
    let mut is_first = true;
    let after = move |reports: Vec<Report>| {
        let handle = handle.clone();
        if std::mem::take(&mut is_first) {
            after_first_fetch(&reports);
        }
        async move {
            for report in &reports {
                if report.needs_attention() {
                    tracing::warn!("{report}");
                } else {
                    tracing::info!("{report}");
                }
            }
            handle.refreshed(&reports).await;
        }
    };
    tokio::spawn(refresh::run(refresher, pace, Wall, shutdown.stop.clone(), after));
}

/// Metrics and probes, where they are asked for.
async fn observe(config: &Config, handle: &Handle, shutdown: &Shutdown) -> anyhow::Result<Option<SocketAddr>> {
    let Some(address) = config.observe.listen else { return Ok(None) };
    let observer = Observer::bind(address).await?;
    let address = observer.local_addr().context("ask for the address")?;
    // Probes are answered while calls in progress finish; only the end of the program ends them.
    let stop = shutdown.hurry.clone().cancelled_owned();
    let handle = handle.clone();
    tokio::spawn(async move {
        if let Err(error) = observer.serve(handle, stop).await {
            tracing::error!(%error, "metrics and probes have stopped");
        }
    });
    Ok(Some(address))
}

/// Webhooks, where the configuration names somebody: what sends them, and what stops it. The last calls may still have
/// something to tell, so they are stopped behind them.
fn tell(config: &Config, handle: &Handle) -> anyhow::Result<Option<(JoinHandle<()>, CancellationToken)>> {
    let Some(notifier) = Notifier::new(&config.webhooks)? else { return Ok(None) };
    let (notifier, stop) = (Arc::new(notifier), CancellationToken::new());
    handle.told_by(Arc::clone(&notifier), stop.clone());
    Ok(Some((tokio::spawn(notifier.run(stop.clone())), stop)))
}

/// JSON over HTTP, where it is asked for: its address, and what serves it.
async fn serve_http(
    config: &Config,
    handle: &Handle,
    shutdown: &Shutdown,
) -> anyhow::Result<(Option<SocketAddr>, Option<JoinHandle<()>>)> {
    let Some(address) = config.http.listen else { return Ok((None, None)) };
    let api = Api::bind(address, &config.http, &config.console, handle).await?;
    let address = api.local_addr().context("ask for the address")?;
    Ok((Some(address), Some(tokio::spawn(api.serve(shutdown.clone())))))
}

/// What the start reports beside the lists.
struct Plan {
    address: SocketAddr,
    observing: Option<SocketAddr>,
    http: Option<SocketAddr>,
    console: &'static str,
    transport: &'static str,
    callers: String,
    bounds: String,
    /// What is fetched for the first time, in a line.
    to_fetch: Option<String>,
}

impl Plan {
    fn of(config: &Config, address: SocketAddr) -> Self {
        let config::Server { tls, access, .. } = &config.server;
        let transport = match (&tls.certificate, &tls.client_ca, tls.client_certificates) {
            (None, ..) => "no TLS",
            (_, None, _) => "TLS",
            (_, Some(_), ClientCertificates::Required) => "TLS, client certificates required",
            (_, Some(_), ClientCertificates::Optional) => "TLS, client certificates optional",
        };
        let callers = match (&access.callers, &tls.client_ca) {
            (Some(path), _) => format!("callers of {}", path.display()),
            (None, Some(_)) => "every caller with a certificate may call, Reload included".to_owned(),
            (None, None) => "everyone who can connect may call; Reload from this machine only".to_owned(),
        };
        let config::Server { max_in_flight, max_streams, max_connections, max_message_bytes, .. } = config.server;
        let bounds = format!(
            "at most {max_in_flight} calls, {max_streams} streams, {max_connections} connections, messages of \
             {max_message_bytes} bytes"
        );
        let console = match (config.console.is_on(), config.console.open) {
            (true, false) => ", console at /console",
            (true, true) => ", console at /console for everyone on this machine",
            (false, _) => "",
        };
        Self { address, observing: None, http: None, console, transport, callers, bounds, to_fetch: None }
    }
}

fn summary(loaded: &Loaded, plan: &Plan) -> io::Result<()> {
    let mut out = io::stderr().lock();
    let snapshot = loaded.engine().snapshot();
    let ages: Vec<_> = loaded.ages(Timestamp::now()).into_iter().map(list_age_to_wire).collect();
    for list in snapshot.lists() {
        // A list of several sources has one age; each source may have a day of publication of its own.
        let age = ages.iter().find(|a| a.list == list.id.as_str());
        let published = match list.published {
            Some(day) => format!(", published {day}"),
            None => age.map(|age| format!(", {}", in_force::dated(age))).unwrap_or_default(),
        };
        let repairs: u64 = list.repairs.iter().map(|(_, count)| u64::from(*count)).sum();
        let repaired = if repairs > 0 { format!(", {}", counted(repairs, "repair", "repairs")) } else { String::new() };
        let (held, named) = (entries(list.entries.into()), names(list.names.into()));
        writeln!(out, "{}: {held}, {named}{published}{repaired} ({})", list.id, list.source)?;
    }
    let named: u64 = snapshot.lists().iter().map(|l| u64::from(l.names)).sum();
    let linked = loaded.engine().parties().duplicates() as u64;
    let memory = telemetry::resident_bytes().map(|b| format!("; {} MiB in memory", b >> 20)).unwrap_or_default();
    writeln!(
        out,
        "{}, {} in force, {} of a party that another entry lists too; loaded and compiled in {} ms{memory}",
        entries(snapshot.entries().len() as u64),
        names(named),
        entries(linked),
        grouped(u64::try_from(loaded.took().as_millis()).unwrap_or(u64::MAX))
    )?;
    writeln!(out, "snapshot {}", snapshot.fingerprint())?;
    writeln!(out, "policy {}", loaded.engine().policy_fingerprint())?;
    in_force::warn(&ages);
    for missing in loaded.missing() {
        writeln!(out, "not ready: {missing}")?;
    }
    plan.print(&mut out)
}

/// Said in place of the summary while the data directory is empty; what comes into force later is in the log.
fn waiting(error: &current::Error, plan: &Plan) -> io::Result<()> {
    let mut out = io::stderr().lock();
    writeln!(out, "not ready until lists were fetched: {error}")?;
    plan.print(&mut out)
}

impl Plan {
    fn print(&self, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "{}; {}", self.transport, self.callers)?;
        writeln!(out, "{}", self.bounds)?;
        if let Some(to_fetch) = &self.to_fetch {
            writeln!(out, "{to_fetch}")?;
        }
        if let Some(observing) = self.observing {
            writeln!(out, "metrics and probes on http://{observing}")?;
        }
        if let Some(http) = self.http {
            let scheme = if self.transport == "no TLS" { "http" } else { "https" };
            writeln!(out, "JSON over HTTP on {scheme}://{http}{}", self.console)?;
        }
        writeln!(out, "listening on {}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;
    use std::fs;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn config(line: &[&str]) -> Config {
        Line::try_parse_from(["serve"].iter().chain(line)).unwrap().args.into_config().unwrap()
    }

    #[test]
    fn flags_win_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.toml");
        fs::write(&file, "policy = 'p.toml'\n[lists]\npaths = ['a']\n[server]\nlisten = '127.0.0.1:7'").unwrap();
        let file = file.to_str().unwrap();
        let from_file = config(&["--config", file]);
        assert_eq!((from_file.lists.paths.len(), from_file.lists.builtin), (1, true));
        let flags = config(&["--config", file, "--list", "b", "--policy", "q", "--listen", "127.0.0.1:0"]);
        assert_eq!(flags.lists, config::Lists { paths: vec!["b".into()], builtin: false, ..config::Lists::default() });
        assert_eq!((flags.policy, flags.server.listen.port()), (Some("q".into()), 0));
        assert_eq!(config(&["--list", "builtin", "--list", "c"]).lists.paths, [PathBuf::from("c")]);
        assert!(config(&["--list", "builtin"]).lists.builtin && config(&[]).lists.builtin);
    }

    #[test]
    fn an_open_address_needs_consent() {
        let line = Line::try_parse_from(["serve", "--listen", "0.0.0.0:0"]).unwrap();
        let refused = line.args.run().unwrap_err().to_string();
        assert!(refused.contains("--allow-remote"), "{refused}");
    }
}
