//! Steps of one review: made from the template, planned back from the visit day, and what is wrong with a template.

use chrono::NaiveDate;

use super::{ReviewPhase, ReviewState, ReviewStep, StepTemplate, WaitsFor};
use crate::ids::ReviewId;

/// The steps that a new review gets.
pub fn from_templates(review: ReviewId, templates: &[StepTemplate]) -> Vec<ReviewStep> {
    let step = |(ordinal, template): (i32, &StepTemplate)| ReviewStep {
        review,
        ordinal,
        template: template.clone(),
        own_date: None,
        done_on: None,
        done_by: None,
    };
    (1..).zip(templates).map(step).collect()
}

/// That a step moves because the visit day does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepShift {
    /// Place of the step in the order.
    pub ordinal: i32,
    /// Its name.
    pub name: String,
    /// When it should have been done.
    pub before: Option<NaiveDate>,
    /// When it should be done now.
    pub after: Option<NaiveDate>,
}

/// The steps that move with the visit day: those that are not done and have no date of their own.
pub fn shifts(steps: &[ReviewStep], before: Option<NaiveDate>, after: Option<NaiveDate>) -> Vec<StepShift> {
    let open = steps.iter().filter(|step| step.done_on.is_none());
    let shift = |step: &ReviewStep| StepShift {
        ordinal: step.ordinal,
        name: step.template.name.clone(),
        before: step.due_on(before),
        after: step.due_on(after),
    };
    open.map(shift).filter(|shift| shift.before != shift.after).collect()
}

impl ReviewState {
    /// The phase that work is done in; nothing for a review in which nothing is done any more.
    pub fn phase(self) -> Option<ReviewPhase> {
        match self {
            Self::Planned | Self::Preparing => Some(ReviewPhase::Preparing),
            Self::Conducting => Some(ReviewPhase::Conducting),
            Self::Concluding => Some(ReviewPhase::Concluding),
            Self::Closed | Self::Cancelled => None,
        }
    }
}

impl WaitsFor {
    /// Who waits while it is this side's turn, in Dutch.
    pub fn waiting(self) -> &'static str {
        match self {
            Self::Receiver => "het panel wacht op de ontvangende partij",
            Self::Panel => "de ontvangende partij en de voorzitter wachten op het panel",
            Self::Chair => "het panel en de ontvangende partij wachten op de voorzitter",
            Self::Secretary => "het panel en de ontvangende partij wachten op de secretaris",
            Self::Everybody => "iedereen is aan zet",
        }
    }
}

/// What is wrong with a template of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateProblem {
    /// There are none.
    Empty,
    /// A step has no name, or one that is too long.
    Name(usize),
    /// A step is further from the visit day than two years.
    Days(usize),
    /// A phase comes before an earlier one, at this step.
    Order(usize),
}

/// Longest name of a step, in characters.
pub const MOST_STEP_NAME: usize = 120;
/// Furthest a step is from the visit day, in days.
pub const MOST_STEP_DAYS: i32 = 730;

/// Everything that is wrong with a template. Positions count from 0.
pub fn template_problems(steps: &[StepTemplate]) -> Vec<TemplateProblem> {
    let mut found = Vec::new();
    if steps.is_empty() {
        found.push(TemplateProblem::Empty);
    }
    for (at, step) in steps.iter().enumerate() {
        if step.name.trim().is_empty() || step.name.chars().count() > MOST_STEP_NAME || step.name.chars().any(char::is_control) {
            found.push(TemplateProblem::Name(at));
        }
        if !(-MOST_STEP_DAYS..=MOST_STEP_DAYS).contains(&step.days) {
            found.push(TemplateProblem::Days(at));
        }
        if at > 0 && steps.get(at - 1).is_some_and(|before| before.phase > step.phase) {
            found.push(TemplateProblem::Order(at));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::reviews::ReviewKind;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn steps() -> Vec<ReviewStep> {
        from_templates(ReviewId(Uuid::nil()), &StepTemplate::defaults(ReviewKind::Developmental))
    }

    #[test]
    fn steps_are_planned_back_from_the_visit_day() {
        let steps = steps();
        let due: Vec<_> = steps.iter().take(5).map(|step| step.due_on(Some(day("2027-05-11")))).collect();
        let expected = ["2026-11-24", "2027-03-16", "2027-04-13", "2027-05-04", "2027-05-11"];
        assert_eq!(due, expected.map(|text| Some(day(text))));
        assert_eq!(steps[0].due_on(None), None);
    }

    #[test]
    fn another_visit_day_moves_what_is_open_and_has_no_date_of_its_own() {
        let mut steps = steps();
        steps[0].done_on = Some(day("2026-11-01"));
        steps[1].own_date = Some(day("2027-03-01"));
        let moved = shifts(&steps, Some(day("2027-05-11")), Some(day("2027-05-18")));
        let ordinals: Vec<_> = moved.iter().map(|shift| shift.ordinal).collect();
        assert_eq!(ordinals, (3..=11).collect::<Vec<_>>());
        assert_eq!((moved[0].before, moved[0].after), (Some(day("2027-04-13")), Some(day("2027-04-20"))));
        assert!(shifts(&steps, Some(day("2027-05-11")), Some(day("2027-05-11"))).is_empty());
    }

    #[test]
    fn a_template_has_names_near_days_and_phases_in_order() {
        for kind in ReviewKind::ALL {
            assert_eq!(template_problems(&StepTemplate::defaults(*kind)), [], "{kind}");
        }
        assert_eq!(template_problems(&[]), [TemplateProblem::Empty]);
        let mut wrong = StepTemplate::defaults(ReviewKind::Judging);
        wrong[0].name = " ".to_owned();
        wrong[1].days = -800;
        wrong.swap(3, 9);
        assert_eq!(template_problems(&wrong)[..2], [TemplateProblem::Name(0), TemplateProblem::Days(1)]);
        assert!(template_problems(&wrong).iter().any(|problem| matches!(problem, TemplateProblem::Order(_))));
    }
}
