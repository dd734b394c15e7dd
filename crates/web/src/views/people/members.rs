//! Who takes part in a review: asking, answering for oneself, asking again, and taking somebody out.

use maud::{Markup, html};

use super::{ReviewRef, one_button, with_trail};
use crate::components::figures::empty;
use crate::components::forms::{Choice, FieldError, Input, InputKind, choose, csrf, input, radios, submit, twice};
use crate::components::page::{Frame, form_page};
use crate::components::status::{Tone, note, tag};
use crate::components::table::{Density, table};

/// Somebody in the review.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// Identifier.
    pub id: String,
    /// Version that was seen.
    pub version: String,
    /// Name.
    pub name: String,
    /// Address for mail, where the reader may see it.
    pub email: String,
    /// Code of the role.
    pub role: String,
    /// Role, in words.
    pub role_words: String,
    /// How far: look and word.
    pub state: (Tone, String),
    /// Last day of her access, in words.
    pub until: String,
    /// The same day as a field of a form shows it; nothing for who cannot get another.
    pub until_day: Option<String>,
}

/// What somebody is asked herself.
#[derive(Debug, Clone)]
pub struct OwnAnswer {
    /// Version that was seen.
    pub version: String,
    /// Her role, in words.
    pub role: String,
    /// Whether she agreed already.
    pub agreed: bool,
}

/// The form to ask somebody.
#[derive(Debug, Clone, Default)]
pub struct AskForm {
    /// Code of the role.
    pub role: String,
    /// Identifier of a peer, or nothing.
    pub peer: String,
    /// Name of somebody outside the pool.
    pub name: String,
    /// Her address.
    pub email: String,
    /// Until when.
    pub until: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The page.
#[derive(Debug, Clone)]
pub struct MembersView {
    /// The review.
    pub review: ReviewRef,
    /// Everybody.
    pub rows: Vec<MemberRow>,
    /// What the reader herself is asked.
    pub own: Option<OwnAnswer>,
    /// The form, for who may ask people.
    pub ask: Option<AskForm>,
    /// Roles to choose from.
    pub roles: Vec<Choice>,
    /// Peers to choose from: identifier and name.
    pub pool: Vec<(String, String)>,
}

fn own(frame: &Frame, view: &MembersView, own: &OwnAnswer) -> Markup {
    let action = view.review.path("deelnemers/antwoord");
    let declined = one_button(&frame.csrf, &action, &[("versie", &own.version), ("antwoord", "declined")], "Ik doe niet mee", &own.role);
    note(&html! {
        @if own.agreed {
            p { "U doet mee als " strong { (own.role) } ". Kunt u toch niet? Dan eindigt uw toegang." }
            (declined)
        } @else {
            p { "U bent gevraagd als " strong { (own.role) } ". Doet u mee? Zegt u nee, dan eindigt uw toegang." }
            div class="buttons" {
                form class="inline-form" method="post" action=(action) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(own.version);
                    input type="hidden" name="antwoord" value="agreed";
                    (submit("Ja, ik doe mee"))
                }
                (declined)
            }
        }
    })
}

/// Another last day, without asking her again.
fn extend(frame: &Frame, view: &MembersView, member: &MemberRow, day: &str) -> Markup {
    html! {
        details class="more more-inline" {
            summary { "Wijzig" span class="visually-hidden" { " de toegang van " (member.name) } }
            form class="inline-form" method="post" action=(view.review.path(&format!("deelnemers/{}/toegang", member.id))) {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(member.version);
                label class="visually-hidden" for={ "toegang-" (member.id) } { "Toegang tot en met, voor " (member.name) }
                input class="input input-date" type="date" id={ "toegang-" (member.id) } name="tot" value=(day);
                button class="button button-quiet" type="submit" { "Bewaar de dag" span class="visually-hidden" { ": " (member.name) } }
            }
        }
    }
}

/// Taking somebody out ends her access and mails it to her: asked twice.
fn take_out(frame: &Frame, view: &MembersView, member: &MemberRow) -> Markup {
    let away = view.review.path(&format!("deelnemers/{}/weghalen", member.id));
    let says = format!("De toegang eindigt meteen. Daarover gaat een mail naar {}.", member.name);
    let form = one_button(&frame.csrf, &away, &[("versie", &member.version)], "Ja, haal weg", &member.name);
    twice("Haal weg", &member.name, &says, &form)
}

fn row(frame: &Frame, view: &MembersView, member: &MemberRow) -> Markup {
    let again = view.review.path(&format!("deelnemers/{}/opnieuw", member.id));
    html! {
        tr {
            th scope="row" { (member.name) @if !member.email.is_empty() { span class="row-code" { (member.email) } } }
            td { (member.role_words) }
            td { (tag(member.state.0, &member.state.1)) }
            td {
                (member.until)
                @if let Some(day) = member.until_day.as_ref().filter(|_| view.ask.is_some()) { (extend(frame, view, member, day)) }
            }
            @if view.ask.is_some() {
                td {
                    form class="inline-form" method="post" action=(again) {
                        (csrf(&frame.csrf))
                        input type="hidden" name="versie" value=(member.version);
                        label class="visually-hidden" for={ "rol-" (member.id) } { "Rol van " (member.name) }
                        select class="input" id={ "rol-" (member.id) } name="rol" {
                            @for role in &view.roles { option value=(role.value) selected[role.value == member.role] { (role.label) } }
                        }
                        button class="button button-quiet" type="submit" { "Vraag opnieuw" span class="visually-hidden" { ": " (member.name) } }
                    }
                    (take_out(frame, view, member))
                }
            }
        }
    }
}

fn ask(frame: &Frame, view: &MembersView, form: &AskForm) -> Markup {
    html! {
        section class="panel" aria-labelledby="vragen" {
            h2 id="vragen" { "Vraag iemand" }
            p { "Zij of hij krijgt een mail. Wie nog geen account heeft, maakt het met de link daarin. De toegang geldt alleen voor deze peer review. Wie de review plant, aan de reflectie schrijft of op het rapport reageert, kan niet in het panel zitten of meekijken." }
            form method="post" action=(view.review.path("deelnemers")) novalidate {
                (csrf(&frame.csrf))
                (radios("rol", "Rol", &form.role, &view.roles, &form.errors))
                (choose("peer", "Iemand uit de pool van peers", "Voor een panellid. Naam en adres komen uit de pool.", &form.peer, &view.pool, &form.errors))
                fieldset class="field" {
                    legend { "Of iemand anders" }
                    (input(Input::text("naam", "Naam", &form.name), &form.errors))
                    (input(Input::text("email", "E-mailadres", &form.email).kind(InputKind::Email), &form.errors))
                }
                (input(Input::text("tot", "Toegang tot en met", &form.until).kind(InputKind::Date).hint("Gewoonlijk negentig dagen na het bezoek, en hoogstens drie jaar vanaf vandaag. Een gewone dag verschuift mee met het bezoek."), &form.errors))
                (submit("Verstuur uitnodiging"))
            }
        }
    }
}

/// `/peer-reviews/:slug/deelnemers`
pub fn members_page(frame: &Frame, view: &MembersView) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Wie" } th scope="col" { "Rol" } th scope="col" { "Antwoord" } th scope="col" { "Toegang tot en met" }
            @if view.ask.is_some() { th scope="col" { "Wijzigen" } }
        }
    };
    let rows = html! { @for member in &view.rows { (row(frame, view, member)) } };
    let body = html! {
        @if let Some(answer) = &view.own { (own(frame, view, answer)) }
        @if view.rows.is_empty() { (empty("Er doet nog niemand mee", &html! { p { "Vraag hieronder de auteurs van de reflectie en de panelleden." } })) }
        @else { (table("Deelnemers", Density::Roomy, &head, &rows)) }
        p { a href=(view.review.path("datum")) { "Prik een datum" } @if view.ask.is_some() { " · " a href=(view.review.path("panel")) { "Bekijk het panel" } } }
        @if let Some(form) = &view.ask { (ask(frame, view, form)) }
    };
    let errors = view.ask.as_ref().map(|form| form.errors.clone()).unwrap_or_default();
    with_trail(&view.review, "Deelnemers", "Wie er meedoet, in welke rol, en wie nog moet antwoorden.", |title| {
        form_page(frame, title, &errors, &body)
    })
}
