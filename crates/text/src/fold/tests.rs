use super::*;
use proptest::prelude::*;

fn words(text: &str, reading: Reading) -> String {
    let folded = Folded::of(text, reading);
    folded.tokens().iter().map(|&t| folded.text(t)).collect::<Vec<_>>().join(" ")
}

#[test]
fn folds_what_writers_vary() {
    for (given, expected) in [
        ("SZ DJI Technology Co., Ltd.", "sz dji technology co ltd"),
        ("D.J.I. Co.", "dji co"),
        ("J.S.C.Argument", "jsc argument"),
        ("O'Brien O’Brien", "obrien obrien"),
        ("Çelik Łódź Straße", "celik lodz strasse"),
        ("ＤＪＩ", "dji"),
        ("D\u{200b}J\u{ad}I", "dji"),
        ("Cafe\u{301}", "cafe"),
        ("Йошкар", "йошкар"),
        ("и\u{306}", "й"),
        ("大疆 创新", "大 疆 创 新"),
        ("٣٤", "34"),
        ("İstanbul", "istanbul"),
        ("Σίσυφος", "σισυφοσ"),
    ] {
        assert_eq!(words(given, Reading::Plain), expected, "{given}");
    }
}

#[test]
fn reads_look_alikes_and_other_scripts() {
    assert!(Folded::of("SZ DЈІ", Reading::Plain).has_look_alikes());
    assert!(!Folded::of("Завод DJI", Reading::Plain).has_look_alikes());
    assert_eq!(words("SZ DЈІ Тесhnоlоgу СО", Reading::LookAlike), "sz dji technology co");
    assert_eq!(words("Кронштадт", Reading::Romanised), "kronshtadt");
}

#[test]
fn letters_are_romanised_by_their_neighbours() {
    for (given, expected) in [
        // Greek places and given names as ELOT 743 has them.
        ("Ευβοια Ναύπλιο Γουμένισσα", "evvoia nafplio goumenissa"),
        ("Λεύκτρα Ευάγγελος", "lefktra evangelos"),
        ("Μπάμπης Πειραιεύς", "bampis peiraiefs"),
        // Arabic and Persian: long vowels alone, the article apart.
        ("محمد خالد", "mhmd khald"),
        ("عبدالله حسين", "abdallah hsin"),
        ("القاهره", "al qahrah"),
        ("يوسف وليد", "yusf wlid"),
        ("تهران گيلان چالوس پارس", "thran gilan chalus pars"),
        ("حسن‌زاده", "hsnzadah"),
        // Hebrew.
        ("ירושלים תל אביב", "yroshlim tl aviv"),
    ] {
        assert_eq!(words(given, Reading::Romanised), expected, "{given}");
    }
    let folded = Folded::of("κ. Μπάμπης", Reading::Romanised);
    let name = folded.tokens()[1];
    // The first letter stands for the digraph.
    assert_eq!(folded.original(name.start as usize, name.start as usize + 1), (4, 8));
    assert!(Folded::of("محمد", Reading::Romanised).lacks_vowels());
    assert!(!Folded::of("Кронштадт", Reading::Romanised).lacks_vowels());
}

/// Each token lies on whole characters of the original, behind the one before it, and so does each of its bytes.
fn spans_lead_back(text: &str, reading: Reading) -> Result<(), TestCaseError> {
    let folded = Folded::of(text, reading);
    let mut last = 0;
    for token in folded.tokens() {
        let (start, end) = folded.original(token.start as usize, token.end as usize);
        prop_assert!(last <= start && start < end);
        prop_assert!(text.get(start as usize..end as usize).is_some());
        for byte in token.start as usize..token.end as usize {
            let (from, to) = folded.original(byte, byte + 1);
            prop_assert!(start <= from && from < to && to <= end);
            prop_assert!(text.get(from as usize..to as usize).is_some());
        }
        last = end;
    }
    prop_assert_eq!(folded.tokens().last().map_or(0, |t| t.end as usize), folded.squeezed().len());
    Ok(())
}

/// Texts of the scripts whose letters depend on each other, with marks and blanks.
const SCRIPTS: &str = "[αυουηγκχμπντσςΜΠΕά\u{301}ιابتوليهةعءگچپژ\u{64b}\u{640}אבוייהעש\u{5b0}a .,-]{0,30}";

proptest! {
    #[test]
    fn offsets_lead_back_in_scripts_of_digraphs(text in SCRIPTS) {
        for reading in [Reading::Plain, Reading::Romanised] {
            spans_lead_back(&text, reading)?;
        }
    }

    /// Spans lie on character boundaries of the original, in order, and folding again changes nothing.
    #[test]
    fn offsets_lead_back(text in "\\PC{0,40}") {
        for reading in [Reading::Plain, Reading::LookAlike, Reading::Romanised] {
            spans_lead_back(&text, reading)?;
        }
        let folded = Folded::of(&text, Reading::Plain);
        let again = Folded::of(folded.squeezed(), Reading::Plain);
        prop_assert_eq!(again.squeezed(), folded.squeezed());
    }
}
