//! The three phases, and the steps within them: a list that can be renamed, planned back from the visit day.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::codes::code_enum;
use crate::ids::{ReviewId, UserId};
use crate::reviews::{ReviewKind, StepFact};

code_enum! {
    /// The three phases of a review.
    ReviewPhase {
        /// Up to the visit.
        Preparing = "preparing" / "voorbereidende fase",
        /// The visit.
        Conducting = "conducting" / "uitvoerende fase",
        /// After the visit.
        Concluding = "concluding" / "afrondende fase",
    }
}

code_enum! {
    /// Whose turn a step is.
    WaitsFor {
        /// The receiving partnership or region.
        Receiver = "receiver" / "ontvangende partij",
        /// Every member of the panel.
        Panel = "panel" / "panel",
        /// The chair of the panel.
        Chair = "chair" / "voorzitter",
        /// The secretary of the panel.
        Secretary = "secretary" / "secretaris",
        /// Both sides.
        Everybody = "everybody" / "iedereen",
    }
}

/// A step as new reviews get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTemplate {
    /// The phase it belongs to.
    pub phase: ReviewPhase,
    /// Name.
    pub name: String,
    /// Days from the visit day; below zero is before it.
    pub days: i32,
    /// Whose turn.
    pub waits_for: WaitsFor,
    /// What shows that it is done; nothing for a step that only somebody can say that of.
    pub fact: Option<StepFact>,
}

/// A step of one review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewStep {
    /// The review.
    pub review: ReviewId,
    /// Place in the order, from 1.
    pub ordinal: i32,
    /// What it is.
    pub template: StepTemplate,
    /// A date of its own, in the place of the one that follows from the visit day.
    pub own_date: Option<NaiveDate>,
    /// The day on which it was done.
    pub done_on: Option<NaiveDate>,
    /// Who said so.
    pub done_by: Option<UserId>,
}

impl ReviewStep {
    /// When it should be done: its own date, or counted from the visit day. Nothing while there is neither.
    pub fn due_on(&self, visit_on: Option<NaiveDate>) -> Option<NaiveDate> {
        self.own_date.or_else(|| days_from(visit_on?, self.template.days))
    }
}

fn days_from(day: NaiveDate, days: i32) -> Option<NaiveDate> {
    let count = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 { day.checked_sub_days(count) } else { day.checked_add_days(count) }
}

impl StepTemplate {
    /// The steps that new reviews of a kind get while nobody chose others. The names and lead times are this product's
    /// own (DOMAIN.md section 9, marked as inferred): the older guide has six steps whose names are not known.
    pub fn defaults(kind: ReviewKind) -> Vec<Self> {
        let by_hand = |phase, name: &str, days, waits_for| Self { phase, name: name.to_owned(), days, waits_for, fact: None };
        let step = |phase, name: &str, days, waits_for, fact| Self { fact: Some(fact), ..by_hand(phase, name, days, waits_for) };
        let mut steps = vec![
            step(ReviewPhase::Preparing, "Datum en panel afspreken", -168, WaitsFor::Receiver, StepFact::Agreed),
            step(ReviewPhase::Preparing, "Kritische reflectie op de vier waarborgen", -56, WaitsFor::Receiver, StepFact::Reflected),
        ];
        if kind == ReviewKind::Developmental {
            steps.push(step(ReviewPhase::Preparing, "Ontwikkelvragen en programma kiezen", -28, WaitsFor::Receiver, StepFact::Asked));
        }
        steps.extend([
            by_hand(ReviewPhase::Preparing, "Reflectie lezen en eerste bevindingen noteren", -7, WaitsFor::Panel),
            step(ReviewPhase::Conducting, "Bezoekdag", 0, WaitsFor::Everybody, StepFact::Visited),
            step(ReviewPhase::Conducting, "Eigen bevindingen inleveren", 7, WaitsFor::Panel, StepFact::HandedIn),
            step(ReviewPhase::Concluding, "Samen wegen", 14, WaitsFor::Chair, StepFact::Weighed),
            step(ReviewPhase::Concluding, "Conceptrapport", 28, WaitsFor::Secretary, StepFact::Sent),
            step(ReviewPhase::Concluding, "Reactie op het concept", 49, WaitsFor::Receiver, StepFact::Responded),
            step(ReviewPhase::Concluding, "Rapport vaststellen", 63, WaitsFor::Chair, StepFact::Final),
            step(ReviewPhase::Concluding, "Opvolging en jaarrapportage", 90, WaitsFor::Receiver, StepFact::Carried),
        ]);
        steps
    }
}
