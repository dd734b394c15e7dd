//! What was done in a peer review: who did what and when.

use maud::{Markup, html};

use crate::components::figures::empty;
use crate::components::page::{Frame, Title, page};
use crate::components::status::note;
use crate::components::table::{Paging, pagination, pagination_below};
use crate::components::text::counted;
use crate::views::audit::{LogDay, day_list};
use crate::views::reflection::Dossier;

/// The log of a review.
#[derive(Debug, Clone)]
pub struct ReviewLogView {
    /// The dossier.
    pub dossier: Dossier,
    /// The events of this page, by day, the newest first.
    pub days: Vec<LogDay>,
    /// Which page it is.
    pub paging: Paging,
}

/// `/peer-reviews/{slug}/logboek`
pub fn review_log_page(frame: &Frame, view: &ReviewLogView) -> Markup {
    let path = view.dossier.path("logboek");
    let body = html! {
        (note(&html! { p { "Hier staan geen teksten. Wat het panel onder elkaar weegt staat hier ook niet: dat leest u in het rapport." } }))
        @if view.days.is_empty() {
            (empty("Er is nog niets gebeurd", &html! { p { "Zodra iemand iets wijzigt in deze peer review, staat het hier." } }))
        } @else {
            (pagination(&path, &[], &view.paging))
            (day_list(&view.days))
            (pagination_below(&path, &[], &view.paging))
        }
    };
    let lead = format!("Wie wat deed, het nieuwste eerst: {}.", counted(view.paging.rows, "gebeurtenis", "gebeurtenissen"));
    let dossier = view.dossier.path("");
    page(frame, Title::new("Logboek van deze peer review").lead(&lead).trail(&[(&view.dossier.name, &dossier)]), &body)
}
