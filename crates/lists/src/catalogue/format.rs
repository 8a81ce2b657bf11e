//! The formats that we read.

/// A publisher's format, recognised by the content of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// US Consolidated Screening List, CSV with 29 columns.
    UsCslCsv,
    /// US Consolidated Screening List, JSON.
    UsCslJson,
    /// OFAC SDN or consolidated list, classic XML (root `sdnList`).
    OfacXml,
    /// OFAC, three files in CSV, as a folder or a zip.
    OfacLegacyCsv,
    /// OFAC, enhanced XML (root `sanctionsData`).
    OfacEnhancedXml,
    /// OFAC, advanced XML (root `Sanctions`).
    OfacAdvancedXml,
    /// BIS Denied Persons List, text with tabs.
    BisDpl,
    /// UN Security Council, XML (root `CONSOLIDATED_LIST`).
    UnXml,
    /// EU financial sanctions files 1.1, XML (root `export`).
    EuFsfXml,
    /// EU financial sanctions files 1.1, CSV with semicolons.
    EuFsfCsv,
    /// UK OFSI consolidated list, CSV of 2022.
    UkOfsiCsv,
    /// UK Sanctions List of the FCDO, CSV.
    UkFcdoCsv,
    /// UK Sanctions List of the FCDO, XML (root `Designations`).
    UkFcdoXml,
    /// Australia, Excel workbook, old and new layout.
    AuDfatXlsx,
    /// Switzerland, XML (root `swiss-sanctions-list`).
    ChSecoXml,
    /// Canada, XML (root `data-set`).
    CaSemaXml,
    /// The eCFR's XML of Part 744: Entity List, Unverified List, Military End-User List.
    UsEcfrXml,
    /// France, national register of asset freezes, JSON.
    FrGelsJson,
    /// Ukraine, list of the State Financial Monitoring Service, XML (root `list-terror`).
    UaSfmsXml,
    /// World Bank, debarred firms and individuals, JSON.
    WorldBankJson,
    /// OpenSanctions, entities as JSON lines.
    OpenSanctionsFtm,
    /// OpenSanctions, `targets.simple.csv`.
    OpenSanctionsCsv,
    /// A CSV of the user's own.
    OwnCsv,
    /// Our own TOML.
    Curated,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 24] = [
        Self::UsCslCsv,
        Self::UsCslJson,
        Self::OfacXml,
        Self::OfacLegacyCsv,
        Self::OfacEnhancedXml,
        Self::OfacAdvancedXml,
        Self::BisDpl,
        Self::UnXml,
        Self::EuFsfXml,
        Self::EuFsfCsv,
        Self::UkOfsiCsv,
        Self::UkFcdoCsv,
        Self::UkFcdoXml,
        Self::AuDfatXlsx,
        Self::ChSecoXml,
        Self::CaSemaXml,
        Self::UsEcfrXml,
        Self::FrGelsJson,
        Self::UaSfmsXml,
        Self::WorldBankJson,
        Self::OpenSanctionsFtm,
        Self::OpenSanctionsCsv,
        Self::OwnCsv,
        Self::Curated,
    ];

    /// The word for it in the catalogue and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UsCslCsv => "us-csl-csv",
            Self::UsCslJson => "us-csl-json",
            Self::OfacXml => "ofac-xml",
            Self::OfacLegacyCsv => "ofac-legacy-csv",
            Self::OfacEnhancedXml => "ofac-enhanced-xml",
            Self::OfacAdvancedXml => "ofac-advanced-xml",
            Self::BisDpl => "bis-dpl",
            Self::UnXml => "un-xml",
            Self::EuFsfXml => "eu-fsf-xml",
            Self::EuFsfCsv => "eu-fsf-csv",
            Self::UkOfsiCsv => "uk-ofsi-csv",
            Self::UkFcdoCsv => "uk-fcdo-csv",
            Self::UkFcdoXml => "uk-fcdo-xml",
            Self::AuDfatXlsx => "au-dfat-xlsx",
            Self::ChSecoXml => "ch-seco-xml",
            Self::CaSemaXml => "ca-sema-xml",
            Self::UsEcfrXml => "us-ecfr-xml",
            Self::FrGelsJson => "fr-gels-json",
            Self::UaSfmsXml => "ua-sfms-xml",
            Self::WorldBankJson => "wb-debarred-json",
            Self::OpenSanctionsFtm => "opensanctions-ftm",
            Self::OpenSanctionsCsv => "opensanctions-csv",
            Self::OwnCsv => "own-csv",
            Self::Curated => "tidewaiter-toml",
        }
    }

    /// The format of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == word)
    }
}
