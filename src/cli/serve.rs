//! `tidewaiter serve`: the gRPC service.

use crate::config::{self, Config};
use crate::current::{Current, Loaded, Recipe};
use crate::grpc::{Drain, Server};
use crate::list::Source;
use crate::policy::Policy;
use crate::screen::Limits;
use crate::shutdown::{Shutdown, on_signals};
use crate::telemetry;
use anyhow::{Context as _, bail};
use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Serve screening over gRPC until told to stop (SIGTERM, SIGINT); SIGHUP loads the lists again.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Configuration file (TOML); flags win over it
    #[arg(long, value_name = "FILE", env = "TIDEWAITER_CONFIG")]
    config: Option<PathBuf>,
    /// List to load, in any known format, plain, .gz or .zip; `builtin` stands for the curated lists in the program.
    /// May be repeated; replaces the lists of the configuration
    #[arg(long = "list", value_name = "PATH")]
    lists: Vec<PathBuf>,
    /// Policy file; replaces that of the configuration
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDR", env = "TIDEWAITER_LISTEN")]
    listen: Option<SocketAddr>,
    /// Serve an address that other machines can reach, although there is no TLS
    #[arg(long)]
    allow_remote: bool,
}

/// Serves until told to stop.
///
/// # Errors
/// When the configuration, policy or lists are refused, the address cannot be had, or the transport fails.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.into_config()?;
    telemetry::start(config.log).map_err(anyhow::Error::msg)?;
    if !config.server.listen.ip().is_loopback() && !config.server.allow_plaintext_remote {
        bail!(
            "{} can be reached by other machines and there is no TLS yet: listen on 127.0.0.1, or say that the \
             network is trusted with --allow-remote (configuration: server.allow_plaintext_remote = true)",
            config.server.listen
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("start the reactor")?;
    let served = runtime.block_on(serve(config));
    // Nothing that still runs is worth waiting for: calls were drained, and the rest leaves no trace.
    runtime.shutdown_background();
    served
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let current = Current::new(recipe(&config)?);
    let shutdown = Shutdown::default();
    let server = Server::bind(&config.server, current).await?;
    let address = server.local_addr().context("ask for the address")?;
    let handle = server.handle();
    on_signals(shutdown.clone(), {
        let handle = handle.clone();
        move || {
            let handle = handle.clone();
            async move {
                if let Err(error) = handle.reload().await {
                    tracing::error!(%error, "reload failed; the old lists stay in force");
                }
            }
        }
    })
    .context("take over signals")?;

    let mut serving = tokio::spawn(server.serve(shutdown.clone()));
    tokio::select! {
        loaded = handle.reload() => {
            summary(&loaded.context("load the lists")?.now, address).context("write the summary")?;
        }
        // Told to stop while loading.
        served = &mut serving => return finish(served.context("serve")??),
    }
    finish(serving.await.context("serve")??)
}

fn finish(drain: Drain) -> anyhow::Result<ExitCode> {
    match drain {
        Drain::Complete => writeln!(io::stderr(), "stopped; every call was answered")?,
        Drain::CutOff => writeln!(io::stderr(), "stopped; calls still open were cut off")?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    /// The file, with the flags over it.
    fn into_config(self) -> anyhow::Result<Config> {
        let mut config = self.config.map_or_else(|| Ok(Config::default()), |path| Config::load(&path))?;
        if !self.lists.is_empty() {
            let (builtin, paths): (Vec<_>, Vec<_>) = self.lists.into_iter().partition(|l| l.as_os_str() == "builtin");
            config.lists = config::Lists { paths, builtin: !builtin.is_empty() };
        }
        config.policy = self.policy.or(config.policy);
        config.server.listen = self.listen.unwrap_or(config.server.listen);
        config.server.allow_plaintext_remote |= self.allow_remote;
        Ok(config)
    }
}

fn recipe(config: &Config) -> anyhow::Result<Recipe> {
    let policy = match &config.policy {
        None => Policy::default(),
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| format!("read the policy {}", path.display()))?;
            Policy::from_toml(&text, &path.display().to_string())?
        }
    };
    let builtin = config.lists.builtin.then_some(Source::Builtin);
    Ok(Recipe {
        sources: builtin.into_iter().chain(config.lists.paths.iter().cloned().map(Source::Path)).collect(),
        policy: Arc::new(policy),
        limits: limits(config.limits),
    })
}

fn limits(limits: config::Limits) -> Limits {
    let config::Limits { field_bytes, goods_lines, parties } = limits;
    Limits { field_bytes, goods_lines, parties }
}

fn summary(loaded: &Loaded, address: SocketAddr) -> io::Result<()> {
    let mut out = io::stderr().lock();
    let snapshot = loaded.engine().snapshot();
    for list in snapshot.lists() {
        let published = list.published.map(|d| format!(", published {d}")).unwrap_or_default();
        let repairs: u32 = list.repairs.iter().map(|&(_, count)| count).sum();
        let repaired = if repairs > 0 { format!(", {repairs} repairs") } else { String::new() };
        writeln!(
            out,
            "{}: {} rows, {} names{published}{repaired} ({})",
            list.id, list.entries, list.names, list.source
        )?;
    }
    let names: u64 = snapshot.lists().iter().map(|l| u64::from(l.names)).sum();
    let (entries, took) = (snapshot.entries().len(), loaded.took().as_millis());
    writeln!(out, "{entries} rows, {names} names in force, loaded and compiled in {took} ms")?;
    writeln!(out, "snapshot {}", snapshot.fingerprint())?;
    writeln!(out, "policy {}", loaded.engine().policy().fingerprint())?;
    writeln!(out, "listening on {address}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

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
        assert_eq!(flags.lists, config::Lists { paths: vec!["b".into()], builtin: false });
        assert_eq!((flags.policy, flags.server.listen.port()), (Some("q".into()), 0));
        assert_eq!(config(&["--list", "builtin", "--list", "c"]).lists.paths, [PathBuf::from("c")]);
        assert!(config(&["--list", "builtin"]).lists.builtin && config(&[]).lists.builtin);
    }

    #[test]
    fn an_open_address_needs_consent() {
        let line = Line::try_parse_from(["serve", "--listen", "0.0.0.0:0"]).unwrap();
        let refused = run(line.args).unwrap_err().to_string();
        assert!(refused.contains("--allow-remote"), "{refused}");
    }

    #[test]
    fn the_default_limits_are_the_engine_s() {
        assert_eq!(limits(config::Limits::default()), Limits::default());
    }
}
