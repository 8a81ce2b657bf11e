//! The fuzz targets of `fuzz/`, driven by a seeded generator: no tool needed, the same run every time.
//!
//! `TIDEWAITER_FUZZ_SECONDS=600 cargo test --test it fuzz_smoke` goes on for ten minutes each.

#[path = "../../fuzz/src/engine_laws.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate offers these to its targets")]
mod engine_laws;

#[path = "../../fuzz/src/wire_laws.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate offers these to its targets")]
mod wire_laws;

use crate::shared::{Choice, csl};
use engine::screen::Scratch;
use model::shipment::{Goods, Party, Shipment};
use prost::Message as _;
use std::time::{Duration, Instant};

/// Rounds of each target without the variable.
const ROUNDS: usize = 1500;

/// Pieces that names are made of: what the parser knows, and what breaks parsers.
const PIECES: [&str; 69] = [
    "Shenzhen",
    "DJI",
    "Innovation",
    "Technology",
    "Co.,",
    "Ltd.",
    "LLC",
    "OOO",
    "ООО",
    "АО",
    "S.A.",
    "de",
    "C.V.",
    "bin",
    "ibn",
    "al-",
    "Abd-al-",
    "Abdul",
    "Mohamed",
    "Muhammad",
    "von",
    "O'",
    "M/V",
    "II",
    "XIV",
    "forty",
    "four",
    "3rd",
    "2019",
    "№",
    "A.",
    "B",
    "J.S.C.",
    "(formerly",
    "c/o",
    "SHIPPER:",
    "&#72;",
    "&shy;",
    "<b>",
    "\u{202e}",
    "R0s0",
    "HHuu",
    "D J I W E",
    "a.k.a.",
    ")",
    "[",
    "/",
    "大疆创新",
    "有限公司",
    "深圳市",
    "Калашников",
    "محمد",
    "الشركة",
    "ישראל",
    "東京",
    "サクラ",
    "김정은",
    "Ελλάς",
    "ქართული",
    "क्षेत्र",
    "ไทย",
    "\u{301}",
    "\u{200b}",
    "\u{202e}",
    "\u{fffd}",
    "İ",
    "ß",
    "ﷺ",
    "🚢",
];

/// Text of known and of arbitrary pieces, now and then repeated many times over.
fn text(choice: &mut Choice) -> String {
    let mut out = String::new();
    for _ in 0..choice.below(9) {
        let piece = match choice.below(8) {
            0 => char::from_u32(choice.below(0x11_0000) as u32).unwrap_or('\u{fffd}').to_string(),
            1 => char::from(b' ' + choice.below(95) as u8).to_string(),
            2 => char::from_u32(choice.below(0x3000) as u32).unwrap_or(' ').to_string(),
            _ => PIECES[choice.below(PIECES.len())].to_owned(),
        };
        let times = if choice.below(40) == 0 { 1 + choice.below(300) } else { 1 };
        for _ in 0..times {
            out.push_str(&piece);
            out.push_str(["", " ", " ", " ", "-", ".", "\n"][choice.below(7)]);
        }
    }
    out
}

/// The bytes with a few of them changed, so that the encoding breaks too.
fn bytes(choice: &mut Choice) -> Vec<u8> {
    let mut bytes = text(choice).into_bytes();
    if choice.below(4) == 0 && !bytes.is_empty() {
        let at = choice.below(bytes.len());
        bytes[at] = choice.below(256) as u8;
    }
    bytes
}

fn drive(seed: u64, target: fn(&[u8])) {
    drive_with(seed, bytes, target);
}

fn drive_with(seed: u64, bytes: fn(&mut Choice) -> Vec<u8>, target: fn(&[u8])) {
    let seconds = std::env::var("TIDEWAITER_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).map(Duration::from_secs);
    let start = Instant::now();
    let mut choice = Choice::seeded(seed);
    let mut rounds = 0;
    while seconds.map_or(rounds < ROUNDS, |limit| start.elapsed() < limit) {
        let bytes = bytes(&mut choice);
        if std::panic::catch_unwind(|| target(&bytes)).is_err() {
            panic!("round {rounds} of seed {seed}: {:?}", String::from_utf8_lossy(&bytes));
        }
        rounds += 1;
    }
    println!("{rounds} rounds in {:?}", start.elapsed());
}

#[test]
fn folding_keeps_its_laws() {
    drive(1, engine_laws::folding);
}

#[test]
fn comparison_keeps_its_laws() {
    drive(2, engine_laws::names);
}

#[test]
fn cells_keep_their_laws() {
    drive(5, engine_laws::cells);
}

#[test]
fn screening_keeps_its_laws() {
    drive(3, engine_laws::screening);
}

/// Fields as long as a record allows, made to lead to as much work as can be: common names, words that are all new,
/// one endless word, listed names end to end, single letters.
#[test]
fn a_field_at_the_limit_is_answered_in_bounded_time() {
    let Some(engine) = csl() else { return };
    const BYTES: usize = 64 * 1024;
    let filled = |mut piece: Box<dyn FnMut(usize) -> String>| {
        let mut text = String::with_capacity(BYTES + 64);
        for at in 0.. {
            let next = piece(at);
            if text.len() + next.len() > BYTES {
                return text;
            }
            text.push_str(&next);
        }
        text
    };
    let listed: Vec<String> = engine.snapshot().entries().iter().step_by(7).map(|e| e.primary_name().into()).collect();
    let count = listed.len();
    let fields = [
        ("a common name", filled(Box::new(|_| "mohammed ali ".to_owned()))),
        ("common words", filled(Box::new(|at| ["abdul ", "trading ", "general ", "al ", "khan "][at % 5].to_owned()))),
        ("new words", filled(Box::new(|at| format!("w{at:x}orta{at} ")))),
        ("one word", filled(Box::new(|_| "kronshtadt".to_owned()))),
        ("listed names", filled(Box::new(move |at| format!("{} ", listed[at % count])))),
        ("letters", filled(Box::new(|at| format!("{} ", char::from(b'a' + (at % 26) as u8))))),
        ("marks", filled(Box::new(|_| "e\u{301}\u{301}".to_owned()))),
        ("ideographs", filled(Box::new(|at| ["大", "疆", "张", "伟"][at % 4].to_owned()))),
    ];
    let mut scratch = Scratch::default();
    for (what, text) in fields {
        let name = Party { name: text.clone(), address: text.clone(), ..Party::default() };
        let goods = Goods { description: text, ..Goods::default() };
        for (place, shipment) in [
            ("name", Shipment { parties: vec![name], ..Shipment::default() }),
            ("goods", Shipment { goods: vec![goods], ..Shipment::default() }),
        ] {
            let start = Instant::now();
            let screening = engine.screen(&shipment, &mut scratch);
            let took = start.elapsed();
            println!("{what} as {place}: {took:?}, {} findings", screening.findings.len());
            assert!(took < Duration::from_secs(10), "{what} as {place} took {took:?}");
        }
    }
}

/// A message of some shipments with anything in their fields, now and then with a byte changed.
fn message(choice: &mut Choice) -> Vec<u8> {
    use wire::v1;
    let mut shipments = Vec::new();
    for _ in 0..choice.below(3) {
        let mut shipment = v1::Shipment { reference: text(choice), as_of: text(choice), ..v1::Shipment::default() };
        if choice.below(2) == 0 {
            shipment.as_of = ["", "2020-12-18", "2020-02-30", "0000-00-00"][choice.below(4)].to_owned();
        }
        for _ in 0..choice.below(3) {
            let country = if choice.below(2) == 0 { "CN".to_owned() } else { text(choice) };
            shipment.parties.push(v1::Party {
                role: choice.below(40) as i32 - 4,
                name: text(choice),
                address: text(choice),
                country,
                other_names: vec![text(choice); choice.below(3)],
                ..v1::Party::default()
            });
        }
        for _ in 0..choice.below(3) {
            shipment.goods.push(v1::Goods { description: text(choice), hs_code: text(choice), ..v1::Goods::default() });
        }
        for _ in 0..choice.below(2) {
            shipment.vessels.push(v1::Vessel { name: text(choice), imo: text(choice), ..v1::Vessel::default() });
        }
        shipments.push(shipment);
    }
    let mut bytes = v1::ScreenBatchRequest { shipments, verbose: false }.encode_to_vec();
    for _ in 0..[0, 0, 1, 4][choice.below(4)] {
        if !bytes.is_empty() {
            let at = choice.below(bytes.len());
            bytes[at] = choice.below(256) as u8;
        }
    }
    bytes
}

#[test]
fn conversion_keeps_its_laws() {
    drive_with(4, message, wire_laws::conversion);
}
