//! What of a screening is given, and its form as a line of JSON.

use engine::record;
use memchr::memmem::Finder;
use model::finding::{Outcome, Screening};
use model::shipment::Shipment;
use std::sync::LazyLock;
use wire::v1;

/// The screening of a shipment with how its cells were read, when `verbose`; otherwise without the rules that could not
/// run, which are the same for most records.
pub fn with_detail(mut screening: Screening, shipment: &Shipment, verbose: bool) -> Screening {
    if verbose {
        // What was refused may be beyond any limit.
        if screening.outcome != Outcome::Refused {
            screening.cells = record::readings(shipment);
        }
    } else {
        screening.rules_skipped.clear();
    }
    screening
}

/// What an answer without detail has and nobody needs: the keys of what only a verbose answer says, and that of the single
/// lists. In the text of a JSON string every quotation mark stands behind a backslash, so they occur nowhere else.
static EMPTY: LazyLock<[Finder<'static>; 2]> =
    LazyLock::new(|| [r#""rulesRun":[],"rulesSkipped":[],"cells":[],"#, r#","each":[]"#].map(Finder::new));

/// Puts the proto3 JSON form of a screening with a line feed behind what is there. The rules that ran and those that could not
/// run, the same for most records and longer than all the rest of a clean one, are in it only when `verbose`; so are how cells
/// were read and the single lists.
pub fn json_line(mut screening: v1::Screening, verbose: bool, out: &mut Vec<u8>) {
    let start = out.len();
    if !verbose {
        screening.rules_run.clear();
        screening.rules_skipped.clear();
        screening.cells.clear();
    }
    serde_json::to_writer(&mut *out, &screening).expect("a screening has a JSON form");
    for empty in EMPTY.iter().filter(|_| !verbose) {
        if let Some(at) = empty.find(&out[start..]) {
            out.drain(start + at..start + at + empty.needle().len());
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_cells_are_given_only_when_asked_for() {
        let skipped = v1::SkippedRule { rule: "GOODS_BRAND".to_owned(), cause: "no goods".to_owned() };
        let screening = v1::Screening {
            reference: r#"x"rulesRun":[],"rulesSkipped":[],"cells":[],"#.to_owned(),
            rules_run: vec!["PARTY_LISTED".to_owned()],
            rules_skipped: vec![skipped],
            cells: vec![v1::CellReading::default()],
            lists: Some(v1::ListsInForce { count: 2, oldest: "2026-11-22".to_owned(), ..Default::default() }),
            ..Default::default()
        };
        let read = |verbose| {
            let mut line = b"before".to_vec();
            json_line(screening.clone(), verbose, &mut line);
            serde_json::from_slice::<serde_json::Value>(line.strip_prefix(b"before").unwrap()).unwrap()
        };
        let (plain, verbose) = (read(false), read(true));
        assert_eq!(plain["reference"], screening.reference);
        assert!(["rulesRun", "rulesSkipped", "cells"].iter().all(|key| plain.get(key).is_none()));
        assert_eq!(verbose["cells"].as_array().map(Vec::len), Some(1));
        let lists = serde_json::json!({"count": 2, "entries": 0, "oldest": "2026-11-22", "oldestDays": 0});
        assert_eq!((&plain["lists"], &verbose["lists"]["each"]), (&lists, &serde_json::json!([])));
        assert_eq!(
            (&verbose["rulesRun"][0], &verbose["rulesSkipped"][0]["cause"]),
            (&"PARTY_LISTED".into(), &"no goods".into())
        );
    }
}
