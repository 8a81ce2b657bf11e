//! Why a call was refused or failed, each with the stable reason that programs and metrics rely on.

use model::shipment::Problem;
use std::time::Duration;

/// Why a call could not be answered.
#[derive(Debug, thiserror::Error)]
pub(in crate::service) enum Failure {
    /// The request is invalid; the reason is one of the `const`s below.
    #[error("{message}")]
    Invalid { reason: &'static str, message: String, problems: Vec<Problem> },
    /// No loaded list has the entry.
    #[error("no loaded list has this entry")]
    EntryNotFound,
    /// The change between these two snapshots is not kept.
    #[error("no change between these snapshots is kept; give days (YYYY-MM-DD) or a later snapshot")]
    ChangeNotFound,
    /// The caller's deadline passed.
    #[error("the deadline passed before the work was done")]
    Expired,
    /// Too many calls, streams or bytes at once.
    #[error("{0}; try again later")]
    Overloaded(&'static str),
    /// The caller has used up its quota; `None`: it asks for more at once than a whole second's quota.
    #[error("too many {what} a second for this caller{}", if retry_in.is_some() { "; try again later" } else { ": split the request" })]
    Quota { what: &'static str, retry_in: Option<Duration> },
    /// Callers must identify themselves, and this one did not.
    #[error("no credentials: send a key as `authorization: Bearer KEY`, or use a client certificate")]
    CredentialsMissing,
    /// No caller has this key.
    #[error("invalid key in `authorization`: no caller has it")]
    CredentialsInvalid,
    /// The caller is known, and its last day has passed.
    #[error("this caller's key or certificate has expired; ask the operator for a new one")]
    CredentialsExpired,
    /// The certificate is valid, and no caller has it.
    #[error("no caller has this client certificate")]
    CallerUnknown,
    /// The caller may not do this.
    #[error("this caller lacks the scope `{0}`")]
    ScopeMissing(&'static str),
    /// A stream had nothing to do for too long.
    #[error("the stream was idle for too long")]
    Idle,
    /// Nothing is loaded yet; why the last attempt failed, if there was one.
    #[error("{}", .0.as_ref().map_or_else(|| "the lists are still being loaded".to_owned(), |why| format!("no lists are in force: {why}")))]
    NotLoaded(Option<String>),
    /// Lists that the configuration requires are not in force.
    #[error("nothing is screened: {0}")]
    ListsMissing(String),
    /// The service is stopping and reads no further.
    #[error("the service is stopping; send the unanswered shipments to another replica")]
    Stopping,
    /// The new lists could not be loaded; the old ones are in force.
    #[error("the old lists stay in force, because the new ones could not be loaded: {0}")]
    Reload(current::Error),
    /// The answer could not be put into the ledger, and must not leave without that.
    #[error("no answer leaves without its record, and it could not be recorded: {0}")]
    NotRecorded(String),
    /// The service keeps no ledger.
    #[error("this service keeps no ledger")]
    NoLedger,
    /// There is no such record, or it is of another kind.
    #[error("{0}")]
    RecordNotFound(String),
    /// The record's key was destroyed.
    #[error("{0}")]
    RecordErased(String),
    /// A step was taken on a case that has changed since, or does not allow it.
    #[error("{0}")]
    CaseChanged(String),
    /// What was asked for cannot be done as the ledger stands.
    #[error("{0}")]
    LedgerRefused(String),
    /// The service has no data directory, where lists are kept.
    #[error("this service keeps no lists: start it with a data directory (--data-dir)")]
    NoDataDirectory,
    /// The guard keeps a list out of force.
    #[error("the guard keeps this list out of force: {}", .0.join("; "))]
    ListQuarantined(Vec<String>),
    /// A list could not be put into force, or taken out of it.
    #[error("{0}")]
    ListRefused(String),
    /// The ledger is damaged, or its files cannot be read; the log has the place.
    #[error("the ledger could not answer; its operator finds why in the log")]
    LedgerFault,
    /// The request cannot be read; where and why.
    #[error("{0}")]
    Malformed(String),
    /// The request is in a form that is not read here; which are.
    #[error("unsupported content type or encoding; expected {0}")]
    MediaUnknown(&'static str),
    /// The request has more bytes than a message may.
    #[error("the request has more than {0} bytes")]
    TooLarge(usize),
    /// The bytes of the request came too slowly.
    #[error("the request came too slowly")]
    SlowBody,
    /// Nothing is served under this path.
    #[error("nothing is served under this path; /v1/openapi.json describes what is")]
    PathUnknown,
    /// The path is served for other HTTP methods.
    #[error("this path is not served for this HTTP method")]
    VerbUnknown,
    /// A page of another origin asks where callers need no credentials.
    #[error("pages of other origins may not call a service that needs no credentials; give callers a key")]
    OriginRefused,
    /// Nobody is signed in to the console.
    #[error("sign in first")]
    SignedOut,
    /// A form that no page of ours sent.
    #[error("the form did not come from a page of this session; load the page again")]
    Forged,
    /// A fault of the program.
    #[error("internal fault; these shipments were not screened")]
    Panicked,
}

/// The shipment has faults that prevent screening.
pub(in crate::service) const SHIPMENT_INVALID: &str = "SHIPMENT_INVALID";
/// The shipment is beyond a limit.
pub(in crate::service) const SHIPMENT_TOO_LARGE: &str = "SHIPMENT_TOO_LARGE";
/// A field of a request other than a shipment is missing or out of range.
pub(in crate::service) const REQUEST_INVALID: &str = "REQUEST_INVALID";

/// All reasons; metrics count no others.
pub(in crate::service) const REASONS: [&str; 44] = [
    SHIPMENT_INVALID,
    SHIPMENT_TOO_LARGE,
    REQUEST_INVALID,
    "BATCH_TOO_LARGE",
    "MESSAGE_TOO_LARGE",
    "MESSAGE_MALFORMED",
    "METHOD_UNKNOWN",
    "MEDIA_UNKNOWN",
    "SLOW_REQUEST",
    "FORM_FORGED",
    "ORIGIN_REFUSED",
    "SIGNED_OUT",
    "ENTRY_NOT_FOUND",
    "DEADLINE_EXCEEDED",
    "STREAM_IDLE",
    "CANCELLED",
    "OVERLOADED",
    "QUOTA_EXCEEDED",
    "CREDENTIALS_MISSING",
    "CREDENTIALS_INVALID",
    "CREDENTIALS_EXPIRED",
    "CALLER_UNKNOWN",
    "SCOPE_MISSING",
    "LISTS_NOT_LOADED",
    "LISTS_MISSING",
    "STOPPING",
    "RELOAD_FAILED",
    "ENGINE_FAULT",
    "NOT_RECORDED",
    "NO_LEDGER",
    "RECORD_NOT_FOUND",
    "RECORD_ERASED",
    "CASE_CHANGED",
    "LEDGER_REFUSED",
    "LEDGER_FAULT",
    "NO_DATA_DIRECTORY",
    "LIST_QUARANTINED",
    "LIST_REFUSED",
    "CONNECTION_LIMIT",
    "CONNECTION_BROKEN",
    "SLOW_CONNECTION",
    "TLS_HANDSHAKE",
    "ACCEPT_FAILED",
    "NO_REASON",
];

impl Failure {
    /// One field of the request is invalid.
    pub(in crate::service) fn field(reason: &'static str, path: &str, description: String) -> Self {
        let message = format!("{path}: {description}");
        Self::Invalid { reason, message, problems: vec![Problem { field_path: path.to_owned(), description }] }
    }

    /// The stable reason, one of [`REASONS`].
    pub(in crate::service) fn reason(&self) -> &'static str {
        match self {
            Self::Invalid { reason, .. } => reason,
            Self::EntryNotFound | Self::ChangeNotFound => "ENTRY_NOT_FOUND",
            Self::Expired => "DEADLINE_EXCEEDED",
            Self::Overloaded(_) => "OVERLOADED",
            Self::Quota { .. } => "QUOTA_EXCEEDED",
            Self::CredentialsMissing => "CREDENTIALS_MISSING",
            Self::CredentialsInvalid => "CREDENTIALS_INVALID",
            Self::CredentialsExpired => "CREDENTIALS_EXPIRED",
            Self::CallerUnknown => "CALLER_UNKNOWN",
            Self::ScopeMissing(_) => "SCOPE_MISSING",
            Self::Idle => "STREAM_IDLE",
            Self::NotLoaded(_) => "LISTS_NOT_LOADED",
            Self::ListsMissing(_) => "LISTS_MISSING",
            Self::Stopping => "STOPPING",
            Self::Reload(_) => "RELOAD_FAILED",
            Self::NotRecorded(_) => "NOT_RECORDED",
            Self::NoLedger => "NO_LEDGER",
            Self::RecordNotFound(_) => "RECORD_NOT_FOUND",
            Self::RecordErased(_) => "RECORD_ERASED",
            Self::CaseChanged(_) => "CASE_CHANGED",
            Self::LedgerRefused(_) => "LEDGER_REFUSED",
            Self::LedgerFault => "LEDGER_FAULT",
            Self::NoDataDirectory => "NO_DATA_DIRECTORY",
            Self::ListQuarantined(_) => "LIST_QUARANTINED",
            Self::ListRefused(_) => "LIST_REFUSED",
            Self::Malformed(_) => "MESSAGE_MALFORMED",
            Self::MediaUnknown(_) => "MEDIA_UNKNOWN",
            Self::TooLarge(_) => "MESSAGE_TOO_LARGE",
            Self::SlowBody => "SLOW_REQUEST",
            Self::PathUnknown | Self::VerbUnknown => "METHOD_UNKNOWN",
            Self::OriginRefused => "ORIGIN_REFUSED",
            Self::SignedOut => "SIGNED_OUT",
            Self::Forged => "FORM_FORGED",
            Self::Panicked => "ENGINE_FAULT",
        }
    }
}
