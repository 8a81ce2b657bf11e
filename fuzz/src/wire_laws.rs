//! Laws of what comes over the wire, for any bytes.

use super::engine_laws::builtin;
use engine::screen::Scratch;
use model::finding::Outcome;
use prost::Message as _;
use wire::v1;

/// What decodes is either a shipment that is answered, or is refused with at least one problem that names what was
/// wrong; never both, and a refused one is never without findings "clear".
pub fn conversion(data: &[u8]) {
    let Ok(request) = v1::ScreenBatchRequest::decode(data) else { return };
    let mut scratch = Scratch::default();
    for shipment in request.shipments {
        // The JSON form is written, or says why not.
        let json = serde_json::to_string(&shipment);
        if let Ok(json) = &json {
            assert_eq!(serde_json::from_str::<v1::Shipment>(json).ok().as_ref(), Some(&shipment), "{json}");
        }
        let screening = match wire::shipment_from_wire(shipment) {
            Ok(shipment) => builtin().screen(&shipment, &mut scratch),
            Err(problems) => {
                assert!(!problems.is_empty() && problems.iter().all(|p| !p.description.is_empty()));
                builtin().refuse(String::new(), problems)
            }
        };
        let is_refused = screening.outcome == Outcome::Refused;
        assert_eq!(is_refused, !screening.problems.is_empty(), "refused means a problem, and a problem means refused");
        let answer = wire::screening_to_wire(screening);
        let again = v1::Screening::decode(answer.encode_to_vec().as_slice()).expect("what is sent can be read");
        assert_eq!(again, answer);
    }
}
