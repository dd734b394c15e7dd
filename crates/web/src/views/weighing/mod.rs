//! Weighing together: what each member found side by side, what was found together, and who sees it in another way.

mod joint;
mod picture;

use maud::{Markup, html};

pub use joint::{DissentView, JointForm, JointView, ToldView};
pub use picture::{PictureRow, safeguard_picture};

use super::evidence::PartChoice;
use super::reflection::Dossier;
use crate::components::figures::empty;
use crate::components::forms::FieldError;
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, note, tag, warning};
use crate::components::table::export;
use crate::components::text::listed;

/// A finding of a member.
#[derive(Debug, Clone, Default)]
pub struct FindingView {
    /// Identifier.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// What it says, as Markdown.
    pub text: String,
    /// Whether a joint finding was made from it.
    pub is_weighed: bool,
}

/// A part of the framework with what each member found.
#[derive(Debug, Clone, Default)]
pub struct SideBySide {
    /// Code of the part.
    pub code: String,
    /// What it says.
    pub title: String,
    /// How differently members look at it, in a sentence.
    pub spread: String,
    /// Whether they differ at all.
    pub differs: bool,
    /// The members with their findings; also who has none.
    pub members: Vec<(String, Vec<FindingView>)>,
}

/// What lies on the table of the panel.
#[derive(Debug, Clone, Default)]
pub struct TableView {
    /// Whether she makes joint findings now.
    pub can_weigh: bool,
    /// Whether she can say now that she sees something in another way.
    pub can_dissent: bool,
    /// Why nothing changes any more; empty while it can.
    pub locked: String,
    /// The picture of the safeguards.
    pub picture: Vec<PictureRow>,
    /// What each member found, the largest difference first.
    pub parts: Vec<SideBySide>,
    /// How many findings no joint finding was made from.
    pub unweighed: usize,
    /// What was found together.
    pub joint: Vec<JointView>,
    /// What was taken away and can be put back.
    pub removed: Vec<JointView>,
}

/// How far the weighing is, for who looks.
#[derive(Debug, Clone)]
pub enum StageView {
    /// These members have to hand in first; nobody named for who may not know.
    Waiting(Vec<String>),
    /// The panel keeps it to itself until the report is sent.
    Private,
    /// The findings are on the table of the panel.
    Open(Box<TableView>),
    /// What was found together, for who is not on the panel.
    Told(Vec<ToldView>),
}

/// The page.
#[derive(Debug, Clone)]
pub struct WeighingView {
    /// The dossier.
    pub dossier: Dossier,
    /// How far it is.
    pub stage: StageView,
    /// The parts of the framework to choose from.
    pub parts: Vec<PartChoice>,
    /// The form that was sent and refused, or an empty one: the joint finding or dissent it is about, by the name of its form.
    pub form: JointForm,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

fn finding(finding: &FindingView) -> Markup {
    html! {
        li {
            p { (tag(Tone::Quiet, &finding.kind)) @if !finding.is_weighed { " " (tag(Tone::Signal, "nog niet gewogen")) } }
            (markdown(&finding.text))
        }
    }
}

fn side_by_side(frame: &Frame, view: &WeighingView, laid: &TableView, part: &SideBySide) -> Markup {
    html! {
        section class="panel" aria-labelledby={ "naast-" (part.code) } {
            h3 id={ "naast-" (part.code) } { (part.code) " " (part.title) }
            p { (tag(if part.differs { Tone::Busy } else { Tone::Quiet }, if part.differs { "verschil" } else { "eens" })) " " (part.spread) }
            div class="side-by-side" {
                @for (name, findings) in &part.members {
                    div {
                        h4 { (name) }
                        @if findings.is_empty() { p class="muted" { "Geen bevindingen." } }
                        @else { ul class="plain-list" { @for one in findings { (finding(one)) } } }
                    }
                }
            }
            @if laid.can_weigh { (joint::new_form(frame, view, part)) }
        }
    }
}

fn waiting(names: &[String]) -> Markup {
    let body = html! {
        @if names.is_empty() {
            p { "Het panel begint te wegen als alle panelleden hebben ingeleverd, of als de voorzitter de bevindingen opent." }
        } @else {
            p { "Nog niet ingeleverd: " (listed(names)) ". Wegen begint als alle panelleden hebben ingeleverd, of als de voorzitter de bevindingen opent." }
        }
    };
    empty("Er wordt nog gewacht", &body)
}

fn on_the_table(frame: &Frame, view: &WeighingView, laid: &TableView) -> Markup {
    html! {
        @if !laid.locked.is_empty() { (note(&html! { p { (laid.locked) } })) }
        (take_along(view))
        section aria-labelledby="beeld" { h2 id="beeld" { "Het beeld per waarborg" } (safeguard_picture(&laid.picture)) }
        (joint::together(frame, view, laid))
        section aria-labelledby="naast" {
            h2 id="naast" { "Naast elkaar" }
            p { "Bovenaan staat waar de leden het meest verschillen. Elk lid wordt met elk ander lid vergeleken. Eerst telt hoe vaak de een alleen sterke punten ziet en de ander alleen ontwikkelpunten. Daarna telt hoe vaak de een iets vond en de ander niets. Wie niets opschreef en niet inleverde, telt niet mee." }
            @if laid.parts.is_empty() {
                (empty("Er liggen geen bevindingen op tafel", &html! { p { "Geen van de panelleden schreef een bevinding op. U kunt wel samen bevindingen formuleren." } }))
            } @else {
                @if laid.unweighed > 0 {
                    (warning(&html! { p { "Nog niet gewogen: " (laid.unweighed) @if laid.unweighed == 1 { " bevinding." } @else { " bevindingen." } } }))
                }
                @for part in &laid.parts { (side_by_side(frame, view, laid, part)) }
            }
        }
    }
}

fn take_along(view: &WeighingView) -> Markup {
    html! {
        p { (export(&view.dossier.path("weging/werkboek.xlsx"))) }
        p { a href=(view.dossier.path("rapport")) { "Naar het rapport" } }
    }
}

/// `/peer-reviews/{slug}/weging`
pub fn weighing_page(frame: &Frame, view: &WeighingView) -> Markup {
    let body = match &view.stage {
        StageView::Waiting(names) => waiting(names),
        StageView::Private => empty(
            "Het panel weegt nog",
            &html! { p { "Wat het panel samen vond, leest u hier zodra het panel het rapport ter reactie heeft gestuurd." } },
        ),
        StageView::Open(laid) => on_the_table(frame, view, laid),
        StageView::Told(findings) => html! { (take_along(view)) (joint::told(findings)) },
    };
    let dossier = view.dossier.path("");
    let title = Title::new("Samen wegen").lead("Wat ieder panellid vond, waar u verschilt, en wat u samen vindt. Zonder cijfers.");
    form_page(frame, title.trail(&[(&view.dossier.name, &dossier)]), &view.errors, &body)
}
