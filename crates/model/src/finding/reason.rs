//! Why something is reported, and how much attention it asks for.

/// Why something is reported. The names are stable; scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A party's name is a listed name.
    PartyListed,
    /// A party's name is a weak listed name.
    PartyListedWeak,
    /// A number is a listed number.
    PartyIdentifier,
    /// A party's name is on a watch list.
    PartyWatch,
    /// Running text contains a listed name.
    TextListed,
    /// Goods carry a brand of the lexicon.
    GoodsBrand,
    /// The goods text says nothing that tells what the goods are, or too little.
    GoodsVague,
    /// The goods text does not describe goods: digits only, a file name, one character repeated.
    GoodsInvalidText,
    /// The goods code is on the Common High Priority List.
    GoodsHsPriority,
    /// The goods code is one of unmanned aircraft or their parts.
    GoodsHsUav,
    /// The goods text says one thing and the goods code another.
    GoodsCodeConflict,
    /// Goods are a model of the lexicon.
    GoodsModel,
    /// A place or party country lies in an embargoed country or territory.
    RouteEmbargo,
    /// The route touches a country that a published list names for transshipment or diversion.
    RouteTransshipment,
    /// The route does not lead towards its destination.
    RouteDetour,
    /// The route touches a port, lock or airport that is itself listed.
    RouteListedPlace,
    /// The last named receiver of the goods is a freight forwarder.
    RoleForwarderFinal,
    /// A bank is named as the receiver of the goods.
    RoleBankConsignee,
    /// The goods are consigned "to order": no receiver is named.
    RoleToOrder,
    /// No shipper or no receiver of the goods is named.
    RoleMissing,
    /// The role of a party is disputed.
    RoleDisputed,
    /// A party's name is a placeholder such as "unknown" or "N/A".
    PartyPlaceholder,
    /// A party's address is a listed address, or that of a listed party.
    PartyAddress,
    /// A party is owned by listed parties, or its ownership is not known.
    PartyOwnership,
    /// The goods need a clause against re-export, and none is attested.
    ReexportClauseMissing,
    /// A list is older than it may be.
    ListStale,
    /// Findings that together say more than each alone; the combination is named.
    Combination,
    /// The caller attests a red flag that no record can show.
    AttestedRedFlag,
}

impl Reason {
    /// Every reason, in the order of the protocol.
    pub const ALL: [Self; 28] = [
        Self::PartyListed,
        Self::PartyListedWeak,
        Self::PartyIdentifier,
        Self::PartyWatch,
        Self::TextListed,
        Self::GoodsBrand,
        Self::GoodsVague,
        Self::GoodsInvalidText,
        Self::GoodsHsPriority,
        Self::GoodsHsUav,
        Self::GoodsCodeConflict,
        Self::GoodsModel,
        Self::RouteEmbargo,
        Self::RouteTransshipment,
        Self::RouteDetour,
        Self::RouteListedPlace,
        Self::RoleForwarderFinal,
        Self::RoleBankConsignee,
        Self::RoleToOrder,
        Self::RoleMissing,
        Self::RoleDisputed,
        Self::PartyPlaceholder,
        Self::PartyAddress,
        Self::PartyOwnership,
        Self::ReexportClauseMissing,
        Self::ListStale,
        Self::Combination,
        Self::AttestedRedFlag,
    ];

    /// The stable name, for example `PARTY_LISTED`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PartyListed => "PARTY_LISTED",
            Self::PartyListedWeak => "PARTY_LISTED_WEAK",
            Self::PartyIdentifier => "PARTY_IDENTIFIER",
            Self::PartyWatch => "PARTY_WATCH",
            Self::TextListed => "TEXT_LISTED",
            Self::GoodsBrand => "GOODS_BRAND",
            Self::GoodsVague => "GOODS_VAGUE",
            Self::GoodsInvalidText => "GOODS_INVALID_TEXT",
            Self::GoodsHsPriority => "GOODS_HS_PRIORITY",
            Self::GoodsHsUav => "GOODS_HS_UAV",
            Self::GoodsCodeConflict => "GOODS_CODE_CONFLICT",
            Self::GoodsModel => "GOODS_MODEL",
            Self::RouteEmbargo => "ROUTE_EMBARGO",
            Self::RouteTransshipment => "ROUTE_TRANSSHIPMENT",
            Self::RouteDetour => "ROUTE_DETOUR",
            Self::RouteListedPlace => "ROUTE_LISTED_PLACE",
            Self::RoleForwarderFinal => "ROLE_FORWARDER_FINAL",
            Self::RoleBankConsignee => "ROLE_BANK_CONSIGNEE",
            Self::RoleToOrder => "ROLE_TO_ORDER",
            Self::RoleMissing => "ROLE_MISSING",
            Self::RoleDisputed => "ROLE_DISPUTED",
            Self::PartyPlaceholder => "PARTY_PLACEHOLDER",
            Self::PartyAddress => "PARTY_ADDRESS",
            Self::PartyOwnership => "PARTY_OWNERSHIP",
            Self::ReexportClauseMissing => "REEXPORT_CLAUSE_MISSING",
            Self::ListStale => "LIST_STALE",
            Self::Combination => "COMBINATION",
            Self::AttestedRedFlag => "ATTESTED_RED_FLAG",
        }
    }
}

/// How much attention a finding asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For the record.
    Info,
    /// To review when time allows.
    Low,
    /// To review.
    Medium,
    /// To hold.
    High,
}

impl Severity {
    /// Every severity, the strongest first.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::Info];
}
