//! Settings of the installation, and the way to everything else that is managed.

use kernschil_domain::access::Permission;
use maud::{Markup, html};

use crate::components::forms::{Choice, FieldError, Input, csrf, input, radios, submit};
use crate::components::page::{Frame, Title, form_page};

/// What is filled in about the installation.
#[derive(Debug, Clone, Default)]
pub struct InstallationForm {
    /// Name of the organisation as typed.
    pub organisation: String,
    /// The chosen school year.
    pub school_year: String,
    /// School years to choose from.
    pub years: Vec<String>,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// The fields about the installation; the same in the first run.
pub(super) fn installation_fields(form: &InstallationForm) -> Markup {
    let years: Vec<_> = form.years.iter().map(|year| Choice { value: year.clone(), label: year.clone(), hint: String::new() }).collect();
    let name = Input::text("organisation", "Naam van uw organisatie", &form.organisation).autocomplete("organization");
    html! {
        (input(name.hint("Staat op elke pagina en onder elke mail, bijvoorbeeld: Opleidingsschool Almere."), &form.errors))
        (radios("school_year", "Schooljaar", &form.school_year, &years, &form.errors))
    }
}

/// Settings of the installation.
#[derive(Debug, Clone, Default)]
pub struct SettingsView {
    /// What is filled in.
    pub form: InstallationForm,
    /// How outgoing mail fares, in words.
    pub mail: String,
}

/// A page to go on to.
struct Place {
    needs: Permission,
    href: &'static str,
    name: &'static str,
    hint: String,
}

fn places(view: &SettingsView) -> [Place; 4] {
    let place = |needs, href, name, hint: &str| Place { needs, href, name, hint: hint.to_owned() };
    [
        place(Permission::ManageUsers, "/gebruikers", "Gebruikers", "Wie kan inloggen, en in welke rol."),
        place(Permission::ManageSettings, "/instellingen/mail", "Uitgaande mail", &view.mail),
        place(Permission::ManageSettings, "/instellingen/bewaartermijnen", "Bewaartermijnen", "Hoe lang Kernschil wat bewaart."),
        place(Permission::ReadAudit, "/logboek", "Logboek", "Wie wat deed, en wanneer."),
    ]
}

/// `/instellingen`
pub fn settings_page(frame: &Frame, view: &SettingsView) -> Markup {
    let body = html! {
        div class="two-columns" {
            section class="panel" aria-labelledby="installatie" {
                h2 id="installatie" { "Deze installatie" }
                form class="form" method="post" action="/instellingen" novalidate {
                    (csrf(&frame.csrf))
                    (installation_fields(&view.form))
                    (submit("Bewaar"))
                }
            }
            section class="panel" aria-labelledby="verder" {
                h2 id="verder" { "Verder te beheren" }
                ul class="downloads" {
                    @for place in places(view).iter().filter(|place| frame.may.has(place.needs)) {
                        li { div { a href=(place.href) { strong { (place.name) } } p class="hint" { (place.hint) } } }
                    }
                }
                p class="small muted" { "De stappen van de eerste keer: " a href="/eerste-keer" { "Kernschil inrichten" } "." }
            }
        }
    };
    form_page(frame, Title::new("Instellingen"), &view.form.errors, &body)
}
