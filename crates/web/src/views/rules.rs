//! Rules and wishes of a round: every rule as a sentence with what it does, and the aims in order.

use maud::{Markup, html};

use crate::components::forms::{Choice, FieldError, csrf, error_at, radios, submit};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::warning;
use crate::components::table::{Density, table};

/// A rule.
#[derive(Debug, Clone, Default)]
pub struct RuleRow {
    /// Its code, in names of fields.
    pub code: String,
    /// Its name in a few words.
    pub title: String,
    /// What it says as it stands.
    pub sentence: String,
    /// Code of how hard it is.
    pub mode: String,
    /// How hard it can be: codes and words. A single one is not to be chosen.
    pub modes: Vec<(String, String)>,
    /// Its number, where it has one.
    pub number: Option<NumberField>,
    /// What it does, in words, or nothing.
    pub effect: String,
}

/// A number that goes with a rule.
#[derive(Debug, Clone, Default)]
pub struct NumberField {
    /// What it counts.
    pub label: String,
    /// As typed; empty means no number.
    pub value: String,
}

/// Rules that belong together.
#[derive(Debug, Clone, Default)]
pub struct RuleGroup {
    /// Name of the anchor.
    pub code: String,
    /// Heading.
    pub title: String,
    /// The rules.
    pub rules: Vec<RuleRow>,
}

/// An aim in its place.
#[derive(Debug, Clone, Default)]
pub struct AimRow {
    /// Its code.
    pub code: String,
    /// Its name in a few words.
    pub title: String,
    /// What it strives for.
    pub sentence: String,
    /// Names of the rules that weigh here, or nothing.
    pub rules: String,
    /// Where it can go.
    pub moves: Vec<Move>,
}

/// A step an aim can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// One place up.
    Up,
    /// One place down.
    Down,
}

/// The total of a board in a period.
#[derive(Debug, Clone, Default)]
pub struct TotalRow {
    /// Name of its field.
    pub field: String,
    /// The board.
    pub board: String,
    /// The period.
    pub period: String,
    /// Places its schools offer.
    pub offered: u32,
    /// Students there now.
    pub placed: u32,
    /// The total as typed; empty means none.
    pub maximum: String,
}

/// Whether the rules can be changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Editing {
    /// They can.
    #[default]
    Open,
    /// The round is fixed: they can be read.
    Closed,
}

/// Rules and wishes of a round.
#[derive(Debug, Clone, Default)]
pub struct RulesView {
    /// Which round.
    pub round: RoundRef,
    /// The version of the round that is looked at.
    pub version: String,
    /// Whether the rules can be changed.
    pub editing: Editing,
    /// Rules by what they are about.
    pub groups: Vec<RuleGroup>,
    /// The aims, the most important first.
    pub aims: Vec<AimRow>,
    /// The named orders with their price.
    pub orders: Vec<Choice>,
    /// The order as it is.
    pub order: String,
    /// Manners of travelling.
    pub travel_modes: Vec<Choice>,
    /// How students travel of whom it is not known.
    pub travel_mode: String,
    /// Which trainers can guide, each with what that means.
    pub guides: Vec<Choice>,
    /// Which of them do.
    pub guided_by: String,
    /// Boards with their totals.
    pub totals: Vec<TotalRow>,
    /// What cannot work out, each as a sentence.
    pub warnings: Vec<String>,
    /// On how much the effects were measured.
    pub measured: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

fn mode_field(view: &RulesView, rule: &RuleRow) -> Markup {
    let name = format!("regel-{}", rule.code);
    let only = rule.modes.len() < 2 || view.editing == Editing::Closed;
    let word = rule.modes.iter().find(|(code, _)| *code == rule.mode).map_or("", |(_, word)| word.as_str());
    html! {
        @if only { span class="rule-mode" { (word) } }
        @else {
            label class="visually-hidden" for={ "veld-" (name) } { (rule.title) ": hoe hard" }
            select class="input" id={ "veld-" (name) } name=(name) aria-invalid=[error_at(&view.errors, &name).map(|_| "true")] {
                @for (code, word) in &rule.modes { option value=(code) selected[*code == rule.mode] { (word) } }
            }
        }
    }
}

fn number_field(view: &RulesView, rule: &RuleRow) -> Markup {
    let name = format!("getal-{}", rule.code);
    html! {
        @if let Some(number) = &rule.number {
            label class="small" for={ "veld-" (name) } { (number.label) }
            input class="input" id={ "veld-" (name) } name=(name) type="text" inputmode="numeric" autocomplete="off" value=(number.value)
                disabled[view.editing == Editing::Closed] aria-invalid=[error_at(&view.errors, &name).map(|_| "true")];
        }
    }
}

fn rule_row(view: &RulesView, rule: &RuleRow) -> Markup {
    let wrong = ["regel", "getal"].iter().filter_map(|part| error_at(&view.errors, &format!("{part}-{}", rule.code)));
    html! {
        li class={ "rule" @if rule.mode == "off" { " rule-off" } } {
            div class="rule-text" {
                p class="rule-title" { (rule.title) }
                p { (rule.sentence) }
                @if !rule.effect.is_empty() { p class="hint" { (rule.effect) } }
                @for error in wrong { p class="field-error" { strong { "Fout: " } (error) } }
            }
            div class="rule-fields" { (mode_field(view, rule)) (number_field(view, rule)) }
        }
    }
}

fn aim_row(view: &RulesView, aim: &AimRow) -> Markup {
    html! {
        li class="aim" {
            div {
                p class="rule-title" { (aim.title) }
                p { (aim.sentence) }
                @if !aim.rules.is_empty() { p class="hint" { "Hier wegen mee: " (aim.rules) "." } }
            }
            @if view.editing == Editing::Open {
                div class="aim-moves" {
                    @for step in &aim.moves {
                        @let (way, word) = match step { Move::Up => ("omhoog", "Omhoog"), Move::Down => ("omlaag", "Omlaag") };
                        button class="button button-quiet" type="submit" name="doe" value={ (way) ":" (aim.code) } aria-label={ (word) ": " (aim.title) } { (word) }
                    }
                }
            }
        }
    }
}

fn aims(view: &RulesView) -> Markup {
    html! {
        section class="panel" aria-labelledby="doelen" {
            h2 id="doelen" { "Waar het voorstel naar streeft" }
            p class="hint" { "Het bovenste doel gaat altijd voor. Pas bij gelijke stand telt het volgende." }
            @if view.editing == Editing::Open { (radios("volgorde", "Wat gaat voor: dekking of bekende plaatsen?", &view.order, &view.orders, &view.errors)) }
            ol class="aims" { @for aim in &view.aims { (aim_row(view, aim)) } }
            div id="veld-doelen" {
                @for error in view.errors.iter().filter(|error| error.field == "doelen") { p class="field-error" { strong { "Fout: " } (error.message) } }
            }
        }
    }
}

fn totals(frame: &Frame, view: &RulesView) -> Markup {
    let head = html! { tr {
        th scope="col" { "Bestuur" } th scope="col" { "Periode" } th scope="col" class="figure" { "Plekken" }
        th scope="col" class="figure" { "Geplaatst" } th scope="col" { "Hoogstens" }
    } };
    let rows = html! {
        @for row in &view.totals {
            tr {
                th scope="row" { (row.board) }
                td { (row.period) }
                td class="figure" { (row.offered) }
                td class="figure" { (row.placed) }
                td {
                    @if let Some(error) = error_at(&view.errors, &row.field) { p class="field-error" { strong { "Fout: " } (error) } }
                    label class="visually-hidden" for={ "veld-" (row.field) } { "Hoogstens bij " (row.board) ", " (row.period) }
                    input class="input input-digits" id={ "veld-" (row.field) } name=(row.field) type="text" inputmode="numeric" autocomplete="off" value=(row.maximum)
                        disabled[view.editing == Editing::Closed] aria-invalid=[error_at(&view.errors, &row.field).map(|_| "true")];
                }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby="besturen" {
            h2 id="besturen" { "Bestuurstotalen" }
            p class="hint" { "Hoeveel studenten de scholen van een bestuur samen hoogstens krijgen. Leeg betekent geen grens." }
            @if view.totals.is_empty() { p { "Er zijn nog geen besturen met plekken in deze ronde." } }
            @else {
                form method="post" action=(view.round.path("regels/besturen")) novalidate {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(view.version);
                    (table("Bestuurstotalen", Density::Dense, &head, &rows))
                    @if view.editing == Editing::Open { (submit("Bewaar de bestuurstotalen")) }
                }
            }
        }
    }
}

/// Who guides a student. The maximum of a trainer binds only where he does.
fn guides(view: &RulesView) -> Markup {
    let chosen = view.guides.iter().find(|choice| choice.value == view.guided_by);
    html! {
        @if view.editing == Editing::Open { (radios("begeleider", "Wie begeleidt de student?", &view.guided_by, &view.guides, &view.errors)) }
        @else if let Some(chosen) = chosen { p { strong { "Wie begeleidt de student? " } (chosen.hint) } }
    }
}

fn rules_form(frame: &Frame, view: &RulesView) -> Markup {
    html! {
        form method="post" action=(view.round.path("regels")) novalidate {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(view.version);
            // Enter in a field saves; without this the first button to move an aim would.
            button class="visually-hidden" type="submit" name="doe" value="bewaar" tabindex="-1" aria-hidden="true" { "Bewaar" }
            @for group in &view.groups {
                section class="panel" aria-labelledby=(group.code) {
                    h2 id=(group.code) { (group.title) }
                    ul class="rule-list" { @for rule in &group.rules { (rule_row(view, rule)) } }
                    @if group.code == "hoeveel" { (guides(view)) }
                    @if group.code == "waar" && view.editing == Editing::Open {
                        (radios("vervoer", "Hoe reist een student van wie dat niet bekend is?", &view.travel_mode, &view.travel_modes, &view.errors))
                    }
                }
            }
            (aims(view))
            @if view.editing == Editing::Open { div class="buttons" { button class="button" type="submit" name="doe" value="bewaar" { "Bewaar de regels" } } }
        }
    }
}

/// `/rondes/{slug}/regels`
pub fn rules_page(frame: &Frame, view: &RulesView) -> Markup {
    let body = html! {
        @if view.editing == Editing::Closed {
            div class="note" { (icon(Icon::Tick)) p { "De plaatsen in deze ronde zijn vastgesteld. De regels liggen daarmee vast; u kunt ze hier nalezen." } }
        }
        @if !view.warnings.is_empty() {
            (warning(&html! { p { strong { "Dit kan met deze regels niet lukken." } } ul class="bullets" { @for text in &view.warnings { li { (text) } } } }))
        }
        @if !view.measured.is_empty() { p class="hint" { (view.measured) } }
        (rules_form(frame, view))
        (totals(frame, view))
        @if view.editing == Editing::Open {
            section class="panel" aria-labelledby="gewone-regels" {
                h2 id="gewone-regels" { "Terug naar de gewone regels" }
                p { "Alle regels en doelen komen weer zoals in een nieuwe ronde. De reistijdgrens, het aantal voorkeuren en de bestuurstotalen blijven." }
                form method="post" action=(view.round.path("regels/gewone")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(view.version);
                    button class="button button-second" type="submit" { "Zet de gewone regels terug" }
                }
            }
        }
    };
    let lead = "Aan welke regels een plek moet voldoen, wat meeweegt, en wat voorgaat. Achter elke regel staat wat zij in deze ronde doet.";
    form_page(frame, Title::new("Regels en wensen").lead(lead), &view.errors, &body)
}
