//! How many ordinary shipments the rules stop: real goods texts with their codes, invented parties, ordinary routes.

use crate::shared::{Choice, curated, data};
use engine::rule::{Known, Prepared, Rules};
use engine::screen::Scratch;
use model::finding::{Outcome, Reason};
use model::shipment::{Goods, Party, Place, Role, Route, Shipment};
use std::time::Instant;

const ROUTES: [(&str, &str, &str); 16] = [
    ("Shanghai", "", "Rotterdam"),
    ("Shenzhen", "", "Hamburg"),
    ("Yantian", "", "Felixstowe"),
    ("Ningbo", "", "Los Angeles"),
    ("Busan", "", "Los Angeles"),
    ("Ho Chi Minh City", "Singapore", "Rotterdam"),
    ("Mumbai", "Jebel Ali", "Felixstowe"),
    ("Santos", "", "Antwerp"),
    ("Istanbul", "", "Hamburg"),
    ("Hamburg", "", "Los Angeles"),
    ("Rotterdam", "", "Felixstowe"),
    ("Los Angeles", "", "Yokohama"),
    ("Antwerp", "Singapore", "Sydney"),
    ("Felixstowe", "", "New York"),
    ("Haiphong", "Hong Kong", "Long Beach"),
    ("Bremerhaven", "", "Mumbai"),
];
const FIRST: [&str; 10] =
    ["Copper", "Velvet", "Marigold", "Silver", "Amber", "Maple", "Lotus", "Crimson", "Harbour", "Saffron"];
const SECOND: [&str; 10] = ["Heron", "Badger", "Pier", "Thistle", "Saddle", "Otter", "Ferry", "Loom", "Wren", "Kite"];
const FORMS: [&str; 6] =
    ["Foods Ltd", "Retail GmbH", "Health B.V.", "Imports Inc.", "Supply S.A.", "Trading Co., Ltd."];

/// Goods texts with their codes, where the file has them.
fn goods() -> Option<Vec<Goods>> {
    let mut goods = Vec::new();
    for (path, text, code) in
        [("goods/extra_references.csv", 0, Some(1)), ("goods/usaid_scms_deliveries.csv", 18, None)]
    {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(data(path)?).expect("the file opens");
        for record in reader.byte_records() {
            let record = record.expect("the file is CSV");
            let cell = |at: usize| record.get(at).map(|c| String::from_utf8_lossy(c).into_owned()).unwrap_or_default();
            let line =
                Goods { description: cell(text), hs_code: code.map(cell).unwrap_or_default(), ..Goods::default() };
            goods.push(line);
        }
    }
    Some(goods)
}

fn shipments(count: usize) -> Option<Vec<Shipment>> {
    let goods = goods()?;
    let mut choice = Choice::seeded(20_261_124);
    let place = |text: &str| Place { text: text.to_owned(), ..Place::default() };
    let mut shipments = Vec::with_capacity(count);
    for number in 0..count {
        let mut name = |role: Role| Party {
            role: Some(role),
            name: format!("{} {} {}", FIRST[choice.below(10)], SECOND[choice.below(10)], FORMS[choice.below(6)]),
            ..Party::default()
        };
        let mut parties = vec![name(Role::Shipper), name(Role::Consignee), name(Role::NotifyParty)];
        if number % 5 == 0 {
            parties.push(Party {
                role: Some(Role::Forwarder),
                name: "Fictive Wren Logistics".to_owned(),
                ..name(Role::Forwarder)
            });
        }
        let (from, by, to) = ROUTES[choice.below(ROUTES.len())];
        // Both files in turn, so that the larger does not drown the other.
        let parcels = 2_358.min(goods.len());
        let at = if number % 2 == 0 { choice.below(parcels) } else { parcels + choice.below(goods.len() - parcels) };
        shipments.push(Shipment {
            reference: number.to_string(),
            parties,
            goods: vec![goods[at].clone()],
            route: Route {
                loading: Some(place(from)),
                transshipment: if by.is_empty() { Vec::new() } else { vec![place(by)] },
                discharge: Some(place(to)),
                destination: Some(place(to)),
                ..Route::default()
            },
            ..Shipment::default()
        });
    }
    Some(shipments)
}

#[test]
fn ordinary_shipments_are_not_stopped() {
    let Some(shipments) = shipments(2_000) else { return };
    let engine = curated();
    let mut scratch = Scratch::default();
    let mut stopped: Vec<String> = Vec::new();
    for shipment in &shipments {
        let screening = engine.screen(shipment, &mut scratch);
        if screening.outcome >= Outcome::Review {
            stopped.push(format!("{:?}: {}", shipment.goods[0].description, screening.summary));
        }
    }
    println!("{} of {} ordinary shipments at REVIEW or above", stopped.len(), shipments.len());
    for line in stopped.iter().take(20) {
        println!("  {line}");
    }
    assert!(stopped.len() <= 20, "{} of 2,000, expected 20 at most", stopped.len());

    // What the rules cost beside the search for names; the best of five rounds, because the machine is shared.
    let on = |_: Reason| true;
    let rules = Rules::builtin();
    // The search for names folds these texts in any case.
    let prepared: Vec<Prepared> = shipments.iter().map(|s| Prepared::of(s, rules.lexicon())).collect();
    let (mut whole, mut alone) = (u128::MAX, u128::MAX);
    for _ in 0..5 {
        let start = Instant::now();
        for shipment in &shipments {
            std::hint::black_box(engine.screen(shipment, &mut scratch));
        }
        whole = whole.min(start.elapsed().as_nanos());
        let start = Instant::now();
        for (shipment, prepared) in shipments.iter().zip(&prepared) {
            std::hint::black_box(rules.screen(shipment, prepared, on, |_| true, Known::default()));
        }
        alone = alone.min(start.elapsed().as_nanos());
    }
    let names = whole.saturating_sub(alone);
    println!(
        "a screening takes {} ns, {} ns of it rules: {} % on top of the names",
        whole / 2_000,
        alone / 2_000,
        alone * 100 / names.max(1)
    );
}
