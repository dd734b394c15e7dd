//! The panel of a review: what is wrong, a proposal with why, and decisions by hand.

use maud::{Markup, html};

use super::{PEERS, ReviewRef, one_button, with_trail};
use crate::components::figures::empty;
use crate::components::forms::{Choice, FieldError, Input, InputKind, choose, csrf, input, radios, submit};
use crate::components::page::{Frame, form_page};
use crate::components::status::{Tone, note, tag, warning};
use crate::components::table::{Density, table};
use crate::components::url::href;

/// Something about the panel.
#[derive(Debug, Clone)]
pub struct FindingRow {
    /// Who it is about, or nothing.
    pub who: String,
    /// What.
    pub text: String,
}

/// Somebody on the panel.
#[derive(Debug, Clone)]
pub struct PanelRow {
    /// Name.
    pub name: String,
    /// Role, in words.
    pub role: String,
    /// Region, or nothing when it is not known.
    pub region: String,
    /// What she answered: look and word.
    pub answer: (Tone, String),
}

/// Somebody on the proposed panel.
#[derive(Debug, Clone)]
pub struct ChoiceRow {
    /// Identifier of the peer.
    pub id: String,
    /// Name.
    pub name: String,
    /// Region.
    pub region: String,
    /// Why she, in sentences.
    pub why: Vec<String>,
    /// Whether she can be asked: she is not on the panel yet.
    pub ask: bool,
}

/// Somebody who was not chosen.
#[derive(Debug, Clone)]
pub struct PassedRow {
    /// Name.
    pub name: String,
    /// Region.
    pub region: String,
    /// Why not, in one line.
    pub why: String,
}

/// A proposal, or why there is none.
#[derive(Debug, Clone)]
pub enum ProposalView {
    /// Nobody asked for one, or the pool is empty.
    Nothing,
    /// There is none, and why.
    Refused(String),
    /// Who is on it and who is not.
    Made {
        /// Chosen.
        chosen: Vec<ChoiceRow>,
        /// Not chosen.
        others: Vec<PassedRow>,
    },
}

/// A decision by hand.
#[derive(Debug, Clone)]
pub struct PinnedRow {
    /// Identifier of the peer.
    pub id: String,
    /// Name.
    pub name: String,
    /// What was decided.
    pub verdict: String,
    /// Why.
    pub reason: String,
}

/// The form for a decision by hand.
#[derive(Debug, Clone, Default)]
pub struct VerdictForm {
    /// Identifier of the chosen peer.
    pub peer: String,
    /// Code of the verdict.
    pub verdict: String,
    /// Why.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The page.
#[derive(Debug, Clone)]
pub struct PanelView {
    /// The review.
    pub review: ReviewRef,
    /// What makes the panel impossible.
    pub errors: Vec<FindingRow>,
    /// What to look at.
    pub warnings: Vec<FindingRow>,
    /// What was settled by hand.
    pub settled: Vec<FindingRow>,
    /// Who is on the panel.
    pub panel: Vec<PanelRow>,
    /// Size of the proposal, as filled in.
    pub size: String,
    /// The proposal.
    pub proposal: ProposalView,
    /// Decisions by hand.
    pub pinned: Vec<PinnedRow>,
    /// Everybody in the pool: identifier and name.
    pub pool: Vec<(String, String)>,
    /// Verdicts to choose from.
    pub verdicts: Vec<Choice>,
    /// The form for a decision.
    pub form: VerdictForm,
}

fn lines(rows: &[FindingRow]) -> Markup {
    html! { ul class="points" { @for row in rows { li { @if !row.who.is_empty() { strong { (row.who) } " – " } (row.text) } } } }
}

fn state(view: &PanelView) -> Markup {
    html! {
        @if view.errors.is_empty() {
            (note(&html! { p { strong { "Dit panel kan." } @if !view.warnings.is_empty() { " Kijk nog wel naar de waarschuwingen." } } }))
        } @else {
            (warning(&html! { p { strong { "Zo kan het panel niet." } } (lines(&view.errors)) }))
        }
        @if !view.warnings.is_empty() || !view.settled.is_empty() {
            section class="panel" aria-labelledby="waarschuwingen" {
                h2 id="waarschuwingen" { "Om naar te kijken" }
                (lines(&view.warnings))
                @if !view.settled.is_empty() { h3 { "Afgehandeld" } p class="hint" { "Hierover is met de hand besloten." } (lines(&view.settled)) }
            }
        }
    }
}

fn composition(view: &PanelView) -> Markup {
    let head = html! { tr { th scope="col" { "Wie" } th scope="col" { "Rol" } th scope="col" { "Regio" } th scope="col" { "Antwoord" } } };
    let rows = html! {
        @for row in &view.panel {
            tr {
                th scope="row" { (row.name) }
                td { (row.role) }
                td { @if row.region.is_empty() { span class="muted" { "onbekend" } } @else { (row.region) } }
                td { (tag(row.answer.0, &row.answer.1)) }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby="samenstelling" {
            h2 id="samenstelling" { "Wie er in het panel zitten" }
            @if view.panel.is_empty() {
                (empty("Er is nog niemand gevraagd", &html! { p { "Kies hieronder iemand uit het voorstel, of vraag iemand op de pagina Deelnemers." } }))
            } @else { (table("Panel", Density::Roomy, &head, &rows)) }
            p { a href=(view.review.path("deelnemers")) { "Vraag mensen en wijzig rollen bij Deelnemers" } }
        }
    }
}

fn chosen_row(view: &PanelView, row: &ChoiceRow) -> Markup {
    html! {
        tr {
            th scope="row" { (row.name) span class="row-code" { (row.region) } }
            td { ul class="plain" { @for why in &row.why { li { (why) } } } }
            td {
                @if row.ask { a href=(href(&view.review.path("deelnemers"), &[("peer", row.id.as_str())])) { "Vraag" span class="visually-hidden" { " " (row.name) } } }
                @else { "al in het panel" }
            }
        }
    }
}

fn proposal(view: &PanelView) -> Markup {
    html! {
        section class="panel" aria-labelledby="voorstel" {
            h2 id="voorstel" { "Voorstel" }
            form class="narrow-form" method="get" action={ (view.review.path("panel")) "#voorstel" } {
                (input(Input::text("aantal", "Aantal panelleden", &view.size).kind(InputKind::Digits).hint("Met voorzitter en secretaris. Wie er al in zit, blijft."), &[]))
                button class="button button-second" type="submit" { "Toon voorstel" }
            }
            @match &view.proposal {
                ProposalView::Nothing => (empty("De pool van peers is leeg", &html! { p { a href=(PEERS) { "Zet mensen in de pool" } } })),
                ProposalView::Refused(why) => (warning(&html! { p { (why) } })),
                ProposalView::Made { chosen, others } => {
                    p class="hint" { "Gekozen wordt in deze volgorde: zo min mogelijk twijfel over onafhankelijkheid, partnerschappen die nog een bezoek moeten doen, training, weinig bezoeken in de laatste jaren, beschikbaarheid op de dag, en weinig reizen. Beter kan niet met wie er in de pool zit." }
                    (table("Voorgesteld panel", Density::Roomy, &html! { tr { th scope="col" { "Wie" } th scope="col" { "Waarom" } th scope="col" { "Vragen" } } }, &html! { @for row in chosen { (chosen_row(view, row)) } }))
                    @if !others.is_empty() {
                        details class="more" {
                            summary { "Waarom de anderen niet" }
                            (table("Niet gekozen", Density::Dense, &html! { tr { th scope="col" { "Wie" } th scope="col" { "Regio" } th scope="col" { "Waarom niet" } } }, &html! {
                                @for row in others { tr { th scope="row" { (row.name) } td { (row.region) } td { (row.why) } } }
                            }))
                        }
                    }
                }
            }
        }
    }
}

fn by_hand(frame: &Frame, view: &PanelView) -> Markup {
    let action = view.review.path("panel/oordeel");
    html! {
        section class="panel" aria-labelledby="oordeel" {
            h2 id="oordeel" { "Onafhankelijkheid met de hand beoordelen" }
            @if !view.pinned.is_empty() {
                (table("Besloten met de hand", Density::Roomy, &html! { tr { th scope="col" { "Wie" } th scope="col" { "Oordeel" } th scope="col" { "Reden" } th scope="col" { "Intrekken" } } }, &html! {
                    @for row in &view.pinned {
                        tr {
                            th scope="row" { (row.name) } td { (row.verdict) } td { (row.reason) }
                            td { (one_button(&frame.csrf, &action, &[("peer", &row.id), ("oordeel", "")], "Trek in", &row.name)) }
                        }
                    }
                }))
            }
            @if view.pool.is_empty() { p { "Er staat nog niemand in de pool." } } @else {
                form method="post" action=(action) novalidate {
                    (csrf(&frame.csrf))
                    (choose("peer", "Wie", "", &view.form.peer, &view.pool, &view.form.errors))
                    (radios("oordeel", "Oordeel", &view.form.verdict, &view.verdicts, &view.form.errors))
                    (input(Input::text("reden", "Reden", &view.form.reason).hint("Staat bij het panel. Wie de review plant, kan haar lezen."), &view.form.errors))
                    (submit("Leg oordeel vast"))
                }
            }
        }
    }
}

/// `/peer-reviews/:slug/panel`
pub fn panel_page(frame: &Frame, view: &PanelView) -> Markup {
    let body = html! { (state(view)) (composition(view)) (proposal(view)) (by_hand(frame, view)) };
    with_trail(&view.review, "Panel", "Een onafhankelijk panel, met ten minste één lid uit een andere onderwijsregio.", |title| {
        form_page(frame, title, &view.form.errors, &body)
    })
}
