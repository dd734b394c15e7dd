//! Signing in at a provider such as `SURFconext`: on the way, back for nothing, and the logins of an account.

use maud::{Markup, html};

use crate::components::figures::empty;
use crate::components::forms::csrf;
use crate::components::page::{Frame, Title, outside_page, page};
use crate::components::status::note;

/// Where one's own logins are.
pub const PATH: &str = "/account/inlogdiensten";

/// The logins of the reader.
#[derive(Debug, Clone, Default)]
pub struct LoginsView {
    /// The oldest first.
    pub rows: Vec<LoginRow>,
    /// Providers to link one at: code and name.
    pub providers: Vec<(String, String)>,
}

/// A login at a provider.
#[derive(Debug, Clone, Default)]
pub struct LoginRow {
    /// What it is called in the form.
    pub handle: String,
    /// Name of the provider.
    pub name: String,
    /// Home organisation, as the provider says; empty when it does not.
    pub organisation: String,
    /// When it was linked, in words.
    pub linked: String,
    /// When it was last used, in words; empty when it never was.
    pub used: String,
}

fn login_row(frame: &Frame, login: &LoginRow) -> Markup {
    html! {
        li class="session" {
            div {
                strong { (login.name) }
                p {
                    @if !login.organisation.is_empty() { "Login van " (login.organisation) ". " }
                    "Gekoppeld " (login.linked) ". "
                    @if login.used.is_empty() { "Nog niet gebruikt." } @else { "Laatst gebruikt " (login.used) "." }
                }
            }
            form method="post" action={ (PATH) "/loskoppelen" } {
                (csrf(&frame.csrf))
                input type="hidden" name="login" value=(login.handle);
                button class="button button-second" type="submit" {
                    "Koppel los" span class="visually-hidden" { ": " (login.name) @if !login.organisation.is_empty() { ", " (login.organisation) } }
                }
            }
        }
    }
}

/// `/account/inlogdiensten`
pub fn logins_page(frame: &Frame, view: &LoginsView) -> Markup {
    let body = html! {
        @if view.rows.is_empty() {
            (empty("Er is nog geen login gekoppeld", &html! {
                @if view.providers.is_empty() { p { "De beheerder heeft geen inlogdienst ingesteld. U logt in met uw e-mailadres en wachtwoord." } }
                @else { p { "Koppel hieronder de login van uw instelling. Daarna logt u daarmee in, zonder wachtwoord van Kernschil." } }
            }))
        } @else {
            ul class="panel sections" aria-label="Uw logins" { @for login in &view.rows { (login_row(frame, login)) } }
        }
        @if !view.providers.is_empty() {
            section class="panel" aria-labelledby="koppelen" {
                h2 id="koppelen" { "Login koppelen" }
                p { "U logt zo eerst in bij de inlogdienst, met de login die u wilt koppelen. U moet kort geleden bij Kernschil zijn ingelogd." }
                @for (code, name) in &view.providers {
                    form class="buttons" method="post" action={ (PATH) "/koppelen" } {
                        (csrf(&frame.csrf))
                        input type="hidden" name="provider" value=(code);
                        button class="button" type="submit" { "Koppel een login bij " (name) }
                    }
                }
            }
        }
        (note(&html! { p { "Een login bepaalt alleen hoe u binnenkomt. Wat u mag, staat bij uw rollen in Kernschil. Uitloggen bij Kernschil is niet uitloggen bij de inlogdienst." } }))
    };
    let lead = "Gebruik de login van uw hogeschool, universiteit of school om bij Kernschil binnen te komen.";
    page(frame, Title::new("Inloggen met uw instelling").lead(lead).trail(&[("Uw account", "/account")]), &body)
}

/// On the way to a provider to link a login.
#[derive(Debug, Clone, Default)]
pub struct LeavingView {
    /// Name of the provider.
    pub name: String,
    /// Address there.
    pub address: String,
}

/// The answer to asking for a link. A form may not lead to another site, a link may.
pub fn leaving_page(frame: &Frame, view: &LeavingView) -> Markup {
    let body = html! {
        p { "Log bij " (view.name) " in met de login die u wilt koppelen. Daarna komt u hier terug." }
        p class="buttons" {
            a class="button" href=(view.address) data-focus { "Verder naar " (view.name) }
            a href=(PATH) { "Toch niet" }
        }
        p class="small muted" { "Doe dit binnen tien minuten." }
    };
    page(
        frame,
        Title::new(&format!("Login koppelen bij {}", view.name)).trail(&[("Uw account", "/account"), ("Inloggen met uw instelling", PATH)]),
        &body,
    )
}

/// Somebody who came back for nothing.
#[derive(Debug, Clone, Default)]
pub struct LostView {
    /// Name of the provider.
    pub name: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Stable code, to mention when asking for help.
    pub code: String,
    /// Number of the request, to mention when asking for help.
    pub request_id: String,
    /// Where to begin again: words and address; nothing when that is in a mail.
    pub again: Option<(String, String)>,
}

/// Signing in at a provider did not succeed.
pub fn lost_page(frame: &Frame, view: &LostView) -> Markup {
    let body = html! {
        p { (view.message) }
        p class="buttons" {
            @match &view.again {
                Some((words, href)) => { a class="button" href=(href) { (words) } @if frame.user.is_none() { a href="/inloggen" { "Anders inloggen" } } }
                None => { a class="button" href="/inloggen" { "Naar inloggen" } }
            }
        }
        (help(view))
    };
    around(frame, &format!("Inloggen met {} is niet gelukt", view.name), &body)
}

/// Somebody who is known at the provider and not here.
pub fn unknown_page(frame: &Frame, view: &LostView, organisation: &str) -> Markup {
    let body = html! {
        div class="unknown" {
            p { "U bent ingelogd bij " (view.name) ", maar bij die login hoort geen account in Kernschil." }
            h2 { "Hebt u nog geen account?" }
            p {
                "Dat krijgt u met een uitnodiging. Vraag erom bij de beheerder van Kernschil"
                @if organisation.is_empty() { " van uw partnerschap of opleiding" } @else { " van " (organisation) }
                ", en noem het e-mailadres waarop u de uitnodiging wilt krijgen."
            }
            h2 { "Hebt u al een account met een wachtwoord?" }
            p { "Log daarmee in. Kies daarna Uw account, Inloggen met uw instelling, en koppel deze login." }
        }
        p class="buttons" { a class="button" href="/inloggen" { "Naar inloggen" } }
        (help(view))
    };
    around(frame, "U bent nog niet bekend", &body)
}

fn help(view: &LostView) -> Markup {
    html! { p class="small muted request-id" { "Code " code { (view.code) } " · verzoek " code { (view.request_id) } } }
}

fn around(frame: &Frame, title: &str, body: &Markup) -> Markup {
    if frame.user.is_some() { page(frame, Title::new(title), body) } else { outside_page(frame, Title::new(title), &[], body) }
}
