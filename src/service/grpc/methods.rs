//! The methods, and what a caller needs for each.

use crate::service::guard::callers::Scope;

/// What a caller needs to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: probes.
    Nothing,
    /// To be known, with any scopes.
    Known,
    /// One of these scopes.
    OneOf(&'static [Scope]),
}

/// Which limits a call counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Calls in flight, and their time.
    Unary,
    /// Open streams.
    Stream,
    /// Only those of the connection: probes watch without end, reflection is small.
    Free,
}

/// One method, or a group of methods.
#[derive(Debug)]
pub(super) struct Method {
    /// The whole path, or its beginning where it ends in `/` or `.`.
    path: &'static str,
    /// Its name in metrics and logs.
    pub(super) label: &'static str,
    pub(super) need: Need,
    pub(super) kind: Kind,
}

const SCREEN: Need = Need::OneOf(&[Scope::Screen]);
const LISTS: Need = Need::OneOf(&[Scope::Lists]);
const LEDGER: Need = Need::OneOf(&[Scope::Ledger]);
const CASES: Need = Need::OneOf(&[Scope::Ledger, Scope::Decide]);
const DECIDE: Need = Need::OneOf(&[Scope::Decide]);
const ADMIN: Need = Need::OneOf(&[Scope::Admin]);

const fn unary(path: &'static str, label: &'static str, need: Need) -> Method {
    Method { path, label, need, kind: Kind::Unary }
}

/// The busiest first; the last stands for unknown methods.
pub(super) static METHODS: [Method; 21] = [
    unary("/tidewaiter.v1.ScreeningService/Screen", "Screen", SCREEN),
    unary("/tidewaiter.v1.ScreeningService/ScreenBatch", "ScreenBatch", SCREEN),
    Method {
        path: "/tidewaiter.v1.ScreeningService/ScreenStream",
        label: "ScreenStream",
        need: SCREEN,
        kind: Kind::Stream,
    },
    unary("/tidewaiter.v1.ScreeningService/CompareNames", "CompareNames", SCREEN),
    // Callers who screen may see which lists they screen against.
    unary("/tidewaiter.v1.ListService/GetStatus", "GetStatus", Need::OneOf(&[Scope::Screen, Scope::Lists])),
    unary("/tidewaiter.v1.ListService/GetEntry", "GetEntry", LISTS),
    unary("/tidewaiter.v1.ListService/SearchEntries", "SearchEntries", LISTS),
    unary("/tidewaiter.v1.ListService/Diff", "Diff", LISTS),
    Method { path: "/tidewaiter.v1.ListService/WatchLists", label: "WatchLists", need: LISTS, kind: Kind::Stream },
    unary("/tidewaiter.v1.ListService/Reload", "Reload", ADMIN),
    unary("/tidewaiter.v1.LedgerService/GetRecord", "GetRecord", LEDGER),
    unary("/tidewaiter.v1.LedgerService/FindRecords", "FindRecords", LEDGER),
    unary("/tidewaiter.v1.LedgerService/ProveRecord", "ProveRecord", LEDGER),
    // Whoever decides must see what on.
    unary("/tidewaiter.v1.DecisionService/ListCases", "ListCases", CASES),
    unary("/tidewaiter.v1.DecisionService/GetCase", "GetCase", CASES),
    unary("/tidewaiter.v1.DecisionService/DecideCase", "DecideCase", DECIDE),
    unary("/tidewaiter.v1.DecisionService/UpdateCase", "UpdateCase", DECIDE),
    // A method added to the protocol needs `admin` until it gets a line above.
    unary("/tidewaiter.v1.", "other", ADMIN),
    Method { path: "/grpc.health.v1.Health/", label: "Health", need: Need::Nothing, kind: Kind::Free },
    Method { path: "/grpc.reflection.", label: "Reflection", need: Need::Known, kind: Kind::Free },
    unary("/", "unknown", Need::Known),
];

/// The place in [`METHODS`] of a path.
pub(super) fn of(path: &str) -> usize {
    let is = |m: &Method| m.path == path || (m.path.ends_with(['/', '.']) && path.starts_with(m.path));
    METHODS.iter().position(is).unwrap_or(METHODS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_something_needs_the_admin_scope() {
        let method = |path: &str| &METHODS[of(path)];
        assert_eq!(method("/tidewaiter.v1.ListService/Reload").need, ADMIN);
        assert_eq!(method("/tidewaiter.v1.ScreeningService/Screen").label, "Screen");
        assert_eq!(method("/tidewaiter.v1.ScreeningService/ScreenStream").kind, Kind::Stream);
        assert_eq!(method("/grpc.health.v1.Health/Check").need, Need::Nothing);
        assert_eq!(method("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo").need, Need::Known);
        assert_eq!(method("nonsense").label, "unknown");
        for proto in ["screening", "lists", "ledger", "decisions"] {
            let text = std::fs::read_to_string(format!("proto/tidewaiter/v1/{proto}.proto")).unwrap();
            let service = text.lines().find_map(|l| l.strip_prefix("service ")?.split(' ').next()).unwrap();
            let calls: Vec<_> = text.lines().filter_map(|l| l.trim().strip_prefix("rpc ")?.split('(').next()).collect();
            assert!(calls.len() >= 3, "{calls:?}");
            for call in calls {
                let known = method(&format!("/tidewaiter.v1.{service}/{call}"));
                assert_eq!(known.label, call, "it needs a line of its own, with its scope");
            }
        }
        assert_eq!(method("/tidewaiter.v1.ListService/Purge").need, ADMIN);
    }
}
