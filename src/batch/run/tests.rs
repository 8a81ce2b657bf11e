//! Order, resumption and panics.

use super::*;
use crate::batch::output::CsvStyle;
use crate::batch::report::Report;
use current::screener::BoxError;
use std::io::Write as _;
use wire::v1;

/// Answers with the description in the explanation, slower for some, so that order is put to the test.
struct Echo;

impl Screener for Echo {
    fn screen(&mut self, shipments: Vec<v1::Shipment>, _: bool) -> Result<Vec<v1::Screening>, BoxError> {
        if shipments.iter().any(|s| s.reference.ends_with('7')) {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        assert!(shipments.iter().all(|s| s.reference != "panic"), "asked to");
        let answer = |s: v1::Shipment| v1::Screening { reference: s.reference, outcome: 1, ..Default::default() };
        Ok(shipments.into_iter().map(answer).collect())
    }
}

fn run(text: &str, threads: usize, from: Position) -> (Result<(), Error>, String, Report, Vec<Position>) {
    let mut file = tempfile::NamedTempFile::new().expect("makes a file");
    file.write_all(text.as_bytes()).expect("writes");
    let settings = Settings {
        mapping: Mapping::default(),
        format: OutputFormat::Csv,
        csv: CsvStyle::default(),
        verbose: false,
        as_of: String::new(),
        known_on: String::new(),
    };
    let plan = Plan::new(&[Location::File(file.path().to_owned())], settings).expect("opens");
    let screeners = (0..threads).map(|_| Box::new(Echo) as Box<dyn Screener>).collect();
    let (mut out, mut report, mut positions) = (Vec::new(), Report::default(), Vec::new());
    let result = plan.run(screeners, &Identity::default(), from, &mut |answers| {
        out.extend(answers.bytes);
        report.add(answers.report);
        positions.push(answers.position);
        Ok(())
    });
    let name = file.path().display().to_string();
    (result, String::from_utf8(out).expect("UTF-8").replace(&name, "FILE"), report, positions)
}

fn rows(count: usize) -> String {
    let mut text = "reference,description\n".to_owned();
    for number in 0..count {
        text.push_str(&if number % 1000 == 3 { format!("{number},a,b\n") } else { format!("{number},a\n") });
    }
    text
}

#[test]
fn answers_keep_the_order_on_any_number_of_threads() {
    let text = rows(5_000);
    let (result, one, report, positions) = run(&text, 1, Position::default());
    assert!(result.is_ok());
    assert_eq!((report.rows, report.outcomes[3]), (5_000, 5));
    let references: Vec<_> = one.lines().map(|l| l.split(',').next().expect("has cells")).collect();
    assert!(references.iter().enumerate().all(|(at, r)| *r == at.to_string()));
    let (_, four, ..) = run(&text, 4, Position::default());
    assert!(one == four, "one thread and four differ");
    let middle = positions[positions.len() / 2];
    let (_, rest, ..) = run(&text, 2, middle);
    assert!(one.ends_with(&rest) && rest.lines().count() as u64 == 5_000 - middle.rows);
}

#[test]
fn a_panic_is_an_error_that_names_the_rows() {
    let text = rows(1_000) + "panic,a\n" + &"1,a\n".repeat(20_000);
    let (result, out, ..) = run(&text, 3, Position::default());
    assert!(result.unwrap_err().to_string().contains("from line"));
    assert!(out.lines().count() >= 768);
}
