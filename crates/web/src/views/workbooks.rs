//! Workbooks to take along.

use maud::{Markup, html};

use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::status::note;

/// The workbooks of a round.
#[derive(Debug, Clone, Default)]
pub struct WorkbooksView {
    /// Which round.
    pub round: RoundRef,
    /// What can be downloaded.
    pub workbooks: Vec<WorkbookCard>,
}

/// A workbook.
#[derive(Debug, Clone)]
pub struct WorkbookCard {
    /// Its name.
    pub title: String,
    /// What is in it and for whom.
    pub description: String,
    /// How much is in it, such as "198 scholen".
    pub contents: String,
    /// Name of the file.
    pub file: String,
    /// Where it is; nothing when there is nothing to put in it yet.
    pub href: Option<String>,
}

/// `/rondes/{slug}/werkboeken`
pub fn workbooks_page(frame: &Frame, view: &WorkbooksView) -> Markup {
    let body = html! {
        div class="cards" {
            @for workbook in &view.workbooks {
                article class="card workbook" {
                    span class="workbook-icon" { (icon(Icon::Sheet)) }
                    h2 { (workbook.title) }
                    p { (workbook.description) }
                    @if !workbook.contents.is_empty() { p class="muted small" { (workbook.contents) } }
                    p class="card-foot" {
                        @match &workbook.href {
                            Some(href) => { a class="button button-second" href=(href) { (icon(Icon::Download)) "Download" span class="visually-hidden" { " " (workbook.title) } } span class="muted small file-name" { (workbook.file) } }
                            None => { span class="muted" { "Er is nog niets om in dit werkboek te zetten." } }
                        }
                    }
                }
            }
        }
        (note(&html! { p { "Een werkboek met namen van studenten bevat persoonsgegevens. Bewaar het veilig en verwijder het als u het niet meer nodig hebt." } }))
    };
    page(frame, Title::new("Werkboeken").lead("Neem de gegevens van deze ronde mee, voor scholen, studenten en overleg."), &body)
}
