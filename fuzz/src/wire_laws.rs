//! Laws of what comes over the wire, for any bytes.

use super::engine_laws::builtin;
use engine::screen::Scratch;
use model::finding::Outcome;
use prost::Message as _;
use wire::v1;

/// What decodes is screened or refused; a refusal names its cause, and a field that a rule needed and that could not be
/// read is never "no finding".
pub fn conversion(data: &[u8]) {
    let Ok(request) = v1::ScreenBatchRequest::decode(data) else { return };
    let mut scratch = Scratch::default();
    for shipment in request.shipments {
        // The JSON form is written, or says why not.
        let json = serde_json::to_string(&shipment);
        if let Ok(json) = &json {
            assert_eq!(serde_json::from_str::<v1::Shipment>(json).ok().as_ref(), Some(&shipment), "{json}");
        }
        let shipment = wire::shipment_from_wire(shipment);
        let screening = builtin().screen(&shipment, &mut scratch);
        assert!(screening.outcome != Outcome::Refused || !screening.problems.is_empty(), "refused means a problem");
        if shipment.unread.iter().any(|field| field.needs_review) {
            assert!(screening.outcome >= Outcome::Review, "a field that a rule needed was not read");
        }
        let answer = wire::screening_to_wire(screening);
        let again = v1::Screening::decode(answer.encode_to_vec().as_slice()).expect("what is sent can be read");
        assert_eq!(again, answer);
    }
}
