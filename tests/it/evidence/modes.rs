//! When an answer leaves: what configuration, policy and caller ask for, and what is refused where nothing is kept.

use super::{KEY, lines, refused, run, shipment};
use crate::cli::Folder;
use crate::grpc::guarded::caller;
use ::ledger::{Ledger, MasterKey, Options};

fn found(folder: &Folder) -> usize {
    let all = ["ledger", "find", "ledger", KEY[0], KEY[1], "--limit", "1000", "--format", "json"];
    lines(&run(folder, &all)).len()
}

fn with_ledger(evidence: &str) -> Folder {
    let folder = Folder::new();
    run(&folder, &["ledger", "init", "ledger", KEY[0], KEY[1]]);
    folder.file("list.csv", "name,list\nGrey Cormorant Robotics,own\n");
    folder.file("in.jsonl", shipment("A-1", "Blue Larch Glassware", "NL", "") + "{\"reference\": \"A-2\", oops\n");
    folder.file(
        "t.toml",
        format!(
            "[lists]\npaths = ['list.csv']\nbuiltin = false\n[ledger]\ndir = 'ledger'\nkey_file = 'master.key'\n{evidence}"
        ),
    );
    folder
}

#[test]
fn the_configuration_names_the_ledger_and_the_strictest_mode_applies() {
    let folder = with_ledger("evidence = 'off'");
    let batch = ["batch", "in.jsonl", "--config", "t.toml", "--out", "out.jsonl", "--allow-refused"];
    run(&folder, &["config", "check", "t.toml"]);
    run(&folder, &batch);
    assert_eq!(found(&folder), 0, "off: nothing is recorded");
    // Whoever only reads the exceptions may do so while another writes.
    let master = MasterKey::from_file(&folder.path("master.key")).expect("it reads");
    let (writer, _) = Ledger::open(&folder.path("ledger"), &master, Options::default()).expect("it opens");
    run(&folder, &batch);
    let locked = refused(&folder, &[&batch[..], &["--evidence", "async"]].concat());
    assert!(locked.contains("open for writing in another process"), "{locked}");
    drop(writer);

    // The policy asks for more than the configuration; the option for less than the policy.
    folder.file("strict.toml", "evidence = 'durable'\n");
    let strict = [&batch[..], &["--policy", "strict.toml", "--evidence", "async"]].concat();
    run(&folder, &strict);
    assert_eq!(found(&folder), 2);
    let shown = run(&folder, &["policy", "show", "--policy", "strict.toml"]);
    assert!(shown.contains("evidence = \"durable\""), "{shown}");
    // And less than the configuration it cannot ask for.
    folder.file("lax.toml", "evidence = 'off'\n");
    run(&folder, &[&batch[..], &["--policy", "lax.toml", "--evidence", "durable"]].concat());
    assert_eq!(found(&folder), 4);
    let odd = folder.file("odd.toml", "evidence = 'sync'\n").run(&["policy", "check", "odd.toml"]);
    assert!(
        odd.0 == 2 && odd.2.contains("odd.toml line 1: evidence is `sync`, expected one of off, async, durable"),
        "{odd:?}"
    );

    // `screen` keeps nothing, and says so.
    let (_, _, said) =
        folder.run(&["screen", "--party", "Blue Larch", "--list", "list.csv", "--policy", "strict.toml"]);
    assert!(said.contains("asks for evidence = \"durable\", and `screen` records nothing"), "{said}");
}

#[test]
fn a_record_that_could_not_be_read_is_recorded_as_it_came() {
    let folder = with_ledger("");
    folder.file("in.csv", b"reference,description\nR1,hose clamps\nR2,too,many,cells\nR3,sp\xff\n");
    for input in ["in.jsonl", "in.csv"] {
        run(&folder, &["batch", input, "--config", "t.toml", "--out", "out.jsonl", "--allow-refused"]);
    }
    let all = ["ledger", "find", "ledger", KEY[0], KEY[1], "--outcome", "REFUSED", "--format", "json"];
    let refusals = lines(&run(&folder, &all));
    assert_eq!(refusals.len(), 3, "{refusals:?}");
    let show = |at: usize, form: &str| {
        let number = refusals[at]["record"].to_string();
        run(&folder, &["ledger", "show", "ledger", &number, KEY[0], KEY[1], "--format", form])
    };
    // The latest first: the damaged text, the row with too many cells, the line that is no JSON.
    let unread = |at: usize| lines(&show(at, "json"))[0]["unread"].as_str().expect("it is text").trim_end().to_owned();
    assert_eq!((unread(1), unread(2)), ("R2,too,many,cells".to_owned(), "{\"reference\": \"A-2\", oops".to_owned()));
    assert!(unread(0).starts_with("R3,sp"), "{}", unread(0));
    assert!(show(1, "table").contains("received (17 bytes): R2,too,many,cells"), "{}", show(1, "table"));
    let by_reference = ["ledger", "find", "ledger", KEY[0], KEY[1], "--reference", "R2"];
    assert_eq!(run(&folder, &by_reference).lines().count(), 1, "its reference was legible");
    let (code, out, said) = folder.run(&["ledger", "replay", "ledger", "--all", KEY[0], KEY[1]]);
    assert_eq!((code, out.as_str()), (0, "2 the same, 0 differ\n"), "{said}");
    assert!(said.contains("3 records could not be read and were refused without being screened"), "{said}");
    assert!(run(&folder, &["ledger", "verify", "ledger"]).ends_with("0 faults\n"));
}

#[test]
fn evidence_that_nobody_could_keep_is_refused_before_anything_is_screened() {
    let folder = with_ledger("");
    let check = |folder: &Folder, text: &str| {
        folder.file("c.toml", format!("{text}[lists]\npaths = ['list.csv']\nbuiltin = false\n"));
        refused(folder, &["config", "check", "c.toml"])
    };
    folder.file("strict.toml", "evidence = 'async'\n");
    let policy = check(&folder, "policy = 'strict.toml'\n");
    assert!(policy.contains("the policy asks for evidence = \"async\", and no ledger is named"), "{policy}");
    let batch = ["batch", "in.jsonl", "--list", "list.csv", "--out", "out.jsonl", "--policy", "strict.toml"];
    assert!(refused(&folder, &batch).contains("no ledger is named: give --ledger DIR"));
    assert!(!folder.path("out.jsonl").exists());
    folder.file("callers.toml", caller("erp", "k", "scopes = ['screen']\nevidence = 'durable'"));
    let callers = check(&folder, "[server.access]\ncallers = 'callers.toml'\n");
    assert!(callers.contains("caller `erp` asks for evidence = \"durable\", and no ledger is named"), "{callers}");
    run(&folder, &["config", "check", "t.toml"]);

    let none = check(&folder, "[ledger]\ndir = 'nowhere'\nkey_file = 'master.key'\n");
    assert!(none.contains("nowhere holds no ledger"), "{none}");
    let keyless = check(&folder, "[ledger]\ndir = 'ledger'\n");
    assert!(keyless.contains("configuration: ledger.key_file or ledger.key_command"), "{keyless}");
    folder.file("other.key", "11".repeat(32));
    let wrong = check(&folder, "[ledger]\ndir = 'ledger'\nkey_command = 'cat other.key'\n");
    assert!(wrong.contains("wrong master key"), "{wrong}");
}
