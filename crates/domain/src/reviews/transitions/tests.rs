use std::collections::BTreeMap;

use chrono::{NaiveDate, Utc};

use super::*;
use crate::frameworks::{Origin, PartCode, Safeguard};
use crate::ids::{FrameworkId, RegionId, ReviewId, Version};
use crate::reviews::{Judgement, Receiver};

fn review(kind: ReviewKind, state: ReviewState) -> Review {
    Review {
        id: ReviewId(uuid::Uuid::nil()),
        slug: "proef".to_owned(),
        name: "Proef".to_owned(),
        kind,
        receiver: Receiver::Region(RegionId(uuid::Uuid::nil())),
        framework: FrameworkId(uuid::Uuid::nil()),
        state,
        years: Vec::new(),
        visit_on: None,
        held_on: None,
        due_on: None,
        reflected_at: None,
        opened_at: None,
        outcome: None,
        respond_by: None,
        report_year: None,
        published_at: None,
        previous: None,
        made_at: chrono::DateTime::<Utc>::UNIX_EPOCH,
        made_by: None,
        version: Version::FIRST,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn every_state_and_event_of_both_kinds_has_the_answer_of_this_table() {
    use ReviewState::{Cancelled, Closed, Concluding, Conducting, Planned, Preparing};
    // Per state, where begin, finish-preparing, finish-conducting, close, reopen, cancel and resume lead.
    let table: [(ReviewState, [Option<ReviewState>; 7]); 6] = [
        (Planned, [Some(Preparing), None, None, None, None, Some(Cancelled), None]),
        (Preparing, [None, Some(Conducting), None, None, None, Some(Cancelled), None]),
        (Conducting, [None, None, Some(Concluding), None, Some(Preparing), Some(Cancelled), None]),
        (Concluding, [None, None, None, Some(Closed), Some(Conducting), Some(Cancelled), None]),
        (Closed, [None, None, None, None, Some(Concluding), None, None]),
        (Cancelled, [None, None, None, None, None, None, Some(Planned)]),
    ];
    let mut pairs = 0;
    for kind in ReviewKind::ALL {
        for (state, row) in table {
            for (event, expected) in ReviewEvent::ALL.iter().zip(row) {
                let stands = *kind == ReviewKind::Judging && state == Closed && *event == ReviewEvent::Reopen;
                let found = after(*kind, state, *event);
                assert_eq!(found.ok(), expected.filter(|_| !stands), "{kind} {state} {event}");
                if let Err(wrong) = found {
                    assert!(!wrong.code().is_empty() && wrong.dutch().ends_with('.'), "{wrong}");
                }
                pairs += 1;
            }
        }
    }
    assert_eq!(pairs, 84);
}

#[test]
fn going_back_or_off_asks_for_a_reason() {
    let done = nothing();
    for (state, event) in [
        (ReviewState::Conducting, ReviewEvent::Reopen),
        (ReviewState::Planned, ReviewEvent::Cancel),
        (ReviewState::Cancelled, ReviewEvent::Resume),
    ] {
        let review = review(ReviewKind::Developmental, state);
        assert_eq!(attempt(&review, event, None, &done), Err(MoveRefused::Reason));
        assert_eq!(attempt(&review, event, Some("  "), &done), Err(MoveRefused::Reason));
        assert_eq!(attempt(&review, event, Some("De dag viel uit."), &done).ok(), after(review.kind, state, event).ok());
    }
}

/// Nobody did anything yet.
fn nothing() -> ReviewProgress {
    ReviewProgress {
        unreflected: Vec::new(),
        questions: 0,
        panel: 0,
        panel_errors: Vec::new(),
        chair: SeatState::Open,
        outsider: SeatState::Open,
        not_handed_in: 0,
        report: None,
        unjudged: Vec::new(),
    }
}

/// Everything that gates ask for.
fn done() -> ReviewProgress {
    let (chair, outsider) = (SeatState::Agreed, SeatState::Agreed);
    ReviewProgress { questions: 1, panel: 3, chair, outsider, report: Some(ReportState::Final), ..nothing() }
}

fn ready(kind: ReviewKind, state: ReviewState) -> Review {
    Review {
        visit_on: Some(day("2027-05-11")),
        held_on: Some(day("2027-05-11")),
        reflected_at: Some(chrono::DateTime::<Utc>::UNIX_EPOCH),
        report_year: Some(2027),
        ..review(kind, state)
    }
}

fn missed(review: &Review, event: ReviewEvent, progress: &ReviewProgress) -> Vec<Missing> {
    match attempt(review, event, None, progress) {
        Err(MoveRefused::Missing(missing)) => missing,
        other => panic!("{event} should be refused: {other:?}"),
    }
}

#[test]
fn the_preparing_phase_ends_with_reflection_question_panel_and_day() {
    let open = ready(ReviewKind::Developmental, ReviewState::Preparing);
    let event = ReviewEvent::FinishPreparing;
    assert_eq!(attempt(&open, event, None, &done()), Ok(ReviewState::Conducting));
    let names = vec!["Organisatie".to_owned()];
    let wrong = vec!["Niemand komt uit een andere regio.".to_owned()];
    let cases = [
        (ReviewProgress { unreflected: names.clone(), ..done() }, Missing::Reflection(names)),
        (ReviewProgress { questions: 0, ..done() }, Missing::Question),
        (ReviewProgress { panel: 0, ..done() }, Missing::Panel),
        (ReviewProgress { panel_errors: wrong.clone(), ..done() }, Missing::PanelError(wrong)),
        (ReviewProgress { chair: SeatState::Open, ..done() }, Missing::Chair),
        (ReviewProgress { chair: SeatState::Asked, ..done() }, Missing::ChairAgreement),
        (ReviewProgress { outsider: SeatState::Asked, ..done() }, Missing::OutsiderAgreement),
    ];
    for (progress, expected) in cases {
        assert_eq!(missed(&open, event, &progress), [expected]);
    }
    let undated = Review { visit_on: None, ..open };
    assert_eq!(missed(&undated, event, &done()), [Missing::VisitDay]);
    // All at once, so that nobody comes back five times.
    assert_eq!(missed(&undated, event, &nothing()), [Missing::Question, Missing::Panel, Missing::VisitDay]);
}

#[test]
fn a_reflection_that_was_not_handed_in_ends_no_phase() {
    let event = ReviewEvent::FinishPreparing;
    for kind in ReviewKind::ALL {
        let written = Review { reflected_at: None, ..ready(*kind, ReviewState::Preparing) };
        assert_eq!(missed(&written, event, &done()), [Missing::ReflectionHandIn]);
        let names = vec!["Organisatie".to_owned()];
        let half = ReviewProgress { unreflected: names.clone(), ..done() };
        assert_eq!(missed(&written, event, &half), [Missing::Reflection(names)]);
    }
}

#[test]
fn a_judging_review_asks_for_a_chair_and_for_nobody_of_another_region() {
    let open = ready(ReviewKind::Judging, ReviewState::Preparing);
    let event = ReviewEvent::FinishPreparing;
    let asked = ReviewProgress { outsider: SeatState::Asked, ..done() };
    assert_eq!(attempt(&open, event, None, &asked), Ok(ReviewState::Conducting));
    assert_eq!(missed(&open, event, &ReviewProgress { chair: SeatState::Asked, ..done() }), [Missing::ChairAgreement]);
}

#[test]
fn what_is_missing_says_where_and_what_to_do() {
    let all = [
        Missing::Reflection(vec!["Organisatie".to_owned()]),
        Missing::ReflectionHandIn,
        Missing::Question,
        Missing::Panel,
        Missing::PanelError(vec!["Niemand komt uit een andere regio.".to_owned()]),
        Missing::Chair,
        Missing::ChairAgreement,
        Missing::OutsiderAgreement,
        Missing::VisitDay,
        Missing::Visit,
        Missing::HandIn(1),
        Missing::Report,
        Missing::ReportYear,
        Missing::Outcome(vec!["Organisatie".to_owned()]),
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(Missing::code).collect();
    assert_eq!(codes.len(), all.len());
    assert!(all.iter().all(|missing| missing.dutch().ends_with('.') && !missing.page().code().is_empty()));
}

#[test]
fn a_judging_review_asks_no_questions() {
    let judging = ready(ReviewKind::Judging, ReviewState::Preparing);
    let progress = ReviewProgress { questions: 0, ..done() };
    assert_eq!(attempt(&judging, ReviewEvent::FinishPreparing, None, &progress), Ok(ReviewState::Conducting));
}

#[test]
fn the_conducting_phase_ends_with_the_visit_and_the_findings() {
    let held = ready(ReviewKind::Developmental, ReviewState::Conducting);
    let event = ReviewEvent::FinishConducting;
    assert_eq!(attempt(&held, event, None, &done()), Ok(ReviewState::Concluding));
    assert_eq!(missed(&Review { held_on: None, ..held.clone() }, event, &done()), [Missing::Visit]);
    // A panel that was valid when the phase began, and is not any more.
    let wrong = vec!["Niemand komt uit een andere regio.".to_owned()];
    assert_eq!(missed(&held, event, &ReviewProgress { panel_errors: wrong.clone(), ..done() }), [Missing::PanelError(wrong)]);
    let waiting = ReviewProgress { not_handed_in: 1, ..done() };
    assert_eq!(missed(&held, event, &waiting), [Missing::HandIn(1)]);
    let opened = Review { opened_at: Some(chrono::DateTime::<Utc>::UNIX_EPOCH), ..held };
    assert_eq!(attempt(&opened, event, None, &waiting), Ok(ReviewState::Concluding));
}

#[test]
fn a_developmental_review_closes_with_report_and_year_and_never_asks_for_a_judgement() {
    let open = ready(ReviewKind::Developmental, ReviewState::Concluding);
    let judged_nothing = ReviewProgress { unjudged: vec!["Organisatie".to_owned()], ..done() };
    assert_eq!(attempt(&open, ReviewEvent::Close, None, &judged_nothing), Ok(ReviewState::Closed));
    let concept = ReviewProgress { report: Some(ReportState::Concept), ..done() };
    assert_eq!(missed(&open, ReviewEvent::Close, &concept), [Missing::Report]);
    assert_eq!(missed(&Review { report_year: None, ..open }, ReviewEvent::Close, &done()), [Missing::ReportYear]);
}

#[test]
fn a_judging_review_closes_with_a_judgement_of_every_safeguard() {
    let open = ready(ReviewKind::Judging, ReviewState::Concluding);
    let names = vec!["Organisatie".to_owned(), "het geheel".to_owned()];
    let progress = ReviewProgress { unjudged: names.clone(), ..done() };
    assert_eq!(missed(&open, ReviewEvent::Close, &progress), [Missing::Outcome(names)]);
    let without_year = Review { report_year: None, ..open };
    assert_eq!(attempt(&without_year, ReviewEvent::Close, None, &done()), Ok(ReviewState::Closed));
}

#[test]
fn what_was_not_judged_is_named() {
    let safeguard = |code: &str, name: &str| Safeguard {
        code: PartCode(code.to_owned()),
        name: name.to_owned(),
        description: String::new(),
        origin: Origin::Paraphrase,
        questions: Vec::new(),
        criteria: Vec::new(),
    };
    let framework = FrameworkContent {
        name: "Kader".to_owned(),
        source: String::new(),
        questions: Vec::new(),
        safeguards: vec![safeguard("1", "Lerende leraar"), safeguard("2", "Leeromgeving")],
    };
    assert_eq!(unjudged(&framework, None), ["Lerende leraar", "Leeromgeving", "het geheel"]);
    let first = BTreeMap::from([(PartCode("1".to_owned()), Judgement::Sufficient)]);
    let half = Outcome { safeguards: first, overall: Judgement::Sufficient, decided_on: None };
    assert_eq!(unjudged(&framework, Some(&half)), ["Leeromgeving"]);
}

#[test]
fn a_visit_is_not_held_before_the_reflection_or_tomorrow() {
    let today = day("2027-05-11");
    assert!(!may_be_held(&review(ReviewKind::Developmental, ReviewState::Preparing), today, today));
    let open = review(ReviewKind::Developmental, ReviewState::Conducting);
    assert!(may_be_held(&open, today, today));
    assert!(!may_be_held(&open, day("2027-05-12"), today));
}
