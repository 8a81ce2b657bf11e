//! A deny list of one's own, as it comes out of a spreadsheet: settings in the rows above the header, columns by their own
//! titles.

use crate::cli::Folder;

/// As docs/lists.md shows it.
fn example() -> String {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lists.md");
    let page = std::fs::read_to_string(page).expect("the page is part of the project");
    let start = page.find("#list;").expect("the page has the example");
    page[start..start + page[start..].find("```").expect("in a block")].to_owned()
}

#[test]
fn a_deny_list_out_of_a_spreadsheet_is_read_as_the_page_says() {
    let folder = Folder::new();
    folder.file("deny.csv", example());
    let (code, out, err) = folder.run(&["lists", "check", "deny.csv"]);
    assert_eq!(code, 0, "{err}");
    for said in ["acme-deny  Acme: partners we do not deal with", "2 entries, 3 names", "Trade Compliance, Hamburg"] {
        assert!(out.contains(said), "{said}\n{out}");
    }
    let screen = |party: &str, day: &str| {
        let args = ["screen", "--explain", "--party", party, "--list", "deny.csv", "--as-of", day];
        folder.run(&args).1
    };
    let out = screen("Brambleton Photonics", "2026-06-01");
    for said in ["shipment  HOLD", "[acme-deny/brambleton-optics-co-ltd]", "did not pay (Trade Compliance, Hamburg)"] {
        assert!(out.contains(said), "{said}\n{out}");
    }
    // The last day of the row, and that of the list.
    assert!(screen("Brambleton Photonics", "2027-07-01").starts_with("shipment  NO_FINDING"));
    assert!(screen("Wandering Heron Shipping", "2027-12-31").starts_with("shipment  REVIEW"));
    assert!(screen("Wandering Heron Shipping", "2028-01-01").starts_with("shipment  NO_FINDING"));
}

#[test]
fn a_setting_that_is_not_understood_is_an_error_with_its_line() {
    let folder = Folder::new();
    let example = example();
    for (from, to, said) in [
        ("#effect;blocking", "#effect;block", "line 4, field `effect`: expected one of blocking, licence"),
        ("#expires;2027-12-31", "#expires;31.12.2027", "line 5, field `expires`: expected a date like 2027-12-31"),
        ("#map;Grund;reason", "#map;Grund;why", "line 9, field `map`: expected name or one of id"),
        (
            "#map;Grund;reason",
            "#map;Ursache;reason",
            "expected the column `ursache`, which a row above the header names",
        ),
        ("#ignore;Zeile", "#ignore;", "line 11, field `ignore`: expected a value in the next cell"),
        ("#list;acme-deny", "#list;Acme Deny", "field `list`: expected a list id of lower-case letters"),
        ("2027-06-30", "30.6.2027", "line 13, field `ends`: expected a date like 2024-11-30"),
    ] {
        assert!(example.contains(from), "{from}");
        folder.file("deny.csv", example.replacen(from, to, 1));
        let (code, _, err) = folder.run(&["lists", "check", "deny.csv"]);
        assert!(code == 2 && err.contains(said), "{to}: {err}");
    }
    // A column that no row maps or ignores.
    folder.file("deny.csv", example.replacen("#ignore;Zeile\n", "", 1));
    let (code, _, err) = folder.run(&["lists", "check", "deny.csv"]);
    assert!(code == 2 && err.contains("unknown column `zeile`"), "{err}");
}
