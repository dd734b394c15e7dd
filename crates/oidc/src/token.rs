//! Whether an ID token is right: OIDC Core, section 3.1.3.7.
//!
//! openidconnect does steps 1 to 3, 6 to 9 and 11; the rest is here.

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::CoreJwsSigningAlgorithm::{
    EcdsaP256Sha256, EcdsaP384Sha384, EdDsa, RsaSsaPkcs1V15Sha256, RsaSsaPkcs1V15Sha384, RsaSsaPkcs1V15Sha512, RsaSsaPssSha256,
    RsaSsaPssSha384, RsaSsaPssSha512,
};
use openidconnect::core::{CoreIdTokenVerifier, CoreJwsSigningAlgorithm};
use openidconnect::{AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, Nonce, SignatureVerificationError};

use crate::claims::{IdToken, IdTokenClaims, Metadata};
use crate::error::TokenFault;
use crate::settings::ProviderSettings;

/// With a key pair. With a shared secret (HS256) whoever knows our client secret could make a token.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    RsaSsaPkcs1V15Sha256,
    RsaSsaPkcs1V15Sha384,
    RsaSsaPkcs1V15Sha512,
    RsaSsaPssSha256,
    RsaSsaPssSha384,
    RsaSsaPssSha512,
    EcdsaP256Sha256,
    EcdsaP384Sha384,
    EdDsa,
];
/// How far the clock of a provider may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(2);
/// OIDC Core, section 2.
const LONGEST_SUBJECT: usize = 255;

/// The claims of a token, when it is right.
pub(crate) fn verified<'t>(
    token: &'t IdToken,
    access_token: &AccessToken,
    metadata: &Metadata,
    settings: &ProviderSettings,
    nonce: &Nonce,
    now: DateTime<Utc>,
) -> Result<&'t IdTokenClaims, TokenFault> {
    let client_id = ClientId::new(settings.client_id.clone());
    let announced = metadata.id_token_signing_alg_values_supported();
    let algorithms = ALGORITHMS.iter().filter(|algorithm| announced.contains(algorithm)).cloned();
    let verifier = CoreIdTokenVerifier::new_public_client(client_id, metadata.issuer().clone(), metadata.jwks().clone())
        .set_allowed_algs(algorithms)
        .set_time_fn(move || now);
    let claims = token.claims(&verifier, nonce).map_err(|error| fault(&error))?;

    if claims.authorized_party().is_some_and(|party| party.as_str() != settings.client_id) {
        return Err(TokenFault::Audience);
    }
    if claims.issue_time() > now + AHEAD {
        return Err(TokenFault::Future);
    }
    if !(1..=LONGEST_SUBJECT).contains(&claims.subject().as_str().len()) {
        return Err(TokenFault::Subject);
    }
    if let Some(hash) = claims.access_token_hash() {
        let (algorithm, key) = (token.signing_alg(), token.signing_key(&verifier));
        let (Ok(algorithm), Ok(key)) = (algorithm, key) else { return Err(TokenFault::Signature) };
        if AccessTokenHash::from_token(access_token, algorithm, key).ok().as_ref() != Some(hash) {
            return Err(TokenFault::AccessToken);
        }
    }
    // OpenConext writes several values with spaces between them.
    let reached = claims.auth_context_ref().map(|acr| acr.as_str()).unwrap_or_default();
    if !settings.acr.is_empty() && !reached.split_whitespace().any(|acr| settings.acr.iter().any(|wanted| wanted == acr)) {
        return Err(TokenFault::Assurance);
    }
    if let Some(seconds) = settings.max_age_seconds {
        let oldest = now - TimeDelta::seconds(seconds.into()) - AHEAD;
        if claims.auth_time().is_none_or(|time| time < oldest) {
            return Err(TokenFault::TooLongAgo);
        }
    }
    Ok(claims)
}

fn fault(error: &ClaimsVerificationError) -> TokenFault {
    use SignatureVerificationError as Signature;
    match error {
        ClaimsVerificationError::Expired(_) => TokenFault::Expired,
        ClaimsVerificationError::InvalidAudience(_) => TokenFault::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => TokenFault::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => TokenFault::Nonce,
        ClaimsVerificationError::SignatureVerification(error) => match error {
            Signature::NoMatchingKey => TokenFault::UnknownKey,
            Signature::NoSignature | Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_) => TokenFault::Algorithm,
            _ => TokenFault::Signature,
        },
        _ => TokenFault::Other,
    }
}
