//! Peer reviews: who may know of which, and what is done with them.

mod making;
pub mod members;
pub mod panel;
pub mod peers;
pub mod poll;
pub mod reflection;
pub(crate) mod sight;
mod templates;

use kernschil_domain::reviews::Review;
use serde_json::json;

pub use making::{NewReview, PastReview, YEARS, make, make_second_chance};
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
