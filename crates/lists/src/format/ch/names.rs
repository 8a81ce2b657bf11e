//! Names that are written in parts, each part in several spellings and scripts.

use crate::build::EntryBuilder;
use model::entry::NameKind;

/// One part of a name.
#[derive(Default)]
pub(super) struct NamePart {
    pub(super) order: u32,
    pub(super) is_title: bool,
    pub(super) value: String,
    /// Script and spelling.
    pub(super) variants: Vec<(String, String)>,
}

/// Every spelling of a name whose parts have variants: those of one script together, the first with the first.
pub(super) fn add_names(one: &mut EntryBuilder, mut parts: Vec<NamePart>, kind: NameKind, weak: bool) {
    parts.sort_by_key(|p| p.order);
    parts.retain(|p| !p.is_title && !p.value.is_empty());
    let whole = |pick: &dyn Fn(&NamePart) -> String| parts.iter().map(pick).collect::<Vec<_>>().join(" ");
    one.name(&whole(&|p| p.value.clone()), kind, weak);
    let mut scripts: Vec<&str> = parts.iter().flat_map(|p| p.variants.iter().map(|(s, _)| s.as_str())).collect();
    scripts.sort_unstable();
    scripts.dedup();
    for script in scripts {
        let of =
            |p: &NamePart| p.variants.iter().filter(|(s, _)| s == script).map(|(_, t)| t.clone()).collect::<Vec<_>>();
        let most = parts.iter().map(|p| of(p).len()).max().unwrap_or(0).min(64);
        for index in 0..most {
            let text = whole(&|p| {
                let variants = of(p);
                variants.get(index).or(variants.last()).unwrap_or(&p.value).clone()
            });
            one.name(&text, if kind == NameKind::Former { kind } else { NameKind::Alias }, weak);
        }
    }
}
