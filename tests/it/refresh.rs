//! Keeping lists current: a server on this machine that misbehaves in every way, a service that screens meanwhile, and
//! a clock that is set by hand.

pub(crate) mod server;

use current::{Current, Recipe};
use engine::screen::Limits;
use lists::guard::Limits as GuardLimits;
use lists::store::{Retention, Store};
use lists::{RemoteFile, Source};
use model::entry::ListId;
use server::{Fault, Publisher};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tidewaiter::config;
use tidewaiter::refresh::{Bounds, Client, Clock, Done, Pace, Refresher, Report, Target, run};
use tidewaiter::service::grpc::Server;
use tidewaiter::shutdown::Shutdown;
use v1::list_service_client::ListServiceClient;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

/// A list with these rows; the names say which.
pub(crate) fn list(rows: std::ops::Range<u32>) -> Vec<u8> {
    let mut text = String::from("[list]\nid = \"test\"\ntitle = \"Test\"\npublisher = \"T\"\nread = 2026-01-01\n");
    for id in rows {
        text.push_str(&format!(
            "[[entry]]\nid = \"{id:04}\"\nkind = \"company\"\neffect = \"blocking\"\nname = \"{}\"\ncitations = [\"C\"]\n",
            name(id)
        ));
    }
    text.into_bytes()
}

/// A name that no other row resembles.
fn name(id: u32) -> String {
    let letters = |mut n: u32| -> String {
        (0..4)
            .map(|_| {
                let c = char::from(b'b' + (n % 20) as u8);
                n /= 20;
                format!("{c}{}", ["a", "e", "i", "o", "u"][(n % 5) as usize])
            })
            .collect()
    };
    format!("{} {} Harbourage", letters(id * 7919 + 13), letters(id * 104_729 + 7))
}

fn bounds() -> Bounds {
    Bounds {
        bytes: 1 << 20,
        total: Duration::from_secs(3),
        idle: Duration::from_millis(700),
        pause: Duration::from_millis(5),
        ..Bounds::default()
    }
}

/// What fetches the list of a publisher into a data directory.
pub(crate) fn refresher(folder: &Path, publisher: &Publisher) -> Arc<Refresher> {
    let target = Target {
        id: "test".to_owned(),
        files: vec![RemoteFile { name: "list.toml".to_owned(), url: publisher.url() }],
        hosts: vec!["127.0.0.1".to_owned()],
        format: Some(lists::Format::Curated),
        lists: vec![ListId::new("test")],
        entries: Some(10..=10_000),
        token: None,
        is_trusted: false,
    };
    let store = Store::open(folder).expect("the directory opens");
    let client = Client::new(bounds()).expect("the client starts");
    Arc::new(Refresher::new(store, vec![target], client, GuardLimits::default(), Retention::default()))
}

fn at(hours: i64) -> jiff::Timestamp {
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    start + jiff::SignedDuration::from_hours(hours)
}

fn rows(folder: &Path) -> usize {
    lists::load(&[Source::Store(folder.to_owned())]).map_or(0, |s| s.entries().len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_server_does_the_last_good_list_stays() {
    let publisher = Publisher::start(list(0..100)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let refresher = refresher(folder.path(), &publisher);
    let mut hour = 0;
    let mut fetch = async || {
        hour += 1;
        let report = refresher.fetch(0, at(hour)).await;
        println!("{report}");
        report
    };
    assert!(matches!(fetch().await.done, Done::Updated { entries: 100, added: 100, .. }));
    assert_eq!(fetch().await.done, Done::Unchanged);
    assert_eq!(publisher.answers(), [200, 304], "the second asks whether anything is new");

    let failed = |report: &Report, why: &str| match &report.done {
        Done::Failed(text, _) => assert!(text.contains(why), "{why}: {text}"),
        other => panic!("{why}: {other:?}"),
    };
    for (fault, why) in [
        (Fault::Status(500), "answered 500"),
        (Fault::Status(404), "answered 404"),
        (Fault::Slow, "no data came in time"),
        (Fault::Trickle, "took longer than 3 seconds"),
        (Fault::CutShort, "broke off"),
        (Fault::CutForGood, "broke off"),
        (Fault::ErrorPage, "a web page"),
        (Fault::ErrorPageInDisguise, "a web page (html), perhaps an error page instead of the list"),
        (Fault::WrongType, "the file sent is not the list"),
        (Fault::OtherFormat, "the format is UnXml, expected Curated"),
        (Fault::Elsewhere, "redirected to http://localhost, which is not a host of the publication"),
        (Fault::Circle, "redirected more than 5 times"),
        (Fault::Plain, "expected https"),
        (Fault::Endless, "sent more than 1048576 bytes"),
        (Fault::Empty, "sent an empty file"),
        (Fault::WrongDigest, "does not match its digest"),
        (Fault::OtherEncoding, "an unexpected encoding"),
        (Fault::Gone, "broke off"),
    ] {
        publisher.serve(list(0..105), fault);
        let report = fetch().await;
        failed(&report, why);
        assert!(report.to_string().contains("stays in force"), "{report}");
        assert_eq!(rows(folder.path()), 100, "{fault:?}");
    }

    publisher.serve(list(0..105), Fault::Bomb);
    assert!(matches!(&fetch().await.done, Done::Quarantined(why) if why.contains("decompression bomb")));
    assert_eq!(rows(folder.path()), 100);

    // What is complete and wrong is quarantined.
    for (content, why) in [
        (list(0..50), "50 of the 100 entries of test are gone"),
        (list(0..200), "test grows from 100 to 200 entries"),
        (list(0..100)[..2_000].to_vec(), "line"),
        (String::from_utf8(list(0..100)).expect("text").replace("\"test\"", "\"other\"").into_bytes(), "list other"),
    ] {
        publisher.serve(content, Fault::None);
        match &fetch().await.done {
            Done::Quarantined(reasons) => assert!(reasons.contains(why), "{why}: {reasons}"),
            other => panic!("{why}: {other:?}"),
        }
        // Asked again, the publisher has nothing newer; it is still not in force.
        assert!(matches!(fetch().await.done, Done::Quarantined(_)));
        assert_eq!(rows(folder.path()), 100, "{why}");
    }

    // A break is resumed where it was, and a file that changed meanwhile is taken from its start.
    publisher.serve(list(0..104), Fault::CutOnce);
    assert!(matches!(fetch().await.done, Done::Updated { entries: 104, added: 4, .. }));
    assert_eq!(publisher.answers().split_off(publisher.answers().len() - 2), [200, 206]);
    publisher.serve(list(0..106), Fault::CutForGood);
    failed(&fetch().await, "broke off");
    publisher.serve(list(0..107), Fault::None);
    assert!(matches!(fetch().await.done, Done::Updated { entries: 107, added: 3, .. }));
    publisher.serve(list(0..108), Fault::Gzip);
    assert!(matches!(fetch().await.done, Done::Updated { entries: 108, added: 1, .. }));
    publisher.serve(list(0..109), Fault::Moved);
    assert!(matches!(fetch().await.done, Done::Updated { entries: 109, added: 1, .. }));
    let record = refresher.store().record("test").expect("it reads");
    assert_eq!((record.failures, record.publications.iter().filter(|h| h.published.is_none()).count() > 3), (0, true));
    assert!(fs::read_dir(folder.path().join("partial/test")).expect("reads").count() <= 1, "no part is left behind");
}

/// A clock that jumps to the next thing to do. It gives the service a moment of the true time at each.
#[derive(Clone)]
struct Jumping {
    now: Arc<Mutex<jiff::Timestamp>>,
    end: jiff::Timestamp,
    over: Arc<AtomicBool>,
}

impl Clock for Jumping {
    fn now(&self) -> jiff::Timestamp {
        *self.now.lock().expect("no panic")
    }

    async fn sleep_until(&self, at: jiff::Timestamp) {
        tokio::time::sleep(Duration::from_millis(15)).await;
        if at > self.end {
            self.over.store(true, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
        let mut now = self.now.lock().expect("no panic");
        *now = at.max(*now);
    }
}

/// One hour by the clock of the scheduler, a fetch every half minute, a fault at two of three; four callers screen all
/// the while. Each answer must be that of one whole list that was in force, and none older than the last one in force
/// when it was asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn an_hour_of_faults_under_load_gives_no_failed_mixed_or_stale_answer() {
    // Each good list has row 0000 and, of a row of marks, the one of its turn: an answer shows which list it is from.
    let turn_list = |turn: u32| {
        let mut text = list(0..40);
        let mark = String::from_utf8(list(1000 + turn..1001 + turn)).expect("text");
        text.extend(mark.split_once("[[entry]]").map(|(_, row)| format!("[[entry]]{row}")).expect("a row").bytes());
        text
    };
    let publisher = Publisher::start(turn_list(0)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let refresher = refresher(folder.path(), &publisher);
    assert!(refresher.fetch(0, at(0)).await.is_update());

    let mut options = config::Server::default();
    options.listen.set_port(0);
    let sources = vec![Source::Store(folder.path().to_owned())];
    let current = Current::new(Recipe {
        sources,
        policy: Arc::default(),
        limits: Limits::default(),
        rules: engine::rule::Rules::builtin(),
    });
    let server = Server::bind(&options, current).await.expect("it binds");
    let url = format!("http://{}", server.local_addr().expect("an address"));
    let handle = server.handle();
    let shutdown = Shutdown::default();
    let served = tokio::spawn(server.serve(shutdown.clone()));
    handle.reload().await.expect("the list loads");

    let mut watch = ListServiceClient::connect(url.clone()).await.expect("connects");
    let events = Arc::new(Mutex::new(Vec::new()));
    let watching = tokio::spawn({
        let events = Arc::clone(&events);
        async move {
            let request = v1::WatchListsRequest { with_entries: true, ..Default::default() };
            let mut stream = watch.watch_lists(request).await.expect("it watches").into_inner();
            while let Ok(Some(event)) = stream.message().await {
                events.lock().expect("no panic").push(event);
            }
        }
    });

    while events.lock().expect("no panic").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    // How many good lists are in force for sure: raised after each swap.
    let in_force = Arc::new(AtomicUsize::new(0));
    let published = Arc::new(AtomicUsize::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let mut callers = Vec::new();
    for _ in 0..4 {
        let (url, over, in_force, published) =
            (url.clone(), Arc::clone(&over), Arc::clone(&in_force), Arc::clone(&published));
        callers.push(tokio::spawn(async move {
            let mut client = ScreeningServiceClient::connect(url).await.expect("connects");
            let (mut answers, mut seen) = (0, BTreeSet::new());
            while !over.load(Ordering::SeqCst) {
                let at_least = in_force.load(Ordering::SeqCst);
                let at_most = published.load(Ordering::SeqCst) + 1;
                let marks: Vec<usize> = (at_least.saturating_sub(2)..=at_most).collect();
                let party = |text: String| v1::Party { name: text, ..v1::Party::default() };
                let mut parties = vec![party(name(0))];
                parties.extend(marks.iter().map(|m| party(name(1000 + *m as u32))));
                let shipment = v1::Shipment { parties, ..v1::Shipment::default() };
                let answer = client
                    .screen(v1::ScreenRequest { shipment: Some(shipment), verbose: false })
                    .await
                    .expect("an answer");
                let answer = answer.into_inner();
                let screening = answer.screening.expect("a screening");
                let found: BTreeSet<usize> = screening
                    .findings
                    .iter()
                    .filter_map(|f| f.entry.as_ref())
                    .map(|e| e.id.parse::<usize>().expect("a number"))
                    .collect();
                assert!(found.contains(&0), "row 0000 is in every list: {screening:?}");
                let of_turn: Vec<usize> = found.iter().filter(|id| **id >= 1000).map(|id| id - 1000).collect();
                let after = published.load(Ordering::SeqCst);
                assert_eq!(of_turn.len(), 1, "an answer from two lists or none: {of_turn:?} of {marks:?}");
                assert!(of_turn[0] >= at_least, "an answer from list {} when {at_least} was in force", of_turn[0]);
                assert!(of_turn[0] <= after);
                assert!(answer.lists.iter().any(|age| age.list == "test" && !age.is_stale), "{:?}", answer.lists);
                seen.insert(of_turn[0]);
                answers += 1;
            }
            (answers, seen.len())
        }));
    }

    let clock = Jumping { now: Arc::new(Mutex::new(at(0))), end: at(1), over: Arc::clone(&over) };
    let pace = Pace { interval: Duration::from_secs(30), retry: Duration::from_secs(10), seed: 7 };
    let stop = tokio_util::sync::CancellationToken::new();
    let tally: Arc<Mutex<Vec<Report>>> = Arc::default();
    let after = {
        let (handle, in_force, published, tally) =
            (handle.clone(), Arc::clone(&in_force), Arc::clone(&published), Arc::clone(&tally));
        let (publisher, turn) = (publisher.clone(), Arc::new(AtomicUsize::new(0)));
        move |reports: Vec<Report>| {
            let (handle, in_force, published) = (handle.clone(), Arc::clone(&in_force), Arc::clone(&published));
            let (publisher, turn, tally) = (publisher.clone(), Arc::clone(&turn), Arc::clone(&tally));
            async move {
                handle.refreshed(&reports).await;
                if reports.iter().any(Report::is_update) {
                    in_force.store(published.load(Ordering::SeqCst), Ordering::SeqCst);
                }
                tally.lock().expect("no panic").extend(reports);
                // What the publisher does next: every third time a new list, whole; otherwise a fault.
                let n = turn.fetch_add(1, Ordering::SeqCst);
                let next = published.load(Ordering::SeqCst) as u32 + 1;
                if n % 3 == 0 {
                    published.store(next as usize, Ordering::SeqCst);
                    publisher.serve(turn_list(next), if n % 2 == 0 { Fault::None } else { Fault::CutOnce });
                } else {
                    let quick = [
                        Fault::Status(500),
                        Fault::CutForGood,
                        Fault::ErrorPage,
                        Fault::ErrorPageInDisguise,
                        Fault::WrongType,
                        Fault::Elsewhere,
                        Fault::Bomb,
                        Fault::Endless,
                        Fault::Empty,
                        Fault::WrongDigest,
                        Fault::Gone,
                        Fault::NotModified,
                    ];
                    let shrunken = n % 5 == 0;
                    let content = if shrunken { list(0..20) } else { turn_list(next) };
                    publisher.serve(content, if shrunken { Fault::None } else { quick[n % quick.len()] });
                }
            }
        }
    };
    let running = tokio::spawn(run(Arc::clone(&refresher), pace, clock, stop.clone(), after));
    while !over.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!running.is_finished(), "the scheduler goes on");
    }
    let mut answers = 0;
    for caller in callers {
        let (count, lists) = caller.await.expect("no answer was failed, mixed or stale");
        assert!(lists > 1);
        answers += count;
    }
    stop.cancel();
    running.await.expect("it ends");

    let reports = tally.lock().expect("no panic").clone();
    let count = |is: fn(&Done) -> bool| reports.iter().filter(|r| is(&r.done)).count();
    let updates = count(|d| matches!(d, Done::Updated { .. }));
    println!(
        "one hour: {} fetches, {updates} updates, {} unchanged, {} quarantined, {} failed; {answers} answers meanwhile",
        reports.len(),
        count(|d| *d == Done::Unchanged),
        count(|d| matches!(d, Done::Quarantined(_))),
        count(|d| matches!(d, Done::Failed(..))),
    );
    let mut kinds = BTreeSet::new();
    for report in &reports {
        let kind: String = report.to_string().chars().filter(|c| !c.is_ascii_digit()).take(60).collect();
        if kinds.insert(kind) {
            println!("  {} {report}", report.at);
        }
    }
    assert!(updates >= 10 && answers > 100 && reports.len() > 60, "{updates} {answers} {}", reports.len());

    // Who watched was told of each swap with its rows, and can ask for the last again.
    let mut lists = ListServiceClient::connect(url).await.expect("connects");
    let last = lists.diff(v1::DiffRequest::default()).await.expect("kept").into_inner().delta.expect("a delta");
    assert_eq!((last.lists[0].added.len(), last.lists[0].removed.len()), (1, 1));
    let by_day = v1::DiffRequest { from: "2026-01-01".to_owned(), ..v1::DiffRequest::default() };
    lists.diff(by_day).await.expect("the day is kept");
    let status = lists.get_status(v1::GetStatusRequest {}).await.expect("answers").into_inner();
    assert!(status.lists[0].age.as_ref().is_some_and(|age| age.limit_hours == 0 && !age.since.is_empty()));
    shutdown.stop.cancel();
    tokio::time::timeout(Duration::from_secs(20), served)
        .await
        .expect("it stops")
        .expect("no panic")
        .expect("no fault");
    watching.await.expect("the watch ends with the service");
    let events = events.lock().expect("no panic");
    let of = |wanted: v1::watch_lists_response::Event| events.iter().filter(|e| e.event() == wanted).count();
    assert_eq!(of(v1::watch_lists_response::Event::InForce), 1);
    assert_eq!(of(v1::watch_lists_response::Event::Changed), updates);
    assert!(of(v1::watch_lists_response::Event::Failed) > 5 && of(v1::watch_lists_response::Event::Quarantined) > 0);
}
