//! Makes a past answer again, from the lists, the policy and the request that the ledger keeps.

use crate::packs::KeptPacks;
use current::{PAST_UNREADABLE, answer};
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
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::{screening_to_wire, shipment_from_wire, v1};

/// What became of a past answer.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The answer now.
    pub answer: v1::Screening,
    /// Whether it was made again; a record that could not be read was refused without being screened, and its answer rests
    /// on nothing that could differ.
    pub was_screened: bool,
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

impl Difference {
    /// Whether more differs than what the answer was made with.
    pub fn says_more(&self) -> bool {
        self.outcomes.is_some() || !self.gone.is_empty() || !self.new.is_empty()
    }
}

/// Makes past answers again, one after the other; lists and policies are compiled once.
#[derive(Debug)]
pub struct Replayer<'a> {
    ledger: &'a Ledger,
    /// Another policy than the one that was in force.
    policy: Option<Arc<Policy>>,
    /// The last ones used, the latest last.
    engines: Vec<(Ground, Arc<Engine>)>,
    scratch: Scratch,
}

/// Engines that are kept: each takes as much memory as the lists in force.
const ENGINES: usize = 3;

/// What an engine is compiled from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ground {
    lists: String,
    packs: String,
    limits: Vec<u64>,
    policy: String,
    ownership: String,
}

impl Ground {
    fn of(context: &Context) -> Self {
        let Context { lists, policy, limits, kept_packs, ownership, .. } = context.clone();
        Self { lists, packs: kept_packs, limits, policy, ownership }
    }

    /// Whether the other differs in nothing but the policy, which needs no compiling.
    fn is_near(&self, other: &Self) -> bool {
        (&self.lists, &self.packs, &self.limits) == (&other.lists, &other.packs, &other.limits)
    }
}

impl<'a> Replayer<'a> {
    /// With the policies that were in force, or with another one.
    pub fn new(ledger: &'a Ledger, policy: Option<Policy>) -> Self {
        let policy = policy.map(Arc::new);
        Self { ledger, policy, engines: Vec::new(), scratch: Scratch::default() }
    }

    /// Makes one answer again.
    ///
    /// # Errors
    /// When the record is erased or damaged, or what it rests on is not kept.
    pub fn replay(&mut self, number: u64) -> Result<Replayed> {
        let shown = self.ledger.show(number)?;
        if shown.unread.is_some() {
            return Ok(Replayed { answer: shown.answer, was_screened: false, difference: None });
        }
        let context = Arc::clone(&shown.context);
        let refuse = |why: &str| Err(Error::Refused(format!("record {number} cannot be replayed: {why}")));
        if shown.answer.problems.iter().any(|problem| problem.description.starts_with(PAST_UNREADABLE)) {
            return refuse("the lists of the day that it names could not be read then");
        }
        if !shown.answer.lists_used.is_empty() && !context.keeps_past {
            return refuse("it was answered from the lists of a day in the past, which were not kept then");
        }
        if !context.packs.is_empty() && context.kept_packs.is_empty() {
            return refuse("it rests on rule packs of the operator's own, which were not kept then");
        }
        if context.lists.is_empty() {
            return refuse("its lists are not kept");
        }
        let engine = self.engine(&context)?;
        let answer = self.answer(&engine, &shown)?;
        let is_same = answer.encode_to_vec() == shown.answer.encode_to_vec();
        let difference = (!is_same).then(|| difference(&shown.answer, &answer));
        Ok(Replayed { answer, was_screened: true, difference })
    }

    fn engine(&mut self, context: &Context) -> Result<Arc<Engine>> {
        let ground = Ground::of(context);
        if let Some(at) = self.engines.iter().position(|(kept, _)| *kept == ground) {
            let last = self.engines.remove(at);
            let engine = Arc::clone(&last.1);
            self.engines.push(last);
            return Ok(engine);
        }
        let policy = match &self.policy {
            Some(policy) => Arc::clone(policy),
            None => Arc::new(self.policy_then(context)?),
        };
        let near = self.engines.iter().find(|(kept, _)| kept.is_near(&ground));
        let engine = match near {
            Some((_, engine)) => engine.with_policy(policy),
            None => {
                self.make_room();
                let snapshot = Arc::new(kept_snapshot(self.ledger.layout(), &context.lists)?);
                build(snapshot, policy, limits(context), self.rules(context)?)?
            }
        };
        let engine = Arc::new(engine);
        self.make_room();
        self.engines.push((ground, Arc::clone(&engine)));
        Ok(engine)
    }

    /// Lets the engine go that was not used for longest, where there are as many as are kept.
    fn make_room(&mut self) {
        if self.engines.len() >= ENGINES {
            self.engines.remove(0);
        }
    }

    /// The rules that were in force.
    fn rules(&self, context: &Context) -> Result<Arc<Rules>> {
        let digest = &context.kept_packs;
        if digest.is_empty() {
            return Ok(Rules::builtin());
        }
        let what = "the rule packs";
        let wrong = |why: String| Error::NotKept { what, digest: digest.clone(), why };
        let kept: KeptPacks =
            serde_json::from_slice(&self.ledger.kept(what, digest)?).map_err(|e| wrong(e.to_string()))?;
        kept.rules().map(Arc::new).map_err(|e| wrong(e.to_string()))
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
        let mut shipment = shipment_from_wire(shown.request.clone());
        let context = &shown.context;
        // As `current::Loaded` asks: a shipment of a day in the past does not ask how old the lists are today.
        let is_past = shipment.known_on.is_some() || shipment.as_of.is_some();
        if context.is_as_known {
            // Also as there: what was known then is what these lists hold.
            shipment.known_on = None;
        }
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
        let ages = if is_past || !context.knows_ages { Ages::NotAsked } else { Ages::Known { stale: &stale } };
        let screening = engine.screen_now(&shipment, Now { today, ages }, &mut self.scratch);
        let mut answer = screening_to_wire(answer::with_detail(screening, &shipment, shown.is_verbose));
        if shown.answer.rules_run.is_empty() {
            // Batch leaves them out.
            answer.rules_run.clear();
        }
        answer.lists_used.clone_from(&shown.answer.lists_used);
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

fn build(snapshot: Arc<Snapshot>, policy: Arc<Policy>, limits: Limits, rules: Arc<Rules>) -> Result<Engine> {
    let engine = Engine::build_with(snapshot, policy, limits, rules);
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
