//! The real program under faults: killed, out of descriptors, its log disk full, a thousand callers, and callers that
//! send rubbish or nothing. Everything is on loopback and bounded; docs/reliability.md has the results.

use crate::shared::Choice;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tidewaiter::service::grpc::client::Remote;
use wire::v1;

const HEADER: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,\
    start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,\
    gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,\
    dates_of_birth,nationalities,places_of_birth,source_information_url,ids";

/// A running program with a list of some thousand rows.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _status = self.child.wait();
    }
}

pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("makes a folder");
    let rows = (0..5_000).map(|i| {
        format!(
            "a{i},Entity List (EL) - Bureau of Industry and Security,,,,Zhumadian {i} Harbour Dynamics{}",
            ",".repeat(23)
        )
    });
    let list: Vec<String> = std::iter::once(HEADER.to_owned()).chain(rows).collect();
    fs::write(folder.path().join("list.csv"), list.join("\n") + "\n").expect("writes the list");
    folder
}

impl Running {
    /// `before` is shell, run before the program takes its place; `settings` are configuration.
    pub(crate) fn start(folder: TempDir, before: &str, settings: &str) -> Self {
        Self::start_with(folder, before, "paths = ['list.csv']", settings)
    }

    pub(crate) fn start_with(folder: TempDir, before: &str, lists: &str, settings: &str) -> Self {
        let config = format!("[lists]\n{lists}\nbuiltin = false\n[server]\nlisten = '127.0.0.1:0'\n{settings}");
        fs::write(folder.path().join("t.toml"), config).expect("writes the configuration");
        let script = format!("{before}\nexec \"$0\" serve --config t.toml");
        let mut command = Command::new("sh");
        // A soak may be of another build.
        let program = std::env::var("SOAK_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tidewaiter").to_owned());
        command.args(["-c", &script, &program]).current_dir(folder.path());
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stderr.take().expect("is piped")).lines();
        let mut seen = Vec::new();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            seen.push(line.clone());
            Some(line.split_once("listening on ")?.1.trim().to_owned())
        });
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, address: address.unwrap_or_else(|| panic!("it does not listen: {seen:?}")), folder }
    }

    pub(crate) fn remote(&self) -> Remote {
        Remote::connect(&self.address).expect("connects")
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Kilobytes resident.
    pub(crate) fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).expect("it has memory");
        line.trim().trim_end_matches(" kB").parse().expect("kilobytes")
    }
}

/// It finds what is listed.
fn screens(remote: &mut Remote) {
    let party = v1::Party { name: "Zhumadian 77 Harbour Dynamics".to_owned(), ..v1::Party::default() };
    let shipment = v1::Shipment { parties: vec![party], ..v1::Shipment::default() };
    let answer = remote.screen_batch(vec![shipment], false).expect("answers");
    assert_eq!(answer[0].outcome(), v1::screening::Outcome::Hold);
}

#[test]
fn killed_while_it_reloads_it_comes_back_the_same() {
    let mut folder = folder();
    let mut choice = Choice::seeded(7);
    let mut snapshot = None;
    for _ in 0..6 {
        let mut running = Running::start(folder, "", "");
        let status = running.remote().status().expect("answers");
        assert_eq!(*snapshot.get_or_insert(status.snapshot.clone()), status.snapshot);
        running.signal("-HUP");
        std::thread::sleep(Duration::from_millis(choice.below(60) as u64));
        running.child.kill().expect("is ours");
        running.child.wait().expect("ends");
        folder = std::mem::replace(&mut running.folder, tempfile::tempdir().expect("makes a folder"));
    }
}

#[test]
fn out_of_descriptors_it_pauses_and_goes_on() {
    let _alone = crowd_alone();
    let running = Running::start(folder(), "ulimit -n 48", "max_connections = 1000");
    let mut held = running.remote();
    screens(&mut held);
    let crowd: Vec<TcpStream> = (0..200).map_while(|_| TcpStream::connect(&running.address).ok()).collect();
    assert!(crowd.len() > 48, "the system queues them");
    // Who is in is served, though nobody else gets in.
    for _ in 0..20 {
        screens(&mut held);
    }
    drop(crowd);
    let start = Instant::now();
    while Remote::connect(&running.address).and_then(|mut remote| remote.status()).is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "it takes new callers again");
    }
    screens(&mut running.remote());
}

#[test]
fn a_full_log_disk_stops_nothing() {
    if !std::path::Path::new("/dev/full").exists() {
        eprintln!("skipped: there is no /dev/full here");
        return;
    }
    let folder = folder();
    // The port is chosen here, because nothing can be read from a log that cannot be written.
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
    let address = format!("127.0.0.1:{port}");
    let script = "exec \"$0\" serve --list list.csv --listen \"$1\" 2>/dev/full";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_tidewaiter"), &address]).current_dir(folder.path());
    let child = command.env("TIDEWAITER_LOG", "debug").stdin(Stdio::null()).spawn().expect("starts");
    let running = Running { child, address, folder };
    let start = Instant::now();
    while Remote::connect(&running.address).and_then(|mut remote| remote.status()).is_err() {
        assert!(start.elapsed() < Duration::from_secs(30), "it serves");
        std::thread::sleep(Duration::from_millis(50));
    }
    running.signal("-HUP");
    for _ in 0..50 {
        screens(&mut running.remote());
    }
}

/// Held by every test that opens hundreds of connections: the descriptors of this process are few on some machines.
static CROWD: Mutex<()> = Mutex::new(());

pub(crate) fn crowd_alone() -> MutexGuard<'static, ()> {
    // A test that failed while it held the lock says so itself.
    CROWD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many connections this process may hold, with a few hundred descriptors left for all other tests.
fn connections_at_most(wanted: usize) -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|l| l.strip_prefix("Max open files"));
    let soft = line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse::<usize>().ok());
    let room = soft.map_or(wanted, |soft| soft.saturating_sub(400).min(wanted));
    if room < wanted {
        eprintln!("{room} connections in place of {wanted}: this process may open only {soft:?} files");
    }
    room
}

#[test]
fn a_thousand_connections_are_served() {
    let _alone = crowd_alone();
    let callers = connections_at_most(1000);
    assert!(callers >= 200, "this process may open too few files: see ulimit -n");
    // All of them shake hands at once, beside other tests: how long that takes is not what is asked here.
    let settings = "max_connections = 1100\nhandshake_seconds = 300\nfirst_call_seconds = 300";
    let running = Running::start(folder(), "ulimit -n 4096 2>/dev/null || true", settings);
    let runtime = tokio::runtime::Runtime::new().expect("a reactor");
    let answers: Vec<Result<bool, String>> = runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        let gate = std::sync::Arc::new(tokio::sync::Barrier::new(callers));
        for i in 0..callers {
            let (address, gate) = (running.address.clone(), std::sync::Arc::clone(&gate));
            tasks.spawn(async move {
                let url = format!("http://{address}");
                let endpoint = tonic::transport::Channel::from_shared(url).expect("an address");
                let channel = endpoint.connect().await;
                // Nobody asks before all are there.
                gate.wait().await;
                let channel = channel.map_err(|e| format!("caller {i} does not connect: {e:?}"))?;
                let mut client = v1::screening_service_client::ScreeningServiceClient::new(channel);
                let party = v1::Party { name: format!("Zhumadian {i} Harbour Dynamics"), ..v1::Party::default() };
                let shipment = v1::Shipment { parties: vec![party], ..v1::Shipment::default() };
                let asked = v1::ScreenRequest { shipment: Some(shipment), verbose: false };
                let answer = client.screen(asked).await.map_err(|e| format!("caller {i} has no answer: {e:?}"))?;
                let screening = answer.into_inner().screening.ok_or_else(|| format!("caller {i}: an empty answer"))?;
                Ok(screening.outcome() == v1::screening::Outcome::Hold)
            });
        }
        tasks.join_all().await
    });
    let faults: Vec<&String> = answers.iter().filter_map(|a| a.as_ref().err()).collect();
    assert!(faults.is_empty(), "{} of {callers} are not served, the first: {}", faults.len(), faults[0]);
    assert!(answers.iter().all(|a| *a == Ok(true)), "somebody's listed party is not found");
}

#[test]
fn rubbish_and_silence_cost_no_memory_and_no_answer() {
    let _alone = crowd_alone();
    let running = Running::start(folder(), "", "handshake_seconds = 1\nmax_connections = 400\ncall_seconds = 2");
    let mut held = running.remote();
    screens(&mut held);
    let before = running.resident();
    let mut choice = Choice::seeded(11);
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let mut silent = Vec::new();
    for round in 0..600 {
        let Ok(mut stream) = TcpStream::connect(&running.address) else { continue };
        let mut bytes = if round % 3 == 0 { Vec::new() } else { PREFACE.to_vec() };
        if round % 3 == 2 {
            // A frame whose length says far more than is allowed, of a kind that may not exist.
            bytes.extend([0xff, 0xff, 0xff, choice.below(256) as u8, choice.below(256) as u8, 0, 0, 0, 1]);
        }
        bytes.extend((0..choice.below(400)).map(|_| choice.below(256) as u8));
        // The other side may close while this writes; that is its right.
        let _closed = stream.write_all(&bytes);
        if round % 10 == 0 {
            silent.push(stream);
        }
        if round % 50 == 0 {
            screens(&mut held);
        }
    }
    // Those who say nothing are closed; reading shows the end.
    for mut stream in silent {
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("takes a time");
        let mut end = Vec::new();
        if let Err(error) = stream.read_to_end(&mut end) {
            let is_end = matches!(error.kind(), std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe);
            assert!(is_end, "a silent connection stays open: {error}");
        }
    }
    screens(&mut held);
    screens(&mut running.remote());
    let grown = running.resident().saturating_sub(before);
    assert!(grown < 64 * 1024, "{grown} kB more");
}

/// A library that turns the clock of one program: its wall clock, and not the one that only runs on.
pub(crate) const FAKETIME: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"];

#[test]
fn a_clock_that_jumps_stops_nothing_and_old_lists_are_reported() {
    let Some(library) = FAKETIME.iter().find(|path| std::path::Path::new(path).exists()) else {
        eprintln!("skipped: there is no libfaketime here");
        return;
    };
    let folder = folder();
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let un = format!(
        "<?xml version=\"1.0\"?>\n<CONSOLIDATED_LIST dateGenerated=\"{today}T00:00:00Z\"><ENTITIES><ENTITY><DATAID>9\
         </DATAID><FIRST_NAME>QUARUBA MELTEMI HARBOURAGE</FIRST_NAME><UN_LIST_TYPE>S</UN_LIST_TYPE><REFERENCE_NUMBER>SYe.9\
         </REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON></ENTITY></ENTITIES></CONSOLIDATED_LIST>\n"
    );
    fs::write(folder.path().join("un.xml"), un).expect("writes the list");
    let clock = folder.path().join("clock");
    let turn = |offset: &str| {
        let beside = clock.with_extension("new");
        fs::write(&beside, offset).and_then(|()| fs::rename(&beside, &clock)).expect("turns the clock");
    };
    turn("+0");
    let before = format!(
        "export LD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE=\"$PWD/clock\" FAKETIME_NO_CACHE=1 \
         FAKETIME_DONT_FAKE_MONOTONIC=1"
    );
    let running = Running::start_with(
        folder,
        &before,
        "paths = ['list.csv', 'un.xml']",
        "call_seconds = 5\n[freshness.stale_after_hours]\nun-sc = 96",
    );
    let mut held = running.remote();
    let mut is_stale = || {
        let party = v1::Party { name: "Zhumadian 77 Harbour Dynamics".to_owned(), ..v1::Party::default() };
        let shipment = v1::Shipment { parties: vec![party], ..v1::Shipment::default() };
        let answer = held.screen_batch(vec![shipment], false).expect("answers");
        assert_eq!(answer[0].outcome(), v1::screening::Outcome::Hold);
        answer[0].findings.iter().any(|f| f.reason() == v1::finding::Reason::ListStale)
    };
    assert!(!is_stale());
    for (offset, stale) in [("+3650d", true), ("-3650d", false), ("+30d", true), ("+0", false)] {
        turn(offset);
        assert_eq!(is_stale(), stale, "clock at {offset}");
        for _ in 0..20 {
            is_stale();
        }
        running.signal("-HUP");
        screens(&mut running.remote());
        assert_eq!(is_stale(), stale, "clock at {offset}, reloaded");
    }
}
