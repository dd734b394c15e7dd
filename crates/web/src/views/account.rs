//! One's own account: what it holds, another name, another password, and where one is signed in.

use maud::{Markup, html};

use crate::components::forms::{Choice, FieldError, Input, InputKind, csrf, input, radios, submit};
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{Tone, tag};

/// Where it is.
pub const PATH: &str = "/account";

/// The pages above those of one section.
pub const TRAIL: &[(&str, &str)] = &[("Uw account", PATH)];

/// One's own account.
#[derive(Debug, Clone, Default)]
pub struct AccountView {
    /// Name, as it is or as typed.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
    /// What can be looked after elsewhere.
    pub sections: Vec<Section>,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// A part of the account with a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub href: String,
    /// How it stands, in a sentence, or nothing.
    pub state: String,
}

/// `/account`
pub fn account_page(frame: &Frame, view: &AccountView) -> Markup {
    let body = html! {
        section class="panel" aria-labelledby="gegevens" {
            h2 id="gegevens" { "Uw gegevens" }
            p { "U logt in als " strong { (view.email) } ". Een ander adres? Vraag uw beheerder." }
            form class="form" method="post" action={ (PATH) "/naam" } novalidate {
                (csrf(&frame.csrf))
                (input(Input::text("name", "Naam", &view.name).autocomplete("name").hint("Zo zien anderen u in Kernschil."), &view.errors))
                (submit("Bewaar uw naam"))
            }
        }
        section class="panel" aria-labelledby="toegang" {
            h2 id="toegang" { "Inloggen en beveiliging" }
            ul class="sections" {
                @for section in &view.sections {
                    li {
                        a href=(section.href) { (section.name) }
                        @if !section.state.is_empty() { p { (section.state) } }
                    }
                }
            }
        }
    };
    form_page(frame, Title::new("Uw account"), &view.errors, &body)
}

/// The form for another password.
#[derive(Debug, Clone, Default)]
pub struct PasswordView {
    /// Whether API tokens that work have to be decided about: what can happen to them; empty when there are none.
    pub tokens: Vec<Choice>,
    /// What is chosen for them.
    pub chosen: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// `/account/wachtwoord`
pub fn password_page(frame: &Frame, view: &PasswordView) -> Markup {
    let current = Input::text("current", "Uw wachtwoord nu", "").kind(InputKind::Password).autocomplete("current-password");
    let new = Input::text("password", "Nieuw wachtwoord", "").kind(InputKind::Password).autocomplete("new-password");
    let body = html! {
        form class="form" method="post" action={ (PATH) "/wachtwoord" } novalidate {
            (csrf(&frame.csrf))
            (input(current, &view.errors))
            (input(new.hint("Minstens 12 tekens. Een korte zin is makkelijk te onthouden."), &view.errors))
            @if !view.tokens.is_empty() { (radios("tokens", "Uw API-sleutels", &view.chosen, &view.tokens, &view.errors)) }
            div class="buttons" { (submit("Wijzig uw wachtwoord")) a class="quiet-link" href=(PATH) { "Annuleer" } }
        }
    };
    let title = Title::new("Wachtwoord wijzigen").lead("Op andere plekken wordt u uitgelogd. U krijgt er een mail over.").trail(TRAIL);
    form_page(frame, title, &view.errors, &body)
}

/// `/account/wachtwoord`, for who has none
pub fn no_password_page(frame: &Frame) -> Markup {
    let body = html! { p { "Uw account heeft in Kernschil geen wachtwoord: u logt in via uw instelling. Wijzig uw wachtwoord daar." } };
    page(frame, Title::new("Wachtwoord wijzigen").trail(TRAIL), &body)
}

/// Where one is signed in.
#[derive(Debug, Clone, Default)]
pub struct SessionsView {
    /// The reader's own first, then the one used last.
    pub rows: Vec<SessionRow>,
}

/// A session in the list.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Identifier in addresses.
    pub id: String,
    /// Browser and machine.
    pub browser: String,
    /// How one signed in, in words.
    pub method: String,
    /// When it began, in words.
    pub began: String,
    /// When it was last used, in words.
    pub seen: String,
    /// Whether it is the reader's own, now.
    pub place: Place,
}

/// Where a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The one this page was asked with.
    Here,
    /// Another.
    Elsewhere,
}

fn session_row(frame: &Frame, row: &SessionRow) -> Markup {
    html! {
        li class="session" {
            div {
                strong { (row.browser) }
                p { "Laatst gebruikt " (row.seen) ". Ingelogd " (row.began) " met " (row.method) "." }
            }
            @match row.place {
                Place::Here => (tag(Tone::Good, "deze sessie")),
                Place::Elsewhere => {
                    form method="post" action={ (PATH) "/sessies/" (row.id) "/beeindigen" } {
                        (csrf(&frame.csrf))
                        button class="button button-second" type="submit" { "Log uit" span class="visually-hidden" { " bij " (row.browser) ", ingelogd " (row.began) } }
                    }
                }
            }
        }
    }
}

/// `/account/sessies`
pub fn sessions_page(frame: &Frame, view: &SessionsView) -> Markup {
    let others = view.rows.iter().any(|row| row.place == Place::Elsewhere);
    let body = html! {
        ul class="panel sections" { @for row in &view.rows { (session_row(frame, row)) } }
        @if others {
            form class="buttons" method="post" action={ (PATH) "/sessies/andere" } {
                (csrf(&frame.csrf))
                button class="button" type="submit" { "Log overal elders uit" }
            }
        } @else {
            p { "U bent nergens anders ingelogd." }
        }
        p class="muted" { "Herkent u een sessie niet? Log daar uit en " a href={ (PATH) "/wachtwoord" } { "wijzig uw wachtwoord" } "." }
    };
    let lead = "Waar u nu bent ingelogd. Een sessie eindigt vanzelf na twaalf uur, of na twee uur zonder gebruik.";
    page(frame, Title::new("Uw sessies").lead(lead).trail(TRAIL), &body)
}
