//! What is known of a provider beforehand, and what must be right about it.

use std::fmt;

use openidconnect::url::Url;
use serde::Deserialize;

/// A value that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(geheim)")
    }
}

/// Where name, mail address and organisation come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimsFrom {
    /// The userinfo endpoint; what is not there, from the ID token.
    #[default]
    Userinfo,
    /// The ID token only; the userinfo endpoint is not asked.
    IdToken,
}

/// What the provider must ask, also of somebody who is signed in there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// To sign in again.
    Login,
    /// Which account to use. `SURFconext` answers it with an error, as users choose their institution there anyway.
    SelectAccount,
    /// Whether data may be given to us.
    Consent,
}

/// Who asks for a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// We do, of whoever has set one up with us.
    #[default]
    Account,
    /// The provider does, of everybody; then we do not ask once more.
    Provider,
}

/// A provider as it stands in the settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// Short name in our addresses. Logins are kept under it, so it belongs to one issuer for good.
    pub code: String,
    /// Name for people, as in "Inloggen met `SURFconext`".
    pub name: String,
    /// The issuer, exactly as the provider writes it.
    pub issuer: String,
    /// Our name at the provider.
    pub client_id: String,
    /// Our password at the provider; a provider may do without, as PKCE is always used.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// What is asked for; always with `openid`.
    #[serde(default = "openid_only")]
    pub scopes: Vec<String>,
    /// Where name, mail address and organisation come from.
    #[serde(default)]
    pub claims: ClaimsFrom,
    /// What the provider must ask.
    #[serde(default)]
    pub prompt: Option<Prompt>,
    /// Levels of assurance, the best first: they are asked for, and without one of them nobody gets in.
    #[serde(default)]
    pub acr: Vec<String>,
    /// How long ago somebody may have signed in at the provider.
    #[serde(default)]
    pub max_age_seconds: Option<u32>,
    /// Who asks for a second factor. Nothing here looks at it: whoever begins a session does.
    #[serde(default)]
    pub second_factor: SecondFactor,
}

fn openid_only() -> Vec<String> {
    vec!["openid".to_owned()]
}

/// What is wrong with the settings of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsFault {
    /// The code is not a slug.
    Code,
    /// There is no name.
    Name,
    /// The issuer is not an address, or has a query or fragment.
    Issuer,
    /// The issuer is on the network without TLS.
    IssuerWithoutTls,
    /// There is no client id.
    ClientId,
    /// The secret is empty.
    ClientSecret,
    /// `openid` is not among the scopes, or one is empty or has spaces.
    Scopes,
    /// A level of assurance is empty or has spaces.
    Acr,
}

impl SettingsFault {
    /// The setting.
    pub fn field(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Name => "name",
            Self::Issuer | Self::IssuerWithoutTls => "issuer",
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::Scopes => "scopes",
            Self::Acr => "acr",
        }
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Code => "inlogdienst-code-ongeldig",
            Self::Name => "inlogdienst-naam-ontbreekt",
            Self::Issuer => "inlogdienst-issuer-ongeldig",
            Self::IssuerWithoutTls => "inlogdienst-issuer-zonder-https",
            Self::ClientId => "inlogdienst-client-id-ontbreekt",
            Self::ClientSecret => "inlogdienst-client-secret-leeg",
            Self::Scopes => "inlogdienst-scopes-ongeldig",
            Self::Acr => "inlogdienst-acr-ongeldig",
        }
    }

    /// What is wrong and what to do; without the value.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Code => "De code van een inlogdienst bestaat uit 1 tot 40 kleine letters, cijfers en streepjes, zoals \"surfconext\".",
            Self::Name => "Een inlogdienst heeft een naam nodig, zoals \"SURFconext\". Op de knop staat dan \"Inloggen met SURFconext\".",
            Self::Issuer => {
                "De issuer van een inlogdienst is een adres zonder vraagteken of hekje, zoals \"https://connect.surfconext.nl\"."
            }
            Self::IssuerWithoutTls => {
                "De issuer van een inlogdienst begint met https://. Alleen op localhost of 127.0.0.1 mag het met http://."
            }
            Self::ClientId => "Een inlogdienst heeft een client_id nodig. U krijgt die bij het aanmelden van Kernschil bij de dienst.",
            Self::ClientSecret => "Het client_secret van een inlogdienst is leeg. Vul het in, of laat de instelling weg.",
            Self::Scopes => "De scopes van een inlogdienst zijn losse woorden, met \"openid\" erbij.",
            Self::Acr => "De acr van een inlogdienst is een lijst van waarden zonder spaties.",
        }
    }
}

impl fmt::Display for SettingsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for SettingsFault {}

impl ProviderSettings {
    /// All that is wrong, at once.
    pub fn faults(&self) -> Vec<SettingsFault> {
        let issuer = match Url::parse(&self.issuer) {
            Ok(url) if !is_plain_address(&url) => Some(SettingsFault::Issuer),
            Ok(url) if url.scheme() == "https" || is_local(&url) => None,
            Ok(url) if url.scheme() == "http" => Some(SettingsFault::IssuerWithoutTls),
            _ => Some(SettingsFault::Issuer),
        };
        let no_secret = self.client_secret.as_ref().is_some_and(|secret| secret.reveal().is_empty());
        let scopes = self.scopes.iter().any(|scope| scope == "openid") && self.scopes.iter().all(|scope| is_word(scope));
        [
            (!is_slug(&self.code)).then_some(SettingsFault::Code),
            self.name.trim().is_empty().then_some(SettingsFault::Name),
            issuer,
            self.client_id.trim().is_empty().then_some(SettingsFault::ClientId),
            no_secret.then_some(SettingsFault::ClientSecret),
            (!scopes).then_some(SettingsFault::Scopes),
            (!self.acr.iter().all(|acr| is_word(acr))).then_some(SettingsFault::Acr),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn is_slug(code: &str) -> bool {
    (1..=40).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !code.starts_with('-')
        && !code.ends_with('-')
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_plain_address(url: &Url) -> bool {
    url.has_host() && url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none()
}

/// Whether an address without TLS stays on this machine.
pub(crate) fn is_local(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(change: impl FnOnce(&mut ProviderSettings)) -> Vec<SettingsFault> {
        let mut settings = ProviderSettings {
            code: "surfconext".to_owned(),
            name: "SURFconext".to_owned(),
            issuer: "https://connect.surfconext.nl".to_owned(),
            client_id: "kernschil.example.nl".to_owned(),
            client_secret: Some(Secret::new("s3cret")),
            scopes: openid_only(),
            claims: ClaimsFrom::default(),
            prompt: None,
            acr: Vec::new(),
            max_age_seconds: None,
            second_factor: SecondFactor::default(),
        };
        change(&mut settings);
        settings.faults()
    }

    #[test]
    fn what_is_right_has_no_faults() {
        assert_eq!(settings(|_| {}), []);
        for local in ["http://localhost:3000", "http://127.0.0.1:3000/path", "http://127.1:8000"] {
            assert_eq!(settings(|s| s.issuer = local.to_owned()), []);
        }
    }

    #[test]
    fn an_issuer_on_the_network_needs_tls() {
        for issuer in [
            "http://connect.surfconext.nl",
            "http://localhost.example.nl",
            "http://127.0.0.1.example.nl",
            "http://10.0.0.1",
            "http://[::1]",
        ] {
            assert_eq!(settings(|s| s.issuer = issuer.to_owned()), [SettingsFault::IssuerWithoutTls], "{issuer}");
        }
        for issuer in [
            "",
            "connect.surfconext.nl",
            "file:///etc/passwd",
            "https://a.nl?b",
            "https://a.nl#b",
            "https://u:p@a.nl",
            "javascript:alert(1)",
        ] {
            assert_eq!(settings(|s| s.issuer = issuer.to_owned()), [SettingsFault::Issuer], "{issuer}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let faults = settings(|s| {
            s.code = "SURF conext".to_owned();
            s.name = " ".to_owned();
            s.client_id = String::new();
            s.client_secret = Some(Secret::new(""));
            s.scopes = vec!["email".to_owned()];
            s.acr = vec!["a b".to_owned()];
        });
        let fields: Vec<_> = faults.iter().map(|fault| fault.field()).collect();
        assert_eq!(fields, ["code", "name", "client_id", "client_secret", "scopes", "acr"]);
        assert!(faults.iter().all(|fault| fault.dutch().ends_with('.') && fault.code().starts_with("inlogdienst-")));
    }

    #[test]
    fn settings_are_read_with_defaults_and_the_secret_stays_hidden() {
        let text = r#"{"code":"a","name":"A","issuer":"https://a.nl","client_id":"a","client_secret":"s3cret","prompt":"select_account"}"#;
        let settings: ProviderSettings = serde_json::from_str(text).unwrap();
        assert_eq!((settings.scopes.as_slice(), settings.claims), (&["openid".to_owned()][..], ClaimsFrom::Userinfo));
        assert_eq!((settings.prompt, settings.second_factor), (Some(Prompt::SelectAccount), SecondFactor::Account));
        let shown = format!("{settings:?}");
        assert!(shown.contains("(geheim)") && !shown.contains("s3cret"), "{shown}");
    }
}
