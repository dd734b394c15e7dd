//! One account: who it is of, its roles now, later and before, and what can be done about it.

use maud::{Markup, html};

use super::users::PATH;
use crate::components::figures::facts;
use crate::components::forms::csrf;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, table};

/// An account.
#[derive(Debug, Clone)]
pub struct UserView {
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
    /// Whether somebody may come in: look and word.
    pub state: (Tone, String),
    /// What else is known: a word and what it is.
    pub facts: Vec<(String, String)>,
    /// Roles: those that hold first, then those to come, then those that are over.
    pub grants: Vec<GrantRow>,
    /// What can be done about the account now.
    pub actions: Vec<UserAction>,
    /// Today, as a date field wants it.
    pub today: String,
}

/// A role of an account.
#[derive(Debug, Clone)]
pub struct GrantRow {
    /// Identifier in addresses.
    pub id: String,
    /// Role and what it is for.
    pub words: String,
    /// From when until when, in words.
    pub dates: String,
    /// Look and word for when it holds, seen from today.
    pub moment: (Tone, String),
    /// Whether it can still be ended.
    pub end: GrantEnd,
}

/// Whether a role can still be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantEnd {
    /// It can.
    Open,
    /// It is over, or the account is.
    Closed,
}

/// Something to do about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserAction {
    /// Granting a role.
    Grant,
    /// Sending a new invitation.
    Invite,
    /// Sending a link to choose a new password.
    Reset,
    /// Turning the second factor off.
    SecondFactor,
    /// Blocking.
    Block,
    /// Letting in again.
    Unblock,
    /// Removing.
    Remove,
}

impl UserAction {
    /// Last part of its address, words on its button, and what it does.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Grant => ("rollen/nieuw", "Geef een rol", ""),
            Self::Invite => ("uitnodiging", "Stuur een nieuwe uitnodiging", "De link in de vorige uitnodiging werkt dan niet meer."),
            Self::Reset => (
                "wachtwoord",
                "Stuur een link voor een nieuw wachtwoord",
                "De gebruiker kiest zelf een nieuw wachtwoord. Het oude werkt tot die tijd.",
            ),
            Self::SecondFactor => (
                "tweede-factor",
                "Zet de tweede factor uit",
                "Voor wie zijn telefoon kwijt is. Controleer eerst of het echt deze persoon is die het vraagt. De gebruiker wordt uitgelogd en krijgt bericht.",
            ),
            Self::Block => (
                "blokkeren",
                "Blokkeer dit account",
                "De gebruiker is meteen uitgelogd en API-sleutels werken niet meer. U kunt de blokkade weer opheffen.",
            ),
            Self::Unblock => ("deblokkeren", "Hef de blokkade op", "De gebruiker kan weer inloggen, met dezelfde rollen."),
            Self::Remove => (
                "verwijderen",
                "Verwijder dit account voorgoed",
                "Naam en e-mailadres worden gewist, rollen en sleutels vervallen. Wat met het account gedaan is, blijft in het logboek staan zonder naam. Dit kunt u niet terugdraaien.",
            ),
        }
    }
}

fn end_form(frame: &Frame, view: &UserView, grant: &GrantRow) -> Markup {
    let field = format!("veld-per-{}", grant.id);
    html! {
        @if grant.end == GrantEnd::Open {
            form class="inline-form" method="post" action={ (PATH) "/" (view.id) "/rollen/" (grant.id) "/eind" } {
                (csrf(&frame.csrf))
                label class="small" for=(field) { "Vervalt per" span class="visually-hidden" { ": " (grant.words) } }
                input class="input" type="date" id=(field) name="per" value=(view.today);
                button class="button button-quiet" type="submit" { "Beëindig" }
            }
        }
    }
}

fn grants(frame: &Frame, view: &UserView) -> Markup {
    let head =
        html! { tr { th scope="col" { "Rol" } th scope="col" { "Wanneer" } th scope="col" { "Stand" } th scope="col" { "Beëindigen" } } };
    let rows = html! {
        @for grant in &view.grants {
            tr {
                th scope="row" { (grant.words) }
                td { (grant.dates) }
                td { (tag(grant.moment.0, &grant.moment.1)) }
                td { (end_form(frame, view, grant)) }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby="rollen" {
            div class="panel-head" {
                h2 id="rollen" { "Rollen" }
                @if view.actions.contains(&UserAction::Grant) {
                    @let (path, words, _) = UserAction::Grant.words();
                    p { a class="button button-second" href={ (PATH) "/" (view.id) "/" (path) } { (words) } }
                }
            }
            @if view.grants.is_empty() { p class="muted" { "Deze gebruiker heeft nog geen rol, en ziet daarom niets." } }
            @else { (table("Rollen van deze gebruiker", Density::Dense, &head, &rows)) }
        }
    }
}

fn action(frame: &Frame, view: &UserView, action: UserAction) -> Markup {
    let (path, words, what) = action.words();
    let form = html! {
        form method="post" action={ (PATH) "/" (view.id) "/" (path) } {
            (csrf(&frame.csrf))
            button class="button button-second" type="submit" { (words) }
        }
    };
    html! {
        li {
            // What cannot be taken back is not done with one click.
            @if action == UserAction::Remove { details class="more" { summary { "Account verwijderen" } div { p { (what) } (form) } } }
            @else { (form) p class="hint" { (what) } }
        }
    }
}

/// `/gebruikers/{id}`
pub fn user_page(frame: &Frame, view: &UserView) -> Markup {
    let mut list = vec![("E-mailadres", html! { (view.email) }), ("Stand", tag(view.state.0, &view.state.1))];
    list.extend(view.facts.iter().map(|(word, what)| (word.as_str(), html! { (what) })));
    let actions: Vec<_> = view.actions.iter().copied().filter(|action| *action != UserAction::Grant).collect();
    let body = html! {
        (facts(&list))
        (grants(frame, view))
        @if !actions.is_empty() {
            section class="panel" aria-labelledby="account" {
                h2 id="account" { "Account" }
                ul class="action-list" { @for one in actions { (action(frame, view, one)) } }
            }
        }
    };
    page(frame, Title::new(&view.name).trail(&[("Gebruikers en rollen", PATH)]), &body)
}
