//! Giving somebody a role, in steps that work without a script: first which role, then for what and from when. Inviting
//! goes the same way.

use maud::{Markup, html};

use super::users::PATH;
use crate::components::filters::search;
use crate::components::forms::{Choice, FieldError, Input, InputKind, choose, csrf, input, radios, submit};
use crate::components::page::{Frame, Title, form_page};
use crate::components::text::number;

/// For whom a role is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantFor {
    /// Somebody who has an account.
    User {
        /// Identifier in addresses.
        id: String,
        /// Name.
        name: String,
    },
    /// Somebody who is invited.
    Guest,
}

impl GrantFor {
    /// Where the steps are.
    pub fn path(&self) -> String {
        match self {
            Self::User { id, .. } => format!("{PATH}/{id}/rollen/nieuw"),
            Self::Guest => format!("{PATH}/uitnodigen"),
        }
    }

    fn title(&self) -> String {
        match self {
            Self::User { name, .. } => format!("Een rol voor {name}"),
            Self::Guest => "Iemand uitnodigen".to_owned(),
        }
    }

    fn trail(&self) -> Vec<(String, String)> {
        let mut trail = vec![("Gebruikers en rollen".to_owned(), PATH.to_owned())];
        if let Self::User { id, name } = self {
            trail.push((name.clone(), format!("{PATH}/{id}")));
        }
        trail
    }
}

/// The first step: which role.
#[derive(Debug, Clone)]
pub struct RoleStep {
    /// For whom.
    pub whom: GrantFor,
    /// The roles, each for each kind of thing.
    pub roles: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The second step: for what, from when, and for a guest: who.
#[derive(Debug, Clone)]
pub struct ScopeStep {
    /// For whom.
    pub whom: GrantFor,
    /// The role as the first step calls it; empty for no role yet.
    pub role: String,
    /// The same in words.
    pub role_words: String,
    /// What to choose from; nothing when the role is for everything.
    pub scopes: Option<ScopeList>,
    /// What was chosen.
    pub scope: String,
    /// First day, as a date field wants it.
    pub from: String,
    /// Last day, likewise; empty means no end.
    pub through: String,
    /// Name of a guest.
    pub name: String,
    /// Address of a guest.
    pub email: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// Things of one kind to choose from.
#[derive(Debug, Clone, Default)]
pub struct ScopeList {
    /// What they are.
    pub label: String,
    /// Values and words.
    pub options: Vec<(String, String)>,
    /// How many there are in all.
    pub total: u32,
    /// What was searched for.
    pub search: String,
}

impl ScopeList {
    fn is_long(&self) -> bool {
        usize::try_from(self.total).is_ok_and(|total| total > self.options.len()) || !self.search.is_empty()
    }
}

fn around(frame: &Frame, whom: &GrantFor, lead: &str, errors: &[FieldError], body: &Markup) -> Markup {
    let (title, trail) = (whom.title(), whom.trail());
    let trail: Vec<_> = trail.iter().map(|(words, href)| (words.as_str(), href.as_str())).collect();
    form_page(frame, Title::new(&title).lead(lead).trail(&trail), errors, body)
}

/// The first step.
pub fn role_step_page(frame: &Frame, view: &RoleStep) -> Markup {
    let body = html! {
        form class="form" method="get" action=(view.whom.path()) {
            (radios("rol", "Welke rol?", "", &view.roles, &view.errors))
            (submit("Verder"))
        }
        p class="small" { a href="/hulp/wie-mag-wat" { "Wat elke rol mag" } }
    };
    around(frame, &view.whom, "Stap 1 van 2: de rol.", &view.errors, &body)
}

fn scope_search(view: &ScopeStep, list: &ScopeList) -> Markup {
    let path = view.whom.path();
    html! {
        form class="filter-search-form form" method="get" action=(path) role="search" {
            input type="hidden" name="rol" value=(view.role);
            (search("zoek", "Zoek op naam, plaats of code", &list.search))
            div class="filter-buttons" { button class="button button-second" type="submit" { "Zoek" } }
        }
    }
}

fn scope_hint(list: &ScopeList) -> String {
    let shown = u32::try_from(list.options.len()).unwrap_or(u32::MAX);
    match (shown, list.total > shown) {
        (0, _) if list.search.is_empty() => "Er is nog niets om uit te kiezen. Laad eerst een werkboek met partnerschappen.".to_owned(),
        (0, _) => "Niets gevonden. Zoek op een ander woord.".to_owned(),
        (_, true) => format!("De eerste {} van {}. Zoek hierboven om er minder te zien.", number(shown), number(list.total)),
        (_, false) => String::new(),
    }
}

/// The second step.
pub fn scope_step_page(frame: &Frame, view: &ScopeStep) -> Markup {
    let is_guest = view.whom == GrantFor::Guest;
    let has_role = !view.role_words.is_empty();
    let action = match &view.whom {
        GrantFor::User { id, .. } => format!("{PATH}/{id}/rollen"),
        GrantFor::Guest => view.whom.path(),
    };
    let body = html! {
        p { @if has_role { "Rol: " strong { (view.role_words) } } @else { "Nog zonder rol" } " · " a href=(view.whom.path()) { "kies een andere rol" } }
        @if let Some(list) = view.scopes.as_ref().filter(|list| list.is_long()) { (scope_search(view, list)) }
        form class="form" method="post" action=(action) novalidate {
            (csrf(&frame.csrf))
            input type="hidden" name="rol" value=(view.role);
            @if is_guest {
                (input(Input::text("name", "Naam", &view.name), &view.errors))
                (input(Input::text("email", "E-mailadres", &view.email).kind(InputKind::Email).hint("Hier gaat de uitnodiging naartoe. De gebruiker logt er later mee in."), &view.errors))
            }
            @if let Some(list) = &view.scopes { (choose("bereik", &list.label, &scope_hint(list), &view.scope, &list.options, &view.errors)) }
            @if has_role {
                (input(Input::text("vanaf", "Vanaf", &view.from).kind(InputKind::Date), &view.errors))
                (input(Input::text("tot", "Tot en met", &view.through).kind(InputKind::Date).hint("Laat dit leeg als de rol geen einde heeft."), &view.errors))
            }
            (submit(if is_guest { "Stuur de uitnodiging" } else { "Geef deze rol" }))
        }
    };
    let lead = match (is_guest, has_role) {
        (true, true) => "Stap 2 van 2: wie, waarvoor en wanneer.",
        (true, false) => "Stap 2 van 2: wie.",
        (false, _) => "Stap 2 van 2: waarvoor en wanneer.",
    };
    around(frame, &view.whom, lead, &view.errors, &body)
}
