//! Rule packs of the operator's own, as the ledger keeps them.

use engine::rule::{Error, Pack, Rules};
use serde::{Deserialize, Serialize};

/// The packs that were added, and the ids of those that ship and were left out.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptPacks {
    packs: Vec<KeptPack>,
    off: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptPack {
    name: String,
    text: String,
}

impl KeptPacks {
    /// Those of compiled rules.
    pub(super) fn of(rules: &Rules) -> Self {
        let (packs, off) = rules.own();
        let kept = |pack: &Pack| KeptPack { name: pack.origin.clone(), text: pack.text.clone() };
        Self { packs: packs.iter().map(kept).collect(), off: off.to_vec() }
    }

    /// As bytes, the same for the same packs.
    pub(super) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts have a JSON form")
    }

    /// The rules compiled again.
    ///
    /// # Errors
    /// What this version finds wrong with a pack.
    pub(super) fn rules(self) -> Result<Rules, Error> {
        let pack = |kept: KeptPack| Pack { origin: kept.name, text: kept.text };
        Rules::load(&self.packs.into_iter().map(pack).collect::<Vec<_>>(), &self.off)
    }
}
