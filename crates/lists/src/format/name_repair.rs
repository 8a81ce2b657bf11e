//! Repairs names and aliases of the lists of BIS and the Consolidated Screening List, and counts every repair.
//!
//! A repair is made only where it is certain. What is cut off a name goes to the remarks in full, so nothing the
//! publisher wrote is lost; what cannot be repaired (lost characters) is counted and left as listed.

use super::name_markers as markers;
use crate::build::{EntryBuilder, Repairs, is_acronym_of, tidy, trailing_acronym};
use model::entry::{Address, Name, NameKind};

/// Reads the names of an entry from the columns `name` and `alt_names`; its addresses must be there already.
pub(super) fn add_names(one: &mut EntryBuilder, name: &str, aliases: &str) {
    let mut notes = Vec::new();
    let names = read(name, aliases, &one.entry.addresses, &mut one.repairs, &mut notes);
    one.set_names(names);
    notes.into_iter().for_each(|note| one.verbatim_remark(note));
}

/// The spellings of an entry, the primary one first, from the columns `name` and `alt_names`. What was cut off is
/// added to `notes`.
pub(super) fn read(
    name: &str,
    aliases: &str,
    addresses: &[Address],
    repairs: &mut Repairs,
    notes: &mut Vec<String>,
) -> Vec<Name> {
    let mut names = Vec::new();
    let mut primary = tidy(name, repairs);
    let listed = primary.clone();
    let mut parent = None;
    if let Some((head, part, keeps_parent)) = markers::split_parent(&primary) {
        repairs.add("parent_prefix");
        parent = keeps_parent.then(|| head.to_owned());
        primary = part.to_owned();
    }
    if let Some(cut) = markers::covering_tail(&primary) {
        repairs.add("tail_cut");
        primary.truncate(cut);
    }
    if let Some((rest, _)) = markers::annotation(&primary) {
        repairs.add("annotation_cut");
        primary = rest;
    }
    let mut inner = Vec::new();
    // A name that is nothing but an alias stays as listed.
    if let Some((rest, found)) = markers::also_known_as(&primary)
        && !rest.is_empty()
    {
        repairs.add("alias_in_name");
        primary = rest;
        inner = found;
        // After the alias the entry may describe the party.
        if let Some((rest, _)) = markers::annotation(&primary) {
            repairs.add("annotation_cut");
            primary = rest;
        }
    }
    if let Some(cut) = markers::place_tail(&primary, addresses) {
        repairs.add("place_cut");
        primary.truncate(cut);
    }
    if primary != listed {
        notes.push(format!("Listed as: {listed}"));
    }
    let acronym = trailing_acronym(&primary).map(|(rest, acronym)| (rest.to_owned(), acronym.to_owned()));
    if let Some((rest, _)) = &acronym {
        repairs.add("acronym_split");
        primary.clone_from(rest);
    }
    names.push(Name::new(primary, NameKind::Primary));
    let acronym = acronym.map(|(_, a)| (a, NameKind::Acronym));
    let parent = parent.map(|p| (p, NameKind::Alias));
    for (text, kind) in parent.into_iter().chain(acronym).chain(inner) {
        push(&mut names, &text, kind, repairs);
    }
    read_aliases(aliases, &mut names, repairs);
    names
}

fn read_aliases(aliases: &str, names: &mut Vec<Name>, repairs: &mut Repairs) {
    for (index, piece) in split_aliases(aliases, repairs).into_iter().enumerate() {
        let mut text = tidy(piece, repairs);
        if let Some(rest) = stray_and(&text, index) {
            repairs.add("stray_and");
            text = rest.to_owned();
        }
        if text.starts_with('-') && text[1..].starts_with(char::is_alphabetic) {
            repairs.add("leading_hyphen");
            text.remove(0);
        }
        if text.is_empty() {
            repairs.add("empty_alias");
            continue;
        }
        match markers::also_known_as(&text) {
            Some((rest, found)) => {
                repairs.add("alias_in_name");
                if !rest.is_empty() {
                    push(names, &rest, NameKind::Alias, repairs);
                }
                for (text, kind) in found {
                    push(names, &text, kind, repairs);
                }
            }
            None => push(names, &text, NameKind::Alias, repairs),
        }
    }
}

/// Adds a spelling that is not there yet.
fn push(names: &mut Vec<Name>, text: &str, kind: NameKind, repairs: &mut Repairs) {
    if names.iter().any(|n| n.text == text) {
        repairs.add("duplicate_alias");
        return;
    }
    let primary = names.first().map_or("", |n| n.text.as_str());
    let kind = if kind == NameKind::Alias && is_acronym_of(text, primary) { NameKind::Acronym } else { kind };
    names.push(Name::new(text, kind));
}

/// Splits at semicolons outside parentheses. The separator is "; "; a bare ";" is a repair.
fn split_aliases<'a>(text: &'a str, repairs: &mut Repairs) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    if text.trim().is_empty() {
        return pieces;
    }
    let (mut start, mut depth) = (0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => {
                if !text[at + 1..].starts_with(' ') && at + 1 < text.len() {
                    repairs.add("joined_aliases");
                }
                pieces.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// The alias behind the "and " that the publisher's conversion left at the end of an enumeration. Only lower case,
/// and never on the first alias: no listed name begins so, but a single alias could be a name that does.
/// Entries that were joined from several have it in the middle as well.
fn stray_and(text: &str, index: usize) -> Option<&str> {
    let rest = text.strip_prefix("and ")?.trim_start();
    (index > 0 && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::country::Country;

    fn row(name: &str, aliases: &str) -> (Vec<(String, NameKind)>, Repairs, Vec<String>) {
        row_at(name, aliases, "")
    }

    fn row_at(name: &str, aliases: &str, address: &str) -> (Vec<(String, NameKind)>, Repairs, Vec<String>) {
        let (mut repairs, mut notes) = (Repairs::default(), Vec::new());
        let address = Address { text: address.into(), country: Country::from_code("CN") };
        let names = read(name, aliases, &[address], &mut repairs, &mut notes);
        (names.into_iter().map(|n| (n.text, n.kind)).collect(), repairs, notes)
    }

    fn texts(name: &str, aliases: &str) -> Vec<String> {
        row(name, aliases).0.into_iter().map(|n| n.0).collect()
    }

    #[test]
    fn a_stray_and_goes_and_real_names_stay() {
        let (names, repairs, _) = row("DJI", "SZ DJI Technology Co., Ltd.; and Da-Jiang Innovations");
        assert_eq!(names[2].0, "Da-Jiang Innovations");
        assert_eq!(repairs.count("stray_and"), 1);
        let (names, repairs, _) = row("X", "ANDREEV, Ivan; Andina SA; and one; And Partners; AND Systems");
        let expected = ["X", "ANDREEV, Ivan", "Andina SA", "one", "And Partners", "AND Systems"];
        assert_eq!(names.iter().map(|n| n.0.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!(repairs.count("stray_and"), 1);
        assert_eq!(texts("X", "and sons"), ["X", "and sons"]);
    }

    #[test]
    fn aliases_inside_names_become_aliases() {
        let (names, repairs, notes) = row("Gazprom Promgaz, AO (f.k.a., Old Promgaz OAO)", "");
        assert_eq!(
            names,
            [("Gazprom Promgaz, AO".into(), NameKind::Primary), ("Old Promgaz OAO".into(), NameKind::Former)]
        );
        assert_eq!(repairs.count("alias_in_name"), 1);
        assert_eq!(notes, ["Listed as: Gazprom Promgaz, AO (f.k.a., Old Promgaz OAO)"]);
        assert_eq!(
            texts("Mexpar, Inc. (a.k.a. Pasadena; Aviation Supply)", ""),
            ["Mexpar, Inc.", "Pasadena", "Aviation Supply"]
        );
        assert_eq!(texts("Far East, Inc. (a.k.a. FETCO, Inc.)", ""), ["Far East, Inc.", "FETCO, Inc."]);
        assert_eq!(
            texts("ARI [aka Astronautics Systems Center, Aerospace Institute]", ""),
            ["ARI", "Astronautics Systems Center", "Aerospace Institute"]
        );
        assert_eq!(texts("PEARL (A.K.A. NEI-CHIEN CHU) LI", ""), ["PEARL LI", "NEI-CHIEN CHU"]);
        assert_eq!(
            texts("Chitron Ltd., a.k.a. Chi-Chung Ltd. (Shenzhen)", ""),
            ["Chitron Ltd.", "Chi-Chung Ltd. (Shenzhen)"]
        );
        assert_eq!(texts("Ri Sung Chol (aka Ri Su'ng) (DPRK individual)", ""), ["Ri Sung Chol", "Ri Su'ng"]);
        assert_eq!(texts("YK-AKA", ""), ["YK-AKA"]);
        assert_eq!(texts("ABC Ltd. (formerly Old Name Ltd.)", ""), ["ABC Ltd.", "Old Name Ltd."]);
        let (names, ..) = row("X", "JSC NIIP, f.k.a., Otkrytoe NIIP; f.k.a. Sibirskaya OAO; and Y Institute a.k.a. Z");
        let former = |n: &str| names.iter().any(|x| x.0 == n && x.1 == NameKind::Former);
        assert!(former("Otkrytoe NIIP") && former("Sibirskaya OAO"));
        assert_eq!(names[4].0, "Y Institute");
        assert_eq!(
            texts("X", "Southwest Institute (a.k.a., China Academy (CAEP)?s 902 Institute)"),
            ["X", "Southwest Institute", "China Academy (CAEP)?s 902 Institute"]
        );
    }

    #[test]
    fn what_an_entry_covers_beside_the_name_is_cut_and_noted() {
        let (names, repairs, notes) = row("Poly Technologies Incorporated (PTI), and its sub-units and successors", "");
        assert_eq!((names[0].0.as_str(), names[1].0.as_str()), ("Poly Technologies Incorporated", "PTI"));
        assert_eq!(repairs.count("tail_cut"), 1);
        assert!(notes[0].ends_with("and its sub-units and successors"));
        assert_eq!(texts("Ardis LLC and any successor, sub-unit, or subsidiary thereof", ""), ["Ardis LLC"]);
        assert_eq!(texts("Ningbo Vet Co., Ltd. and all subsidiaries", ""), ["Ningbo Vet Co., Ltd."]);
        assert_eq!(texts("Smith and Successors", ""), ["Smith and Successors"]);
        assert_eq!(
            texts(
                "Ministry of Defence, including the Armed Forces and all operating units wherever located.  More.",
                ""
            ),
            ["Ministry of Defence"]
        );
        assert_eq!(texts("Igor Michurin (Russian individual)", ""), ["Igor Michurin"]);
        assert_eq!(texts("Hongyu Co., Ltd. (a subordinate institute of CETC-7)", ""), ["Hongyu Co., Ltd."]);
    }

    #[test]
    fn the_part_is_listed_and_its_parent_only_names_it() {
        let (names, repairs, _) =
            row("Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity:  HiFoo Co., Ltd.", "");
        assert_eq!(names, [("HiFoo Co., Ltd.".to_owned(), NameKind::Primary)]);
        assert_eq!(repairs.count("parent_prefix"), 1);
        assert_eq!(texts("CETC (CETC 13).  Subordinate Institution - Envoltek ", ""), ["Envoltek"]);
        assert_eq!(
            texts("Atomic Commission (PAEC), and subordinate entity Nuclear reactors", ""),
            ["Atomic Commission (PAEC)"]
        );
        let generic = "Second Academy. Subordinate Institution - 207th Research Institute";
        assert_eq!(texts(generic, ""), [generic]);
        assert_eq!(
            texts("Atomic Commission (PAEC), and subordinate entity Laser Institute (NILOP)", ""),
            ["Laser Institute (NILOP)", "Atomic Commission (PAEC)"]
        );
    }

    #[test]
    fn a_place_behind_the_legal_form_is_cut_when_the_address_confirms_it() {
        let cut = |name, address| row_at(name, "", address).0[0].0.clone();
        assert_eq!(cut("HiFoo Co., Ltd., Suzhou, Jiangsu", "1 Road, Suzhou, Jiangsu"), "HiFoo Co., Ltd.");
        assert_eq!(cut("HiFoo Co., Ltd., Hangzhou, China", "Hangzhou"), "HiFoo Co., Ltd.");
        assert_eq!(cut("HiFoo Co., Ltd., Suzhou, Jiangsu", "Suzhou"), "HiFoo Co., Ltd.");
        assert_eq!(cut("Xi?an HiFoo Co., Ltd., Xi?an, Shaanxi", "Xi'an"), "Xi?an HiFoo Co., Ltd.");
        assert_eq!(cut("HiFoo Co., Ltd., Suzhou", "Beijing"), "HiFoo Co., Ltd., Suzhou");
        assert_eq!(cut("HiFoo Co., Ltd., Beijing Institute", "Beijing"), "HiFoo Co., Ltd., Beijing Institute");
        assert_eq!(cut("Shanghai Foo, Inc.", "Shanghai, Foo, Inc."), "Shanghai Foo, Inc.");
    }

    #[test]
    fn small_dirt_is_removed_and_counted() {
        let (names, repairs, _) = row(" I.  ASH, ", "\"FUPI\"; Xi\u{92}an Works;-LLC Syrga; ; FUPI; Gaobeidian\nCo.");
        let got: Vec<_> = names.iter().map(|n| n.0.as_str()).collect();
        assert_eq!(got, ["I. ASH", "FUPI", "Xi’an Works", "LLC Syrga", "Gaobeidian Co."]);
        for kind in [
            "trailing_punctuation",
            "wrapped_quotes",
            "mojibake",
            "joined_aliases",
            "leading_hyphen",
            "empty_alias",
            "duplicate_alias",
        ] {
            assert_eq!(repairs.count(kind), 1, "{kind}");
        }
        assert_eq!(repairs.count("blanks"), 2);
        assert_eq!(texts("Scientific Enterprise \"Kant\"", ""), ["Scientific Enterprise \"Kant\""]);
    }

    proptest::proptest! {
        /// Whatever is in the fields: no panic, no empty spelling but from an empty name, no name twice.
        #[test]
        fn any_text_reads(
            name in "([A-Za-z?é中 .,;'\"-]|\\(|\\)|\\[|\\]|a\\.k\\.a\\.|formerly |aka |and its subsidiaries|, Ltd\\.,){0,12}",
            aliases in "([A-Za-z\u{92} .,;'\"-]|\\(|\\)|f\\.k\\.a\\.,|; and |Co\\., Ltd\\., ){0,12}",
        ) {
            let (names, ..) = row_at(&name, &aliases, "A, Suzhou");
            for (at, (text, _)) in names.iter().enumerate() {
                proptest::prop_assert!(at == 0 || !text.trim().is_empty());
                proptest::prop_assert!(names[..at].iter().all(|n| n.0 != *text));
            }
            if name.chars().any(char::is_alphabetic) {
                proptest::prop_assert!(!names[0].0.is_empty(), "{:?}", names);
            }
        }
    }

    #[test]
    fn lost_characters_are_counted_and_left() {
        let (names, repairs, _) = row("Xi?an Overland", "Caf\u{fffd} Ltd");
        assert_eq!(names[0].0, "Xi?an Overland");
        assert_eq!(repairs.count("lost_characters"), 2);
    }

    #[test]
    fn an_acronym_is_one_only_when_the_initials_say_so() {
        let (names, ..) = row("AERO ENGINE CORPORATION OF CHINA", "AECC; APEX");
        assert_eq!(names[1], ("AECC".to_owned(), NameKind::Acronym));
        assert_eq!(names[2].1, NameKind::Alias);
        let (names, repairs, _) = row("Atomic Energy Organization of Iran (AEOI)", "");
        assert_eq!(names[0].0, "Atomic Energy Organization of Iran");
        assert_eq!(names[1], ("AEOI".to_owned(), NameKind::Acronym));
        assert_eq!(repairs.count("acronym_split"), 1);
        assert_eq!(texts("Huawei Global Finance (UK) Limited", ""), ["Huawei Global Finance (UK) Limited"]);
    }
}
