//! What the caller states about a shipment and no record can show.

use jiff::civil::Date;

/// What is attested. The red flags are those of the "Red Flag Indicators" of the US Bureau of Industry and Security
/// that no single record can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttestationKind {
    /// The contract forbids re-export to Russia and for use there (Regulation (EU) No 833/2014, Article 12g).
    ReexportClause,
    /// The end user has signed an end-use statement.
    EndUseStatement,
    /// Red flag: the customer is reluctant to say what the goods are for.
    RedFlagEndUse,
    /// Red flag: the goods do not fit the buyer's line of business.
    RedFlagLineOfBusiness,
    /// Red flag: the goods do not fit the technical level of the country.
    RedFlagTechnicalLevel,
    /// Red flag: the customer pays cash for an expensive item.
    RedFlagCash,
    /// Red flag: the customer has little or no business background.
    RedFlagBackground,
    /// Red flag: the customer does not know the product and still wants it.
    RedFlagUnfamiliar,
    /// Red flag: routine installation, training or maintenance is declined.
    RedFlagServiceDeclined,
    /// Red flag: delivery dates are vague.
    RedFlagDelivery,
    /// Red flag: the packaging does not fit the transport or the destination.
    RedFlagPackaging,
    /// Red flag: the buyer is evasive about domestic use, export or re-export.
    RedFlagEvasive,
}

impl AttestationKind {
    /// Every kind, in the order of the protocol.
    pub const ALL: [Self; 12] = [
        Self::ReexportClause,
        Self::EndUseStatement,
        Self::RedFlagEndUse,
        Self::RedFlagLineOfBusiness,
        Self::RedFlagTechnicalLevel,
        Self::RedFlagCash,
        Self::RedFlagBackground,
        Self::RedFlagUnfamiliar,
        Self::RedFlagServiceDeclined,
        Self::RedFlagDelivery,
        Self::RedFlagPackaging,
        Self::RedFlagEvasive,
    ];

    /// The word in CSV cells, for example `reexport_clause`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReexportClause => "reexport_clause",
            Self::EndUseStatement => "end_use_statement",
            Self::RedFlagEndUse => "red_flag_end_use",
            Self::RedFlagLineOfBusiness => "red_flag_line_of_business",
            Self::RedFlagTechnicalLevel => "red_flag_technical_level",
            Self::RedFlagCash => "red_flag_cash",
            Self::RedFlagBackground => "red_flag_background",
            Self::RedFlagUnfamiliar => "red_flag_unfamiliar",
            Self::RedFlagServiceDeclined => "red_flag_service_declined",
            Self::RedFlagDelivery => "red_flag_delivery",
            Self::RedFlagPackaging => "red_flag_packaging",
            Self::RedFlagEvasive => "red_flag_evasive",
        }
    }

    /// Reads the word of a CSV cell; `None` for any other text.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }

    /// Whether it is a red flag rather than a statement in favour of the shipment.
    pub fn is_red_flag(self) -> bool {
        !matches!(self, Self::ReexportClause | Self::EndUseStatement)
    }
}

/// One statement of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// What is attested.
    pub kind: AttestationKind,
    /// Who attests it.
    pub by: String,
    /// When.
    pub date: Option<Date>,
    /// What else there is to say.
    pub note: String,
}
