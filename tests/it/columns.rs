//! Column names of real customs and manifest exports, measured against a count made by eye-level rules of its own.

use super::shared;
use records::columns::{Field, GoodsField, Meaning, meaning};

/// Words of headers that speak of a party.
const PARTIES: [&str; 22] = [
    "EXPORTER",
    "IMPORTER",
    "BUYER",
    "SUPPLIER",
    "SELLER",
    "CONSIGNEE",
    "SHIPPER",
    "NOTIFY",
    "NORTIFY",
    "AGENT",
    "AGENCY",
    "BROKER",
    "DECLARANT",
    "APPLICANT",
    "MANUFACT",
    "CARRIER",
    "FORWARDER",
    "TRANSPORT_COMPANY",
    "SHIPPING_LINE",
    "VENDOR",
    "CONSIGNOR",
    "RECEIVER",
];

/// Words of headers that speak of a party and hold no text of it.
const NOT_TEXT: [&str; 10] =
    ["CHECK_DIGIT", "DATE", "VALUE", "TYPE", "STATUS", "TOTAL", "COUNT_", "SUM", "PERCENT", "%"];

fn is_party(header: &str) -> bool {
    PARTIES.iter().any(|word| header.contains(word)) && !NOT_TEXT.iter().any(|word| header.contains(word))
}

fn is_goods(header: &str) -> bool {
    let is_of_goods = ["PRODUCT", "GOODS", "COMMERCIAL", "HS_", "ITEM", "COMMODITY", "CARGO"];
    let is_text = ["DESC", "NAME"].iter().any(|word| header.contains(word));
    is_text && !header.contains("REGIME") && is_of_goods.iter().any(|word| header.contains(word)) && !is_party(header)
}

fn is_goods_text(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Field(Field::Goods(GoodsField::Description | GoodsField::TariffText)))
}

/// Recognised and all: parties, goods.
type Figures = [(usize, usize); 2];

fn measure(layouts: &[csv::StringRecord], missed: &mut Vec<String>) -> Figures {
    let mut figures = [(0, 0); 2];
    for layout in layouts {
        for header in layout[3].split('|') {
            let name = header.trim().to_uppercase().replace(' ', "_");
            let (kind, is_read) = match meaning(header) {
                read if is_party(&name) => (0, matches!(read, Meaning::Field(Field::Party(..)))),
                read if is_goods(&name) => (1, is_goods_text(read)),
                _ => continue,
            };
            figures[kind].0 += usize::from(is_read);
            figures[kind].1 += 1;
            if !is_read {
                missed.push(header.to_owned());
            }
        }
    }
    figures
}

#[test]
fn the_columns_of_customs_exports_are_recognised() {
    let Some(path) = shared::data("cases/customs_headers.csv") else { return };
    let mut reader = csv::Reader::from_path(path).expect("opens");
    let layouts: Vec<_> = reader.records().map(|r| r.expect("is a row")).collect();
    // The rule was written with the first half in sight.
    let (seen, unseen) = layouts.split_at(59);
    let mut missed = Vec::new();
    for (name, half) in [("seen", seen), ("unseen", unseen)] {
        let [parties, goods] = measure(half, &mut missed);
        println!("{name}: {} layouts, party columns {parties:?}, goods columns {goods:?}", half.len());
        for (read, all) in [parties, goods] {
            assert!(read * 100 >= all * 98, "{name}: {read} of {all}: {missed:?}");
        }
    }
}
