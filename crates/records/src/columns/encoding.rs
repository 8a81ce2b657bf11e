//! Which encoding a text that is not UTF-8 may be in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

/// The encoding that a text which is not UTF-8 is most likely in.
pub fn likely_encoding(text: &[u8]) -> &'static str {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(text, true);
    detector.guess(None, Utf8Detection::Deny).name()
}
