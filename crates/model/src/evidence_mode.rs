//! When an answer may leave, where screenings are recorded.

/// When an answer may leave. The modes are ordered: each asks for more than the one before it, and where several apply
/// the greatest does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceMode {
    /// Nothing is recorded.
    Off,
    /// The answer leaves at once; its record is on disk within a second or two. A crash of the machine may lose it.
    Async,
    /// The answer leaves when its record is on disk.
    #[default]
    Durable,
}

impl EvidenceMode {
    /// Every mode, the least strict first.
    pub const ALL: [Self; 3] = [Self::Off, Self::Async, Self::Durable];

    /// The word for it, in files and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Async => "async",
            Self::Durable => "durable",
        }
    }

    /// Reads the word; `None` for any other text.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}
