//! Makes a past answer again, from the lists, the policy and the request that the ledger keeps.

use current::answer;
use engine::policy::{OwnershipFile, Policy};
use engine::rule::Rules;
use engine::screen::{Ages, ENGINE, Engine, Limits, Now, Scratch};
use ledger::keep::kept_snapshot;
use ledger::record::Context;
use ledger::{Error, Ledger, Result, Shown};
use model::entry::ListId;
use model::finding::StaleList;
use model::snapshot::Snapshot;
use prost::Message as _;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wire::{screening_to_wire, shipment_from_wire, v1};

/// What became of a past answer.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The answer now.
    pub answer: v1::Screening,
    /// What differs from the answer then; `None`: byte for byte the same.
    pub difference: Option<Difference>,
}

/// How an answer differs from the one that was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What it was made with that is another now: engine, list, policy; empty when none of them is.
    pub made_with: Vec<String>,
    /// Outcomes then and now, where they differ.
    pub outcomes: Option<(v1::screening::Outcome, v1::screening::Outcome)>,
    /// Findings that are gone.
    pub gone: Vec<String>,
    /// Findings that are new.
    pub new: Vec<String>,
}

/// Makes past answers again, one after the other; lists and policies are compiled once.
#[derive(Debug)]
pub struct Replayer<'a> {
    ledger: &'a Ledger,
    /// Another policy than the one that was in force.
    policy: Option<Arc<Policy>>,
    engines: HashMap<(String, String), Arc<Engine>>,
    scratch: Scratch,
}

impl<'a> Replayer<'a> {
    /// With the policies that were in force, or with another one.
    pub fn new(ledger: &'a Ledger, policy: Option<Policy>) -> Self {
        let policy = policy.map(Arc::new);
        Self { ledger, policy, engines: HashMap::new(), scratch: Scratch::default() }
    }

    /// Makes one answer again.
    ///
    /// # Errors
    /// When the record is erased or damaged, or what it rests on is not kept or cannot be had: lists of a day in the past,
    /// packs of the operator's own.
    pub fn replay(&mut self, number: u64) -> Result<Replayed> {
        let shown = self.ledger.show(number)?;
        let context = Arc::clone(&shown.context);
        let refuse = |why: &str| Err(Error::Refused(format!("record {number} cannot be replayed: {why}")));
        if !shown.answer.lists_used.is_empty() {
            return refuse("it was answered from the lists of a day in the past, which the ledger does not keep");
        }
        if !context.packs.is_empty() {
            return refuse("it rests on rule packs of the operator's own, which the ledger does not keep");
        }
        if context.lists.is_empty() {
            return refuse("its lists are not kept");
        }
        let engine = self.engine(&context)?;
        let answer = self.answer(&engine, &shown)?;
        let is_same = answer.encode_to_vec() == shown.answer.encode_to_vec();
        let difference = (!is_same).then(|| difference(&shown.answer, &answer));
        Ok(Replayed { answer, difference })
    }

    fn engine(&mut self, context: &Context) -> Result<Arc<Engine>> {
        let key = (context.lists.clone(), context.policy.clone());
        if let Some(engine) = self.engines.get(&key) {
            return Ok(Arc::clone(engine));
        }
        let policy = match &self.policy {
            Some(policy) => Arc::clone(policy),
            None => Arc::new(self.policy_then(context)?),
        };
        // The same lists under another policy need not be compiled again.
        let same_lists = self.engines.iter().find(|((lists, _), _)| *lists == context.lists);
        let engine = match same_lists {
            Some((_, engine)) => engine.with_policy(policy),
            None => {
                let snapshot = Arc::new(kept_snapshot(self.ledger.layout(), &context.lists)?);
                build(snapshot, policy, limits(context))?
            }
        };
        let engine = Arc::new(engine);
        self.engines.insert(key, Arc::clone(&engine));
        Ok(engine)
    }

    fn policy_then(&self, context: &Context) -> Result<Policy> {
        let wrong =
            |what: &'static str, digest: &str, why: String| Error::NotKept { what, digest: digest.to_owned(), why };
        let text = |what, digest: &str| -> Result<String> {
            let bytes = self.ledger.kept(what, digest)?;
            String::from_utf8(bytes).map_err(|_| wrong(what, digest, "it is not text".to_owned()))
        };
        let policy = Policy::from_toml(&text("the policy", &context.policy)?, "the kept policy");
        let policy = policy.map_err(|e| wrong("the policy", &context.policy, e.to_string()))?;
        if context.ownership.is_empty() {
            return Ok(policy);
        }
        let file = OwnershipFile::read(&text("the ownership file", &context.ownership)?, "the kept ownership file");
        let file = file.map_err(|e| wrong("the ownership file", &context.ownership, e.to_string()))?;
        Ok(policy.with_ownership(file))
    }

    fn answer(&mut self, engine: &Engine, shown: &Shown) -> Result<v1::Screening> {
        let shipment = shipment_from_wire(shown.request.clone());
        let context = &shown.context;
        let today = context.today.parse().ok();
        let stale: Vec<StaleList> = context
            .stale
            .iter()
            .map(|age| StaleList {
                list: ListId::new(&age.list),
                title: age.title.clone(),
                age_hours: age.age_hours,
                limit_hours: age.limit_hours,
            })
            .collect();
        // As `current::Loaded` asks: a shipment of a day in the past does not ask how old the lists are today.
        let is_past = shipment.known_on.is_some() || shipment.as_of.is_some();
        let ages = if is_past || !context.knows_ages { Ages::NotAsked } else { Ages::Known { stale: &stale } };
        let screening = engine.screen_now(&shipment, Now { today, ages }, &mut self.scratch);
        let mut answer = screening_to_wire(answer::with_detail(screening, &shipment, shown.is_verbose));
        if shown.answer.rules_run.is_empty() {
            // Batch leaves them out.
            answer.rules_run.clear();
        }
        // How old the oldest list was is what the clock said then.
        if let (Some(now), Some(then)) = (&mut answer.lists, &shown.answer.lists) {
            (now.oldest, now.oldest_days) = (then.oldest.clone(), then.oldest_days);
        }
        Ok(answer)
    }
}

fn limits(context: &Context) -> Limits {
    let at = |n: usize, default: usize| context.limits.get(n).and_then(|v| usize::try_from(*v).ok()).unwrap_or(default);
    let default = Limits::default();
    Limits {
        field_bytes: at(0, default.field_bytes),
        goods_lines: at(1, default.goods_lines),
        parties: at(2, default.parties),
    }
}

fn build(snapshot: Arc<Snapshot>, policy: Arc<Policy>, limits: Limits) -> Result<Engine> {
    let engine = Engine::build_with(snapshot, policy, limits, Rules::builtin());
    engine.map_err(|e| Error::Refused(format!("the kept lists cannot be compiled: {e}")))
}

/// What differs between two answers to one request.
fn difference(then: &v1::Screening, now: &v1::Screening) -> Difference {
    let mut made_with = Vec::new();
    if then.engine != ENGINE {
        made_with.push(format!("engine: {} then, {ENGINE} now", then.engine));
    }
    for (what, then, now) in [("list", &then.snapshot, &now.snapshot), ("policy", &then.policy, &now.policy)] {
        if then != now {
            made_with.push(format!("{what}: {then} then, {now} now"));
        }
    }
    let (old, new) = (findings(then), findings(now));
    let outcomes = (then.outcome(), now.outcome());
    Difference {
        made_with,
        outcomes: (outcomes.0 != outcomes.1).then_some(outcomes),
        gone: old.difference(&new).cloned().collect(),
        new: new.difference(&old).cloned().collect(),
    }
}

fn findings(screening: &v1::Screening) -> BTreeSet<String> {
    let line = |f: &v1::Finding| {
        let entry = f.entry.as_ref().map(|e| format!(" {}/{}", e.list, e.id)).unwrap_or_default();
        format!("{} {} {}{entry} {}", f.reason().as_str_name(), f.severity().as_str_name(), f.field_path, f.score)
    };
    screening.findings.iter().map(line).collect()
}
