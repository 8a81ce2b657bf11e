//! What is wrong with a place is said, and nothing is recorded.

use crate::server::{Server, master, screened};
use ledger::{Basis, Error, Ledger, Options};
use std::fs;
use std::path::Path;

fn open(root: &Path, place: &str) -> String {
    let place = ledger_postgres::open(place).unwrap();
    Ledger::open_shared(root, &master(), Options::default(), place).map(drop).unwrap_err().to_string()
}

#[test]
fn a_place_that_holds_no_ledger_or_another_one_is_refused() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let [one, two, alone] = ["one", "two", "alone"].map(|name| folder.path().join(name));
    let none = Ledger::join(&two, server.place(), &server.address()).unwrap_err().to_string();
    assert!(none.contains("it holds no ledger"), "{none}");
    drop(server.init(&one));
    let shared = (server.place(), server.address());
    let twice = Ledger::init_shared(&two, &master(), None, Options::default(), (shared.0, &shared.1)).unwrap_err();
    assert!(twice.to_string().contains("it holds a ledger already"), "{twice}");
    // A folder without its place, and one that is no copy.
    let without = Ledger::open(&one, &master(), Options::default()).unwrap_err().to_string();
    assert!(without.contains("opened without its place"), "{without}");
    drop(Ledger::init(&alone, &master(), None, Options::default()).unwrap());
    assert!(open(&alone, &server.address()).contains("holds another ledger"));
    assert!(matches!(Ledger::join(&alone, server.place(), ""), Err(Error::NotEmpty { .. })));
    // No way there: the message has no password.
    let said = open(&one, "postgres://tidewaiter:geheim@127.0.0.1:1/postgres");
    assert!(said.contains("Postgres 127.0.0.1:1/postgres: ") && !said.contains("geheim"), "{said}");
    server.sql("CREATE ROLE guest LOGIN");
    let guest = server.address().replace("tidewaiter@", "guest:geheim@");
    let said = open(&one, &guest);
    assert!(said.contains("permission denied") && !said.contains("geheim"), "{said}");
    server.sql("INSERT INTO tidewaiter_ledger.migration (version) VALUES (99)");
    assert!(open(&one, &server.address()).contains("tables are of version 99"));
}

#[test]
fn a_server_that_may_lose_what_it_says_it_wrote_is_refused() {
    let Some(server) = Server::start_with(&["-c fsync=off"], |_| {}) else { return };
    let error = ledger_postgres::open(&server.address()).unwrap().tip().unwrap_err().to_string();
    assert!(error.contains("fsync is off"), "{error}");
}

#[test]
fn a_database_that_was_altered_or_set_back_is_named_and_takes_no_records() {
    let Some(server) = Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    let ledger = server.init(&one);
    let record = |ledger: &Ledger, name: &str| {
        ledger.record(vec![screened(name, "Copper Heron GmbH")], &Basis::default(), true).map(|numbers| numbers.start)
    };
    record(&ledger, "A").unwrap();
    server.sql("CREATE TABLE saved AS SELECT * FROM tidewaiter_ledger.tip");
    let last = record(&ledger, "B").unwrap();
    // As after a restored backup, with another replica that goes on from there.
    server.sql(&format!(
        "DELETE FROM tidewaiter_ledger.chunk WHERE first = {last}; \
         UPDATE tidewaiter_ledger.tip SET (size, root) = (SELECT size, root FROM saved)"
    ));
    let apart = record(&ledger, "C").unwrap_err().to_string();
    assert!(apart.contains("fewer than the copy") && apart.contains("nothing is recorded"), "{apart}");
    let other = server.join(&two);
    record(&other, "D").unwrap();
    record(&other, "E").unwrap();
    let apart = record(&ledger, "C").unwrap_err().to_string();
    assert!(apart.contains("differ"), "{apart}");
    drop((ledger, other));
    // One byte of one record.
    server.sql(&format!(
        "UPDATE tidewaiter_ledger.chunk SET frames = set_byte(frames, 80, get_byte(frames, 80) # 1) WHERE first = {last}"
    ));
    let three = folder.path().join("three");
    assert!(Ledger::join(&three, server.place(), &server.address()).unwrap());
    let said = open(&three, &server.address());
    assert!(said.contains(&format!("record {last} is damaged: the checksum does not match")), "{said}");
}

#[test]
fn the_way_over_a_network_is_by_tls_with_an_authority_that_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let [trusted, untrusted] = ["trusted.pem", "untrusted.pem"].map(|name| folder.path().join(name));
    fs::write(&trusted, made.cert.pem()).unwrap();
    fs::write(&untrusted, other.cert.pem()).unwrap();
    // A port that nobody has now.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = ["-c ssl=on", "-c listen_addresses=127.0.0.1", &format!("-p {port}")];
    let prepare = |data: &Path| {
        use std::os::unix::fs::PermissionsExt as _;
        fs::write(data.join("server.crt"), made.cert.pem()).unwrap();
        fs::write(data.join("server.key"), made.signing_key.serialize_pem()).unwrap();
        fs::set_permissions(data.join("server.key"), fs::Permissions::from_mode(0o600)).unwrap();
    };
    let Some(_server) = Server::start_with(&settings, prepare) else { return };
    let place = |roots: &Path| {
        let address =
            format!("postgres://tidewaiter@127.0.0.1:{port}/postgres?sslmode=require&sslrootcert={}", roots.display());
        ledger_postgres::open(&address).unwrap()
    };
    let there = place(&trusted).tip().unwrap_err().to_string();
    assert!(there.contains("it holds no ledger"), "{there}");
    let refused = place(&untrusted).tip().unwrap_err().to_string();
    assert!(refused.contains("certificate"), "{refused}");
}
