//! One's own API tokens: making, showing once, and revoking.

use maud::{Markup, html};

use crate::components::figures::empty;
use crate::components::forms::{Choice, FieldError, Input, csrf, input, radios, submit};
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{Tone, note, tag, warning};
use crate::components::table::{Density, table};

/// Where they are.
pub const PATH: &str = "/account/sleutels";

/// The tokens of the reader.
#[derive(Debug, Clone, Default)]
pub struct TokensView {
    /// Newest first.
    pub rows: Vec<TokenRow>,
    /// The form for a new one.
    pub form: TokenForm,
}

/// What is filled in for a new token.
#[derive(Debug, Clone, Default)]
pub struct TokenForm {
    /// Name.
    pub name: String,
    /// Code of what it may do.
    pub scope: String,
    /// Days it lasts.
    pub days: String,
    /// What it may do, to choose from.
    pub scopes: Vec<Choice>,
    /// Days, to choose from.
    pub terms: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// A token, without the token itself.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it may do, in words.
    pub scope: String,
    /// When it was made, in words.
    pub made: String,
    /// When it ends, in words.
    pub until: String,
    /// When it was last used, in words.
    pub used: String,
    /// Whether it works: look and word.
    pub state: (Tone, String),
    /// Whether it can be revoked.
    pub revoke: Revoke,
}

/// Whether a token can be revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoke {
    /// It works.
    Open,
    /// It does not work any more.
    Closed,
}

/// `/account/sleutels`
pub fn tokens_page(frame: &Frame, view: &TokensView) -> Markup {
    let head = html! {
        tr { @for words in ["Sleutel", "Mag", "Gemaakt", "Geldt tot", "Laatst gebruikt", "Stand"] { th scope="col" { (words) } } th scope="col" { "Intrekken" } }
    };
    let rows = html! {
        @for token in &view.rows {
            tr {
                th scope="row" { (token.name) }
                td { (token.scope) }
                td { (token.made) }
                td { (token.until) }
                td { (token.used) }
                td { (tag(token.state.0, &token.state.1)) }
                td {
                    @if token.revoke == Revoke::Open {
                        form method="post" action={ (PATH) "/" (token.id) "/intrekken" } {
                            (csrf(&frame.csrf))
                            button class="button button-quiet" type="submit" { "Trek in" span class="visually-hidden" { ": " (token.name) } }
                        }
                    }
                }
            }
        }
    };
    let form = &view.form;
    let body = html! {
        @if view.rows.is_empty() { (empty("U hebt nog geen API-sleutels", &html! { p { "Maak er hieronder een voor een programma dat gegevens met Kernschil uitwisselt." } })) }
        @else { (table("Uw API-sleutels", Density::Dense, &head, &rows)) }
        section class="panel" aria-labelledby="nieuw" {
            h2 id="nieuw" { "Nieuwe sleutel" }
            form class="form" method="post" action=(PATH) novalidate {
                (csrf(&frame.csrf))
                (input(Input::text("name", "Naam", &form.name).hint("Bijvoorbeeld het programma dat de sleutel gebruikt."), &form.errors))
                (radios("scope", "Wat mag het programma?", &form.scope, &form.scopes, &form.errors))
                (radios("days", "Hoe lang geldt de sleutel?", &form.days, &form.terms, &form.errors))
                (submit("Maak de sleutel"))
            }
        }
        (note(&html! { p { "Een sleutel mag nooit meer dan u zelf. Accounts, rollen en instellingen beheert u altijd zelf. Zie ook " a href="/hulp/api" { "de uitleg van de API" } "." } }))
    };
    let lead = "Met een sleutel werkt een programma namens u, zonder uw wachtwoord.";
    form_page(frame, Title::new("API-sleutels").lead(lead), &form.errors, &body)
}

/// A token that was just made.
#[derive(Debug, Clone, Default)]
pub struct MadeTokenView {
    /// What its owner calls it.
    pub name: String,
    /// The token itself.
    pub token: String,
    /// What it may do and until when, in a sentence.
    pub sentence: String,
}

/// The page that shows a token, once.
pub fn made_token_page(frame: &Frame, view: &MadeTokenView) -> Markup {
    let body = html! {
        (warning(&html! { p { "Kopieer de sleutel nu. U ziet hem maar één keer; Kernschil bewaart hem zelf niet." } }))
        div class="field" {
            label for="sleutel" { "Sleutel" }
            input class="input input-token" id="sleutel" type="text" readonly value=(view.token) autocomplete="off" spellcheck="false" data-focus;
        }
        p { (view.sentence) }
        p class="small muted" { "Een programma stuurt de sleutel mee als " code { "Authorization: Bearer ks_…" } ". Deel hem met niemand, en zet hem niet in een mail." }
        p class="buttons" { a class="button" href=(PATH) { "Ik heb de sleutel gekopieerd" } }
    };
    page(frame, Title::new(&format!("Sleutel {}", view.name)).trail(&[("API-sleutels", PATH)]), &body)
}
