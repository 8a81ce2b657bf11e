//! Typical shipments: three parties that nobody lists, and one goods line of about 250 bytes of real descriptions.

#[path = "../support/goods_lines.rs"]
mod goods_lines;

use anyhow::Context as _;
use std::path::Path;
use wire::v1;

pub(crate) fn typical(data: &Path) -> anyhow::Result<Vec<v1::Shipment>> {
    let path = data.join("benchmarks/clean_person_names.txt");
    let names = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let names: Vec<&str> = names.lines().filter(|l| l.is_ascii()).collect();
    let roles = [v1::party::Role::Shipper, v1::party::Role::Consignee, v1::party::Role::NotifyParty];
    let lines = goods_lines::read(data)?;
    let shipment = |(number, description): (usize, String)| v1::Shipment {
        reference: format!("R{number}"),
        parties: (0..)
            .zip(roles)
            .map(|(at, role)| v1::Party {
                role: role as i32,
                name: names[(number * 3 + at) % names.len()].to_owned(),
                ..v1::Party::default()
            })
            .collect(),
        goods: vec![v1::Goods { description, ..v1::Goods::default() }],
        ..v1::Shipment::default()
    };
    Ok(lines.into_iter().enumerate().map(shipment).collect())
}
