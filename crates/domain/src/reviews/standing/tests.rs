use uuid::Uuid;

use super::*;
use crate::ids::{FrameworkId, RegionId, ReviewId, Version};
use crate::reviews::{MemberAnswer, Receiver, ReviewPhase, StepTemplate, from_templates};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon(text: &str) -> DateTime<Utc> {
    day(text).and_hms_opt(12, 0, 0).unwrap().and_utc()
}

const TODAY: &str = "2027-06-01";

fn review(kind: ReviewKind, state: ReviewState) -> Review {
    Review {
        id: ReviewId(Uuid::nil()),
        slug: String::new(),
        name: String::new(),
        kind,
        receiver: Receiver::Region(RegionId(Uuid::nil())),
        framework: FrameworkId(Uuid::nil()),
        state,
        years: Vec::new(),
        visit_on: Some(day("2027-06-15")),
        held_on: None,
        due_on: None,
        reflected_at: None,
        opened_at: None,
        outcome: None,
        respond_by: None,
        report_year: None,
        published_at: None,
        previous: None,
        made_at: noon("2026-01-01"),
        made_by: None,
        version: Version::FIRST,
    }
}

fn member(number: u128, role: ReviewRole, answer: Option<MemberAnswer>) -> ReviewMember {
    ReviewMember {
        id: MemberId(Uuid::from_u128(number)),
        review: ReviewId(Uuid::nil()),
        role,
        peer: None,
        user: None,
        grant: None,
        name: String::new(),
        email: String::new(),
        invited_at: None,
        answer,
        answered_at: None,
        version: Version::FIRST,
    }
}

/// Chair, secretary, a member, one who declined and an author; all but the decliner agreed.
fn people() -> Vec<ReviewMember> {
    let agreed = Some(MemberAnswer::Agreed);
    vec![
        member(1, ReviewRole::Chair, agreed),
        member(2, ReviewRole::Secretary, agreed),
        member(3, ReviewRole::Member, agreed),
        member(4, ReviewRole::Member, Some(MemberAnswer::Declined)),
        member(5, ReviewRole::Author, agreed),
    ]
}

fn facts() -> StepFacts {
    StepFacts { members: people(), ..StepFacts::default() }
}

fn step(fact: Option<StepFact>, waits_for: WaitsFor) -> ReviewStep {
    let template = StepTemplate { phase: ReviewPhase::Concluding, name: "Stap".to_owned(), days: 10, waits_for, fact };
    from_templates(ReviewId(Uuid::nil()), &[template]).remove(0)
}

/// How a step with a fact stands; it is the turn of the receiving side, unless the fact says otherwise.
fn state(fact: StepFact, review: &Review, facts: &StepFacts) -> StepState {
    standings(review, &[step(Some(fact), WaitsFor::Receiver)], facts, day(TODAY)).remove(0).state
}

fn done() -> StepState {
    StepState::Done(None)
}

fn waits(side: WaitsFor, members: &[u128]) -> StepState {
    StepState::Waits(Waits { side, members: members.iter().map(|id| MemberId(Uuid::from_u128(*id))).collect() })
}

fn developmental() -> Review {
    review(ReviewKind::Developmental, ReviewState::Concluding)
}

#[test]
fn every_usual_step_but_reading_has_a_fact_and_none_twice() {
    for kind in ReviewKind::ALL {
        let steps = StepTemplate::defaults(*kind);
        let by_hand: Vec<_> = steps.iter().filter(|step| step.fact.is_none()).map(|step| step.name.as_str()).collect();
        assert_eq!(by_hand, ["Reflectie lezen en eerste bevindingen noteren"], "{kind}");
        let facts: BTreeSet<_> = steps.iter().filter_map(|step| step.fact).collect();
        assert_eq!(facts.len(), steps.len() - 1, "{kind}");
    }
}

#[test]
fn at_first_every_step_waits_and_at_the_end_none_with_a_fact_does() {
    let (begun, mut ended) = (developmental(), developmental());
    ended.held_on = Some(day("2027-06-15"));
    ended.reflected_at = Some(noon("2027-03-01"));
    ended.report_year = Some(2027);
    let everything = StepFacts {
        questions: 1,
        programme: 1,
        handed_in: people().iter().map(|member| member.id).collect(),
        report: Some(ReportState::Final),
        follow_ups: 1,
        ..facts()
    };
    for fact in StepFact::ALL {
        assert!(matches!(state(*fact, &begun, &StepFacts::default()), StepState::Waits(_)), "{fact}");
        assert!(matches!(state(*fact, &ended, &everything), StepState::Done(_)), "{fact}");
    }
}

#[test]
fn day_and_panel_wait_for_the_receiver_and_then_for_who_did_not_answer() {
    let agreed = |review: &Review, facts: &StepFacts| state(StepFact::Agreed, review, facts);
    let review = developmental();
    assert_eq!(agreed(&review, &facts()), done());
    assert_eq!(agreed(&Review { visit_on: None, ..review.clone() }, &facts()), waits(WaitsFor::Receiver, &[]));
    assert_eq!(agreed(&review, &StepFacts { panel_errors: 1, ..facts() }), waits(WaitsFor::Receiver, &[]));
    assert_eq!(agreed(&review, &StepFacts::default()), waits(WaitsFor::Receiver, &[]));
    let mut asked = facts();
    asked.members.push(member(6, ReviewRole::Member, None));
    assert_eq!(agreed(&review, &asked), waits(WaitsFor::Panel, &[6]));
}

#[test]
fn questions_are_asked_of_a_developmental_review_only() {
    let asked = |kind, questions, programme| {
        state(StepFact::Asked, &review(kind, ReviewState::Preparing), &StepFacts { questions, programme, ..facts() })
    };
    assert_eq!(asked(ReviewKind::Developmental, 0, 1), waits(WaitsFor::Receiver, &[]));
    assert_eq!(asked(ReviewKind::Developmental, 1, 0), waits(WaitsFor::Receiver, &[]));
    assert_eq!(asked(ReviewKind::Developmental, 1, 1), done());
    assert_eq!(asked(ReviewKind::Judging, 0, 1), done());
}

#[test]
fn the_visit_waits_for_everybody_and_after_its_day_for_who_says_it_was_held() {
    let steps = [step(Some(StepFact::Visited), WaitsFor::Everybody)];
    let on = |review: &Review, today: &str| standings(review, &steps, &facts(), day(today)).remove(0).state;
    let planned = developmental();
    assert_eq!(on(&planned, "2027-06-15"), waits(WaitsFor::Everybody, &[]));
    assert_eq!(on(&planned, "2027-06-16"), waits(WaitsFor::Receiver, &[]));
    let held = Review { held_on: Some(day("2027-06-15")), ..planned };
    assert_eq!(on(&held, "2027-06-19"), StepState::Done(Some(day("2027-06-15"))));
}

#[test]
fn handing_in_waits_for_each_member_who_did_not() {
    let handed_in = |ids: &[u128]| StepFacts { handed_in: ids.iter().map(|id| MemberId(Uuid::from_u128(*id))).collect(), ..facts() };
    let review = developmental();
    assert_eq!(state(StepFact::HandedIn, &review, &handed_in(&[])), waits(WaitsFor::Panel, &[1, 2, 3]));
    assert_eq!(state(StepFact::HandedIn, &review, &handed_in(&[1])), waits(WaitsFor::Panel, &[2, 3]));
    assert_eq!(state(StepFact::HandedIn, &review, &handed_in(&[1, 2, 3])), done());
    let mut asked = handed_in(&[1, 2, 3]);
    asked.members.push(member(6, ReviewRole::Member, None));
    assert_eq!(state(StepFact::HandedIn, &review, &asked), done(), "who did not agree has nothing to hand in");
    let opened = Review { opened_at: Some(noon("2027-06-20")), ..review };
    assert_eq!(state(StepFact::HandedIn, &opened, &handed_in(&[1])), StepState::Done(Some(day("2027-06-20"))));
}

#[test]
fn weighing_ends_with_everything_weighed_or_with_a_report() {
    let weighed = |joint, unweighed, report| state(StepFact::Weighed, &developmental(), &StepFacts { joint, unweighed, report, ..facts() });
    assert_eq!(weighed(0, 0, None), waits(WaitsFor::Receiver, &[]));
    assert_eq!(weighed(3, 1, None), waits(WaitsFor::Receiver, &[]));
    assert_eq!(weighed(3, 0, None), done());
    assert_eq!(weighed(3, 1, Some(ReportState::Concept)), done());
}

#[test]
fn the_steps_of_the_report_follow_how_far_it_came() {
    let at = |report| StepFacts { report, ..facts() };
    let responding = Review { respond_by: Some(day("2027-06-10")), ..developmental() };
    let three = |report: Option<ReportState>, today: &str| {
        let steps = [StepFact::Sent, StepFact::Responded, StepFact::Final].map(|fact| step(Some(fact), WaitsFor::Receiver));
        standings(&responding, &steps, &at(report), day(today)).iter().map(|standing| standing.waits().is_none()).collect::<Vec<_>>()
    };
    assert_eq!(three(None, TODAY), [false, false, false]);
    assert_eq!(three(Some(ReportState::Concept), TODAY), [false, false, false]);
    assert_eq!(three(Some(ReportState::Responding), TODAY), [true, false, false]);
    assert_eq!(three(Some(ReportState::Responding), "2027-06-11"), [true, true, false]);
    assert_eq!(three(Some(ReportState::Final), TODAY), [true, true, true]);
    let due =
        standings(&responding, &[step(Some(StepFact::Responded), WaitsFor::Receiver)], &at(Some(ReportState::Responding)), day(TODAY));
    assert_eq!(due[0].due_on, Some(day("2027-06-10")), "the last day to respond, in the place of the planned one");
}

#[test]
fn the_end_asks_the_year_of_the_annual_report_of_a_developmental_review() {
    let carried = |kind, report_year, follow_ups| {
        let ended = Review { report_year, ..review(kind, ReviewState::Concluding) };
        state(StepFact::Carried, &ended, &StepFacts { follow_ups, ..facts() })
    };
    assert_eq!(carried(ReviewKind::Developmental, None, 1), waits(WaitsFor::Receiver, &[]));
    assert_eq!(carried(ReviewKind::Developmental, Some(2027), 0), waits(WaitsFor::Receiver, &[]));
    assert_eq!(carried(ReviewKind::Developmental, Some(2027), 1), done());
    assert_eq!(carried(ReviewKind::Judging, None, 1), done());
}

#[test]
fn what_was_written_after_a_final_report_counts_anew() {
    use ReportState::{Concept, Final, Responding};
    let cases: [(&[ReportState], _); 6] = [
        (&[], None),
        (&[Concept], Some(Concept)),
        (&[Concept, Responding, Concept], Some(Responding)),
        (&[Responding, Final], Some(Final)),
        (&[Responding, Final, Concept], Some(Concept)),
        (&[Responding, Final, Concept, Responding, Final], Some(Final)),
    ];
    for (versions, reached) in cases {
        assert_eq!(report_reached(versions), reached, "{versions:?}");
    }
}

#[test]
fn a_step_of_ones_own_is_done_by_hand_and_another_can_be() {
    let mut own = step(None, WaitsFor::Panel);
    let told = |step: &ReviewStep, facts: &StepFacts| standings(&developmental(), std::slice::from_ref(step), facts, day(TODAY)).remove(0);
    assert_eq!(told(&own, &facts()).state, waits(WaitsFor::Panel, &[]));
    own.done_on = Some(day("2027-05-01"));
    assert_eq!(told(&own, &facts()).state, StepState::Done(Some(day("2027-05-01"))));
    let said = ReviewStep { done_on: Some(day("2027-05-01")), ..step(Some(StepFact::Final), WaitsFor::Chair) };
    assert_eq!(told(&said, &facts()).state, StepState::Done(Some(day("2027-05-01"))));
    // Once the phase was opened again, what a fact can tell has to happen again; what it cannot stays said.
    let reopened = StepFacts { reopened_at: Some(noon("2027-05-20")), ..facts() };
    assert_eq!(told(&said, &reopened).state, waits(WaitsFor::Chair, &[]));
    assert_eq!(told(&own, &reopened).state, StepState::Done(Some(day("2027-05-01"))));
}

#[test]
fn days_before_the_phase_was_opened_again_hold_no_more() {
    let early = ReviewStep { own_date: Some(day("2027-05-01")), ..step(Some(StepFact::Final), WaitsFor::Chair) };
    let due = |facts: &StepFacts| standings(&developmental(), std::slice::from_ref(&early), facts, day(TODAY)).remove(0).due_on;
    assert_eq!(due(&facts()), Some(day("2027-05-01")));
    assert_eq!(due(&StepFacts { reopened_at: Some(noon("2027-05-20")), ..facts() }), None);
    assert_eq!(due(&StepFacts { reopened_at: Some(noon("2027-04-20")), ..facts() }), Some(day("2027-05-01")));
}

#[test]
fn the_chair_does_what_the_secretary_does_in_a_panel_without_one() {
    let steps = [step(Some(StepFact::Sent), WaitsFor::Secretary)];
    let mut without = facts();
    let of = |facts: &StepFacts| standings(&developmental(), &steps, facts, day(TODAY)).remove(0).state;
    assert_eq!(of(&without), waits(WaitsFor::Secretary, &[]));
    without.members.retain(|member| member.role != ReviewRole::Secretary);
    assert_eq!(of(&without), waits(WaitsFor::Chair, &[]));
}

#[test]
fn it_is_somebodys_turn_until_the_phase_is_done_and_a_closed_phase_asks_nothing() {
    let steps = from_templates(ReviewId(Uuid::nil()), &StepTemplate::defaults(ReviewKind::Developmental));
    let next = |state, facts: &StepFacts| {
        let review = review(ReviewKind::Developmental, state);
        let standings = standings(&review, &steps, facts, day(TODAY));
        next_step(state, &steps, &standings).map(|(step, _)| step.ordinal)
    };
    assert_eq!(next(ReviewState::Planned, &StepFacts::default()), Some(1));
    assert_eq!(next(ReviewState::Preparing, &facts()), Some(2));
    assert_eq!(next(ReviewState::Conducting, &facts()), Some(5));
    assert_eq!(next(ReviewState::Concluding, &StepFacts { report: Some(ReportState::Concept), ..facts() }), Some(8));
    assert_eq!(next(ReviewState::Concluding, &StepFacts { report: Some(ReportState::Final), ..facts() }), Some(11));
    assert_eq!((next(ReviewState::Closed, &facts()), next(ReviewState::Cancelled, &facts())), (None, None));
    let review = review(ReviewKind::Developmental, ReviewState::Concluding);
    let standings = standings(&review, &steps, &facts(), day(TODAY));
    let open: Vec<_> = open_steps(review.state, &steps, &standings).map(|(step, _)| step.ordinal).collect();
    assert_eq!(open, [7, 8, 9, 10, 11]);
}
