//! Why somebody could not sign in: a stable code, a Dutch sentence, and for the log what happened without what was said.
//!
//! Texts of the provider are never repeated: they may hold names, addresses, codes or tokens.

use std::fmt;

use thiserror::Error;

use crate::http::Transport;

/// Where it went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Reading what the provider says of itself.
    Discovery,
    /// Reading the keys of the provider.
    Keys,
    /// Exchanging the code.
    Token,
    /// Reading who it is.
    Userinfo,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "discovery",
            Self::Keys => "keys",
            Self::Token => "token endpoint",
            Self::Userinfo => "userinfo endpoint",
        })
    }
}

/// What the provider says of itself that we cannot work with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MetadataFault {
    /// It is another issuer.
    #[error("other issuer")]
    Issuer,
    /// An endpoint without TLS.
    #[error("endpoint without TLS")]
    Endpoint,
    /// There is no token endpoint.
    #[error("no token endpoint")]
    TokenEndpoint,
}

/// Why the provider sent somebody back with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Decline {
    /// The user or the institution said no.
    #[error("denied")]
    Denied,
    /// The user has to do something at the provider first.
    #[error("interaction needed")]
    Interaction,
    /// The provider cannot do it now.
    #[error("provider unavailable")]
    Unavailable,
    /// The provider does not understand or allow what we asked.
    #[error("request not accepted")]
    Request,
    /// Another reason.
    #[error("other reason")]
    Other,
}

impl Decline {
    /// From the `error` of RFC 6749 and of OIDC Core, section 3.1.2.6.
    pub(crate) fn from_error(error: &str) -> Self {
        match error {
            "access_denied" | "unmet_authentication_requirements" => Self::Denied,
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => Self::Interaction,
            "server_error" | "temporarily_unavailable" => Self::Unavailable,
            "invalid_request" | "unauthorized_client" | "unsupported_response_type" | "invalid_scope" | "invalid_target" => Self::Request,
            _ => Self::Other,
        }
    }
}

/// What is wrong with an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenFault {
    /// There is none.
    #[error("missing")]
    Missing,
    /// It is not signed, or in a way that is not allowed.
    #[error("algorithm not allowed")]
    Algorithm,
    /// The key is not among those of the provider.
    #[error("key unknown")]
    UnknownKey,
    /// The signature is not right.
    #[error("signature not right")]
    Signature,
    /// It is of another issuer.
    #[error("other issuer")]
    Issuer,
    /// It is for somebody else, or also for somebody else.
    #[error("other audience")]
    Audience,
    /// It is no longer valid.
    #[error("expired")]
    Expired,
    /// It is from the future.
    #[error("issued in the future")]
    Future,
    /// It belongs to another sign-in.
    #[error("other nonce")]
    Nonce,
    /// It belongs to another access token.
    #[error("other access token")]
    AccessToken,
    /// The subject is empty or too long.
    #[error("subject not right")]
    Subject,
    /// The level of assurance is not among those asked for.
    #[error("level of assurance too low")]
    Assurance,
    /// Signing in at the provider was too long ago.
    #[error("signed in too long ago")]
    TooLongAgo,
    /// Something else.
    #[error("not acceptable")]
    Other,
}

/// Why somebody could not sign in. The text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OidcError {
    /// The provider cannot be reached.
    #[error("{0}: {1}")]
    Unreachable(Step, Transport),
    /// The provider answers something else than it should.
    #[error("{0}: answer not understood")]
    Unreadable(Step),
    /// What the provider says of itself is not right.
    #[error("discovery: {0}")]
    Metadata(MetadataFault),
    /// The provider does not accept our client id, secret, address or request.
    #[error("token endpoint: client or request not accepted")]
    Client,
    /// Our own address is not one.
    #[error("redirect address is not an address")]
    RedirectUrl,
    /// The machine has no randomness.
    #[error("no randomness")]
    Randomness,
    /// The redirect does not belong to a sign-in that this browser began.
    #[error("redirect with another state")]
    State,
    /// The redirect is of another provider.
    #[error("redirect with another issuer, or without one")]
    Issuer,
    /// The redirect has neither a code nor an error.
    #[error("redirect without code")]
    NoCode,
    /// The provider sent the user back without signing in.
    #[error("declined: {0}")]
    Declined(Decline),
    /// The code was used, has expired or is of another sign-in.
    #[error("token endpoint: code not accepted")]
    Code,
    /// The ID token is not right.
    #[error("ID token: {0}")]
    Token(TokenFault),
    /// The userinfo is of somebody else than the ID token.
    #[error("userinfo of another subject")]
    OtherSubject,
    /// The userinfo endpoint does not accept the access token, or its signature is not right.
    #[error("userinfo not acceptable")]
    Userinfo,
}

impl OidcError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.told().0
    }

    /// A Dutch sentence for the user: what to do, and nothing of what happened inside.
    pub fn dutch(&self) -> &'static str {
        self.told().1
    }

    fn told(&self) -> (&'static str, &'static str) {
        match self {
            Self::Unreachable(..) | Self::Declined(Decline::Unavailable) => {
                ("inlogdienst-onbereikbaar", "De inlogdienst is nu niet bereikbaar. Probeer het over een paar minuten opnieuw.")
            }
            Self::Unreadable(_) | Self::Metadata(_) | Self::Client | Self::RedirectUrl | Self::Declined(Decline::Request) => (
                "inlogdienst-verkeerd-ingesteld",
                "Inloggen via deze dienst lukt nu niet. Probeer het opnieuw en meld het aan uw beheerder als het niet lukt.",
            ),
            Self::Randomness => {
                ("interne-fout", "Er ging iets mis in Kernschil. Er is niets veranderd. Probeer het opnieuw of meld het aan uw beheerder.")
            }
            Self::State | Self::Code | Self::Token(TokenFault::Expired) => (
                "inloggen-verlopen",
                "Dit inloggen is verlopen, al gebruikt of in een andere browser begonnen. Begin opnieuw met inloggen.",
            ),
            Self::Declined(Decline::Denied) => (
                "inloggen-geweigerd",
                "U bent niet ingelogd: u of uw instelling gaf geen toestemming. Begin opnieuw als dat niet de bedoeling was.",
            ),
            Self::Declined(Decline::Interaction | Decline::Other) => {
                ("inloggen-onafgemaakt", "Het inloggen is niet afgemaakt. Begin opnieuw met inloggen.")
            }
            Self::Token(TokenFault::Assurance) => (
                "inloggen-te-zwak",
                "Voor Kernschil is sterker inloggen nodig, bijvoorbeeld met een tweede stap. Vraag uw instelling daarnaar.",
            ),
            Self::Token(TokenFault::TooLongAgo) => {
                ("inloggen-te-lang-geleden", "U hebt te lang geleden bij uw instelling ingelogd. Begin opnieuw met inloggen.")
            }
            Self::Issuer | Self::NoCode | Self::Token(_) | Self::OtherSubject | Self::Userinfo => (
                "inloggen-bewijs-onjuist",
                "Wat de inlogdienst stuurde, klopt niet. U bent niet ingelogd. Probeer het opnieuw of meld het aan uw beheerder.",
            ),
        }
    }
}
