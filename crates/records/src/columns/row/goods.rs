//! Cells that describe the goods.

use super::value::{Unreadable, join, set_country, several};
use crate::columns::field::GoodsField;
use wire::v1;

/// Puts a cell that is not blank into the goods line.
pub(super) fn put_goods(goods: &mut v1::Goods, part: GoodsField, cell: &str) -> Result<(), Unreadable> {
    let word = cell.trim().to_owned();
    match part {
        GoodsField::Description | GoodsField::TariffText => join(&mut goods.description, cell),
        GoodsField::Marks | GoodsField::Packing => join(&mut goods.marks, cell),
        GoodsField::HsCode => hs_codes(goods, cell),
        GoodsField::OtherHsCodes => goods.other_hs_codes.extend(several(cell).map(str::to_owned)),
        GoodsField::HsEdition => {
            let expected = || Unreadable::new("the year of an edition, for example 2022", false);
            goods.hs_edition = word.parse().map_err(|_| expected())?;
        }
        GoodsField::Eccn => goods.eccn = word,
        GoodsField::Brand => join(&mut goods.brand, cell),
        GoodsField::Model => join(&mut goods.model, cell),
        GoodsField::Origin => set_country(&mut goods.origin, cell),
        GoodsField::Quantity => goods.quantity = word,
        GoodsField::Unit => goods.unit = word,
        GoodsField::NetWeightKg => goods.net_weight_kg = word,
        GoodsField::Value => goods.value = word,
        GoodsField::Currency => goods.currency = word,
        GoodsField::ExportLicence => licence(goods, v1::licence::Kind::Export).reference = word,
        GoodsField::ExportLicenceExpires => licence(goods, v1::licence::Kind::Export).expires = word,
        GoodsField::ImportLicence => licence(goods, v1::licence::Kind::Import).reference = word,
        GoodsField::ImportLicenceExpires => licence(goods, v1::licence::Kind::Import).expires = word,
    }
    Ok(())
}

/// Further columns of codes often hold the chapter and heading of the same code, which say nothing new.
fn hs_codes(goods: &mut v1::Goods, cell: &str) {
    let digits = |code: &str| code.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut add = |code: &str| {
        if goods.hs_code.is_empty() {
            code.clone_into(&mut goods.hs_code);
            return;
        }
        let known = std::iter::once(&goods.hs_code).chain(&goods.other_hs_codes);
        let new = digits(code);
        if new.is_empty() || !known.into_iter().any(|k| digits(k).starts_with(&new)) {
            goods.other_hs_codes.push(code.to_owned());
        }
    };
    add(cell.trim());
    // A spreadsheet drops the zero that a code begins with: both readings count.
    let code = cell.trim();
    if matches!(code.len(), 5 | 7) && code.bytes().all(|b| b.is_ascii_digit()) {
        add(&format!("0{code}"));
    }
}

/// The one licence of this kind that a row can give.
fn licence(goods: &mut v1::Goods, kind: v1::licence::Kind) -> &mut v1::Licence {
    let at = goods.licences.iter().position(|l| l.kind() == kind).unwrap_or_else(|| {
        goods.licences.push(v1::Licence { kind: kind as i32, ..Default::default() });
        goods.licences.len() - 1
    });
    &mut goods.licences[at]
}
