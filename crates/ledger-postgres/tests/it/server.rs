//! A Postgres of the test's own, and ledgers in it.

use ledger::record::{Received, Screened};
use ledger::shared::Shared;
use ledger::{Ledger, MasterKey, Options};
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use wire::v1;

/// A server on a socket of its own.
pub(crate) struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
    /// Who runs it, where the test runs as root: the server refuses that.
    user: Option<(u32, u32)>,
    settings: Vec<String>,
}

impl Server {
    /// Starts one; `None`: this machine has none.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[], |_| {})
    }

    /// The same with settings; `prepare` gets the folder of its data before it starts.
    pub(crate) fn start_with(settings: &[&str], prepare: impl FnOnce(&Path)) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("left out: no Postgres server on this machine (Debian: apt-get install postgresql)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let user = user_of_server(folder.path());
        if let Some((user, group)) = user {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let settings = settings.iter().map(|s| (*s).to_owned()).collect();
        let server = Self { folder, programs, user, settings };
        let made = server.run("initdb", &["-A", "trust", "-U", "tidewaiter", "--no-sync", "-E", "UTF8", "-D"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        prepare(&server.data());
        for file in fs::read_dir(server.data()).unwrap().flatten() {
            if let Some((user, group)) = user {
                chown(file.path(), Some(user), Some(group)).unwrap();
            }
        }
        server.go();
        Some(server)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs one of its programs on its data.
    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).arg(self.data()).current_dir(self.folder.path()).stdin(Stdio::null());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command.output().unwrap()
    }

    /// Starts the server, and waits until it answers.
    pub(crate) fn go(&self) {
        let options = format!("-k {} -c listen_addresses='' {}", self.folder.path().display(), self.settings.join(" "));
        let log = self.folder.path().join("log").display().to_string();
        let started = Instant::now();
        loop {
            let done = self.run("pg_ctl", &["start", "-w", "-t", "60", "-l", &log, "-o", &options, "-D"]);
            if done.status.success() {
                return;
            }
            // What a crash left is cleared away within moments.
            let said = fs::read_to_string(&log).unwrap_or_default();
            assert!(started.elapsed() < Duration::from_secs(60), "{said}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Ends it as a crash does: nothing is written any more.
    pub(crate) fn crash(&self) {
        let done = self.run("pg_ctl", &["stop", "-m", "immediate", "-D"]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    pub(crate) fn address(&self) -> String {
        format!("postgres://tidewaiter@{}/postgres", self.folder.path().display().to_string().replace('/', "%2F"))
    }

    pub(crate) fn place(&self) -> Box<dyn Shared> {
        ledger_postgres::open(&self.address()).unwrap()
    }

    /// Asks the server past the ledger.
    pub(crate) fn sql(&self, sql: &str) {
        postgres::Client::connect(&self.address(), postgres::NoTls).unwrap().batch_execute(sql).unwrap();
    }

    /// Asks the server for a number past the ledger.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        postgres::Client::connect(&self.address(), postgres::NoTls).unwrap().query_one(sql, &[]).unwrap().get(0)
    }

    pub(crate) fn init(&self, root: &Path) -> Ledger {
        self.init_as(root, Options::default())
    }

    /// A ledger that has its index in the database.
    pub(crate) fn init_with_index(&self, root: &Path) -> Ledger {
        self.init_as(root, Options { has_shared_index: true, ..Options::default() })
    }

    fn init_as(&self, root: &Path, options: Options) -> Ledger {
        let shared = (self.place(), self.address());
        Ledger::init_shared(root, &master(), Some("example.com/ledger"), options, (shared.0, &shared.1)).unwrap()
    }

    pub(crate) fn open(&self, root: &Path) -> Ledger {
        Ledger::open_shared(root, &master(), Options::default(), self.place()).unwrap().0
    }

    /// A new copy.
    pub(crate) fn join(&self, root: &Path) -> Ledger {
        assert!(Ledger::join(root, self.place(), &self.address()).unwrap());
        self.open(root)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _stopped = self.run("pg_ctl", &["stop", "-m", "immediate", "-D"]);
    }
}

/// Where the server's programs are: Debian has them in a folder for each version.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|f| f.path().join("bin"));
    let paths = std::env::var_os("PATH").unwrap_or_default();
    versions.chain(std::env::split_paths(&paths)).find(|folder| folder.join("initdb").exists())
}

/// The user `postgres`, where the test runs as root.
fn user_of_server(own: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    if fs::metadata(own).unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let fields: Vec<&str> = users.lines().find(|line| line.starts_with("postgres:"))?.split(':').collect();
    Some((fields[2].parse().unwrap(), fields[3].parse().unwrap()))
}

pub(crate) fn master() -> MasterKey {
    MasterKey::from_text(&"5a".repeat(32), "the test".to_owned()).unwrap()
}

/// A screening of one party.
pub(crate) fn screened(reference: &str, party: &str) -> Screened {
    let mut request = v1::Shipment {
        reference: reference.to_owned(),
        parties: vec![v1::Party { name: party.to_owned(), country: "DE".to_owned(), ..Default::default() }],
        ..Default::default()
    };
    let answer = v1::Screening {
        reference: reference.to_owned(),
        outcome: v1::screening::Outcome::NoFinding as i32,
        engine: "tidewaiter 0".to_owned(),
        ..Default::default()
    };
    let (caller, trace) = ("erp".to_owned(), String::new());
    let request = Received::of(&mut request);
    Screened { request, answer, caller, trace, is_verbose: false, unread: None, context: None }
}

/// The same with an alert.
pub(crate) fn alert(reference: &str, party: &str) -> Screened {
    let mut screened = screened(reference, party);
    screened.answer.outcome = v1::screening::Outcome::Hold as i32;
    screened.answer.findings = vec![v1::Finding {
        reason: v1::finding::Reason::PartyListed as i32,
        severity: v1::finding::Severity::High as i32,
        field_path: "parties[0].name".to_owned(),
        entry: Some(v1::EntryReference { list: "us-bis-el".to_owned(), id: "7".to_owned(), ..Default::default() }),
        ..Default::default()
    }];
    screened
}
