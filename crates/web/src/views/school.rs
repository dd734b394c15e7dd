//! One school: its roles, conditions, trainers, places and who comes when.

use maud::{Markup, html};

use super::history::{HistoryOf, StayLine, history};

use crate::components::figures::{Figure, facts, figures, meter};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::{Sign, sign};
use crate::components::status::{Met, met};
use crate::components::table::{Density, table};
use crate::components::text::number;

/// A school in a round.
#[derive(Debug, Clone, Default)]
pub struct SchoolView {
    /// Who was where from when to when.
    pub stays: Vec<StayLine>,
    /// Which round.
    pub round: RoundRef,
    /// School code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind of education, such as bo or vo.
    pub sector: String,
    /// Postcode and place.
    pub address: String,
    /// Name and number of the board.
    pub board: String,
    /// Places offered.
    pub offered: u32,
    /// Places taken.
    pub used: u32,
    /// Its role in each partnership.
    pub memberships: Vec<MembershipRow>,
    /// School and institute trainers.
    pub trainers: Vec<TrainerRow>,
    /// Places offered.
    pub offers: Vec<OfferRow>,
    /// What else limits the places, as sentences.
    pub limits: Vec<String>,
    /// Who comes.
    pub guests: Vec<GuestRow>,
}

/// A role in a partnership, with the conditions that belong to it.
#[derive(Debug, Clone)]
pub struct MembershipRow {
    /// Name of the partnership.
    pub partnership: String,
    /// The sign of the tier.
    pub sign: Sign,
    /// The word: kern or schil.
    pub tier: String,
    /// From when, until when.
    pub dates: String,
    /// Board or school that guides it, or nothing.
    pub buddy: String,
    /// Each condition, whether it is met, and why (not).
    pub conditions: Vec<ConditionRow>,
}

/// A condition of a partnership.
#[derive(Debug, Clone)]
pub struct ConditionRow {
    /// What is asked.
    pub name: String,
    /// Whether it is met.
    pub met: Met,
    /// What was found.
    pub reason: String,
}

/// Somebody who trains at the school.
#[derive(Debug, Clone)]
pub struct TrainerRow {
    /// Name.
    pub name: String,
    /// Kind: schoolopleider or instituutopleider.
    pub kind: String,
    /// Qualifications with their dates.
    pub qualifications: Vec<String>,
    /// Students now and at most, in words.
    pub load: String,
    /// Other schools he or she works for.
    pub other_schools: Vec<String>,
}

/// Places offered in a period.
#[derive(Debug, Clone)]
pub struct OfferRow {
    /// Name of the period.
    pub period: String,
    /// Phases that fit.
    pub phases: String,
    /// Groups.
    pub groups: String,
    /// Weekdays.
    pub weekdays: String,
    /// Places.
    pub count: u32,
    /// Places taken.
    pub used: u32,
}

/// A student who comes.
#[derive(Debug, Clone)]
pub struct GuestRow {
    /// Name.
    pub student: String,
    /// Address of the student's page.
    pub href: String,
    /// Programme and phase.
    pub programme: String,
    /// Name of the period.
    pub period: String,
    /// Weekdays and groups.
    pub when: String,
    /// Trainer, or nothing.
    pub trainer: String,
    /// What the school is to the student: sign and word.
    pub standing: (Sign, String),
    /// Word for how far the placement is.
    pub status: String,
}

fn membership(row: &MembershipRow) -> Markup {
    html! {
        article class="card" {
            div class="card-head" {
                h3 { (row.partnership) }
                span class={ "standing standing-" (row.sign.class()) } { (sign(row.sign)) (row.tier) }
            }
            p class="muted small" { (row.dates) @if !row.buddy.is_empty() { " · maatje: " (row.buddy) } }
            @if row.conditions.is_empty() { p { "Dit partnerschap stelt geen voorwaarden aan een " (row.tier) "school." } }
            @else {
                ul class="conditions" {
                    @for condition in &row.conditions {
                        li {
                            (met(condition.met, match condition.met { Met::Yes => "gehaald", Met::No => "niet gehaald" }))
                            div { strong { (condition.name) } @if !condition.reason.is_empty() { p class="hint" { (condition.reason) } } }
                        }
                    }
                }
            }
        }
    }
}

fn trainers(list: &[TrainerRow]) -> Markup {
    let head = html! { tr { th scope="col" { "Naam" } th scope="col" { "Rol" } th scope="col" { "Kwalificaties" } th scope="col" { "Studenten" } th scope="col" { "Ook op" } } };
    let rows = html! {
        @for trainer in list {
            tr {
                th scope="row" { (trainer.name) }
                td { (trainer.kind) }
                td { @if trainer.qualifications.is_empty() { span class="muted" { "geen" } } @else { ul class="plain" { @for text in &trainer.qualifications { li { (text) } } } } }
                td { (trainer.load) }
                td { (trainer.other_schools.join(", ")) }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby="opleiders" {
            h2 id="opleiders" { "Opleiders" }
            @if list.is_empty() { p class="muted" { "Bij deze school zijn geen opleiders bekend." } } @else { (table("Opleiders van deze school", Density::Roomy, &head, &rows)) }
        }
    }
}

fn offers(list: &[OfferRow], limits: &[String]) -> Markup {
    let head = html! { tr { th scope="col" { "Periode" } th scope="col" { "Fase" } th scope="col" { "Groepen" } th scope="col" { "Dagen" } th scope="col" class="figure" { "Plekken" } th scope="col" class="figure" { "Bezet" } th scope="col" class="figure" { "Vrij" } } };
    let rows = html! {
        @for offer in list {
            tr {
                th scope="row" { (offer.period) }
                td { (offer.phases) }
                td { (offer.groups) }
                td { (offer.weekdays) }
                td class="figure" { (number(offer.count)) }
                td class="figure" { (number(offer.used)) (meter(offer.used, offer.count)) }
                td class="figure" { (number(offer.count.saturating_sub(offer.used))) }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby="plekken" {
            h2 id="plekken" { "Plekken" }
            @if list.is_empty() { p class="muted" { "Deze school heeft nog geen plekken opgegeven." } } @else { (table("Plekken van deze school", Density::Roomy, &head, &rows)) }
            @if !limits.is_empty() { ul class="bullets" { @for text in limits { li { (text) } } } }
        }
    }
}

fn guests(list: &[GuestRow]) -> Markup {
    let head = html! { tr { th scope="col" { "Student" } th scope="col" { "Opleiding en fase" } th scope="col" { "Periode" } th scope="col" { "Dagen en groepen" } th scope="col" { "Opleider" } th scope="col" { "Telt als" } th scope="col" { "Stand" } } };
    let rows = html! {
        @for guest in list {
            tr {
                th scope="row" { a href=(guest.href) { (guest.student) } }
                td { (guest.programme) }
                td { (guest.period) }
                td { (guest.when) }
                td { @if guest.trainer.is_empty() { span class="muted" { "nog niemand" } } @else { (guest.trainer) } }
                td { span class={ "standing standing-" (guest.standing.0.class()) } { (sign(guest.standing.0)) (guest.standing.1) } }
                td { (guest.status) }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby="wie" {
            h2 id="wie" { "Wie komt wanneer" }
            @if list.is_empty() { p class="muted" { "Er komt nog niemand. Studenten verschijnen hier na een voorstel of een plaatsing." } }
            @else { (table("Studenten op deze school", Density::Roomy, &head, &rows)) }
        }
    }
}

/// `/rondes/{slug}/scholen/{code}`
pub fn school_page(frame: &Frame, view: &SchoolView) -> Markup {
    let list = [
        Figure::count("Plekken", view.offered),
        Figure::count("Bezet", view.used),
        Figure::count("Vrij", view.offered.saturating_sub(view.used)),
    ];
    let body = html! {
        (facts(&[
            ("Schoolcode", html! { code { (view.code) } }),
            ("Soort", html! { (view.sector) }),
            ("Plaats", html! { (view.address) }),
            ("Bestuur", html! { (view.board) }),
        ]))
        (figures(&list))
        section class="panel" aria-labelledby="rollen" {
            h2 id="rollen" { "Kern of schil" }
            @if view.memberships.is_empty() { p class="muted" { "Deze school doet in geen partnerschap mee. Een student op deze school telt als buiten." } }
            @else { div class="cards" { @for row in &view.memberships { (membership(row)) } } }
        }
        (offers(&view.offers, &view.limits))
        (guests(&view.guests))
        (history(&view.round, HistoryOf::School, &view.stays))
        (trainers(&view.trainers))
    };
    let up = view.round.path("scholen");
    page(frame, Title::new(&view.name).trail(&[(&view.round.name, &view.round.path("")), ("Scholen en plekken", &up)]), &body)
}
