//! The README shows what the program prints, but for fingerprints, which change with every list.

use super::Folder;
use std::path::Path;

fn root(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(path).expect("the file is part of the project")
}

/// The text with fingerprints blotted out.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("sha256:") {
        out.push_str(before);
        out.push_str("sha256:*");
        rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    out + rest
}

/// The fenced blocks of the README that hold `sign`.
fn block(readme: &str, sign: &str) -> String {
    let blocks: Vec<&str> = readme.split("```").skip(1).step_by(2).collect();
    let found = blocks.iter().find(|b| b.contains(sign)).unwrap_or_else(|| panic!("no block holds {sign}"));
    found.split_once('\n').expect("a block has a first line").1.to_owned()
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = root("README.md");
    let folder = Folder::new();
    folder.file("shipments.csv", root("examples/shipments.csv"));
    let text = "ENGINE SPARES, MFR XIAMEN LIM\nBACH AIRCRAFT ENGINE CO., LTD.";
    let (code, out, _) = folder.run(&["screen", "--text", text]);
    assert_eq!(code, 0);
    let shown = block(&readme, "$ tidewaiter screen --text");
    let shown = shown.split_once('\n').expect("the command stands in the first line").1;
    assert_eq!(plain(shown).trim_end(), plain(&out).trim_end());

    let (code, out, _) = folder.run(&["screen", "shipments.csv"]);
    assert_eq!(code, 0);
    let first = block(&readme, "TW-0001  HOLD");
    assert!(plain(&out).starts_with(plain(&first).trim_end()), "{out}");
    let end = readme.find("It ends with").expect("the end is shown");
    let end = end + readme[end..].find("```").expect("in a block");
    let last = block(&readme[end..], "0 REFUSED");
    assert!(plain(&out).trim_end().ends_with(plain(&last).trim_end()), "{out}");
}

#[test]
fn packs_are_added_left_out_and_checked() {
    let folder = Folder::new();
    folder.file("shipments.csv", root("examples/shipments.csv"));
    let pack = "[pack]\nid = \"ours\"\nkind = \"countries\"\nversion = \"1\"\ntitle = \"Ours\"\ncitation = \"Our risk office\"\n\
                [[list]]\nid = \"ours\"\nmeaning = \"transshipment\"\ntitle = \"our list\"\ncountries = [\"DE\"]\n";
    folder.file("ours.toml", pack).file("bad.toml", pack.replace("\"DE\"", "\"UK\""));
    let (code, _, error) = folder.run(&["screen", "shipments.csv", "--pack", "bad.toml"]);
    assert_eq!(code, 2);
    assert!(error.contains("bad.toml:11: `countries`: invalid country `UK`, expected an ISO 3166-1"), "{error}");
    let json = |args: &[&str]| folder.run(&[&["screen", "shipments.csv", "--format", "json"], args].concat()).1;
    let (plain, with, without) = (json(&[]), json(&["--pack", "ours.toml"]), json(&["--without-pack", "chpl"]));
    assert!(!plain.contains("Our risk office") && plain.contains("GOODS_HS_PRIORITY\",\"severity"));
    assert!(!without.contains("GOODS_HS_PRIORITY\",\"severity") && without.contains("+packs:"));
    assert!(with.contains("+packs:"));
    let (code, _, error) = folder.run(&["screen", "shipments.csv", "--without-pack", "chlp"]);
    assert_eq!(code, 2);
    assert!(error.contains("unknown pack `chlp`"), "{error}");
}
