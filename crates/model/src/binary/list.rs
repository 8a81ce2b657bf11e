//! Entries and what is known of their lists, as bytes.

use super::{Binary, BytesIn, BytesOut, Malformed};
use crate::country::Country;
use crate::entry::{
    Address, Details, Effect, Entry, EntryKind, Identifier, IdentifierType, ListId, Name, NameKind, Relation,
    RelationKind,
};
use crate::ids::{EntryId, NameId};
use crate::snapshot::ListInfo;
use crate::{binary_choice, binary_fields};
use std::borrow::Cow;

binary_choice!(EntryKind { Unknown, Person, Company, Vessel, Aircraft, Address, Category });
binary_choice!(Effect { Blocking, Licence, Investment, Procurement, Equipment, ForcedLabour, Watch });
binary_choice!(NameKind { Primary, Alias, Former, Acronym });
binary_choice!(RelationKind { OwnerOf, SubsidiaryOf, BranchOf, VesselOwner, LinkedTo });
binary_choice!(IdentifierType {
    Imo,
    Mmsi,
    Uscc,
    Inn,
    Ogrn,
    Lei,
    Tax,
    Registration,
    Passport,
    NationalId,
    Bic,
    Aircraft,
    Other,
});
binary_fields!(Name { text, kind, weak });
binary_fields!(Address { text, country });
binary_fields!(Identifier { kind, value, country });
binary_fields!(Relation { kind, name, id, share });
binary_fields!(Details {
    identifiers,
    addresses,
    countries,
    relations,
    programmes,
    citations,
    licence_requirement,
    licence_policy,
    effective,
    published,
    ends,
    births,
    remarks,
    source_url,
    read_on,
});
binary_fields!(ListInfo {
    id,
    title,
    publisher,
    source,
    note,
    published,
    read,
    fresh_hours,
    records,
    entries,
    names,
    repairs,
});

impl Binary for ListId {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        self.as_str().len().write_to(out);
        out.put(self.as_str().as_bytes());
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        super::read_str(bytes).map(Self::new)
    }
}

impl Binary for Country {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        out.put(self.code().as_bytes());
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let code = std::str::from_utf8(bytes.take(2)?).ok();
        code.and_then(Self::from_code).ok_or(Malformed { expected: "a country" })
    }
}

impl Binary for Cow<'static, str> {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        self.len().write_to(out);
        out.put(self.as_bytes());
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        String::read_from(bytes).map(Self::Owned)
    }
}

macro_rules! place {
    ($($id:ident),*) => {$(
        impl Binary for $id {
            fn write_to(&self, out: &mut BytesOut<'_>) {
                (self.index() as u32).write_to(out);
            }

            fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
                u32::read_from(bytes).map(|place| Self::from_index(place as usize))
            }

            fn read_all(count: usize, bytes: &mut BytesIn<'_>) -> Result<Vec<Self>, Malformed> {
                Ok(u32::read_all(count, bytes)?.into_iter().map(|place| Self::from_index(place as usize)).collect())
            }
        }
    )*};
}

place!(EntryId, NameId);

/// Writes entries that are ordered by list, the id of a list once for all of its entries.
pub fn write_entries(entries: &[Entry], out: &mut BytesOut<'_>) {
    let of_lists = entries.chunk_by(|a, b| a.list == b.list);
    of_lists.clone().count().write_to(out);
    for of_list in of_lists {
        of_list[0].list.write_to(out);
        of_list.len().write_to(out);
        for entry in of_list {
            let Entry { list: _, id, kind, effect, names, details } = entry;
            id.write_to(out);
            kind.write_to(out);
            effect.write_to(out);
            names.write_to(out);
            details.write_to(out);
        }
    }
}

/// Reads what [`write_entries`] wrote.
///
/// # Errors
/// When the bytes are something else.
pub fn read_entries(bytes: &[u8]) -> Result<Vec<Entry>, Malformed> {
    let mut bytes = BytesIn::new(bytes);
    let mut entries = Vec::new();
    for _ in 0..usize::read_from(&mut bytes)? {
        let list = ListId::read_from(&mut bytes)?;
        let count = usize::read_from(&mut bytes)?;
        entries.reserve(count.min(bytes.0.len()));
        for _ in 0..count {
            entries.push(Entry {
                list: list.clone(),
                id: Binary::read_from(&mut bytes)?,
                kind: Binary::read_from(&mut bytes)?,
                effect: Binary::read_from(&mut bytes)?,
                names: Binary::read_from(&mut bytes)?,
                details: Binary::read_from(&mut bytes)?,
            });
        }
    }
    bytes.end()?;
    Ok(entries)
}
