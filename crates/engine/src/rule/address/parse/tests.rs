//! Real addresses, taken apart.

use super::*;

fn shown(text: &str) -> String {
    let p = Parsed::of(text);
    let houses: Vec<String> = p
        .houses
        .iter()
        .map(|h| {
            format!("{}-{}{}", h.first, h.last, if h.letter == 0 { String::new() } else { char::from(h.letter).into() })
        })
        .collect();
    let places: Vec<&str> = p.places.iter().map(|w| w.text.as_str()).collect();
    format!(
        "u{} f{} h{} b{} {}",
        p.units.join("+"),
        p.floors.join("+"),
        houses.join("+"),
        p.blocks.join("+"),
        places.join(" ")
    )
}

#[test]
fn the_parts_of_real_addresses_are_told_apart() {
    for (text, expected) in [
        (
            "Flat/RM 2309, 23/F, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok",
            "u2309 f23 h2-16 b ho king fa yuen mong kok",
        ),
        ("2-16 Fayuen Street, Room 04, 16th Floor, Ho King Commercial Center", "u4 f16 h2-16 b fayuen ho king"),
        (
            "Unit 701-702,7/F, Grand Tech Centre, No. 8 On Ping Street, Shatin",
            "u701+702 f7 h8-8 b grand on ping shatin",
        ),
        ("Room 1318-19, 13F, Hollywood Plaza, 610 Nathan Road", "u1318+1319 f13 h610-610 b hollywood nathan"),
        ("Room 19C Lockhart Centre 301-307, Lockhart Rd. Wan Chai", "u19c f h301-307 b lockhart lockhart wan chai"),
        ("14 Floor, West Wing, No.18 Gaoxin South 4th Ave., Shenzhen 518057", "u f14 h18-18 b gaoxin 4th shenzhen"),
        ("Room 203, B Building, No. 57 Busha Road", "u203 f h57-57 bb busha"),
        ("Nos. 351 & 353 King's Road", "u f h351-353 b kings"),
        ("14C, Hung Shui Kiu Main Street", "u f h14-14c b hung shui kiu main"),
        ("G/F, No. 89, Fuyan Street", "u fg h89-89 b fuyan"),
        ("Rm G01, G/F, 8 OnPing St", "ug01 fg h8-8 b onping"),
        ("Office M-02, Al Andalus Bldg, Abu Hail", "um2 f h b al andalus abu hail"),
        ("Office No. 210-A, R.A. Bazar, Rawalpindi", "u210a f h b ra bazar rawalpindi"),
        ("Yener Apt, No: 9-2 Feyzullah Mahallesi", "u f h9-9 b yener feyzullah"),
        ("Sector I-8/4, House No. 460, Street No. 105", "u f h460-460 bi8-4 "),
        ("Room 01, floor 13, no. A2 courtyard, west 3 rd ring r.", "u1 f13 h2-2a b 3th ring"),
        ("Ul. Polyany 9/6, Moscow 117042", "u f h9-9 b polyany moscow"),
        ("No. 2, Haitai Huakke No. 5 Road", "u f h2-2 b haitai huakke"),
        ("Third Floor, Mira str. 8, str. 2", "u f3 h8-8 b2 mira"),
        ("No: 52 Hasat Sk., Kamara Iç Kapi No: 1", "u1 f h52-52 b hasat kamara"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}
