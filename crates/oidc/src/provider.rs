//! One provider: sending a browser there, and finding out who came back.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use openidconnect::core::{CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreResponseType};
use openidconnect::{
    AccessToken, AuthType, AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardErrorResponse, SubjectIdentifier, TokenResponse as _, UserInfoError,
};

use crate::claims::{Client, IdToken, Identity, Metadata, TokenResponse, UserInfoClaims};
use crate::error::{OidcError, Step, TokenFault};
use crate::http::{Http, Transport};
use crate::knowledge::Knowledge;
use crate::redirect::{Begun, Expected, Returned};
use crate::settings::{ClaimsFrom, Prompt, ProviderSettings, SettingsFault};
use crate::token::verified;

/// A provider at which people can sign in.
pub struct Provider {
    settings: ProviderSettings,
    issuer: IssuerUrl,
    http: Http,
    knowledge: Knowledge,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.settings).finish()
    }
}

impl Provider {
    /// A provider, without asking it anything yet: when it is down, only signing in there does not work.
    ///
    /// # Errors
    /// All that is wrong with the settings.
    pub fn new(settings: ProviderSettings) -> Result<Self, Vec<SettingsFault>> {
        let faults = settings.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| vec![SettingsFault::Issuer])?;
        let http = Http::new(issuer.url()).ok_or_else(|| vec![SettingsFault::Issuer])?;
        Ok(Self { settings, issuer, http, knowledge: Knowledge::default() })
    }

    /// The settings.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// Begins a sign-in: where to send the browser, and what to remember.
    ///
    /// # Errors
    /// [`OidcError`] when the provider cannot be asked how it wants it, or the machine has no randomness.
    pub async fn begin(&self, redirect_url: &str, now: DateTime<Utc>) -> Result<Begun, OidcError> {
        let redirect = RedirectUrl::new(redirect_url.to_owned()).map_err(|_| OidcError::RedirectUrl)?;
        let metadata = self.knowledge.metadata(&self.issuer, &self.http, now).await?;
        let (state, nonce) = (CsrfToken::new(random()?), Nonce::new(random()?));
        let verifier = PkceCodeVerifier::new(random()?);
        let client = self.client(&metadata).set_redirect_uri(redirect);

        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, move || state, move || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            // openidconnect adds that one itself.
            .add_scopes(self.settings.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new));
        for acr in &self.settings.acr {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        if let Some(prompt) = self.settings.prompt {
            request = request.add_prompt(match prompt {
                Prompt::Login => CoreAuthPrompt::Login,
                Prompt::SelectAccount => CoreAuthPrompt::SelectAccount,
                Prompt::Consent => CoreAuthPrompt::Consent,
            });
        }
        if let Some(seconds) = self.settings.max_age_seconds {
            request = request.set_max_age(Duration::from_secs(seconds.into()));
        }
        let (address, state, nonce) = request.url();
        Ok(Begun { address: address.into(), state: state.into_secret(), nonce: nonce.secret().clone(), verifier: verifier.into_secret() })
    }

    /// Ends a sign-in: who came back.
    ///
    /// # Errors
    /// [`OidcError`] when it is not certain who it is.
    pub async fn finish(&self, returned: &Returned, expected: Expected<'_>, now: DateTime<Utc>) -> Result<Identity, OidcError> {
        let code = returned.code_for(expected.state, &self.settings.issuer)?;
        let metadata = self.knowledge.metadata(&self.issuer, &self.http, now).await?;
        if returned.iss.is_none() && metadata.additional_metadata().authorization_response_iss_parameter_supported {
            return Err(OidcError::Issuer);
        }
        let client = self.client(&metadata);
        let tokens = self.exchange(&client, code, expected).await?;
        let token = tokens.id_token().ok_or(OidcError::Token(TokenFault::Missing))?;
        let identity = self.identity(token, tokens.access_token(), metadata, &Nonce::new(expected.nonce.to_owned()), now).await?;
        if self.settings.claims == ClaimsFrom::IdToken || client.user_info_url().is_none() {
            return Ok(identity);
        }
        let claims = self.userinfo(&client, tokens.access_token(), &identity.subject).await?;
        Ok(identity.with(&claims))
    }

    fn client(&self, metadata: &Metadata) -> Client {
        let secret = self.settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let client = Client::from_provider_metadata(metadata.clone(), ClientId::new(self.settings.client_id.clone()), secret);
        let methods = metadata.token_endpoint_auth_methods_supported().map(Vec::as_slice).unwrap_or_default();
        let only_post =
            methods.contains(&CoreClientAuthMethod::ClientSecretPost) && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic);
        client.set_auth_type(if only_post { AuthType::RequestBody } else { AuthType::BasicAuth })
    }

    async fn exchange(&self, client: &Client, code: &str, expected: Expected<'_>) -> Result<TokenResponse, OidcError> {
        let redirect = RedirectUrl::new(expected.redirect_url.to_owned()).map_err(|_| OidcError::RedirectUrl)?;
        let request = client.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(|_| OidcError::Unreadable(Step::Discovery))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(expected.verifier.to_owned())).set_redirect_uri(Cow::Owned(redirect));
        request.request_async(&self.http).await.map_err(|error| refused(&error))
    }

    async fn identity(
        &self,
        token: &IdToken,
        access_token: &AccessToken,
        metadata: Arc<Metadata>,
        nonce: &Nonce,
        now: DateTime<Utc>,
    ) -> Result<Identity, OidcError> {
        let verify = |metadata: &Metadata| verified(token, access_token, metadata, &self.settings, nonce, now).map(Identity::of_token);
        let first = verify(&metadata);
        if first != Err(TokenFault::UnknownKey) {
            return first.map_err(OidcError::Token);
        }
        // The provider may have changed its keys since we read them.
        match self.knowledge.newer_keys(&metadata, &self.http, now).await? {
            Some(newer) => verify(&newer).map_err(OidcError::Token),
            None => first.map_err(OidcError::Token),
        }
    }

    async fn userinfo(&self, client: &Client, access_token: &AccessToken, subject: &str) -> Result<UserInfoClaims, OidcError> {
        // openidconnect panics when the token does not fit in a header.
        if !access_token.secret().bytes().all(|b| b.is_ascii_graphic()) {
            return Err(OidcError::Unreadable(Step::Token));
        }
        let subject = SubjectIdentifier::new(subject.to_owned());
        let request = client.user_info(access_token.clone(), Some(subject)).map_err(|_| OidcError::Unreadable(Step::Discovery))?;
        request.request_async(&self.http).await.map_err(|error| match error {
            UserInfoError::Request(transport) => OidcError::Unreachable(Step::Userinfo, transport),
            UserInfoError::ClaimsVerification(ClaimsVerificationError::InvalidSubject(_)) => OidcError::OtherSubject,
            UserInfoError::ClaimsVerification(_) | UserInfoError::Response(..) => OidcError::Userinfo,
            _ => OidcError::Unreadable(Step::Userinfo),
        })
    }
}

fn refused(error: &RequestTokenError<Transport, StandardErrorResponse<CoreErrorResponseType>>) -> OidcError {
    match error {
        RequestTokenError::Request(transport) => OidcError::Unreachable(Step::Token, *transport),
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            CoreErrorResponseType::InvalidGrant => OidcError::Code,
            // As OpenConext says it of a code that it does not know.
            CoreErrorResponseType::Extension(error) if error == "invalid_code" => OidcError::Code,
            _ => OidcError::Client,
        },
        _ => OidcError::Unreadable(Step::Token),
    }
}

/// 256 bits as 64 hexadecimal digits, which is also a verifier as RFC 7636 wants it.
fn random() -> Result<String, OidcError> {
    use fmt::Write as _;
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| OidcError::Randomness)?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
