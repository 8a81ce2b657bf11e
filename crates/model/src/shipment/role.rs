//! What a party does in a shipment.

/// What a party does in a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sends the goods.
    Shipper,
    /// Sells the goods.
    Seller,
    /// Buys the goods.
    Buyer,
    /// Receives the goods as named in the transport document.
    Consignee,
    /// Takes the goods on the way.
    IntermediateConsignee,
    /// Receives the goods last.
    UltimateConsignee,
    /// Uses the goods.
    EndUser,
    /// Is told of the arrival.
    NotifyParty,
    /// Arranges the transport.
    Forwarder,
    /// Carries the goods.
    Carrier,
    /// Acts for another party.
    Agent,
    /// Owns the vessel.
    VesselOwner,
    /// Finances or guarantees the deal.
    Bank,
    /// Made the goods.
    Manufacturer,
    /// The shipper acts for this party.
    OnBehalfOfShipper,
    /// The consignee acts for this party.
    OnBehalfOfConsignee,
    /// The bill of lading is endorsed to this party.
    Endorsee,
    /// Stores the goods.
    Warehouse,
    /// Exporter of record.
    Exporter,
    /// Importer of record.
    Importer,
    /// The goods are delivered to this party.
    DeliveryParty,
}

impl Role {
    /// Every role, in the order of the protocol.
    pub const ALL: [Self; 21] = [
        Self::Shipper,
        Self::Seller,
        Self::Buyer,
        Self::Consignee,
        Self::IntermediateConsignee,
        Self::UltimateConsignee,
        Self::EndUser,
        Self::NotifyParty,
        Self::Forwarder,
        Self::Carrier,
        Self::Agent,
        Self::VesselOwner,
        Self::Bank,
        Self::Manufacturer,
        Self::OnBehalfOfShipper,
        Self::OnBehalfOfConsignee,
        Self::Endorsee,
        Self::Warehouse,
        Self::Exporter,
        Self::Importer,
        Self::DeliveryParty,
    ];

    /// The CSV column of the role, for example `notify_party`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shipper => "shipper",
            Self::Seller => "seller",
            Self::Buyer => "buyer",
            Self::Consignee => "consignee",
            Self::IntermediateConsignee => "intermediate_consignee",
            Self::UltimateConsignee => "ultimate_consignee",
            Self::EndUser => "end_user",
            Self::NotifyParty => "notify_party",
            Self::Forwarder => "forwarder",
            Self::Carrier => "carrier",
            Self::Agent => "agent",
            Self::VesselOwner => "vessel_owner",
            Self::Bank => "bank",
            Self::Manufacturer => "manufacturer",
            Self::OnBehalfOfShipper => "on_behalf_of_shipper",
            Self::OnBehalfOfConsignee => "on_behalf_of_consignee",
            Self::Endorsee => "endorsee",
            Self::Warehouse => "warehouse",
            Self::Exporter => "exporter",
            Self::Importer => "importer",
            Self::DeliveryParty => "delivery_party",
        }
    }

    /// Reads the name of a role in any case; blanks and hyphens count as underscores.
    pub fn parse(word: &str) -> Option<Self> {
        let word: String = word
            .trim()
            .chars()
            .map(|c| if c == '-' || c.is_whitespace() { '_' } else { c.to_ascii_lowercase() })
            .collect();
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}
