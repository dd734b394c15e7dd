//! Reminders: once each, at most one mail a day, to whom it waits for, and nothing of what anybody found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Days, NaiveDate, Utc};
use kernschil_app::reviews::follow_up::{self, FollowUpDraft};
use kernschil_app::reviews::{self, CalendarQuery, ReviewEdit, StepEdit, remind_daily, waiting};
use kernschil_app::{Actor, App};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{Clock, FollowUpId, Version};
use kernschil_domain::reviews::{
    Deadline, FollowUp, FollowUpStatus, Receiver, ReportState, Review, ReviewEvent, ReviewPhase, ReviewState, StepTemplate, WaitsFor,
    from_templates,
};
use kernschil_storage::{StoreSettings, outbox};

use super::LINE;
use super::reflection::REVIEW;
use super::stage::Stage;
use super::weighing::{all_hand_in, hand_in, report_in};
use crate::support::TestApp;

/// A clock that a test moves from day to day; always at noon.
#[derive(Clone)]
struct Calendar(Arc<Mutex<NaiveDate>>);

impl Clock for Calendar {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The same installation, on a day.
fn on(app: &App, today: NaiveDate) -> App {
    App { clock: Arc::new(Calendar(Arc::new(Mutex::new(today)))), ..app.clone() }
}

/// Every mail about reviews so far: to whom, and its text.
async fn mails(app: &TestApp) -> Vec<(String, String)> {
    let (all, _) = app.app.store.read(async |tx| outbox::latest(tx, None, 0, 500).await).await.unwrap();
    all.into_iter().filter(|mail| mail.kind == "peer-review").map(|mail| (mail.to_address, mail.body)).collect()
}

async fn address(app: &TestApp, actor: &Actor) -> String {
    let user = actor.user().unwrap();
    let found = app.app.store.read(async |tx| kernschil_storage::access::user(tx, user).await).await.unwrap();
    found.unwrap().email
}

/// A review in a phase, of which every step is done but the one with a name, which is due on a day.
async fn waiting_for(app: &TestApp, state: ReviewState, name: &str, due: &str) -> Stage {
    let stage = Stage::at(app, state).await;
    let mut one = None;
    for (phase, what, waits_for) in STEPS {
        if *what == name {
            let step = StepTemplate { phase: *phase, name: name.to_owned(), days: 0, waits_for: *waits_for, fact: None };
            let version = stage.review(app).await.version;
            let (ordinal, _) = reviews::add_step(&app.app, &LINE, REVIEW, version, step).await.unwrap();
            one = Some(ordinal);
        }
    }
    let edit = StepEdit { own_date: Some(Some(day(due))), ..StepEdit::default() };
    reviews::change_step(&app.app, &LINE, REVIEW, stage.review(app).await.version, one.unwrap(), edit).await.unwrap();
    stage
}

const STEPS: &[(ReviewPhase, &str, WaitsFor)] = &[
    (ReviewPhase::Conducting, "Bevindingen", WaitsFor::Panel),
    (ReviewPhase::Concluding, "Wegen", WaitsFor::Chair),
    (ReviewPhase::Preparing, "Reflectie", WaitsFor::Receiver),
];

/// Sends the reminders of each day of a span; answers on which days mails went out, and how many.
async fn over_days(app: &TestApp, from: &str, until: &str) -> Vec<(NaiveDate, usize)> {
    let mut today = day(from);
    let mut found = Vec::new();
    while today <= day(until) {
        let sent = remind_daily(&on(&app.app, today)).await.unwrap();
        if sent > 0 {
            found.push((today, sent));
        }
        today = today.checked_add_days(Days::new(1)).unwrap();
    }
    found
}

both_databases! {
    async fn a_step_is_reminded_of_three_times_each_once(app: TestApp) {
        let stage = waiting_for(&app, ReviewState::Conducting, "Bevindingen", "2026-08-20").await;
        let sent = over_days(&app, "2026-07-20", "2026-09-30").await;
        // Chair, secretary and two members, before it, shortly before it, and the day after.
        assert_eq!(sent, [(day("2026-08-06"), 4), (day("2026-08-17"), 4), (day("2026-08-21"), 4)]);
        let mails = mails(&app).await;
        let counts = mails.iter().fold(BTreeMap::<&str, usize>::new(), |mut counts, (to, _)| {
            *counts.entry(to).or_default() += 1;
            counts
        });
        let mut panel = Vec::new();
        for player in stage.panel() {
            panel.push(address(&app, &player.actor).await);
        }
        panel.sort();
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), panel.iter().map(|to| (to.as_str(), 3)).collect::<Vec<_>>());
        assert!(mails.iter().all(|(_, text)| text.contains("“Bevindingen” moet klaar zijn") && text.contains("/peer-reviews/almere-proef")));
        assert!(mails.iter().any(|(_, text)| text.contains("gisteren (20-8-2026)")), "{mails:?}");
        app.check_invariants().await;
    }

    async fn after_a_restart_and_by_two_instances_each_is_sent_once(app: TestApp) {
        waiting_for(&app, ReviewState::Concluding, "Wegen", "2026-08-20").await;
        let today = day("2026-08-06");
        // Two programs on one database.
        let other = crate::support::open_copy(&StoreSettings { url: app.url.clone() }).await;
        let (one, two) = (on(&app.app, today), on(&other, today));
        let (first, second) = tokio::join!(remind_daily(&one), remind_daily(&two));
        assert_eq!(first.unwrap() + second.unwrap(), 1);
        // Again on the same day, and on the days after: nothing until three days before.
        assert_eq!(remind_daily(&one).await.unwrap(), 0);
        assert_eq!(over_days(&app, "2026-08-07", "2026-08-16").await, []);
        assert_eq!(over_days(&app, "2026-08-17", "2026-08-19").await, [(day("2026-08-17"), 1)]);
    }

    async fn a_program_that_did_not_run_makes_up_for_it_and_a_done_step_sends_nothing(app: TestApp) {
        let stage = waiting_for(&app, ReviewState::Concluding, "Wegen", "2026-08-20").await;
        assert_eq!(over_days(&app, "2026-08-09", "2026-08-10").await, [(day("2026-08-09"), 1)], "three days late, all the same");
        let dossier = reviews::dossier(&app.app, &LINE, REVIEW).await.unwrap();
        let step = dossier.steps.iter().find(|step| step.template.name == "Wegen").unwrap().ordinal;
        let done = StepEdit { done_on: Some(Some(day("2026-07-01"))), ..StepEdit::default() };
        reviews::change_step(&app.app, &LINE, REVIEW, stage.review(&app).await.version, step, done).await.unwrap();
        assert_eq!(over_days(&app, "2026-08-11", "2026-09-30").await, []);
    }

    async fn a_day_that_moves_is_reminded_of_anew_and_steps_keep_what_was_sent(app: TestApp) {
        let stage = waiting_for(&app, ReviewState::Concluding, "Wegen", "2026-08-20").await;
        assert_eq!(over_days(&app, "2026-08-06", "2026-08-06").await.len(), 1);
        // A step before it gives it another number; what was sent of it goes along.
        let early = StepTemplate { phase: ReviewPhase::Preparing, name: "Bellen".to_owned(), days: -700, waits_for: WaitsFor::Chair, fact: None };
        let (ordinal, _) = reviews::add_step(&app.app, &LINE, REVIEW, stage.review(&app).await.version, early).await.unwrap();
        assert_eq!(ordinal, 1);
        reviews::change_step(&app.app, &LINE, REVIEW, stage.review(&app).await.version, 1, StepEdit { done_on: Some(Some(day("2026-07-01"))), ..StepEdit::default() }).await.unwrap();
        assert_eq!(over_days(&app, "2026-08-07", "2026-08-10").await, []);
        let dossier = reviews::dossier(&app.app, &LINE, REVIEW).await.unwrap();
        let step = dossier.steps.iter().find(|step| step.template.name == "Wegen").unwrap().ordinal;
        let later = StepEdit { own_date: Some(Some(day("2026-08-25"))), ..StepEdit::default() };
        reviews::change_step(&app.app, &LINE, REVIEW, stage.review(&app).await.version, step, later).await.unwrap();
        assert_eq!(over_days(&app, "2026-08-11", "2026-08-11").await.len(), 1, "another day is another reminder");
    }

    async fn everything_of_a_day_comes_in_one_mail_and_tells_nothing_of_findings(app: TestApp) {
        let stage = waiting_for(&app, ReviewState::Preparing, "Reflectie", "2026-08-20").await;
        let text = "Het samen weten van wat er is gevonden";
        let action = FollowUp {
            id: FollowUpId(app.app.ids.next()),
            review: stage.review(&app).await.id,
            finding: None,
            text: text.to_owned(),
            owner: "Karin".to_owned(),
            due_on: Some(day("2026-08-20")),
            status: FollowUpStatus::Open,
            result: String::new(),
            version: Version::FIRST,
        };
        app.app.store.write(async |tx| kernschil_storage::reviews::follow_ups::put(tx, &action).await).await.unwrap();
        let edit = ReviewEdit { due_on: Some(Some(day("2026-08-05"))), ..ReviewEdit::default() };
        reviews::change(&app.app, &LINE, REVIEW, stage.review(&app).await.version, edit).await.unwrap();
        // The author and the coordinator of the receiving side.
        assert_eq!(over_days(&app, "2026-08-06", "2026-08-06").await, [(day("2026-08-06"), 2)]);
        let mails = mails(&app).await;
        for (_, body) in &mails {
            assert!(body.contains("“Reflectie” moet klaar zijn") && body.contains("de actie “Het samen weten van wat er is gevonden” van Karin moet klaar zijn"), "{body}");
            assert!(body.contains("de peer review moet zijn gehouden, gisteren (5-8-2026)"), "{body}");
        }
        assert_eq!(mails.len(), 2);
    }

    async fn the_receiving_side_is_reminded_of_its_response_until_the_report_is_final(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Concluding).await;
        let respond_by = async |last: &str| {
            let changed = Review { respond_by: Some(day(last)), ..stage.review(&app).await };
            app.app.store.write(async |tx| kernschil_storage::reviews::save(tx, &changed).await).await.unwrap();
        };
        respond_by("2026-07-10").await;
        report_in(&app, &stage, ReportState::Concept).await;
        assert_eq!(over_days(&app, "2026-07-02", "2026-07-02").await, [], "nobody waits for a response to what was not sent");
        respond_by("2026-08-20").await;
        report_in(&app, &stage, ReportState::Responding).await;
        let three_times = [(day("2026-08-06"), 2), (day("2026-08-17"), 2), (day("2026-08-21"), 2)];
        assert_eq!(over_days(&app, "2026-07-20", "2026-09-30").await, three_times);
        let mut expected = [address(&app, &stage.author.actor).await, address(&app, &stage.coordinator).await];
        expected.sort();
        let mails = mails(&app).await;
        let receivers: BTreeSet<_> = mails.iter().map(|(to, _)| to).collect();
        assert_eq!(receivers, expected.iter().collect());
        for (_, text) in &mails {
            assert!(text.contains("uw reactie op het conceptrapport wordt verwacht") && text.contains("/almere-proef/rapport"), "{text}");
        }
        respond_by("2026-10-20").await;
        report_in(&app, &stage, ReportState::Final).await;
        assert_eq!(over_days(&app, "2026-10-01", "2026-10-31").await, []);
    }

    async fn what_waits_for_somebody_stands_on_her_start_page(app: TestApp) {
        let stage = waiting_for(&app, ReviewState::Concluding, "Wegen", "2026-06-20").await;
        let of = async |actor: &Actor| waiting::mine(&app.app, actor).await.unwrap();
        let chair = of(&stage.chair.actor).await;
        assert_eq!(chair.iter().map(|one| (one.path.as_str(), one.late)).collect::<Vec<_>>(), [("/peer-reviews/almere-proef", waiting::Lateness::Late)]);
        assert!(chair[0].sentence.contains("“Wegen” moet klaar zijn: 11 dagen geleden (20-6-2026)"), "{}", chair[0].sentence);
        for actor in [&stage.member.actor, &stage.author.actor, &stage.observer.actor, &stage.stranger, &stage.reader] {
            assert_eq!(of(actor).await, []);
        }
    }
}

/// Gives the review of a stage the usual steps of new reviews.
async fn usual_steps(app: &TestApp, stage: &Stage) {
    let review = stage.review(app).await;
    let steps = from_templates(review.id, &StepTemplate::defaults(review.kind));
    app.app.store.write(async |tx| kernschil_storage::reviews::steps::replace(tx, review.id, &steps).await).await.unwrap();
}

/// Whose turn it is, and for what, as somebody reads it.
async fn turn(app: &TestApp, actor: &Actor) -> Option<(String, WaitsFor, Vec<String>, i64)> {
    let turn = reviews::dossier(&app.app, actor, REVIEW).await.unwrap().turn?;
    Some((turn.step, turn.waits_for, turn.names, turn.days_late))
}

both_databases! {
    async fn who_handed_in_is_waited_for_no_more_and_who_did_not_is_named_to_the_panel(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        usual_steps(&app, &stage).await;
        hand_in(&app, &stage.chair).await;
        hand_in(&app, &stage.secretary).await;
        // The visit was on 15 June; today is 1 July.
        let waited = |names: &[&str]| Some(("Eigen bevindingen inleveren".to_owned(), WaitsFor::Panel, names.iter().map(|name| (*name).to_owned()).collect(), 9));
        assert_eq!(turn(&app, &stage.chair.actor).await, waited(&["Mo Panellid", "Olga Panellid"]));
        assert_eq!(turn(&app, &stage.coordinator).await, waited(&[]), "who handed in is of the panel");
        let row = reviews::calendar(&app.app, &LINE, &CalendarQuery::default()).await.unwrap().rows.remove(0);
        assert_eq!(row.turn.map(|turn| (turn.step, turn.names)), Some(("Eigen bevindingen inleveren".to_owned(), Vec::new())));
        assert_eq!(waiting::mine(&app.app, &stage.chair.actor).await.unwrap(), []);
        let own = waiting::mine(&app.app, &stage.member.actor).await.unwrap();
        assert_eq!(own.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["/peer-reviews/almere-proef/bevindingen"]);
        // The two who did not hand in, and once the chair, for what comes next.
        let planned = Review { visit_on: Some(day("2026-07-06")), ..stage.review(&app).await };
        app.app.store.write(async |tx| kernschil_storage::reviews::save(tx, &planned).await).await.unwrap();
        let days = [("02", 2), ("06", 1), ("10", 2), ("14", 2)].map(|(on, count)| (day(&format!("2026-07-{on}")), count));
        assert_eq!(over_days(&app, "2026-07-02", "2026-07-14").await, days);
        let mut told = BTreeSet::new();
        for (to, text) in mails(&app).await {
            assert!(!text.contains("Bezoekdag"), "{text}");
            if text.contains("Eigen bevindingen inleveren") {
                told.insert(to);
            }
        }
        assert_eq!(told, BTreeSet::from([address(&app, &stage.member.actor).await, address(&app, &stage.other.actor).await]));
        app.check_invariants().await;
    }

    async fn after_the_visit_day_the_receiver_is_asked_whether_it_was_held(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        usual_steps(&app, &stage).await;
        let review = Review { held_on: None, ..stage.review(&app).await };
        app.app.store.write(async |tx| kernschil_storage::reviews::save(tx, &review).await).await.unwrap();
        assert_eq!(turn(&app, &stage.chair.actor).await, Some(("Bezoekdag".to_owned(), WaitsFor::Receiver, Vec::new(), 16)));
        assert_eq!(waiting::mine(&app.app, &stage.member.actor).await.unwrap(), []);
        assert_eq!(waiting::mine(&app.app, &stage.coordinator).await.unwrap().len(), 1);
    }

    async fn a_final_report_leaves_the_annual_report_and_the_actions(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        usual_steps(&app, &stage).await;
        all_hand_in(&app, &stage).await;
        assert_eq!(turn(&app, &stage.chair.actor).await, None, "the phase can be closed");
        stage.put_in(&app, ReviewState::Concluding).await;
        assert_eq!(turn(&app, &stage.chair.actor).await.unwrap().0, "Samen wegen");
        report_in(&app, &stage, ReportState::Concept).await;
        assert_eq!(turn(&app, &stage.chair.actor).await.unwrap().0, "Conceptrapport");
        let respond_by = Review { respond_by: Some(day("2026-07-20")), ..stage.review(&app).await };
        app.app.store.write(async |tx| kernschil_storage::reviews::save(tx, &respond_by).await).await.unwrap();
        report_in(&app, &stage, ReportState::Responding).await;
        assert_eq!(turn(&app, &stage.chair.actor).await, Some(("Reactie op het concept".to_owned(), WaitsFor::Receiver, Vec::new(), 0)));
        assert!(reviews::review_days(&app.app, &stage.author.actor, REVIEW).await.unwrap().text.contains("DTSTART;VALUE=DATE:20260720\r\n"));
        let mine = waiting::mine(&app.app, &stage.author.actor).await.unwrap();
        assert_eq!(mine.iter().map(|one| one.due_on).collect::<Vec<_>>(), [Some(day("2026-07-20"))], "once, on the last day to respond");
        report_in(&app, &stage, ReportState::Final).await;
        assert_eq!(turn(&app, &stage.chair.actor).await.unwrap().0, "Opvolging en jaarrapportage");
        // 90 days after the visit is 13 September; of what is done nothing is mailed.
        assert_eq!(over_days(&app, "2026-07-02", "2026-09-12").await, [(day("2026-08-30"), 2), (day("2026-09-10"), 2)]);
        let reminded: Vec<_> = mails(&app).await.into_iter().filter(|(_, text)| text.contains("Dit wacht op u")).collect();
        assert!(reminded.iter().all(|(_, text)| text.contains("Opvolging en jaarrapportage")), "{reminded:?}");
        let action = FollowUpDraft { text: "Rooster aanpassen".to_owned(), owner: "Karin".to_owned(), due_on: Some(day("2026-10-01")), ..FollowUpDraft::default() };
        follow_up::add(&app.app, &stage.coordinator, REVIEW, &action).await.unwrap();
        let edit = ReviewEdit { report_year: Some(Some(2026)), ..ReviewEdit::default() };
        reviews::change(&app.app, &stage.coordinator, REVIEW, stage.review(&app).await.version, edit).await.unwrap();
        assert_eq!(turn(&app, &stage.chair.actor).await, None);
        let days = reviews::review_days(&app.app, &stage.author.actor, REVIEW).await.unwrap().text;
        assert!(days.contains("DTSTART;VALUE=DATE:20261001\r\n") && days.replace("\r\n ", "").contains("Opvolging: Rooster aanpassen (Karin)"), "{days}");
        app.check_invariants().await;
    }

    async fn a_phase_that_is_opened_again_is_not_late_by_the_days_of_the_first_time(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Concluding).await;
        usual_steps(&app, &stage).await;
        assert_eq!(turn(&app, &stage.chair.actor).await.unwrap().3, 2, "weighing was due on 29 June");
        let version = stage.review(&app).await.version;
        reviews::move_on(&app.app, &LINE, REVIEW, version, ReviewEvent::Reopen, Some("Nog een gesprek".to_owned())).await.unwrap();
        assert_eq!(turn(&app, &stage.chair.actor).await.unwrap().3, 0);
        assert_eq!(over_days(&app, "2026-07-02", "2026-07-09").await, [(day("2026-07-02"), 1)], "the concept of 13 July: the secretary");
    }

    async fn before_the_end_of_2029_a_review_without_a_day_is_warned_of_and_mailed_about(app: TestApp) {
        for folder in ["hak", "talent"] {
            app.load(kernschil_spreadsheets::ImportKind::Partnerships, &format!("{folder}/partnerschappen.xlsx")).await;
        }
        reviews::load_examples(&app.app, &LINE).await.unwrap();
        let now = reviews::calendar(&app.app, &LINE, &CalendarQuery::default()).await.unwrap();
        let warned = |calendar: &reviews::Calendar| {
            let rows = calendar.rows.iter().filter(|row| row.deadline != Deadline::Quiet || row.next_due.is_some());
            rows.map(|row| (row.review.name.clone(), row.warnings().join(" "))).collect::<Vec<_>>()
        };
        assert_eq!(warned(&now), [], "no alarm in 2026, also not for the next after a review that was held");
        let late = on(&app.app, day("2029-12-15"));
        let told = warned(&reviews::calendar(&late, &LINE, &CalendarQuery::default()).await.unwrap());
        let says = |name: &str| told.iter().any(|(review, text)| review == name && text.contains("nog 16 dagen tot de uiterste dag 31-12-2029"));
        assert!(says("Peer review onderwijsregio HAK") && says("Volgende peer review Talent"), "{told:?}");
        let hak = now.rows.iter().find(|row| row.review.name == "Peer review onderwijsregio HAK").unwrap().review.receiver;
        let Receiver::Region(region) = hak else { panic!("a region receives") };
        let coordinator = app.with_role(Role::RegionCoordinator, Scope::Region(region)).await;
        assert_eq!(remind_daily(&late).await.unwrap(), 1);
        let (to, text) = mails(&app).await.remove(0);
        assert_eq!(to, address(&app, &coordinator).await);
        assert!(text.contains("er is nog geen bezoekdag, en de peer review moet zijn gehouden, over 16 dagen (31-12-2029)"), "{text}");
    }
}
