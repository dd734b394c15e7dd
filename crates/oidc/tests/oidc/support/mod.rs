//! What the tests share.

use chrono::{DateTime, Utc};
use kernschil_oidc::{Begun, ClaimsFrom, Expected, Provider, ProviderSettings, Returned, SecondFactor, Secret};

pub(crate) mod browser;
pub(crate) mod fake;
#[path = "../../../../../tests/oidc/node.rs"]
pub(crate) mod node;

/// Where browsers come back to.
pub(crate) const REDIRECT: &str = "http://127.0.0.1:8080/inloggen/surfconext/terug";
/// Our password at the providers.
pub(crate) const SECRET: &str = "geheim-voor-de-proef";

/// Settings for a provider of the tests.
pub(crate) fn settings(issuer: &str) -> ProviderSettings {
    ProviderSettings {
        code: "surfconext".to_owned(),
        name: "SURFconext".to_owned(),
        issuer: issuer.to_owned(),
        client_id: "kernschil".to_owned(),
        client_secret: Some(Secret::new(SECRET)),
        scopes: vec!["openid".to_owned()],
        claims: ClaimsFrom::Userinfo,
        prompt: None,
        acr: Vec::new(),
        max_age_seconds: None,
        second_factor: SecondFactor::Account,
    }
}

/// A provider of the tests.
pub(crate) fn provider(issuer: &str) -> Provider {
    Provider::new(settings(issuer)).unwrap()
}

/// The time of the machine, which a real provider uses.
#[expect(clippy::disallowed_methods, reason = "the provider of npm takes its time from the machine")]
pub(crate) fn machine_time() -> DateTime<Utc> {
    Utc::now()
}

/// What was remembered of a sign-in.
pub(crate) fn expected(begun: &Begun) -> Expected<'_> {
    Expected { redirect_url: REDIRECT, state: &begun.state, nonce: &begun.nonce, verifier: &begun.verifier }
}

/// A redirect with a code.
pub(crate) fn with_code(begun: &Begun, code: &str) -> Returned {
    Returned { code: Some(code.to_owned()), state: Some(begun.state.clone()), ..Returned::default() }
}
