//! The providers at which people can sign in, as the settings have them.

use kernschil_oidc::{Provider, ProviderSettings, SettingsFault};

/// How somebody came in, for sessions and events: with a password, or else the code of a provider.
pub const PASSWORD: &str = "password";

/// The providers at which people can sign in; none when the settings name none.
#[derive(Debug, Default)]
pub struct Providers(Vec<Provider>);

/// A provider, for a button or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderName {
    /// Short name in addresses.
    pub code: String,
    /// Name for people, as in "Inloggen met `SURFconext`".
    pub name: String,
}

/// What is wrong with one of the providers in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderFault {
    /// Which one, counted from 1.
    pub number: usize,
    /// The setting.
    pub field: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// Dutch sentence that says what is wrong and what to do; without the value.
    pub message: &'static str,
}

impl ProviderFault {
    fn of_settings(number: usize, fault: SettingsFault) -> Self {
        Self { number, field: fault.field(), code: fault.code(), message: fault.dutch() }
    }

    fn taken(number: usize) -> Self {
        let message =
            "De code van een inlogdienst is al in gebruik, door een andere inlogdienst of door Kernschil zelf. Kies een andere code.";
        Self { number, field: "code", code: "inlogdienst-code-bezet", message }
    }
}

impl Providers {
    /// The providers of these settings, without asking them anything yet. `is_taken` says which codes mean something
    /// else in our addresses.
    ///
    /// # Errors
    /// All that is wrong with all of them.
    pub fn new(settings: Vec<ProviderSettings>, is_taken: impl Fn(&str) -> bool) -> Result<Self, Vec<ProviderFault>> {
        let (mut providers, mut faults) = (Vec::<Provider>::new(), Vec::new());
        for (number, settings) in (1..).zip(settings) {
            // Sessions and events say by what somebody came in: a password, or a provider by its code.
            let known = |provider: &Provider| provider.settings().code == settings.code;
            if settings.code == PASSWORD || is_taken(&settings.code) || providers.iter().any(known) {
                faults.push(ProviderFault::taken(number));
            }
            match Provider::new(settings) {
                Ok(provider) => providers.push(provider),
                Err(found) => faults.extend(found.into_iter().map(|fault| ProviderFault::of_settings(number, fault))),
            }
        }
        if faults.is_empty() { Ok(Self(providers)) } else { Err(faults) }
    }

    /// All of them, in the order of the settings.
    pub fn names(&self) -> Vec<ProviderName> {
        let name = |provider: &Provider| {
            let settings = provider.settings();
            ProviderName { code: settings.code.clone(), name: settings.name.clone() }
        };
        self.0.iter().map(name).collect()
    }

    /// The name of a provider, or its code when it is no longer in the settings.
    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.find(code).map_or(code, |provider| &provider.settings().name)
    }

    pub(super) fn find(&self, code: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.settings().code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(code: &str, issuer: &str) -> ProviderSettings {
        serde_json::from_value(serde_json::json!({ "code": code, "name": "Een dienst", "issuer": issuer, "client_id": "kernschil" }))
            .unwrap()
    }

    #[test]
    fn providers_keep_their_order_and_a_name_is_found_by_its_code() {
        let all = vec![settings("surfconext", "https://connect.surfconext.nl"), settings("elders", "https://inloggen.example.nl")];
        let providers = Providers::new(all, |_| false).unwrap();
        assert_eq!(providers.names().iter().map(|name| name.code.as_str()).collect::<Vec<_>>(), ["surfconext", "elders"]);
        assert_eq!((providers.name("elders"), providers.name("vroeger")), ("Een dienst", "vroeger"));
    }

    #[test]
    fn a_code_means_one_thing_and_everything_wrong_is_said_at_once() {
        let good = "https://connect.surfconext.nl";
        let all = vec![settings("a", good), settings("a", good), settings("password", good), settings("tweede-factor", "http://elders.nl")];
        let faults = Providers::new(all, |code| code == "tweede-factor").unwrap_err();
        let faults: Vec<_> = faults.iter().map(|fault| (fault.number, fault.field, fault.code)).collect();
        assert_eq!(
            faults,
            [
                (2, "code", "inlogdienst-code-bezet"),
                (3, "code", "inlogdienst-code-bezet"),
                (4, "code", "inlogdienst-code-bezet"),
                (4, "issuer", "inlogdienst-issuer-zonder-https"),
            ]
        );
    }
}
