use super::*;
use proptest::prelude::*;

fn read(text: &str) -> String {
    undone(text).map_or_else(|| text.to_owned(), |undone| undone.text)
}

#[test]
fn disguises_are_taken_back() {
    for (written, read_as) in [
        ("Hua<b>w</b>ei", "Huawei"),
        ("Hua&shy;wei", "Hua\u{ad}wei"),
        ("Hua&#173;wei", "Hua\u{ad}wei"),
        ("&#72;uawei &#x54;ech", "Huawei Tech"),
        ("Acme<br>Huawei", "Acme Huawei"),
        ("\u{202e}iewauH\u{202c} Ltd", "\u{202e}Huawei\u{202c} Ltd"),
        ("\u{e0048}\u{e0075}\u{e0061}\u{e0077}\u{e0065}\u{e0069}", "Huawei"),
        ("🇭🇺🇦🇼🇪🇮", "huawei"),
        ("R0s0b0r0nexport", "Rosoboronexport"),
        ("HHuuaawweeii", "Huawei"),
        ("SSII CCHHEENN", "SI CHEN"),
        ("AL1 AF1F AL H3RZ", "ALi AFiF AL HeRZ"),
        ("S I  C H E N", "SI CHEN"),
        ("HHooffffmmaannnn", "Hoffmann"),
        ("Huaaaawei", "Huawei"),
        ("H u a w e i", "Huawei"),
        ("H.u.a.w.e.i", "Huawei"),
        ("to H-u-a-w-e-i, Ltd", "to Huawei, Ltd"),
        ("M&eacute;tallo", "Metallo"),
    ] {
        assert_eq!(read(written), read_as, "{written}");
    }
}

#[test]
fn ordinary_texts_stay_as_they_are() {
    for plain in [
        "Huawei Technologies Co., Ltd.",
        "AT&T; part A4B2C5, 10x20 mm, M8 bolts, H2O, 5G modem, WD40",
        "sizes S M L, blood type A B O",
        "U.S.A., D.J.I.",
        "temp < 5 and > 2",
        "a <5C; b",
        "🇩🇪 Hamburg",
        "committee, bookkeeper, Mississippi, Aaron",
        "1st 2nd 3rd A 1 B 2 C 3",
        "model XR200S, 0B1, T1000",
    ] {
        assert_eq!(undone(plain).map(|u| u.text), None, "{plain}");
    }
}

proptest! {
    /// Every byte of what is read stands for a range of the original, in order, on character boundaries.
    #[test]
    fn the_way_back_is_sound(text in "[a-c0-1A é<>b&;#\\.\u{202e}\u{202c}\u{e0041}🇩🇪\n]{0,60}") {
        if let Some(Undisguised { text: read, starts, ends }) = undone(&text) {
            prop_assert_eq!((starts.len(), ends.len()), (read.len(), read.len()));
            for (start, end) in starts.iter().zip(&ends) {
                prop_assert!(start < end && text.get(*start as usize..*end as usize).is_some());
            }
            prop_assert!(starts.is_sorted());
        }
    }
}
