//! The ID token: whether it is the provider's, for this client, of this sign-in, and still holds.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;
use subtle::ConstantTimeEq as _;

/// Signatures that are taken. None by a shared secret: whoever has a public key could make those. None without a key.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Seconds that the clocks may differ by.
const LEEWAY: u64 = 60;

/// What a token must say.
#[derive(Debug)]
pub(super) struct Expected<'e> {
    pub(super) issuer: &'e str,
    pub(super) client_id: &'e str,
    pub(super) nonce: &'e str,
}

/// Why a token does not hold.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// No key that is known has signed it.
    #[error("the ID token is not signed by a key of the provider: {0}")]
    Key(&'static str),
    /// It says something else than it must.
    #[error("the ID token does not hold: {0}")]
    Token(String),
}

/// The claims of a token that holds.
///
/// # Errors
/// Why it does not hold.
pub(super) fn check(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Value, Fault> {
    let wrong = |why: &str| Fault::Token(why.to_owned());
    // `none` is no algorithm here, and fails.
    let header = decode_header(token).map_err(|e| Fault::Token(e.to_string()))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(wrong("it is signed by an algorithm that is not taken"));
    }
    let mut validation = Validation::new(header.alg);
    validation.leeway = LEEWAY;
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    let fits = |key: &&Jwk| {
        header.kid.as_ref().is_none_or(|kid| key.common.key_id.as_ref() == Some(kid))
            && key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature)
            && key.common.key_algorithm.is_none_or(|of| KeyAlgorithm::from(header.alg) == of)
    };
    let mut fault = Fault::Key("none has its id");
    for key in keys.iter().filter(fits) {
        let Ok(key) = DecodingKey::from_jwk(key) else { continue };
        if key.family() != header.alg.family() {
            continue;
        }
        match decode::<Value>(token, &key, &validation) {
            Ok(checked) => return holds(checked.claims, expected).map_err(wrong),
            Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {
                fault = Fault::Key("the signature is wrong")
            }
            Err(error) => return Err(Fault::Token(error.to_string())),
        }
    }
    Err(fault)
}

/// What the signature, the times, issuer and audience leave to check.
fn holds(claims: Value, expected: &Expected<'_>) -> Result<Value, &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err("its issuer is not one text");
    }
    let is_nonce = text("nonce").is_some_and(|nonce| nonce.as_bytes().ct_eq(expected.nonce.as_bytes()).into());
    if !is_nonce {
        return Err("its nonce is not that of this sign-in");
    }
    // OpenID Connect Core 3.1.3.7: with several audiences the one that it was made for is named, and it is us.
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    if claims.get("azp").map_or(several, |azp| azp.as_str() != Some(expected.client_id)) {
        return Err("it was made for another client");
    }
    if !claims.get("iat").is_some_and(Value::is_number) {
        return Err("it does not say when it was made");
    }
    Ok(claims)
}
