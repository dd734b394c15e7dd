//! What can be changed about a scenario.

use maud::{Markup, html};

use crate::components::forms::{FieldError, Input, InputKind, choose, csrf, error_at, input, submit};
use crate::components::nav::RoundRef;
use crate::components::page::Frame;
use crate::components::table::{Density, table};

/// A rule that can be on or off, hard or soft.
#[derive(Debug, Clone)]
pub struct RuleField {
    /// Code of the rule.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it says as it stands.
    pub sentence: String,
    /// Modes to choose from: code and word.
    pub modes: Vec<(String, String)>,
    /// Code of the mode it is in.
    pub mode: String,
    /// Its number, for a rule that has one.
    pub number: Option<String>,
}

/// An aim with its place among the others.
#[derive(Debug, Clone)]
pub struct AimField {
    /// Code of the aim.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it strives for.
    pub sentence: String,
    /// Its place, from 1, as filled in.
    pub place: String,
}

/// A percentage for a phase.
#[derive(Debug, Clone)]
pub struct PartField {
    /// Code of the phase; empty for all phases.
    pub code: String,
    /// Words for it.
    pub label: String,
    /// What was filled in.
    pub value: String,
    /// Students now, in words.
    pub now: String,
}

/// A number of places or students that can be changed.
#[derive(Debug, Clone)]
pub struct OfferField {
    /// Name in the form.
    pub name: String,
    /// What it is of.
    pub label: String,
    /// The number in the round.
    pub now: String,
    /// The number in the scenario.
    pub value: String,
}

/// Everything that can be changed.
#[derive(Debug, Clone, Default)]
pub struct ScenarioForm {
    /// Version that was seen.
    pub version: String,
    /// Name.
    pub name: String,
    /// Longest trip in minutes.
    pub travel_limit: String,
    /// Students outside with extra guidance.
    pub outside: String,
    /// Which trainers can guide: codes and words.
    pub guides: Vec<(String, String)>,
    /// Which of them do.
    pub guided_by: String,
    /// Students per phase, more or fewer; all phases first.
    pub enrolment: Vec<PartField>,
    /// Rules.
    pub rules: Vec<RuleField>,
    /// Aims.
    pub aims: Vec<AimField>,
    /// Schools and partnerships to choose from: value and words.
    pub among: Vec<(String, String)>,
    /// What was chosen.
    pub chosen: String,
    /// Offers and trainers of the chosen school.
    pub offers: Vec<OfferField>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn small_number(name: &str, label: &str, value: &str) -> Markup {
    html! {
        label class="visually-hidden" for={ "veld-" (name) } { (label) }
        input class="input input-number" id={ "veld-" (name) } name=(name) type="text" inputmode="numeric" value=(value) autocomplete="off";
    }
}

fn enrolment(form: &ScenarioForm) -> Markup {
    let head = html! { tr { th scope="col" { "Fase" } th scope="col" class="figure" { "Studenten nu" } th scope="col" class="figure" { "Verandering in %" } } };
    let rows = html! {
        @for part in &form.enrolment {
            @let name = format!("instroom-{}", part.code);
            tr { th scope="row" { (part.label) } td class="figure" { (part.now) } td class="figure" { (small_number(&name, &format!("Verandering in procent, {}", part.label), &part.value)) } }
        }
    };
    html! {
        fieldset class="field" id="veld-instroom" {
            legend { h3 { "Instroom" } }
            p class="hint" { "25 is een kwart meer studenten, −10 een tiende minder. Een fase zonder getal volgt alle fasen. Extra studenten lijken op wie er al zijn en hebben geen naam." }
            @if let Some(error) = error_at(&form.errors, "instroom") { p class="field-error" { strong { "Fout: " } (error) } }
            (table("Verandering van de instroom", Density::Dense, &head, &rows))
        }
    }
}

fn rule_row(rule: &RuleField, errors: &[FieldError]) -> Markup {
    let name = format!("regel-{}", rule.code);
    html! {
        tr {
            th scope="row" {
                label for={ "veld-" (name) } { (rule.name) }
                span class="row-code" { (rule.sentence) }
                @if let Some(error) = error_at(errors, &name) { p class="field-error" { strong { "Fout: " } (error) } }
            }
            td {
                select class="input" id={ "veld-" (name) } name=(name) {
                    @for (code, words) in &rule.modes { option value=(code) selected[*code == rule.mode] { (words) } }
                }
            }
            td class="figure" {
                @if let Some(number) = &rule.number { (small_number(&format!("getal-{}", rule.code), &format!("Aantal studenten, {}", rule.name), number)) }
            }
        }
    }
}

fn rules(form: &ScenarioForm) -> Markup {
    let head = html! { tr { th scope="col" { "Regel" } th scope="col" { "Hoe zwaar" } th scope="col" class="figure" { "Aantal" } } };
    let rows = html! { @for rule in &form.rules { (rule_row(rule, &form.errors)) } };
    let limit = Input::text("reisgrens", "Langste reis in minuten, enkele reis", &form.travel_limit).kind(InputKind::Digits);
    let outside = Input::text("buiten", "Studenten buiten samen opleiden met extra begeleiding", &form.outside).kind(InputKind::Digits);
    html! {
        fieldset class="field" {
            legend { h3 { "Regels" } }
            (input(limit.hint("Leeg betekent geen grens."), &form.errors))
            (input(outside.hint("Hoogstens zoveel. Leeg betekent geen grens."), &form.errors))
            (choose("begeleider", "Wie begeleidt de student?", "Alleen de grens van wie begeleidt, telt.", &form.guided_by, &form.guides, &form.errors))
            details class="more" open[form.errors.iter().any(|error| error.field.starts_with("regel-"))] {
                summary { "Alle regels" }
                (table("Regels van het scenario", Density::Dense, &head, &rows))
            }
        }
    }
}

fn aims(form: &ScenarioForm) -> Markup {
    let head = html! { tr { th scope="col" class="figure" { "Plaats" } th scope="col" { "Doel" } } };
    let rows = html! {
        @for aim in &form.aims {
            @let name = format!("doel-{}", aim.code);
            tr { td class="figure" { (small_number(&name, &format!("Plaats van {}", aim.name), &aim.place)) } th scope="row" { (aim.name) span class="row-code" { (aim.sentence) } } }
        }
    };
    html! {
        fieldset class="field" id="veld-doelen" {
            legend { h3 { "Volgorde van de doelen" } }
            @if let Some(error) = error_at(&form.errors, "doelen") { p class="field-error" { strong { "Fout: " } (error) } }
            details class="more" open[error_at(&form.errors, "doelen").is_some()] {
                summary { "Wijzig wat voor gaat" }
                p class="hint" { "Het doel met het laagste getal gaat altijd voor." }
                (table("Doelen van het scenario", Density::Dense, &head, &rows))
            }
        }
    }
}

/// The form for rules and enrolment.
pub(super) fn settings(frame: &Frame, action: &str, form: &ScenarioForm) -> Markup {
    html! {
        form method="post" action=(action) {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(form.version);
            (input(Input::text("naam", "Naam", &form.name), &form.errors))
            (enrolment(form))
            (rules(form))
            (aims(form))
            div class="buttons" {
                button class="button" type="submit" name="daarna" value="doorrekenen" { "Bewaar en reken door" }
                button class="button button-second" type="submit" { "Bewaar" }
            }
        }
    }
}

/// The forms for places and trainers: first which school, then how many.
pub(super) fn places(frame: &Frame, round: &RoundRef, id: &str, form: &ScenarioForm) -> Markup {
    let path = round.path(&format!("scenarios/{id}"));
    let head = html! { tr { th scope="col" { "Plekken en opleiders" } th scope="col" class="figure" { "Nu" } th scope="col" class="figure" { "In dit scenario" } } };
    let rows = html! {
        @for offer in &form.offers { tr { th scope="row" { (offer.label) } td class="figure" { (offer.now) } td class="figure" { (small_number(&offer.name, &offer.label, &offer.value)) } } }
    };
    html! {
        form class="filters filters-two" method="get" action={ (path) "#plekken" } {
            div class="filter" {
                label for="veld-waar" { "Welke plekken?" }
                select class="input" id="veld-waar" name="waar" {
                    @for (value, words) in &form.among { option value=(value) selected[*value == form.chosen] { (words) } }
                }
            }
            div class="filter-buttons" { button class="button button-second" type="submit" { "Kies" } }
        }
        @if !form.chosen.is_empty() {
            form method="post" action={ (path) "/plekken" } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(form.version);
                input type="hidden" name="waar" value=(form.chosen);
                @if !form.offers.is_empty() { (table("Plekken en opleiders van deze school", Density::Dense, &head, &rows)) }
                (input(Input::text("erbij", "Plekken erbij per school en periode", "").hint("2 is twee plekken meer, −1 één plek minder. Zij komen bij de grootste plek van de school."), &form.errors))
                (submit("Bewaar de plekken"))
            }
        }
    }
}
