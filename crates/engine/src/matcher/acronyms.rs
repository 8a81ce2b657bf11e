//! Names by their initials, and listed initials by the names they may stand for.

use crate::name::{View, acronym, acronym_key, each_initials};

/// Keys of initials, in order, each with a name.
#[derive(Debug, Default)]
pub(super) struct Acronyms {
    /// Names that initials may stand for.
    long: Vec<(u32, u32)>,
    /// Names that are initials, or may be.
    short: Vec<(u32, u32)>,
}

impl Acronyms {
    /// Indexes the names given, by their numbers from 0 on; persons have none.
    pub(super) fn build<'v>(names: impl Iterator<Item = (View<'v>, bool)>) -> Self {
        let mut all = Self::default();
        for (name, (view, _)) in names.enumerate().filter(|(_, (_, is_person))| !is_person) {
            if let Some(letters) = acronym(&view) {
                all.short.push((acronym_key(letters), name as u32));
            }
            each_initials(&view, |key| all.long.push((key, name as u32)));
        }
        for keys in [&mut all.long, &mut all.short] {
            keys.sort_unstable();
            keys.dedup();
        }
        all
    }

    /// Calls `found` with the names that have `view` for their initials, or are the initials of it.
    pub(super) fn look_up(&self, view: &View<'_>, mut found: impl FnMut(u32)) {
        let mut of_key = |rows: &[(u32, u32)], key: u32| {
            let start = rows.partition_point(|row| row.0 < key);
            rows[start..].iter().take_while(|row| row.0 == key).for_each(|row| found(row.1));
        };
        match acronym(view) {
            Some(letters) => of_key(&self.long, acronym_key(letters)),
            None => each_initials(view, |key| of_key(&self.short, key)),
        }
    }
}
