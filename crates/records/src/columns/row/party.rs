//! Cells that describe a party.

use super::value::{Unreadable, add_once, identifier, join, set_country, several, yes_or_no};
use crate::columns::field::PartyField;
use model::shipment::AddressPart;
use wire::v1;

/// Puts a cell that is not blank into the party.
pub(super) fn put_party(party: &mut v1::Party, part: PartyField, cell: &str) -> Result<(), Unreadable> {
    let text = cell.to_owned();
    let word = cell.trim().to_owned();
    match part {
        PartyField::Name if party.name.is_empty() => party.name = text,
        // The same party in another language.
        PartyField::Name => {
            if party.name.trim() != word {
                add_once(&mut party.other_names, cell);
            }
        }
        PartyField::OtherNames => party.other_names.extend(several(cell).map(str::to_owned)),
        PartyField::Country => set_country(&mut party.country, cell),
        PartyField::Address => join(&mut party.address, cell),
        PartyField::AddressPart(part) => {
            let slot = address_part(party, part);
            if !slot.is_empty() && slot.trim() != word {
                slot.push_str(", ");
                slot.push_str(&text);
            } else if slot.is_empty() {
                *slot = text;
            }
        }
        PartyField::Locode => party.structured_address.get_or_insert_default().locode = word,
        PartyField::Id => party.identifiers.extend(several(cell).map(identifier)),
        PartyField::Source => party.role_source = text,
        PartyField::Confidence => {
            let expected = || Unreadable::new("whole thousandths, 0 to 1000", false);
            party.role_confidence = Some(word.parse().map_err(|_| expected())?);
        }
        // Anything but yes or no is the note itself.
        PartyField::Disputed => match yes_or_no(cell) {
            Some(answer) => party.is_disputed = answer,
            None => party.dispute_note = text,
        },
        PartyField::ToOrder => {
            party.is_to_order = yes_or_no(cell).ok_or_else(|| Unreadable::new("yes or no", true))?;
        }
        PartyField::Born => party.born = word,
        PartyField::Incorporated => party.incorporated = word,
        // A contact person is a party of its own; no list is compared with a telephone number.
        PartyField::Contact | PartyField::ContactPerson => {}
    }
    Ok(())
}

fn address_part(party: &mut v1::Party, part: AddressPart) -> &mut String {
    let address = party.structured_address.get_or_insert_default();
    match part {
        AddressPart::Unit => &mut address.unit,
        AddressPart::Floor => &mut address.floor,
        AddressPart::Building => &mut address.building,
        AddressPart::StreetNumber => &mut address.street_number,
        AddressPart::Street => &mut address.street,
        AddressPart::PoBox => &mut address.po_box,
        AddressPart::City => &mut address.city,
        AddressPart::Region => &mut address.region,
        AddressPart::PostCode => &mut address.post_code,
    }
}
