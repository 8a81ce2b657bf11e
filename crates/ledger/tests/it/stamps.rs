//! Signed heads are stamped by a command of the operator's.

use crate::shared::{init, record};
use ledger::{Options, verify};
use std::fs;

#[test]
fn a_head_is_stamped_once_and_the_token_is_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = init(&folder.path().join("ledger"), Options::default());
    record(&ledger, 3);
    ledger.seal().unwrap();
    let (head, note) = ledger.heads().unwrap().pop().unwrap();
    // The other house gets the head as it was signed.
    let stamped = ledger.stamp("printf 'seen: '; cat").unwrap().unwrap();
    assert_eq!(stamped.head, head.size);
    assert_eq!(ledger.kept("the token", &stamped.token).unwrap(), format!("seen: {note}").into_bytes());
    assert_eq!(ledger.stamp("cat").unwrap(), None, "it is stamped already");
    ledger.seal().unwrap();
    assert_eq!(ledger.stamp("cat").unwrap(), None, "the stamp alone is nothing new");
    record(&ledger, 1);
    ledger.seal().unwrap();
    assert!(ledger.stamp("cat >/dev/null; head -c 2000 /dev/zero").unwrap().unwrap().bytes == 2000);
    ledger.seal().unwrap();

    let verified = verify(ledger.layout(), None).unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    let heads: Vec<u64> = verified.stamps.iter().map(|stamp| stamp.stamped.head).collect();
    assert!(heads.len() == 2 && heads[0] == head.size && heads[1] > head.size, "{heads:?}");
    let token = ledger.layout().kept().join(&stamped.token[..2]).join(&stamped.token);
    fs::remove_file(&token).unwrap();
    let faults = verify(ledger.layout(), None).unwrap().faults;
    assert!(faults.len() == 1 && faults[0].to_string().contains("records rest on it"), "{faults:?}");
}

#[test]
fn a_command_that_gives_no_stamp_says_why_and_nothing_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = init(&folder.path().join("ledger"), Options::default());
    let size = ledger.size();
    for (command, why) in [
        ("echo no answer >&2; exit 3", "exit status: 3: no answer"),
        ("true", "it printed nothing"),
        ("head -c 1100000 /dev/zero", "it printed more than 1048576 bytes"),
    ] {
        let error = ledger.stamp(command).unwrap_err().to_string();
        assert!(
            error.contains(&format!("the command `{command}` gave no time stamp")) && error.contains(why),
            "{error}"
        );
    }
    assert_eq!(ledger.size(), size);
}
