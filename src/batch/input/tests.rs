//! Cutting, damage and recognition.

use super::*;

fn open(bytes: &[u8]) -> Result<Input, Error> {
    let reader = Box::new(io::Cursor::new(bytes.to_vec()));
    Input::from_reader("test".to_owned(), reader, &Mapping::default(), Arc::default())
}

/// (line, text, cause) of each record.
fn records(bytes: &[u8]) -> Vec<(u64, String, Option<Cause>)> {
    let mut input = open(bytes).expect("opens");
    let mut buf = Vec::new();
    let mut all = Vec::new();
    while let Some(raw) = input.next(&mut buf).expect("reads") {
        all.push((raw.line, String::from_utf8_lossy(&buf[raw.start..raw.end]).into_owned(), raw.bad));
    }
    all
}

#[test]
fn every_line_end_gives_the_same_rows() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["\u{feff}reference,description", "", "1,a", "2,\"b", "b\"", "3,c", ""].join(end);
        let got = records(text.as_bytes());
        let want = [(3, "1,a".to_owned()), (4, format!("2,\"b{end}b\"")), (6, "3,c".to_owned())];
        assert_eq!(got, want.map(|(line, text)| (line, text, None)), "{end:?}");
    }
}

#[test]
fn damage_spoils_one_line_only() {
    let text = "reference,description\n1,\"open\n2,\"closed\"\n3,\"x\"y\n4,ok\n5,\"never\n6,ok\n";
    let got: Vec<_> = records(text.as_bytes()).into_iter().map(|(line, _, bad)| (line, bad)).collect();
    let want = [
        (2, Some(Cause::AfterQuote)),
        (3, None),
        (4, Some(Cause::AfterQuote)),
        (5, None),
        (6, Some(Cause::OpenQuote)),
        (7, None),
    ];
    assert_eq!(got, want);
}

#[test]
fn a_line_too_long_is_skipped_and_not_kept() {
    let long = "x".repeat(MAX_RECORD + 10);
    let got = records(format!("description\na\n{long}\nb\n").as_bytes());
    let kept: Vec<_> = got.iter().map(|(line, text, bad)| (*line, text.len(), bad.clone())).collect();
    assert_eq!(kept, [(2, 1, None), (3, EXCERPT, Some(Cause::TooLong)), (4, 1, None)]);
}

#[test]
fn json_is_recognised_line_by_line_and_as_a_document() {
    assert_eq!(records(b"{\"reference\":\"1\"}\n{\"reference\":\"2\"}\n").len(), 2);
    assert_eq!(records(b"{\n \"reference\": \"1\"\n}\n"), [(1, "{\"reference\":\"1\"}".to_owned(), None)]);
    assert_eq!(records(b"[{}, {}]").len(), 2);
    // A first line cut short is a bad line, not a reason to give up the others.
    assert_eq!(records(b"{\"reference\":\n{\"reference\":\"2\"}\n").len(), 2);
}

#[test]
fn gzip_is_unpacked_and_utf16_refused() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    io::Write::write_all(&mut packed, b"description\nx\n").expect("packs");
    assert_eq!(records(&packed.finish().expect("packs")).len(), 1);
    assert!(open(b"\xff\xfea\0").is_err());
    assert!(open(b"").is_err());
}
