//! The same answers, byte for byte, from the engine in the process and from a service.

use super::{Folder, MIXED};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A service on a free port, stopped when dropped.
pub(super) struct Service {
    child: Child,
    pub(super) url: String,
}

impl Service {
    fn start(folder: &Folder) -> Self {
        Self::with(folder, |command| command, &[], &["serve", "--listen", "127.0.0.1:0"])
    }

    /// With these arguments and variables.
    pub(super) fn with(
        folder: &Folder,
        change: impl FnOnce(Command) -> Command,
        variables: &[(&str, &str)],
        args: &[&str],
    ) -> Self {
        let mut command = change(folder.command(args));
        command.envs(variables.iter().copied());
        let mut child = command.stderr(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("is piped")).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, address) = line.split_once("listening on ")?;
            Some(address.trim().to_owned())
        });
        // Read on, or the service stops when the pipe is full.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, url: format!("http://{}", address.expect("says where it listens")) }
    }
}

impl Service {
    /// Tells it to read its lists again.
    pub(super) fn hang_up(&self) {
        let told = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status();
        assert!(told.is_ok_and(|s| s.success()), "the service runs");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().expect("is ours");
        self.child.wait().expect("ends");
    }
}

#[test]
fn a_service_and_the_engine_here_give_the_same_bytes() {
    let folder = Folder::new();
    let bad_country =
        "reference,description,consignee,consignee_country\nR5,x,SZ DJI TECHNOLOGY CO LTD,QQ\nR6,Mavic,DJI,CN\n";
    folder.file("in.csv", MIXED).file("more.csv", bad_country);
    let service = Service::start(&folder);
    let both = |args: &[&str]| {
        let here = folder.run(args);
        let there = folder.run(&[args, &["--server", &service.url]].concat());
        assert_eq!(here, there, "{args:?}");
        here
    };
    both(&["screen", "in.csv"]);
    both(&["screen", "in.csv", "--format", "json"]);
    let (_, out, _) = both(&["screen", "more.csv", "--format", "json"]);
    assert!(out.contains("\"fieldPath\":\"parties[0].country\""), "{out}");
    both(&["screen", "more.csv"]);
    both(&["screen", "--party", "SZ DJI Technology Co., Ltd.", "--role", "consignee", "--country", "CN"]);
    both(&["compare", "Acme Ltd", "Acme Limited", "--format", "json"]);
    for (server, out) in [(None, "here.csv"), (Some(service.url.as_str()), "there.csv")] {
        let mut args = vec!["batch", "in.csv", "more.csv", "--out", out];
        args.extend(server.iter().flat_map(|url| ["--server", url]));
        let (code, _, err) = folder.run(&args);
        assert_eq!(code, 0, "{err}");
    }
    assert_eq!(folder.read("here.csv"), folder.read("there.csv"));
}

#[test]
fn a_check_warns_of_callers_whose_time_is_up() {
    let folder = Folder::new();
    let (code, old, _) = folder.run(&["config", "caller", "old", "--scope", "screen", "--expires", "2026-01-31"]);
    assert_eq!(code, 0);
    let (_, ever, _) = folder.run(&["config", "caller", "ever", "--scope", "lists", "--key-file", "ever.key"]);
    folder.file("callers.toml", old + &ever).file("t.toml", "[server.access]\ncallers = 'callers.toml'");
    let (code, out, err) = folder.run(&["config", "check", "t.toml"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("sound"), "{out}");
    assert_eq!(err, "warning: caller `old` has expired: its last day was 2026-01-31\n");
}
