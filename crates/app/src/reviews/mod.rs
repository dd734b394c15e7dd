//! Peer reviews: who may know of which, and what is done with them.

pub mod asked;
mod calendar;
pub(crate) mod chances;
mod changing;
pub mod day;
mod dossier;
pub mod evidence;
mod examples;
mod exports;
pub mod field;
pub mod figures;
pub mod findings;
pub mod follow_up;
pub mod framework;
mod happened;
mod independence;
pub mod lasting;
mod making;
pub mod members;
mod moving;
pub mod outcome;
pub mod panel;
mod panel_watch;
pub mod peers;
pub mod poll;
pub mod programme;
pub mod publication;
pub mod questions;
pub mod reflection;
mod reminding;
pub mod report;
pub mod responding;
pub mod seals;
pub(crate) mod sight;
mod stepping;
mod templates;
pub mod waiting;
pub mod weighing;

use kernschil_domain::reviews::Review;
use serde_json::json;

pub use calendar::{Calendar, CalendarOrder, CalendarQuery, CalendarRow, ReceiverChoice, VisitsPaid, calendar, receivers, span};
pub use changing::{ReviewEdit, change, preview_visit};
pub use dossier::{Dossier, MoveView, Neighbour, Turn, dossier};
pub use examples::load as load_examples;
pub use exports::{CalendarFile, calendar_days, calendar_workbook, review_days};
pub use making::{NewReview, PastReview, YEARS, make, make_second_chance};
pub use moving::{MOST_REASON, move_on};
pub use reminding::remind_daily;
pub use stepping::{StepEdit, add_step, change_step, remove_step};
pub use templates::{MOST_STEPS, set_templates, templates};

/// A review for the log: dates and codes, no text of people.
pub(crate) fn words(review: &Review) -> serde_json::Value {
    let years: Vec<i32> = review.years.iter().map(|planned| planned.year).collect();
    json!({
        "kind": review.kind,
        "framework": review.framework,
        "state": review.state,
        "years": years,
        "visitOn": review.visit_on,
        "heldOn": review.held_on,
        "dueOn": review.due_on,
        "reportYear": review.report_year,
    })
}
