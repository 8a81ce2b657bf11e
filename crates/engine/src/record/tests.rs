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
        (
            "1) MAHAN AIR, Tehran 2) BLUE HARBOUR, Dubai",
            "N?:MAHAN AIR, Tehran | N:MAHAN AIR | A:Tehran | N?:BLUE HARBOUR, Dubai | N:BLUE HARBOUR | A:Dubai",
        ),
        ("MARTIC, Milan, 12 High Street", "N?:MARTIC, Milan | N:MARTIC | A:Milan, 12 High Street"),
        // What stands behind the country of an address may be the name.
        (
            "12 High Street, Leeds, United Kingdom, JONES, Mary",
            "N?:12 High Street | A:12 High Street | N?:Leeds, United Kingdom | N:Leeds | A:United Kingdom, JONES, Mary | \
             N?:JONES, Mary",
        ),
        ("Blue Harbour, 12 High Street, London", "N:Blue Harbour | A:12 High Street, London"),
        ("Blue Harbour (antes Mahan Air)", "N:Blue Harbour | R:antes | N(formerly):Mahan Air"),
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
        ("INN 7802170553/780201001", "I(inn):7802170553 | I(other):780201001"),
        ("Reg. No. CD/KNG/RCCM/18-B-01272", "I(registration):CD/KNG/RCCM/18-B-01272"),
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

/// The words of the languages that cells are read in, and those of EDIFACT, DCSA and Cargo-IMP.
#[test]
fn role_words_of_every_language_open_a_party_of_that_role() {
    let rows: [(&str, &[&str]); 9] = [
        (
            "shipper",
            &[
                "SHIPPER: {}",
                "Consignor: {}",
                "Sender - {}",
                "SHP/{}",
                "SHP\n{}",
                "OS: {}",
                "NAD+CZ+++{}'",
                "expedidor: {}",
                "remitente: {}",
                "embarcador: {}",
                "expéditeur: {}",
                "Absender: {}",
                "mittente: {}",
                "gönderici: {}",
                "грузоотправитель: {}",
                "الشاحن: {}",
                "发货人：{}",
            ],
        ),
        (
            "consignee",
            &[
                "CONSIGNEE: {}",
                "consigned to {}",
                "CNE/{}",
                "CN: {}",
                "NAD+CN+++{}'",
                "NAD+CN+5412345000013::9++{}+MAIN ST'",
                "consignatario: {}",
                "destinatário: {}",
                "destinataire: {}",
                "Empfänger: {}",
                "destinatario: {}",
                "alıcı: {}",
                "получатель: {}",
                "المرسل إليه: {}",
                "收货人: {}",
            ],
        ),
        (
            "notify_party",
            &[
                "NOTIFY PARTY: {}",
                "also notify: {}",
                "NFY/{}",
                "N1: {}",
                "NAD+NI+++{}'",
                "notificar a: {}",
                "à notifier: {}",
                "Meldeadresse: {}",
                "da notificare: {}",
                "ihbar adresi: {}",
                "уведомляемая сторона: {}",
                "جهة الإخطار: {}",
                "通知方: {}",
            ],
        ),
        (
            "manufacturer",
            &[
                "manufactured by {}",
                "MADE BY {}",
                "MF: {}",
                "NAD+MF+++{}'",
                "fabricado por {}",
                "fabriqué par {}",
                "hergestellt von {}",
                "prodotto da {}",
                "üretici: {}",
                "изготовитель: {}",
                "الشركة المصنعة: {}",
                "制造商: {}",
            ],
        ),
        (
            "on_behalf_of_consignee",
            &[
                "for account of {}",
                "F/A/O {}",
                "on behalf of {}",
                "por cuenta de {}",
                "por conta de {}",
                "pour le compte de {}",
                "im Auftrag von {}",
                "für Rechnung von {}",
                "per conto di {}",
                "по поручению {}",
                "لحساب {}",
                "代表{}",
            ],
        ),
        (
            "buyer",
            &[
                "buyer: {}",
                "sold to {}",
                "NAD+BY+++{}'",
                "comprador: {}",
                "acheteur: {}",
                "Käufer: {}",
                "acquirente: {}",
                "покупатель: {}",
                "المشتري: {}",
                "买方: {}",
            ],
        ),
        (
            "end_user",
            &[
                "end user: {}",
                "NAD+UD+++{}'",
                "usuario final: {}",
                "usuário final: {}",
                "utilisateur final: {}",
                "Endverwender: {}",
                "utente finale: {}",
                "son kullanıcı: {}",
                "конечный пользователь: {}",
                "المستخدم النهائي: {}",
                "最终用户: {}",
            ],
        ),
        (
            "vessel_owner",
            &[
                "registered owner: {}",
                "owned by {}",
                "armador: {}",
                "propriétaire: {}",
                "Eigentümer: {}",
                "armatore: {}",
                "donatan: {}",
                "судовладелец: {}",
                "مالك السفينة: {}",
                "船东: {}",
            ],
        ),
        (
            "carrier",
            &[
                "carrier: {}",
                "carried by {}",
                "NAD+CA+++{}'",
                "transportista: {}",
                "transporteur: {}",
                "Frachtführer: {}",
                "vettore: {}",
                "taşıyıcı: {}",
                "перевозчик: {}",
                "الناقل: {}",
                "承运人: {}",
            ],
        ),
    ];
    for (role, forms) in rows {
        for form in forms {
            let joint = if form.as_bytes()[2].is_ascii_uppercase() || form.contains(": ") { "\n" } else { ", " };
            let text = format!("ceramic tiles{joint}{}", form.replace("{}", "Blue Harbour LLC"));
            let opened = parties_in_text(&text);
            let found = opened.iter().any(|opened| {
                let is_name = |name: &Segment| name.is_sure && text[name.span()].starts_with("Blue Harbour");
                opened.role.as_str() == role && opened.cell.names().any(is_name)
            });
            assert!(found, "{role} in {text:?}: {opened:?}");
        }
    }
}

#[test]
fn a_role_word_without_a_mark_opens_a_doubtful_name() {
    let opened = parties_in_text("tiles, consignee MAHAN AIR");
    assert!(opened.len() == 1 && opened[0].cell.names().all(|name| !name.is_sure));
    for text in ["carrier grade antenna", "buyer protection seal"] {
        assert_eq!(parties_in_text(text), [], "{text}");
    }
}

#[test]
fn a_short_number_behind_its_label_is_noticed() {
    for (cell, expected) in [
        ("Blue Harbour, CR No. 1234", Some("CR No. 1234")),
        ("Blue Harbour, INN: 12", Some("INN: 12")),
        ("Blue Harbour, CR No. 1234567", None),
        ("Blue Harbour, 12 High Street", None),
        ("Blue Harbour GST 5 Ltd", None),
    ] {
        let read = read(cell);
        let found = read.too_short.first().map(|n| &cell[n.start as usize..n.end as usize]);
        assert_eq!(found, expected, "{cell}");
    }
}

#[test]
fn spans_lie_on_character_boundaries_and_reading_is_bounded() {
    let long = "Ромашка, ".repeat(5_000);
    let signs = [
        "a℅b",
        "℅",
        "℅o1\u{fffd}f-f℅o\u{fffd}f%f",
        "℅℅ x",
        "a ℅\u{301}b",
        "1℅, ℅2",
        "NAD+CN+++℅x+y+℅'",
        "shipper: ℅o ℅",
    ];
    for cell in signs.into_iter().chain(["\\n\\n", "日本\u{301}株式会社, 1", "(((", "İ/İ", "+", "@@@", &long]) {
        let read = read(cell);
        assert!(read.segments.len() <= MAX_SEGMENTS + 2);
        let opened = parties_in_text(cell).into_iter().flat_map(|opened| opened.cell.segments);
        for segment in read.segments.iter().copied().chain(opened) {
            assert!(cell.get(segment.span()).is_some(), "{cell:?} {segment:?}");
            assert!(cell.is_char_boundary(segment.core_start as usize) && segment.start <= segment.core_start);
            assert!(cell.is_char_boundary(segment.least_end as usize) && segment.least_end <= segment.end);
        }
    }
    assert!(read(&long).is_cut);
}

#[test]
fn the_sign_for_care_of_parts_two_names() {
    for cell in ["Acme Trading ℅ Heron Shipping", "Acme Trading ℅Heron Shipping", "Acme Trading℅Heron Shipping"] {
        let names: Vec<String> = read(cell).names().map(|name| cell[name.span()].to_owned()).collect();
        assert!(
            ["Acme Trading", "Heron Shipping"].iter().all(|name| names.iter().any(|n| n == name)),
            "{cell}: {names:?}"
        );
    }
}

#[test]
fn an_address_behind_a_name_is_told_from_more_of_the_name() {
    for text in
        [" 12 High Street", " Azadi Avenue, Tehran", " SY", " P.O. Box 376, Juba", " Damascus International Airport"]
    {
        assert!(address_follows(text, 1), "{text}");
    }
    for text in [
        "",
        " Trading 12 High Street",
        " Computer Systems Ltd, London",
        " Vista Logistics",
        " Ltd, SY",
        " Electric Japan Holdings Ltd.",
    ] {
        assert!(!address_follows(text, 3), "{text}");
    }
}
