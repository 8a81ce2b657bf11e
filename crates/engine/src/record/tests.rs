use super::*;

/// The cell as `kind:text` for each segment; `?` marks a doubtful name, `<` the least end of a name.
fn shown(cell: &str) -> String {
    let read = read(cell);
    let mut out = Vec::new();
    for segment in &read.segments {
        let text = &cell[segment.span()];
        let least = &cell[segment.start as usize..segment.least_end as usize];
        let mut word = match segment.kind {
            SegmentKind::Name => "N".to_owned(),
            SegmentKind::Address => "A".to_owned(),
            SegmentKind::Identifier(kind) => format!("I({})", kind.as_str()),
            SegmentKind::Contact => "C".to_owned(),
            SegmentKind::Relation => "R".to_owned(),
            SegmentKind::Note => "X".to_owned(),
        };
        if segment.kind == SegmentKind::Name {
            if segment.relation != Relation::Party {
                word += &format!("({})", segment.relation.as_str());
            }
            if !segment.is_sure {
                word += "?";
            }
        }
        let text = if least == text { text.to_owned() } else { format!("{least}<{}", &text[least.len()..]) };
        out.push(format!("{word}:{text}"));
    }
    out.join(" | ")
}

#[test]
fn cells_are_cut_into_segments() {
    for (cell, expected) in [
        ("MAHAN AIR, AZADI AVENUE, TEHRAN IRAN", "N:MAHAN AIR | A:AZADI AVENUE, TEHRAN IRAN"),
        ("MAHAN AIR AZADI AVENUE TEHRAN IRAN", "N:MAHAN< AIR | A:AZADI AVENUE TEHRAN IRAN"),
        ("Rosoboronexport 27 Stromynka str Moscow", "N:Rosoboronexport | A:27 Stromynka str Moscow"),
        ("ROSOBORONEXPORT MOSCOW RUSSIA", "N:ROSOBORONEXPORT | A:MOSCOW RUSSIA"),
        ("Blue Harbour c/o Rosoboronexport", "N:Blue Harbour | R:c/o | N(care_of):Rosoboronexport"),
        ("Blue Harbour, attn: Rosoboronexport", "N:Blue Harbour | R:attn | N(attention):Rosoboronexport"),
        (
            "TO THE ORDER OF BANK MELLI IRAN",
            "R:TO THE ORDER OF | N(to_order_of):BANK MELLI< IRAN | N(to_order_of):BANK MELLI",
        ),
        (
            "Rosoboronexport / Blue Harbour Trading",
            "N:Rosoboronexport< / Blue Harbour Trading | N:Rosoboronexport | N(and):Blue Harbour Trading",
        ),
        ("Bank of China, Shanghai Branch", "N:Bank of China<, Shanghai Branch | N:Bank of China | X:Shanghai Branch"),
        ("SMITH, John, 12 High Street", "N:SMITH<, John | N:SMITH | N(and)?:John | A:12 High Street"),
        ("1. MAHAN AIR\n2. BLUE HARBOUR", "N:MAHAN AIR | N:BLUE HARBOUR"),
        ("WUHAN HUAWEI CO., LTD., WUHAN, HUBEI", "N:WUHAN HUAWEI< CO., LTD | A:WUHAN, HUBEI"),
        ("FOSHAN KOTAHYA BUILDING MATERIALS CO LIMITED", "N:FOSHAN KOTAHYA BUILDING MATERIALS< CO LIMITED"),
        ("DEMANTI CA GROUP", "N:DEMANTI CA GROUP"),
        ("por cuenta de MAHAN AIR", "R:por cuenta de | N(on_behalf_of):MAHAN AIR"),
        ("ООО Ромашка, ул. Ленина, д. 5", "N:ООО Ромашка | A:ул. Ленина, д. 5"),
        ("大疆创新科技有限公司深圳市南山区18号", "N:大疆创新科技<有限公司 | A:深圳市南山区18号"),
        ("شركة ماهان للطيران، شارع آزادي، طهران", "N:شركة ماهان للطيران | A:شارع آزادي، طهران"),
        ("", ""),
        (" -- ", ""),
    ] {
        assert_eq!(shown(cell), expected, "{cell}");
    }
}

#[test]
fn numbers_are_read_with_and_without_labels() {
    for (cell, expected) in [
        ("Blue Harbour, INN 7802170553", "N:Blue Harbour | I(inn):7802170553"),
        ("Blue Harbour (INN7802170553)", "N:Blue Harbour | I(inn):7802170553"),
        ("INN/KPP 7802170553/780201001", "I(inn):7802170553 | I(other):780201001"),
        ("TIN: 7802170553.0", "I(tax):7802170553"),
        ("ИНН ７８０２１７０５５３", "I(inn):７８０２１７０５５３"),
        ("Blue Harbour 7802170553", "N:Blue Harbour | I(inn):7802170553"),
        ("CNPJ 12.345.678/0001-95", "I(tax):12.345.678/0001-95"),
        ("VAT No. DE 123456789", "I(tax):DE 123456789"),
        ("统一社会信用代码：914403007954257495", "I(uscc):914403007954257495"),
        ("IMO 9074729 OCEAN STAR", "I(imo):9074729 | N:OCEAN STAR"),
        ("Blue Harbour TEL +98 21 48381752", "N:Blue Harbour | C:TEL +98 21 48381752"),
        ("Blue Harbour info@example.com", "N:Blue Harbour | C:info@example.com"),
    ] {
        assert_eq!(shown(cell), expected, "{cell}");
    }
}

#[test]
fn running_text_opens_parties_by_their_role() {
    for (text, expected) in [
        ("SHIPPER: MAHAN AIR", "shipper MAHAN AIR"),
        ("drone parts made by Blue Harbour LLC", "manufacturer Blue Harbour LLC"),
        ("SHP/MAHAN AIR", "shipper MAHAN AIR"),
        ("NAD+CN+++MAHAN AIR+AZADI AVENUE+TEHRAN++IR'", "consignee MAHAN AIR"),
        ("получатель: МАХАН", "consignee МАХАН"),
        ("ceramic tiles, carrier grade", ""),
    ] {
        let opened = parties_in_text(text);
        let names = opened.iter().map(|o| {
            let name = o.cell.names().next().map_or("", |name| &text[name.span()]);
            format!("{} {name}", o.role.as_str())
        });
        assert_eq!(names.collect::<Vec<_>>().join(" | "), expected, "{text}");
    }
}

#[test]
fn spans_lie_on_character_boundaries_and_reading_is_bounded() {
    let long = "Ромашка, ".repeat(5_000);
    for cell in ["a℅b", "℅", "\\n\\n", "日本\u{301}株式会社, 1", "(((", "İ/İ", "+", "@@@", &long] {
        let read = read(cell);
        assert!(read.segments.len() <= MAX_SEGMENTS + 2);
        for segment in &read.segments {
            assert!(cell.get(segment.span()).is_some(), "{cell:?} {segment:?}");
            assert!(cell.is_char_boundary(segment.least_end as usize) && segment.least_end <= segment.end);
        }
    }
    assert!(read(&long).is_cut);
}
