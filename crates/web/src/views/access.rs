//! Signing in: the password, and the second factor after it.

use maud::{Markup, html};

use crate::components::forms::{FieldError, Input, InputKind, csrf, error_at, input, submit};
use crate::components::page::{Frame, Title, outside_page};

/// The sign-in form.
#[derive(Debug, Clone, Default)]
pub struct SignInView {
    /// E-mail address as typed.
    pub email: String,
    /// Where to go afterwards: a path of this site.
    pub next: String,
    /// Where one can sign in elsewhere: words on the button, and address.
    pub providers: Vec<(String, String)>,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// Where one can sign in elsewhere.
fn elsewhere(providers: &[(String, String)]) -> Markup {
    html! {
        @if !providers.is_empty() {
            section class="elsewhere" aria-labelledby="elders" {
                h2 id="elders" { "Met uw instelling" }
                ul { @for (words, href) in providers { li { a class="button button-second" href=(href) { (words) } } } }
            }
            h2 { "Of met uw wachtwoord voor Kernschil" }
        }
    }
}

/// `/inloggen`
pub fn sign_in_page(frame: &Frame, view: &SignInView) -> Markup {
    let body = html! {
        (elsewhere(&view.providers))
        form class="form" method="post" action="/inloggen" novalidate {
            (csrf(&frame.csrf))
            @if !view.next.is_empty() { input type="hidden" name="next" value=(view.next); }
            (input(Input::text("email", "E-mailadres", &view.email).kind(InputKind::Email).autocomplete("username"), &view.errors))
            (input(Input::text("password", "Wachtwoord", "").kind(InputKind::Password).autocomplete("current-password"), &view.errors))
            (submit("Inloggen"))
        }
        p class="small" { a href="/wachtwoord-vergeten" { "Wachtwoord vergeten?" } }
    };
    outside_page(frame, Title::new("Inloggen"), &view.errors, &body)
}

/// The form for the second factor.
#[derive(Debug, Clone, Default)]
pub struct SecondFactorView {
    /// Where to go afterwards: a path of this site.
    pub next: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// `/inloggen/tweede-factor`
pub fn second_factor_page(frame: &Frame, view: &SecondFactorView) -> Markup {
    let hidden = html! {
        (csrf(&frame.csrf))
        @if !view.next.is_empty() { input type="hidden" name="next" value=(view.next); }
    };
    let code =
        Input::text("code", "Code", "").kind(InputKind::Digits).autocomplete("one-time-code").hint("De zes cijfers die er nu staan.");
    let recovery = Input::text("recovery", "Herstelcode", "")
        .autocomplete("off")
        .hint("Zoals k3fq8d-w4nx7h-mj9apt-cg6yek. Elke herstelcode werkt één keer.");
    let body = html! {
        form class="form" method="post" action="/inloggen/tweede-factor" novalidate {
            (hidden)
            (input(code, &view.errors))
            (submit("Verder"))
        }
        details class="more" open[error_at(&view.errors, "recovery").is_some()] {
            summary { "Geen telefoon bij de hand?" }
            form class="form" method="post" action="/inloggen/tweede-factor" novalidate {
                (hidden)
                (input(recovery, &view.errors))
                button class="button button-second" type="submit" { "Gebruik de herstelcode" }
            }
            p class="small muted" { "Ook geen herstelcodes meer? Vraag uw beheerder om de tweede factor van uw account te verwijderen." }
        }
        p class="small" { a href="/inloggen" { "Log in met een ander account" } }
    };
    let title = Title::new("Code uit uw app").lead("Open de app op uw telefoon waarmee u codes voor Kernschil maakt.");
    outside_page(frame, title, &view.errors, &body)
}
