//! Names by their initials, and listed initials by the names they may stand for.

use crate::name::{AsView, View, acronym, acronym_key, each_initials};
use model::ids::NameId;

/// Keys of initials, in order, each with a name.
#[derive(Debug, Default)]
pub(super) struct Acronyms {
    /// Names that initials may stand for.
    long: Vec<(u32, NameId)>,
    /// Names that are initials, or may be.
    short: Vec<(u32, NameId)>,
}

model::binary_fields!(Acronyms { long, short });

impl Acronyms {
    /// Indexes the names given, in the order of their ids, each with whether it is a person's; persons have no acronyms.
    pub(super) fn build(names: impl Iterator<Item = (impl AsView, bool)>) -> Self {
        let mut all = Self::default();
        for (at, (name, _)) in names.enumerate().filter(|(_, (_, is_person))| !is_person) {
            let view = name.view();
            let name_id = NameId::from_index(at);
            if let Some(letters) = acronym(&view) {
                all.short.push((acronym_key(letters), name_id));
            }
            each_initials(&view, |key| all.long.push((key, name_id)));
        }
        for keys in [&mut all.long, &mut all.short] {
            keys.sort_unstable();
            keys.dedup();
            keys.shrink_to_fit();
        }
        all
    }

    /// Calls `found` with the names that have `view` for their initials, or are the initials of it.
    pub(super) fn look_up(&self, view: &View<'_>, mut found: impl FnMut(NameId)) {
        let mut of_key = |keys: &[(u32, NameId)], key: u32| {
            let start = keys.partition_point(|known| known.0 < key);
            keys[start..].iter().take_while(|known| known.0 == key).for_each(|known| found(known.1));
        };
        match acronym(view) {
            Some(letters) => of_key(&self.long, acronym_key(letters)),
            None => each_initials(view, |key| of_key(&self.short, key)),
        }
    }
}
