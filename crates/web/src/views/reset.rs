//! A new password by a link in a mail.

use maud::{Markup, html};

use crate::components::forms::{FieldError, Input, InputKind, csrf, input, submit};
use crate::components::page::{Frame, Title, outside_page};
use crate::components::status::warning;

/// Who asks for a link.
#[derive(Debug, Clone, Default)]
pub struct ForgotView {
    /// E-mail address as typed.
    pub email: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// `/wachtwoord-vergeten`
pub fn forgot_page(frame: &Frame, view: &ForgotView) -> Markup {
    let body = html! {
        form class="form" method="post" action="/wachtwoord-vergeten" novalidate {
            (csrf(&frame.csrf))
            (input(Input::text("email", "E-mailadres", &view.email).kind(InputKind::Email).autocomplete("username"), &view.errors))
            (submit("Stuur mij een link"))
        }
        p class="small" { a href="/inloggen" { "Terug naar inloggen" } }
    };
    let title = Title::new("Wachtwoord vergeten").lead("U krijgt een mail met een link om een nieuw wachtwoord te kiezen.");
    outside_page(frame, title, &view.errors, &body)
}

/// `/wachtwoord-vergeten/verstuurd`, the same for an address that nobody has
pub fn forgot_sent_page(frame: &Frame) -> Markup {
    let body = html! {
        p { "Hoort er een account bij dit adres? Dan krijgt u binnen een paar minuten een mail met een link. De link werkt één uur en één keer." }
        p { "Geen mail gekregen? Kijk bij de ongewenste mail, en of u het adres gebruikte waarmee u inlogt. Per adres versturen we hoogstens drie mails per uur." }
        p { "Logt u altijd in via uw instelling? Dan heeft u in Kernschil geen wachtwoord." }
        p class="small" { a href="/inloggen" { "Terug naar inloggen" } }
    };
    outside_page(frame, Title::new("Kijk in uw mail"), &[], &body)
}

/// `/wachtwoord-herstellen`, with a link that works
pub fn reset_page(frame: &Frame, errors: &[FieldError]) -> Markup {
    let password = Input::text("password", "Nieuw wachtwoord", "").kind(InputKind::Password).autocomplete("new-password");
    let body = html! {
        form class="form" method="post" action="/wachtwoord-herstellen" novalidate {
            (csrf(&frame.csrf))
            (input(password.hint("Minstens 12 tekens. Een korte zin is makkelijk te onthouden."), errors))
            (submit("Bewaar dit wachtwoord"))
        }
        p class="small muted" { "Daarna bent u overal uitgelogd en zijn uw API-sleutels ingetrokken. Een tweede factor blijft zoals hij is." }
    };
    outside_page(frame, Title::new("Kies een nieuw wachtwoord"), errors, &body)
}

/// `/wachtwoord-herstellen`, with a link that does not work
pub fn useless_link_page(frame: &Frame) -> Markup {
    let body = html! {
        (warning(&html! { p { "De link is al gebruikt, is ouder dan een uur, of er is een nieuwere verstuurd." } }))
        div class="buttons" { a class="button" href="/wachtwoord-vergeten" { "Vraag een nieuwe link" } a class="quiet-link" href="/inloggen" { "Terug naar inloggen" } }
    };
    outside_page(frame, Title::new("Deze link werkt niet meer"), &[], &body)
}
