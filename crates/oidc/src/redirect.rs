//! The address that a browser comes back to: what we remembered of the sign-in, and what the provider says.

use std::fmt;

use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use crate::error::{Decline, OidcError};

/// A sign-in that began. All but the address is kept on the server, for minutes, bound to the browser by a cookie, and deleted at first use.
#[derive(Clone)]
pub struct Begun {
    /// Where the browser goes.
    pub address: String,
    /// What comes back in the redirect.
    pub state: String,
    /// What comes back in the ID token.
    pub nonce: String,
    /// What proves at the token endpoint that we began (PKCE).
    pub verifier: String,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Begun(geheim)")
    }
}

/// What was remembered when the sign-in began.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// Our own address, the same as at the beginning.
    pub redirect_url: &'a str,
    /// [`Begun::state`].
    pub state: &'a str,
    /// [`Begun::nonce`].
    pub nonce: &'a str,
    /// [`Begun::verifier`].
    pub verifier: &'a str,
}

/// The query of the redirect, as the browser brings it. Anybody may write it.
#[derive(Clone, Default, Deserialize)]
pub struct Returned {
    /// Exchanged for tokens.
    #[serde(default)]
    pub code: Option<String>,
    /// Of the sign-in that began.
    #[serde(default)]
    pub state: Option<String>,
    /// The provider (RFC 9207).
    #[serde(default)]
    pub iss: Option<String>,
    /// Why there is no code.
    #[serde(default)]
    pub error: Option<String>,
}

impl fmt::Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Returned(geheim)")
    }
}

impl Returned {
    /// The code, when the redirect is of this sign-in and of this provider.
    pub(crate) fn code_for(&self, state: &str, issuer: &str) -> Result<&str, OidcError> {
        let returned = self.state.as_deref().unwrap_or_default();
        if state.is_empty() || !bool::from(returned.as_bytes().ct_eq(state.as_bytes())) {
            return Err(OidcError::State);
        }
        // Also of a provider that does not announce it: whoever names another issuer is not the one we asked.
        if self.iss.as_deref().is_some_and(|iss| iss != issuer) {
            return Err(OidcError::Issuer);
        }
        if let Some(error) = &self.error {
            return Err(OidcError::Declined(Decline::from_error(error)));
        }
        self.code.as_deref().filter(|code| !code.is_empty()).ok_or(OidcError::NoCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://provider.example.nl";

    fn returned(query: &str) -> Result<String, OidcError> {
        let pairs: serde_json::Map<_, _> =
            query.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key.to_owned(), value.into())).collect();
        let returned: Returned = serde_json::from_value(pairs.into()).unwrap();
        returned.code_for("s1", ISSUER).map(str::to_owned)
    }

    #[test]
    fn the_code_of_our_own_sign_in_comes_out() {
        assert_eq!(returned("code=c&state=s1"), Ok("c".to_owned()));
        assert_eq!(returned("code=c&state=s1&iss=https://provider.example.nl&session_state=x"), Ok("c".to_owned()));
    }

    #[test]
    fn what_is_not_of_our_own_sign_in_is_refused_before_anything_else() {
        for query in ["code=c", "code=c&state=", "code=c&state=s2", "code=c&state=s1x", "error=access_denied&state=s2"] {
            assert_eq!(returned(query), Err(OidcError::State), "{query}");
        }
        assert_eq!(Returned::default().code_for("", ISSUER), Err(OidcError::State));
        assert_eq!(returned("code=c&state=s1&iss=https://evil.example.nl"), Err(OidcError::Issuer));
        assert_eq!(returned("error=access_denied&state=s1&iss=https://evil.example.nl"), Err(OidcError::Issuer));
    }

    #[test]
    fn a_redirect_without_code_says_why() {
        let cases = [
            ("access_denied", Decline::Denied),
            ("login_required", Decline::Interaction),
            ("temporarily_unavailable", Decline::Unavailable),
            ("invalid_scope", Decline::Request),
            ("<script>", Decline::Other),
        ];
        for (error, decline) in cases {
            assert_eq!(returned(&format!("error={error}&code=c&state=s1")), Err(OidcError::Declined(decline)));
        }
        assert_eq!(returned("state=s1"), Err(OidcError::NoCode));
        assert_eq!(returned("state=s1&code="), Err(OidcError::NoCode));
    }

    #[test]
    fn secrets_are_not_shown() {
        let begun = Begun { address: "s1".to_owned(), state: "s1".to_owned(), nonce: "s1".to_owned(), verifier: "s1".to_owned() };
        let returned = Returned { code: Some("s1".to_owned()), ..Returned::default() };
        assert!(!format!("{begun:?}{returned:?}").contains("s1"));
    }
}
