//! Documents of other standards, turned into shipments as they would come over the wire.
//!
//! Nothing that names a party is dropped: one whose role has no counterpart here is kept without a role, and its source
//! says where it stood. A key, segment or value that is not known is an error that names its place: a document that is
//! only half understood is not screened as if it were whole.

pub(crate) mod cargo_imp;
pub(crate) mod dcsa;

/// What a file is told to be; without it, it is recognised by content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum InputKind {
    /// Recognised by content.
    #[default]
    Auto,
    /// DCSA eBL 3.0 JSON: transport documents or shipping instructions.
    Dcsa,
    /// Cargo-IMP text: FWB and FHL messages.
    CargoImp,
}

impl InputKind {
    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dcsa => "dcsa",
            Self::CargoImp => "cargo-imp",
        }
    }
}
