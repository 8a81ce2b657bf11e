//! The same answers, byte for byte, from the engine in the process and from a service.

use super::{Folder, MIXED};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A service on a free port, stopped when dropped.
pub(super) struct Service {
    child: Child,
    pub(super) url: String,
    /// What it has said on standard error.
    said: Arc<Mutex<String>>,
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
        let said = Arc::new(Mutex::new(String::new()));
        let keep = |said: &Mutex<String>, line: &str| *said.lock().expect("no panic") += &format!("{line}\n");
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            keep(&said, &line);
            let (_, address) = line.split_once("listening on ")?;
            Some(address.trim().to_owned())
        });
        // Read on, or the service stops when the pipe is full.
        let later = Arc::clone(&said);
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| keep(&later, &line)));
        Self { child, url: format!("http://{}", address.expect("says where it listens")), said }
    }
}

impl Service {
    /// What it has said on standard error so far.
    pub(super) fn so_far(&self) -> String {
        self.said.lock().expect("no panic").clone()
    }

    /// The line in which it says this, once it does; at most a minute is waited.
    pub(super) fn said(&self, words: &str) -> String {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(line) = self.so_far().lines().find(|line| line.contains(words)) {
                return line.to_owned();
            }
            assert!(Instant::now() < end, "expected {words:?} in {}", self.so_far());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

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
        assert_eq!(code, 3, "{err}");
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
    assert!(out.starts_with("valid"), "{out}");
    assert_eq!(err, "warning: caller `old` has expired: its last day was 2026-01-31\n");
}

/// A pack named in the configuration counts in what the service answers over gRPC; a mistake in it stops the start.
#[test]
fn a_service_answers_by_the_packs_of_its_configuration() {
    let pack = "[pack]\nid = \"our-routes\"\nkind = \"countries\"\nversion = \"2026-11\"\ntitle = \"Routes we watch\"\n\
                citation = \"Risk office, minute of 3 November 2026\"\nread = 2026-11-03\n\n[[list]]\nid = \"our-routes\"\n\
                meaning = \"transshipment\"\ntitle = \"our list of November 2026\"\ncountries = [\"MN\"]\n";
    let folder = Folder::new();
    folder.file("ours.toml", pack).file("t.toml", "[packs]\nfiles = [\"ours.toml\"]\noff = [\"chpl\"]\n").file(
        "in.csv",
        "reference,description,hs_code,consignee,loading,transshipment,destination\n\
                         R1,circuits,854231,Copper Heron,Shenzhen,\"Zamyn-Uud, MN\",Hamburg\n",
    );
    let serve = ["serve", "--config", "t.toml", "--listen", "127.0.0.1:0"];
    let service = Service::with(&folder, |command| command, &[], &serve);
    let (code, out, err) = folder.run(&["screen", "in.csv", "--format", "json", "--server", &service.url]);
    assert_eq!(code, 0, "{err}");
    let answer: serde_json::Value = serde_json::from_str(out.lines().next().expect("an answer")).expect("it is JSON");
    let findings = answer["findings"].as_array().expect("findings");
    let found = findings.iter().find(|f| f["reason"] == "ROUTE_TRANSSHIPMENT").expect("the pack's country counts");
    assert_eq!(found["citations"][0], "Risk office, minute of 3 November 2026");
    assert!(found["explanation"].as_str().is_some_and(|e| e.contains("our list of November 2026")), "{found}");
    assert!(findings.iter().all(|f| f["reason"] != "GOODS_HS_PRIORITY"), "the pack is left out");
    assert!(answer["policy"].as_str().is_some_and(|p| p.contains("+packs:")), "{answer}");
    // Here and there by the same packs: the same bytes.
    let here = folder.run(&["screen", "in.csv", "--format", "json", "--pack", "ours.toml", "--without-pack", "chpl"]);
    assert_eq!(here, (code, out, err));

    folder.file("ours.toml", pack.replace("\"MN\"", "\"MN\", \"UK\""));
    let (code, _, err) = folder.run(&serve);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("ours.toml:13: `countries`: invalid country `UK`, expected an ISO 3166-1"), "{err}");
    folder.file("t.toml", "[packs]\noff = [\"chlp\"]\n");
    let (code, _, err) = folder.run(&serve);
    assert!(code == 2 && err.contains("unknown pack `chlp`"), "{err}");
}
