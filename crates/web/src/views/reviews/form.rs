//! Putting a review on the calendar, and changing its details.

use maud::{Markup, html};

use crate::components::forms::{Choice, FieldError, Input, InputKind, choose, csrf, input, radios, submit};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::note;

/// A year that a document names, as the form has it.
#[derive(Debug, Clone, Default)]
pub struct YearField {
    /// The year.
    pub year: String,
    /// Where it stands.
    pub source: String,
}

/// A new review, as the form has it.
#[derive(Debug, Clone, Default)]
pub struct NewReviewView {
    /// Name.
    pub name: String,
    /// Whose.
    pub receiver: String,
    /// Who it can be of: value and words.
    pub receivers: Vec<(String, String)>,
    /// Kind.
    pub kind: String,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// The framework.
    pub framework: String,
    /// Frameworks: value and words.
    pub frameworks: Vec<(String, String)>,
    /// The years.
    pub years: Vec<YearField>,
    /// The visit day.
    pub visit_on: String,
    /// The last day.
    pub due_on: String,
    /// Whether it was held already: `ja` or nothing.
    pub past: String,
    /// What a judging review found as a whole; empty when that is not known.
    pub judgement: String,
    /// What can be found: value and words.
    pub judgements: Vec<(String, String)>,
    /// The day on which that was decided.
    pub decided_on: String,
    /// The review before it.
    pub previous: String,
    /// Reviews that can be before it: value and words.
    pub previous_options: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn years(fields: &[YearField], errors: &[FieldError]) -> Markup {
    html! {
        fieldset class="field" id="veld-years" {
            legend { "In welk jaar, en waar staat dat?" }
            p class="hint" { "Zeggen documenten iets verschillends? Vul ze allebei in; de kalender laat zien dat ze elkaar tegenspreken." }
            @for error in errors.iter().filter(|error| error.field == "years") { p class="field-error" { strong { "Fout: " } (error.message) } }
            @for (at, field) in fields.iter().enumerate() {
                @let (year, source) = (format!("jaar-{at}"), format!("bron-{at}"));
                div class="date-grid" {
                    (input(Input::text(&year, &format!("Jaar {}", at + 1), &field.year).kind(InputKind::Digits), &[]))
                    (input(Input::text(&source, &format!("Waar staat jaar {}?", at + 1), &field.source), &[]))
                }
            }
        }
    }
}

/// What a judging review found that was held before; few reviews need it, so it opens only when something stands in it.
fn judged(view: &NewReviewView) -> Markup {
    let errors = &view.errors;
    let is_wrong = errors.iter().any(|error| ["oordeel", "besloten"].contains(&error.field.as_str()));
    html! {
        details class="more" open[is_wrong || !view.judgement.is_empty() || !view.decided_on.is_empty()] {
            summary { "Al gehouden en beoordelingsgericht? Vul het oordeel in" }
            (choose("oordeel", "Oordeel als geheel", "Laat dit leeg als u het niet weet.", &view.judgement, &view.judgements, errors))
            (input(Input::text("besloten", "Besloten op", &view.decided_on).kind(InputKind::Date).hint("De dag van dat oordeel. Bij onvoldoende telt de tweede kans vanaf die dag."), errors))
        }
    }
}

/// `/peer-reviews/nieuw`
pub fn new_review_page(frame: &Frame, view: &NewReviewView) -> Markup {
    let errors = &view.errors;
    let held = [
        Choice {
            value: "nee".to_owned(),
            label: "Nog niet".to_owned(),
            hint: "U plant hem hier, met stappen terug vanaf de bezoekdag.".to_owned(),
        },
        Choice {
            value: "ja".to_owned(),
            label: "Ja".to_owned(),
            hint: "Hij komt als afgerond op de kalender, zonder stappen. Vul het jaar in.".to_owned(),
        },
    ];
    let body = html! {
        @if view.frameworks.is_empty() { (note(&html! { p { "Er is nog geen gepubliceerd kader. Vraag wie de kaders beheert er een te publiceren." } })) }
        form class="form" method="post" action="/peer-reviews/nieuw" {
            (csrf(&frame.csrf))
            (input(Input::text("naam", "Naam", &view.name).hint("Zoals u de peer review op de kalender terugvindt."), errors))
            (choose("van", "Van wie is de peer review?", "Een partnerschap, of een regio als geheel.", &view.receiver, &view.receivers, errors))
            (radios("soort", "Welke soort?", &view.kind, &view.kinds, errors))
            (choose("kader", "Kader", "De peer review houdt dit kader, ook als er later een nieuwe versie komt.", &view.framework, &view.frameworks, errors))
            (years(&view.years, errors))
            (radios("gehouden", "Is hij al gehouden?", &view.past, &held, errors))
            (input(Input::text("bezoekdag", "Bezoekdag", &view.visit_on).kind(InputKind::Date).hint("Als die al bekend is. De stappen worden vanaf deze dag teruggepland."), errors))
            (judged(view))
            (input(Input::text("uiterlijk", "Uiterste dag", &view.due_on).kind(InputKind::Date).hint("Voor een ontwikkelingsgerichte review van een regio is dat 31 december 2029."), errors))
            @if !view.previous_options.is_empty() {
                (choose("vorige", "Volgt op", "De peer review waar deze de volgende van is.", &view.previous, &view.previous_options, errors))
            }
            (submit("Zet op de kalender"))
        }
    };
    form_page(frame, Title::new("Nieuwe peer review").trail(&[("Reviewkalender", "/peer-reviews")]), errors, &body)
}

/// A step that moves with the visit day.
#[derive(Debug, Clone)]
pub struct Shift {
    /// The step.
    pub name: String,
    /// From when, in words.
    pub before: String,
    /// To when, in words.
    pub after: String,
}

/// The details of a review, as the form has them.
#[derive(Debug, Clone, Default)]
pub struct DetailsView {
    /// Name in addresses.
    pub slug: String,
    /// Name of the review as it is stored.
    pub title: String,
    /// Version as it was seen.
    pub version: String,
    /// Name.
    pub name: String,
    /// The years.
    pub years: Vec<YearField>,
    /// The visit day.
    pub visit_on: String,
    /// The last day.
    pub due_on: String,
    /// The day on which the visit was held.
    pub held_on: String,
    /// The year of the annual report.
    pub report_year: String,
    /// Whether an annual report carries it: not for a judging review.
    pub report: Carried,
    /// What would move, when that was asked.
    pub shifts: Option<Vec<Shift>>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// Whether an annual report carries the report of a review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Carried {
    /// It must.
    #[default]
    Yes,
    /// That is not asked.
    No,
}

fn shifts(view: &DetailsView) -> Markup {
    html! {
        @if let Some(shifts) = &view.shifts {
            (note(&html! {
                @if shifts.is_empty() { p { "Met deze bezoekdag verschuift er geen stap." } }
                @else {
                    p { strong { "Deze stappen verschuiven. Er is nog niets bewaard." } }
                    ul class="points" { @for shift in shifts { li { (shift.name) ": van " (shift.before) " naar " (shift.after) } } }
                }
            }))
        }
    }
}

/// `/peer-reviews/{slug}/gegevens`
pub fn details_page(frame: &Frame, view: &DetailsView) -> Markup {
    let errors = &view.errors;
    let address = format!("/peer-reviews/{}", view.slug);
    let body = html! {
        (shifts(view))
        form class="form" method="post" action={ (address) "/gegevens" } {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(view.version);
            (input(Input::text("naam", "Naam", &view.name), errors))
            (years(&view.years, errors))
            (input(Input::text("bezoekdag", "Bezoekdag", &view.visit_on).kind(InputKind::Date).hint("Stappen zonder eigen datum schuiven mee."), errors))
            (input(Input::text("uiterlijk", "Uiterste dag", &view.due_on).kind(InputKind::Date), errors))
            (input(Input::text("gehouden", "Bezoek gehouden op", &view.held_on).kind(InputKind::Date).hint("Vul dit in als het panel is geweest."), errors))
            @if view.report == Carried::Yes {
                (input(Input::text("jaarrapportage", "Jaar van de jaarrapportage", &view.report_year).kind(InputKind::Digits).hint("Het rapport wordt overgenomen in een van de jaarrapportages van de regio."), errors))
            }
            div class="filter-buttons" {
                button class="button" type="submit" name="daarna" value="bewaar" { "Gegevens bewaren" }
                button class="button button-second" type="submit" name="daarna" value="bekijk" { "Bekijk eerst wat verschuift" }
            }
        }
        p { a class="quiet-link" href={ (address) "/kader" } { "Bekijk of wijzig het kader van deze peer review" } }
    };
    form_page(frame, Title::new("Gegevens en datums").trail(&[("Reviewkalender", "/peer-reviews"), (&view.title, &address)]), errors, &body)
}
