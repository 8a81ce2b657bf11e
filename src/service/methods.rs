//! The methods of every protocol, and what a caller needs for each.

use crate::service::guard::callers::Scope;

/// What a caller needs to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: probes.
    Nothing,
    /// To be known, with any scopes.
    Known,
    /// To be signed in to the console; its pages say what a role may do.
    Session,
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
    /// Of HTTP: which verb, or `*` for any; empty for gRPC.
    verb: &'static str,
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
    Method { verb: "", path, label, need, kind: Kind::Unary }
}

const fn stream(path: &'static str, label: &'static str, need: Need) -> Method {
    Method { verb: "", path, label, need, kind: Kind::Stream }
}

const fn http(verb: &'static str, path: &'static str, label: &'static str, need: Need) -> Method {
    Method { verb, path, label, need, kind: Kind::Unary }
}

const fn free(verb: &'static str, path: &'static str, label: &'static str) -> Method {
    Method { verb, path, label, need: Need::Nothing, kind: Kind::Free }
}

/// Callers who screen may see which lists they screen against.
const STATUS: Need = Need::OneOf(&[Scope::Screen, Scope::Lists]);

/// Those of gRPC and then those of HTTP, the busiest first; the last of each stands for unknown ones.
pub(super) static METHODS: [Method; 58] = [
    unary("/tidewaiter.v1.ScreeningService/Screen", "Screen", SCREEN),
    unary("/tidewaiter.v1.ScreeningService/ScreenBatch", "ScreenBatch", SCREEN),
    stream("/tidewaiter.v1.ScreeningService/ScreenStream", "ScreenStream", SCREEN),
    unary("/tidewaiter.v1.ScreeningService/CompareNames", "CompareNames", SCREEN),
    unary("/tidewaiter.v1.ListService/GetStatus", "GetStatus", STATUS),
    unary("/tidewaiter.v1.ListService/GetEntry", "GetEntry", LISTS),
    unary("/tidewaiter.v1.ListService/SearchEntries", "SearchEntries", LISTS),
    unary("/tidewaiter.v1.ListService/Diff", "Diff", LISTS),
    stream("/tidewaiter.v1.ListService/WatchLists", "WatchLists", LISTS),
    unary("/tidewaiter.v1.ListService/Reload", "Reload", ADMIN),
    unary("/tidewaiter.v1.LedgerService/GetRecord", "GetRecord", LEDGER),
    unary("/tidewaiter.v1.LedgerService/FindRecords", "FindRecords", LEDGER),
    unary("/tidewaiter.v1.LedgerService/ProveRecord", "ProveRecord", LEDGER),
    stream("/tidewaiter.v1.LedgerService/Verify", "Verify", LEDGER),
    stream("/tidewaiter.v1.LedgerService/Replay", "Replay", LEDGER),
    // It opens cases.
    stream("/tidewaiter.v1.LedgerService/Rescreen", "Rescreen", DECIDE),
    // Whoever decides must see what on.
    unary("/tidewaiter.v1.DecisionService/ListCases", "ListCases", CASES),
    unary("/tidewaiter.v1.DecisionService/GetCase", "GetCase", CASES),
    unary("/tidewaiter.v1.DecisionService/DecideCase", "DecideCase", DECIDE),
    unary("/tidewaiter.v1.DecisionService/UpdateCase", "UpdateCase", DECIDE),
    // A method added to the protocol needs `admin` until it gets a line above.
    unary("/tidewaiter.v1.", "other", ADMIN),
    Method { verb: "", path: "/grpc.health.v1.Health/", label: "Health", need: Need::Nothing, kind: Kind::Free },
    Method { verb: "", path: "/grpc.reflection.", label: "Reflection", need: Need::Known, kind: Kind::Free },
    unary("/", "unknown", Need::Known),
    http("POST", "/v1/screen", "http screen", SCREEN),
    Method { verb: "POST", path: "/v1/screen/batch", label: "http screen batch", need: SCREEN, kind: Kind::Stream },
    http("POST", "/v1/compare", "http compare", SCREEN),
    http("GET", "/v1/lists", "http lists", STATUS),
    http("GET", "/v1/lists/", "http list", LISTS),
    http("POST", "/v1/lists/", "http list put", ADMIN),
    http("GET", "/v1/entries/", "http entry", LISTS),
    http("GET", "/v1/search", "http search", LISTS),
    http("POST", "/v1/ledger/find", "http ledger find", LEDGER),
    http("GET", "/v1/ledger/records/", "http ledger record", LEDGER),
    http("GET", "/v1/cases", "http cases", CASES),
    http("GET", "/v1/cases/", "http case", CASES),
    http("POST", "/v1/cases/find", "http case find", CASES),
    http("POST", "/v1/cases/", "http case step", DECIDE),
    free("GET", "/v1/openapi.json", "http openapi"),
    // Each tool needs its own scope.
    http("POST", "/mcp", "http mcp", STATUS),
    // The match of yente is a screening of parties.
    http("POST", "/match/", "http match", SCREEN),
    http("GET", "/search/", "http yente search", LISTS),
    http("GET", "/entities/", "http yente entity", LISTS),
    http("GET", "/catalog", "http yente catalog", STATUS),
    http("GET", "/algorithms", "http yente algorithms", STATUS),
    free("GET", "/healthz", "http healthz"),
    free("GET", "/readyz", "http readyz"),
    http("GET", "/v2/search", "http watchman search", SCREEN),
    http("GET", "/v2/listinfo", "http watchman listinfo", STATUS),
    http("*", "/reconcile", "http reconcile", LISTS),
    http("*", "/reconcile/", "http reconcile more", LISTS),
    free("GET", "/console/assets/", "console asset"),
    Method { verb: "*", path: "/console/sign-in", label: "console sign-in", need: Need::Nothing, kind: Kind::Unary },
    // To the provider of OpenID Connect and back.
    Method {
        verb: "GET",
        path: "/console/sign-in/",
        label: "console provider",
        need: Need::Nothing,
        kind: Kind::Unary,
    },
    http("*", "/console", "console", Need::Session),
    http("*", "/console/", "console page", Need::Session),
    // A browser asks before it sends a request to another origin; it shows no key.
    free("OPTIONS", "/", "http options"),
    http("*", "/", "http unknown", Need::Known),
];

fn is(method: &Method, path: &str) -> bool {
    method.path == path || (method.path.ends_with(['/', '.']) && path.starts_with(method.path))
}

/// The place in [`METHODS`] of a path of gRPC.
pub(super) fn of(path: &str) -> usize {
    let unknown = METHODS.iter().position(|m| m.label == "unknown").unwrap_or_default();
    METHODS[..unknown].iter().position(|m| is(m, path)).unwrap_or(unknown)
}

/// The place in [`METHODS`] of a request of plain HTTP. Who may only look, may ask for the head alone.
pub(super) fn of_http(verb: &str, path: &str) -> usize {
    let verb = if verb == "HEAD" { "GET" } else { verb };
    let fits = |m: &Method| !m.verb.is_empty() && (m.verb == "*" || m.verb == verb) && is(m, path);
    METHODS.iter().position(fits).unwrap_or(METHODS.len() - 1)
}

/// Verb and path of each method of plain HTTP.
#[cfg(test)]
pub(super) fn of_http_all() -> impl Iterator<Item = (&'static str, &'static str)> {
    METHODS.iter().filter(|m| !m.verb.is_empty()).map(|m| (m.verb, m.path))
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

    #[test]
    fn a_path_of_http_needs_what_its_call_needs() {
        let method = |verb: &str, path: &str| &METHODS[of_http(verb, path)];
        assert_eq!((method("POST", "/v1/screen").label, method("POST", "/v1/screen").need), ("http screen", SCREEN));
        assert_eq!(method("POST", "/v1/screen/batch").kind, Kind::Stream);
        assert_eq!(method("GET", "/v1/entries/us-bis-el/7").need, LISTS);
        assert_eq!(method("HEAD", "/v1/lists").need, STATUS);
        assert_eq!(method("POST", "/v1/lists/acme-deny/undo").need, ADMIN);
        assert_eq!(method("GET", "/v1/ledger/records/7/proof").need, LEDGER);
        assert_eq!(method("GET", "/v1/cases").need, CASES);
        assert_eq!(method("POST", "/v1/cases/7-0/decide").need, DECIDE);
        assert_eq!(method("GET", "/healthz").need, Need::Nothing);
        assert_eq!(method("POST", "/console/sign-in").need, Need::Nothing);
        assert_eq!(method("GET", "/console/sign-in/callback").need, Need::Nothing);
        assert_eq!(method("POST", "/console/sign-in/callback").need, Need::Session);
        assert_eq!(method("POST", "/console/screen").need, Need::Session);
        // What is served for another verb, or not at all, needs a known caller.
        assert_eq!(method("DELETE", "/v1/lists").need, Need::Known);
        assert_eq!(method("GET", "/console/../v1/screen").need, Need::Session);
        assert_eq!(method("POST", "/tidewaiter.v1.ListService/Reload").label, "http unknown");
    }
}
