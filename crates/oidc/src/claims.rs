//! The types of openidconnect with the one claim that `SURFconext` adds, and the identity that comes out.

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse, CoreSubjectIdentifierType,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields,
    LocalizedClaim, ProviderMetadata, StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};

/// What a provider says of itself.
pub(crate) type Metadata = ProviderMetadata<
    Announced,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What a provider says of itself beyond what openidconnect reads.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Announced {
    /// RFC 9207: each redirect says of which issuer it is.
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Announced {}

/// A client of which the authorization endpoint is known.
pub(crate) type Client = openidconnect::Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The answer of the token endpoint.
pub(crate) type TokenResponse = StandardTokenResponse<
    IdTokenFields<Extra, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>,
    CoreTokenType,
>;

/// An ID token.
pub(crate) type IdToken = openidconnect::IdToken<Extra, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// What an ID token says.
pub(crate) type IdTokenClaims = openidconnect::IdTokenClaims<Extra, CoreGenderClaim>;

/// What the userinfo endpoint says.
pub(crate) type UserInfoClaims = openidconnect::UserInfoClaims<Extra, CoreGenderClaim>;

/// Claims beyond those of OIDC.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Extra {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schac_home_organization: Option<OneOrMore>,
}

impl AdditionalClaims for Extra {}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Extra {
    /// Somebody of several organisations is of none that we can be sure of.
    fn organisation(&self) -> Option<String> {
        let organisation = match self.schac_home_organization.as_ref()? {
            OneOrMore::One(one) => one,
            OneOrMore::More(more) => <&[String; 1]>::try_from(more.as_slice()).ok()?.first()?,
        };
        text(Some(organisation)).map(|domain| domain.to_lowercase())
    }
}

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// Who it is at the provider. Only together with the issuer it is somebody, and it is not fit to be shown.
    pub subject: String,
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Mail address, as the provider writes it.
    pub email: Option<String>,
    /// Whether the provider says that the address is verified; `None` when it says nothing.
    pub email_verified: Option<bool>,
    /// Domain of the organisation, in small letters (`schac_home_organization`).
    pub organisation: Option<String>,
}

/// Reads the same claims from an ID token and from userinfo, which are different types with the same methods.
macro_rules! read {
    ($claims:expr, $issuer:expr) => {{
        let claims = $claims;
        let email = text(claims.email().map(|email| email.as_str()));
        Identity {
            issuer: $issuer,
            subject: claims.subject().as_str().to_owned(),
            name: text(local(claims.name()).map(|name| name.as_str())),
            given_name: text(local(claims.given_name()).map(|name| name.as_str())),
            family_name: text(local(claims.family_name()).map(|name| name.as_str())),
            email_verified: email.as_ref().and(claims.email_verified()),
            email,
            organisation: claims.additional_claims().organisation(),
        }
    }};
}

impl Identity {
    /// From a verified ID token.
    pub(crate) fn of_token(claims: &IdTokenClaims) -> Self {
        read!(claims, claims.issuer().to_string())
    }

    /// With what the userinfo endpoint says of the same subject, which goes before.
    pub(crate) fn with(self, claims: &UserInfoClaims) -> Self {
        let known = read!(claims, self.issuer);
        // Whether an address is verified says nothing of an address from elsewhere.
        let (email, email_verified) =
            if known.email.is_some() { (known.email, known.email_verified) } else { (self.email, self.email_verified) };
        Self {
            issuer: known.issuer,
            subject: self.subject,
            name: known.name.or(self.name),
            given_name: known.given_name.or(self.given_name),
            family_name: known.family_name.or(self.family_name),
            email,
            email_verified,
            organisation: known.organisation.or(self.organisation),
        }
    }
}

/// The claim in no language in particular, or else in Dutch or English, or else whichever comes first.
fn local<T>(claim: Option<&LocalizedClaim<T>>) -> Option<&T> {
    let claim = claim?;
    claim.get(None).or_else(|| claim.iter().next().map(|(_, value)| value))
}

fn text(claim: Option<impl AsRef<str>>) -> Option<String> {
    claim.map(|text| text.as_ref().trim().to_owned()).filter(|text| !text.is_empty())
}
