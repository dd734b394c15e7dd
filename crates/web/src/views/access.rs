//! Signing in, and the first account of a new installation.

use maud::{Markup, html};

use crate::components::forms::{FieldError, Input, InputKind, csrf, input, submit};
use crate::components::page::{Frame, Title, outside_page};
use crate::components::status::note;

/// The sign-in form.
#[derive(Debug, Clone, Default)]
pub struct SignInView {
    /// E-mail address as typed.
    pub email: String,
    /// Where to go afterwards: a path of this site.
    pub next: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// `/inloggen`
pub fn sign_in_page(frame: &Frame, view: &SignInView) -> Markup {
    let body = html! {
        form class="form" method="post" action="/inloggen" novalidate {
            (csrf(&frame.csrf))
            @if !view.next.is_empty() { input type="hidden" name="next" value=(view.next); }
            (input(Input::text("email", "E-mailadres", &view.email).kind(InputKind::Email).autocomplete("username"), &view.errors))
            (input(Input::text("password", "Wachtwoord", "").kind(InputKind::Password).autocomplete("current-password"), &view.errors))
            (submit("Inloggen"))
        }
        p class="small muted" { "Wachtwoord vergeten? Vraag de beheerder van Kernschil om een nieuw wachtwoord." }
    };
    outside_page(frame, Title::new("Inloggen"), &view.errors, &body)
}

/// The form for the first account.
#[derive(Debug, Clone, Default)]
pub struct FirstRunView {
    /// Name as typed.
    pub name: String,
    /// E-mail address as typed.
    pub email: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// `/eerste-keer`
pub fn first_run_page(frame: &Frame, view: &FirstRunView) -> Markup {
    let body = html! {
        form class="form" method="post" action="/eerste-keer" novalidate {
            (csrf(&frame.csrf))
            (input(Input::text("name", "Uw naam", &view.name).autocomplete("name"), &view.errors))
            (input(Input::text("email", "E-mailadres", &view.email).kind(InputKind::Email).autocomplete("username").hint("Hiermee logt u straks in."), &view.errors))
            (input(Input::text("password", "Wachtwoord", "").kind(InputKind::Password).autocomplete("new-password").hint("Minstens 12 tekens. Een korte zin is makkelijk te onthouden."), &view.errors))
            (submit("Maak het account en log in"))
        }
        (note(&html! { p { "Dit kan maar één keer. Daarna maakt u nieuwe accounts met " code { "kernschil user add" } "." } }))
    };
    let title =
        Title::new("Welkom bij Kernschil").lead("Maak het eerste account. Met dit account beheert u de gegevens van uw partnerschap.");
    outside_page(frame, title, &view.errors, &body)
}
