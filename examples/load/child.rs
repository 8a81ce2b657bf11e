//! Programs started for the run, ended with it.

use anyhow::Context as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A service in a process of its own.
pub(crate) struct Service {
    pub(crate) url: String,
    /// Where it speaks HTTP, if it does.
    pub(crate) http: Option<String>,
    child: Child,
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone after this.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let stderr = child.stderr.take().context("stderr is piped")?;
        let mut lines = BufReader::new(stderr).lines();
        let mut seen = Vec::new();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            seen.push(line.clone());
            Some(line.split_once("listening on ")?.1.trim().to_owned())
        });
        let address = address.with_context(|| format!("it does not listen: {}", seen.join("; ")))?;
        let after = |line: &String| line.split_once("HTTP on http://").map(|(_, rest)| rest.to_owned());
        let http = seen.iter().find_map(after);
        let http = http.and_then(|rest| rest.split([' ', ',', ';']).next().map(str::to_owned));
        // Read on, or it stops when the pipe is full.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Self { url: format!("http://{address}"), http, child })
    }

    /// Seconds of processor time used so far, or 0 where the system does not tell.
    pub(crate) fn processor_seconds(&self) -> f64 {
        /// Of the fields of `/proc/PID/stat`, in ticks; Linux has counted a hundred a second everywhere for long.
        const TICKS_A_SECOND: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // The name, in parentheses, may hold blanks; user and system time are the 12th and 13th field after it.
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
        fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS_A_SECOND
    }

    /// Megabytes resident, or 0 where the system does not tell.
    pub(crate) fn resident_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / 1024
    }
}

/// The program under load.
pub(crate) fn service(bin: Option<&Path>, lists: &[PathBuf]) -> anyhow::Result<Service> {
    let beside = std::env::current_exe()?.parent().and_then(Path::parent).context("a folder")?.join("tidewaiter");
    let mut command = Command::new(bin.unwrap_or(&beside));
    command.args(["serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
    for list in lists {
        command.arg("--list").arg(list);
    }
    Service::start(command)
}

/// The yardstick.
pub(crate) fn echo(of: &str) -> anyhow::Result<Service> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["echo", "--of", of]);
    Service::start(command)
}
