//! Rows made by hand: what is read, and every refusal with its place.

use super::*;

const HEAD: &str = "[list]\nid = \"test\"\ntitle = \"T\"\npublisher = \"P\"\nread = 2026-11-22\n";

fn refusal(rows: &str) -> String {
    match read_text("t.toml", &format!("{HEAD}{rows}")).map(ParsedFile::finish) {
        Ok(Ok(_)) => panic!("accepted"),
        Ok(Err(e)) | Err(e) => format!("{} {e}", e.code()),
    }
}

/// A row; its first line is line 6 of the file.
fn row(lines: &str) -> String {
    format!("[[entry]]\nid = \"a\"\neffect = \"watch\"\n{lines}\n")
}

#[test]
fn an_entry_reads_whole() {
    let text = format!(
        "{HEAD}{}",
        row("name = \"DJI\"\nkind = \"company\"\naliases = [\"SZ DJI\"]\nweak_aliases = [\"DJ\"]\nformer = [\"F\"]\n\
             acronyms = [\"A\"]\nidentifiers = [{type = \"uscc\", value = \"9144\", country = \"CN\"}]\n\
             addresses = [{text = \"Shenzhen\", country = \"China\"}]\ncountries = [\"CN\"]\ncitations = [\"85 FR 1\"]\n\
             effective = 2020-12-18\nlist = \"us-bis-el\"")
    );
    let loaded = read_text("t.toml", &text).unwrap().finish().unwrap();
    let entry = &loaded.entries[0];
    let names: Vec<_> = entry.names.iter().map(|n| (n.text.as_str(), n.kind, n.weak)).collect();
    assert_eq!(
        names,
        [
            ("DJI", NameKind::Primary, false),
            ("SZ DJI", NameKind::Alias, false),
            ("DJ", NameKind::Alias, true),
            ("F", NameKind::Former, false),
            ("A", NameKind::Acronym, false)
        ]
    );
    assert_eq!(entry.addresses[0].country, Country::from_code("CN"));
    assert_eq!(entry.read_on.unwrap().to_string(), "2026-11-22");
    assert_eq!((loaded.infos[0].id.as_str(), loaded.infos[0].title.as_str()), ("us-bis-el", "BIS Entity List"));
}

#[test]
fn mistakes_are_refused_where_they_stand() {
    let cite = "citations = [\"85 FR 1\"]";
    let unknown = refusal(&row("name = \"X\"\n  colour = \"red\""));
    assert!(unknown.starts_with("LIST-010 t.toml: line 10, column 3: unknown field `colour`"), "{unknown}");
    assert!(refusal("[[entry]]\nid = \n").starts_with("LIST-010 t.toml: line 7, column 6: "));
    assert_eq!(refusal(&row(cite)), "LIST-009 t.toml: line 6, field `name`: expected a name for entry `a`, found none");
    assert!(refusal(&row("name = \"X\"")).contains("line 6, field `citations`: expected a citation or a `source_url`"));
    assert!(refusal(&row(&format!("name = \"X\"\n{cite}\nkind = \"firm\""))).contains(
        "line 11, field `kind`: expected one of unknown, person, company, vessel, aircraft, address, category, found `firm`"
    ));
    assert!(
        refusal(&row(&format!("name = \"X\"\n{cite}\neffective = 2020-12-18T10:00:00"))).contains("field `effective`")
    );
    assert!(refusal(&row(&format!("name = \"X\"\n{cite}\ncountries = [\"Narnia\"]"))).contains("found `Narnia`"));
    let twice = format!("{}{}", row(&format!("name = \"X\"\n{cite}")), row(&format!("name = \"Y\"\n{cite}")));
    assert!(
        refusal(&twice)
            .starts_with("LIST-012 t.toml: line 11: entry `a` of test was already given, differently, on line 6")
    );
    assert!(refusal("").starts_with("LIST-011"));
    let unread = format!("{}{}", HEAD.replace("read = 2026-11-22\n", ""), row(&format!("name = \"X\"\n{cite}")));
    let error = read_text("t.toml", &unread).err().unwrap().to_string();
    assert!(error.contains("field `read`: expected the day entry `a` was read"), "{error}");
}
