//! The settings about providers at which people can sign in besides with a password.

use kernschil_app::access::{INVITATION_PATH, ProviderFault, Providers};
use kernschil_http::SIGN_IN_PATH;
use serde_json::json;

use super::Settings;
use crate::exit::{Exit, Stop};

impl Settings {
    /// The providers.
    ///
    /// # Errors
    /// [`Stop`] with everything that is not right.
    pub(crate) fn login_providers(&self) -> Result<Providers, Stop> {
        Providers::new(self.providers.clone(), is_page).map_err(|faults| stop(&faults))
    }
}

/// Whether an address of a provider would be one of another page.
fn is_page(code: &str) -> bool {
    kernschil_web::doors().iter().any(|door| match door.path.rsplit_once('/') {
        Some((before, last)) => last == code && (before == SIGN_IN_PATH || before.starts_with(INVITATION_PATH)),
        None => false,
    })
}

fn stop(faults: &[ProviderFault]) -> Stop {
    let code = faults.first().map_or("instelling-ongeldig", |fault| fault.code);
    let sentences: Vec<_> = faults.iter().map(|fault| format!("providers {}, {}: {}", fault.number, fault.field, fault.message)).collect();
    let mut stop = Stop::new(Exit::Usage, code, format!("De instelling \"providers\" is niet goed. {}", sentences.join(" ")));
    let detail =
        |fault: &ProviderFault| json!({ "provider": fault.number, "field": fault.field, "code": fault.code, "message": fault.message });
    stop.detail = faults.iter().map(detail).collect();
    stop
}

#[cfg(test)]
mod tests {
    use figment::Figment;
    use figment::error::Kind;
    use figment::providers::{Format as _, Serialized, Toml};

    use super::super::{DEFAULTS, dutch};
    use super::*;

    fn from_toml(text: &str) -> Result<Settings, String> {
        Figment::from(Serialized::defaults(DEFAULTS)).merge(Toml::string(text)).extract().map_err(|error| dutch(&error))
    }

    const SURFCONEXT: &str = r#"
        [[providers]]
        code = "surfconext"
        name = "SURFconext"
        issuer = "https://connect.surfconext.nl"
        client_id = "kernschil.example.nl"
        client_secret = "s3cret"
    "#;

    #[test]
    fn several_providers_are_read_and_a_secret_is_not_printed() {
        let other = SURFCONEXT.replace("surfconext\"", "elders\"").replace("SURFconext", "Elders");
        let settings = from_toml(&format!("{SURFCONEXT}{other}second_factor = \"provider\"")).unwrap();
        let names: Vec<_> = settings.login_providers().unwrap().names().into_iter().map(|provider| provider.name).collect();
        assert_eq!(names, ["SURFconext", "Elders"]);
        assert!(!format!("{settings:?}").contains("s3cret"));
        assert!(from_toml("").unwrap().login_providers().unwrap().names().is_empty());
    }

    #[test]
    fn everything_wrong_is_told_in_one_line_without_values() {
        let bad = SURFCONEXT.replace("https://connect", "http://s3cret").replace("\"SURFconext\"", "\"\"");
        let stop = from_toml(&format!("{SURFCONEXT}{bad}")).unwrap().login_providers().unwrap_err();
        assert_eq!((stop.exit, stop.code.as_str()), (Exit::Usage, "inlogdienst-code-bezet"));
        let fields: Vec<_> = stop.detail.as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["code", "name", "issuer"]);
        assert!(stop.message.contains("providers 2, issuer: De issuer van een inlogdienst begint met https://."), "{}", stop.message);
        assert!(!stop.message.contains('\n') && !stop.message.contains("s3cret"), "{}", stop.message);
    }

    #[test]
    fn the_address_of_another_page_is_no_code() {
        let taken = SURFCONEXT.replace("\"surfconext\"", "\"tweede-factor\"");
        let code = from_toml(&taken).unwrap().login_providers().unwrap_err().code;
        assert_eq!(code, "inlogdienst-code-bezet");
    }

    #[test]
    fn a_mistake_in_a_provider_is_told_with_its_name() {
        let extra = from_toml(&format!("{SURFCONEXT}isuer = \"s3cret\"")).unwrap_err();
        assert!(extra.starts_with("De instelling \"isuer\" bestaat niet."), "{extra}");
        let kind = from_toml(&format!("{SURFCONEXT}scopes = 3")).unwrap_err();
        assert!(kind.starts_with("De instelling \"providers.0.scopes\" heeft een waarde van de verkeerde soort."), "{kind}");
    }

    #[test]
    fn providers_can_stand_in_the_environment() {
        let value = r#"[{code="surfconext",name="SURFconext",issuer="https://connect.surfconext.nl",client_id="k",client_secret="007"}]"#;
        let value: figment::value::Value = value.parse().unwrap();
        let settings: Settings =
            Figment::from(Serialized::defaults(DEFAULTS)).merge(Serialized::global("providers", value)).extract().unwrap();
        assert_eq!(settings.login_providers().unwrap().names().len(), 1);
    }

    #[test]
    fn the_example_explains_every_setting_of_a_provider() {
        let error = Figment::from(Serialized::defaults(DEFAULTS)).merge(Toml::string(&format!("{SURFCONEXT}onbekend = 1")));
        let Kind::UnknownField(_, fields) = error.extract::<Settings>().unwrap_err().kind else { panic!("accepted") };
        let (_, example) = include_str!("../../../../kernschil.example.toml").split_once("\n#[[providers]]\n").unwrap();
        for field in fields {
            let (before, _) = example.split_once(&format!("\n#{field} = ")).unwrap();
            assert!(before.lines().last().unwrap().starts_with("# "), "{field} has no explanation");
        }
    }
}
