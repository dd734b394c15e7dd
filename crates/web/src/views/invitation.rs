//! Accepting an invitation, and a link that does not work any more.

use maud::{Markup, html};

use crate::components::forms::{FieldError, Input, InputKind, csrf, input, submit};
use crate::components::page::{Frame, Title, outside_page};
use crate::components::status::note;

/// An invitation to accept.
#[derive(Debug, Clone, Default)]
pub struct InvitationView {
    /// Where the form goes: the address of the invitation itself.
    pub action: String,
    /// Name of who invites; empty when nobody in particular.
    pub invited_by: String,
    /// Roles it comes with, in words.
    pub roles: Vec<String>,
    /// Until when it works, in words.
    pub until: String,
    /// Address of the account.
    pub email: String,
    /// Name as typed, or as whoever invited wrote it.
    pub name: String,
    /// Who is signed in in this browser as somebody else; empty for nobody.
    pub signed_in_as: String,
    /// Other ways to accept: words and address.
    pub providers: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// `/uitnodiging/{token}`
pub fn invitation_page(frame: &Frame, view: &InvitationView) -> Markup {
    let inviter = if view.invited_by.is_empty() { "De beheerder" } else { &view.invited_by };
    let body = html! {
        p { (inviter) " nodigt u uit voor Kernschil" @if view.roles.is_empty() { "." } @else if view.roles.len() == 1 { ", als:" } @else { ", met deze rollen:" } }
        @if !view.roles.is_empty() { ul class="bullets more" { @for role in &view.roles { li { (role) } } } }
        p class="small muted" { "Deze uitnodiging werkt één keer, tot " (view.until) "." }
        @if !view.signed_in_as.is_empty() {
            (note(&html! { p { "U bent in deze browser ingelogd als " strong { (view.signed_in_as) } ". Als u de uitnodiging aanvaardt, wordt dat account uitgelogd." } }))
        }
        @if !view.providers.is_empty() {
            p class="buttons" { @for (words, href) in &view.providers { a class="button button-second" href=(href) { (words) } } }
            p class="small muted" { "Of kies een wachtwoord:" }
        }
        form class="form" method="post" action=(view.action) novalidate {
            (csrf(&frame.csrf))
            p { "E-mailadres om mee in te loggen: " strong { (view.email) } }
            // So that a password manager keeps the password with the right address.
            input type="hidden" name="email" value=(view.email) autocomplete="username";
            (input(Input::text("name", "Uw naam", &view.name).autocomplete("name"), &view.errors))
            (input(Input::text("password", "Wachtwoord", "").kind(InputKind::Password).autocomplete("new-password").hint("Minstens 12 tekens. Een korte zin is makkelijk te onthouden."), &view.errors))
            (submit("Maak mijn account en log in"))
        }
    };
    outside_page(frame, Title::new("Welkom bij Kernschil").lead("Maak uw account."), &view.errors, &body)
}

/// A link that was used, made useless by a newer one, has ended, or never was: nobody learns which.
pub fn useless_invitation_page(frame: &Frame) -> Markup {
    let body = html! {
        p { "Uitnodigingen werken één keer, en een week lang. Misschien hebt u een nieuwere gekregen: gebruik dan de link uit de laatste mail." }
        p { "Hebt u uw account al gemaakt? Dan kunt u gewoon inloggen. Vraag anders de beheerder om een nieuwe uitnodiging." }
        p class="buttons" { a class="button" href="/inloggen" { "Naar inloggen" } }
    };
    outside_page(frame, Title::new("Deze uitnodiging werkt niet meer"), &[], &body)
}
