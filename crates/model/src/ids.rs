//! Ids of entries and names: places in an order, so that whoever has one never searches again.

/// An entry of a snapshot: its place in the snapshot's order, from 0. Means nothing in another snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(u32);

/// A name of a compiled index: its place in the index's order, from 0. One spelling may have several, one for each way
/// its letters are read. Means nothing in another index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(u32);

macro_rules! place_in_an_order {
    ($id:ident) => {
        impl $id {
            /// The id of the place `index`. Places beyond 32 bits do not occur: the index refuses lists with more than
            /// 4 GiB of names.
            pub fn from_index(index: usize) -> Self {
                Self(index as u32)
            }

            /// The place, to index with.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

place_in_an_order!(EntryId);
place_in_an_order!(NameId);
